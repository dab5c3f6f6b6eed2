"""Parts of the map of C: greys by height, contours at round values, and the run's path."""

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor, inf, isfinite, log10

import numpy as np

from engine.arrays import Array
from tui.drawing.braille import line_coverage, line_dots
from tui.drawing.canvas import Canvas
from tui.drawing.grid import Grid
from tui.drawing.numbers import cost_text, tick
from tui.drawing.palette import mix
from tui.drawing.plot import SMALLEST_LOG, linear_axis
from tui.model.activation_samples import level_segments
from tui.model.surface import Surface
from tui.panes.base.maps.lines import cells_where

MAX_LEVELS = 9  # contours
MIN_LOG_LEVELS = 3  # contours at 1, 2, 5, 10, …; if fewer, at multiples of a round number
MAX_COST = 1e300  # higher costs are drawn as this
TRACK = 0.7  # part of the background in the path's cells, so that it shows on any grey
MIN_DISTANCE = 7.0  # pixels between a contour's value and other marks on the map


@dataclass(frozen=True)
class CostScale:
    """From costs to heights and colours."""

    log: bool  # heights are log10 C; else C itself, because some are below 0
    low: float
    high: float
    levels: tuple[tuple[float, str], ...]  # heights of contours, with C as text

    def text(self, height: float) -> str:
        """The C of a height."""
        with np.errstate(over="ignore"):
            value = float(np.power(10.0, height)) if self.log else height
        return cost_text(value)


@dataclass(frozen=True)
class ContourLabel:
    """A contour's value: the column and row of its first character, from the map's corner."""

    column: int
    row: int
    text: str


@dataclass(frozen=True, eq=False)
class Relief:
    """How a surface is drawn on size × size pixels."""

    scale: CostScale
    sizes: Array  # (size, size), the places of the heights on the scale, 0 … 1
    contours: Array  # (size, size), how much of each pixel they cover
    labels: tuple[ContourLabel, ...]


@lru_cache(maxsize=4)
def relief(surface: Surface, size: int) -> Relief:
    """The relief of a surface. It stays the same while the run goes on, and is cached."""
    scale, land = scale_of(surface), surface.landscape
    heights = resampled(heights_of(surface.costs, scale.log), size)
    points = np.concatenate([land.path, [surface.lowest[:2]]])
    corner, far = np.array([land.s[0], land.t[-1]]), np.array([land.s[-1], land.t[0]])
    pixels = (points - corner) / (far - corner) * size
    return Relief(
        scale,
        fractions(heights, scale),
        contour_coverage(heights, scale.levels),
        placed_labels(heights, scale.levels, pixels),
    )


def scale_of(surface: Surface) -> CostScale:
    """The scale of a surface, from the lowest to the highest C of the map and of its origin."""
    cost = surface.cost
    costs = surface.costs[np.isfinite(surface.costs)]
    log = bool(isfinite(cost) and cost >= 0.0 and (costs >= 0.0).all())
    heights = heights_of(np.append(costs, cost), log)
    heights = heights[np.isfinite(heights)]
    low, high = (float(heights.min()), float(heights.max())) if len(heights) else (0.0, 0.0)
    return CostScale(log, low, high, round_levels(low, high, log))


def round_levels(low: float, high: float, log: bool) -> tuple[tuple[float, str], ...]:
    """Heights strictly between two others at which C is round, with C as text."""
    if not high > low:
        return ()
    if log:
        inside = _log_levels(low, high)
        if len(inside) >= MIN_LOG_LEVELS:
            return inside
    first, last = (10.0**low, 10.0**high) if log else (low, high)
    axis = linear_axis(first, last, MAX_LEVELS)
    heights = np.log10(np.maximum(axis.ticks, SMALLEST_LOG)) if log else axis.ticks
    pairs = [(float(h), label) for h, label in zip(heights, axis.labels, strict=True)]
    return tuple(pair for pair in pairs if low < pair[0] < high)


def _log_levels(low: float, high: float) -> tuple[tuple[float, str], ...]:
    """1, 2, 5 of each decade, or fewer of them, so that they are not too many."""
    decades = range(floor(low), ceil(high) + 1)
    every = 1 + (len(decades) - 1) // MAX_LEVELS
    for factors in ((1, 2, 5), (1, 3), (1,)):
        marks = [
            (d + log10(f), tick(f * 10.0**d)) for d in decades if d % every == 0 for f in factors
        ]
        inside = [mark for mark in marks if low < mark[0] < high]
        if len(inside) <= MAX_LEVELS:
            break
    return tuple(inside)


def heights_of(costs: Array, log: bool) -> Array:
    """The heights of costs of any shape; NaN stays NaN."""
    costs = np.clip(costs, -MAX_COST, MAX_COST)
    heights: Array = np.log10(np.maximum(costs, SMALLEST_LOG)) if log else costs
    return heights


def fractions(heights: Array, scale: CostScale) -> Array:
    """The places of heights on the scale, 0 … 1."""
    places: Array = (heights - scale.low) / ((scale.high - scale.low) or 1.0)
    return places


def resampled(values: Array, size: int) -> Array:
    """Interpolate values (m, m), row 0 the lowest, at the middles of size × size pixels, row 0 the
    highest. Linear; NaN next to a NaN."""
    position = (np.arange(size) + 0.5) / size * (len(values) - 1)
    first = np.minimum(position.astype(np.intp), len(values) - 2)
    part = position - first
    rows = values[first] * (1.0 - part)[:, None] + values[first + 1] * part[:, None]
    pixels: Array = rows[:, first] * (1.0 - part) + rows[:, first + 1] * part
    return pixels[::-1]


def contour_coverage(heights: Array, levels: tuple[tuple[float, str], ...]) -> Array:
    """How much of each pixel is covered by contours."""
    size = len(heights)
    segments = [level_segments(heights - level) for level, _ in levels]
    return line_coverage(size, size, np.concatenate([np.empty((0, 4)), *segments]), 0.7)


def placed_labels(
    heights: Array, levels: tuple[tuple[float, str], ...], occupied: Array
) -> tuple[ContourLabel, ...]:
    """The value of each contour, as far as possible from the others and from ``occupied`` pixels
    (m, 2); left out if that is too near."""
    size, labels = len(heights), []
    for level, text in levels:
        middles = level_segments(heights - level).reshape(-1, 2, 2).mean(axis=1)
        reach = np.array([len(text) / 2.0, 1.0])
        middles = middles[((middles > reach) & (middles < size - reach)).all(axis=1)]
        distances = np.hypot(*(middles[:, None] - occupied).transpose(2, 0, 1)).min(axis=1)
        if distances.max(initial=0.0) < MIN_DISTANCE:
            continue
        x, y = middles[int(distances.argmax())]
        labels.append(ContourLabel(round(x - reach[0]), int(y) // 2, text.replace("-", "−")))
        text_points = [[x + part * reach[0], y] for part in (-1.0, 0.0, 1.0)]
        occupied = np.concatenate([occupied, text_points])
    return tuple(labels)


def draw_path(canvas: Canvas, grid: Grid, path: Array, ink: int) -> None:
    """A line of dots through points (q, 2), as far as it lies on the map."""
    segments = clipped(np.concatenate([path[:-1], path[1:]], axis=1), grid)
    if len(segments):
        (x_low, x_high), (y_low, y_high) = grid.box
        sizes = [2 * grid.width / (x_high - x_low), 4 * grid.height / (y_low - y_high)]
        dots = (segments.reshape(-1, 2) - [x_low, y_high]) * sizes
        widths = np.ones(len(segments), dtype=np.int64)
        owners = line_dots(grid.width, grid.height, dots.reshape(-1, 4), widths)
        cells = (owners >= 0).reshape(grid.height, 4, grid.width, 2).max(axis=(1, 3))
        rows, columns = track = cells_where(cells, canvas, grid)
        if canvas.glyphs.ascii:  # there dots look like the map's own signs
            canvas.marks(columns, rows, "*", ink)
        else:
            canvas.dots(grid.left, 0, owners >= 0, ink)
            canvas.ground[track] = mix(canvas.ground[track], canvas.palette.bg, TRACK)


def clipped(segments: Array, grid: Grid) -> Array:
    """The parts of segments (m, 4) inside the grid's box (Liang & Barsky 1984)."""
    start, vector = segments[:, :2], segments[:, 2:] - segments[:, :2]
    low, high = np.array(grid.box).T
    with np.errstate(all="ignore"):  # a level or upright segment divides by 0
        first, second = (low - start) / vector, (high - start) / vector
    level = vector == 0.0
    inside = (start >= low) & (start <= high)
    entry = np.where(level, np.where(inside, -inf, inf), np.minimum(first, second))
    leave = np.where(level, np.where(inside, inf, -inf), np.maximum(first, second))
    begin = np.clip(entry.max(axis=1), 0.0, None)
    end = np.clip(leave.min(axis=1), None, 1.0)
    is_inside = begin <= end
    parts: Array = np.concatenate(
        [start[is_inside] + part[is_inside, None] * vector[is_inside] for part in (begin, end)],
        axis=1,
    )
    return parts
