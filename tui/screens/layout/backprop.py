"""Backprop: the network of the micro-step, with the list of these and the equation around it."""

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

PICTURE = "backprop-network"
LIST = 50, 28  # columns of the list of micro-steps, at the most and at least
EQUATION = 16, 9  # rows of the equation's pane, at the most (of a low terminal) and at least
SHARE = 0.52  # of the height for the network
BOXED_EQUATION = 15
TALL = 56  # rows from which on the network has all columns, and the list stands below
BELOW = 0.4, 22  # of the height for what is below it then, and rows at least
EDGE, MARGINS = 12, 6  # columns of a layer whose edges have room for their numbers, and beside all
ROOMY = 14  # rows from which on units have their numbers below them, and not beside
PROSE = 44  # columns of the equation beside the list, at least
OTHERS = "chain-rule", "gradient-vector", "slips"  # panes that share the equation's place
BESIDE = 70, 100  # columns from which on they have one of their own, and of the equation then
ROWS, MORE = 8, 2  # of each of them above the next, and more of the first


def picture(width: int, height: int, needs: Needs) -> Size:
    """All columns but those of the list, in a tall terminal all; rows as the equation leaves
    them."""
    low = least(width, height, needs)
    body = height - BARS
    rows = max(low.rows, min(round(SHARE * body), body - EQUATION[0] - 2))
    if height < TALL:
        legible = min(MARGINS + EDGE * needs.layers, width - LIST[1] - 4) if rows >= ROOMY else 0
        return Size(max(low.columns, width - LIST[0] - 4, legible), rows)
    return Size(width - 4, max(rows, body - max(round(BELOW[0] * body), BELOW[1]) - 2))


def least(width: int, height: int, needs: Needs) -> Size:
    return sixth(width, height)


def compose(
    width: int, height: int, network: Size, needs: Needs, border: Border, recent: Sequence[str]
) -> Arrangement | None:
    """The network above the equation. The list is beside the network, or else the equation; where
    neither leaves it room, it shares the place of the equation."""
    columns, rows = network.columns + border.columns, network.rows + border.rows
    beside, below = width - columns, height - rows
    if beside < 0 or below < (BOXED_EQUATION if border == BOXED else EQUATION[1]):
        return None
    sheet = ArrangementBuilder(border, recent)
    picture_box, equation = Box(0, 0, width, height).rows(rows)
    steps = min(LIST[0] + border.columns, width - PROSE)
    if beside >= LIST[1] + border.columns:
        picture_box, steps_box = picture_box.columns(columns)
        sheet.put(steps_box, "microsteps")
    elif steps >= LIST[1] + border.columns and below >= BELOW[1]:
        steps_box, equation = equation.columns(steps)
        sheet.put(steps_box, "microsteps")
    if "microsteps" not in sheet.boxes:
        sheet.put(equation, "equation", "microsteps", *OTHERS)
    elif equation.width < sum(BESIDE) + 2 * border.columns:
        sheet.put(equation, "equation", *OTHERS)
    else:
        equation, others = equation.columns(equation.width - BESIDE[0] - border.columns)
        sheet.put(equation, "equation")
        _others(sheet, others)
    sheet.put(picture_box, PICTURE)
    return sheet.done()


def _others(sheet: ArrangementBuilder, box: Box) -> None:
    """The panes beside the equation, above each other where all have room."""
    part = box.height // len(OTHERS)
    if part < ROWS + sheet.border.rows:
        sheet.put(box, *OTHERS)
        return
    for rows, pane in zip(box.rows(part + MORE, part), OTHERS, strict=True):
        sheet.put(rows, pane)
