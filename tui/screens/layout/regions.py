"""Regions: the map as large as can be, with the tables at its right, or below it."""

from __future__ import annotations

from collections.abc import Sequence

from tui.panes.base.maps.place import EDGE
from tui.panes.regions.piece_curve import legend_rows
from tui.screens.layout.boxes import (
    BARS,
    BOXED,
    COMPACT,
    Arrangement,
    ArrangementBuilder,
    Border,
    Box,
    Needs,
    Size,
    square_sixth,
)

PICTURE = "region-map"
PANES = ("region-table", "region-detail", "region-count")
AXIS = 1  # row of the map's ticks
SIDE = {COMPACT: 36, BOXED: 40}  # columns of the panes at the right
LEAST_BELOW = 12  # rows of the panes below the map
WIDEST_BELOW = 44  # columns from which on a pane more has room there
THREE = 26  # rows from which on three panes have room above each other
TABLE, COUNT = 0.4, 0.24  # of the height for the table, and for the counts below the others


def picture(width: int, height: int, needs: Needs) -> Size:
    """The largest map beside the panes or above them: a row goes to the box, where that leaves
    a sixth of the terminal."""
    inner = height - BARS - COMPACT.rows
    all_rows = inner - AXIS - legend_rows(inner)
    labels = needs.margin + EDGE + COMPACT.columns
    beside = min(
        max(all_rows - 1, min(all_rows, square_sixth(width, height))),
        (width - SIDE[COMPACT] - labels) // 2,
    )
    above = min(all_rows - LEAST_BELOW, (width - labels) // 2)
    rows = max(beside, above, 1)
    return Size(2 * rows, rows)


least = picture


def compose(
    width: int, height: int, map_size: Size, needs: Needs, border: Border, recent: Sequence[str]
) -> Arrangement | None:
    """The map at the left of the tables, or above them."""
    columns = map_size.columns + needs.margin + EDGE + border.columns
    rows = rows_around(map_size.rows) + border.rows
    body, sheet = Box(0, 0, width, height), ArrangementBuilder(border, recent)
    panes = [pane for pane in PANES if pane not in needs.without]
    if width - columns >= SIDE[border] and rows <= height:
        at_left, side = body.columns(columns if len(panes) > 1 else width - SIDE[border])
        sheet.put(at_left, PICTURE)
        _above_each_other(sheet, side, panes)
    elif columns <= width and height - rows >= LEAST_BELOW:
        at_top, below = body.rows(rows)
        sheet.put(at_top, PICTURE)
        _beside_each_other(sheet, below, panes)
    else:
        return None
    return sheet.done()


def rows_around(map_rows: int) -> int:
    """The rows of a map with its ticks and its legend."""
    inner = map_rows + AXIS
    while inner - legend_rows(inner) - AXIS < map_rows:
        inner += 1
    return inner


def _above_each_other(sheet: ArrangementBuilder, side: Box, panes: list[str]) -> None:
    """Each pane over the next, if they have room."""
    table = round(TABLE * side.height)
    if len(panes) == 1:
        sheet.put(side, *panes)
    elif len(panes) == len(PANES) and side.height >= THREE:
        boxes = side.rows(table, side.height - table - round(COUNT * side.height))
        for box, pane in zip(boxes, panes, strict=True):
            sheet.put(box, pane)
    else:
        above, below = side.rows((side.height + 1) // 2)
        sheet.put(above, panes[0])
        sheet.put(below, *panes[1:])


def _beside_each_other(sheet: ArrangementBuilder, below: Box, panes: list[str]) -> None:
    if len(panes) == len(PANES) and below.width >= 3 * WIDEST_BELOW:
        boxes = below.columns(below.width // 3, below.width // 3)
        for box, pane in zip(boxes, panes, strict=True):
            sheet.put(box, pane)
    elif len(panes) == 1 or below.width < 60:
        sheet.put(below, *panes)
    elif below.height >= THREE:
        _above_each_other(sheet, below, panes)
    else:
        at_left, at_right = below.columns(below.width // 2)
        sheet.put(at_left, panes[0])
        sheet.put(at_right, *panes[1:])
