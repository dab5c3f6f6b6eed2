"""Screen Approximate: another target, width or unit, and units that are moved by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.actions.action import Action

if TYPE_CHECKING:
    from engine.training.prepare import Prepared
    from tui.base_app import BaseApp
    from tui.session.approximation.tracker import Approximation

SCREEN = ("approximate",)
NUDGE = 0.01  # of the target's interval, by which a unit is moved
SCALE = 1.25  # by which its weight is multiplied


def change(app: BaseApp, act: Callable[[Approximation, Prepared], None]) -> None:
    """Change what is built: nothing of the run."""
    session = app.session
    app.do(lambda: act(session.approximation, session.prepared))


def place_here(approximation: Approximation, prepared: Prepared) -> None:
    """Put the selected unit at the cursor."""
    target = approximation.target_now(prepared)
    if target is not None:
        approximation.place_unit(prepared, approximation.cursor_on(target))


def ask_place(app: BaseApp) -> None:
    """Ask for the place of the selected unit, and perhaps its v."""
    from tui.dialogs.base import Ask

    approximation, prepared = app.session.approximation, app.session.prepared
    place, weight = approximation.place_of(prepared)
    suggested = f"{place!r}, {weight!r}"

    def act(numbers: list[float]) -> None:
        if len(numbers) > 1 and numbers[1] != weight:
            change(app, lambda a, p: a.weight_unit(p, numbers[1]))
        else:
            change(app, lambda a, p: a.place_unit(p, numbers[0]))

    app.ask(Ask("Put the unit at", "s, or s and v", read_place, suggested), act)


def read_place(text: str) -> list[float]:
    """One number or two. ValueError otherwise."""
    from engine import EngineError
    from engine.storage.matrix_text import numbers_in

    try:
        numbers = numbers_in(text)
    except EngineError as error:
        raise ValueError(f"{error}: type one or two numbers such as 0.5, -2, or esc") from None
    if len(numbers) not in (1, 2):
        raise ValueError("type one or two numbers such as 0.5, -2, or esc")
    return numbers


def changing(act: Callable[[Approximation, Prepared], None]) -> Callable[[BaseApp], None]:
    """What a key does that changes what is built."""
    return lambda app: change(app, act)


ACTIONS: tuple[Action[BaseApp], ...] = (
    Action(
        "next_target",
        ("f",),
        "f",
        "on Approximate: the next target: the data, a formula, one that you draw",
        changing(lambda a, prepared: a.next_target()),
        "target",
        screens=SCREEN,
        name="the next target",
    ),
    Action(
        "wider",
        ("plus",),
        "+",
        "on Approximate: one unit more, of a polynomial one degree",
        changing(lambda a, prepared: a.widen(prepared, 1)),
        "width",
        screens=SCREEN,
        name="one unit more",
    ),
    Action(
        "narrower",
        ("minus",),
        "-",
        "on Approximate: one unit less, of a polynomial one degree",
        changing(lambda a, prepared: a.widen(prepared, -1)),
        "width",
        screens=SCREEN,
        name="one unit less",
    ),
    Action(
        "next_unit",
        ("i",),
        "i",
        "on Approximate: select the next unit",
        changing(lambda a, prepared: a.next_unit(prepared, 1)),
        "next unit",
        screens=SCREEN,
        name="the next unit",
    ),
    Action(
        "unit_before",
        ("I",),
        "I",
        "on Approximate: select the unit before",
        changing(lambda a, prepared: a.next_unit(prepared, -1)),
        "unit before",
        screens=SCREEN,
        name="the unit before",
    ),
    Action(
        "unit_left",
        ("left_curly_bracket",),
        "{",
        "on Approximate: move the selected unit to the left",
        changing(lambda a, prepared: a.nudge_unit(prepared, -NUDGE)),
        "move the unit",
        screens=SCREEN,
        name="move the unit to the left",
    ),
    Action(
        "unit_right",
        ("right_curly_bracket",),
        "}",
        "on Approximate: move the selected unit to the right",
        changing(lambda a, prepared: a.nudge_unit(prepared, NUDGE)),
        "move the unit",
        screens=SCREEN,
        name="move the unit to the right",
    ),
    Action(
        "unit_here",
        ("v",),
        "v",
        "on Approximate: put the selected unit at the cursor",
        changing(place_here),
        "unit here",
        screens=SCREEN,
        name="put the unit at the cursor",
    ),
    Action(
        "unit_larger",
        ("asterisk",),
        "*",
        "on Approximate: multiply v of the selected unit by 5/4",
        changing(lambda a, prepared: a.scale_unit(prepared, SCALE)),
        "larger v",
        screens=SCREEN,
        name="a larger v of the unit",
    ),
    Action(
        "unit_smaller",
        ("slash",),
        "/",
        "on Approximate: divide v of the selected unit by 5/4",
        changing(lambda a, prepared: a.scale_unit(prepared, 1.0 / SCALE)),
        "smaller v",
        screens=SCREEN,
        name="a smaller v of the unit",
    ),
    Action(
        "unit_typed",
        ("e",),
        "e",
        "on Approximate: place the selected unit, and set its v (typed)",
        ask_place,
        "type s and v",
        screens=SCREEN,
        name="s and v of the unit (typed)",
    ),
    Action(
        "steeper",
        ("w",),
        "w",
        "on Approximate: the next steepness of steps and bumps, after the steepest the flattest",
        changing(lambda a, prepared: a.next_steepness()),
        "steepness",
        screens=SCREEN,
        name="the next steepness",
    ),
    Action(
        "stacked",
        ("s",),
        "s",
        "on Approximate: the units stacked, or each alone",
        changing(lambda a, prepared: a.toggle_stacked()),
        "stack",
        screens=SCREEN,
        name="stack the units",
    ),
    Action(
        "built_anew",
        ("delete", "backspace"),
        "del",
        "on Approximate: build the curve anew, without what was moved by hand",
        changing(lambda a, prepared: a.build_anew()),
        "build anew",
        screens=SCREEN,
        name="build the curve anew",
    ),
)
