"""The curve of ŷ over one input, with its knots, over the examples."""

import numpy as np

from engine.arrays import Array
from tui.drawing.canvas import Canvas
from tui.drawing.grid import Grid
from tui.model.activation_samples import raster_of
from tui.model.frame import Frame
from tui.model.target_scale import Target
from tui.panes.base.maps.examples import draw_examples
from tui.panes.base.maps.legend import MarkRow


def draw_curve(canvas: Canvas, grid: Grid, frame: Frame, target: Target) -> list[MarkRow]:
    """Draw ŷ with its knots, where those of this step are known; returns what the marks mean."""
    glyphs, palette = canvas.glyphs, canvas.palette
    grid.draw_level(canvas, 0.0)
    for row in range(grid.height):
        canvas.text(grid.left + grid.column(frame.cursor[0]), row, glyphs.rule, palette.low)

    key = draw_examples(canvas, grid, frame, target)
    values = raster_of(frame).outputs[target.unit]
    canvas.dots(grid.left, 0, grid.curve_dots(values), palette.hi)

    knots = knot_points(frame, target.unit)
    if knots is not None and len(knots):
        grid.mark(canvas, knots, glyphs.network, palette.hi)
        key.insert(-1, (glyphs.network, palette.hi, "knot", palette.low))
    return key


def knot_points(frame: Frame, unit: int) -> Array | None:
    """x and ŷ (K, 2) of the knots in the data's own units, if those of this step are known."""
    regions, scale = frame.regions, frame.data.x_scale
    if regions.knots is None or regions.step != frame.step:
        return None
    x = regions.knots.x * scale.sd[0] + scale.mean[0]
    return np.column_stack([x, frame.outputs(x[:, None])[:, unit]])
