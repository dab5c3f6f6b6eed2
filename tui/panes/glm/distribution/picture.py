"""The picture of a distribution: a curve of densities, columns of probabilities, or two bars."""

import numpy as np

from engine.arrays import Array, Bools
from tui.drawing.canvas import Canvas
from tui.drawing.grid import Grid
from tui.drawing.numbers import norm
from tui.model.glm.distribution import Distribution
from tui.panes.glm.axes import draw_dots, draw_x_ticks, draw_y_ticks, label_cells, y_axis

SAMPLES = 512  # of a density
HEADROOM = 1.08  # of the axis over the highest value
BAR = 3  # columns of a count at the most
SIGN = "*"  # of a curve or a column in ASCII
LEAST_BAR = 8  # cells for a bar of 1
WIDE = 6  # cells of a probability beside its bar


def draw_distribution(canvas: Canvas, found: Distribution, top: int, rows: int) -> None:
    """Draw it on so many rows from ``top`` on, the last of which is the axis of y; the nearest
    example's y is marked."""
    part = Canvas(canvas.width, rows, canvas.palette, canvas.glyphs, canvas.colour)
    ends, height = found.ends, rows - 1
    if found.discrete:  # a count is in the middle of its column
        ends = ends[0] - 0.5, ends[1] + 0.5
    columns = max(1, part.width - 8)
    values = found(_counts(ends, columns)) if found.discrete else found(_samples(ends))
    finite = values[np.isfinite(values)]
    peak = float(finite.max(initial=0.0)) or 1.0
    box = 0.0, HEADROOM * peak
    axis = y_axis(box, height)
    left = label_cells(axis)
    grid = Grid(left, max(1, part.width - left - 3), height, (ends, box))
    _draw_mean(part, grid, found.mean)
    dots = _columns(grid, found) if found.discrete else grid.curve_dots(found(_samples(ends)))
    draw_dots(part, grid, dots, part.palette.mid, SIGN)
    _mark_nearest(part, grid, found)
    draw_y_ticks(part, grid, axis)
    if found.discrete and found.ends[1] <= 4:
        _draw_counts(part, grid, int(found.ends[1]))
    else:
        draw_x_ticks(part, grid, "y", part.width)
    canvas.paste(part, 0, top)


def _samples(ends: tuple[float, float]) -> Array:
    low, high = ends
    places: Array = low + (high - low) * (np.arange(SAMPLES) + 0.5) / SAMPLES
    return places


def _counts(ends: tuple[float, float], columns: int) -> Array:
    """The count nearest to the middle of each of so many columns."""
    low, high = ends
    middles = low + (high - low) * (np.arange(columns) + 0.5) / columns
    counts: Array = np.clip(np.round(middles), np.ceil(low), np.floor(high))
    return counts


def _columns(grid: Grid, found: Distribution) -> Bools:
    """Dots (4 height, 2 width): a column for each count, or where these are more than the columns
    of dots, for the count nearest to each."""
    width = 2 * grid.width
    counts = _counts(grid.box[0], width)
    shares = found(counts) / grid.box[1][1]
    heights = np.ceil(4 * grid.height * np.nan_to_num(shares) - 0.5)
    (low, _), dot = grid.box[0], grid.steps[0] / 2.0
    if dot < 0.5:  # the middle of each count, with a gap between two
        middle = np.floor((counts - low) / dot)
        reach = min(BAR, max(0.0, 0.5 / dot - 1.0) / 2.0)
        heights = np.where(np.abs(np.arange(width) - middle) <= reach, heights, 0.0)
    lit: Bools = np.arange(4 * grid.height)[::-1, None] < heights[None, :]
    return lit


def _draw_mean(canvas: Canvas, grid: Grid, mean: float) -> None:
    """A rule at the mean, below the curve."""
    if not grid.box[0][0] <= mean <= grid.box[0][1]:
        return
    for row in range(grid.height):
        canvas.text(grid.left + grid.column(mean), row, canvas.glyphs.rule, canvas.palette.line)


def _mark_nearest(canvas: Canvas, grid: Grid, found: Distribution) -> None:
    """The nearest example's y, at its density or probability."""
    low, high = grid.box[0]
    if not low <= found.observed <= high:
        return
    height = float(found(np.array(found.observed))) if found.has_probability else 0.0
    mark, ink = canvas.glyphs.point_positive, canvas.palette.hi
    grid.mark(canvas, np.array([[found.observed, max(height, 0.0)]]), mark, ink)


def _draw_counts(canvas: Canvas, grid: Grid, last: int) -> None:
    """Each of a few counts below its column."""
    for count in range(last + 1):
        canvas.text(grid.left + grid.column(count), grid.height, str(count), canvas.palette.low)
    canvas.text(grid.left + grid.width + 1, grid.height, "y", canvas.palette.mid)


def draw_bars(canvas: Canvas, found: Distribution, names: tuple[str, str], top: int) -> None:
    """A bar for y = 0 and one for y = 1, each with its probability; the nearest example's y is
    marked."""
    palette, glyphs = canvas.palette, canvas.glyphs
    inks = palette.negative, palette.positive
    forms = [
        [f"y = {y} {name}".removesuffix(f" {y}") for y, name in enumerate(names)],
        [f"{y} {name}".removeprefix(f"{y} {y}") or str(y) for y, name in enumerate(names)],
        ["0", "1"],
    ]
    room = canvas.width - 2 - 1 - WIDE - 1 - LEAST_BAR
    labels = next((form for form in forms if max(map(len, form)) <= room), forms[-1])
    cells = max(map(len, labels))
    start = 2 + cells + 1 + WIDE + 1
    for y, (label, ink) in enumerate(zip(labels, inks, strict=True)):
        share, row = float(found(np.array(float(y)))), top + y
        if found.observed == y:
            canvas.text(0, row, glyphs.point_positive, palette.hi)
        canvas.text(2, row, label, palette.mid)
        canvas.text(2 + cells + 1, row, norm(share), palette.hi)
        canvas.bar(start, row, max(1, canvas.width - start), share, ink)
