"""A legend in rows below a map: what the marks mean, and the scale of colours."""

import numpy as np

from tui.drawing.canvas import Canvas
from tui.drawing.grid import cut
from tui.drawing.text_lines import Line, Span, draw_line, width_of
from tui.model.target_scale import Target
from tui.panes.base.map_legend import LONGEST, MarkRow, scale_texts

BETWEEN = 2  # cells between two meanings
LEAST_BAR, MOST_BAR = 8, 24  # cells of the colour bar


def draw_key_rows(
    canvas: Canvas, marks: list[MarkRow], scale: Target | None, x: int, rows: range
) -> None:
    """As many of the marks' meanings as there is room for, the first ones first, from column x on;
    beside them, if they leave room, the colour scale."""
    width = canvas.width - x
    lines: list[Line] = [[] for _ in rows]
    for mark, ink, text, text_ink in marks:
        part = [Span(mark, ink), Span(f" {cut(text, LONGEST)}", text_ink)]
        fitting = (line for line in lines if _end(line) + width_of(part) <= width)
        if (line := next(fitting, None)) is not None:
            line += [Span(" " * (_end(line) - width_of(line)), 0), *part]
    for y, line in zip(rows, lines, strict=True):
        draw_line(canvas, y, line, x)
    if scale is not None and rows:
        used = _end(lines[-1])
        _draw_scale(canvas, scale, x + used, width - used, rows[-1])


def _end(line: Line) -> int:
    """Where the next part of a line begins."""
    return width_of(line) + BETWEEN if line else 0


def _draw_scale(canvas: Canvas, scale: Target, x: int, width: int, y: int) -> None:
    """The colours between the texts of the scale's ends, if there is room."""
    low, _, high = next(scale_texts(scale))
    cells = min(MOST_BAR, width - len(low) - len(high) - 2)
    if cells < LEAST_BAR:
        return
    canvas.text(x, y, low, canvas.palette.low)
    x += len(low) + 1
    canvas.levels(x, y, np.tile(np.linspace(-scale.reach, scale.reach, cells), (2, 1)))
    canvas.text(x + cells + 1, y, high, canvas.palette.low)
