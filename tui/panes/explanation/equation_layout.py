"""An equation with its numbers: matrices in brackets below their names, with signs between."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from engine.explain.explanation import Matrix
from tui.drawing.canvas import Canvas
from tui.drawing.matrix_layout import in_brackets
from tui.drawing.table import Sheet
from tui.drawing.text_lines import Line, Span, draw_line, width_of
from tui.panes.explanation.cell_fill import ground_of, is_filled
from tui.panes.explanation.column_digits import is_cost, unsigned
from tui.panes.explanation.equation_extent import (
    HEAD,
    SIGNS,
    Extent,
    Part,
    Window,
    extent_of,
    folded,
    gap_before,
    is_whole,
    omits_entries,
    spelled,
    tallest,
)

UNKNOWN = "?"  # for a number that the user is to guess
PARENTHESES = {"(": "╭│╰", ")": "╮│╯"}
ASCII_PARENTHESES = {"(": "(((", ")": ")))"}
Entry = tuple[int, int]  # row, column


class Lit(Span):
    """A piece of a line with the background of a selection."""


@dataclass(frozen=True)
class Filled(Span):
    """A piece of a line with a ground of its own."""

    ground: int = 0


def draw_lit(canvas: Canvas, y: int, line: Line, x: int = 0) -> None:
    """Write a line, parts of which may be lit, from column x on."""
    start = x
    for span in line:
        if isinstance(span, Lit):
            canvas.paint(start, y, len(span.text), 1, canvas.palette.sel)
        elif isinstance(span, Filled):
            canvas.paint(start, y, len(span.text), 1, span.ground)
        start += len(span.text)
    draw_line(canvas, y, line, x)


def equation_lines(
    equation: Sequence[Part],
    rows: int,
    sheet: Sheet,
    unknown: Collection[int] = (),
    known: Collection[Entry] = (),
    head: int = HEAD,
    height: int = 0,
) -> list[Line] | None:
    """The equation with at most so many rows of its matrices and as many columns as there is
    room for; None where there is not room for one. ``unknown``: the parts with ? for numbers, but
    for their ``known`` entries.

    If not all entries fit that the result needs, it goes on below, on at most ``height`` lines.
    """
    extent = extent_of(equation, rows, head, sheet)
    on_one_line = _Blocks(extent, sheet, unknown, known).lines(equation) if extent else None
    if extent and not omits_entries(equation, extent, sheet):
        return on_one_line
    if extent and not is_whole(equation, rows, sheet, head, height):
        return on_one_line
    lines: list[Line] = []
    for start, part in folded(equation, rows, sheet):
        extent = extent_of(part, rows, head, sheet)
        if extent is None:
            return None
        of_part = {i - start for i in unknown if start <= i < start + len(part)}
        lines += _Blocks(extent, sheet, of_part, known).lines(part)
    return lines if len(lines) <= height else None


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
                block = self._matrix(part, self.extent.columns[i], i in self.unknown)
            else:
                block = self._sign(equation, i)
            width = max(map(width_of, block))
            blank: list[Line] = [[] for _ in range(height - len(block))]
            gap = Span(" " * gap_before(equation, i, self.extent), 0)
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

    def _matrix(self, matrix: Matrix, columns: int, unknown: bool) -> list[Line]:
        """A matrix below its name and its size, both in its middle."""
        glyphs, palette, extent = self.sheet.glyphs, self.sheet.palette, self.extent
        window = Window(matrix, extent, columns, glyphs)
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

    def _row(self, matrix: Matrix, window: "Window", i: int, unknown: bool) -> Line:
        palette, tight, columns = self.sheet.palette, self.extent.tight, window.columns
        more = "…" if self.sheet.glyphs.ascii else "⋯"
        line: Line = []
        if before := columns.start > 0:
            line.append(Span(more if tight else f" {more}", palette.low))
        was, peak = False, self._peak(matrix, unknown)
        for j in columns:
            lit = matrix.row in (None, i) and matrix.column in (None, j)
            value = float(matrix.values[i, j])
            known = not unknown or (i, j) in self.known
            text = window.entry(value) if known else UNKNOWN.rjust(window.entry_width)
            ink = palette.ink(value) if known else palette.hi
            if known and is_cost(matrix.name):
                text, ink = unsigned(text), palette.hi
            if not (tight and before and j == columns.start):
                line.append((Lit if lit or was else Span)(" ", 0))
            if peak and known and value and not lit:
                ground = ground_of(value / peak, palette)
                line.append(Filled(text, palette.hi, ground=ground))
            else:
                line.append((Lit if lit else Span)(text, ink, lit))
            was = lit
        after = columns.stop < matrix.values.shape[1]
        if not (tight and after):
            line.append((Lit if was else Span)(" ", 0))
        if after:
            line.append(Span(more if tight else f"{more} ", palette.low))
        return line

    def _peak(self, matrix: Matrix, unknown: bool) -> float:
        """The largest size of the visible entries; 0.0 if they are to have no grounds."""
        if not (is_filled(matrix) and self.sheet.colour):
            return 0.0
        values = matrix.values
        if unknown:
            values = np.array([values[i, j] for i, j in self.known])
        sizes = np.abs(values[np.isfinite(values)]) if np.size(values) else np.zeros(1)
        return float(sizes.max(initial=0.0))


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
