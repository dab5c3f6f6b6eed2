"""Backprop: the network of the micro-step, with the list of these and the equation around it."""

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

PICTURE = "backprop-network"
LIST = 50, 28  # columns of the list of micro-steps, at the most and at least
EQUATION = 16, 9  # rows of the equation's pane, at the most (of a low terminal) and at least
SHARE = 0.52  # of the height for the network
BOXED_EQUATION = 15


def picture(width: int, height: int, needs: Needs) -> Size:
    """All columns but those of the list; rows as the equation leaves them."""
    low = least(width, height, needs)
    body = height - BARS
    rows = min(round(SHARE * body), body - EQUATION[0] - 2)
    return Size(max(low.columns, width - LIST[0] - 4), max(low.rows, rows))


def least(width: int, height: int, needs: Needs) -> Size:
    return sixth(width, height)


def compose(
    width: int, height: int, network: Size, needs: Needs, border: Border, recent: Sequence[str]
) -> Arrangement | None:
    """The network beside the list, or in a narrow terminal above it; below them the equation."""
    columns, rows = network.columns + border.columns, network.rows + border.rows
    beside, below = width - columns, height - rows
    if beside < 0 or below < (BOXED_EQUATION if border == BOXED else EQUATION[1]):
        return None
    sheet = Sheet(border, recent)
    top, equation = Box(0, 0, width, height).rows(rows)
    if beside >= LIST[1] + border.columns:
        picture_box, steps = top.columns(columns)
        sheet.put(steps, "microsteps")
        sheet.put(equation, "equation")
    else:
        picture_box = top
        sheet.put(equation, "equation", "microsteps")
    sheet.put(picture_box, PICTURE)
    return sheet.done()
