"""Rows with missing cells: left out, refused or filled in."""

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from engine.arrays import Bools, read_only
from engine.data.reading.options import na_named
from engine.data.reading.table import Column, Table, check_usable
from engine.errors import DataError
from engine.wording import count, plural

NA_LEVEL = "NA"
LISTED = 4  # columns that a note names


def complete(
    table: Table, used: Sequence[Column], na: str = "drop", never_filled: Collection[Column] = ()
) -> Table:
    """The table without missing cells in the columns that are used.

    Arguments:
        table: A table.
        used: Those of its columns whose cells must be there.
        na: "drop" leaves out rows with missing cells; "error" refuses them; "level" makes them a
            category of their own, "NA", in columns of text; "mean" puts the mean of the others in
            columns of numbers. Rows that are still not complete are left out.
        never_filled: Used columns, such as the target, that are not filled in.

    Returns:
        The table, with notes, and in ``left_out`` how many rows each column made it leave out.

    Raises:
        DataError: Where a used column has a fault, where no row is left, and for "error".

    Example:
        >>> import numpy as np
        >>> from engine.data.reading.missing import complete
        >>> from engine.data.reading.table import Column, Table, check_usable
        >>> missing = np.array([False, True])
        >>> column = Column("x", ("1", ""), np.array([1.0, np.nan]), missing)
        >>> left = complete(Table("d.csv", (column,)), [column])
        >>> len(left), left.left_out, left.notes
        (1, {'x': 1}, ('1 of 2 rows left out: x 1',))
    """
    na_named(na)
    check_usable(used)
    with_missing = [column for column in used if column.missing is not None]
    if not with_missing:
        return table
    if na == "error":
        raise DataError(_refusal(table, with_missing[0]))
    filled, notes = _filled(with_missing, na, never_filled)
    columns = tuple(filled.get(id(column), column) for column in table.columns)
    left = [column for column in with_missing if id(column) not in filled]
    incomplete = np.zeros(len(table), dtype=np.bool_)
    for column in left:
        incomplete |= _missing(column)
    n = len(table)
    if incomplete.all():
        raise DataError(
            f"{table.path} has no complete row: missing in {_by_column(left)}; "
            "use fewer columns, or fill them in"
        )
    table = replace(table, columns=columns, notes=(*table.notes, *notes))
    if not left:
        return table
    kept = np.flatnonzero(~incomplete)
    note = f"{count(n - len(kept))} of {plural(n, 'row')} left out: {_by_column(left)}"
    return replace(
        table,
        columns=tuple(column.rows(kept) for column in columns),
        notes=(*table.notes, note),
        lines=[table.lines[i] for i in kept.tolist()] if len(table.lines) else (),
        left_out=table.left_out | {c.name: int(_missing(c).sum()) for c in left},
    )


def _missing(column: Column) -> Bools:
    assert column.missing is not None
    return column.missing


def _by_column(columns: Sequence[Column]) -> str:
    counts = [f"{column.name} {count(int(_missing(column).sum()))}" for column in columns]
    more = len(counts) - LISTED
    return ", ".join(counts[:LISTED]) + (f" and {plural(more, 'column')} more" if more > 0 else "")


def _filled(
    columns: Sequence[Column], na: str, never_filled: Collection[Column]
) -> tuple[dict[int, Column], tuple[str, ...]]:
    """The columns that are filled in, by the identity of the old ones, and notes."""
    filled: dict[int, Column] = {}
    notes = []
    for column in columns:
        missing = _missing(column)
        if column in never_filled or missing.all():
            continue
        cells = column.cells
        if na == "level" and column.values is None:
            fill, values = NA_LEVEL, None
            what = f"{NA_LEVEL!r} is a category"
        elif na == "mean" and column.values is not None:
            values = column.values.copy()
            values[missing] = values[~missing].mean()
            fill, values = repr(float(values[missing][0])), read_only(values)
            what = f"the mean, {float(fill):.6g}, is put in"
        else:
            continue
        cells = tuple(fill if none else c for c, none in zip(cells, missing, strict=True))
        filled[id(column)] = replace(column, cells=cells, values=values, missing=None)
        cells_filled = plural(int(missing.sum()), "missing cell")
        notes.append(f"column {column.name!r}: {what} for {cells_filled}")
    return filled, tuple(notes)


def _refusal(table: Table, column: Column) -> str:
    rows = np.flatnonzero(_missing(column))
    line = table.lines[int(rows[0])] if len(table.lines) else int(rows[0]) + 1
    more = len(rows) - 1
    message = f"{table.path}, row {line}, column {column.name!r}: a cell is missing; "
    message += "fill it in, or leave such rows out (--na drop)"
    return message + (f" ({more} more like it in this column)" if more else "")
