"""The curve over one input, with its pieces numbered and the one at the cursor shaded."""

import numpy as np

from engine.arrays import Array
from engine.regions.box import rounded_range
from tui.drawing.canvas import Canvas
from tui.drawing.grid import LONGEST_NAME, Grid, margin
from tui.model.frame import Frame
from tui.model.target_scale import Target
from tui.panes.base.maps.curve import draw_curve, knot_points
from tui.panes.base.maps.examples import mark_example
from tui.panes.base.maps.legend import MarkRow
from tui.panes.regions.map_labels import WALK_START

LEGEND_FROM = 14, 30  # rows from which on there is one for the legend, and two


def legend_rows(height: int) -> int:
    """The rows of the legend below a map or a curve, of a pane with so many."""
    return sum(height >= start for start in LEGEND_FROM)


def pieces_grid(canvas: Canvas, frame: Frame, target: Target) -> Grid:
    """All of the canvas but the axes and a row for the legend."""
    rows = int(canvas.height >= LEGEND_FROM[0])
    box = frame.view.box[0], rounded_range(target.values)
    left = margin(box[1], canvas.glyphs.y_hat)
    right = min(len(frame.view.names[0]), LONGEST_NAME) + 1
    return Grid(left, max(1, canvas.width - left - right), max(1, canvas.height - 1 - rows), box)


def draw_pieces(canvas: Canvas, grid: Grid, frame: Frame, target: Target) -> list[MarkRow]:
    """The curve, a lighter ground along the cursor's piece, and the number of each piece at the
    knot where it begins; returns the rows of the legend."""
    knots = knot_points(frame, target.unit)
    if knots is None:
        key = draw_curve(canvas, grid, frame, target)
        mark_example(canvas, grid, frame, target)
        return key
    at = int(np.searchsorted(knots[:, 0], frame.cursor[0]))
    ends = np.concatenate([grid.box[0][:1], knots[:, 0], grid.box[0][1:]])
    first, last = grid.column(ends[at]), grid.column(ends[at + 1])
    canvas.paint(grid.left + first, 0, last - first + 1, grid.height, canvas.palette.sel)
    key = draw_curve(canvas, grid, frame, target)
    mark_example(canvas, grid, frame, target)
    _number(canvas, grid, knots)
    if frame.walk_start is not None:
        column = grid.left + grid.column(frame.walk_start[0])
        canvas.text(column, grid.height - 1, WALK_START, canvas.palette.hi, bold=True)
    return key


def _number(canvas: Canvas, grid: Grid, knots: Array) -> None:
    """Write at each knot the number of the piece that begins there, in a free place around it."""
    free = (" ", canvas.glyphs.dash, canvas.glyphs.rule)
    numbered = np.zeros(canvas.chars.shape, dtype=np.bool_)
    for number, (column, row) in enumerate(grid.cells(knots).tolist(), start=2):
        text = str(number)
        for x, y in grid.label_places(column, row, len(text)) if column >= 0 else ():
            start, end = grid.left + x, grid.left + x + len(text)
            is_free = np.isin(canvas.chars[y, start:end], free).all()
            if is_free and not numbered[y, start - 1 : end + 1].any():
                canvas.text(start, y, text, canvas.palette.mid)
                numbered[y, start:end] = True
                break
