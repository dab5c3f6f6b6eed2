"""The rows of data of a text, part by part: of a large file numbers are kept, and its text."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from io import StringIO

import numpy as np

from engine.arrays import Array
from engine.data.reading.layout import Layout, uneven
from engine.data.reading.splitting import BLANKS, records
from engine.errors import DataError

PART = 1 << 20  # characters that are read together
TOP = 1 << 16  # characters of the first part, at the top of the file
NUMERIC = b"0123456789+-.eE"  # what of these characters is read by ``float`` is a plain number


@dataclass(frozen=True)
class Part:
    """Rows of data. Of each column there are ``values``, if all its cells are plain numbers, and a
    function for its ``cells``. ``lines`` are those of the file where the rows start, from 1."""

    lines: Sequence[int]
    values: tuple[Array | None, ...]
    cells: tuple[Callable[[], Sequence[str]], ...]


def parts_of(path: str, text: str, delimiter: str, layout: Layout) -> Iterator[Part]:
    """The rows of data. DataError where one has another number of cells than the layout.

    ``text`` begins at the first line of the file.
    """
    shared: dict[str, str] = {}
    line = 1
    for chunk in chunks(text, delimiter):
        fast = line > 1 and _is_regular(chunk, delimiter)
        part = _regular(chunk, delimiter, layout.width, line, shared) if fast else None
        if part is None:
            part = _any(path, chunk, delimiter, layout, line)
        if part.lines:
            yield part
        line += chunk.count("\n")


def chunks(text: str, delimiter: str) -> Iterator[str]:
    """Parts of a text of whole lines, that end outside quotation marks."""
    start, quoted = 0, delimiter != BLANKS and '"' in text
    while start < len(text):
        end, quotes, counted = start, 0, start
        while end < len(text):
            end = text.find("\n", min(end + (PART if start else TOP), len(text))) + 1 or len(text)
            if not quoted:
                break
            quotes += text.count('"', counted, end)
            counted = end
            if quotes % 2 == 0:
                break
        yield text[start:end]
        start = end


def _is_regular(chunk: str, delimiter: str) -> bool:
    """Whether a part may be split by its delimiters alone."""
    no_comment = not chunk.startswith("#") and "\n#" not in chunk
    return delimiter != BLANKS and '"' not in chunk and no_comment


def _regular(
    chunk: str, delimiter: str, width: int, line: int, shared: dict[str, str]
) -> Part | None:
    """A part without quotation marks; None if its rows are not all of one width."""
    body = chunk.removesuffix("\n")
    if not body.encode("utf-8", "replace").translate(None, NUMERIC + b"\n" + delimiter.encode()):
        return _all_numbers(body, delimiter, width, line)
    rows = body.split("\n")
    if any(row.count(delimiter) != width - 1 for row in rows):
        return None
    flat = _flat(body, delimiter)
    firsts = flat[::width]
    if "" in firsts:
        return None  # perhaps an empty row
    values: list[Array | None] = []
    cells: list[Callable[[], Sequence[str]]] = []
    for j in range(width):
        column = flat[j::width]
        found = plain_values(column)
        values.append(found)
        if found is not None:
            cells.append(partial(_column_of, body, delimiter, j, width))
        else:
            kept = tuple(shared.setdefault(cell, cell) for cell in column)
            if len(shared) > 100_000:
                shared.clear()
            cells.append(partial(tuple, kept))
    return Part(range(line, line + len(rows)), tuple(values), tuple(cells))


def _all_numbers(body: str, delimiter: str, width: int, line: int) -> Part | None:
    """A part of nothing but digits, signs, points and e; None if some of them are no numbers.

    NumPy's reader of texts rounds as ``float`` does.
    """
    count = body.count("\n") + 1
    try:
        values = np.loadtxt(StringIO(body), delimiter=delimiter, comments=None, ndmin=2)
    except ValueError:
        return None
    if values.shape != (count, width) or not np.isfinite(values).all():
        return None
    return Part(
        range(line, line + count),
        tuple(values.T),
        tuple(partial(_column_of, body, delimiter, j, width) for j in range(width)),
    )


def _column_of(body: str, delimiter: str, j: int, width: int) -> list[str]:
    return _flat(body, delimiter)[j::width]


def _flat(body: str, delimiter: str) -> list[str]:
    cells = body.replace(delimiter, "\n").split("\n")
    if " " in body or not body.isascii() or (delimiter != "\t" and "\t" in body):
        return [cell.strip() for cell in cells]
    return cells


def plain_values(cells: Sequence[str]) -> Array | None:
    """The values of plain finite numbers; None if any cell is not one."""
    if "".join(cells).encode("utf-8", "replace").translate(None, NUMERIC):
        return None
    try:
        values = np.fromiter(map(float, cells), dtype=np.float64, count=len(cells))
    except ValueError:
        return None
    return values if np.isfinite(values).all() else None


def _any(path: str, chunk: str, delimiter: str, layout: Layout, line: int) -> Part:
    lines: list[int] = []
    rows: list[list[str]] = []
    for record in records(path, chunk, delimiter, line):
        if record.line in layout.skipped or record.is_empty:
            continue
        cells = record.without_end(layout.width)
        if cells is not None:
            lines.append(record.line)
            rows.append(cells)
        elif not record.is_comment:
            raise DataError(uneven(path, record, layout.line, layout.row_width))
    columns = [*zip(*rows, strict=True)] or [()] * layout.width
    return Part(
        lines,
        tuple(plain_values(column) for column in columns),
        tuple(partial(tuple, column) for column in columns),
    )
