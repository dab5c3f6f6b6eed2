"""A table: columns of equal length, of numbers or of text, with cells as they were written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import overload

import numpy as np

from engine.arrays import Array, Bools, Ints, read_only
from engine.errors import DataError

NO_CELLS: tuple[str, ...] = ()


class LazyCells(Sequence[str]):
    """The cells of a column of a large file, split from its text only where they are asked for.

    ``blocks`` are functions that give the cells of a part, ``starts`` the first row of each part
    and, last, the number of rows.
    """

    def __init__(self, blocks: Sequence[Callable[[], Sequence[str]]], starts: Sequence[int]):
        self._blocks, self._starts = blocks, np.asarray(starts)
        self._latest: tuple[int, Sequence[str]] = (-1, NO_CELLS)

    def __len__(self) -> int:
        return int(self._starts[-1])

    def __iter__(self) -> Iterator[str]:
        for block in self._blocks:
            yield from block()

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[str, ...]: ...

    def __getitem__(self, index: int | slice) -> str | tuple[str, ...]:
        if isinstance(index, slice):
            return tuple(self)[index]
        row = range(len(self))[index]
        block = int(np.searchsorted(self._starts, row, side="right")) - 1
        if self._latest[0] != block:
            self._latest = (block, self._blocks[block]())
        return self._latest[1][row - int(self._starts[block])]


@dataclass(frozen=True, eq=False)
class Column:
    """A column of a table.

    Attributes:
        name: Its name; "" for names of rows.
        cells: The cells (n,) as written; numbers as plain digits with a decimal point.
        values: (n,), NaN where a cell is missing; None for text.
        missing: (n,) True where a cell is missing; None if none is.
        fault: What is wrong with a cell, so that the column cannot be used; "" if nothing is.
        notes: How it was read, which is told if the column is used.
    """

    name: str
    cells: Sequence[str]
    values: Array | None
    missing: Bools | None = None
    fault: str = ""
    notes: tuple[str, ...] = ()

    @property
    def levels(self) -> tuple[str, ...]:
        """The different cells that are not missing, in order of appearance."""
        if self.missing is None:
            return tuple(dict.fromkeys(self.cells))
        return tuple(
            dict.fromkeys(c for c, none in zip(self.cells, self.missing, strict=True) if not none)
        )

    @property
    def is_empty(self) -> bool:
        """Whether every cell is missing."""
        return self.missing is not None and bool(self.missing.all())

    def rows(self, kept: Ints) -> Column:
        """The column with these rows only."""
        if isinstance(self.cells, LazyCells):
            written = tuple(self.cells)
            cells: Sequence[str] = [written[i] for i in kept.tolist()]
        else:
            cells = [self.cells[i] for i in kept.tolist()] if len(self.cells) else NO_CELLS
        missing = None if self.missing is None else self.missing[kept]
        return replace(
            self,
            cells=tuple(cells),
            values=None if self.values is None else read_only(self.values[kept]),
            missing=missing if missing is not None and missing.any() else None,
        )


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of equal length. Only the first may have an empty name.

    Attributes:
        path: The file.
        columns: In the order of the file.
        notes: How the file was read.
        digest: The SHA-256 of the file.
        lines: The lines of the file, from 1, where the rows begin.
        left_out: For each column with missing cells how many rows have been left out for it.
    """

    path: str
    columns: tuple[Column, ...]
    notes: tuple[str, ...] = ()
    digest: str = ""
    lines: Sequence[int] = ()
    left_out: dict[str, int] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    def without(self, name: str) -> tuple[Column, Table]:
        """The column of this name, and the table without it."""
        (column,) = (column for column in self.columns if column.name == name)
        return column, replace(self, columns=tuple(c for c in self.columns if c is not column))

    def __len__(self) -> int:
        """The number of data rows."""
        return len(self.columns[0].cells)


def check_usable(columns: Iterable[Column]) -> None:
    """DataError where one of the columns has a fault."""
    for column in columns:
        if column.fault:
            raise DataError(column.fault)
