"""The output pane: ŷ over the plane or line of inputs that is shown, with the examples on it."""

from typing import cast

import numpy as np
from numpy.typing import NDArray
from textual import events

from engine.activations import Array
from tui.canvas import Canvas
from tui.frame import Frame
from tui.panes.examples import draw_examples, positions
from tui.panes.grid import Box, Grid, margin
from tui.panes.pane import Pane
from tui.panes.readout import LEAST, MOST, MarkRow, draw_cursor, draw_key
from tui.raster import level_segments, raster_of
from tui.strokes import line_coverage
from tui.target import Target, decision, target_of
from tui.view import rounded_range

GAP = 2  # cells between the map and the read-out
LEAST_MAP = 12  # pixels below which a map does not shrink to make room for the read-out
LEAST_CURVE = 16  # cells across, likewise
BORDERS_FROM = 32  # pixels from which on the borders of regions are drawn
FIRST_LAYER, DEEPER_LAYERS = 0.5, 0.25  # how strongly their borders show

Bools = NDArray[np.bool_]


class OutputPane(Pane):
    """A map of ŷ over two inputs, or its curve over one, with the examples and a cursor."""

    HELP = """
Output: the network's ŷ over the inputs, blue below and orange above the middle of the scale.
Dots are examples by their target, dim ones are test examples; × is in the wrong class.
The bright line is where the decision flips, fainter ones border the linear regions.
h j k l and the up and down arrows move the cursor; beside the map stands what holds there.
A click puts the cursor somewhere, and selects an example that lies there.
p shows another pair of inputs, where there are more than two.
"""

    _grid: Grid | None = None

    def titles(self, frame: Frame) -> tuple[str, str]:
        data, axes = frame.data, frame.view.axes
        inputs = ", ".join(data.feature_names[axis] for axis in axes)
        held = "others at mean" if data.X.shape[1] > len(axes) else ""
        if frame.network.sizes[-1] == 1:
            return f"Output ŷ({inputs})", held
        unit, labels = target_of(frame).unit, data.target_names
        label = labels[unit] if unit < len(labels) else f"class {unit + 1}"
        return f"Output P({label} | {inputs})", held

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        with np.errstate(all="ignore"):  # a diverging network's numbers may overflow
            self._draw(canvas, frame)

    def _draw(self, canvas: Canvas, frame: Frame) -> None:
        target = target_of(frame)
        flat = len(frame.view.axes) == 2
        self._grid = grid = _grid(canvas, frame, target)
        key = (_draw_map if flat else _draw_line)(canvas, grid, frame, target)
        selected = positions(frame, target)[[frame.example]]
        grid.mark(canvas, selected, canvas.glyphs.example, canvas.palette.hi)
        names = [frame.data.feature_names[axis] for axis in frame.view.axes]
        y_hat = float(frame.outputs(frame.cursor[None, :])[0, target.unit])
        grid.draw_cursor(canvas, frame.cursor if flat else np.array([frame.cursor[0], y_hat]))
        grid.draw_axes(canvas, names[0], names[1] if flat else canvas.glyphs.y_hat)

        x = grid.left + grid.width + GAP
        width = min(canvas.width - x, MOST)
        if width >= LEAST:
            used = draw_cursor(canvas, frame, target, x, width, grid.height)
            rows = range(used + 1, grid.height)
            draw_key(canvas, key, target if flat else None, x, width, rows)

    def move(self, dx: int, dy: int) -> None:
        """Move the cursor by cells."""
        if self.view is not None and self._grid is not None:
            steps = self._grid.steps * [dx, -dy]
            self.post_message(self.CursorMoved(self.view.cursor + steps[: len(self.view.cursor)]))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor there, and select the nearest example in that cell or beside it."""
        offset, frame, grid = event.get_content_offset(self), self.view, self._grid
        if offset is None or frame is None or grid is None:
            return
        column, row = offset.x - grid.left, offset.y
        if not (0 <= column < grid.width and 0 <= row < grid.height):
            return
        point = grid.middle(column, row)
        self.post_message(self.CursorMoved(point[: len(frame.cursor)]))
        distances = np.abs((positions(frame, target_of(frame)) - point) / grid.steps)
        nearest = int(np.hypot(*distances.T).argmin())
        if distances[nearest].max() < 1.5:
            self.post_message(self.ExampleSelected(nearest))


def _grid(canvas: Canvas, frame: Frame, target: Target) -> Grid:
    """Where the map or the curve goes: the read-out gets its columns where both have room."""
    rows, axes = canvas.height - 1, frame.view.axes
    if len(axes) == 2:
        box = cast(Box, frame.view.box)
        left = margin(box[1], frame.data.feature_names[axes[1]])
        free = canvas.width - left
        beside = min(2 * rows, free - GAP - LEAST)
        size = beside if beside >= LEAST_MAP else min(2 * rows, free)
        size = max(2, size - size % 2)
        return Grid(left, size, size // 2, box)
    box = frame.view.box[0], rounded_range(target.values)
    left = margin(box[1], canvas.glyphs.y_hat)
    free = canvas.width - left
    beside = free - GAP - min(MOST, max(LEAST, free // 4))
    return Grid(left, max(1, beside if beside >= LEAST_CURVE else free), max(1, rows), box)


def _draw_map(canvas: Canvas, grid: Grid, frame: Frame, target: Target) -> list[MarkRow]:
    """ŷ over two inputs in colours, with borders and examples; returns what the marks mean."""
    raster, size, bright = raster_of(frame), grid.width, canvas.palette.hi
    pixels = [raster.output(unit, size) for unit in range(len(raster.outputs))]
    lines = [(coverage, bright) for coverage in _borders(frame, size)]
    decided = decision(frame, target, pixels)
    if decided is not None:
        lines.append((line_coverage(size, size, level_segments(decided)), bright))
    canvas.levels(grid.left, 0, target.fraction(pixels[target.unit]), lines)
    return draw_examples(canvas, grid, frame, target)


def _borders(frame: Frame, size: int) -> list[Array]:
    """Coverages of the pixels by the borders of regions, weighted by how strong they are."""
    regions = frame.regions
    if size < BORDERS_FROM or regions.map is None or regions.step != frame.step:
        return []
    (x_low, x_high), (y_low, y_high) = frame.view.network_box(frame.data)
    segments = regions.map.edges - [x_low, y_high, x_low, y_high]
    segments *= np.array([1.0, -1.0, 1.0, -1.0]) * size
    segments /= [x_high - x_low, y_high - y_low] * 2
    first = regions.map.edge_layers == 1
    return [
        strength * line_coverage(size, size, segments[chosen])
        for chosen, strength in ((~first, DEEPER_LAYERS), (first, FIRST_LAYER))
    ]


def _draw_line(canvas: Canvas, grid: Grid, frame: Frame, target: Target) -> list[MarkRow]:
    """ŷ over one input as a curve with its knots, over the examples; returns what marks mean."""
    glyphs, palette = canvas.glyphs, canvas.palette
    low, high = grid.box[1]
    if low < 0.0 < high:
        canvas.text(grid.left, grid.row(0.0), glyphs.dash * grid.width, palette.line)
    for row in range(grid.height):
        canvas.text(grid.left + grid.column(frame.cursor[0]), row, glyphs.rule, palette.low)

    bare = canvas.chars.copy()
    key = draw_examples(canvas, grid, frame, target)
    marked, inks = canvas.chars != bare, canvas.ink.copy()
    values = raster_of(frame).outputs[target.unit]
    dots = _curve_dots((high - values) / (high - low), 2 * grid.width, 4 * grid.height)
    canvas.dots(grid.left, 0, dots, palette.hi)
    canvas.ink[marked] = inks[marked]  # where the curve covers an example, it has its colour

    regions, scale = frame.regions, frame.data.x_scale
    if regions.knots is not None and regions.step == frame.step:
        x = regions.knots.x * scale.sd[0] + scale.mean[0]
        points = np.column_stack([x, frame.outputs(x[:, None])[:, target.unit]])
        grid.mark(canvas, points, glyphs.network, palette.hi)
        key.insert(-1, (glyphs.network, palette.hi, "knot", palette.low))
    return key


def _curve_dots(depths: Array, width: int, height: int) -> Bools:
    """Dots (height, width) of a curve through samples of its depth, 0 at the top … 1: in each
    column those between its heights at the column's sides, one at least."""
    samples = (np.arange(len(depths)) + 0.5) / len(depths)
    ends = height * np.interp(np.arange(width + 1) / width, samples, depths)
    with np.errstate(invalid="ignore"):
        first = np.ceil(np.minimum(ends[:-1], ends[1:]) - 0.5)
        last = np.maximum(np.ceil(np.maximum(ends[:-1], ends[1:]) - 0.5) - 1.0, first)
    row = np.arange(height)[:, None]
    return (first <= row) & (row <= last)
