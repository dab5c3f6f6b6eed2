"""Round ticks beside a grid, and marks whose size says how many trials they stand for."""

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Array, Bools
from engine.wording import count
from tui.drawing.canvas import Canvas
from tui.drawing.cells import cell_count
from tui.drawing.glyphs import Glyphs
from tui.drawing.grid import Grid, cut
from tui.drawing.plot import Axis, linear_axis

Range = tuple[float, float]
Strings = NDArray[np.str_]
SHORTEST_NAME = 4  # cells of the name of an axis that is cut
ROWS_A_TICK, CELLS_A_TICK = 3, 16
EVERY = 4  # dots of a line from one of a dotted line to the next
MARKS, ASCII_MARKS = "•●", "oO"
BOUNDS = (0.5,)  # of the largest number of trials, up to which the smaller mark goes


def y_axis(box: Range, rows: int) -> Axis:
    """Round ticks for a y axis of so many rows."""
    return linear_axis(*box, max(2, rows // ROWS_A_TICK))


def unit_box(rows: int) -> Range:
    """The range of an axis on which 0 and 1 are the middles of the last and the first row."""
    half = 0.5 / max(1, rows - 1)
    return -half, 1.0 + half


def unit_axis(box: Range, rows: int) -> Axis:
    """Ticks at 0, ½ and 1; on a high axis at the quarters too."""
    quarters = (0.0, 0.25, 0.5, 0.75, 1.0)[:: 1 if rows >= 16 else 2]
    return Axis(*box, quarters, tuple(f"{quarter:g}" for quarter in quarters))


def label_cells(axis: Axis) -> int:
    """The cells that the labels of a y axis take, with one between them and the grid."""
    return max(map(cell_count, axis.labels), default=0) + 1


def draw_y_ticks(canvas: Canvas, grid: Grid, axis: Axis) -> None:
    """The labels at the left of the grid, the lowest first, each on a row of its own."""
    rows: set[int] = set()
    for value, label in zip(axis.ticks, axis.labels, strict=True):
        if (row := grid.row(value)) not in rows:
            canvas.right(grid.left - 1, row, canvas.glyphs.text(label), canvas.palette.low)
            rows.add(row)


def draw_x_ticks(
    canvas: Canvas, grid: Grid, name: str, end: int, place: tuple[float, str] | None = None
) -> None:
    """The labels below the grid, and in the cells up to ``end`` the name, as far as they do not
    touch. A ``place`` that stands out comes before them."""
    palette, row = canvas.palette, grid.height
    axis = linear_axis(*grid.box[0], 2 + grid.width // CELLS_A_TICK)
    free = end - grid.left - grid.width - 1
    if free >= min(cell_count(name), SHORTEST_NAME):
        canvas.text(grid.left + grid.width + 1, row, cut(name, free), palette.mid)
    taken = np.zeros(grid.width + 2, dtype=np.bool_)  # a blank at either end
    ticks = [(*tick, palette.low) for tick in zip(axis.ticks, axis.labels, strict=True)]
    for value, label, ink in [*((*p, palette.hi) for p in [place] if p), *ticks]:
        cells = cell_count(label)
        start = min(max(0, grid.column(value) - cells // 2), grid.width - cells)
        if start >= 0 and not taken[start : start + cells + 2].any():
            canvas.text(grid.left + start, row, label, ink)
            taken[start + 1 : start + cells + 1] = True


def mark_of(glyphs: Glyphs, trials: Array) -> Strings:
    """The mark (g,) of each number of trials, larger for a larger one."""
    level = np.digitize(trials / trials.max(), BOUNDS, right=True)
    marks: Strings = np.array([*(ASCII_MARKS if glyphs.ascii else MARKS)])[level]
    return marks


def sizes_key(glyphs: Glyphs, trials: Array) -> list[tuple[str, str]]:
    """Each mark in use, and the numbers of trials that it stands for."""
    key, marks = [], mark_of(glyphs, trials)
    for mark in ASCII_MARKS if glyphs.ascii else MARKS:
        numbers = trials[marks == mark]
        if len(numbers):
            low, high = (count(round(n)) for n in (numbers.min(), numbers.max()))
            key.append((mark, f"n {low}" + (f" to {high}" if high != low else "")))
    return key


def dotted(dots: Bools, every: int = EVERY) -> Bools:
    """Every so many dots along a curve that has dots in each of its columns."""
    counts = dots.sum(axis=0)
    first = dots.argmax(axis=0)
    falls = np.gradient(first + 0.5 * counts) >= 0.0 if len(counts) > 1 else np.array([True])
    rows = np.arange(len(dots))[:, None]
    within = np.where(falls, rows - first, first + counts - 1 - rows)
    along = np.cumsum(counts) - counts + within
    shown: Bools = dots & (along % every == 0)
    return shown


def draw_dots(canvas: Canvas, grid: Grid, dots: Bools, ink: int, sign: str) -> None:
    """Draw dots in the cells that hold nothing or a rule; in ASCII the ``sign`` in such cells."""
    glyphs = canvas.glyphs
    cells = canvas.chars[: grid.height, grid.left : grid.left + grid.width]
    free = np.isin(cells, [" ", glyphs.dash, glyphs.rule])
    height, width = free.shape
    shown = np.zeros_like(dots)
    shown[: 4 * height, : 2 * width] = np.kron(free, np.ones((4, 2), dtype=np.bool_))
    shown &= dots
    if not glyphs.ascii:
        canvas.dots(grid.left, 0, shown, ink)
        return
    lit = shown[: 4 * height, : 2 * width].reshape(height, 4, width, 2).any(axis=(1, 3))
    rows, columns = np.nonzero(lit)
    canvas.marks(columns + grid.left, rows, sign, ink)
