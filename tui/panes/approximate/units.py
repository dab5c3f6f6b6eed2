"""What each hidden unit adds to the curve, alone or one upon the other."""

from __future__ import annotations

import numpy as np
from textual import events

from engine.arrays import Array
from engine.regions.box import rounded_range
from tui.drawing.canvas import Canvas
from tui.drawing.grid import Grid
from tui.drawing.numbers import num
from tui.drawing.text_lines import Line, Span, draw_line, draw_words, flowed
from tui.explain.approximation import unit_at_cursor
from tui.explain.explainable import Explainable
from tui.model.approximation.curve import SIGMOID, Curve
from tui.model.approximation.facts import ApproximationFacts
from tui.model.frame import Frame
from tui.panes.approximate.plot import (
    LARGEST,
    Stroke,
    dot_columns,
    draw_strokes,
    plot_grid,
    x_range,
)
from tui.panes.approximate.texts import without_dust
from tui.panes.base.messages import SelectionMessage
from tui.panes.base.pane import NamedNumbers, Pane

BEYOND = 0.75  # of the target's range, that running sums may leave it
LEAST = 4  # rows of the plot


class UnitsPane(Pane):
    """v·σ(wx + b) of each unit, the selected one strong, with its numbers."""

    HELP = """
Units: what each hidden unit adds to the curve, v·σ(wx + b); that of the selected unit is bright
({down} {up} or {next_unit} {unit_before}). Above it stand its numbers: s = −b/w is where it bends
or steps; for relu v·|w| is the change of slope at this knot, for a sigmoid v is the height of the
step.
{stacked} stacks them: first b⁽²⁾ alone, then with one unit after the other. The bright curve is the
sum up to the selected unit, the dots are the target.
{explain} says where its number at the cursor comes from.
"""

    class Next(SelectionMessage):
        """Another unit should be selected."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    def titles(self, frame: Frame) -> tuple[str, str]:
        facts = frame.approximation
        if facts is None or facts.chosen is None or not facts.chosen.units:
            return "Units", ""
        what = "running sums" if facts.stacked else "what each adds"
        other = "each alone" if facts.stacked else "stacked"
        return self.fitting_title(
            f"Units · {what}", "Units"
        ), f"{self.look.keys['stacked']} {other}"

    def move(self, dx: int, dy: int) -> None:
        if dy:
            self.post_message(self.Next(dy))

    def on_click(self, event: events.Click) -> None:
        """Select the unit whose place is nearest to the click."""
        facts, grid = self.view.approximation if self.view else None, self._grid
        offset = event.get_content_offset(self)
        if facts is None or facts.chosen is None or grid is None or offset is None:
            return
        away = np.abs(facts.chosen.places - grid.middle(offset.x - grid.left, 0)[0])
        if np.isfinite(away).any():
            self.post_message(self.Next(int(np.nanargmin(away)) - facts.unit))

    def explainable(self, frame: Frame) -> Explainable:
        """What the selected unit adds at the cursor."""
        return unit_at_cursor(frame)

    def numbers(self, frame: Frame) -> NamedNumbers:
        """The numbers of the selected unit."""
        facts = frame.approximation
        if facts is None or facts.chosen is None or not facts.chosen.units:
            return []
        return [(name, value) for name, value in unit_numbers(facts, facts.chosen)]

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        facts = frame.approximation
        self._grid = None
        chosen = facts.chosen if facts else None
        if facts is None or facts.target is None or chosen is None or not chosen.units:
            draw_words(canvas, _why_none(chosen))
            return
        lines = _lines(canvas, facts, chosen)
        rows = canvas.height - len(lines)
        if rows >= LEAST:
            below = canvas.blank(canvas.width, rows)
            self._grid = _draw_plot(below, facts, chosen)
            canvas.paste(below, 0, len(lines))
        for y, line in enumerate(lines[: canvas.height]):
            draw_line(canvas, y, line)


def unit_numbers(facts: ApproximationFacts, chosen: Curve) -> list[tuple[str, float]]:
    """w, b, s and v of the selected unit, and the change of slope or the height that they make."""
    unit, named = facts.unit, list[tuple[str, float]]()
    network = chosen.network
    if network is not None:
        w, b, v = (
            float(network.weights[0][unit, 0]),
            float(network.biases[0][unit]),
            float(network.weights[1][0, unit]),
        )
        named = [("w", w), ("b", b), ("s", float(chosen.places[unit])), ("v", v)]
        if chosen.method not in SIGMOID:
            named.append(("v·|w|", v * abs(w)))
    elif np.isfinite(chosen.places[unit]):
        named = [("s", float(chosen.places[unit]))]
    named.append(("adds at cursor", float(chosen.added(np.array([facts.cursor]))[0, unit])))
    scale = 1.0 if network is None else float(np.abs(network.weights[1]).max())
    return [(name, without_dust(value, max(scale, abs(facts.cursor)))) for name, value in named]


def _lines(canvas: Canvas, facts: ApproximationFacts, chosen: Curve) -> list[Line]:
    """Which unit is selected, and its numbers."""
    palette = canvas.palette
    parts: list[Line] = [[Span(f"unit {facts.unit + 1} of {chosen.units}", palette.hi)]]
    parts += [
        [Span(f"{name} ", palette.low), Span(num(value), palette.ink(value))]
        for name, value in unit_numbers(facts, chosen)
    ]
    return flowed(parts, canvas.width, gap=2)


def _why_none(chosen: Curve | None) -> str:
    if chosen is None:
        return ""
    if chosen.note:
        return chosen.note
    if chosen.method == "polynomial":
        return "A polynomial has no hidden units: it is a sum of powers of x."
    return "The units of this network do not add up to ŷ."


def _draw_plot(canvas: Canvas, facts: ApproximationFacts, chosen: Curve) -> Grid | None:
    """The plot over the whole canvas; None if the numbers are not finite."""
    assert facts.target is not None
    wide = x_range(facts)
    trial = plot_grid(canvas, (wide, (-1.0, 1.0)), canvas.height)
    added = chosen.added(dot_columns(trial))
    added = np.where(np.abs(added) < LARGEST, added, np.nan)
    curves = chosen.base + np.cumsum(np.column_stack([np.zeros(len(added)), added]), axis=1)
    heights = _heights(facts, curves if facts.stacked else added)
    if heights is None:
        return None
    grid = plot_grid(canvas, (wide, heights), canvas.height)
    grid.draw_axes(canvas, "x", canvas.glyphs.y_hat if facts.stacked else "v·σ")
    grid.draw_level(canvas, 0.0)
    x, palette = dot_columns(grid), canvas.palette
    added = chosen.added(x)
    if not facts.stacked:
        _draw_each(canvas, grid, added.T, facts.unit)
        return grid
    sums = chosen.base + np.cumsum(np.column_stack([np.zeros(len(x)), added]), axis=1).T
    low, high = facts.target.interval
    target = np.where((low <= x) & (x <= high), facts.target.function(x), np.nan)
    strokes = [Stroke(sum_, palette.low, ".") for sum_ in sums[: facts.unit + 1]]
    strokes.append(Stroke(target, palette.mid, "o", dotted=True))
    strokes.append(Stroke(sums[facts.unit + 1], palette.hi, "="))
    draw_strokes(canvas, grid, strokes)
    return grid


def _draw_each(canvas: Canvas, grid: Grid, curves: Array, unit: int) -> None:
    palette = canvas.palette
    others = [Stroke(y, palette.low, ".") for i, y in enumerate(curves) if i != unit]
    draw_strokes(canvas, grid, [*others, Stroke(curves[unit], palette.hi, "=")])


def _heights(facts: ApproximationFacts, curves: Array) -> tuple[float, float] | None:
    """The range of the plot: that of the curves, of running sums not far beyond the target."""
    finite = curves[np.isfinite(curves)]
    if not len(finite):
        return None
    low, high = float(finite.min()), float(finite.max())
    if facts.stacked:
        assert facts.target is not None
        bottom, top = float(facts.target.y.min()), float(facts.target.y.max())
        room = BEYOND * ((top - bottom) or 1.0)
        low, high = max(min(low, bottom), bottom - room), min(max(high, top), top + room)
    return rounded_range(np.array([low, high]))
