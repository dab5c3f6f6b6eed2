"""GLM: the fit, with the model, the coefficients, IRLS and the stack around it."""

from __future__ import annotations

from collections.abc import Sequence

from tui.screens.layout.boxes import (
    BARS,
    BOXED,
    COMPACT,
    Arrangement,
    ArrangementBuilder,
    Border,
    Box,
    Needs,
    Size,
    sixth,
    square_sixth,
)

PICTURE = "glm-fit"
FACTS = "irls", "distribution", "stack", "linear-in", "hidden-unit"  # in one place
ALL = "glm-choice", "glm-table", *FACTS  # but the picture
CHOICE = 16, 8  # rows of the model, at the most and at least
SIDE = 26  # columns beside the fit
PLOT_COLUMNS, PLOT_ROWS = 10, 4  # of the labels beside and below a plot
TABLE = 52  # columns of the coefficients, beside the model
COLUMN = 34  # rows of a column of three panes
TALL, LINEAR_IN = 57, 6  # rows of a column of four panes, and of its last
TALLEST, HIDDEN_UNIT = 70, 9  # rows of a column of all six panes, and of its last
AXIS, EDGE = 1, 3  # row of a map's ticks, columns for the name of the axis at its right
READ_OUT = 22  # columns beside a map, with the gap
SHARE = 0.43  # of the width for a map
ABOVE = 12  # rows of the model over a map
BELOW = 20  # rows of the other panes below a map
TWO_ROWS = 18  # from which on two panes have room above each other


def picture(width: int, height: int, needs: Needs) -> Size:
    """The map, or the plot of a fit over one input or over many."""
    if not needs.margin:
        low = sixth(width, height)
        rows = max(low.rows + PLOT_ROWS, height - BARS - CHOICE[0] - 2)
        return Size(low.columns + PLOT_COLUMNS, min(rows, height - BARS - CHOICE[1] - 1))
    labels = needs.margin + EDGE + COMPACT.columns
    all_rows = height - BARS - AXIS - COMPACT.rows
    beside = int((SHARE * width - labels) / 2)
    on_top = min((width - labels - READ_OUT) // 2, all_rows - BELOW - 1)
    rows = max(min(beside, all_rows - 1), min(square_sixth(width, height), all_rows), on_top)
    body = height - BARS
    while rows > 1 and not compose(width, body, Size(2 * rows, rows), needs, COMPACT, ()):
        rows -= 1
    return Size(2 * rows, rows)


def least(width: int, height: int, needs: Needs) -> Size:
    return picture(width, height, needs) if needs.margin else sixth(width, height)


def compose(
    width: int, height: int, fit: Size, needs: Needs, border: Border, recent: Sequence[str]
) -> Arrangement | None:
    body, sheet = Box(0, 0, width, height), ArrangementBuilder(border, recent)
    if needs.margin:
        columns = fit.columns + needs.margin + EDGE + border.columns
        rows = fit.rows + AXIS + border.rows
        is_placed = _about_a_map(sheet, body, columns, rows)
    else:
        columns, rows = fit.columns + border.columns, fit.rows + border.rows
        is_placed = _about_a_plot(sheet, body, columns, rows)
    return sheet.done() if is_placed else None


def _about_a_map(sheet: ArrangementBuilder, body: Box, columns: int, rows: int) -> bool:
    """The map below the model with a column of panes at the right, above all, or at their left."""
    border, above = sheet.border, body.height - rows
    for_table = TABLE + border.columns
    if above >= ABOVE and body.height >= COLUMN and body.width - columns >= for_table:
        columns = max(columns, min(columns + READ_OUT - EDGE, body.width - for_table))
        _three_at_the_right(sheet, body, columns, above)
        return True
    if above >= BELOW and body.width >= columns:
        plot, others = body.rows(rows)
        top, low = others.rows(others.height // 2)
        sheet.put(plot, PICTURE)
        _model(sheet, top)
        left, right = low.columns(low.width // 2)
        sheet.put(left, "irls", "distribution")
        sheet.put(right, "stack", "linear-in", "hidden-unit")
        return True
    side = body.width - columns
    if side < SIDE + border.columns or above < 0:
        return False
    if not above:  # no rows for the read-out
        columns += min(READ_OUT - EDGE, max(0, side - for_table))
    plot, others = body.columns(columns)
    sheet.put(plot, PICTURE)
    if others.height < TWO_ROWS:
        sheet.put(others, *ALL)
        return True
    two = others.width >= 2 * TABLE - 8
    top, low = others.rows(others.height // 2)
    _model(sheet, top)
    if two:
        left, right = low.columns(low.width - TABLE)
        sheet.put(left, "irls", "distribution")
        sheet.put(right, "stack", "linear-in", "hidden-unit")
    else:
        sheet.put(low, *FACTS)
    return True


def _about_a_plot(sheet: ArrangementBuilder, body: Box, columns: int, rows: int) -> bool:
    """The plot below the model, or above all where it is as wide as the terminal."""
    border, side, above = sheet.border, body.width - columns, body.height - rows
    if side < 0 or above < CHOICE[1]:
        return False
    if side >= TABLE + border.columns - 2 and body.height >= COLUMN:
        _three_at_the_right(sheet, body, columns, above)
    elif border == BOXED:
        return False
    elif side >= SIDE + border.columns:
        top, low = body.rows(above)
        _model(sheet, top)
        plot, others = low.columns(columns)
        sheet.put(plot, PICTURE)
        sheet.put(others, *FACTS)
    else:
        top, low = body.rows(rows)
        sheet.put(top, PICTURE)
        sheet.put(low, *ALL)
    return True


def _three_at_the_right(sheet: ArrangementBuilder, body: Box, columns: int, above: int) -> None:
    """The model over the picture, and the other panes in a column, as many as have room."""
    at_left, at_right = body.columns(columns)
    for box, pane in zip(at_left.rows(above), ("glm-choice", PICTURE), strict=True):
        sheet.put(box, pane)
    if body.height >= TALLEST:
        low = [LINEAR_IN + sheet.border.rows, HIDDEN_UNIT + sheet.border.rows]
        quarter = (body.height - sum(low)) // 4
        heights = [*[quarter] * 3, body.height - sum(low) - 3 * quarter, low[0]]
        for box, pane in zip(at_right.rows(*heights), ("glm-table", *FACTS), strict=True):
            sheet.put(box, pane)
        return
    all_four = body.height >= TALL
    others = body.height - (LINEAR_IN + sheet.border.rows if all_four else 0)
    table, irls, *stack = at_right.rows(*[others // 3] * 2, *[others - others // 3 * 2] * all_four)
    sheet.put(table, "glm-table")
    sheet.put(irls, "irls", "distribution")
    if all_four:
        sheet.put(stack[0], "stack", "hidden-unit")
        sheet.put(stack[1], "linear-in")
    else:
        sheet.put(stack[0], "stack", "linear-in", "hidden-unit")


def _model(sheet: ArrangementBuilder, box: Box) -> None:
    """The model with its coefficients beside it, or one of them at a time."""
    if box.width >= 2 * TABLE - 8:
        for part, pane in zip(
            box.columns(box.width - TABLE), ("glm-choice", "glm-table"), strict=True
        ):
            sheet.put(part, pane)
    else:
        sheet.put(box, "glm-choice", "glm-table")
