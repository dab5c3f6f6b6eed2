"""Matrices as blocks of lines: in brackets, with names and sizes, large ones truncated."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, takewhile

from engine.arrays import Array
from tui.drawing.grid import cut
from tui.drawing.numbers import CELLS, cells_of
from tui.drawing.table import Sheet
from tui.drawing.text_lines import MORE, Line, Span, number, width_of

ENTRY = CELLS + 1  # cells of a number with the gap before the next
GAP = 1  # cells between blocks
FEWEST = 2  # columns of a matrix that are shown before blocks go below each other


@dataclass(frozen=True, eq=False)
class NamedMatrix:
    """A matrix (m, k) with the name written above it."""

    name: str
    values: Array


def product_lines(matrices: Sequence[NamedMatrix], most_rows: int, sheet: Sheet) -> list[Line]:
    """The matrices beside each other, each below its name and size; of wide ones as many columns
    as there is room for. If even two columns of each are too wide, in groups below each other."""
    widest = max(matrix.values.shape[1] for matrix in matrices)
    columns = min(widest, max(FEWEST, sheet.width // ENTRY))
    while columns > FEWEST and _total(matrices, columns) > sheet.width:
        columns -= 1
    lines: list[Line] = []
    remaining = list(matrices)
    while remaining:
        group = remaining[: _fitting(remaining, columns, sheet.width)]
        blocks = [_titled(matrix, columns, most_rows, sheet) for matrix in group]
        lines += [*([[]] if lines else []), *beside(blocks)]
        remaining = remaining[len(group) :]
    return lines


def bracketed(values: Array, columns: int, most_rows: int, sheet: Sheet) -> list[Line]:
    """The rows of a matrix (m, k) in brackets: ``⋯`` for columns left out, ``…`` for rows."""
    palette = sheet.palette
    shown = values[:most_rows, :columns].tolist()
    cells = cells_of(values[:, :columns])
    wide, long = columns < values.shape[1], most_rows < len(values)
    rows: list[Line] = []
    for row in shown:
        line: Line = [number(row[0], palette, cells)] if row else []
        for value in row[1:]:
            line += [Span(" ", palette.low), number(value, palette, cells)]
        rows.append([*line, Span(" ⋯", palette.low)] if wide else line)
    if long:
        text = f"{MORE} {len(values) - most_rows} more"
        width = width_of(rows[0])
        rows.append([Span(cut(text, width).ljust(width), palette.low)])
    return in_brackets(rows, sheet)


def in_brackets(rows: Sequence[Line], sheet: Sheet) -> list[Line]:
    """Lines of equal width in brackets as tall as they are many."""
    glyphs, ink = sheet.glyphs, sheet.palette.mid
    lines: list[Line] = []
    for i, row in enumerate(rows):
        part = 0 if i == 0 else 2 if i == len(rows) - 1 else 1
        left, right = glyphs.left_bracket[part], glyphs.right_bracket[part]
        if len(rows) == 1:
            left, right = "[", "]"
        lines.append([Span(left, ink), *row, Span(right, ink)])
    return lines


def beside(blocks: Sequence[Sequence[Line]]) -> list[Line]:
    """Blocks next to each other, from the top."""
    widths = [max(map(width_of, block), default=0) for block in blocks]
    lines: list[Line] = []
    for y in range(max(map(len, blocks))):
        line: Line = []
        for block, width in zip(blocks, widths, strict=True):
            row = block[y] if y < len(block) else []
            line += [*row, Span(" " * (width - width_of(row) + GAP), 0)]
        lines.append(line)
    return lines


def _titled(matrix: NamedMatrix, columns: int, most_rows: int, sheet: Sheet) -> list[Line]:
    """A matrix below its name and its size, both in its middle."""
    palette, width = sheet.palette, _width(matrix, columns)
    rows = bracketed(matrix.values, columns, most_rows, sheet)
    margin = Span(" " * ((width - width_of(rows[0])) // 2), palette.low)
    return [
        [Span(matrix.name.center(width), palette.hi, True)],
        [Span(_size(matrix, columns).center(width), palette.low)],
        *([margin, *row] for row in rows),
    ]


def _size(matrix: NamedMatrix, columns: int) -> str:
    m, k = matrix.values.shape
    return f"{m} × {k}" + (f", {columns} shown" if columns < k else "")


def _width(matrix: NamedMatrix, columns: int) -> int:
    """The cells of a matrix with its name, its size and its brackets."""
    k: int = matrix.values.shape[1]
    entry = cells_of(matrix.values[:, :columns]) + 1  # with the gap before the next
    cells = 1 + entry * min(k, columns) + (2 if columns < k else 0)
    return max(cells, len(_size(matrix, columns)), len(matrix.name))


def _fitting(matrices: Sequence[NamedMatrix], columns: int, room: int) -> int:
    """How many of the first fit next to each other; at least one."""
    ends = accumulate(_width(matrix, columns) + GAP for matrix in matrices)
    return max(1, sum(1 for _ in takewhile(lambda end: end - GAP <= room, ends)))


def _total(matrices: Sequence[NamedMatrix], columns: int) -> int:
    """The cells that matrices take next to each other."""
    cells = [_width(matrix, columns) for matrix in matrices]
    return sum(cells) + GAP * (len(cells) - 1)
