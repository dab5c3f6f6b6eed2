"""From a table to a data set: a column becomes inputs, the target, row names, or is left out."""

from dataclasses import replace

import numpy as np

from engine.activations import Array
from engine.dataset import Dataset, hint, unscaled
from engine.errors import DataError
from engine.table import Column, Table

MOST_CATEGORIES = 50


def dataset_from(name: str, table: Table, target: str | int | None, source: str) -> Dataset:
    """The data set a table holds, the target by name or position (None: the last column)."""
    if len(table.columns) < 2:
        raise DataError(
            f"{name} has one column; it needs inputs and a target, "
            "separated by commas, semicolons or tabs"
        )
    goal = table.columns[_position(name, table.names, target)]
    inputs: list[Array] = []
    features: list[str] = []
    notes: list[str] = []
    row_names: tuple[str, ...] | None = None
    for column in table.columns:
        levels = dict.fromkeys(column.cells)
        if column is goal:
            continue
        if not column.name or (column.values is None and len(levels) == len(table)):
            shown = f"column {column.name!r}" if column.name else "the first column"
            if row_names is None:
                row_names = column.cells
                notes.append(f"{shown} names the rows; it is no input")
            else:
                notes.append(f"{shown} is left out: its texts are all different")
        elif _is_constant(column):
            notes.append(f"column {column.name!r} is left out: it is constant")
        elif column.values is not None:
            inputs.append(column.values)
            features.append(column.name)
        else:
            _check_levels(name, column, len(levels))
            cells = np.array(column.cells)
            inputs += [(cells == level).astype(np.float64) for level in levels]
            features += [f"{column.name}={level}" for level in levels]
    if not inputs:
        raise DataError(f"{name} has no input left beside {goal.name!r}: {'; '.join(notes)}")
    Y, labels = _targets(name, goal)
    task = "regression" if not labels else "binary" if len(labels) == 2 else "classes"
    return replace(
        unscaled(name, np.column_stack(inputs), Y, tuple(features), task, source),
        target_names=labels,
        row_names=row_names,
        target=goal.name,
        notes=tuple(notes),
    )


def _position(name: str, columns: tuple[str, ...], target: str | int | None) -> int:
    """Where the target is in the table, from 0."""
    if target is None:
        return len(columns) - 1
    if target in columns:
        return columns.index(str(target))
    try:
        number = int(target)
    except ValueError:
        number = 0
    if not 1 <= abs(number) <= len(columns):
        raise DataError(f"{name} has no column {target!r} for a target; {hint(target, columns)}")
    return number - 1 if number > 0 else number


def _targets(name: str, column: Column) -> tuple[Array, tuple[str, ...]]:
    """Y (n, k) and the class labels, in alphabetical order; () for numbers."""
    if _is_constant(column):
        raise DataError(f"{name}: the target {column.name!r} is constant; choose another column")
    if column.values is not None:
        return column.values[:, None], ()
    labels = tuple(sorted(set(column.cells)))
    _check_levels(name, column, len(labels))
    Y = (np.array(column.cells)[:, None] == np.array(labels)).astype(np.float64)
    return (Y[:, 1:] if len(labels) == 2 else Y), labels


def _is_constant(column: Column) -> bool:
    cells = column.cells if column.values is None else column.values.tolist()
    return len(set(cells)) == 1


def _check_levels(name: str, column: Column, levels: int) -> None:
    if levels > MOST_CATEGORIES:
        raise DataError(
            f"{name}: column {column.name!r} has {levels} categories, more than "
            f"{MOST_CATEGORIES}; group them, or delete the column"
        )
