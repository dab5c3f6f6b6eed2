"""How much of an equation fits: which columns and rows of its matrices, and where it is broken."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from engine.explain.explanation import Matrix
from engine.notation import Name
from engine.wording import count
from tui.drawing.glyphs import Glyphs
from tui.drawing.matrix_layout import ENTRY
from tui.drawing.numbers import cells_of, num
from tui.drawing.table import Sheet

HEAD = 2  # lines above the rows of a matrix: its name and, where there is room, its size
SIGNS = ("=", "⊙", "+", "−", "·")  # with room at both sides where there is enough
BRACKETS = 3  # cells of the brackets of a matrix
BREAKS = ("=", "+", "−")  # before which an equation goes on below
Part = Matrix | Name | str


@lru_cache(maxsize=256)
def spelled(part: Part, glyphs: Glyphs) -> str:
    """The name of a part of an equation, or its sign."""
    name = part.name if isinstance(part, Matrix) else part
    return glyphs.formula(name if isinstance(name, str) else name.written()).strip()


@dataclass(frozen=True)
class Extent:
    """How much of an equation is shown: of each matrix at most so many lines, below ``head``
    lines; of each part at most so many columns. ``loose`` puts room about the signs; if ``tight``,
    ⋯ stands for the blank beside a bracket."""

    rows: int
    columns: tuple[int, ...]
    head: int
    loose: bool
    tight: bool = False


def full_width(equation: Sequence[Part], glyphs: Glyphs) -> int:
    """The cells of an equation with all columns and room about its signs; 0 without matrices."""
    columns = [part.values.shape[1] if isinstance(part, Matrix) else 1 for part in equation]
    extent = Extent(tallest(equation), tuple(columns), HEAD, loose=True)
    return _width(equation, extent, glyphs) if _has_matrix(equation) else 0


def tallest(equation: Sequence[Part]) -> int:
    """The most rows of a matrix."""
    return max((len(part.values) for part in equation if isinstance(part, Matrix)), default=1)


def is_whole(
    equation: Sequence[Part], rows: int, sheet: Sheet, head: int = HEAD, height: int = 0
) -> bool:
    """Whether ``equation_lines`` leaves out no column that the result needs."""
    extent = extent_of(equation, rows, head, sheet)
    if extent and not omits_entries(equation, extent, sheet):
        return True
    parts = [part for _, part in folded(equation, rows, sheet)]
    lines = sum(head + min(rows, tallest(part)) for part in parts)
    return lines <= height and all(_fits_whole(part, rows, sheet) for part in parts)


def extent_of(equation: Sequence[Part], rows: int, head: int, sheet: Sheet) -> Extent | None:
    """The most columns that there is room for: the same for all matrices, then all of those that
    still fit whole, the narrowest first, then more of those of which the result needs all. Matrices
    of one shape, which are combined entry by entry, have the same columns."""
    wide = [p.values.shape[1] if isinstance(p, Matrix) else 1 for p in equation]

    def fits(columns: Sequence[int], loose: bool, tight: bool = False) -> Extent | None:
        extent = Extent(rows, tuple(columns), head, loose, tight)
        return extent if _width(equation, extent, sheet.glyphs) <= sheet.width else None

    for most in range(min(max(wide, default=1), sheet.width // ENTRY + 1), 0, -1):
        columns = [min(most, k) for k in wide]
        extents = [extent for loose in (True, False) if (extent := fits(columns, loose))]
        if extents:
            widened = [_widened(equation, extent, wide, sheet) for extent in extents]
            return max(widened, key=lambda extent: sum(extent.columns))
    return fits([1] * len(wide), loose=False, tight=True)


def _widened(equation: Sequence[Part], extent: Extent, wide: Sequence[int], sheet: Sheet) -> Extent:
    """With more columns of single matrices, where there is room."""
    order = sorted(range(len(wide)), key=lambda i: wide[i])
    whole = [(i, wide[i]) for i in order]
    more = [
        (i, k)
        for i in order
        if isinstance(part := equation[i], Matrix) and part.column is None
        for k in range(extent.columns[i] + 1, min(wide[i], sheet.width // ENTRY) + 1)
    ]
    shapes = [
        part.values.shape if isinstance(part, Matrix) else i for i, part in enumerate(equation)
    ]
    for i, k in (*whole, *more):
        if k > extent.columns[i]:
            columns = [
                k if shape == shapes[i] else n
                for n, shape in zip(extent.columns, shapes, strict=True)
            ]
            wider = replace(extent, columns=tuple(columns))
            if _width(equation, wider, sheet.glyphs) <= sheet.width:
                extent = wider
    return extent


def omits_entries(equation: Sequence[Part], extent: Extent, sheet: Sheet) -> bool:
    """Whether columns are left out that the result needs, or that there is room for."""
    wanted = _wanted_columns(equation, sheet)
    return any(k < want for k, want in zip(extent.columns, wanted, strict=True))


def _wanted_columns(parts: Sequence[Part], sheet: Sheet) -> list[int]:
    """All columns of a matrix of which the result needs all, or that fits on a line; else one."""
    wanted = []
    for part in parts:
        k = part.values.shape[1] if isinstance(part, Matrix) else 1
        needed = isinstance(part, Matrix) and part.column is None
        wanted.append(k if needed or BRACKETS + k * ENTRY <= sheet.width else 1)
    return wanted


def folded(
    equation: Sequence[Part], rows: int, sheet: Sheet
) -> Iterator[tuple[int, Sequence[Part]]]:
    """The equation in parts that fit on lines of their own, each with its start: broken before a
    sign where there is one, else between matrices."""
    start = 0
    while start < len(equation):
        stop = start + 1
        while stop < len(equation) and _fits_whole(equation[start : stop + 1], rows, sheet):
            stop += 1
        if stop < len(equation):
            inside = [i for i in range(stop, start, -1) if _has_matrix(equation[start:i])]
            signs = [i for i in inside if equation[i] in BREAKS]
            gaps = [i for i in inside if isinstance(equation[i], Matrix)]
            stop = next(iter([*signs, *gaps]), stop)
            # a sign alone belongs to what stands before it
            ahead = next(
                (i for i in range(stop, len(equation)) if _has_matrix(equation[i : i + 1])), stop
            )
            if not _fits_whole(equation[stop : ahead + 1], rows, sheet):
                stop = ahead if _fits_whole(equation[start:ahead], rows, sheet) else stop
        yield start, equation[start:stop]
        start = stop


def _has_matrix(parts: Sequence[Part]) -> bool:
    return any(isinstance(part, Matrix) for part in parts)


def _fits_whole(parts: Sequence[Part], rows: int, sheet: Sheet) -> bool:
    """Whether parts of an equation fit on a line, with all columns that are wanted."""
    columns = tuple(_wanted_columns(parts, sheet))
    return _width(parts, Extent(rows, columns, HEAD, loose=False), sheet.glyphs) <= sheet.width


class Window:
    """What is shown of a matrix: about its lit row and column."""

    def __init__(self, matrix: Matrix, extent: Extent, columns: int, glyphs: Glyphs) -> None:
        self.entry_width = _entry_width(matrix)
        self.rows = _about(matrix.row or 0, len(matrix.values), extent.rows)
        self.columns = _columns(matrix, columns)
        self.size = _size(matrix)
        self.width = _matrix_width(matrix, columns, extent.tight, glyphs)

    def entry(self, value: float) -> str:
        return str(int(value)) if self.entry_width == 1 else num(value).rjust(self.entry_width)


def _columns(matrix: Matrix, most: int) -> range:
    """At most so many columns, about the lit one."""
    total = matrix.values.shape[1]
    first = max(0, min((matrix.column or 0) - (most - 1) // 2, total - most))
    return range(first, min(total, first + most))


@lru_cache(maxsize=512)  # asked for each extent that is tried
def _matrix_width(matrix: Matrix, most: int, tight: bool, glyphs: Glyphs) -> int:
    """The cells of a matrix with at most so many columns, and ⋯ for those left out."""
    columns = _columns(matrix, most)
    more = 0 if tight else 2 * (columns.start > 0) + 2 * (columns.stop < matrix.values.shape[1])
    cells = BRACKETS + (_entry_width(matrix) + 1) * len(columns) + more
    return max(cells, len(_size(matrix)), len(spelled(matrix, glyphs)))


def _size(matrix: Matrix) -> str:
    """The size of the whole matrix: ``4 × 3``, of a column ``4``."""
    m, k = matrix.values.shape
    return count(m) if k == 1 else f"{count(m)} × {count(k)}"


@lru_cache(maxsize=64)  # asked for each row and each extent that is tried
def _entry_width(matrix: Matrix) -> int:
    """The cells of an entry; slopes of relu, which are 0 or 1, take one."""
    if matrix.slopes and np.isin(matrix.values, (0.0, 1.0)).all():
        return 1
    return cells_of(matrix.values)


def _about(index: int, total: int, room: int) -> range:
    """The indices that are shown in so many lines, those left out taking a line of their own."""
    if total <= room:
        return range(total)
    if room < 3:
        return range(index, index + 1)
    shown = room - 2
    first = index - shown // 2
    if first <= 1:
        return range(room - 1)
    if first + shown >= total - 1:
        return range(total - room + 1, total)
    return range(first, first + shown)


def gap_before(equation: Sequence[Part], i: int, extent: Extent) -> int:
    """The cells before a part: where room is short, none inside parentheses and after √."""
    if i == 0:
        return 0
    tight = equation[i] == ")" or equation[i - 1] in ("(", Name("√"))
    return 0 if tight and not extent.loose else 1


def _width(equation: Sequence[Part], extent: Extent, glyphs: Glyphs) -> int:
    """The cells that the equation takes."""
    cells = 0
    for i, part in enumerate(equation):
        cells += gap_before(equation, i, extent)
        if isinstance(part, Matrix):
            cells += _matrix_width(part, extent.columns[i], extent.tight, glyphs)
        else:
            text = spelled(part, glyphs)
            cells += len(text) + (2 if extent.loose and text in SIGNS else 0)
    return cells
