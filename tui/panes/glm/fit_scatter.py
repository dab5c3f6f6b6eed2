"""The fit over many inputs: what was observed against μ, and against the network's ŷ."""

import numpy as np

from engine.arrays import Array
from engine.regions.box import rounded_range
from tui.drawing.canvas import Canvas
from tui.drawing.cells import first_fitting
from tui.drawing.grid import Grid
from tui.drawing.numbers import WIDE, num
from tui.drawing.text_lines import Line, Span, draw_line, flowed, width_of
from tui.model.frame import Frame
from tui.model.glm.formulas import spelt
from tui.model.glm.observed import Shares, tenths_of
from tui.model.target_scale import target_of
from tui.panes.glm.axes import (
    dotted,
    draw_dots,
    draw_x_ticks,
    draw_y_ticks,
    label_cells,
    mark_of,
    unit_axis,
    unit_box,
    y_axis,
)
from tui.panes.glm.cursor_lines import labelled_values
from tui.panes.glm.fit_curve import LEAST_ROWS, Observed

LEAST_WIDTH = 40  # of the scatter plot, where a map stands beside it
MAP_MARGIN = 12  # cells of the names and ticks of a map
MAP_GAP = 3  # cells between a map and the scatter plot
MAP_ROWS = 12  # from which on there is a map
BELOW_MAP = 5  # rows: the axis, the cursor's numbers, the key
SAMPLES = 512  # of the diagonal
ASCII_DIAGONAL = "."


def map_width(width: int, height: int) -> int:
    """The cells that a map gets at the left of the scatter plot; 0 if there is no room."""
    wanted = 2 * (height - BELOW_MAP) + MAP_MARGIN
    return wanted + MAP_GAP if height >= MAP_ROWS and width - wanted >= LEAST_WIDTH else 0


def draw_fit_scatter(
    canvas: Canvas, frame: Frame, model: Frame, with_network: bool
) -> tuple[Grid, Observed]:
    """Draw the plot, with the selected example's numbers and the key below; returns where it
    lies, and the marks of the model in it."""
    facts, glyphs, palette = frame.glm, canvas.glyphs, canvas.palette
    assert facts is not None
    tenths = tenths_of(facts.model)
    observed, now = _observed(canvas, frame, tenths)
    below = [*_example_lines(canvas, frame), *_key(canvas, tenths, with_network)]
    below = below[: max(0, canvas.height - 1 - LEAST_ROWS)]
    rows = max(1, canvas.height - 1 - len(below))
    if tenths is None:
        both = rounded_range(observed.points.ravel())
        axis, box = y_axis(both, rows), (both, both)
    else:
        box = (0.0, 1.0), unit_box(rows)
        axis = unit_axis(box[1], rows)
    mu, left = spelt("{mu}", glyphs), label_cells(axis)
    width = max(1, canvas.width - left - len(mu) - 1)
    if tenths is not None:
        box = unit_box(width), box[1]
    grid = Grid(left, width, rows, box)
    diagonal = dotted(grid.curve_dots(np.linspace(*grid.box[0], SAMPLES)))
    if with_network:
        points = np.column_stack([now, observed.points[:, 1]])
        grid.mark(canvas, points, glyphs.network, palette.mid)
    for mark in np.unique(observed.marks):
        for ink in np.unique(observed.inks):
            of = (observed.marks == mark) & (observed.inks == ink)
            grid.mark(canvas, observed.points[of], str(mark), int(ink))
    at = tenths.of_row(frame.data.train, frame.example) if tenths else None
    chosen = np.flatnonzero(observed.rows == frame.example) if tenths is None else at
    if chosen is not None:
        grid.mark(canvas, observed.points[np.atleast_1d(chosen)], glyphs.example, palette.hi)
    draw_dots(canvas, grid, diagonal, palette.low, ASCII_DIAGONAL)
    draw_y_ticks(canvas, grid, axis)
    draw_x_ticks(canvas, grid, mu, canvas.width)
    for y, line in enumerate(below, start=grid.height + 1):
        draw_line(canvas, y, line)
    return grid, observed


def _observed(canvas: Canvas, frame: Frame, tenths: Shares | None) -> tuple[Observed, Array]:
    """What was observed against μ, and the network's ŷ (m,) of the same."""
    facts, palette, glyphs = frame.glm, canvas.palette, canvas.glyphs
    assert facts is not None and facts.fit is not None
    train = frame.data.train
    now = frame.predicted[train, target_of(frame).unit]
    if tenths is not None:
        rows, x, y = tenths.rows, tenths.fitted, tenths.share
        now = np.bincount(tenths.group, weights=now) / tenths.trials
        marks = mark_of(glyphs, tenths.trials)
    else:
        rows, x, y = train, facts.fit.fitted, facts.model.y
        marks = np.where(y > x, glyphs.point_positive, glyphs.point_negative)
    inks = np.where(y > x, palette.positive, palette.negative)
    return Observed(np.column_stack([x, y]), marks, inks, rows), now


def _example_lines(canvas: Canvas, frame: Frame) -> list[Line]:
    """The selected example: y, μ and ŷ, in one line or a line each."""
    facts, palette, row = frame.glm, canvas.palette, frame.example
    assert facts is not None and facts.fit is not None
    y = float(facts.model.data.Y[row, 0])
    mu = float(facts.fit.predict(frame.data.X[[row]][:, list(facts.model.columns)])[0])
    now = float(frame.predicted[row, target_of(frame).unit])
    head: Line = [
        Span(f"{canvas.glyphs.example} ", palette.hi),
        Span(f"example {row + 1}", palette.mid),
    ]
    parts = [head, [Span("y ", palette.mid), Span(num(y, WIDE).strip(), palette.hi)]]
    for name, value in labelled_values(canvas, frame, (mu, now)):
        parts.append([Span(f"{name} ", palette.mid), value])
    return flowed(parts, canvas.width, indent=2, gap=2)


def _key(canvas: Canvas, tenths: Shares | None, with_network: bool) -> list[Line]:
    palette, glyphs = canvas.palette, canvas.glyphs
    parts: list[Line] = []
    if tenths is None:
        parts.append(
            [Span(glyphs.point_positive, palette.positive), Span(" above the fit", palette.low)]
        )
        parts.append([Span(glyphs.point_negative, palette.negative), Span(" below", palette.low)])
    else:
        forms = ["proportion in each tenth of the examples, by μ", "proportions in tenths by μ"]
        parts.append([Span(first_fitting(forms, canvas.width), palette.low)])
    if with_network:
        parts.append([Span(glyphs.network, palette.mid), Span(" network", palette.low)])
    return flowed([part for part in parts if width_of(part)], canvas.width, gap=2)
