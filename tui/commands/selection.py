"""Selecting an example, a unit, or a place on a map."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from engine import EngineError
from engine.arrays import Array
from engine.wording import plural
from tui.actions.action import Action
from tui.panes.base.pane import Pane

if TYPE_CHECKING:
    from tui.base_app import BaseApp

ROUNDING = 1e-9  # of a range, by which an end as it is written may be outside
Names = tuple[str, ...]
Box = tuple[tuple[float, float], ...]


def next_example(app: BaseApp, by: int) -> None:
    """Select the example so many rows on."""
    app.do(lambda: app.session.selection.next_example(by))


def ask_example(app: BaseApp) -> None:
    """Ask for the number of an example, and select it."""
    from tui.dialogs.base import ask_number

    selection = app.session.selection
    question = ask_number("Go to example", 1, len(app.session.prepared.dataset.X))
    app.ask(question, lambda i: app.do(lambda: selection.select_example(i - 1)))


def ask_point(app: BaseApp) -> None:
    """Ask for a point of the map or the curve, and put the cursor there. The present one is
    suggested, with all its digits."""
    from tui.dialogs.base import Ask

    names, box, cursor, put = _cursor(app)
    prompt = f"{', '.join(names)} = ({', '.join(map(_range, box))})"
    suggested = ", ".join(map(repr, cursor.tolist()))
    question = Ask("Put the cursor at", prompt, partial(read_point, names, box), suggested)
    app.ask(question, lambda point: app.do(lambda: put(point)))


def _cursor(app: BaseApp) -> tuple[Names, Box, Array, Callable[[Array], None]]:
    """The axes of the screen's map or curve with their ranges, the cursor on it, and what puts
    that elsewhere."""
    session, selection = app.session, app.session.selection
    screen = app.frame_screen.NAME if app.frame_screen else ""
    if screen == "approximate":
        return session.approximation.cursor_axis(session.prepared)
    if screen != "surface":
        return selection.view.names, selection.view.box, selection.cursor, selection.move_cursor
    facts = session.frame("surface").surface
    if facts is None or facts.surface is None:
        raise EngineError((facts and facts.note) or "the surface is being computed: wait a moment")
    land = facts.surface.landscape
    box = tuple((float(axis[0]), float(axis[-1])) for axis in (land.s, land.t))
    return ("s", "t"), box, facts.cursor, session.surface.put_cursor


def read_point(names: Names, box: Box, text: str) -> Array:
    """The point (k,) that was typed. ValueError if it is none, or outside the map."""
    from engine.storage.matrix_text import numbers_in

    n, example = len(names), "0.5" if len(names) == 1 else "1.5, -2"
    try:
        point = numbers_in(text.strip("()[]"))
    except EngineError as error:
        raise ValueError(f"{error}: type {_numbers(n)} such as {example}, or esc") from None
    if len(point) != n:
        raise ValueError(
            f"{plural(len(point), 'number') if point else 'nothing'}: "
            f"type {_numbers(n)} such as {example}, or esc"
        )
    for name, value, (low, high) in zip(names, point, box, strict=True):
        margin = ROUNDING * (high - low)
        if not low - margin <= value <= high + margin:
            raise ValueError(
                f"{name} = {value:.10g} is outside: type {_range((low, high))}, or esc"
            )
    return np.array(point)


def _numbers(n: int) -> str:
    return "one number" if n == 1 else "two numbers"


def _range(ends: tuple[float, float]) -> str:
    return " to ".join(f"{end:.10g}" for end in ends)


def move(app: BaseApp, dx: int, dy: int) -> None:
    """Move the selection in the focused pane."""
    if isinstance(app.focused, Pane):
        app.focused.move(dx, dy)


ACTIONS: tuple[Action[BaseApp], ...] = (
    Action(
        "example_back",
        ("pageup",),
        "PgUp",
        "previous example",
        lambda app: next_example(app, -1),
        "example",
    ),
    Action(
        "example_on",
        ("pagedown",),
        "PgDn",
        "next example",
        lambda app: next_example(app, 1),
        "example",
    ),
    Action(
        "example_typed",
        ("g",),
        "g",
        "go to an example (typed)",
        ask_example,
    ),
    Action(
        "point_typed",
        ("at",),
        "@",
        "put the cursor of the map or the curve at a point (typed)",
        ask_point,
        "cursor to a point",
        screens=("explore", "regions", "glm", "approximate", "compare", "surface"),
        name="cursor to a point (typed)",
    ),
    Action(
        "batch",
        ("b",),
        "b",
        "batch mean or one example",
        lambda app: app.do(app.session.selection.toggle_batch_mode),
        "batch mean",
    ),
    Action(
        "up",
        ("up", "k"),
        "↑ k",
        "select upwards, cursor up",
        lambda app: move(app, 0, -1),
        "select",
        bar="↑",
        name="select up, cursor up",
    ),
    Action(
        "down",
        ("down", "j"),
        "↓ j",
        "select downwards, cursor down",
        lambda app: move(app, 0, 1),
        "select",
        bar="↓",
        name="select down, cursor down",
    ),
    Action("left", ("h",), "h", "layer or column before", lambda app: move(app, -1, 0)),
    Action("right", ("l",), "l", "layer or column after", lambda app: move(app, 1, 0)),
    Action(
        "cursor_left",
        ("left", "h"),
        "← h",
        "while a map or a plot with a cursor has the focus: its cursor left",
        lambda app: move(app, -1, 0),
        "cursor",
        bar="←",
        on_map=True,
        name="cursor left, on a map",
    ),
    Action(
        "cursor_right",
        ("right", "l"),
        "→ l",
        "while a map or a plot with a cursor has the focus: its cursor right",
        lambda app: move(app, 1, 0),
        "cursor",
        bar="→",
        on_map=True,
        name="cursor right, on a map",
    ),
    Action(
        "unit_up",
        ("up", "k"),
        "↑ k",
        "on Backprop: the component of the unit before",
        lambda app: move(app, 0, -1),
        "component",
        bar="↑",
        screens=("backprop",),
        name="the unit before",
    ),
    Action(
        "unit_down",
        ("down", "j"),
        "↓ j",
        "on Backprop: the component of the next unit",
        lambda app: move(app, 0, 1),
        "component",
        bar="↓",
        screens=("backprop",),
        name="the next unit",
    ),
    Action(
        "input_before",
        ("h",),
        "h",
        "on Backprop: of a gradient or an update, the weight of the input before",
        lambda app: move(app, -1, 0),
        "input before",
        screens=("backprop",),
        name="the input before",
    ),
    Action(
        "input_after",
        ("l",),
        "l",
        "on Backprop: of a gradient or an update, the weight of the next input, then the bias",
        lambda app: move(app, 1, 0),
        "next input",
        screens=("backprop",),
        name="the next input",
    ),
)
