"""The target, the chosen method's curve and the trained network's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from textual import events

from engine.regions.box import rounded_range
from tui.drawing.canvas import Canvas
from tui.drawing.grid import Grid
from tui.drawing.numbers import norm, num
from tui.drawing.text_lines import Line, Span, draw_line, draw_words, flowed
from tui.explain.approximation import output_at_cursor
from tui.explain.explainable import Explainable
from tui.model.approximation.curve import NETWORK, Curve
from tui.model.approximation.facts import DRAWN, ApproximationFacts
from tui.model.frame import Frame
from tui.panes.approximate.plot import Stroke, dot_columns, draw_strokes, plot_grid, x_range
from tui.panes.approximate.texts import name_of, point_name, size_of, target_name, without_dust
from tui.panes.base.messages import SelectionMessage
from tui.panes.base.pane import NamedNumbers, Pane
from tui.panes.base.scatter import draw_number

ROWS = 9  # of the pane, from which on all three lines stand below the plot
LEAST = 5  # rows of the plot


class CurvePane(Pane):
    """The target, the curve that is built for it, and where its units bend or step."""

    HELP = """
Approximation: the target ({next_target} goes on to another: the data, formulas, one that you draw),
and the curve of the method chosen in the table. The dashed line is the trained network, where it
learns this target.
{cursor_left} {cursor_right} move the cursor; of a drawn target {up} {down} raise and lower it
there, ctrl+click puts it there. {point_typed} types the place.
◇ is where a unit bends (a knot) or steps, at s = −b/w. {next_unit} {unit_before} select a unit, the
one with its number; {unit_left} {unit_right} move it, {unit_here} puts it at the cursor,
{unit_typed} types its place and v. Moved knots are "by hand": least squares fits the rest anew.
{unit_larger} {unit_smaller} scale its v: then least squares fits no more, until a knot moves.
{wider} {narrower} a unit, or a degree, more or less. {steeper} makes steps steeper, {built_anew}
drops what was moved.
The vertical line is the largest error, between target and curve. {explain} says how ŷ at the
cursor adds up.
"""
    IS_MAP = WHEEL_STEPS = True

    @dataclass
    class Pointed(SelectionMessage):
        """The cursor was put at x."""

        x: float

    @dataclass
    class Raised(SelectionMessage):
        """The drawn target should be raised at the cursor."""

        by: float

    @dataclass
    class Drawn(SelectionMessage):
        """The target should be at y where x is."""

        x: float
        y: float

    def titles(self, frame: Frame) -> tuple[str, str]:
        facts = frame.approximation
        if facts is None or facts.chosen is None:
            return "Approximation", ""
        name, size = name_of(facts, facts.method), size_of(facts, facts.chosen)
        target = target_name(frame, facts)
        return self.fitting_title(
            f"Approximation · {target} · {name}, {size}",
            f"Approximation · {name}, {size}",
            "Approximation",
        ), ""

    @property
    def cursor_keys(self) -> str:
        facts = self.view.approximation if self.view else None
        if self._grid is None or facts is None:
            return ""
        return super().cursor_keys if facts.name == DRAWN else "cursor_left/cursor_right"

    def move(self, dx: int, dy: int) -> None:
        """Move the cursor by so many cells, and raise a drawn target by as many."""
        facts, grid = self.view.approximation if self.view else None, self._grid
        if facts is None or grid is None:
            return
        if dx:
            column = min(max(grid.column(facts.cursor) + dx, 0), grid.width - 1)
            self.post_message(self.Pointed(float(grid.middle(column, 0)[0])))
        if dy and facts.name == DRAWN:
            self.post_message(self.Raised(-dy * float(grid.steps[1])))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor there; with ctrl the drawn target too."""
        offset, grid = event.get_content_offset(self), self._grid
        if offset is None or grid is None:
            return
        column, row = offset.x - grid.left, offset.y
        if not (0 <= column < grid.width and 0 <= row < grid.height):
            return
        x, y = grid.middle(column, row).tolist()
        self.post_message(self.Drawn(x, y) if event.ctrl else self.Pointed(x))

    def explainable(self, frame: Frame) -> Explainable:
        """ŷ at the cursor."""
        return output_at_cursor(frame)

    def numbers(self, frame: Frame) -> NamedNumbers:
        """x at the cursor, the target and the curve there."""
        facts = frame.approximation
        if facts is None or facts.target is None or facts.chosen is None:
            return []
        x = np.array([facts.cursor])
        target, value = facts.target.function(x)[0], facts.chosen.values(x)[0]
        return [("x", facts.cursor), ("target", float(target)), ("ŷ", float(value))]

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        facts = frame.approximation
        self._grid = None
        if facts is None or facts.target is None or facts.chosen is None:
            draw_words(canvas, facts.note if facts else "")
            return
        lines = _lines(canvas, frame, facts, facts.chosen)
        shown = 3 if canvas.height >= ROWS + 3 else max(0, min(2, canvas.height - LEAST))
        lines = lines[:shown]
        box = x_range(facts), rounded_range(facts.target.y)
        self._grid = grid = plot_grid(canvas, box, canvas.height - len(lines))
        grid.draw_axes(canvas, "x", canvas.glyphs.y_hat)
        grid.draw_level(canvas, 0.0)
        _draw_curves(canvas, grid, facts, facts.chosen)
        _draw_error(canvas, grid, facts, facts.chosen)
        _draw_places(canvas, grid, facts, facts.chosen)
        value = facts.chosen.values(np.array([facts.cursor]))
        grid.draw_cursor(canvas, np.array([facts.cursor, value[0]]))
        for y, line in enumerate(lines, start=grid.height + 1):
            draw_line(canvas, y, line)


def _draw_curves(canvas: Canvas, grid: Grid, facts: ApproximationFacts, chosen: Curve) -> None:
    palette, target = canvas.palette, facts.target
    assert target is not None
    x = dot_columns(grid)
    low, high = target.interval
    strokes = []
    if target.is_formula or facts.name == DRAWN:
        inside = np.where((low <= x) & (x <= high), target.function(x), np.nan)
        strokes.append(Stroke(inside, palette.mid, "o", dotted=facts.name != DRAWN))
    if facts.trained and chosen.method != NETWORK:
        strokes.append(Stroke(facts.trained.values(x), palette.mid, "-", dashed=True))
    strokes.append(Stroke(chosen.values(x), palette.hi, "="))
    draw_strokes(canvas, grid, strokes)
    if not target.is_formula:
        mark = _data_mark(canvas)
        points = np.column_stack([target.x, target.y])
        grid.mark(canvas, points, mark, palette.mid)


def _data_mark(canvas: Canvas) -> str:
    return "o" if canvas.glyphs.ascii else canvas.glyphs.point_positive


def _draw_error(canvas: Canvas, grid: Grid, facts: ApproximationFacts, chosen: Curve) -> None:
    """A vertical line between the target and the curve where they differ most."""
    if chosen.errors is None or facts.target is None:
        return
    x, ends = chosen.errors.at, chosen.worst(facts.target)
    if not np.isfinite(ends).all() or not grid.box[0][0] <= x <= grid.box[0][1]:
        return
    first, last = sorted(grid.row(end) for end in ends)
    for row in range(first, last + 1):
        canvas.text(grid.left + grid.column(x), row, canvas.glyphs.rule, canvas.palette.positive)


def _draw_places(canvas: Canvas, grid: Grid, facts: ApproximationFacts, chosen: Curve) -> None:
    """Where the units bend or step, on the curve; the selected one with its number."""
    palette, places = canvas.palette, chosen.places
    (low, high), (bottom, top) = grid.box
    half = 0.5 * float(grid.steps[1])
    y = np.clip(chosen.values(places), bottom + half, top - half) if len(places) else places
    points = np.column_stack([places, y])
    grid.mark(canvas, points, canvas.glyphs.network, palette.hi)
    if facts.unit < len(points) and low <= places[facts.unit] <= high:
        column, row = grid.cells(points[[facts.unit]])[0].tolist()
        if column >= 0:
            canvas.text(grid.left + column, row, canvas.glyphs.network, palette.hi, bold=True)
            canvas.paint(grid.left + column, row, 1, 1, palette.sel)
            taken = {(grid.left + column, row)}
            draw_number(canvas, grid, (column, row), str(facts.unit + 1), taken, True)


def _lines(canvas: Canvas, frame: Frame, facts: ApproximationFacts, chosen: Curve) -> list[Line]:
    """The errors, what the marks mean, and what holds at the cursor: a line each."""
    palette, glyphs = canvas.palette, canvas.glyphs
    hi, mid, low = palette.hi, palette.mid, palette.low
    target = facts.target
    assert target is not None
    sample = (_data_mark(canvas), mid)
    if target.is_formula:
        sample = ("o" if glyphs.ascii else "∙∙", mid)
    key: list[Line] = [
        [Span(sample[0], sample[1]), Span(f" {_of_target(facts)}", low)],
        [Span(glyphs.bar, hi), Span(f" {name_of(facts, chosen.method)}", low)],
    ]
    if facts.trained and chosen.method != NETWORK:
        key.append([Span(glyphs.dash, mid), Span(" network", low)])
    if np.isfinite(chosen.places).any():
        key.append([Span(glyphs.network, hi), Span(f" {point_name(chosen)}", low)])
    errors: list[Line] = []
    if chosen.errors:
        errors = [
            [
                Span(f"{glyphs.rule} ", palette.positive),
                Span("largest error ", low),
                Span(norm(chosen.errors.largest), hi),
                Span(f" at x {num(chosen.errors.at)}", low),
            ],
            [Span("mean square ", low), Span(norm(chosen.errors.mean_square), hi)],
        ]
    else:
        errors = [[Span(chosen.note, mid)]]
    at = np.array([facts.cursor])
    value, wanted = float(chosen.values(at)[0]), float(target.function(at)[0])
    scale = float(np.abs(target.y).max())
    value, wanted = without_dust(value, scale), without_dust(wanted, scale)
    error = without_dust(value - wanted, scale)
    cursor: list[Line] = [
        [Span(f"{glyphs.marker_up} x ", low), Span(num(facts.cursor), hi)],
        [Span("target ", low), Span(num(wanted), mid)],
        [Span(f"{glyphs.y_hat} ", low), Span(num(value), hi)],
        [Span("error ", low), Span(num(error), palette.ink(error))],
    ]
    return [flowed(parts, canvas.width, gap=2)[0] for parts in (errors, key, cursor)]


def _of_target(facts: ApproximationFacts) -> str:
    return {"data": "data", DRAWN: "drawn target"}.get(facts.name, f"target {facts.name}")
