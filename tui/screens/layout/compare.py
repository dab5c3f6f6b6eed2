"""Compare: the outputs of both runs and their difference, the loss, and tables in what is left."""

from __future__ import annotations

from collections.abc import Sequence

from tui.panes.base.maps.place import EDGE
from tui.panes.compare.runs import HEAD, rows_of_run
from tui.screens.layout.boxes import (
    BOXED,
    Arrangement,
    ArrangementBuilder,
    Border,
    Box,
    Needs,
    Size,
    sixth,
)

PICTURE = "loss"
MAPS = ("first-output", "second-output", "difference")
OUTPUTS = 8  # rows of the outputs
BOXED_OUTPUTS = 16
TABLES = ("runs", "differences")
SIDE = 24  # columns beside the loss
WIDE = 160  # columns from which on it has two thirds of the width
KEPT = 3 / 4  # of a map's rows: three of that height rather than two
TABLE_ROWS = 6  # rows of the differences, at least


def picture(width: int, height: int, needs: Needs) -> Size:
    low = sixth(width, height)
    wide = width - width // 3 - BOXED.columns if width >= WIDE else low.columns
    return Size(wide, low.rows)


def least(width: int, height: int, needs: Needs) -> Size:
    return sixth(width, height)


def compose(
    width: int, height: int, plot: Size, needs: Needs, border: Border, recent: Sequence[str]
) -> Arrangement | None:
    """The maps beside each other at the top; in a portrait terminal below each other at the left;
    or, where three would be small, two, and the third in the place of the tables."""
    columns, rows = plot.columns + border.columns, plot.rows + border.rows
    side, above = width - columns, height - rows
    if side < 0 or above < (BOXED_OUTPUTS if border == BOXED else OUTPUTS):
        return None
    sheet, body = ArrangementBuilder(border, recent), Box(0, 0, width, height)
    maps = [pane for pane in MAPS if pane not in needs.without]
    tables = [pane for pane in TABLES if pane not in needs.without]
    if side < SIDE + border.columns:
        if border == BOXED:
            return None
        outputs, low = body.rows(above)
        sheet.put(low, PICTURE)
        sheet.put(outputs, *maps, *tables)
        return sheet.done()

    def map_rows(box: Box) -> int:
        across = box.width - border.columns - needs.margin - EDGE
        return min(box.height - border.rows - 1, across // 2)

    outputs, low = body.rows(above)
    at_left, at_right = body.columns(side)
    others, loss = low.columns(side)
    halves = outputs.columns(width // 2)
    thirds = outputs.columns(*[round(width / 3)] * 2)  # both runs have maps of one size
    stack = at_left.rows(height // 3, height // 3)
    places = max(thirds, stack, key=lambda boxes: map_rows(boxes[0]))
    if len(maps) < len(MAPS) or map_rows(places[0]) < KEPT * map_rows(halves[0]):
        places, tables = halves, tables[:1] + maps[2:] + tables[1:]
    elif places is stack:
        others, loss = at_right.rows(above)
    for box, pane in zip(places, maps[: len(places)], strict=True):
        sheet.put(box, pane)
    if not tables:
        sheet.put(low, PICTURE)
        return sheet.done()
    sheet.put(loss, PICTURE)
    runs = HEAD + needs.runs * rows_of_run(others.width - border.columns) + border.rows
    if len(tables) > 1 and others.height - runs >= TABLE_ROWS + border.rows:
        at_top, below = others.rows(runs)
        sheet.put(at_top, *tables[:1])
        sheet.put(below, *tables[1:])
    else:
        sheet.put(others, *tables)
    return sheet.done()
