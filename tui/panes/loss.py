"""The loss pane: C over the run on training and test data, the OLS line, and earlier runs."""

from dataclasses import replace

import numpy as np

from engine.activations import Array
from tui.asked import Asked
from tui.canvas import Canvas
from tui.frame import Curve, Frame
from tui.numbers import norm
from tui.origins import Cost
from tui.panes.plot_pane import PlotPane
from tui.plot import Axis, Series, draw_plot, label_rows, linear_axis, log10_of, log_axis

X_NAME = "step"
FEWEST_STEPS = 10  # that the x axis shows
Y_LABEL = 5  # cells for the labels of the y axis at the least
LABELLED = 44  # from this width on the lines are named at their ends
LABELS = 15  # columns for that
LOG_RANGE = 5.0  # the axis is logarithmic where the costs span more than this factor
DOTS = 14  # dots of a dotted line
LOWEST_SHARE = 0.01  # of the lowest cost: a baseline below it does not set the axis


class LossPane(PlotPane):
    """C by step; the whole run stays in sight when you go back, what lies ahead dimmed."""

    HELP = """
Loss: the cost C, mean over the examples, at every step of the run.
train: the examples learnt from.  test: the others.
OLS: what the least-squares line reaches on the training data.
A network may go below it: that is what its bends are for.
Dim lines are earlier runs, or the future you went back from.
"""

    def titles(self, frame: Frame) -> tuple[str, str]:
        return "Loss C", "log scale" if _is_log(frame) else ""

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        width = canvas.width - (LABELS if canvas.width >= LABELLED else 0)
        if width < 12 or canvas.height < 4:
            return
        log = _is_log(frame)
        y = _cost_axis(frame, log, canvas.height)
        last = max(frame.latest_step, *(g.steps[-1] for g in _ghosts(frame)), FEWEST_STEPS)
        if width < canvas.width:  # labels of one width: the axis keeps its place
            y = replace(y, labels=tuple(label.rjust(Y_LABEL) for label in y.labels))
        x = linear_axis(0.0, float(last), 2 + width // 16)
        draw_plot(canvas, 0, width, canvas.height, _series(canvas, frame, x, log), x, y)
        if canvas.text_lines()[-1][-len(X_NAME) - 1 :].isspace():
            canvas.right(canvas.width, canvas.height - 1, X_NAME, ink=canvas.palette.low)
        if width < canvas.width:
            self._name_lines(canvas, frame, y, log)

    def asked(self, frame: Frame) -> Asked:
        """C over the training data."""
        return Cost()

    def _name_lines(self, canvas: Canvas, frame: Frame, y: Axis, log: bool) -> None:
        """Write names and values at the right, each beside its line's end, none over another."""
        palette = canvas.palette
        names: list[tuple[float, str, str, int, bool]] = []
        for ghost in _ghosts(frame):
            names.append(
                (float(ghost.train[-1]), ghost.label[: LABELS - 2], "", palette.low, False)
            )
        if frame.baseline:
            name, cost = frame.baseline
            names.append((cost, name, norm(cost), palette.mid, False))
        if frame.test_cost is not None:
            names.append((frame.test_cost, "test", norm(frame.test_cost), palette.mid, False))
        names.append((frame.cost, "train", norm(frame.cost), palette.hi, True))
        heights = _scaled(np.array([cost for cost, *_ in names]), log)
        for row, label in zip(label_rows(heights, y, canvas.height - 1), names, strict=True):
            _, name, value, ink, bold = label
            start = canvas.width - LABELS + 2
            canvas.text(start, row, name, ink=ink, bold=bold)
            canvas.text(canvas.width - len(value), row, value, ink=ink, bold=bold)


def _ghosts(frame: Frame) -> list[Curve]:
    return [ghost for ghost in frame.ghosts if len(ghost.steps)]


def _all_costs(frame: Frame) -> Array:
    parts = [frame.curve.train, frame.curve.test, np.array([frame.cost])]
    parts += [ghost.train for ghost in _ghosts(frame)]
    costs = np.concatenate(parts)
    costs = costs[np.isfinite(costs)]
    # an exact fit (1e-33) would leave no room for the rest: it is drawn at the lower edge
    if frame.baseline and (not len(costs) or frame.baseline[1] > LOWEST_SHARE * costs.min()):
        costs = np.append(costs, frame.baseline[1])
    return costs


def _is_log(frame: Frame) -> bool:
    costs = _all_costs(frame)
    return bool(len(costs) and costs.min() > 0.0 and costs.max() > LOG_RANGE * costs.min())


def _cost_axis(frame: Frame, log: bool, height: int) -> Axis:
    costs = _all_costs(frame)
    low, high = (float(costs.min()), float(costs.max())) if len(costs) else (0.0, 1.0)
    if log:
        return log_axis(low, high)
    ticks = max(2, height // 3)
    span = linear_axis(min(0.0, low), high * 1.05 or 1.0, ticks)
    return span


def _scaled(costs: Array, log: bool) -> Array:
    return log10_of(costs) if log else costs


def _series(canvas: Canvas, frame: Frame, x: Axis, log: bool) -> list[Series]:
    """All lines, the training cost last and so on top."""
    palette, curve = canvas.palette, frame.curve
    lines = [Series(g.steps, _scaled(g.train, log), palette.line) for g in _ghosts(frame)]
    ahead = curve.steps >= frame.step
    if ahead.sum() > 1:
        lines.append(Series(curve.steps[ahead], _scaled(curve.train[ahead], log), palette.line))
    if frame.baseline:
        dots = np.linspace(x.low, x.high, DOTS)
        costs = np.full(DOTS, frame.baseline[1])
        lines.append(Series(dots, _scaled(costs, log), palette.mid, dotted=True))
    past = curve.steps < frame.step
    steps = np.append(curve.steps[past], frame.step)
    if frame.test_cost is not None:
        test = np.append(curve.test[past], frame.test_cost)
        lines.append(Series(steps, _scaled(test, log), palette.low))
    train = np.append(curve.train[past], frame.cost)
    lines.append(Series(steps, _scaled(train, log), palette.hi))
    return lines
