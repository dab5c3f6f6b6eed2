"""The target, and the curve that follows it."""

from __future__ import annotations

import numpy as np

from tui.drawing.canvas import Canvas
from tui.drawing.grid import Grid, margin
from tui.model.approximation.facts import ApproximationFacts
from tui.model.frame import Frame
from tui.model.view import rounded_range
from tui.panes.base.pane import Pane
from tui.panes.base.scatter import lit_dots, stroke_dots


class CurvePane(Pane):
    """The target as dots, the chosen method's curve through it."""

    HELP = """
Approximation: the target as dots, and the curve of the chosen method.
"""
    IS_MAP = True

    def titles(self, frame: Frame) -> tuple[str, str]:
        return "Approximation", ""

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        facts = frame.approximation
        self._grid = None
        if facts is None or facts.target is None or facts.chosen is None:
            return
        self._grid = grid = _grid(canvas, facts)
        grid.draw_axes(canvas, "x", canvas.glyphs.y_hat)
        dots = Grid(0, 2 * grid.width, 4 * grid.height, grid.box)
        x = np.array([dots.middle(column, 0)[0] for column in range(dots.width)])
        target = lit_dots(dots, facts.target.x, facts.target.y)
        curve = stroke_dots(dots, x, facts.chosen.values(x))
        owners = np.select([curve, target], [1, 0], -1)
        canvas.dots(grid.left, 0, owners, [canvas.palette.mid, canvas.palette.hi])


def _grid(canvas: Canvas, facts: ApproximationFacts) -> Grid:
    assert facts.target is not None
    box = rounded_range(facts.target.x), rounded_range(facts.target.y)
    left = margin(box[1], canvas.glyphs.y_hat)
    return Grid(left, max(2, canvas.width - left - 3), max(1, canvas.height - 1), box)
