"""Data sets from tables: a column becomes the target, an input, several inputs or row names."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from engine.arrays import Array
from engine.data.dataset import Dataset, hint, unscaled
from engine.data.reading.missing import complete
from engine.data.reading.table import Column, Table, check_usable
from engine.errors import DataError
from engine.wording import plural

Target = str | int | tuple[str | int, ...]

MAX_CATEGORIES = 50
PLAIN_LABELS = ((0.0, 1.0), (-1.0, 1.0), (0.0, 1.0, 2.0))
"""The numbers that are taken as labels of classes, unless the user decides."""


def dataset_from(
    name: str,
    table: Table,
    target: Target | None,
    source: str,
    classes: bool | None = None,
    keep_constant: bool = False,
    na: str = "drop",
) -> Dataset:
    """The data set of a table.

    ``target`` is a column's name or position, or several of them; None is the last column.
    ``classes``: whether the numbers of a target are labels of classes; None: if they are
    ``PLAIN_LABELS``. Several targets are classes only if it is True: each has 1 in the rows of its
    class, and 0 in the others. ``keep_constant``: whether constant columns are used.
    ``na``: what becomes of missing cells (see ``complete``). Columns that cannot be inputs are
    left out, with a note.
    """
    check_columns(name, table)
    targets = columns_named(name, table, -1 if target is None else target)
    check_targets(name, targets)
    keep_constant = keep_constant or len(table) == 1
    inputs_before = inputs_of(name, table, targets, keep_constant, na=na).columns
    table, targets = complete_for(table, targets, inputs_before, na)
    known = [column.name for column in inputs_before]
    selected = inputs_of(name, table, targets, keep_constant, known=known)
    inputs: list[Array] = []
    features: list[str] = []
    for column in selected.columns:
        if column.values is not None:
            inputs.append(column.values)
            features.append(column.name)
        else:
            cells = np.array(tuple(column.cells))
            inputs += [(cells == level).astype(np.float64) for level in column.levels]
            features += [f"{column.name}={level}" for level in column.levels]
    target_names = ", ".join(column.name for column in targets)
    if not inputs:
        raise DataError(
            f"{name} has no input left beside {target_names!r}: {'; '.join(selected.notes)}"
        )
    labels: tuple[str, ...] = ()
    notes = selected.notes
    if len(targets) > 1:
        Y = several_targets(name, targets, keep_constant or bool(classes))
        if classes:
            Y, labels = _indicators(name, targets, Y)
    else:
        Y, labels = targets_of(name, targets[0], classes, keep_constant)
        if labels and classes is None and targets[0].values is not None:
            numbers = ", ".join(labels[:-1]) + f" and {labels[-1]}"
            notes += (f"{target_names} is {numbers}: classes (--no-classes reads numbers)",)
    task = "regression" if not labels else "binary" if len(labels) == 2 else "classes"
    return replace(
        unscaled(name, np.column_stack(inputs), Y, tuple(features), task, source),
        target_names=labels,
        row_names=selected.row_names,
        target=target_names,
        notes=notes,
    )


def check_columns(name: str, table: Table) -> None:
    """DataError where the table has only one column."""
    if len(table.columns) < 2:
        raise DataError(
            f"{name} has one column; it needs inputs and a target, "
            "separated by commas, semicolons or tabs"
        )


def check_targets(name: str, columns: Sequence[Column]) -> None:
    """DataError where one of these columns has a fault, or nothing in it."""
    check_usable(columns)
    for column in columns:
        if column.is_empty:
            raise DataError(f"{name}: column {column.name!r} is empty; choose another one")


@dataclass(frozen=True)
class Inputs:
    """The input columns, of numbers or categories; ``notes`` say how the table and they were read,
    and which columns were left out."""

    columns: tuple[Column, ...]
    row_names: tuple[str, ...] | None
    notes: tuple[str, ...]


def inputs_of(
    name: str,
    table: Table,
    excluded: Collection[Column],
    constants: bool = False,
    wanted: Collection[str] | None = None,
    strict: bool = False,
    na: str = "drop",
    known: Collection[str] = (),
) -> Inputs:
    """The input columns of a table, except ``excluded``; constant ones only if ``constants``.

    ``wanted`` are the names of those that will be used, None: all; only they are checked. A column
    with a fault is left out, if ``strict`` it is a DataError. ``na``: what will become of missing
    cells, as in ``complete``. ``known`` columns do not name the rows: they did not before rows
    were left out.
    """
    columns: list[Column] = []
    notes = list(table.notes)
    for column in excluded:
        notes += column.notes
    row_names: tuple[str, ...] | None = None
    for column in table.columns:
        if any(column is other for other in excluded):
            continue
        is_wanted = wanted is None or column.name in wanted
        shown = f"column {column.name!r}" if column.name else "the first column"
        if not column.name or (column.name not in known and _names_rows(column, len(table))):
            if row_names is None:
                row_names = tuple(column.cells)
                notes.append(f"{shown} names the rows; it is no input")
            else:
                notes.append(f"{shown} is left out: its texts are all different")
        elif column.is_empty:
            notes.append(f"{shown} is left out: it is empty")
        elif _is_constant(column, na) and not (constants and column.values is not None):
            notes.append(f"{shown} is left out: {_why_constant(column)}")
        elif fault := _fault_of(name, column):
            if is_wanted and strict:
                raise DataError(fault)
            notes.append(f"{shown} is left out: {fault.partition(f'{column.name!r}: ')[2]}")
        else:
            columns.append(column)
            notes += column.notes if is_wanted else ()
    return Inputs(tuple(columns), row_names, tuple(dict.fromkeys(notes)))


def complete_for(
    table: Table, targets: Sequence[Column], inputs: Sequence[Column], na: str
) -> tuple[Table, tuple[Column, ...]]:
    """The table without missing cells in these columns (see ``complete``), and the targets in it,
    which are never filled in."""
    position = [next(j for j, c in enumerate(table.columns) if c is one) for one in targets]
    table = complete(table, (*targets, *inputs), na, never_filled=targets)
    return table, tuple(table.columns[j] for j in position)


def _names_rows(column: Column, n: int) -> bool:
    """Whether a column of text names the rows: no text occurs twice, and few are missing."""
    if column.values is not None or column.fault:
        return False
    missing = 0 if column.missing is None else int(column.missing.sum())
    return len(column.levels) == n - missing and 2 * missing < n


def _fault_of(name: str, column: Column) -> str:
    """Why a column cannot be an input; "" if it can."""
    if column.fault:
        return column.fault
    if column.values is None and len(column.levels) > MAX_CATEGORIES:
        return _too_many_levels(name, column)
    return ""


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


def columns_named(name: str, table: Table, wanted: Target) -> tuple[Column, ...]:
    """The columns of one or several names or positions; "o1,o2" may name two columns."""
    several = names_in(wanted, table.names) if isinstance(wanted, str) else wanted
    several = several if isinstance(several, tuple) else (several,)
    columns = tuple(column_named(name, table, one) for one in several)
    if len({id(column) for column in columns}) < len(columns):
        raise DataError(f"{name}: the targets {', '.join(map(str, several))} name a column twice")
    return columns


def names_in(text: str, known: Collection[str]) -> tuple[str, ...]:
    """The names in a list with commas, some of which may be in the names themselves."""
    parts = text.split(",")
    names: list[str] = []
    while parts:
        for length in range(len(parts), 0, -1):
            name = ",".join(parts[:length]).strip()
            if name in known or length == 1:
                break
        names.append(name)
        parts = parts[length:]
    return tuple(names)


def several_targets(name: str, columns: Sequence[Column], keep_constant: bool) -> Array:
    """Y (n, k) of several target columns, which are numbers."""
    values = []
    for column in columns:
        if column.values is None:
            raise DataError(
                f"{name}: the target {column.name!r} is text; of several targets each must be a "
                "column of numbers"
            )
        _check_varies(name, column, keep_constant)
        values.append(column.values)
    return np.column_stack(values)


def _indicators(name: str, columns: Sequence[Column], Y: Array) -> tuple[Array, tuple[str, ...]]:
    """Y (n, k) of columns that each stand for a class, and their names as labels."""
    if not (np.isin(Y, (0.0, 1.0)).all() and (Y.sum(axis=1) == 1.0).all()):
        raise DataError(
            f"{name}: several targets are classes only if each row has one 1, in the column of "
            "its class, and 0 in the others; leave them numbers (classes = false)"
        )
    labels = tuple(column.name for column in columns)
    return (Y[:, 1:] if len(labels) == 2 else Y), labels


def targets_of(
    name: str, column: Column, classes: bool | None = False, keep_constant: bool | None = None
) -> tuple[Array, tuple[str, ...]]:
    """Y (n, k) of a target column, and the labels in order; () for numbers.

    ``classes`` and ``keep_constant`` as in ``dataset_from``; None where there is no such setting.
    """
    _check_varies(name, column, keep_constant)
    if column.values is None:
        labels = tuple(sorted(column.levels))
        _check_levels(name, column)
        Y = (np.array(tuple(column.cells))[:, None] == np.array(labels)).astype(np.float64)
        return (Y[:, 1:] if len(labels) == 2 else Y), labels
    numbers = np.unique(column.values)
    if not (tuple(numbers) in PLAIN_LABELS if classes is None else classes):
        return column.values[:, None], ()
    if not 2 <= len(numbers) <= MAX_CATEGORIES:
        raise DataError(
            f"{name}: the target {column.name!r} has {plural(len(numbers), 'different number')}; "
            f"classes are 2 to {MAX_CATEGORIES}: leave it a number (classes = false)"
        )
    labels = tuple(f"{number:.17g}" for number in numbers)
    if tuple(numbers) == (-1.0, 1.0):
        return column.values[:, None], labels
    Y = (column.values[:, None] == numbers).astype(np.float64)
    return (Y[:, 1:] if len(labels) == 2 else Y), labels


def _check_varies(name: str, column: Column, keep_constant: bool | None) -> None:
    if not keep_constant and _is_constant(column):
        why = _why_constant(column).removeprefix("it ")
        hint = "choose another column (--target)"
        if keep_constant is not None:
            hint = "choose another column, or keep constant columns (keep_constant = true)"
        raise DataError(f"{name}: the target {column.name!r} {why}; {hint}")


def _is_constant(column: Column, na: str = "drop") -> bool:
    """Whether all cells that are not missing are equal; a column with a fault is not."""
    if column.fault:
        return False
    if column.values is None:
        return len(column.levels) == 1 and (column.missing is None or na != "level")
    return bool(np.nanmin(column.values) == np.nanmax(column.values))


def _why_constant(column: Column) -> str:
    """Whether a column is constant as written, or only when rounded to float64."""
    if column.values is None and column.missing is not None:
        return "it is constant, where it is not missing (--na level makes that a category)"
    if column.values is None or len({Decimal(cell) for cell in column.cells if cell}) == 1:
        return "it is constant"
    return "it is constant to the 16 digits of float64; subtract what its numbers share"


def _check_levels(name: str, column: Column) -> None:
    if len(column.levels) > MAX_CATEGORIES:
        raise DataError(_too_many_levels(name, column))


def _too_many_levels(name: str, column: Column) -> str:
    return (
        f"{name}: column {column.name!r}: it has {len(column.levels)} categories, more than "
        f"{MAX_CATEGORIES}; group them, or leave it out"
    )
