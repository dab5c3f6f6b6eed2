"""Data edited by hand: examples added, deleted and moved on the map. And which are shown.

Each edit begins a new run from the present weights; the old run stays as a ghost, and undo brings
it back. A takes the last edit back in a new run too, which keeps the weights trained since.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from engine import Dataset, EngineError
from engine.arrays import Array, lengths
from engine.data.edits import Edit
from engine.training.prepare import prepare
from tui.actions.action import Action
from tui.commands.weights import finite_number
from tui.drawing.cells import unpadded
from tui.drawing.numbers import MINUS, num
from tui.model.key_hint_error import KeyHintError
from tui.model.view import View

if TYPE_CHECKING:
    from tui.base_app import BaseApp
    from tui.session.session import Session

# Distances as parts of the map's width and height, of 36 cells each
MAX_DISTANCE = 1.0 / 12.0  # of the example nearest to the cursor: three cells
AT_CURSOR = 1.0 / 72.0  # half a cell

Classes = dict[str, tuple[float, ...]]
"""The target y of each class, by the name of the class."""


def ask_example(app: BaseApp) -> None:
    """Add an example at the cursor; ask for its target, and suggest that of the nearest example."""
    _ask_target(app, app.session.selection.cursor)


def delete_nearest(app: BaseApp) -> None:
    """Delete the example nearest to the cursor."""
    row = nearest_example(app.session)
    _edit(app, [("delete", row)], row, f"example {row + 1} is deleted")


def select_nearest(app: BaseApp) -> None:
    """Select the example nearest to the cursor."""
    row = nearest_example(app.session)
    app.do(lambda: app.session.selection.select_example(row))


def move_selected(app: BaseApp) -> None:
    """Move the selected example to the cursor."""
    move_example(app, app.session.selection.example, app.session.selection.cursor)


def add_example(app: BaseApp, point: Array) -> None:
    """Add an example where the mouse is: at (x, y) of a curve's plot, or at (x₁, x₂) of a map and
    with a target that is asked for."""
    session = app.session
    if session.selection.view.flat or session.prepared.dataset.task != "regression":
        _ask_target(app, point[: len(session.selection.cursor)])
    else:
        _add(app, point[:1], (float(point[1]),))


def move_example(app: BaseApp, row: int, point: Array) -> None:
    """Move an example to a point of the view. A point (x, y) of a curve's plot changes the target
    too, if that is a number and the example is for training."""
    session = app.session
    data, table = session.prepared.dataset, _table(session)
    at, y = np.split(point, [len(session.selection.cursor)])
    x, where = _moved(session, table, row, at), f"to {_coordinates(session.selection.view, at)}"
    if y.size and data.task == "regression" and row in data.train and y[0] != data.Y[row, 0]:
        # an edit can move inputs only; an example that is added comes last
        edits: list[Edit] = [("add", x, (float(y[0]),)), ("delete", row)]
        where += f", y {num(float(y[0])).strip()}; it is now the last, example {len(data.X)}"
        _edit(app, edits, len(data.X) - 1, f"example {row + 1} is moved {where}")
        return
    where += _hidden_inputs(data, session.selection.view, "keep their values")
    _edit(app, [("move", row, x)], row, f"example {row + 1} is moved {where}")


def take_back(app: BaseApp) -> None:
    """Take the last edit of the data back."""
    session = app.session
    edits = session.experiment.edits
    if not edits:
        raise KeyHintError("no edit of the data to undo: {add_example} adds an example")
    _begin(app, edits[:-1], session.selection.example)
    remaining = len(edits) - 1
    text = f"undone: the last {edits[-1][0]}, {remaining} left"
    app.tell(f"{text}: a new run from these weights", text)


def nearest_example(session: Session) -> int:
    """The example nearest to the cursor on the map, or the selected one if it lies at the cursor.

    Over one input only x counts, since the cursor has no y. EngineError if no example is near.
    """
    selection, data = session.selection, session.prepared.dataset
    low, high = np.array(selection.view.box).T
    offsets = np.abs(selection.view.coordinates(data.columns) - selection.cursor) / (high - low)
    if offsets[selection.example].max() <= AT_CURSOR:
        return selection.example
    if not session.preferences.shows_test:
        offsets[data.test] = np.inf
    row = int(lengths(offsets).argmin())
    if offsets[row].max() > MAX_DISTANCE:
        raise KeyHintError(
            "no example is near the cursor: "
            "{left} {down} {up} {right} or a click move it in the output"
        )
    return row


def classes_of(data: Dataset) -> Classes:
    """All classes, also those without an example."""
    rows, names = data.classes, data.target_names
    if data.Y.shape[1] > 1:
        numbers = [int(row.argmax()) for row in rows]
        return {
            names[i] if names else str(i + 1): tuple(row.tolist())
            for i, row in zip(numbers, rows, strict=True)
        }
    values = rows[:, 0].tolist()
    if names:
        return {names[int(value)]: (value,) for value in values}
    return {f"{value:+g}" if data.levels[0] < 0.0 else f"{value:g}": (value,) for value in values}


def read_target(data: Dataset, text: str) -> tuple[float, ...]:
    """The target that was typed: a number, or the name of a class; + and − are short for ±1.

    ValueError if it is none.
    """
    if data.task == "regression":
        return (finite_number(text),)
    classes, ascii_text = classes_of(data), text.replace(MINUS, "-")
    typed = {unpadded(name): target for name, target in classes.items()}
    for name in (text, ascii_text, f"+{ascii_text}", f"{ascii_text}1"):
        if name in typed:
            return typed[name]
    raise ValueError(f"{text or 'nothing'}: type one of {', '.join(classes)}, or esc")


def _ask_target(app: BaseApp, point: Array) -> None:
    from tui.dialogs.base import Ask

    session, view = app.session, app.session.selection.view
    data = _table(session)
    offsets = view.coordinates(session.prepared.dataset.columns) - point
    low, high = np.array(view.box).T
    nearest_y = data.Y[lengths(offsets / (high - low)).argmin()]
    if data.task == "regression":
        what, suggested = "its y", f"{nearest_y[0]:.4g}"
    else:
        classes = classes_of(data)
        what = f"its class ({', '.join(classes)})"
        suggested = next(name for name, y in classes.items() if np.array_equal(y, nearest_y))
    hidden = _hidden_inputs(data, view, f"at the mean{'' if view.axes else ' plane'}")
    prompt = f"at {_coordinates(view, point)}{hidden}; {what}"
    question = Ask("A new example", prompt, lambda text: read_target(data, text), suggested)
    app.ask(question, lambda y: _add(app, point, y))


def _add(app: BaseApp, point: Array, y: tuple[float, ...]) -> None:
    session, view = app.session, app.session.selection.view
    data, columns = _table(session), session.prepared.dataset.column_names
    x = data.X[data.train].mean(axis=0)  # for columns that no feature is made of
    x[[data.feature_names.index(name) for name in columns]] = view.inputs(point[None])[0]
    row = len(data.X)
    message = f"example {row + 1} is added at {_coordinates(view, point)}"
    _edit(app, [("add", tuple(x.tolist()), y)], row, message)


def _moved(session: Session, table: Dataset, row: int, point: Array) -> tuple[float, ...]:
    """The inputs of an example, as columns of the table, once it is moved to a point of the view.

    Its distance from the view stays.
    """
    view, names = session.selection.view, session.prepared.dataset.column_names
    x = session.prepared.dataset.columns[row].copy()
    if view.axes:
        x[list(view.axes)] = point
    else:
        x += (point - view.coordinates(x[None])[0]) @ view.directions
    moved = table.X[row].copy()
    moved[[table.feature_names.index(name) for name in names]] = x
    return tuple(moved.tolist())


def _table(session: Session) -> Dataset:
    """The data with their edits, before features are made: edits apply to these columns."""
    experiment = replace(session.experiment, features=None, weights=None, biases=None)
    experiment = replace(experiment, hidden=(), activation="relu", skips=(), frozen=())
    experiment = replace(experiment, convolutions=())
    data = prepare(experiment, session.prepared.data_for(experiment)).dataset
    return session.runs.spell(data)


def _edit(app: BaseApp, edits: Sequence[Edit], row: int, message: str) -> None:
    """Begin a run on the data with these edits added, and select a row."""
    _begin(app, (*app.session.experiment.edits, *edits), row)
    hint = f"{app.shown_keys['undo']} undoes it"
    app.tell(
        f"{message}: a new run from these weights ({hint})",
        f"{message}: a new run ({hint})",
        f"{message} ({hint})",
        message,
    )


def _begin(app: BaseApp, edits: tuple[Edit, ...], row: int) -> None:
    """Begin a run on the data with these edits, and select a row, if need be the last one."""
    session = app.session

    def begin() -> None:
        session.begin_from(session.trainer.network, edits=edits)
        session.selection.select_example(min(row, len(session.prepared.dataset.X) - 1))

    app.do(begin, pause=True)


def _coordinates(view: View, point: Array) -> str:
    """``x₁ +1.500, x₂ −2.250``"""
    return ", ".join(
        f"{name} {num(float(value)).strip()}" for name, value in zip(view.names, point, strict=True)
    )


def _hidden_inputs(data: Dataset, view: View, where: str) -> str:
    """Says where the inputs are that the view does not show; "" if it shows all."""
    return f" (the other inputs {where})" if len(data.column_names) > len(view.box) else ""


def toggle_test(app: BaseApp) -> None:
    """Show or hide the test examples; EngineError if there are none."""
    if not len(app.session.prepared.dataset.test):
        raise EngineError("there are no test examples: train on fewer (o, settings)")
    app.preferences.shows_test = not app.preferences.shows_test
    app.show()


def toggle_discretise(app: BaseApp) -> None:
    """Show only the decision, or shades again; EngineError on a curve."""
    if not app.session.selection.view.flat:
        raise EngineError("discretise needs two inputs: a curve has no shades")
    app.preferences.discretised = not app.preferences.discretised
    app.show()


ACTIONS: tuple[Action[BaseApp], ...] = (
    Action(
        "add_example",
        ("a",),
        "a",
        "on Explore: add an example at the cursor, its target typed, in a new run",
        ask_example,
        "add an example",
        screens=("explore",),
        name="add an example",
    ),
    Action(
        "delete_example",
        ("delete", "backspace"),
        "del",
        "delete the example nearest to the cursor, in a new run",
        delete_nearest,
        "delete an example",
        screens=("explore",),
        name="delete an example",
    ),
    Action(
        "pick_example",
        ("V",),
        "V",
        "select the example nearest to the cursor",
        select_nearest,
        "select an example",
        screens=("explore",),
        name="the example at the cursor",
    ),
    Action(
        "move_example",
        ("v",),
        "v",
        "move the selected example to the cursor, in a new run",
        move_selected,
        "move an example",
        screens=("explore",),
        name="move the example",
    ),
    Action(
        "edit_back",
        ("A",),
        "A",
        "undo the last edit of the data, in a new run",
        take_back,
        "undo a data edit",
        screens=("explore",),
        name="undo a data edit",
    ),
    Action(
        "test_data",
        ("H",),
        "H",
        "hide or show the test examples",
        toggle_test,
        name="show or hide test examples",
    ),
    Action(
        "discretise",
        ("d",),
        "d",
        "on Explore: show the predicted class without shades, or shades again",
        toggle_discretise,
        "classes without shades",
        screens=("explore",),
        name="classes without shades",
    ),
)
