"""The legend of a map or a curve, beside it or below: what the marks mean, the scale of colours."""

from collections.abc import Iterable, Iterator

import numpy as np

from engine.arrays import Array
from tui.drawing.canvas import Canvas
from tui.drawing.grid import Grid, Texts, cut, labels_apart, tick_texts
from tui.drawing.text_lines import Line, Span, draw_line, width_of
from tui.model.target_scale import Target
from tui.panes.base.maps.place import GAP, MAX_WIDTH, MIN_WIDTH

SURE_MARKS = 3  # rows of marks that the colour scale does not displace
LONGEST = 28  # cells of a meaning below a map
BETWEEN = 2  # cells between two meanings
LEAST_BAR, MOST_BAR = 8, 24  # cells of the colour bar

MarkRow = tuple[str, int, str, int]  # a mark with its ink, a text with its ink


def room_of_key(canvas: Canvas, grid: Grid) -> int:
    """The cells that a row of the key has: beside the map, or else below it."""
    beside = canvas.width - grid.left - grid.width - GAP
    return min(beside, MAX_WIDTH) if beside >= MIN_WIDTH else LONGEST


def draw_key(
    canvas: Canvas, marks: list[MarkRow], scale: Target | None, x: int, width: int, rows: range
) -> None:
    """What the marks mean and, of a map, the colour scale: at the bottom of ``rows``, as much
    as there is room for, the first marks first; nothing without marks."""
    if not marks:
        return
    bottom = rows.stop
    if scale is not None and len(rows) >= min(len(marks), SURE_MARKS) + 2:
        levels = np.linspace(-scale.reach, scale.reach, width)
        draw_scale(canvas, x, bottom - 2, levels, _scale_texts(scale))
        bottom -= 2 + (len(rows) >= len(marks) + 3)  # a blank row, if no mark is lost by it
    start = max(rows.start, bottom - len(marks))
    for y, (mark, ink, text, text_ink) in enumerate(marks[: max(0, bottom - start)], start=start):
        canvas.text(x, y, mark, ink)
        canvas.text(x + len(mark) + 1, y, cut(text, width - len(mark) - 1), text_ink)


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
        _draw_scale_line(canvas, scale, x + used, width - used, rows[-1])


def draw_scale(
    canvas: Canvas, x: int, y: int, levels: Array, texts: Iterable[Texts], sizes: bool = False
) -> None:
    """A scale of colours, one a cell, and below it the best of the texts that fits."""
    canvas.levels(x, y, np.tile(levels, (2, 1)), sizes=sizes)
    for column, text in labels_apart(texts, len(levels)):
        canvas.text(x + column, y + 1, text, canvas.palette.low)


def _scale_texts(scale: Target) -> Iterator[Texts]:
    """What may stand at both ends and in the middle of the colours, best first."""
    half = scale.reach * scale.half
    ends = scale.centre - half, scale.centre, scale.centre + half
    return tick_texts(*ends, scale.centre == 0.0)


def _end(line: Line) -> int:
    """Where the next part of a line begins."""
    return width_of(line) + BETWEEN if line else 0


def _draw_scale_line(canvas: Canvas, scale: Target, x: int, width: int, y: int) -> None:
    """The colours between the texts of the scale's ends, if there is room."""
    low, _, high = next(_scale_texts(scale))
    cells = min(MOST_BAR, width - len(low) - len(high) - 2)
    if cells < LEAST_BAR:
        return
    canvas.text(x, y, low, canvas.palette.low)
    x += len(low) + 1
    canvas.levels(x, y, np.tile(np.linspace(-scale.reach, scale.reach, cells), (2, 1)))
    canvas.text(x + cells + 1, y, high, canvas.palette.low)
