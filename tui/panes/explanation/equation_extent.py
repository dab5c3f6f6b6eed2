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


def spelled(part: Part, glyphs: Glyphs) -> str:
    """The name of a part of an equation, or its sign."""
    name = part.name if isinstance(part, Matrix) else part
    return glyphs.formula(name if isinstance(name, str) else name.written()).strip()


@dataclass(frozen=True)
class Extent:
    """How much of an equation is shown: of each matrix at most so many lines, below ``head``
    lines; of each part at most so many columns. ``loose`` puts room about the signs, ``bare``
    leaves out ⋯."""

    rows: int
    columns: tuple[int, ...]
    head: int
    loose: bool
    bare: bool = False


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
    still fit whole, the narrowest first, then more of those of which the result needs all."""
    wide = [p.values.shape[1] if isinstance(p, Matrix) else 1 for p in equation]

    def fits(columns: Sequence[int], loose: bool, bare: bool = False) -> Extent | None:
        extent = Extent(rows, tuple(columns), head, loose, bare)
        return extent if _width(equation, extent, sheet.glyphs) <= sheet.width else None

    for most in range(min(max(wide, default=1), sheet.width // ENTRY + 1), 0, -1):
        columns = [min(most, k) for k in wide]
        extents = [extent for loose in (True, False) if (extent := fits(columns, loose))]
        if extents:
            widened = [_widened(equation, extent, wide, sheet) for extent in extents]
            return max(widened, key=lambda extent: sum(extent.columns))
    return fits([1] * len(wide), loose=False, bare=True)


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
    for i, k in (*whole, *more):
        if k > extent.columns[i]:
            columns = (*extent.columns[:i], k, *extent.columns[i + 1 :])
            wider = replace(extent, columns=columns)
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
        m, k = matrix.values.shape
        self._matrix = matrix
        self.entry_width = _entry_width(matrix)
        self.rows = _about(matrix.row or 0, m, extent.rows)
        first = max(0, min((matrix.column or 0) - (columns - 1) // 2, k - columns))
        self.columns = range(first, min(k, first + columns))
        more = 0 if extent.bare else 2 * (self.columns.start > 0) + 2 * (self.columns.stop < k)
        cells = 3 + (self.entry_width + 1) * len(self.columns) + more
        self.width = max(cells, len(self.size), len(spelled(matrix, glyphs)))

    @property
    def size(self) -> str:
        """The size of the whole matrix: ``4 × 3``, of a column ``4``."""
        m, k = self._matrix.values.shape
        return count(m) if k == 1 else f"{count(m)} × {count(k)}"

    def entry(self, value: float) -> str:
        return str(int(value)) if self.entry_width == 1 else num(value).rjust(self.entry_width)


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
            cells += Window(part, extent, extent.columns[i], glyphs).width
        else:
            text = spelled(part, glyphs)
            cells += len(text) + (2 if extent.loose and text in SIGNS else 0)
    return cells
