"""An equation with its numbers: matrices in brackets below their names, with signs between."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from engine.explain.explanation import Matrix
from engine.notation import Name
from engine.wording import count
from tui.drawing.canvas import Canvas
from tui.drawing.glyphs import Glyphs
from tui.drawing.matrix_layout import ENTRY, in_brackets
from tui.drawing.numbers import cells_of, num
from tui.drawing.table import Sheet
from tui.drawing.text_lines import Line, Span, draw_line, width_of

HEAD = 2  # lines above the rows of a matrix: its name and, where there is room, its size
UNKNOWN = "?"  # for a number that the user is to guess
SIGNS = ("=", "⊙", "+", "−", "·")  # with room at both sides where there is enough
PARENTHESES = {"(": "╭│╰", ")": "╮│╯"}
ASCII_PARENTHESES = {"(": "(((", ")": ")))"}
Part = Matrix | Name | str
Entry = tuple[int, int]  # row, column


class Lit(Span):
    """A piece of a line with the background of a selection."""


def draw_lit(canvas: Canvas, y: int, line: Line, x: int = 0) -> None:
    """Write a line, parts of which may be lit, from column x on."""
    start = x
    for span in line:
        if isinstance(span, Lit):
            canvas.paint(start, y, len(span.text), 1, canvas.palette.sel)
        start += len(span.text)
    draw_line(canvas, y, line, x)


def spelled(part: Part, glyphs: Glyphs) -> str:
    """The name of a part of an equation, or its sign."""
    name = part.name if isinstance(part, Matrix) else part
    return glyphs.formula(name if isinstance(name, str) else name.written()).strip()


@dataclass(frozen=True)
class Extent:
    """How much of an equation is shown: of each matrix at most so many lines and columns below
    ``head`` lines; ``loose`` puts room about the signs, ``bare`` leaves out ⋯."""

    rows: int
    columns: int
    head: int
    loose: bool
    bare: bool = False


def tallest(equation: Sequence[Part]) -> int:
    """The most rows of a matrix."""
    return max((len(part.values) for part in equation if isinstance(part, Matrix)), default=1)


def equation_lines(
    equation: Sequence[Part],
    rows: int,
    sheet: Sheet,
    unknown: Collection[int] = (),
    known: Collection[Entry] = (),
    head: int = HEAD,
) -> list[Line] | None:
    """The equation with at most so many rows of its matrices and as many columns as there is
    room for; None where there is not room for one. ``unknown``: the parts with ? for numbers, but
    for their ``known`` entries."""
    widest = max((p.values.shape[1] for p in equation if isinstance(p, Matrix)), default=1)
    extents = [
        Extent(rows, columns, head, loose)
        for columns in range(min(widest, sheet.width // ENTRY + 1), 0, -1)
        for loose in (True, False)
    ]
    extents.append(Extent(rows, 1, head, loose=False, bare=True))
    fits = (e for e in extents if _width(equation, e, sheet.glyphs) <= sheet.width)
    extent = next(fits, None)
    return _Blocks(extent, sheet, unknown, known).lines(equation) if extent else None


@dataclass(frozen=True)
class _Blocks:
    """Builds the parts of an equation, each a block of lines."""

    extent: Extent
    sheet: Sheet
    unknown: Collection[int]
    known: Collection[Entry]

    def lines(self, equation: Sequence[Part]) -> list[Line]:
        height = self.extent.head + min(self.extent.rows, tallest(equation))
        lines: list[Line] = [[] for _ in range(height)]
        for i, part in enumerate(equation):
            if isinstance(part, Matrix):
                block = self._matrix(part, i in self.unknown)
            else:
                block = self._sign(equation, i)
            width = max(map(width_of, block))
            blank: list[Line] = [[] for _ in range(height - len(block))]
            gap = Span(" " * _gap(equation, i, self.extent), 0)
            for line, row in zip(lines, block + blank, strict=True):
                line += [gap, *row, Span(" " * (width - width_of(row)), 0)]
        return lines

    def _sign(self, equation: Sequence[Part], i: int) -> list[Line]:
        """A sign or a scalar in the middle of the lower of its neighbours; tall parentheses."""
        part, glyphs, palette = equation[i], self.sheet.glyphs, self.sheet.palette
        text, most = spelled(part, glyphs), self.extent.rows
        above: list[Line] = [[] for _ in range(self.extent.head)]
        if text in PARENTHESES:
            rows = min(most, tallest(_within(equation, i)))
            if rows > 1:
                shape = (ASCII_PARENTHESES if glyphs.ascii else PARENTHESES)[text]
                tall = shape[0] + shape[1] * (rows - 2) + shape[2]
                return [*above, *([Span(char, palette.mid)] for char in tall)]
        if self.extent.loose and text in SIGNS:
            text = f" {text} "
        rows = min(most, *(tallest(side[:1]) for side in _matrices_beside(equation, i)))
        return [*above, *([] for _ in range((rows - 1) // 2)), [Span(text, palette.mid)]]

    def _matrix(self, matrix: Matrix, unknown: bool) -> list[Line]:
        """A matrix below its name and its size, both in its middle."""
        glyphs, palette, extent = self.sheet.glyphs, self.sheet.palette, self.extent
        window = _Window(matrix, extent, glyphs)
        width = window.width
        rows = [self._row(matrix, window, i, unknown) for i in window.rows]
        inside = width_of(rows[0])
        more = [Span("⋮".center(inside) if not glyphs.ascii else ":".center(inside), palette.low)]
        if window.rows.start > 0 and len(rows) < extent.rows:
            rows.insert(0, more)
        if window.rows.stop < len(matrix.values) and len(rows) < extent.rows:
            rows.append(more)
        margin = Span(" " * ((width - inside - 2) // 2), 0)
        lines: list[Line] = [
            [Span(spelled(matrix, glyphs).center(width), palette.hi, True)],
            [Span(window.size.center(width), palette.low)],
        ][: extent.head]
        return lines + [[margin, *row] for row in in_brackets(rows, self.sheet)]

    def _row(self, matrix: Matrix, window: "_Window", i: int, unknown: bool) -> Line:
        palette = self.sheet.palette
        more = " …" if self.sheet.glyphs.ascii else " ⋯"
        line: Line = []
        if window.columns.start > 0 and not self.extent.bare:
            line.append(Span(more, palette.low))
        was = False
        for j in window.columns:
            lit = matrix.row in (None, i) and matrix.column in (None, j)
            value = float(matrix.values[i, j])
            known = not unknown or (i, j) in self.known
            text = window.entry(value) if known else UNKNOWN.rjust(window.entry_width)
            ink = palette.ink(value) if known else palette.hi
            line.append((Lit if lit or was else Span)(" ", 0))
            line.append((Lit if lit else Span)(text, ink, lit))
            was = lit
        line.append((Lit if was else Span)(" ", 0))
        if window.columns.stop < matrix.values.shape[1] and not self.extent.bare:
            line.append(Span(f"{more[1:]} ", palette.low))
        return line


class _Window:
    """What is shown of a matrix: about its lit row and column."""

    def __init__(self, matrix: Matrix, extent: Extent, glyphs: Glyphs) -> None:
        m, k = matrix.values.shape
        self._matrix = matrix
        # slopes of relu take one cell each
        self._is_0_or_1 = matrix.slopes and bool(np.isin(matrix.values, (0.0, 1.0)).all())
        self.rows = _about(matrix.row or 0, m, extent.rows)
        first = max(0, min((matrix.column or 0) - (extent.columns - 1) // 2, k - extent.columns))
        self.columns = range(first, min(k, first + extent.columns))
        more = 0 if extent.bare else 2 * (self.columns.start > 0) + 2 * (self.columns.stop < k)
        cells = 3 + (self.entry_width + 1) * len(self.columns) + more
        self.width = max(cells, len(self.size), len(spelled(matrix, glyphs)))

    @property
    def size(self) -> str:
        """The size of the whole matrix: ``4 × 3``, of a column ``4``."""
        m, k = self._matrix.values.shape
        return count(m) if k == 1 else f"{count(m)} × {count(k)}"

    @property
    def entry_width(self) -> int:
        return 1 if self._is_0_or_1 else cells_of(self._matrix.values)

    def entry(self, value: float) -> str:
        return str(int(value)) if self._is_0_or_1 else num(value).rjust(self.entry_width)


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


def _within(equation: Sequence[Part], i: int) -> Sequence[Part]:
    """The parts between the parenthesis at i and its partner."""
    step, depth, j = (1 if equation[i] == "(" else -1), 0, i
    while 0 <= j < len(equation):
        part = equation[j]
        depth += (part == "(") - (part == ")")
        if depth == 0:
            break
        j += step
    return equation[min(i, j) : max(i, j) + 1]


def _matrices_beside(equation: Sequence[Part], i: int) -> list[list[Part]]:
    """The nearest matrices before and after a part, none where there is none."""
    before, after = equation[:i][::-1], equation[i + 1 :]
    return [[part for part in side if isinstance(part, Matrix)] for side in (before, after)]


def _gap(equation: Sequence[Part], i: int, extent: Extent) -> int:
    """The cells before a part: where room is short, none inside parentheses and after √."""
    if i == 0:
        return 0
    tight = equation[i] == ")" or equation[i - 1] in ("(", Name("√"))
    return 0 if tight and not extent.loose else 1


def _width(equation: Sequence[Part], extent: Extent, glyphs: Glyphs) -> int:
    """The cells that the equation takes."""
    cells = 0
    for i, part in enumerate(equation):
        cells += _gap(equation, i, extent)
        if isinstance(part, Matrix):
            cells += _Window(part, extent, glyphs).width
        else:
            text = spelled(part, glyphs)
            cells += len(text) + (2 if extent.loose and text in SIGNS else 0)
    return cells
