"""The loss pane of screen Compare: C of the two compared runs, on training and test data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.arrays import Array
from tui.drawing.canvas import Canvas
from tui.drawing.grid import short
from tui.drawing.numbers import cost_text
from tui.drawing.plot import Axis, Series
from tui.drawing.series_plot import (
    EndLabel,
    RunSeries,
    draw_end_labels,
    step_axis,
    with_fixed_labels,
)
from tui.drawing.text_lines import Span
from tui.model.frame import Comparison, Frame
from tui.model.run_curves import LiveRun
from tui.panes.explore.loss import BAR_FROM, LossPane, at_lower_edge, axis_for

LEAST_PLOT = 14  # cells of the plot, below which there are no names beside it
WITH_VALUES = 44  # from this width on the values stand beside the names
GAP = 2  # cells between the plot and the names
VALUE = 6  # cells of a value
EVERY, BASELINE_EVERY = 3, 6  # columns of dots for one of a test line, of the baseline
SOLID, THICK, DOTS, HEAVY_DOTS = "─", "━", "·", "•"  # samples of the lines


@dataclass(frozen=True, eq=False)
class CostLine:
    """A line of the plot with its name, a sample of how it is drawn, and its present value."""

    name: str
    sample: str
    costs: RunSeries
    ink: int

    @property
    def thick(self) -> bool:
        return self.sample in (THICK, HEAVY_DOTS)

    @property
    def dotted(self) -> bool:
        return self.sample in (DOTS, HEAVY_DOTS)


class ComparedLossPane(LossPane):
    """C by step of both runs: the first thin, the second thick, the test data dotted."""

    HELP = """
Loss: the cost C at every step of the two runs: a thin line for the first, a thick one for the
second, on the training data. Dotted: on the test data.
OLS: what the least-squares line reaches on the training data. Dim lines are other runs.
The bar beneath is the history of the current run: a click goes there, and the mouse drags through
it; {first} and {latest} go to its ends, {step_typed} to a typed step.
"""

    def titles(self, frame: Frame) -> tuple[str, str]:
        title, scale = super().titles(frame)
        if frame.comparison is None:
            return title, scale
        note = _note(frame.comparison)
        return title, self.fitting_title(" · ".join(filter(None, (note, scale))), note, scale, "")

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        if frame.comparison is None:
            super().draw(canvas, frame)
            return
        lines = _lines(canvas, frame.comparison)
        has_values = canvas.width >= WITH_VALUES
        names = [line.name for line in lines] + [name for name, _ in [frame.baseline or ("", 0.0)]]
        labels = GAP + 2 + max(map(len, names)) + has_values * (1 + VALUE)
        if canvas.width - labels < LEAST_PLOT:
            labels = GAP + max(3, canvas.width // 3 - GAP)
        width = canvas.width - labels
        if width < LEAST_PLOT - 2 or canvas.height < 4:
            return
        height = canvas.height - (canvas.height >= BAR_FROM)
        y = with_fixed_labels(axis_for(_costs(frame, lines), frame, height))
        x = step_axis(max(run.latest_step for run in frame.comparison.pair), width)
        series = _series(canvas, frame, lines, x, y, (width, height))
        x, y = self.plot(canvas, (0, width, height), series, x, y)
        _name_lines(canvas, frame, lines, y, (width + GAP, height - 1), has_values)
        self.put_bar(canvas, frame, x, y, width)


def _note(comparison: Comparison) -> str:
    """What is missing."""
    for run in comparison.pair:
        if run.curve is None:
            return f"C of {run.name} is measured otherwise"
    tested = [run.name for run in comparison.pair if run.test_cost is not None]
    return "" if len(tested) == 2 else f"test of {tested[0]} only" if tested else "no test data"


def _lines(canvas: Canvas, comparison: Comparison) -> list[CostLine]:
    """The lines of both runs, the last on top."""
    palette = canvas.palette
    test, train = [], []
    for run, solid, dots in zip(comparison.pair, (SOLID, THICK), (DOTS, HEAVY_DOTS), strict=True):
        if run.curve is None:
            continue
        costs = RunSeries(run.curve.steps, run.curve.train, run.step, run.cost)
        train.append(CostLine(run.name, solid, costs, palette.hi))
        if run.test_cost is not None:
            costs = RunSeries(run.curve.steps, run.curve.test, run.step, run.test_cost)
            test.append(CostLine(f"{run.name} test", dots, costs, palette.mid))
    return [*test, *train]


def _others(frame: Frame) -> list[LiveRun]:
    """The other live runs whose costs can be compared."""
    assert frame.comparison is not None
    pair = frame.comparison.pair
    return [run for run in frame.runs if run.curve and not any(run is one for one in pair)]


def _costs(frame: Frame, lines: list[CostLine]) -> Array:
    """All costs that the plot shows."""
    parts = [part for line in lines for part in (line.costs.values, [line.costs.value])]
    parts += [run.curve.train for run in _others(frame) if run.curve]
    return np.concatenate([np.empty(0), *parts])


def _series(
    canvas: Canvas, frame: Frame, lines: list[CostLine], x: Axis, y: Axis, size: tuple[int, int]
) -> list[Series]:
    """Other runs, what lies ahead, the baseline, and the lines."""
    palette, (width, height) = canvas.palette, size
    columns = np.linspace(x.low, x.high, 2 * width)
    drawn = [Series(r.curve.steps, r.curve.train, palette.line) for r in _others(frame) if r.curve]
    if frame.baseline:
        dots = columns[::BASELINE_EVERY]
        level = np.full(len(dots), frame.baseline[1])
        drawn.append(Series(dots, level, palette.mid, dotted=True))
    for line in lines:
        ahead, past = line.costs.ahead(palette.line), line.costs.past(line.ink)
        parts = [ahead, past] if len(ahead.x) > 1 else [past]
        for part in parts:
            shown = _dotted(part, columns) if line.dotted else part
            dot = (y.high - y.low) / (4 * (height - 1))
            drawn.append(_thick(shown, y, dot) if line.thick else shown)
    return at_lower_edge(drawn) if y.log else drawn


def _dotted(series: Series, columns: Array) -> Series:
    """The series at every third column of dots."""
    x = columns[::EVERY]
    if not len(series.x):
        return series
    x = x[(x >= series.x[0]) & (x <= series.x[-1])]
    return Series(x, np.interp(x, series.x, series.y), series.ink, dotted=True)


def _thick(series: Series, axis: Axis, dot: float) -> Series:
    """The series as a line two dots high: it goes on back along itself, a dot higher. Two series
    would not do: the later one takes whole cells from the earlier one."""
    with np.errstate(all="ignore"):
        higher = series.y * 10.0**dot if axis.log else series.y + dot
    x, y = (np.concatenate([a, b[::-1]]) for a, b in ((series.x, series.x), (series.y, higher)))
    return series._replace(x=x, y=y)


def _name_lines(
    canvas: Canvas,
    frame: Frame,
    lines: list[CostLine],
    y: Axis,
    place: tuple[int, int],
    has_values: bool,
) -> None:
    """Samples, names and values at the right, each beside its line's end."""
    palette, (x, rows) = canvas.palette, place
    texts = [(f"{o.sample} {o.name}", o.costs.value, o.ink, not o.dotted) for o in lines]
    if frame.baseline:
        texts.insert(0, (f"{DOTS} {frame.baseline[0]}", frame.baseline[1], palette.mid, False))
    room = canvas.width - x - has_values * (1 + VALUE)
    names = [name for name, *_ in texts]
    heights = y.label_positions(np.array([cost for _, cost, *_ in texts])).tolist()
    labels = [
        EndLabel(
            height,
            Span(short(name, room, names), ink, bold),
            Span(cost_text(cost) if has_values else "", ink, bold),
        )
        for height, (name, cost, ink, bold) in zip(heights, texts, strict=True)
    ]
    draw_end_labels(canvas, labels[-rows:], y, x, canvas.width, range(rows))
