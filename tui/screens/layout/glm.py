"""GLM: the fit, with the model, the coefficients, IRLS and the stack around it."""

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

PICTURE = "glm-fit"
CHOICE = 18, 9  # rows of the model, at the most and at least
SIDE = 28  # columns beside the fit
TABLE = 52  # columns of the coefficients, beside the model
COLUMN = 34  # rows of a column of three panes


def picture(width: int, height: int, needs: Needs) -> Size:
    low = sixth(width, height)
    return Size(low.columns, max(low.rows, height - BARS - CHOICE[0] - 2))


def least(width: int, height: int, needs: Needs) -> Size:
    return sixth(width, height)


def compose(
    width: int, height: int, fit: Size, needs: Needs, border: Border, recent: Sequence[str]
) -> Arrangement | None:
    columns, rows = fit.columns + border.columns, fit.rows + border.rows
    side, above = width - columns, height - rows
    if side < 0 or above < CHOICE[1]:
        return None
    body, sheet = Box(0, 0, width, height), Sheet(border, recent)
    if side >= TABLE + border.columns - 2 and height >= COLUMN:
        at_left, at_right = body.columns(columns)
        model, plot = at_left.rows(above)
        third = height // 3
        table, irls, stack = at_right.rows(third, third)
        for box, pane in ((model, "glm-choice"), (plot, PICTURE), (table, "glm-table")):
            sheet.put(box, pane)
        sheet.put(irls, "irls")
        sheet.put(stack, "stack")
    elif border == BOXED:
        return None
    elif side >= SIDE + border.columns:
        top, low = body.rows(above)
        if width >= 2 * TABLE - 8:
            for box, pane in zip(
                top.columns(width - TABLE), ("glm-choice", "glm-table"), strict=True
            ):
                sheet.put(box, pane)
        else:
            sheet.put(top, "glm-choice", "glm-table")
        plot, others = low.columns(columns)
        sheet.put(plot, PICTURE)
        sheet.put(others, "irls", "stack")
    else:
        top, low = body.rows(rows)
        sheet.put(top, PICTURE)
        sheet.put(low, "glm-choice", "glm-table", "irls", "stack")
    return sheet.done()
