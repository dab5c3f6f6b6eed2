"""The loss pane: C over the run on training and test data, the OLS line, and other runs; beneath
it a seek bar."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from textual import events
from textual.message import Message

from engine.arrays import Array
from tui.drawing.canvas import Canvas
from tui.drawing.cells import first_fitting
from tui.drawing.grid import cut
from tui.drawing.numbers import cost_text
from tui.drawing.plot import SMALLEST_LOG, Axis, Series
from tui.drawing.series_plot import (
    EndLabel,
    RunSeries,
    draw_end_labels,
    falling_axis,
    rising_axis,
    step_axis,
    with_fixed_labels,
)
from tui.drawing.text_lines import Span
from tui.model.frame import Frame
from tui.model.run_curves import CostCurve, LiveRun
from tui.panes.base.pane import NamedNumbers
from tui.panes.base.plot_pane import PlotPane
from tui.panes.base.seek_bar import SeekBar

if TYPE_CHECKING:
    from tui.explain.explainable import Explainable

X_NAME = "step"
LABELS = {44: 15, 20: 7}  # columns at the ends of the lines, from these widths on
VALUES = 15  # of these, with which not only their names stand there
SIGNED_LOSSES = ("poisson",)  # costs that may fall below 0: they have a linear axis
DOTS = 14  # dots of a dotted line
BAR_FROM = 7  # rows from which on there is a seek bar
LOWEST_SHARE = 0.01  # of the lowest cost: a baseline below it does not set the axis


class LossPane(PlotPane):
    """C by step; the whole run stays in sight when you go back, what lies ahead dimmed."""

    HELP = """
Loss: the cost C, mean over the examples, at every step of the run.
train: the training examples.  test: the others.
OLS: what the least-squares line reaches on the training data.
A network that is not linear may go below it.
Dim lines are earlier runs, or the future you went back from; of several live runs each has its
name at the right.
The bar beneath is the history of the run: a click goes there, and the mouse drags through it;
the wheel steps back and on; {first} and {latest} go to its ends, {step_typed} to a typed step,
{back} and {on} a step, and {play_back} plays it backwards.
It is thick up to this step, and thin for what lies ahead; the marks ▾ are events.
Of classes, {confusion} shows which are taken for which: the confusion matrix behind the accuracy.
"""
    WHEEL_STEPS = True
    SHOWS_SELECTION = False

    _bar: SeekBar | None = None

    @dataclass
    class StepSelected(Message):
        """A step of the history was selected."""

        step: int

        def can_replace(self, message: Message) -> bool:
            """Whether a later message makes this one needless; a drag posts many."""
            return isinstance(message, LossPane.StepSelected)

    def titles(self, frame: Frame) -> tuple[str, str]:
        return "Loss C", "log scale" if _is_log(frame, _all_costs(frame)) else ""

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        labels = next((cells for least, cells in LABELS.items() if canvas.width >= least), 0)
        width = canvas.width - labels
        if width < 12 or canvas.height < 4:
            return
        height = canvas.height - (canvas.height >= BAR_FROM)
        y = _cost_axis(frame, height)
        ends = [
            *(g.steps[-1] for g in _ghosts(frame)),
            *(run.latest_step for run in _rivals(frame)),
        ]
        x = step_axis(max(frame.latest_step, *ends, 0), width)
        if labels:
            y = with_fixed_labels(y)
        series = _series(canvas, frame, x, y)
        x, y = self.plot(canvas, (0, width, height), series, x, y)
        if labels:
            _name_lines(canvas, frame, y, height - 1, labels)
        if (canvas.chars[height - 1, -len(X_NAME) - 1 :] == " ").all():
            canvas.right(canvas.width, height - 1, X_NAME, ink=canvas.palette.low)
        self.put_bar(canvas, frame, x, y, width)

    def put_bar(self, canvas: Canvas, frame: Frame, x: Axis, y: Axis, width: int) -> None:
        """The seek bar below a plot of so many columns, if there is room."""
        self._bar = None
        if canvas.height >= BAR_FROM:
            left = 1 + max(len(label) for label in y.labels)
            self._bar = SeekBar(left, max(1, width - left), canvas.height - 1, x.high)
            self._bar.draw(canvas, frame)

    def selects_at(self, x: int, y: int) -> bool:
        """Not on the bar, where quick clicks go back and forth."""
        return self._bar is None or not self._bar.holds(x, y)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """On the bar: go there, and wherever the mouse is dragged."""
        offset, bar = event.get_content_offset(self), self._bar
        if offset is not None and bar is not None and bar.holds(offset.x, offset.y):
            self.capture_mouse()
            self._seek(offset.x)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self.app.mouse_captured is self:
            self._seek(event.get_content_offset_capture(self).x)

    def on_mouse_up(self) -> None:
        self.release_mouse()

    def _seek(self, x: int) -> None:
        """Go to the step in a column of the bar."""
        if self._bar is not None and self.view is not None:
            step = self._bar.step_at(x, self.view.latest_step)
            if step != self.view.step:
                self.post_message(self.StepSelected(step))

    def explainable(self, frame: Frame) -> Explainable:
        """C over the training data."""
        from tui.explain.network import training_cost

        return training_cost(frame)

    def numbers(self, frame: Frame) -> NamedNumbers:
        """The costs of this step."""
        costs = ("C", frame.cost), ("C test", frame.test_cost), ("R", frame.penalty)
        return [(name, cost) for name, cost in costs if cost is not None]


def _ghosts(frame: Frame) -> list[CostCurve]:
    return [ghost for ghost in frame.ghosts if len(ghost.steps)]


def _rivals(frame: Frame) -> list[LiveRun]:
    """The other live runs whose costs can be compared."""
    return [run for run in frame.runs if run.curve and not run.current]


def _all_costs(frame: Frame) -> Array:
    parts = [frame.curve.train, frame.curve.test, np.array([frame.cost])]
    parts += [ghost.train for ghost in _ghosts(frame)]
    for run in _rivals(frame):
        parts.append(np.array([run.cost]))
        parts += [run.curve.train] if run.curve else []
    costs = np.concatenate(parts)
    costs = costs[np.isfinite(costs)]
    # an exact fit (1e-33) would leave no room for the rest: it is drawn at the lower edge
    if frame.baseline and (not len(costs) or frame.baseline[1] > LOWEST_SHARE * costs.min()):
        costs = np.append(costs, frame.baseline[1])
    return costs


def _is_log(frame: Frame, costs: Array) -> bool:
    """Whether the axis is logarithmic, as it is from the start with a cost that is never below 0,
    unless it is 0 from the start."""
    signed = str(frame.experiment.loss) in SIGNED_LOSSES
    return bool(not signed and len(costs) and costs.min() >= 0.0 and costs.max() > 0.0)


def _cost_axis(frame: Frame, height: int) -> Axis:
    costs = _all_costs(frame)
    if _is_log(frame, costs):
        costs = costs[costs > 0.0]
        return falling_axis(float(costs.min()), float(costs.max()), height - 1)
    low, high = (float(costs.min()), float(costs.max())) if len(costs) else (0.0, 1.0)
    return rising_axis(low, high, max(2, height // 3))


def _series(canvas: Canvas, frame: Frame, x: Axis, y: Axis) -> list[Series]:
    """All lines, the training cost last and so on top."""
    palette, curve = canvas.palette, frame.curve
    lines = [Series(ghost.steps, ghost.train, palette.line) for ghost in _ghosts(frame)]
    for run in _rivals(frame):
        if run.curve:
            rival = RunSeries(run.curve.steps, run.curve.train, run.step, run.cost)
            lines += [*_ahead(rival, palette.line), rival.past(palette.mid)]
    train = RunSeries(curve.steps, curve.train, frame.step, frame.cost)
    lines += _ahead(train, palette.line)
    test = None
    if frame.test_cost is not None:
        test = RunSeries(curve.steps, curve.test, frame.step, frame.test_cost)
        lines += _ahead(test, palette.line)
    if frame.baseline:
        dots = np.linspace(x.low, x.high, DOTS)
        costs = np.full(DOTS, frame.baseline[1])
        lines.append(Series(dots, costs, palette.mid, dotted=True))
    if test is not None:
        lines.append(test.past(palette.low))
    lines.append(train.past(palette.hi))
    return at_lower_edge(lines) if y.log else lines


def at_lower_edge(lines: list[Series]) -> list[Series]:
    """The lines with a cost of 0, which no log axis has, at its lower edge."""
    return [line._replace(y=np.where(line.y == 0.0, SMALLEST_LOG, line.y)) for line in lines]


def _ahead(line: RunSeries, ink: int) -> list[Series]:
    """What lies ahead; nothing if that is the present step alone."""
    ahead = line.ahead(ink)
    return [ahead] if len(ahead.x) > 1 else []


def _name_lines(canvas: Canvas, frame: Frame, y: Axis, rows: int, cells: int) -> None:
    """Write names, and if there is room values, in so many cells at the right, each beside its
    line's end. Where there are more lines than rows, those of earlier runs have none."""
    palette = canvas.palette
    lines: list[tuple[float, str, str, int, bool]] = []
    for ghost in _ghosts(frame):
        lines.append((float(ghost.train[-1]), ghost.label, "", palette.low, False))
    if frame.baseline:
        name, cost = frame.baseline
        lines.append((cost, name, cost_text(cost), palette.mid, False))
    if frame.test_cost is not None:
        lines.append((frame.test_cost, "test", cost_text(frame.test_cost), palette.mid, False))
    for run in _rivals(frame):
        lines.append((run.cost, run.name, cost_text(run.cost), palette.mid, False))
    train = next((run.name for run in frame.runs if run.current), "train")
    lines.append((frame.cost, train, cost_text(frame.cost), palette.hi, True))
    lines = lines[-rows:]
    heights = y.label_positions(np.array([cost for cost, *_ in lines])).tolist()
    labels = []
    for height, (_, name, value, ink, bold) in zip(heights, lines, strict=True):
        value = value if cells >= VALUES else ""
        name = _fitting_name(name, cells - 2 - len(value))
        labels.append(EndLabel(height, Span(name, ink, bold), Span(value, ink, bold)))
    draw_end_labels(canvas, labels, y, canvas.width - cells + 2, canvas.width, range(rows))


def _fitting_name(name: str, room: int) -> str:
    """A run's name in so many cells: the step that it names is never cut."""
    return first_fitting((name, name.replace("before step", "before")), room) or cut(name, room)


def axis_for(costs: Array, frame: Frame, height: int) -> Axis:
    """The axis of the costs of several runs."""
    curve = frame.curve._replace(train=costs, test=costs[:0])
    return _cost_axis(replace(frame, curve=curve, ghosts=(), runs=()), height)
