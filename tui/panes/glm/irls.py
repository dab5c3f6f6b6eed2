"""The descent pane of screen GLM: the deviance by IRLS iteration and by training step."""

from collections.abc import Sequence
from math import ceil, log10

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.wording import count, plural
from tui.drawing.canvas import Canvas
from tui.drawing.cells import cell_count, first_fitting
from tui.drawing.numbers import cost_text, difference_text, known
from tui.drawing.plot import Axis, Series, log_axis
from tui.drawing.series_plot import MIN_STEPS, RunSeries
from tui.explain.explainable import Explainable
from tui.explain.glm import deviances
from tui.model.frame import Frame
from tui.model.glm.facts import GlmFacts
from tui.model.premises import finite
from tui.panes.base.plot_pane import PlotPane

TITLES = "Deviance above its minimum", "Deviance"
START = 0.5  # where step 0 stands on an axis of logarithms
LABEL = 12  # cells of the names of the lines
HEAD = 3  # rows of numbers above the plot
LEAST_HEIGHT, LEAST_WIDTH = 4, 12  # of a plot
ROUNDING = 1e-13  # of the deviance + 0.1: a smaller excess is 0
SHOWN = 1e-6  # of the largest excess: what is below it is at the lower edge of the plot


class IrlsPane(PlotPane):
    """The deviance above its minimum, for IRLS and for gradient descent."""

    HELP = """
Descent and IRLS: the deviance above that of the fit, on a log scale, by steps of gradient
descent (bright) and by iterations of iteratively reweighted least squares (dotted), which for
a canonical link is Newton's method: its digits double with each iteration.
Each IRLS iteration solves a least-squares problem; a step of descent is one gradient.
The x axis is logarithmic too; step 0 stands at its left end. The y axis goes up to the model
without inputs at least, and down to a millionth of the largest excess: ↓ marks where IRLS goes on.
Where the network's loss is not the family's, there is nothing to compare; {become} changes that.
A network whose hidden layers bend may go below the GLM: there its line has a gap, and where it
stays below it ends at the lower edge.
"""
    SHOWS_SELECTION = False

    def titles(self, frame: Frame) -> tuple[str, str]:
        compared = frame.glm is None or frame.glm.fit is not None
        title = self.fitting_title(*TITLES) if compared else "C of the network"
        return title, "log scales"

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        facts = frame.glm
        if facts is None:
            return
        if facts.fit is None:
            self._draw_alone(canvas, frame)
            return
        _draw_numbers(canvas, frame, facts, self.look.keys["become"])
        height = canvas.height - HEAD
        if height < LEAST_HEIGHT or canvas.width < LEAST_WIDTH:
            return
        series, x, y = _plot(canvas, frame, facts, height - 1)
        self.plot(canvas, (HEAD, canvas.width, height), series, x, y)
        fast = series[1]
        if len(fast.x) and log10(fast.y[-1]) < y.low:  # it goes on below the plot
            left = 1 + max(map(len, y.labels))
            share = (log10(fast.x[-1]) - x.low) / (x.high - x.low)
            column = left + round(share * (canvas.width - left - 1))
            canvas.text(column, canvas.height - 2, "↓", canvas.palette.hi)

    def _draw_alone(self, canvas: Canvas, frame: Frame) -> None:
        """The run's cost, where no model has a deviance to compare it with."""
        palette, curve = canvas.palette, frame.curve
        text = f"step {count(frame.step)}"
        canvas.text(0, 0, text, palette.hi)
        cost = f"C {known(finite(frame.cost), cost_text)}"
        canvas.right(canvas.width, 0, cost, palette.hi, bold=True)
        height = canvas.height - 2
        if height < LEAST_HEIGHT or canvas.width < LEAST_WIDTH:
            return
        run = RunSeries(
            np.maximum(curve.steps, START), curve.train, max(frame.step, START), frame.cost
        )
        values = curve.train[np.isfinite(curve.train) & (curve.train > 0.0)]
        ends = (float(values.min()), float(values.max())) if len(values) else (0.1, 1.0)
        y = log_axis(*ends, height - 1)
        x = _log_step_axis(max(frame.latest_step, MIN_STEPS))
        lines = [run.ahead(palette.line), run.past(palette.hi)]
        self.plot(canvas, (2, canvas.width, height), lines, x, y)

    def explainable(self, frame: Frame) -> Explainable:
        """The network's deviance."""
        return deviances(frame)


def excess(deviances: ArrayLike, facts: GlmFacts) -> Array:
    """How far deviances (m,) are above the fit's: below 0 for a network that fits better."""
    assert facts.fit is not None
    return np.asarray(deviances, dtype=np.float64) - facts.fit.deviance


def _draw_numbers(canvas: Canvas, frame: Frame, facts: GlmFacts, key: str) -> None:
    """Iterations, steps, and the deviance reached."""
    glyphs, palette, fit = canvas.glyphs, canvas.palette, facts.fit
    assert fit is not None
    canvas.text(0, 0, f"{glyphs.dot * 3} IRLS", palette.mid)
    lowest = cost_text(fit.deviance)
    iterations = plural(fit.iterations, "iteration"), count(fit.iterations)
    rows: list[tuple[Sequence[str], Sequence[str], int, bool]] = []
    rows.append((iterations, (f"min {lowest}", lowest), palette.mid, False))
    canvas.text(0, 1, f"{glyphs.bar * 3} descent", palette.hi, bold=True)
    if facts.deviance is None:
        texts = f"different loss: {key} makes it the GLM's", "different loss"
        canvas.text(LABEL, 1, first_fitting(texts, canvas.width - LABEL), palette.low)
    else:
        above = float(excess(facts.deviance, facts))
        if abs(above) < ROUNDING * (fit.deviance + 0.1):
            above = 0.0
        text = difference_text(cost_text(facts.deviance), lowest, above)
        steps = f"step {count(frame.step)}", count(frame.step)
        if (since := below_since(facts, frame.step)) is not None:
            forms = f"below the GLM since step {count(since)}", f"below since step {count(since)}"
            canvas.right(canvas.width, 2, first_fitting(forms, canvas.width), palette.mid)
        rows.append((steps, (f"{'+' * (above > 0.0)}{text}",), palette.hi, True))
    for y, (lefts, rights, ink, bold) in enumerate(rows):
        left, right = _both(lefts, rights, canvas.width - LABEL)
        canvas.text(LABEL, y, left, ink)
        canvas.right(canvas.width, y, right, ink, bold=bold)


def _both(lefts: Sequence[str], rights: Sequence[str], room: int) -> tuple[str, str]:
    """The first pair of texts with a blank between them that fits; else the shortest at the right
    alone."""
    pairs = ((left, right) for right in rights for left in lefts)
    fit = (pair for pair in pairs if cell_count(" ".join(pair)) <= room)
    return next(fit, ("", first_fitting(rights, room)))


def _plot(
    canvas: Canvas, frame: Frame, facts: GlmFacts, rows: int
) -> tuple[list[Series], Axis, Axis]:
    """The lines, descent on top, and their axes in a plot of so many rows."""
    palette, fit = canvas.palette, facts.fit
    assert fit is not None
    by_iteration = excess([step.deviance for step in fit.history], facts)
    by_step = excess(facts.deviances, facts)
    reached = np.nan if facts.deviance is None else facts.deviance
    now = excess([reached], facts)
    null = excess([fit.null_deviance], facts)
    shown = np.concatenate([by_iteration, by_step, now, null])
    shown = shown[np.isfinite(shown) & (shown > 0.0)]
    high = float(shown.max()) if len(shown) else 1.0
    floor = SHOWN * high
    y = log_axis(max(float(shown.min()), floor) if len(shown) else 0.1, high, rows)
    edge = 10.0 ** (y.low - 1.0)  # below the plot
    steps, step = np.maximum(facts.steps, START), max(frame.step, START)
    past = facts.steps < frame.step
    here = float(_to_the_edge(np.append(by_step[past], now), edge)[-1])
    descent = RunSeries(steps, _to_the_edge(by_step, edge), step, here)
    fast = _to_the_edge(by_iteration, edge)
    iterations = np.arange(1.0, len(fast) + 1.0)
    kept = np.isfinite(fast)
    series = [
        Series(iterations, fast, palette.mid),
        Series(iterations[kept], fast[kept], palette.hi, dotted=True),
        descent.ahead(palette.line),
        descent.past(palette.hi),
    ]
    last = max(frame.latest_step, MIN_STEPS) if len(steps) else MIN_STEPS
    return series, _log_step_axis(max(last, len(iterations))), y


def _to_the_edge(values: Array, edge: float) -> Array:
    """Of values that fall below ``edge`` and stay there the first is drawn there; NaN for the
    others below it: a line down and up again for each would fill the plot."""
    below = ~(values >= edge) & ~np.isnan(values)
    above = np.flatnonzero(values >= edge)
    last = int(above[-1]) + 1 if len(above) else 0
    first = last + int(np.argmax(below[last:])) if below[last:].any() else len(values)
    is_first = np.arange(len(values)) == first
    return np.where(is_first, edge, np.where(below, np.nan, values))


def below_since(facts: GlmFacts, step: int) -> int | None:
    """The step from which the network's deviance has been below that of the fit up to ``step``, by
    more than rounding; None if it is not below it."""
    assert facts.fit is not None
    if facts.deviance is None:
        return None
    is_below = excess([*facts.deviances, facts.deviance], facts) < -ROUNDING * facts.fit.deviance
    steps = np.append(facts.steps, step)
    is_below = is_below[steps <= step]
    above = np.flatnonzero(~is_below)
    first = int(above[-1]) + 1 if len(above) else 0
    return int(steps[steps <= step][first]) if first < len(is_below) else None


def _log_step_axis(last: int) -> Axis:
    """0, then powers of ten."""
    decades = range(ceil(log10(last)) + 1)
    texts = ["0", *(count(10**d) for d in decades)]
    ticks = (log10(START), *(float(d) for d in decades))
    high = max(log10(last), 1.0)
    shown = [(tick, text) for tick, text in zip(ticks, texts, strict=True) if tick <= high]
    return Axis(
        log10(START),
        high,
        tuple(tick for tick, _ in shown),
        tuple(text for _, text in shown),
        log=True,
    )
