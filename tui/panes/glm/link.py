"""The mean over the linear predictor z, whose curve is the inverse link, with what was observed."""

import numpy as np

from engine.arrays import Array
from engine.regions.box import rounded_range
from tui.drawing.canvas import Canvas
from tui.drawing.cells import first_fitting
from tui.drawing.grid import Grid
from tui.model.frame import Frame
from tui.model.glm.formulas import INVERSE, spelt
from tui.model.glm.observed import HALF, shares_of
from tui.panes.glm.axes import (
    draw_dots,
    draw_x_ticks,
    draw_y_ticks,
    label_cells,
    unit_axis,
    unit_box,
    y_axis,
)
from tui.panes.glm.fit_curve import (
    ASCII_CURVE,
    SEVERAL,
    Observed,
    draw_marks,
    draw_reading,
    observed_in,
)

LEAST_ROWS, LEAST_WIDTH = 10, 30  # with the line above, the axis and a blank
SAMPLES = 512


def draw_link(canvas: Canvas, frame: Frame, model: Frame, top: int) -> None:
    """Draw it from row ``top`` on, if there is room."""
    facts, palette, glyphs = frame.glm, canvas.palette, canvas.glyphs
    if canvas.height - top < LEAST_ROWS or canvas.width < LEAST_WIDTH:
        return
    if facts is None or facts.fit is None:
        return
    fit, binomial = facts.fit, facts.choice.family == "binomial"
    part = Canvas(canvas.width, canvas.height - top - 2, palette, glyphs, canvas.colour)
    rows = part.height - 1
    shares = shares_of(facts.model)
    observed = observed_in(canvas, frame, model, shares)
    z = np.asarray(fit.linear_predictor)
    z = z[shares.first] if shares else z
    points = np.column_stack([z, observed.points[:, 1]])
    kept = np.isfinite(points).all(axis=1)
    if not kept.any():
        return
    x_range = rounded_range(points[kept, 0])
    box = unit_box(rows) if binomial else rounded_range(points[kept, 1])
    axis = unit_axis(box, rows) if binomial else y_axis(box, rows)
    left = label_cells(axis)
    grid = Grid(left, part.width - left - len("z") - 1, rows, (x_range, box))
    mu = spelt("{mu}", glyphs)
    formula = spelt(f"{mu} = {INVERSE[facts.choice.link]}", glyphs)
    forms = (
        f"inverse link: the curve {formula} over z, through what was observed",
        f"inverse link: {formula} over z, and what was observed",
        f"inverse link: {mu} over z",
    )
    canvas.text(0, top + 1, first_fitting(forms, canvas.width), palette.low)
    for level in (0.0, 1.0) if binomial else (0.0,):
        if box[0] < level < box[1]:
            part.text(left, grid.row(level), glyphs.dash * grid.width, palette.line)
    marks = Observed(points[kept], observed.marks[kept], observed.inks[kept], observed.rows[kept])
    over = len(points) > SEVERAL * grid.width
    if not over:
        draw_marks(part, grid, marks)
    draw_dots(part, grid, grid.curve_dots(_means(frame, grid)), palette.hi, ASCII_CURVE)
    if over:
        draw_marks(part, grid, marks)
    half = HALF[facts.choice.link] if binomial else None
    if half is not None and x_range[0] < half < x_range[1]:
        draw_reading(part, grid, half)
    draw_y_ticks(part, grid, axis)
    draw_x_ticks(part, grid, "z", part.width)
    canvas.paste(part, 0, top + 2)


def _means(frame: Frame, grid: Grid) -> Array:
    """μ at places z from the left to the right of the grid."""
    facts = frame.glm
    assert facts is not None and facts.fit is not None
    low, high = grid.box[0]
    z = low + (high - low) * (np.arange(SAMPLES) + 0.5) / SAMPLES
    with np.errstate(all="ignore"):
        means: Array = np.asarray(facts.fit.model.mean(z))
    return means
