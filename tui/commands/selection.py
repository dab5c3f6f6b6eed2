"""Selecting an example, a unit, or a place on a map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.actions.action import Action
from tui.panes.base.pane import Pane

if TYPE_CHECKING:
    from tui.base_app import BaseApp


def next_example(app: BaseApp, by: int) -> None:
    """Select the example so many rows on."""
    app.do(lambda: app.session.selection.next_example(by))


def ask_example(app: BaseApp) -> None:
    """Ask for the number of an example, and select it."""
    from tui.dialogs.base import ask_number

    selection = app.session.selection
    question = ask_number("Go to example", 1, len(app.session.prepared.dataset.X))
    app.ask(question, lambda i: app.do(lambda: selection.select_example(i - 1)))


def move(app: BaseApp, dx: int, dy: int) -> None:
    """Move the selection in the focused pane."""
    if isinstance(app.focused, Pane):
        app.focused.move(dx, dy)


ACTIONS: tuple[Action[BaseApp], ...] = (
    Action(
        "example_back",
        ("comma",),
        ",",
        "previous example",
        lambda app: next_example(app, -1),
    ),
    Action(
        "example_on",
        ("full_stop",),
        ".",
        "next example",
        lambda app: next_example(app, 1),
        "example",
        bar=", .",
    ),
    Action(
        "example_typed",
        ("g",),
        "g",
        "go to an example (typed)",
        ask_example,
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
        "region",
        bar="↑↓",
    ),
    Action(
        "down", ("down", "j"), "↓ j", "select downwards, cursor down", lambda app: move(app, 0, 1)
    ),
    Action("left", ("h",), "h", "layer before, cursor left", lambda app: move(app, -1, 0)),
    Action("right", ("l",), "l", "layer after, cursor right", lambda app: move(app, 1, 0)),
    Action(
        "unit_up",
        ("up", "k"),
        "↑ k",
        "on Backprop: the component of the unit before",
        lambda app: move(app, 0, -1),
        "component",
        bar="↑↓",
        screens=("backprop",),
    ),
    Action(
        "unit_down",
        ("down", "j"),
        "↓ j",
        "on Backprop: the component of the next unit",
        lambda app: move(app, 0, 1),
        screens=("backprop",),
    ),
    Action(
        "input_before",
        ("h",),
        "h",
        "on Backprop: of a gradient or an update, the weight of the input before",
        lambda app: move(app, -1, 0),
        screens=("backprop",),
    ),
    Action(
        "input_after",
        ("l",),
        "l",
        "on Backprop: of a gradient or an update, the weight of the next input, then the bias",
        lambda app: move(app, 1, 0),
        screens=("backprop",),
    ),
)
