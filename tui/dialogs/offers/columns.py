"""Rows under headings, in columns of nearly the same height."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

Row = TypeVar("Row")
Rows = list[Row | str | None]
"""Rows, headings, and None for a blank row."""


def with_headings(rows: Iterable[Row], headings: Iterable[str]) -> Rows[Row]:
    """The rows with their headings, a blank row above each."""
    result: Rows[Row] = []
    last = ""
    for row, heading in zip(rows, headings, strict=True):
        if heading != last:
            result += [None, heading] if result else [heading]
        result.append(row)
        last = heading
    return result


def in_columns(rows: Sequence[Row | str | None], height: int, most: int) -> list[Rows[Row]]:
    """The rows in as few columns, at most so many, as are needed to have them all in so many rows;
    if that is too few, in ``most`` columns that are as short as possible."""
    for count in range(1, most + 1):
        columns = _shortest(rows, count)
        if len(columns[0]) <= height and max(map(len, columns)) <= height:
            break
    return columns


def _shortest(rows: Sequence[Row | str | None], count: int) -> list[Rows[Row]]:
    tall = max(1, -(-len(rows) // count))
    while len(columns := _filled(rows, tall)) > count:
        tall += 1
    return columns


def _filled(rows: Sequence[Row | str | None], tall: int) -> list[Rows[Row]]:
    """Columns of at most so many rows; none begins with a blank row or ends with a heading."""
    columns: list[Rows[Row]] = [[]]
    for row in rows:
        column = columns[-1]
        if len(column) >= max(tall, 2):
            if isinstance(column[-1], str):
                columns.append([column.pop()])
            else:
                columns.append([])
            column = columns[-1]
        if row is not None or column:
            column.append(row)
    return columns
