"""The plots of screen Approximate: curves over one input, as dots, or in ASCII as signs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engine.arrays import Array
from engine.regions.box import rounded_range
from tui.drawing.canvas import Canvas
from tui.drawing.grid import Box, Grid, margin
from tui.model.approximation.facts import ApproximationFacts
from tui.panes.base.scatter import lit_dots, sign_cells, stroke_dots

AXIS = 1  # rows of the ticks
EDGE = 3  # columns at the right, for the name of the axis
DASH = 4  # dot columns of a dash, and of the gap after it
LARGEST = 1e100  # of what is drawn


class Stroke(NamedTuple):
    """A curve: y (m,) at the dot columns, NaN where there is none, its ink, and its ASCII sign.
    ``dashed`` and ``dotted`` leave gaps."""

    y: Array
    ink: int
    sign: str
    dashed: bool = False
    dotted: bool = False


def plot_grid(canvas: Canvas, box: Box, rows: int) -> Grid:
    """Where a plot lies that takes so many rows from the top, ticks included."""
    left = margin(box[1], canvas.glyphs.y_hat)
    return Grid(left, max(2, canvas.width - left - EDGE), max(1, rows - AXIS), box)


def x_range(facts: ApproximationFacts) -> tuple[float, float]:
    """The range of x of the plots."""
    assert facts.target is not None
    return rounded_range(np.array(facts.target.interval))


def dot_columns(grid: Grid) -> Array:
    """x (m,) in the middle of each column of dots."""
    (low, high), count = grid.box[0], 2 * grid.width
    x: Array = low + (np.arange(count) + 0.5) * (high - low) / count
    return x


def draw_strokes(canvas: Canvas, grid: Grid, strokes: Sequence[Stroke]) -> None:
    """Draw curves, the last on top."""
    dots, x = Grid(0, 2 * grid.width, 4 * grid.height, grid.box), dot_columns(grid)
    owners = np.full((dots.height, dots.width), -1)
    for number, stroke in enumerate(strokes):
        seen = np.isfinite(stroke.y) & (np.abs(stroke.y) < LARGEST)
        lit = np.zeros(owners.shape, dtype=np.bool_)
        if seen.sum() > 1:
            draw = lit_dots if stroke.dotted else stroke_dots
            lit = draw(dots, x[seen], stroke.y[seen])
        if stroke.dashed:
            lit &= (np.arange(dots.width) // DASH % 2 == 0)[None, :]
        if canvas.glyphs.ascii:
            sign_cells(canvas, grid, lit, stroke.sign, stroke.ink)
        owners[lit] = number
    if not canvas.glyphs.ascii and strokes:
        canvas.dots(grid.left, 0, owners, [stroke.ink for stroke in strokes])
