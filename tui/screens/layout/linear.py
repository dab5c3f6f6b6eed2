"""Linear: the data and what is fitted to them, with coefficients, tests and diagnostics around."""

from __future__ import annotations

from collections.abc import Sequence

from tui.screens.layout.boxes import (
    BARS,
    BOXED,
    Arrangement,
    ArrangementBuilder,
    Border,
    Box,
    Needs,
    Size,
    sixth,
)

PICTURE = "data-plot"
PLOTS = ("residual-plot", "qq-plot", "scale-plot", "leverage-plot")
OTHER_ROWS = 5  # of the coefficients' pane besides the terms
LEAST_TERMS = 3
SHARE = 0.4  # of the height for the coefficients
ROWS, LEAST_ROWS = 25, 12  # of the picture and of the coefficients together; of the picture
ACROSS = 0.46  # of the width for the picture
PLOT = {True: 24, False: 22}  # columns of a diagnostic plot, boxed and not
PLOT_ROWS = 6
WHY_ROWS = 4  # that say why there is no fit
SIDE = 30  # columns beside the picture
DISTANCE, WIDEST_DISTANCE = 22, 44  # columns of the distance where all have room
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
    """The coefficients over the picture with the texts at its right, and these over the plots."""
    if "coefficients" in needs.without:
        return _without_fit(width, height, needs, border, recent)
    columns, rows = plot.columns + border.columns, plot.rows + border.rows
    side, free = width - columns, height - rows
    panes = [pane for pane in _order(needs) if pane not in needs.without and pane != PICTURE]
    terms = min(_terms(height + BARS, needs), free)
    if side < 0 or terms < (LEAST_TERMS + OTHER_ROWS - 1 if border == BOXED else 4):
        return None
    plots = free - terms if free - terms >= PLOT_ROWS + border.rows else 0
    narrow = side < SIDE + border.columns
    if border == BOXED and (narrow or not plots):
        return None
    sheet, body = ArrangementBuilder(border, recent), Box(0, 0, width, height)
    if narrow:
        top, below = body.rows(rows)
        sheet.put(top, PICTURE)
        sheet.put(below, "coefficients", *panes)
        return sheet.done()
    above, middle, foot = body.rows(free - plots, rows)
    sheet.put(above, "coefficients")
    at_left, at_right = middle.columns(columns)
    sheet.put(at_left, PICTURE)
    if plots:
        _plots(sheet, foot)
        panes = [pane for pane in panes if pane not in PLOTS]
    _side(sheet, at_right, panes)
    return sheet.done()


def _without_fit(
    width: int, height: int, needs: Needs, border: Border, recent: Sequence[str]
) -> Arrangement:
    """Why there is no fit, over the full width, above what the layers collapse to."""
    sheet, body = ArrangementBuilder(border, recent), Box(0, 0, width, height)
    above, below = body.rows(WHY_ROWS + border.rows)
    sheet.put(above, PICTURE)
    panes = [pane for pane in _order(needs) if pane not in needs.without]
    if len(panes) > 1 and width >= 2 * (SIDE + border.columns):
        at_left, below = below.columns(width // 2)
        sheet.put(at_left, *panes[:1])
        panes = panes[1:]
    sheet.put(below, *panes)
    return sheet.done()


def _order(needs: Needs) -> tuple[str, ...]:
    """The panes besides coefficients and picture: what several layers collapse to comes first."""
    texts = ("assumptions", "distance")
    return (*(("collapse", *texts) if needs.layers > 1 else (*texts, "collapse")), *PLOTS)


def _side(sheet: ArrangementBuilder, box: Box, panes: list[str]) -> None:
    """The panes beside the picture."""
    texts_only = not any(pane in PLOTS for pane in panes)
    has_both = {"assumptions", "distance"} <= {*panes}
    if texts_only and has_both and box.width >= DISTANCE + SIDE + sheet.border.columns:
        at_left, box = box.columns(max(DISTANCE, min(box.width // 3, WIDEST_DISTANCE)))
        sheet.put(at_left, "distance")
        panes = [pane for pane in panes if pane != "distance"]
    if len(panes) > 1 and box.height >= HIGH:
        above, below = box.rows(box.height // 2)
        sheet.put(above, *panes[:1], *(pane for pane in panes[2:] if pane in PLOTS))
        sheet.put(below, *panes[1:2], *(pane for pane in panes[2:] if pane not in PLOTS))
    else:
        sheet.put(box, *panes)


def _plots(sheet: ArrangementBuilder, box: Box) -> None:
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
