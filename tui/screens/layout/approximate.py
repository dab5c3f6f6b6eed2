"""Approximate: the target with the curve that follows it, units, methods and errors around."""

from __future__ import annotations

from collections.abc import Sequence

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

PICTURE = "approximation"
PLANE = "towers"  # the picture in its place, of two inputs
ACROSS = 0.55  # of the width for the picture
BELOW = 8  # rows below the picture, at least
SIDE = 30  # columns beside it, at least


def picture(width: int, height: int, needs: Needs) -> Size:
    low = least(width, height, needs)
    return Size(low.columns, max(low.rows, (height - 5) // 2))


def least(width: int, height: int, needs: Needs) -> Size:
    return sixth(width, height, ACROSS)


def compose(
    width: int, height: int, curve: Size, needs: Needs, border: Border, recent: Sequence[str]
) -> Arrangement | None:
    """The picture with the methods at its right, and below them the units and the errors."""
    columns, rows = curve.columns + border.columns, curve.rows + border.rows
    side, free = width - columns, height - rows
    if side < 0 or free < 4 or (border == BOXED and (side < SIDE or free < BELOW)):
        return None
    sheet, body = ArrangementBuilder(border, recent), Box(0, 0, width, height)
    panes = [pane for pane in ("methods", "units", "errors") if pane not in needs.without]
    if not panes:
        sheet.put(body, needs.picture or PICTURE)
        return sheet.done()
    above, below = body.rows(rows)
    if side < SIDE:
        sheet.put(above, needs.picture or PICTURE)
        sheet.put(below, *panes)
        return sheet.done()
    at_left, at_right = above.columns(columns)
    sheet.put(at_left, needs.picture or PICTURE)
    sheet.put(at_right, *panes[:1])
    left, right = below.columns(columns)
    sheet.put(left, *panes[1:2])
    sheet.put(right, *panes[2:])
    return sheet.done()
