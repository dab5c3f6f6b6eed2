"""Screen Approximate: another target, width or unit, and units that are moved by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.actions.action import Action

if TYPE_CHECKING:
    from engine.training.prepare import Prepared
    from tui.base_app import BaseApp
    from tui.session.approximation import Approximation

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


def action(
    id: str,
    keys: tuple[str, ...],
    shown: str,
    help: str,
    run: Callable[[Approximation, Prepared], None],
    brief: str,
    name: str,
) -> Action[BaseApp]:
    """An action of the screen that changes what is built."""
    return Action(
        id,
        keys,
        shown,
        help,
        lambda app: change(app, run),
        brief,
        screens=SCREEN,
        name=name,
    )


ACTIONS: tuple[Action[BaseApp], ...] = (
    action(
        "next_target",
        ("f",),
        "f",
        "on Approximate: the next target: the data, a formula, one that you draw",
        lambda a, prepared: a.next_target(),
        "target",
        "the next target",
    ),
    action(
        "wider",
        ("plus",),
        "+",
        "on Approximate: one unit more, of a polynomial one degree",
        lambda a, prepared: a.widen(prepared, 1),
        "width",
        "one unit more",
    ),
    action(
        "narrower",
        ("minus",),
        "-",
        "on Approximate: one unit less, of a polynomial one degree",
        lambda a, prepared: a.widen(prepared, -1),
        "width",
        "one unit less",
    ),
    action(
        "next_unit",
        ("i",),
        "i",
        "on Approximate: select the next unit",
        lambda a, prepared: a.next_unit(prepared, 1),
        "next unit",
        "the next unit",
    ),
    action(
        "unit_before",
        ("I",),
        "I",
        "on Approximate: select the unit before",
        lambda a, prepared: a.next_unit(prepared, -1),
        "unit before",
        "the unit before",
    ),
    action(
        "unit_left",
        ("left_curly_bracket",),
        "{",
        "on Approximate: move the selected unit to the left",
        lambda a, prepared: a.nudge_unit(prepared, -NUDGE),
        "move the unit",
        "move the unit to the left",
    ),
    action(
        "unit_right",
        ("right_curly_bracket",),
        "}",
        "on Approximate: move the selected unit to the right",
        lambda a, prepared: a.nudge_unit(prepared, NUDGE),
        "move the unit",
        "move the unit to the right",
    ),
    action(
        "unit_here",
        ("v",),
        "v",
        "on Approximate: put the selected unit at the cursor",
        place_here,
        "unit here",
        "put the unit at the cursor",
    ),
    action(
        "unit_larger",
        ("asterisk",),
        "*",
        "on Approximate: multiply v of the selected unit by 5/4",
        lambda a, prepared: a.scale_unit(prepared, SCALE),
        "larger v",
        "a larger v of the unit",
    ),
    action(
        "unit_smaller",
        ("slash",),
        "/",
        "on Approximate: divide v of the selected unit by 5/4",
        lambda a, prepared: a.scale_unit(prepared, 1.0 / SCALE),
        "smaller v",
        "a smaller v of the unit",
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
    action(
        "steeper",
        ("w",),
        "w",
        "on Approximate: the next steepness of steps and bumps, after the steepest the flattest",
        lambda a, prepared: a.next_steepness(),
        "steepness",
        "the next steepness",
    ),
    action(
        "stacked",
        ("s",),
        "s",
        "on Approximate: the units stacked, or each alone",
        lambda a, prepared: a.toggle_stacked(),
        "stack",
        "stack the units",
    ),
    action(
        "built_anew",
        ("delete", "backspace"),
        "del",
        "on Approximate: build the curve anew, without what was moved by hand",
        lambda a, prepared: a.build_anew(),
        "build anew",
        "build the curve anew",
    ),
)
