"""A scatter plot: examples as dots over axes, guides and a smooth, and some marked by number."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from engine.arrays import Array, Bools, Ints
from tui.drawing.braille import line_dots
from tui.drawing.canvas import Canvas
from tui.drawing.glyphs import Glyphs
from tui.drawing.grid import Grid
from tui.drawing.palette import Palette
from tui.drawing.plot import Axis, Series, draw_plot, linear_axis

RING = "○"
PADDING = 0.05  # of the range, on either side
EVERY = 3  # dot columns between the dots of a guide
LEAST_WIDTH, LEAST_HEIGHT = 12, 4

Range = tuple[float, float]


@dataclass(frozen=True)
class Guide:
    """A dotted curve: y (m,) of x (m,), NaN where there is none; its label stands at its right."""

    curve: Callable[[Array], Array]
    label: str = ""


@dataclass(frozen=True, eq=False)
class Scatter:
    """Points x, y (n,), all finite, the most extreme first; which of the ``examples`` they are."""

    x: Array
    y: Array
    examples: Ints  # (n,)
    x_range: Range
    y_range: Range
    guides: Sequence[Guide] = ()
    smooth: tuple[Array, Array] | None = None  # a polyline x, y (m,)


def padded(*values: Array) -> Range:
    """The range of all values, with some room on either side."""
    low, high = min(v.min() for v in values), max(v.max() for v in values)
    room = PADDING * (high - low) or 0.5 * abs(low) or 0.5
    return float(low - room), float(high + room)


def draw_scatter(
    canvas: Canvas, plot: Scatter, rows: Ints, marked: int, selected: int
) -> Grid | None:
    """Draw it over the whole canvas; returns where it lies, None where there is no room.

    ``rows`` (n,) of the data set are the points'. The first ``marked`` are ringed, that of row
    ``selected`` stands out, and beside these are the numbers of their rows, from 1.
    """
    if canvas.width < LEAST_WIDTH or canvas.height < LEAST_HEIGHT:
        return None
    grid = draw_axes(canvas, plot.x_range, plot.y_range)
    _draw_dots(canvas, grid, plot)
    points = np.column_stack([plot.x, plot.y])
    chosen = np.flatnonzero(rows == selected)
    ringed = [i for i in range(min(marked, len(points))) if i not in chosen]
    cells = {i: tuple(grid.cells(points[[i]])[0].tolist()) for i in (*chosen.tolist(), *ringed)}
    palette, glyphs = canvas.palette, canvas.glyphs
    for i in reversed(cells):  # the example last: it is on top
        mark = glyphs.example if i in chosen else RING
        canvas.text(grid.left + cells[i][0], cells[i][1], mark, palette.hi, bold=i in chosen)
    marks = {i: (grid.left + column, row) for i, (column, row) in cells.items()}
    taken = {*marks.values()}
    named: list[tuple[int, int]] = []
    for i, (x, y) in marks.items():
        if any(abs(x - c) <= 1 and abs(y - r) <= 1 for c, r in named):
            continue  # of marks that touch one has its number
        others = {(c + k, r) for j, (c, r) in marks.items() if j != i for k in (-1, 0, 1)}
        number, place = str(int(rows[i]) + 1), (x - grid.left, y)
        taken |= draw_number(canvas, grid, place, number, taken | others, i in chosen)
        named.append((x, y))
    _label_guides(canvas, grid, plot.guides, taken)
    return grid


def draw_axes(canvas: Canvas, x_range: Range, y_range: Range) -> Grid:
    """Draw the axes over the whole canvas; returns where the plot lies."""
    looks = canvas.palette, canvas.glyphs, canvas.colour
    axes, grid = _axes(canvas.width, canvas.height, *looks, x_range, y_range)
    canvas.paste(axes, 0, 0)
    return grid


@lru_cache(maxsize=16)  # plotext is slow, and axes seldom change
def _axes(
    width: int,
    height: int,
    palette: Palette,
    glyphs: Glyphs,
    colour: bool,
    x_range: Range,
    y_range: Range,
) -> tuple[Canvas, Grid]:
    """A canvas with the axes alone, not to be written on."""
    canvas = Canvas(width, height, palette, glyphs, colour)
    x = linear_axis(*x_range, 2 + width // 16)
    y = linear_axis(*y_range, max(3, height // 3))
    # without points plotext has no ticks: two in the corners, rubbed out again
    corners = np.array([x.low, x.high]), np.array([y.low, y.high])
    draw_plot(canvas, 0, width, height, [Series(*corners, palette.bg, dotted=True)], x, y)
    left = 1 + max(len(label) for label in y.labels)
    for row in range(height - 1):
        canvas.text(left, row, " " * (width - left))
    # an axis runs from the middle of its first cell to that of its last
    box = _outer(x, width - left), _outer(y, height - 1)
    return canvas, Grid(left, width - left, height - 1, box)


def _outer(axis: Axis, cells: int) -> Range:
    half = 0.5 * (axis.high - axis.low) / (cells - 1)
    return axis.low - half, axis.high + half


def _draw_dots(canvas: Canvas, grid: Grid, plot: Scatter) -> None:
    """Guides, over them the points, over these the smooth. In ASCII they have signs of their own,
    for dots would all look alike."""
    palette, glyphs = canvas.palette, canvas.glyphs
    dots = Grid(0, 2 * grid.width, 4 * grid.height, grid.box)
    guides = np.zeros((dots.height, dots.width), dtype=np.bool_)
    x = np.array([dots.middle(column, 0)[0] for column in range(0, dots.width, EVERY)])
    for guide in plot.guides:
        guides |= lit_dots(dots, x, guide.curve(x))
    points = lit_dots(dots, plot.x, plot.y)
    smooth = np.zeros_like(guides) if plot.smooth is None else stroke_dots(dots, *plot.smooth)
    if not glyphs.ascii:
        owners = np.select([smooth, points, guides], [2, 1, 0], -1)
        canvas.dots(grid.left, 0, owners, [palette.low, palette.mid, palette.hi])
        return
    sign_cells(canvas, grid, guides, glyphs.dash, palette.low)
    canvas.dots(grid.left, 0, points, palette.mid)
    sign_cells(canvas, grid, smooth, glyphs.bar, palette.hi)


def lit_dots(dots: Grid, x: Array, y: Array) -> Bools:
    """The dots (height, width) where points lie that are within the box."""
    lit = np.zeros((dots.height, dots.width), dtype=np.bool_)
    columns, rows = dots.cells(np.column_stack([x, y])).T
    inside = columns >= 0
    lit[rows[inside], columns[inside]] = True
    return lit


def stroke_dots(dots: Grid, x: Array, y: Array) -> Bools:
    """The dots of a polyline; what leaves the box far is drawn to its edge."""
    (x_low, _), (y_low, y_high) = dots.box
    y = np.clip(y, 2.0 * y_low - y_high, 2.0 * y_high - y_low)
    corners = np.column_stack([x - x_low, y_high - y]) / dots.steps
    segments = np.hstack([corners[:-1], corners[1:]])
    return line_dots(dots.width // 2, dots.height // 4, segments, np.ones(len(segments))) >= 0


def sign_cells(canvas: Canvas, grid: Grid, lit: Bools, sign: str, ink: int) -> None:
    """One sign in every cell that has a dot."""
    cells = lit.reshape(grid.height, 4, grid.width, 2).any(axis=(1, 3))
    rows, columns = np.nonzero(cells)
    canvas.marks(columns + grid.left, rows, sign, ink)


def draw_number(
    canvas: Canvas,
    grid: Grid,
    cell: tuple[int, ...],
    number: str,
    taken: set[tuple[int, int]],
    bold: bool,
) -> set[tuple[int, int]]:
    """Write a number beside a mark, over as few dots as can be and over no other mark or label;
    returns the cells it took with one on either side, for numbers that touch read as one; none
    where there is no room."""
    column, row = cell[0] + grid.left, cell[1]
    best: tuple[int, int, int] | None = None
    for y in (row, row - 1, row + 1):
        for x in (column + 1, column - len(number), column - len(number) // 2):
            cells = {(x + k, y) for k in range(len(number))}
            fits = grid.left <= x <= canvas.width - len(number) and 0 <= y < grid.height
            if fits and not cells & taken:
                covered = int((canvas.chars[y, x : x + len(number)] != " ").sum())
                if best is None or covered < best[0]:
                    best = covered, x, y
    if best is None:
        return set()
    _, x, y = best
    canvas.text(x, y, number, canvas.palette.hi, bold=bold)
    return {(x + k, y) for k in range(-1, len(number) + 1)}


def _label_guides(
    canvas: Canvas, grid: Grid, guides: Sequence[Guide], taken: set[tuple[int, int]]
) -> None:
    """Write each label at the last part of its curve where no mark, number or label stands."""
    x = np.array([grid.middle(column, 0)[0] for column in range(grid.width)])
    for guide in guides:
        places = grid.cells(np.column_stack([x, guide.curve(x)]))[::-1].tolist()
        for column, row in places if guide.label else ():
            cells = {(grid.left + column - k, row) for k in range(len(guide.label))}
            if column >= len(guide.label) and not cells & taken:
                canvas.right(grid.left + column + 1, row, guide.label, canvas.palette.low)
                taken |= cells
                break
