"""The fit over one input: the curve of μ, the network's, and what was observed."""

from dataclasses import dataclass

import numpy as np

from engine.arrays import Array, Ints
from engine.regions.box import rounded_range
from engine.wording import count
from tui.drawing.canvas import Canvas
from tui.drawing.cells import cell_count, first_fitting
from tui.drawing.grid import Grid
from tui.drawing.numbers import tick
from tui.drawing.plot import Axis
from tui.drawing.text_lines import Line, Span, draw_line, width_of
from tui.model.activation_samples import raster_of
from tui.model.frame import Frame
from tui.model.glm.observed import Shares, half_input, shares_of
from tui.model.target_scale import class_names, target_of
from tui.panes.glm.axes import (
    Strings,
    dotted,
    draw_dots,
    draw_x_ticks,
    draw_y_ticks,
    label_cells,
    mark_of,
    sizes_key,
    unit_axis,
    unit_box,
    y_axis,
)

GLM, NETWORK = "GLM", ("network", "net")
WITH_WORDS = 46  # cells from which on the name of the network at its end is whole
MAX_NAME = 14  # cells at the right, for the labels and the name of the input
LOW = 16  # rows, below which there is one line for the place of ½ and the key
TALL = 20  # rows, above which the inks have a line of their own
LEAST_ROWS = 4  # of the plot: the rows below it give way
NEAR = 1.0  # widths of the plot beyond its ends
SEVERAL = 1.0  # examples a column, beyond which the curve is drawn over them
ASCII_CURVE, ASCII_NETWORK = "*", ":"
TEST = "+"  # the mark of a test example


@dataclass(frozen=True, eq=False)
class Observed:
    """What was observed at points (m, 2) of the plot, with the marks (m,), the inks (m,), and a
    row of the data set (m,) for each."""

    points: Array
    marks: Strings
    inks: Ints
    rows: Ints


def draw_fit_curve(
    canvas: Canvas, frame: Frame, model: Frame, cursor: list[Line], with_network: bool
) -> tuple[Grid, Observed]:
    """Draw the plot, and below it the ``cursor``'s lines, where μ is a half and the key; returns
    where the plot lies, and what is marked in it."""
    facts = frame.glm
    assert facts is not None
    shares = shares_of(facts.model)
    below = [*cursor, *_key(canvas, frame, model, shares)]
    below = below[: max(0, canvas.height - 1 - LEAST_ROWS)]
    rows = max(1, canvas.height - 1 - len(below))
    grid, axis = _grid(canvas, frame, model, rows)
    observed = observed_in(canvas, frame, model, shares)

    _draw_rules(canvas, grid, frame)
    draw_y_ticks(canvas, grid, axis)
    half = half_input(facts)
    inside = half is not None and grid.box[0][0] <= half <= grid.box[0][1]
    place = (half, tick(half)) if half is not None and inside else None
    _draw_curves(canvas, grid, frame, model, observed, with_network)
    draw_x_ticks(canvas, grid, frame.view.names[0], canvas.width, place)
    if place is not None:
        draw_reading(canvas, grid, place[0])
    for y, line in enumerate(below, start=grid.height + 1):
        draw_line(canvas, y, line)
    return grid, observed


def observed_in(canvas: Canvas, frame: Frame, model: Frame, shares: Shares | None) -> Observed:
    """The observed proportions, sized by their numbers of trials; of other targets the training
    examples. The inks tell those above the fit from those below."""
    facts, palette, glyphs, data = frame.glm, canvas.palette, canvas.glyphs, model.data
    assert facts is not None and facts.fit is not None
    if shares is not None:
        rows, y, fitted = shares.rows, shares.share, shares.fitted
        marks = mark_of(glyphs, shares.trials)
    else:
        rows, fitted = data.train, facts.fit.fitted
        y = data.Y[rows, 0]
        marks = np.where(y > fitted, glyphs.point_positive, glyphs.point_negative)
    x = model.view.coordinates(data.columns[rows])[:, 0]
    inks = np.where(y > fitted, palette.positive, palette.negative)
    return Observed(np.column_stack([x, y]), marks, inks, rows)


def example_point(frame: Frame, model: Frame, shares: Shares | None) -> Array:
    """Where the selected example (1, 2) lies: at its group's proportion, if it is in a group."""
    x = model.view.coordinates(model.data.columns[[frame.example]])[:, 0]
    group = shares.of_row(model.data.train, frame.example) if shares else None
    y = model.data.Y[frame.example, 0] if group is None or not shares else shares.share[group]
    return np.array([[x[0], y]])


def half_forms(frame: Frame, model: Frame) -> list[str]:
    """Where P = 0.5, in words, long forms first; [] if there is nothing to say."""
    facts = frame.glm
    x = half_input(facts) if facts is not None else None
    if x is None:
        return []
    (low, high), name = frame.view.box[0], frame.view.names[0]
    P = f"P({class_names(model)[1]})"
    outside = max(low - x, x - high) / (high - low)
    if outside > NEAR:
        middle = frame.view.centre[None, :]
        relation = ">" if float(model.outputs(middle)[0, 0]) > 0.5 else "<"
        return [f"{who} {relation} 0.5 all over the plot" for who in (P, "P")]
    beyond = ", outside the plot" if outside > 0.0 else ""
    places = f"{name} {tick(x)}", tick(x)
    forms = [f"{who} = 0.5 at {place}{beyond}" for place in places for who in (P, "P")]
    return forms


def _grid(canvas: Canvas, frame: Frame, model: Frame, rows: int) -> tuple[Grid, Axis]:
    facts = frame.glm
    assert facts is not None
    if facts.choice.family == "binomial":
        box = unit_box(rows)
        axis = unit_axis(box, rows)
    else:
        box = rounded_range(target_of(model).values)
        axis = y_axis(box, rows)
    left, right = label_cells(axis), len(GLM) + 1
    if canvas.width >= WITH_WORDS:
        right = min(max(len(NETWORK[0]), cell_count(frame.view.names[0])), MAX_NAME) + 1
    width = max(1, canvas.width - left - right)
    return Grid(left, width, rows, (frame.view.box[0], box)), axis


def _draw_rules(canvas: Canvas, grid: Grid, frame: Frame) -> None:
    """The levels 0 and 1 that a probability does not reach, or 0; and the cursor's column."""
    facts = frame.glm
    assert facts is not None
    for level in (0.0, 1.0) if facts.choice.family == "binomial" else (0.0,):
        if grid.box[1][0] < level < grid.box[1][1]:
            dashes = canvas.glyphs.dash * grid.width
            canvas.text(grid.left, grid.row(level), dashes, canvas.palette.line)
    for row in range(grid.height):
        column = grid.left + grid.column(frame.cursor[0])
        canvas.text(column, row, canvas.glyphs.rule, canvas.palette.line)


def _draw_curves(
    canvas: Canvas,
    grid: Grid,
    frame: Frame,
    model: Frame,
    observed: Observed,
    with_network: bool,
) -> None:
    """μ as a line, the network dotted where it is elsewhere, and what was observed over both."""
    palette = canvas.palette
    values = raster_of(model).outputs[0]
    lines = [(GLM, values, grid.curve_dots(values), palette.hi, ASCII_CURVE)]
    if with_network:
        now = raster_of(frame).outputs[target_of(frame).unit]
        name = NETWORK[canvas.width < WITH_WORDS]
        lines.append((name, now, dotted(grid.curve_dots(now)), palette.mid, ASCII_NETWORK))
    below = len(observed.points) > SEVERAL * grid.width
    bare = canvas.chars.copy()
    if not below:
        _draw_test(canvas, grid, frame, model)
        draw_marks(canvas, grid, observed)
    for _, _, dots, ink, sign in lines:
        draw_dots(canvas, grid, dots, ink, sign)
    if below:
        kept = canvas.chars != bare
        over = Canvas(canvas.width, canvas.height, palette, canvas.glyphs, canvas.colour)
        _draw_test(over, grid, frame, model)
        draw_marks(over, grid, observed)
        shown = (over.chars != " ") & ~kept
        canvas.chars[shown], canvas.ink[shown] = over.chars[shown], over.ink[shown]
    example = example_point(frame, model, shares_of(frame.glm.model) if frame.glm else None)
    grid.mark(canvas, example, canvas.glyphs.example, palette.hi)
    at = float(model.outputs(frame.cursor[None, :])[0, 0])
    grid.draw_cursor(canvas, np.array([frame.cursor[0], at]))
    ends = [(name, float(values[-1]), ink) for name, values, _, ink, _ in lines]
    _draw_labels(canvas, grid, ends)


def _draw_test(canvas: Canvas, grid: Grid, frame: Frame, model: Frame) -> None:
    """The test examples, unless they are hidden; they may be under all else."""
    if frame.shows_test and len(frame.data.test):
        rows = frame.data.test
        x = model.view.coordinates(model.data.columns[rows])[:, 0]
        grid.mark(canvas, np.column_stack([x, model.data.Y[rows, 0]]), TEST, canvas.palette.low)


def draw_marks(canvas: Canvas, grid: Grid, observed: Observed) -> None:
    """The marks, the larger ones last."""
    sizes = {mark: k for k, mark in enumerate("•o●O")}
    order = sorted(range(len(observed.marks)), key=lambda i: sizes.get(str(observed.marks[i]), 0))
    cells = grid.cells(observed.points)
    for i in order:
        column, row = cells[i].tolist()
        if column >= 0:
            canvas.marks(grid.left + column, row, str(observed.marks[i]), int(observed.inks[i]))


def _draw_labels(canvas: Canvas, grid: Grid, ends: list[tuple[str, float, int]]) -> None:
    """The names of the curves right of their ends; where both end in a row, the higher above."""
    known = [(name, value, ink) for name, value, ink in ends if np.isfinite(value)]
    known.sort(key=lambda end: -end[1])
    rows = [grid.row(value) for _, value, _ in known]
    if len(rows) == 2 and rows[0] == rows[1]:
        last = grid.height - 1
        if rows[0] == last:
            rows[0] = max(0, last - 1)
        else:
            rows[1] = rows[0] + 1
        if known[0][0] != GLM and known[0][1] - known[1][1] < grid.steps[1] / 4.0:
            known.reverse()  # one covers the other: the name of what is seen stands at it
    for (name, _, ink), row in zip(known, rows, strict=True):
        canvas.text(grid.left + grid.width + 1, row, name, ink, bold=name == GLM)


def draw_reading(canvas: Canvas, grid: Grid, x: float) -> None:
    """How the place of ½ is read off: from the axis to the curve, and down from there."""
    glyphs, palette = canvas.glyphs, canvas.palette
    column, row = grid.column(x), grid.row(0.5)
    free = (" ", glyphs.dash)
    for at in range(column):
        if canvas.chars[row, grid.left + at] == " ":
            canvas.text(grid.left + at, row, glyphs.dash, palette.line)
    for y in range(row + 1, grid.height):
        if canvas.chars[y, grid.left + column] in free:
            canvas.text(grid.left + column, y, glyphs.dot, palette.mid)


def _key(canvas: Canvas, frame: Frame, model: Frame, shares: Shares | None) -> list[Line]:
    """Where μ is a half, and in a line what the marks mean."""
    palette, glyphs, width = canvas.palette, canvas.glyphs, canvas.width
    low, halves = palette.low, half_forms(frame, model)
    signs = (glyphs.point_positive, palette.positive), (glyphs.point_negative, palette.negative)
    if shares is not None:
        parts = [(mark, palette.mid, text) for mark, text in sizes_key(glyphs, shares.trials)]
    else:
        names = (
            class_names(model)[::-1] if model.data.task == "binary" else ("above the fit", "below")
        )
        parts = [(mark, ink, name) for (mark, ink), name in zip(signs, names, strict=True)]
    if frame.shows_test and len(frame.data.test):
        parts.append((TEST, low, "test"))
    line: Line = []
    for mark, ink, text in parts:
        line += [Span(mark, ink), Span(f" {text}  ", low)]
    if width_of(line) > width:
        line = []
    if canvas.height < LOW and (half := first_fitting(halves, width - width_of(line))):
        return [[Span(f"{half}  ", palette.hi), *line]]  # the plot gets the row
    lines: list[Line] = []
    if half := first_fitting(halves, width):
        lines.append([Span(half, palette.hi)])
    if text := first_fitting(_example_forms(frame, model, shares), width - width_of(line) - 2):
        line += [Span(glyphs.example, palette.hi), Span(f" {text}", low)]
    lines.append(line)
    if shares is not None and canvas.colour:  # the marks themselves have sizes
        inks = [Span("above the fit", palette.positive), Span("  below", palette.negative)]
        if width_of(line) + 2 + width_of(inks) <= width:
            line += [Span("  ", low), *inks]
        elif canvas.height > TALL:
            lines.append(inks)
    return lines


def _example_forms(frame: Frame, model: Frame, shares: Shares | None) -> list[str]:
    """The selected example, with its group."""
    example = f"example {frame.example + 1}"
    group = shares.of_row(model.data.train, frame.example) if shares else None
    if shares is None or group is None:
        return [example]
    of = f"{count(round(shares.successes[group]))} of {count(round(shares.trials[group]))}"
    named = [f"{example}: {of} {name}" for name in model.data.target_names[1:2]]
    return [*named, f"{example}: {of}", example]
