"""The distance pane of screen Linear: the network's distance to OLS by step, and its rates."""

import numpy as np

from engine.wording import count as count_of
from tui.drawing.canvas import Canvas
from tui.drawing.cells import first_fitting
from tui.drawing.numbers import known, norm
from tui.drawing.plot import Axis, Series, log_axis
from tui.drawing.series_plot import RunSeries, step_axis
from tui.drawing.text_lines import Line, Span, draw_line, fitting_lines
from tui.explain.explainable import Explainable
from tui.explain.linear import coefficient_distance
from tui.model.frame import Frame
from tui.model.linear.facts import LinearFacts, Rates
from tui.panes.base.plot_pane import PlotPane

SMALLEST_PLOT = 14, 4  # columns and rows
NOTE_SHARE = 3  # the reason why there are no rates gets one line in so many
TALL = 16  # height from which half the pane lists the eigenvalues
LISTED = 30  # width from which it does
RATE = 9  # cells of a column of the list
WHOLE, MANY = 999.95, 1e6  # steps from which they are shown without tenths, and rounded


class DistancePane(PlotPane):
    """‖β_net − β̂‖ on a log axis; below it, the factors by which a step of descent shrinks it."""

    HELP = """
Distance to OLS: ‖β_net − β̂‖, the length of the difference of all coefficients, intercepts
included, in the network's (standardised) units; of several outputs, of all together.
What lies ahead of this step is dim.
Where the network is not affine, its best affine fit takes its place. With collinear columns OLS
is not unique; the distance is to the nearest solution. A polynomial ({degree}) is not compared:
the distance stays that to the fit of degree 1, which {solve} jumps to.
For plain descent on the full batch, with one layer and the quadratic cost, the way to OLS is
known: along each eigenvector of H = (2/n)X̃ᵀX̃ (half of it for half_quadratic) a step of learning
rate η multiplies what is left by |1 − ηλ|. slowest and fastest are the largest and the smallest of
these factors: at 1 or above, descent does not arrive. η max = 2/λ_max is where that begins; < η: it
is exceeded.
{zoom} gives the pane the screen: every λ, its factor, and the steps it takes to halve the distance.
"""
    SHOWS_SELECTION = False

    def titles(self, frame: Frame) -> tuple[str, str]:
        degree = frame.linear.degree if frame.linear else 1
        of_line = ", degree 1" if degree > 1 else ""  # that is as far as the network can come
        titles = f"Distance to OLS{of_line}", f"To OLS{of_line}", "To OLS"
        return self.fitting_title(*titles), "by step"

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        facts = frame.linear
        if facts is None:
            return
        below = _below(facts, canvas)
        height = canvas.height - 1 - len(below)
        if canvas.width < SMALLEST_PLOT[0] or height < SMALLEST_PLOT[1]:
            height = 0
        elif (facts.distances[1] > 0.0).any() or facts.distance > 0.0:
            self.plot(canvas, (1, canvas.width, height), *_plot(canvas, frame, facts, height))
        now: Line = [
            Span("now ", canvas.palette.low),
            Span(known(facts.distance, norm).strip(), canvas.palette.hi, True),
        ]
        draw_line(canvas, 0, now, canvas.width - sum(len(span.text) for span in now))
        for y, line in enumerate(below, start=1 + height):
            draw_line(canvas, y, line)

    def explainable(self, frame: Frame) -> Explainable:
        """The distance now."""
        return coefficient_distance(frame)


def _plot(
    canvas: Canvas, frame: Frame, facts: LinearFacts, height: int
) -> tuple[list[Series], Axis, Axis]:
    """The distances up to this step, and dim those that lie ahead, with their axes."""
    palette = canvas.palette
    steps, values = facts.distances
    line = RunSeries(steps, values, frame.step, facts.distance)
    shown = np.append(values, facts.distance)
    shown = shown[np.isfinite(shown) & (shown > 0.0)]
    x = step_axis(frame.latest_step, canvas.width)
    y = log_axis(float(shown.min()), float(shown.max()), height - 1)
    return [line.ahead(palette.line), line.past(palette.hi)], x, y


def _below(facts: LinearFacts, canvas: Canvas) -> list[Line]:
    """The rates, or why there are none."""
    palette = canvas.palette
    if facts.rates is None:
        note, obstacle = facts.rates_note, facts.rates_obstacle
        forms = (
            f"no rate of convergence: that is known {note}",
            f"no rate of convergence: {obstacle}",
            f"no rate: {obstacle}",
            "no rate",
        )
        rows = max(1, canvas.height // NOTE_SHARE)
        return fitting_lines(forms, palette.low, canvas.width, rows) if note else []
    rates = facts.rates
    too_large = " < η" if rates.learning_rate > rates.largest_rate else ""
    lines = [
        _named("slowest |1 − ηλ|", "slowest", float(rates.factors.max()), canvas),
        _named("fastest |1 − ηλ|", "fastest", float(rates.factors.min()), canvas),
        _named(f"η max = 2/λ_max{too_large}", f"η max{too_large}", rates.largest_rate, canvas),
    ]
    if canvas.height >= TALL and canvas.width >= LISTED:
        lines += _listed(rates, canvas.height // 2 - len(lines) - 1, canvas)
    return lines


def _named(name: str, brief: str, value: float, canvas: Canvas) -> Line:
    """A number at the right of its name, or of its brief name if that is too long."""
    palette, text = canvas.palette, norm(value)
    room = canvas.width - len(text) - 1
    label = first_fitting((name, brief), room)
    return [Span(label.ljust(room + 1), palette.low), Span(text, palette.hi)]


def _listed(rates: Rates, most: int, canvas: Canvas) -> list[Line]:
    """λ, its factor and the steps to halve the distance along it, a line each."""
    palette = canvas.palette
    heads = "λ", "|1 − ηλ|", "halves in"
    lines: list[Line] = [[Span("".join(head.rjust(RATE + 1) for head in heads), palette.low)]]
    with np.errstate(all="ignore"):
        halving = np.log(0.5) / np.log(rates.factors)
    for eigenvalue, factor, steps in zip(rates.eigenvalues, rates.factors, halving, strict=True):
        never = not factor < 1.0
        texts = norm(eigenvalue), norm(factor), "never" if never else _steps(steps)
        ink = palette.low if never else palette.mid
        lines.append([Span("".join(text.rjust(RATE + 1) for text in texts), ink)])
    return lines[: max(0, most)]


def _steps(steps: float) -> str:
    """A number of steps, in tenths up to a thousand."""
    if steps < WHOLE:
        return f"{max(steps, 0.0):.1f}"
    return count_of(round(steps)) if steps < MANY else norm(steps)
