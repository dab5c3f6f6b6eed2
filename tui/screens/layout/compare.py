"""Compare: the loss of both runs, with their outputs above and their differences beside it."""

from __future__ import annotations

from collections.abc import Sequence

from tui.screens.layout.boxes import BOXED, Arrangement, Border, Box, Needs, Sheet, Size, sixth

PICTURE = "loss"
OUTPUTS = 8  # rows of the outputs
BOXED_OUTPUTS = 16
SIDE = 24  # columns beside the loss
RUNS = 6  # rows of the runs where the differences stand below them
HIGH = 13  # rows from which on they do


def picture(width: int, height: int, needs: Needs) -> Size:
    return sixth(width, height)


least = picture


def compose(
    width: int, height: int, plot: Size, needs: Needs, border: Border, recent: Sequence[str]
) -> Arrangement | None:
    columns, rows = plot.columns + border.columns, plot.rows + border.rows
    side, above = width - columns, height - rows
    if side < 0 or above < (BOXED_OUTPUTS if border == BOXED else OUTPUTS):
        return None
    sheet = Sheet(border, recent)
    outputs, low = Box(0, 0, width, height).rows(above)
    if side < SIDE + border.columns:
        if border == BOXED:
            return None
        sheet.put(low, PICTURE)
        sheet.put(outputs, "first-output", "second-output", "runs", "differences")
        return sheet.done()
    for box, pane in zip(
        outputs.columns(width // 2), ("first-output", "second-output"), strict=True
    ):
        sheet.put(box, pane)
    others, loss = low.columns(side)
    sheet.put(loss, PICTURE)
    if others.height >= HIGH:
        for box, pane in zip(others.rows(RUNS), ("runs", "differences"), strict=True):
            sheet.put(box, pane)
    else:
        sheet.put(others, "runs", "differences")
    return sheet.done()
