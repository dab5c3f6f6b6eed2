"""Marks on the map of regions: the regions' numbers, and the walk from A to the cursor."""

import numpy as np

from engine.arrays import Array
from tui.drawing.braille import line_dots
from tui.drawing.canvas import Canvas
from tui.drawing.grid import Grid
from tui.drawing.palette import mix
from tui.model.frame import Frame
from tui.model.regions.list import RegionList
from tui.panes.base.maps.lines import cells_where, in_pixels

MIN_CELLS = 12  # of a region with a number; the selected one always has it
WALK_START = "A"
THIN = 1  # dots across: see tui.drawing.braille.line_dots
TRACK = 0.7  # part of the background in its cells, so that it shows on a bright line


def draw_labels(
    canvas: Canvas, grid: Grid, listed: RegionList, cursor: Array, spaced: bool = False
) -> None:
    """Write the regions' numbers at their centres, the selected one inverted.

    Only regions that pass the filter and that hold their number; larger ones first, none next to
    another number. One in the cursor's cell moves aside. ``spaced``: with a blank on either side.
    """
    cells = listed.share * grid.width * grid.height
    count = int(np.searchsorted(-cells, -MIN_CELLS, side="right"))
    first = [] if listed.selected is None else [listed.selected]
    ranks = np.array([*first, *(r for r in range(count) if r not in first)], dtype=np.intp)
    ranks = ranks[listed.shown[ranks]]
    if not ranks.size:
        return
    texts = [str(number) for number in listed.numbers[ranks].tolist()]
    widths = np.array([len(text) for text in texts])
    columns, rows = grid.cells(listed.map.centres[listed.ids[ranks]]).T
    columns = np.clip(columns - widths // 2, 0, grid.width - widths)
    at, row = grid.column(cursor[0]), grid.row(cursor[1])
    hiding = (rows == row) & (columns <= at) & (at < columns + widths)
    aside = np.where(at + 1 + widths <= grid.width, at + 1, at - widths)
    columns = np.where(hiding, aside, columns)
    ends = [
        [grid.middle(c, r) for c, r in zip(columns + shift, rows, strict=True)]
        for shift in (0, widths - 1)
    ]
    end_ranks = listed.ranks[listed.map.locate(np.concatenate(ends))].reshape(2, -1)
    fits = (end_ranks == ranks).all(axis=0) & (rows >= 0)

    taken = np.zeros((grid.height, grid.width + 2), dtype=np.bool_)
    palette = canvas.palette
    for i in np.flatnonzero(fits).tolist():
        row, column = int(rows[i]), int(columns[i])
        around = taken[row, column : column + len(texts[i]) + 2]
        if not around.any():
            around[:] = True
            ink, ground = palette.hi, palette.bg
            if ranks[i] == listed.selected:
                ink, ground = ground, ink
            if spaced:
                canvas.text(grid.left + column - 1, row, " " * (len(texts[i]) + 2))
            canvas.text(grid.left + column, row, texts[i], ink, ground, bold=True)


def draw_walk(canvas: Canvas, grid: Grid, frame: Frame) -> None:
    """A straight line from A to the cursor, with a mark at each border that it crosses."""
    start, stop = frame.walk_start, frame.cursor
    if start is None:
        return
    palette, size = canvas.palette, grid.width
    segment = in_pixels(np.concatenate([start, stop])[None, :], grid.box, size)
    owners = line_dots(size, grid.height, 2.0 * segment, [THIN])
    canvas.dots(grid.left, 0, owners, [palette.hi])
    owner = owners.reshape(grid.height, 4, size, 2).max(axis=(1, 3))
    track = cells_where(owner >= 0, canvas, grid)
    canvas.ground[track] = mix(canvas.ground[track], palette.bg, TRACK)
    if frame.walk is not None:
        crossings = start + frame.walk.t[:, None] * (stop - start)
        grid.mark(canvas, crossings, canvas.glyphs.network, palette.hi)
    column, row = grid.left + grid.column(start[0]), grid.row(start[1])
    canvas.text(column, row, WALK_START, palette.hi, palette.bg, bold=True)
