"""Large files of plain layout, read with pyarrow where it is installed (the extra ``large``).

It takes a fifth of the time. What it cannot read as ``parts`` does is left to ``parts``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache, partial
from itertools import chain
from typing import Any

import numpy as np

from engine.arrays import read_only
from engine.data.reading.columns import Written, columns_of
from engine.data.reading.layout import Layout
from engine.data.reading.numbers import MISSING, PLAIN, is_missing
from engine.data.reading.options import ReadOptions
from engine.data.reading.parts import parts_of
from engine.data.reading.splitting import BLANKS, Record
from engine.data.reading.table import Column, LazyCells, Table
from engine.data.reading.top import SEPARATOR, top_of
from engine.errors import DataError

TOP = 1 << 16  # bytes at the top that are looked at
LARGE = 10_000_000  # bytes of a text from which it is worth its import
_FORMS = (str, str.upper, str.capitalize, str.title)
WORDS = sorted({form(word) for word in MISSING for form in _FORMS} | {"NaN", "#N/A", "<NA>"})


def large_table(path: str, content: bytes, options: ReadOptions) -> Table | None:
    """The table in a large text; None if it is not plain enough, or pyarrow is not there."""
    try:
        import pyarrow as pa
        from pyarrow import csv
    except ImportError:
        return None
    try:
        start = content[: content.rfind(b"\n", 0, TOP) + 1].decode("utf-8-sig")
        irregular = any(sign in content for sign in (b"\0", b"\r", b"\n#", b"\n\n"))
        if irregular or start.count('"') % 2 or options.encoding not in (None, "utf-8"):
            return None
        top = top_of(path, start, options)
    except (UnicodeError, DataError):
        return None
    layout = top.layout
    first = next((r.line for r in top.records if r.line not in layout.skipped), 0)
    if top.delimiter == BLANKS or not first or SEPARATOR.match(start):
        return None
    names = [str(j) for j in range(layout.width)]
    kinds = _kinds(layout, top.records)
    types = {n: pa.float64() if k else pa.string() for n, k in zip(names, kinds, strict=True)}
    try:
        table = csv.read_csv(
            pa.py_buffer(content),
            csv.ReadOptions(column_names=names, skip_rows=first - 1),
            csv.ParseOptions(delimiter=top.delimiter),
            csv.ConvertOptions(column_types=types, null_values=WORDS, strings_can_be_null=False),
        )
    except (pa.ArrowInvalid, pa.ArrowKeyError):
        return None
    lines = range(first, content.count(b"\n") + (not content.endswith(b"\n")) + 1)
    if table.num_rows != len(lines):
        return None  # a cell of several lines, say
    again = cache(lambda: [*parts_of(path, content.decode("utf-8-sig"), top.delimiter, layout)])
    written = []
    for j, name in enumerate(layout.names):
        column = table.column(j)
        cells = partial(_column_again, again, j)
        found = _numbers(name, column, cells) if kinds[j] else _text(name, column)
        if found is None:
            return None
        written.append(found)
    if _has_empty_row(written, len(lines)):
        return None
    columns, marks = columns_of(path, written, lines, top.delimiter, options.decimal)
    return Table(path, columns, (*top.notes, *marks, *layout.notes), lines=lines)


def _kinds(layout: Layout, top: Sequence[Record]) -> list[bool]:
    """Whether each column is one of plain numbers at the top."""
    rows = [r.cells for r in top if r.line not in layout.skipped and not r.is_empty]
    kinds = []
    for j, name in enumerate(layout.names):
        cells = [row[j] for row in rows if len(row) > j]
        present = [cell for cell in cells if not is_missing(cell)]
        kinds.append(bool(name and present) and all(map(PLAIN.fullmatch, present)))
    return kinds


def _numbers(name: str, column: Any, cells: Callable[[], Sequence[str]]) -> Written | None:
    values = np.asarray(column.to_numpy(), dtype=np.float64)
    missing = np.isnan(values) if column.null_count else np.zeros(len(values), np.bool_)
    if missing.sum() != column.null_count or not np.isfinite(values[~missing]).all():
        return None
    lazy = LazyCells([cells], [0, len(values)])
    mask = read_only(missing) if column.null_count else None
    return Written(name, lazy, Column(name, lazy, read_only(values), mask), Counter())


def _text(name: str, column: Any) -> Written:
    encoded = column.combine_chunks().dictionary_encode()
    levels = [level.strip() for level in encoded.dictionary.to_pylist()]
    cells = tuple(levels[i] for i in encoded.indices.to_pylist())
    return Written(name, cells, None, Counter(cells))


def _column_again(parts: Callable[[], Sequence[Any]], j: int) -> Sequence[str]:
    """The cells of a column as they are written, for whoever needs all their digits."""
    cells = chain.from_iterable(part.cells[j]() for part in parts())
    return tuple("" if cell.lower() in MISSING else cell for cell in cells)


def _has_empty_row(written: Sequence[Written], n: int) -> bool:
    """Whether all cells of some row are empty, or missing."""
    empty = np.ones(n, dtype=np.bool_)
    for one in written:
        if one.column is None:
            empty &= np.fromiter((not cell for cell in one.cells), np.bool_, n)
        elif one.column.missing is None:
            return False
        else:
            empty &= one.column.missing
        if not empty.any():
            return False
    return True
