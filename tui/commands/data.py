"""Data by hand: examples added, deleted and moved on the map, each in a new run from the present
weights. The run before stays as a ghost; A takes the last edit back in the same way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from engine import Dataset
from engine.arrays import Array, lengths
from engine.data.edits import Edit
from engine.training.prepare import prepare
from tui.commands.weights import finite_number
from tui.dialogs.base import Ask
from tui.drawing.numbers import MINUS, num
from tui.model.refusal import Refusal
from tui.model.view import View

if TYPE_CHECKING:
    from tui.base_app import BaseApp
    from tui.session.session import Session

REACH = 1.0 / 12.0  # of the map's width and height: three cells of 36, how far the nearest may be
AT_CURSOR = 1.0 / 72.0  # likewise: half a cell of 36

Classes = dict[str, tuple[float, ...]]
"""The targets y of the classes that there are, by what they are called."""


def ask_example(app: BaseApp) -> None:
    """Add an example at the cursor: ask for its target, and suggest that of the nearest."""
    _ask_target(app, app.session.selection.cursor)


def delete_nearest(app: BaseApp) -> None:
    """Delete the example nearest to the cursor."""
    row = nearest(app.session)
    _edit(app, [("delete", row)], row, f"example {row + 1} is deleted")


def select_nearest(app: BaseApp) -> None:
    """Select the example nearest to the cursor."""
    row = nearest(app.session)
    app.do(lambda: app.session.selection.select_example(row))


def move_selected(app: BaseApp) -> None:
    """Move the selected example to the cursor."""
    move(app, app.session.selection.example, app.session.selection.cursor)


def place(app: BaseApp, point: Array) -> None:
    """Add an example where the mouse is: (x, y) of a curve's plot, (x₁, x₂) of a map, where its
    target is asked for."""
    session = app.session
    if session.selection.view.flat or session.prepared.dataset.task != "regression":
        _ask_target(app, point[: len(session.selection.cursor)])
    else:
        _add(app, point[:1], (float(point[1]),))


def move(app: BaseApp, row: int, point: Array) -> None:
    """Move an example to a point of the view; with (x, y) of a curve's plot also its target,
    where it is a number and the example is for training."""
    session = app.session
    data, table = session.prepared.dataset, _table(session)
    at, y = np.split(point, [len(session.selection.cursor)])
    x, says = _moved(session, table, row, at), f"to {_said(session.selection.view, at)}"
    if y.size and data.task == "regression" and row in data.train and y[0] != data.Y[row, 0]:
        # only inputs can be moved, and what is added comes last
        edits: list[Edit] = [("add", x, (float(y[0]),)), ("delete", row)]
        says += f", y {num(float(y[0])).strip()}; it is now the last, example {len(data.X)}"
        _edit(app, edits, len(data.X) - 1, f"example {row + 1} is moved {says}")
        return
    says += _others(data, session.selection.view, "keep their values")
    _edit(app, [("move", row, x)], row, f"example {row + 1} is moved {says}")


def take_back(app: BaseApp) -> None:
    """Take the last edit of the data back, in a new run from the present weights."""
    session = app.session
    edits = session.experiment.edits
    if not edits:
        raise Refusal(
            "no edit of the data to take back: "
            "{add_example} adds an example, {move_example} moves one"
        )
    _begin(app, edits[:-1], session.selection.example)
    left = len(edits) - 1
    app.tell(f"taken back: the last {edits[-1][0]}, {left} left: a new run from these weights")


def nearest(session: Session) -> int:
    """The example nearest to the cursor on the map, or the selected one if it lies at the cursor;
    EngineError where none is near. Over one input only x counts: the cursor has no y."""
    low, high = np.array(session.selection.view.box).T
    data = session.prepared.dataset
    away = np.abs(session.selection.view.coordinates(data.columns) - session.selection.cursor) / (
        high - low
    )
    if away[session.selection.example].max() <= AT_CURSOR:
        return session.selection.example
    if not session.preferences.shows_test:
        away[data.test] = np.inf
    row = int(lengths(away).argmin())
    if away[row].max() > REACH:
        raise Refusal(
            "no example is near the cursor: "
            "{left} {down} {up} {right} or a click move it in the output"
        )
    return row


def classes_of(data: Dataset) -> Classes:
    """All classes, also those of which no example is left."""
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
    """The target that a text means: a number, or a class, of which + and − are enough of ±1;
    ValueError where it is none."""
    if data.task == "regression":
        return (finite_number(text),)
    classes, typed = classes_of(data), text.replace(MINUS, "-")
    for meant in (text, typed, f"+{typed}", f"{typed}1"):
        if meant in classes:
            return classes[meant]
    raise ValueError(f"{text or 'nothing'}: type one of {', '.join(classes)}, or esc")


def _ask_target(app: BaseApp, point: Array) -> None:
    session, view = app.session, app.session.selection.view
    data = _table(session)
    away = view.coordinates(session.prepared.dataset.columns) - point
    low, high = np.array(view.box).T
    near = data.Y[lengths(away / (high - low)).argmin()]
    if data.task == "regression":
        what, suggested = "its y", f"{near[0]:.4g}"
    else:
        classes = classes_of(data)
        what = f"its class ({', '.join(classes)})"
        suggested = next(name for name, y in classes.items() if np.array_equal(y, near))
    held = _others(data, view, f"at the mean{'' if view.axes else ' plane'}")
    prompt = app.look.glyphs.text(f"A new example at {_said(view, point)}{held}; {what}")

    def answered(y: tuple[float, ...] | None) -> None:
        if y is not None:
            app.attempt(lambda: _add(app, point, y))

    app.push_screen(Ask(prompt, lambda text: read_target(data, text), suggested), answered)


def _add(app: BaseApp, point: Array, y: tuple[float, ...]) -> None:
    session, view = app.session, app.session.selection.view
    data, columns = _table(session), session.prepared.dataset.column_names
    x = data.X[data.train].mean(axis=0)  # of columns that the features leave out
    x[[data.feature_names.index(name) for name in columns]] = view.inputs(point[None])[0]
    row = len(data.X)
    says = f"example {row + 1} is added at {_said(view, point)}"
    _edit(app, [("add", tuple(x.tolist()), y)], row, says)


def _moved(session: Session, table: Dataset, row: int, point: Array) -> tuple[float, ...]:
    """An example's inputs in the table's columns when it lies there on the view; what lies off
    the view stays."""
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
    """The data with their edits, before features are chosen or made of their columns: that is
    what edits are of."""
    experiment = replace(session.experiment, features=None, weights=None, biases=None)
    experiment = replace(experiment, hidden=(), activation="relu", skips=(), frozen=())
    return prepare(experiment, session.prepared.data_for(experiment)).dataset


def _edit(app: BaseApp, edits: Sequence[Edit], row: int, says: str) -> None:
    """Begin a run on the data with these edits too, and select a row."""
    _begin(app, (*app.session.experiment.edits, *edits), row)
    keys, times = app.shown_keys, "" if len(edits) == 1 else f", {len(edits)} times,"
    back = f"{keys['edit_back']}{times} takes it back, {keys['undo']} only undoes events"
    app.tell(f"{says}: a new run from these weights ({back})")


def _begin(app: BaseApp, edits: tuple[Edit, ...], row: int) -> None:
    """Begin a run on the data so edited, and select a row, or the last if there are fewer now."""
    session = app.session

    def begin() -> None:
        session.begin_from(session.trainer.network, edits=edits)
        session.selection.select_example(min(row, len(session.prepared.dataset.X) - 1))

    app.do(begin, pause=True)


def _said(view: View, point: Array) -> str:
    """``x₁ +1.500, x₂ −2.250``"""
    return ", ".join(
        f"{name} {num(float(value)).strip()}" for name, value in zip(view.names, point, strict=True)
    )


def _others(data: Dataset, view: View, how: str) -> str:
    """What becomes of the inputs that the view does not show; "" where it shows all."""
    return f" (the other inputs {how})" if len(data.column_names) > len(view.box) else ""
