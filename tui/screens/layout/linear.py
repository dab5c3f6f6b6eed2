"""Linear: the data and what is fitted to them, with coefficients, tests and diagnostics around."""

from __future__ import annotations

from collections.abc import Sequence

from tui.screens.layout.boxes import (
    BARS,
    BOXED,
    Arrangement,
    Border,
    Box,
    Needs,
    Sheet,
    Size,
    sixth,
)

PICTURE = "collapse"
TEXTS = ("distance", "assumptions")  # panes that stand beside the picture
PLOTS = ("residual-plot", "qq-plot", "scale-plot", "leverage-plot")
OTHER_ROWS = 5  # of the coefficients' pane besides the terms
LEAST_TERMS = 3
SHARE = 0.4  # of the height for the coefficients
ROWS, LEAST_ROWS = 25, 12  # of the picture and of the coefficients together; of the picture
ACROSS = 0.46  # of the width for the picture
PLOT = {True: 24, False: 22}  # columns of a diagnostic plot, boxed and not
PLOT_ROWS = 6
SIDE = 30  # columns beside the picture
DISTANCE = 22  # columns of the distance where all have room
HIGH = 16  # rows from which on two panes have room above each other


def _terms(height: int, needs: Needs) -> int:
    """The rows of the coefficients."""
    return min(max(needs.terms, LEAST_TERMS) + OTHER_ROWS, int(SHARE * height))


def picture(width: int, height: int, needs: Needs) -> Size:
    low = least(width, height, needs)
    terms = _terms(height, needs)
    rows = min(height - BARS - terms - 2, max(LEAST_ROWS, ROWS - terms))
    return Size(low.columns, max(low.rows, rows))


def least(width: int, height: int, needs: Needs) -> Size:
    return sixth(width, height, ACROSS)


def compose(
    width: int, height: int, plot: Size, needs: Needs, border: Border, recent: Sequence[str]
) -> Arrangement | None:
    columns, rows = plot.columns + border.columns, plot.rows + border.rows
    side, rest = width - columns, height - rows
    terms = min(_terms(height + BARS, needs), rest)
    if side < 0 or (terms < LEAST_TERMS + OTHER_ROWS - 1 and border == BOXED) or terms < 4:
        return None
    sheet = Sheet(border, recent)
    narrow = side < SIDE + border.columns
    plots = rest - terms if rest - terms >= PLOT_ROWS + border.rows else 0
    if border == BOXED and (narrow or not plots):
        return None
    if narrow:
        top, below = Box(0, 0, width, height).rows(rows)
        sheet.put(top, PICTURE)
        sheet.put(below, "coefficients", *TEXTS, *PLOTS)
        return sheet.done()
    above, middle, foot = Box(0, 0, width, height).rows(rest - plots, rows)
    sheet.put(above, "coefficients")
    at_left, at_right = middle.columns(columns)
    sheet.put(at_left, PICTURE)
    if plots:
        _plots(sheet, foot)
        _side(sheet, at_right, ())
    else:
        _side(sheet, at_right, PLOTS)
    return sheet.done()


def _side(sheet: Sheet, box: Box, plots: tuple[str, ...]) -> None:
    """The panes beside the picture; ``plots`` are those that have no row of their own."""
    if not plots and box.width >= DISTANCE + SIDE + sheet.border.columns:
        for part, pane in zip(box.columns(DISTANCE), TEXTS, strict=True):
            sheet.put(part, pane)
    elif box.height >= HIGH:
        above, below = box.rows(box.height // 2)
        sheet.put(above, TEXTS[0], *plots)
        sheet.put(below, *TEXTS[1:])
    else:
        sheet.put(box, *reversed(TEXTS), *plots)


def _plots(sheet: Sheet, box: Box) -> None:
    """The four diagnostics, or two at a time."""
    width = PLOT[sheet.border == BOXED] + sheet.border.columns
    if box.width >= 4 * width:
        quarter = box.width // 4
        for part, pane in zip(box.columns(quarter, quarter, quarter), PLOTS, strict=True):
            sheet.put(part, pane)
    elif box.width >= 2 * width:
        for part, panes in zip(box.columns(box.width // 2), (PLOTS[::2], PLOTS[1::2]), strict=True):
            sheet.put(part, *panes)
    else:
        sheet.put(box, *PLOTS)
