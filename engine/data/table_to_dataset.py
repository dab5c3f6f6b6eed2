"""Data sets from tables: a column becomes the target, an input, several inputs or row names."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from engine.arrays import Array
from engine.data.csv_reader import Column, Table
from engine.data.dataset import Dataset, hint, unscaled
from engine.errors import DataError

MAX_CATEGORIES = 50


def dataset_from(name: str, table: Table, target: str | int | None, source: str) -> Dataset:
    """The data set of a table; ``target`` is a column name or position, None the last column."""
    check_columns(name, table)
    target_column = column_named(name, table, -1 if target is None else target)
    selected = inputs_of(name, table, (target_column,))
    inputs: list[Array] = []
    features: list[str] = []
    for column in selected.columns:
        if column.values is not None:
            inputs.append(column.values)
            features.append(column.name)
        else:
            cells = np.array(column.cells)
            inputs += [(cells == level).astype(np.float64) for level in column.levels]
            features += [f"{column.name}={level}" for level in column.levels]
    if not inputs:
        raise DataError(
            f"{name} has no input left beside {target_column.name!r}: {'; '.join(selected.notes)}"
        )
    Y, labels = targets_of(name, target_column)
    task = "regression" if not labels else "binary" if len(labels) == 2 else "classes"
    return replace(
        unscaled(name, np.column_stack(inputs), Y, tuple(features), task, source),
        target_names=labels,
        row_names=selected.row_names,
        target=target_column.name,
        notes=selected.notes,
    )


def check_columns(name: str, table: Table) -> None:
    """DataError where the table has only one column."""
    if len(table.columns) < 2:
        raise DataError(
            f"{name} has one column; it needs inputs and a target, "
            "separated by commas, semicolons or tabs"
        )


@dataclass(frozen=True)
class Inputs:
    """The input columns, of numbers or categories; ``notes`` say which columns were left out."""

    columns: tuple[Column, ...]
    row_names: tuple[str, ...] | None
    notes: tuple[str, ...]


def inputs_of(
    name: str, table: Table, excluded: Collection[Column], constants: bool = False
) -> Inputs:
    """The input columns of a table, except ``excluded``; constant ones only if ``constants``."""
    columns: list[Column] = []
    notes = list(table.notes)
    row_names: tuple[str, ...] | None = None
    for column in table.columns:
        if any(column is other for other in excluded):
            continue
        if not column.name or (column.values is None and len(column.levels) == len(table)):
            shown = f"column {column.name!r}" if column.name else "the first column"
            if row_names is None:
                row_names = column.cells
                notes.append(f"{shown} names the rows; it is no input")
            else:
                notes.append(f"{shown} is left out: its texts are all different")
        elif _is_constant(column) and not (constants and column.values is not None):
            notes.append(f"column {column.name!r} is left out: {_why_constant(column)}")
        else:
            if column.values is None:
                _check_levels(name, column)
            columns.append(column)
    return Inputs(tuple(columns), row_names, tuple(notes))


def column_named(name: str, table: Table, wanted: str | int, use: str = "a target") -> Column:
    """The column of a name, or of a position: from 1, or from −1 at the end."""
    columns = table.names
    if wanted in columns:
        return table.columns[columns.index(str(wanted))]
    try:
        number = int(wanted)
    except ValueError:
        number = 0
    if not 1 <= abs(number) <= len(columns):
        raise DataError(f"{name} has no column {wanted!r} for {use}; {hint(wanted, columns)}")
    return table.columns[number - 1 if number > 0 else number]


def targets_of(name: str, column: Column) -> tuple[Array, tuple[str, ...]]:
    """Y (n, k) of a target column, and the class labels in alphabetical order; () for numbers."""
    if _is_constant(column):
        why = _why_constant(column).removeprefix("it ")
        raise DataError(f"{name}: the target {column.name!r} {why}; choose another column")
    if column.values is not None:
        return column.values[:, None], ()
    labels = tuple(sorted(column.levels))
    _check_levels(name, column)
    Y = (np.array(column.cells)[:, None] == np.array(labels)).astype(np.float64)
    return (Y[:, 1:] if len(labels) == 2 else Y), labels


def _is_constant(column: Column) -> bool:
    cells = column.cells if column.values is None else column.values.tolist()
    return len(set(cells)) == 1


def _why_constant(column: Column) -> str:
    """Whether a column is constant as written, or only when rounded to float64."""
    if column.values is None or len({Decimal(cell) for cell in column.cells}) == 1:
        return "it is constant"
    return "it is constant to the 16 digits of float64; subtract what its numbers share"


def _check_levels(name: str, column: Column) -> None:
    levels = len(column.levels)
    if levels > MAX_CATEGORIES:
        raise DataError(
            f"{name}: column {column.name!r} has {levels} categories, more than "
            f"{MAX_CATEGORIES}; group them, or delete the column"
        )
