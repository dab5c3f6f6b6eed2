"""Regions: the map as large as can be, with the tables at its right, or below it."""

from __future__ import annotations

from collections.abc import Sequence

from tui.screens.layout.boxes import (
    BARS,
    BOXED,
    COMPACT,
    Arrangement,
    Border,
    Box,
    Needs,
    Sheet,
    Size,
    square_sixth,
)

PICTURE = "region-map"
AXIS, LEGEND = 1, 1  # rows of the map's ticks and of its legend
EDGE = 3  # columns at the right of the map, for the name of the axis
SIDE = {COMPACT: 36, BOXED: 40}  # columns of the panes at the right
LEAST_BELOW = 12  # rows of the panes below the map
WIDEST_BELOW = 44  # columns from which on a pane more has room there
THREE = 26  # rows from which on three panes have room above each other
TABLE = 0.4  # of the height for the table


def picture(width: int, height: int, needs: Needs) -> Size:
    """The largest map beside the panes or above them: a row goes to the box, where that leaves
    a sixth of the terminal."""
    all_rows = height - BARS - AXIS - LEGEND - COMPACT.rows
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
    rows = map_size.rows + AXIS + LEGEND + border.rows
    body, sheet = Box(0, 0, width, height), Sheet(border, recent)
    if width - columns >= SIDE[border] and rows <= height:
        at_left, side = body.columns(columns)
        sheet.put(at_left, PICTURE)
        _above_each_other(sheet, side)
    elif columns <= width and height - rows >= LEAST_BELOW:
        at_top, below = body.rows(rows)
        sheet.put(at_top, PICTURE)
        _beside_each_other(sheet, below)
    else:
        return None
    return sheet.done()


def _above_each_other(sheet: Sheet, side: Box) -> None:
    table = round(TABLE * side.height)
    if side.height >= THREE:
        rest = (side.height - table + 1) // 2
        boxes = side.rows(table, rest)
        for box, pane in zip(boxes, ("region-table", "region-detail", "region-count"), strict=True):
            sheet.put(box, pane)
    else:
        above, below = side.rows((side.height + 1) // 2)
        sheet.put(above, "region-table")
        sheet.put(below, "region-detail", "region-count")


def _beside_each_other(sheet: Sheet, below: Box) -> None:
    if below.width >= 3 * WIDEST_BELOW:
        boxes = below.columns(below.width // 3, below.width // 3)
        for box, pane in zip(boxes, ("region-table", "region-detail", "region-count"), strict=True):
            sheet.put(box, pane)
    elif below.height >= THREE:
        _above_each_other(sheet, below)
    elif below.width >= 60:
        at_left, at_right = below.columns(below.width // 2)
        sheet.put(at_left, "region-table")
        sheet.put(at_right, "region-detail", "region-count")
    else:
        sheet.put(below, "region-table", "region-detail", "region-count")
