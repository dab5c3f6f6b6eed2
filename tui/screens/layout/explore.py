"""Explore: the output map, with the network, the layers and the loss around it.

Without details the layers are a few lines, and what that leaves is the map's and the network's."""

from __future__ import annotations

from collections.abc import Sequence

from tui.panes.base.maps.place import EDGE, GAP, MAX_WIDTH, MIN_WIDTH, MOST_BELOW
from tui.panes.explore.layer_lines import lines_wanted
from tui.panes.explore.layer_rows import rows_wanted
from tui.screens.layout.boxes import (
    BARS,
    BOXED,
    COMPACT,
    Arrangement,
    Border,
    Box,
    Needs,
    Size,
    square_share,
)

PICTURE = "output"
AXIS = 1  # row of the map's ticks
READ_OUT = MIN_WIDTH, MAX_WIDTH  # columns
LEAST_NUMBERS, ALL_NUMBERS, WITH_BARS = 33, 41, 56  # columns of the layers' table
LAYERS = 14  # rows that show a small network with its totals
NETWORK = 10  # rows that show one
LEAST_LAYERS, LEAST_NETWORK, LEAST_LOSS = 9, 6, 4  # rows
BOXED_NETWORK, BOXED_LOSS = 9, 7  # rows below which there are no boxes
LOSS_ROWS = 8  # rows above which others grow before the loss
LOSS_COLUMNS = 20, 60  # where it stands beside the map
BRIEF_PARTS = 4  # without details the map has a fourth of the cells
MOST_LINES = 8  # of layers that are shown in brief, with their head and the regions
SHARE, MOST_SHARE = 0.42, 0.52  # of the height for the layers, and if that completes their table


def picture(width: int, height: int, needs: Needs) -> Size:
    """The map: a sixth of the terminal's cells, without details a fourth; or as many as there is
    room for."""
    return _picture(width, height, needs, 6 if needs.details else BRIEF_PARTS)


def least(width: int, height: int, needs: Needs) -> Size:
    return _picture(width, height, needs, 6)


def _picture(width: int, height: int, needs: Needs, parts: int) -> Size:
    rows, body = square_share(width, height, parts), height - BARS
    while rows > 1 and compose(width, body, Size(2 * rows, rows), needs, COMPACT, ()) is None:
        rows -= 1
    return Size(2 * rows, rows)


def compose(
    width: int, height: int, map_size: Size, needs: Needs, border: Border, recent: Sequence[str]
) -> Arrangement | None:
    """The panes about a map of that size; None where there is no room for all of them."""
    body = Box(0, 0, width, height)
    columns = map_size.columns + needs.margin + EDGE + border.columns
    rows = map_size.rows + AXIS + border.rows
    for numbers in (ALL_NUMBERS, LEAST_NUMBERS):
        at_left = numbers + border.columns
        for form in (_two_columns, _three_rows, _three_columns):
            if found := form(body, Size(columns, rows), at_left, border, needs):
                return found
    return None


def _two_columns(
    body: Box, output: Size, at_left: int, border: Border, needs: Needs
) -> Arrangement | None:
    """The network over the layers, the output over the loss."""
    loss = body.height - output.rows
    if body.width - output.columns < at_left or loss < border.rows + _least_loss(border):
        return None
    width, rows = output.columns, output.rows
    beside = _read_out(body.width - output.columns + EDGE, at_left, border)
    if beside:
        width += GAP + beside - EDGE
    else:
        least = min(1, loss - border.rows - _least_loss(border))
        rows += min(max(least, loss - border.rows - LOSS_ROWS), MOST_BELOW)
    left, right = body.columns(body.width - width)
    return _left_and(
        left, border, needs, dict(zip(("output", "loss"), right.rows(rows), strict=True))
    )


def _three_columns(
    body: Box, output: Size, at_left: int, border: Border, needs: Needs
) -> Arrangement | None:
    """The loss beside the output, in a terminal that is low."""
    least, most = (columns + border.columns for columns in LOSS_COLUMNS)
    free = body.width - output.columns - at_left - least
    if free < 0 or output.rows > body.height:
        return None
    width = output.columns
    # beside a map as high as the pane, columns for the read-out
    beside = GAP + READ_OUT[0] - EDGE
    if output.rows == body.height and free >= beside:
        width += beside
        free -= beside
    loss = min(least + free // 2, most)
    left, middle, right = body.columns(body.width - width - loss, width)
    return _left_and(left, border, needs, {"output": middle, "loss": right})


def _three_rows(
    body: Box, output: Size, at_left: int, border: Border, needs: Needs
) -> Arrangement | None:
    """Network, output, and layers beside the loss, in a terminal that is high and narrow."""
    least, most = _layer_rows(needs)
    free = body.height - output.rows - 2 * border.rows - _least_network(border) - least
    loss = body.width - at_left
    if free < 0 or output.columns > body.width or loss < LOSS_COLUMNS[0] + border.columns:
        return None
    loss = min(loss, max(LOSS_COLUMNS[0] + border.columns, round(0.42 * body.width)))
    wanted = max(free // 2, LAYERS - LEAST_LAYERS) if needs.details else most - least
    layers = least + border.rows + min(free, wanted)
    top, middle, bottom = body.rows(body.height - output.rows - layers, output.rows)
    table, curve = bottom.columns(body.width - loss)
    boxes = {"network": top, "output": middle, "layers": table, "loss": curve}
    return Arrangement(border, boxes)


def _left_and(
    left: Box, border: Border, needs: Needs, others: dict[str, Box]
) -> Arrangement | None:
    """The network over the layers, in a column, and other panes."""
    share = max(min(LAYERS, left.height - NETWORK - 2 * border.rows), LEAST_LAYERS) + border.rows
    rows = max(share, int(SHARE * left.height))
    if not needs.details:
        rows = _layer_rows(needs)[1] + border.rows
    elif needs.sizes:  # no rows that the table leaves blank, and a few more if they complete it
        wanted = rows_wanted(needs.sizes, needs.bias, left.width - border.columns) + border.rows
        rows = wanted if wanted <= MOST_SHARE * left.height else rows
    if left.height - rows < _least_network(border) + border.rows:
        return None
    above, below = left.rows(left.height - rows)
    return Arrangement(border, {"network": above, "layers": below, **others})


def _layer_rows(needs: Needs) -> tuple[int, int]:
    """The rows that the layers have at least, and without details at most."""
    if needs.details:
        return LEAST_LAYERS, LAYERS
    wanted = min(lines_wanted(max(1, len(needs.sizes) - 1)), MOST_LINES)
    return wanted, wanted


def _read_out(free: int, at_left: int, border: Border) -> int:
    """The columns of the read-out beside the map; 0 if there are too few."""
    least, most = READ_OUT
    if free - at_left - GAP < least or at_left < ALL_NUMBERS:
        return 0
    return min(max(free - GAP - WITH_BARS - border.columns, least), most)


def _least_network(border: Border) -> int:
    return BOXED_NETWORK if border == BOXED else LEAST_NETWORK


def _least_loss(border: Border) -> int:
    return BOXED_LOSS if border == BOXED else LEAST_LOSS
