"""A function as a curve on a canvas, with marked points and the tangent at one of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from engine.arrays import Array
from tui.drawing.braille import line_dots
from tui.drawing.canvas import Canvas
from tui.drawing.grid import Grid
from tui.drawing.text_lines import Line, draw_line, fitting_lines

POINT, OTHER = "●", "•"
SAMPLES = 4  # a column of cells
MARGIN = 0.12  # of a range, at either end
REACH = 0.22  # of the width of the picture, that the tangent goes to either side
MAX_SENTENCE = 2  # lines
FEWEST_ROWS = 5  # of the curve, with the names of its axes


@dataclass(frozen=True)
class Point:
    """A point of the curve; one without a ``label`` is small."""

    x: float
    y: float
    label: str = ""
    selected: bool = False


@dataclass(frozen=True, eq=False)
class FunctionPicture:
    """``function`` over ``low`` … ``high``. ``slope``: of the tangent at the selected point, None
    for no tangent. ``target``: an x that is marked on the axis, with its name. ``sentences``: what
    can be seen, the longest form first."""

    function: Callable[[Array], Array]
    low: float
    high: float
    x_name: str
    y_name: str
    points: Sequence[Point] = ()
    slope: float | None = None
    target: tuple[float, str] | None = None
    sentences: Sequence[str] = ()

    def samples(self, count: int) -> Array:
        """Heights (count,) in the middles of so many parts of the range."""
        x = self.low + (np.arange(count) + 0.5) / count * (self.high - self.low)
        with np.errstate(all="ignore"):
            return self.function(x)

    def grid(self, width: int, height: int) -> Grid:
        """Where the curve is drawn, in so many cells: the rows of the sentence taken off."""
        heights = self.samples(SAMPLES * width)
        heights = heights[np.isfinite(heights)]
        ends = [*(p.y for p in self.points), 0.0]
        # a curve that has a pole is cut off a little above its points
        top = 2.5 * max(abs(y) for y in ends) or 1.0
        inside = heights[np.abs(heights) <= max(top, float(np.median(np.abs(heights))) * 3.0)]
        low, high = min([*inside, *ends]), max([*inside, *ends])
        span = (high - low) or 1.0
        low, high = low - MARGIN * span, high + MARGIN * span
        rows = height - len(self._sentence(width, height))
        step = (high - low) / rows
        shift = (0.5 - high / step % 1.0) * step  # 0 lies in the middle of its row
        return Grid(0, width, rows, ((self.low, self.high), (low + shift, high + shift)))

    def _sentence(self, width: int, height: int, ink: int = 0) -> list[Line]:
        """The longest form that fits below the curve, in lines."""
        return fitting_lines(self.sentences, ink, width, min(MAX_SENTENCE, height - FEWEST_ROWS))

    def draw(self, canvas: Canvas) -> None:
        """Draw it over the whole canvas."""
        palette, glyphs = canvas.palette, canvas.glyphs
        grid = self.grid(canvas.width, canvas.height)
        (x_low, x_high), (y_low, y_high) = grid.box
        canvas.text(0, grid.row(0.0), glyphs.dash * grid.width, palette.line)
        if x_low < 0.0 < x_high:
            for row in range(grid.height):
                canvas.text(grid.column(0.0), row, glyphs.rule, palette.line)
        heights = self.samples(SAMPLES * grid.width)
        inside = (y_low <= heights) & (heights <= y_high)
        canvas.dots(0, 0, grid.curve_dots(np.where(inside, heights, np.nan)), palette.mid)
        self._draw_tangent(canvas, grid)
        self._draw_names(canvas, grid)
        self._draw_points(canvas, grid)
        sentence = self._sentence(canvas.width, canvas.height, palette.mid)
        for y, line in enumerate(sentence, start=grid.height):
            draw_line(canvas, y, line)

    def tangent(self, grid: Grid) -> tuple[float, float, float, float] | None:
        """The tangent's ends x0, y0, x1, y1, as long for every slope as they look."""
        chosen = next((point for point in self.points if point.selected), None)
        if chosen is None or self.slope is None or not np.isfinite(self.slope):
            return None
        width, height = grid.steps / [2.0, 4.0]  # of a dot
        reach = REACH * 2 * grid.width
        along = reach / np.hypot(1.0, self.slope * width / height) * width
        return (
            chosen.x - along,
            chosen.y - self.slope * along,
            chosen.x + along,
            chosen.y + self.slope * along,
        )

    def _draw_tangent(self, canvas: Canvas, grid: Grid) -> None:
        ends = self.tangent(grid)
        if ends is None or self.slope is None:
            return
        (x_low, _), (_, y_high) = grid.box
        x, y = np.array(ends[0::2]), np.array(ends[1::2])
        across = (x - x_low) / grid.steps[0] * 2
        down = (y_high - y) / grid.steps[1] * 4
        segment = [[across[0], down[0], across[1], down[1]]]
        owners = line_dots(grid.width, grid.height, segment, [2])
        ink = canvas.palette.ink(self.slope) if self.slope else canvas.palette.hi
        canvas.dots(0, 0, owners, [ink])

    def _draw_names(self, canvas: Canvas, grid: Grid) -> None:
        palette, axis = canvas.palette, grid.row(0.0)
        below = axis + 1 if axis + 1 < grid.height else axis - 1
        column = grid.column(0.0) if self.low < 0.0 < self.high else 0
        start = column + 1 if column else 0
        if start + len(self.y_name) > grid.width:
            start = max(0, column - len(self.y_name))
        canvas.text(start, 0, self.y_name, palette.mid)
        aside = self.target is not None and grid.column(self.target[0]) > 0.6 * grid.width
        x = 0 if aside else grid.width - len(self.x_name)
        canvas.text(x, below, self.x_name, palette.mid)
        if self.target is not None and self.low <= self.target[0] <= self.high:
            at = grid.column(self.target[0])
            canvas.text(at, axis, canvas.glyphs.marker_up, palette.hi, bold=True)
            text = self.target[1]
            x = max(0, min(at - len(text) // 2, grid.width - len(text)))
            canvas.text(x, below, text, palette.hi)

    def _draw_points(self, canvas: Canvas, grid: Grid) -> None:
        """The points, the selected one above the others; labels where they cover none."""
        if not self.points:
            return
        palette = canvas.palette
        places = grid.cells([(point.x, point.y) for point in self.points]).tolist()
        shown = [(p, x, y) for p, (x, y) in zip(self.points, places, strict=True) if x >= 0]
        shown.sort(key=lambda entry: entry[0].selected)
        taken = {(x, y) for _, x, y in shown}
        for point, x, y in shown:
            ink = palette.hi if point.selected else palette.mid
            canvas.text(x, y, POINT if point.label else OTHER, ink, bold=point.selected)
        for point, x, y in reversed(shown):
            for start, row in grid.label_places(x, y, len(point.label)):
                cells = {(start + i, row) for i in range(len(point.label))}
                if not cells & taken:
                    taken |= cells
                    ink = palette.hi if point.selected else palette.low
                    canvas.text(start, row, point.label, ink, bold=point.selected)
                    break
