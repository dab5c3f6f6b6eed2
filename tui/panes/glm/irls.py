"""The descent pane of screen GLM: the deviance by IRLS iteration and by training step."""

from collections.abc import Sequence
from math import ceil, log10

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.wording import count, plural
from tui.drawing.canvas import Canvas
from tui.drawing.numbers import cost_text, difference_text
from tui.drawing.plot import Axis, Series, log_axis
from tui.drawing.series_plot import MIN_STEPS, RunSeries
from tui.drawing.text_lines import draw_line, words
from tui.explain.explainable import Explainable
from tui.explain.glm import deviances
from tui.model.frame import Frame
from tui.model.glm.facts import GlmFacts
from tui.panes.base.plot_pane import PlotPane

START = 0.5  # where step 0 stands on an axis of logarithms
LABEL = 12  # cells of the names of the lines
HEAD = 3  # rows of numbers above the plot
LOWEST = 1e-16  # of the null deviance: an excess below it is rounding


class IrlsPane(PlotPane):
    """The deviance above its minimum, for IRLS and for gradient descent."""

    HELP = """
Descent and IRLS: the deviance above that of the fit, on a log scale, by steps of gradient
descent (bright) and by iterations of iteratively reweighted least squares (dotted), which for
a canonical link is Newton's method: its digits double with each iteration.
Each IRLS iteration solves a least-squares problem; a step of descent is one gradient.
The x axis is logarithmic too; step 0 stands at its left end. The y axis goes up to the model
without inputs at least; at its lower edge is rounding.
Where the network's loss is not the family's, there is nothing to compare; {become} changes that.
A network whose hidden layers bend may go below the GLM.
"""

    def titles(self, frame: Frame) -> tuple[str, str]:
        return "Deviance above its minimum", "log scales"

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        facts = frame.glm
        if facts is None or facts.fit is None:
            note = facts.note if facts else ""
            for y, line in enumerate(words(note, canvas.palette.mid, canvas.width)):
                draw_line(canvas, y, line)
            return
        _draw_numbers(canvas, frame, facts)
        height = canvas.height - HEAD
        if height < 4 or canvas.width < 12:
            return
        series, x, y_axis = _plot(canvas, frame, facts)
        self.plot(canvas, (HEAD, canvas.width, height), series, x, y_axis)

    def explainable(self, frame: Frame) -> Explainable:
        """The network's deviance."""
        return deviances(frame)


def excess(deviances: ArrayLike, facts: GlmFacts) -> Array:
    """How far deviances (m,) are above the fit's: below 0 for a network that fits better."""
    assert facts.fit is not None
    return np.asarray(deviances, dtype=np.float64) - facts.fit.deviance


def _draw_numbers(canvas: Canvas, frame: Frame, facts: GlmFacts) -> None:
    """Iterations, steps, and the deviance reached."""
    glyphs, palette, fit = canvas.glyphs, canvas.palette, facts.fit
    assert fit is not None
    canvas.text(0, 0, f"{glyphs.dot * 3} IRLS", palette.mid)
    lowest = f"min {cost_text(fit.deviance)}"
    iterations = plural(fit.iterations, "iteration"), count(fit.iterations)
    canvas.text(LABEL, 0, _first_fitting(iterations, lowest, canvas), palette.mid)
    canvas.right(canvas.width, 0, lowest, palette.mid)
    canvas.text(0, 1, f"{glyphs.bar * 3} descent", palette.hi, bold=True)
    if facts.deviance is None:
        texts = "different loss: press = to make it so", "different loss"
        canvas.text(LABEL, 1, _first_fitting(texts, "", canvas), palette.low)
        return
    above = float(excess(facts.deviance, facts))
    text = difference_text(cost_text(facts.deviance), cost_text(fit.deviance), above)
    text = f"{'+' * (above > 0.0)}{text}"
    steps = f"step {count(frame.step)}", count(frame.step)
    canvas.text(LABEL, 1, _first_fitting(steps, text, canvas), palette.hi)
    canvas.right(canvas.width, 1, text, palette.hi, bold=True)


def _first_fitting(texts: Sequence[str], right: str, canvas: Canvas) -> str:
    """The first text that leaves room for the one at the right edge, or the last one."""
    room = canvas.width - LABEL - len(right) - bool(right)
    return next((text for text in texts if len(text) <= room), texts[-1])


def _plot(canvas: Canvas, frame: Frame, facts: GlmFacts) -> tuple[list[Series], Axis, Axis]:
    """The lines, descent on top, and their axes."""
    palette, fit = canvas.palette, facts.fit
    assert fit is not None
    floor = LOWEST * max(fit.null_deviance, fit.deviance, np.finfo(float).tiny)
    by_iteration = _above(excess([step.deviance for step in fit.history], facts), floor)
    by_step = _above(excess(facts.deviances, facts), floor)
    reached = np.nan if facts.deviance is None else facts.deviance
    now = _above(excess([reached], facts), floor)
    steps, step = np.maximum(facts.steps, START), max(frame.step, START)
    descent = RunSeries(steps, by_step, step, float(now[0]))
    iterations = np.arange(1.0, len(by_iteration) + 1.0)
    series = [
        Series(iterations, by_iteration, palette.mid),
        Series(iterations, by_iteration, palette.hi, dotted=True),
        descent.ahead(palette.line),
        descent.past(palette.hi),
    ]
    null = _above(excess([fit.null_deviance], facts), floor)
    known = np.concatenate([by_iteration, by_step, now, null])
    known = known[np.isfinite(known)]
    y = log_axis(float(known.min()), float(known.max())) if len(known) else log_axis(0.1, 1.0)
    return series, _log_step_axis(max(frame.latest_step, MIN_STEPS, len(iterations))), y


def _above(values: Array, floor: float) -> Array:
    """At least the floor; NaN where a network is below the minimum by more than rounding."""
    return np.where(values < -floor * len(values), np.nan, np.maximum(values, floor))


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
