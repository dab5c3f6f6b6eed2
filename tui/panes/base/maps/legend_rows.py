"""A legend in rows below a map: what the marks mean, and the scale of colours."""

import numpy as np

from tui.drawing.canvas import Canvas
from tui.drawing.grid import cut, tick_texts
from tui.drawing.text_lines import Line, Span, draw_line, flowed, width_of
from tui.model.target_scale import Target
from tui.panes.base.map_legend import MarkRow

LONGEST = 28  # cells of a meaning: of a long name of a class
BETWEEN = 2  # cells between two meanings
LEAST_BAR, MOST_BAR = 8, 24  # cells of the colour bar


def draw_key_rows(
    canvas: Canvas, marks: list[MarkRow], scale: Target | None, x: int, rows: range
) -> None:
    """As many of the marks' meanings as there is room for, the first ones first, from column x on;
    after them, if they leave room, the colour scale."""
    width = canvas.width - x
    parts: list[Line] = [
        [Span(mark, ink), Span(f" {cut(text, LONGEST)}", text_ink)]
        for mark, ink, text, text_ink in marks
    ]
    parts = [part for part in parts if width_of(part) <= width]
    lines = flowed(parts, width, gap=BETWEEN)[: len(rows)]
    for y, line in zip(rows, lines, strict=False):
        draw_line(canvas, y, line, x)
    if scale is None or not rows:
        return
    used = width_of(lines[-1]) + BETWEEN if len(lines) == len(rows) else 0
    _draw_scale(canvas, scale, x + used, width - used, rows[-1])


def _draw_scale(canvas: Canvas, scale: Target, x: int, width: int, y: int) -> None:
    """The colours between the texts of the scale's ends, if there is room."""
    ends = scale.centre - scale.half, scale.centre, scale.centre + scale.half
    low, _, high = next(iter(tick_texts(*ends, scale.centre == 0.0)))
    cells = min(MOST_BAR, width - len(low) - len(high) - 2)
    if cells < LEAST_BAR:
        return
    canvas.text(x, y, low, canvas.palette.low)
    x += len(low) + 1
    canvas.levels(x, y, np.tile(np.linspace(-1.0, 1.0, cells), (2, 1)))
    canvas.text(x + cells + 1, y, high, canvas.palette.low)
