"""The fit over two inputs: μ in colours, the examples, and where model and network decide."""

import numpy as np

from engine.arrays import Bools
from tui.drawing.braille import line_dots
from tui.drawing.canvas import Canvas
from tui.drawing.grid import Grid, short
from tui.drawing.numbers import WIDE, num
from tui.drawing.text_lines import Line, Span, draw_line, flowed, width_of
from tui.model.frame import Frame
from tui.model.target_scale import target_of
from tui.panes.base.maps.examples import draw_cursor_and_example
from tui.panes.base.maps.legend import MarkRow, draw_key
from tui.panes.base.maps.lines import decision_segments
from tui.panes.base.maps.output import draw_map, map_on
from tui.panes.base.maps.place import GAP
from tui.panes.glm.axes import EVERY
from tui.panes.glm.cursor_lines import cursor_lines, labelled_values, mean_at_cursor

DOTTED_WIDTH = 2  # of the network's decision: see ``line_dots``
BESIDE = 24  # cells of the read-out beside the map, at the most


def draw_fit_map(canvas: Canvas, frame: Frame, model: Frame, with_network: bool) -> Grid:
    """Draw the largest map with its read-out beside it, or else in the rows below it. Returns where
    it lies."""
    target = target_of(model)
    grid, place = map_on(canvas, model, target, may_shrink=False)
    key = draw_map(canvas, grid, model, target)
    if with_network:
        _dot_decision(canvas, grid, frame)
    draw_cursor_and_example(canvas, grid, model, target, canvas.glyphs.y_hat)
    if place.read_out is not None and not place.read_out_below:
        _draw_beside(canvas, grid, frame, model, key)
        return grid
    lines = cursor_lines(canvas, frame, model, canvas.width)
    lines += _key_lines(key, canvas.width)
    for y, line in enumerate(lines[: canvas.height - grid.height - 1], start=grid.height + 1):
        draw_line(canvas, y, line)
    return grid


def _draw_beside(
    canvas: Canvas, grid: Grid, frame: Frame, model: Frame, key: list[MarkRow]
) -> None:
    """The cursor's place and the values there from the top, what the marks mean at the bottom."""
    palette, glyphs = canvas.palette, canvas.glyphs
    x, target = grid.left + grid.width + GAP, target_of(model)
    width = min(canvas.width - x, BESIDE)
    canvas.text(x, 0, f"{glyphs.cursor} ", palette.hi)
    canvas.text(x + 2, 0, "cursor", palette.hi, bold=True)
    means = mean_at_cursor(model), mean_at_cursor(frame)
    y = 1
    for name, value in _places(frame, width):
        canvas.text(x, y, name, palette.low)
        canvas.right(x + width, y, value, palette.hi)
        y += 1
    for name, span in labelled_values(canvas, frame, means):
        name = name if len(name) + 1 + WIDE <= width else name.replace("network", "net")
        canvas.text(x, y, name, palette.low)
        canvas.right(x + width, y, span.text, span.ink, bold=span.bold)
        y += 1
    widest = max((len(mark) + 1 + len(text) for mark, _, text, _ in key), default=0)
    if len(key) <= grid.height - y - 1 and widest <= width:
        draw_key(canvas, key, target, x, width, range(y + 1, grid.height))
        return
    lines = _key_lines(key, canvas.width - x)  # the map is low: side by side
    for row, line in enumerate(lines, start=max(y, grid.height - len(lines))):
        if row < grid.height:
            draw_line(canvas, row, line, x)


def _places(frame: Frame, width: int) -> list[tuple[str, str]]:
    names = frame.view.names
    values = [num(value, WIDE).strip() for value in frame.cursor.tolist()]
    room = width - WIDE - 1
    return [(short(name, room, names), value) for name, value in zip(names, values, strict=True)]


def _key_lines(key: list[MarkRow], width: int) -> list[Line]:
    """What the marks mean, in lines of so many cells."""
    parts: list[Line] = [
        [Span(mark, ink), Span(f" {text}", text_ink)] for mark, ink, text, text_ink in key
    ]
    return flowed([part for part in parts if width_of(part) <= width], width, gap=2)


def _dot_decision(canvas: Canvas, grid: Grid, frame: Frame) -> None:
    """The network's decision, in the cells without a mark."""
    segments = decision_segments(frame, target_of(frame), grid.box, grid.width)
    widths = np.full(len(segments), DOTTED_WIDTH)
    dots = line_dots(grid.width, grid.height, 2.0 * segments, widths) >= 0
    glyphs = canvas.glyphs
    cells = canvas.chars[: grid.height, grid.left : grid.left + grid.width]
    marks = [glyphs.point_positive, glyphs.point_negative, glyphs.wrong, glyphs.example]
    marks += [glyphs.test_positive, glyphs.test_negative, glyphs.test_wrong]
    free: Bools = ~np.isin(cells, [*marks, glyphs.cursor])
    shown = np.zeros_like(dots)
    shown[: 4 * free.shape[0], : 2 * free.shape[1]] = np.kron(free, np.ones((4, 2), dtype=np.bool_))
    place = np.add.outer(np.arange(len(dots)), np.arange(dots.shape[1]))
    canvas.dots(grid.left, 0, dots & shown & (place % (EVERY // 2) == 0), canvas.palette.mid)
