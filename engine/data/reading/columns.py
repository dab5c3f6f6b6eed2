"""Columns of cells as numbers, dates or text, with what is missing and what is wrong."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from math import isfinite

import numpy as np

from engine.arrays import read_only
from engine.data.reading import dates
from engine.data.reading.decimals import doubtful_point, guessed_decimal, is_mostly_numbers
from engine.data.reading.numbers import INFINITE, is_missing, plain
from engine.data.reading.parts import Part
from engine.data.reading.table import Column, LazyCells

FEW_ROWS = 20_000  # up to so many rows all cells are kept; of more they are split again
LOOKED_AT = 100_000  # cells that are looked through for a doubtful point


@dataclass(frozen=True)
class Written:
    """A column as it is written: its name, its ``parts`` and how often each cell occurs, which is
    not counted for a column of plain numbers."""

    name: str
    cells: Sequence[str]
    column: Column | None
    counts: Counter[str]


def columns_of(
    path: str,
    written: Sequence[Written],
    lines: Sequence[int],
    delimiter: str,
    decimal: str | None,
) -> tuple[tuple[Column, ...], tuple[str, ...]]:
    """The columns, and notes on the decimal mark."""
    notes: tuple[str, ...] = ()
    plain_ones = [one.cells for one in written if one.column is not None and one.name]
    if decimal is None:
        others = [one.counts for one in written if one.column is None and one.name]
        decimal, notes = guessed_decimal(others, chain.from_iterable(plain_ones), delimiter)
        entries = sum(map(len, plain_ones))
        if decimal == "." and delimiter == ";" and entries <= LOOKED_AT:
            cell = doubtful_point(chain.from_iterable(plain_ones))
            doubt = f"{cell!r} is read with a decimal point (--decimal , if the point is a mark"
            notes += (f"{doubt} between thousands)",) if cell else ()
    return tuple(_column(path, one, lines, decimal) for one in written), notes


def written_in(names: Sequence[str], parts: Sequence[Part]) -> list[Written]:
    """The columns of these names as the parts of a text have them."""
    return [_written(name, parts, j) for j, name in enumerate(names)]


def _written(name: str, parts: Sequence[Part], j: int) -> Written:
    values = [part.values[j] for part in parts]
    n = sum(len(part.lines) for part in parts)
    present = [value for value in values if value is not None]
    if len(present) < len(values) or not name:
        cells = tuple(chain.from_iterable(part.cells[j]() for part in parts))
        return Written(name, cells, None, Counter(cells) if name else Counter())
    if n <= FEW_ROWS:
        some: Sequence[str] = tuple(chain.from_iterable(part.cells[j]() for part in parts))
    else:
        starts = np.cumsum([0, *(len(part.lines) for part in parts)])
        some = LazyCells([part.cells[j] for part in parts], starts.tolist())
    column = Column(name, some, read_only(np.concatenate(present)))
    return Written(name, some, column, Counter())


def _column(path: str, written: Written, lines: Sequence[int], decimal: str) -> Column:
    name, cells, counts = written.name, written.cells, written.counts
    if not name:
        return Column(name, cells, None)  # row names
    if written.column is not None:
        if decimal == "." or not any("." in cell for cell in cells):
            return written.column
        counts = Counter(cells)
    missing = np.array([is_missing(cell) for cell in cells])
    mask = read_only(missing) if missing.any() else None
    present = [cell for cell in counts if not is_missing(cell)]
    if present and all(map(dates.is_date, present)) and (found := dates.days(present)):
        texts, first = found
        note = f"column {name!r}: dates are read as days since {first}"
        return _numbers(name, cells, texts, missing, (note,))
    if present and not is_mostly_numbers(counts):
        return Column(name, cells, None, mask)
    texts, faults = {}, {}
    for cell in present:
        text = plain(cell, decimal)
        if text is not None and isfinite(float(text)):
            texts[cell] = text
        else:
            faults[cell] = _fault(cell, decimal)
    if faults:
        row = next(i for i, cell in enumerate(cells) if cell in faults)
        fault = faults[cells[row]]
        more = sum(counts[cell] for cell, one in faults.items() if one == fault) - 1
        message = f"{path}, row {lines[row]}, column {name!r}: {_shown(cells[row])} {fault}"
        message += f" ({more} more like it in this column)" if more else ""
        return Column(name, cells, None, mask, fault=message)
    return _numbers(name, cells, texts, missing, _converted(name, texts, decimal))


def _numbers(
    name: str,
    cells: Sequence[str],
    texts: dict[str, str],
    missing: np.ndarray[tuple[int], np.dtype[np.bool_]],
    notes: tuple[str, ...],
) -> Column:
    written = tuple(texts.get(cell, "") for cell in cells)
    values = np.fromiter((float(text or "nan") for text in written), np.float64, len(written))
    mask = read_only(missing) if missing.any() else None
    return Column(name, written, read_only(values), mask, notes=notes)


def _converted(name: str, texts: dict[str, str], decimal: str) -> tuple[str, ...]:
    """The note on the first cell, in alphabetical order, that is more than a number."""
    for cell in sorted(texts):
        text = texts[cell]
        if cell.replace("−", "-").replace(decimal, ".") != text:
            return (f"column {name!r}: {_shown(cell)} is read as {text}",)
    return ()


def _fault(cell: str, decimal: str) -> str:
    """What is wrong with a cell of numbers, and how to correct it."""
    other = "," if decimal == "." else "."
    text = plain(cell, decimal) or plain(cell, other) or ""
    if INFINITE.fullmatch(cell) or (text and not isfinite(float(text))):
        return "is not a finite number; correct it, or delete the row"
    if text:
        mark = "comma" if decimal == "." else "point"
        kind = "a decimal comma; the file has decimal points"
        if decimal == ",":
            kind = "a decimal point; the file has decimal commas"
        return f"has {kind} (--decimal {other} if the {mark} is the decimal mark)"
    return "is not a number, as most of the column is; correct it, or delete the row"


def _shown(cell: str) -> str:
    """A cell in quotation marks, cut if it is long."""
    return repr(cell if len(cell) <= 40 else cell[:39] + "…")
