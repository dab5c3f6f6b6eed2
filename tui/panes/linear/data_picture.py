"""The picture of screen Linear: the data with the line of least squares and the network's curve,
or with several inputs ŷ of both by y."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from engine.arrays import Array, Bools, Ints
from tui.drawing.canvas import Canvas
from tui.drawing.glyphs import Glyphs
from tui.drawing.grid import Grid
from tui.panes.base.interval_plot import POINT
from tui.panes.base.scatter import (
    EVERY,
    Range,
    draw_number,
    lit_dots,
    sign_cells,
    stroke_dots,
)

DASH = 4  # dot columns of a dash of the fit's line, and of the gap after it
MAX_RESIDUALS = 30  # examples up to which every residual is drawn

Predictor = Callable[[Array], Array | None]  # ŷ (m,) at x (m,); None if it is not finite


@dataclass(frozen=True, eq=False)
class Residual:
    """The distance of examples at x (n,) from y to ŷ (n,)."""

    x: Array
    y: Array
    fitted: Array


@dataclass(frozen=True, eq=False)
class DataPicture:
    """Marks and curves in a box; everything is in the data's own units.

    With one input the ``filled`` marks are training examples and the ``hollow`` ones test
    examples; with several they are ŷ of least squares and of the network by y.
    """

    x_range: Range
    y_range: Range
    filled: tuple[Array, Array]  # x, y (n,)
    hollow: tuple[Array, Array]
    residuals: Residual
    selected: tuple[float, float, int] | None  # x, y and the number of the example, from 1
    fit: Predictor | None = None
    network: Predictor | None = None
    diagonal: bool = False  # whether y = x is drawn

    def ends(self) -> tuple[float, float]:
        """ŷ of both curves at the right edge; NaN where there is none."""
        x = np.array([self.x_range[1]])
        values = [None if curve is None else curve(x) for curve in (self.fit, self.network)]
        fit, network = (np.nan if value is None else float(value[0]) for value in values)
        return fit, network


def draw_picture(canvas: Canvas, grid: Grid, picture: DataPicture) -> None:
    """Draw it into a grid whose axes are drawn."""
    over = len(picture.filled[0]) <= 2 * grid.width  # more points would hide the curves
    if not over:
        _draw_points(canvas, grid, picture)
    _draw_lines(canvas, grid, picture)
    if over:
        _draw_points(canvas, grid, picture)
    if picture.selected is None:
        return
    x, y, number = picture.selected
    column, row = grid.cells(_inside(grid, np.array([x]), np.array([y])))[0].tolist()
    if column < 0:
        return
    canvas.text(grid.left + column, row, canvas.glyphs.example, canvas.palette.hi, bold=True)
    mark = {(grid.left + column, row)}
    draw_number(canvas, grid, (column, row), str(number), mark, True)


def _draw_lines(canvas: Canvas, grid: Grid, picture: DataPicture) -> None:
    """The residuals, the diagonal or the fit, and over these the network's curve."""
    palette, glyphs = canvas.palette, canvas.glyphs
    dots = Grid(0, 2 * grid.width, 4 * grid.height, grid.box)
    x = np.array([dots.middle(column, 0)[0] for column in range(dots.width)])
    residuals, fit = _residual_dots(dots, picture.residuals), _curve_dots(dots, picture.fit, x)
    fit &= (np.arange(dots.width) // DASH % 2 == 0)[None, :]
    if picture.diagonal:
        fit |= lit_dots(dots, x[::EVERY], x[::EVERY])
    network = _curve_dots(dots, picture.network, x)
    if glyphs.ascii:
        sign_cells(canvas, grid, residuals, glyphs.rule, palette.low)
        sign_cells(canvas, grid, fit, glyphs.dash, palette.mid)
        sign_cells(canvas, grid, network, glyphs.bar, palette.hi)
        return
    owners = np.select([network, fit, residuals], [2, 1, 0], -1)
    inks = [palette.line, palette.low if picture.diagonal else palette.mid, palette.hi]
    canvas.dots(grid.left, 0, owners, inks, clearing=1)


def _curve_dots(dots: Grid, curve: Predictor | None, x: Array) -> Bools:
    y = None if curve is None else curve(x)
    if y is None:
        return np.zeros((dots.height, dots.width), dtype=np.bool_)
    return stroke_dots(dots, x, y)


def _residual_dots(dots: Grid, residuals: Residual) -> Bools:
    lit = np.zeros((dots.height, dots.width), dtype=np.bool_)
    for x, *ends in zip(residuals.x, residuals.y, residuals.fitted, strict=True):
        first, last = sorted(dots.row(float(y)) for y in ends)
        lit[first : last + 1, dots.column(float(x))] = True
    return lit


def _draw_points(canvas: Canvas, grid: Grid, picture: DataPicture) -> None:
    """Hollow and filled marks; those above or below the box are arrows at its edge."""
    palette, (low, high) = canvas.palette, grid.box[1]
    filled, hollow = marks_of(canvas.glyphs, picture.diagonal)
    marks = [(picture.hollow, hollow, palette.mid), (picture.filled, filled, palette.mid)]
    if picture.diagonal:  # the network on top
        marks = [(picture.filled, filled, palette.mid), (picture.hollow, hollow, palette.hi)]
    for (x, y), mark, ink in marks:
        cells = grid.cells(_inside(grid, x, y))
        for chosen, sign in ((y > high, "↑"), (y < low, "↓"), ((y >= low) & (y <= high), mark)):
            columns, rows = cells[chosen & (cells[:, 0] >= 0)].T
            canvas.marks(columns + grid.left, rows, sign, ink)


def marks_of(glyphs: Glyphs, diagonal: bool) -> tuple[str, str]:
    """The filled and the hollow mark: as in the table beside, or of training and test examples."""
    if diagonal:
        return POINT, glyphs.network
    return ("o", "+") if glyphs.ascii else (glyphs.point_positive, glyphs.point_negative)


def _inside(grid: Grid, x: Array, y: Array) -> Array:
    """Points (n, 2), with y in the middle of the nearest row of the box."""
    (low, high), half = grid.box[1], 0.5 * grid.steps[1]
    return np.column_stack([x, np.clip(y, low + half, high - half)])


def shown_residuals(residuals: Residual, rows: Ints, example: int) -> Residual:
    """All residuals of few examples; of many that of the selected one alone."""
    if len(rows) <= MAX_RESIDUALS:
        return residuals
    chosen = rows == example
    return replace(
        residuals,
        x=residuals.x[chosen],
        y=residuals.y[chosen],
        fitted=residuals.fitted[chosen],
    )
