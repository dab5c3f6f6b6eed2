"""Edits of a data set by hand: examples added, moved and deleted."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from engine.arrays import Array, read_only
from engine.data.dataset import Dataset
from engine.errors import DataError
from engine.wording import plural

Edit = tuple[Any, ...]
"""("add", x, y), ("move", row, x) or ("delete", row). x and y are tuples of numbers in the data's
own units; rows count from 0, in the data as the edits before have changed them."""

FORMS = '["add", [x, …], [y, …]], ["move", row, [x, …]] or ["delete", row]'


def edited(data: Dataset, edits: Sequence[Edit]) -> Dataset:
    """The data after these edits, in order. DataError where one does not fit.

    Added examples are for training. The scales do not change, so that the network's inputs for
    all other examples stay the same.
    """
    if edits and data.groups is not None:
        raise DataError(f"the examples of {data.name} are trials of a group: none can be edited")
    for edit in edits:
        match edit:
            case ("add", tuple(x), tuple(y)):
                data = _with_example(
                    data,
                    _checked_numbers(data, "x", x, data.X),
                    _checked_numbers(data, "y", y, data.Y),
                )
            case ("move", int(row), tuple(x)):
                X = data.X.copy()
                X[_checked_row(data, row)] = _checked_numbers(data, "x", x, data.X)
                data = replace(data, X=read_only(X))
            case ("delete", int(row)):
                data = _without_example(data, _checked_row(data, row))
            case _:
                raise DataError(f"edits: {list(edit)} is none of {FORMS}")
    return data


def _with_example(data: Dataset, x: Array, y: Array) -> Dataset:
    n = len(data.X)
    return replace(
        data,
        X=read_only(np.vstack([data.X, x])),
        Y=read_only(np.vstack([data.Y, y])),
        train=read_only(np.append(data.train, n)),
        row_names=None if data.row_names is None else (*data.row_names, f"added {n + 1}"),
    )


def _without_example(data: Dataset, row: int) -> Dataset:
    train, test = (rows[rows != row] for rows in (data.train, data.test))
    if not len(train):
        raise DataError(f"example {row + 1} is the last to train on: it cannot be deleted")
    names = data.row_names
    return replace(
        data,
        X=read_only(np.delete(data.X, row, axis=0)),
        Y=read_only(np.delete(data.Y, row, axis=0)),
        train=read_only(train - (train > row)),
        test=read_only(test - (test > row)),
        row_names=None if names is None else (*names[:row], *names[row + 1 :]),
    )


def _checked_row(data: Dataset, row: int) -> int:
    n = len(data.X)
    if not 0 <= row < n:
        raise DataError(f"edits: there is no example {row + 1}; there are {n}")
    return row


def _checked_numbers(data: Dataset, name: str, values: tuple[float, ...], existing: Array) -> Array:
    """The numbers of an edit as an array; DataError where they do not fit the existing rows."""
    if any(isinstance(value, tuple) for value in values):
        raise DataError(f"edits: {name} = {list(values)} is no list of numbers")
    if len(values) != existing.shape[1]:
        raise DataError(
            f"edits: {name} has {plural(len(values), 'number')}; "
            f"in {data.name} it has {existing.shape[1]}"
        )
    if name == "y" and data.task != "regression" and list(values) not in data.classes.tolist():
        raise DataError(f"edits: y = {list(values)} is none of the classes of {data.name}")
    return np.array(values, dtype=np.float64)
