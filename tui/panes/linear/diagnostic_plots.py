"""The four plots of a fit's residuals, of least squares or of the network itself."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from engine import EngineError
from engine.arrays import Array
from engine.wording import count
from tui.drawing.canvas import Canvas
from tui.drawing.cells import first_fitting
from tui.drawing.numbers import norm
from tui.drawing.text_lines import draw_words
from tui.explain.explainable import Explainable
from tui.explain.linear import NO_FIT, residual_values
from tui.model.frame import Frame
from tui.model.linear.lowess import lowess
from tui.model.linear.residuals import (
    Residuals,
    cook_contour,
    normal_scores,
    quartile_line,
    residuals_of,
)
from tui.panes.base.scatter import Guide, Scatter, draw_scatter, padded
from tui.panes.linear.example_plot import ExamplePlot, Examples

if TYPE_CHECKING:
    from engine.explain.models.residuals import Kind

MARKED = 3  # examples labelled with their numbers, the most extreme
COOK_LEVELS = 0.5, 1.0  # Cook and Weisberg: worth a look, and too much
REACH = 1.6  # times the largest residual: the plot is extended up to there to show a contour
MARKS = """○ are the three most extreme examples by number, ◉ is the selected one.
{down} {up} select the next more or less extreme, {cursor_left} {cursor_right} the neighbours; so
does a click."""


class DiagnosticPlot(ExamplePlot):
    """A scatter plot of the examples, by two quantities made of the residuals."""

    SKIPS = True
    EXPLAINED: ClassVar[Kind] = "residual"  # see engine.explain.models.residuals

    _known: tuple[Residuals, Scatter | str] | None = None

    def name_of(self, residuals: Residuals | None) -> str:
        """The title; None: there are no residuals."""
        raise NotImplementedError

    def plot_of(self, residuals: Residuals) -> Scatter | str:
        """The plot, or why there is none."""
        raise NotImplementedError

    def titles(self, frame: Frame) -> tuple[str, str]:
        residuals = residuals_of(frame.linear)
        if isinstance(residuals, str):
            return self.name_of(None), ""
        return self.name_of(residuals), _subtitle(frame, residuals)

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        self._grid = None
        plot = self._plot(frame)
        if isinstance(plot, str):
            draw_words(canvas, plot)
            return
        rows = frame.data.train[plot.examples]
        self._grid = draw_scatter(canvas, plot, rows, MARKED, frame.example)
        if self._grid is None:
            numbers = ", ".join(map(count, (rows[:MARKED] + 1).tolist()))
            forms = (f"most extreme: {numbers}", f"extreme: {numbers}", numbers)
            canvas.text(0, 0, first_fitting(forms, canvas.width), canvas.palette.mid)

    def _plot(self, frame: Frame) -> Scatter | str:
        """The plot, kept as long as the residuals are the same; or why there is none."""
        residuals = residuals_of(frame.linear)
        if isinstance(residuals, str):
            return residuals
        if self._known is None or self._known[0] is not residuals:
            self._known = residuals, self.plot_of(residuals)
        return self._known[1]

    def examples(self, frame: Frame) -> Examples | None:
        plot = self._plot(frame)
        if isinstance(plot, str):
            return None
        return Examples(plot.x, plot.y, frame.data.train[plot.examples])

    def explainable(self, frame: Frame) -> Explainable:
        """What the plot shows of the selected example."""
        residuals = residuals_of(frame.linear)
        if isinstance(residuals, str):
            raise EngineError(residuals or NO_FIT)
        return residual_values(frame, residuals, self.EXPLAINED)


class ResidualPlot(DiagnosticPlot):
    """Is the mean right? Residuals by fitted values."""

    HELP = f"""
Residual by ŷ: what is left of y, by what was fitted, with its smooth (LOWESS, Cleveland 1979).
A good fit has a cloud about 0. A bent smooth: y does not rise in a straight line.
{MARKS}
"""

    def name_of(self, residuals: Residuals | None) -> str:
        return f"Residual by {self.look.glyphs.y_hat}"

    def plot_of(self, residuals: Residuals) -> Scatter:
        e, fitted = residuals.residuals, residuals.fitted
        return _scatter(fitted, e, np.abs(e), padded(fitted), padded(e, np.zeros(1)))


class QQPlot(DiagnosticPlot):
    """Are the errors normal? Standardised residuals by the quantiles of the normal curve."""

    HELP = f"""
Normal Q-Q: standardised residuals in their order, by what as many normal errors would be.
Normal errors lie along the dotted line, which goes through the quartiles.
Ends that bend away: tails heavier or lighter than the normal curve's, or a skew.
{MARKS}
"""

    EXPLAINED: ClassVar[Kind] = "standardised"

    def name_of(self, residuals: Residuals | None) -> str:
        return "Normal Q-Q"

    def plot_of(self, residuals: Residuals) -> Scatter | str:
        t = residuals.standardised
        finite = np.flatnonzero(np.isfinite(t))
        if not len(finite):
            return residuals.note
        scores = np.full(len(t), np.nan)
        scores[finite[np.argsort(t[finite], kind="stable")]] = normal_scores(len(finite))
        level, slope = quartile_line(t[finite])
        guides = (Guide(lambda x: level + slope * x),)
        ranges = padded(scores[finite]), padded(t[finite])
        return _scatter(scores, t, np.abs(t), *ranges, guides, smooth=False)


class ScalePlot(DiagnosticPlot):
    """Is the spread constant? √|standardised residual| by fitted values."""

    HELP = f"""
√|std. residual| by ŷ: how large the residuals are, by what was fitted, with its smooth.
A constant spread has a level smooth. A rising one: errors grow with ŷ; log y may mend it.
{MARKS}
"""

    EXPLAINED: ClassVar[Kind] = "spread"

    def name_of(self, residuals: Residuals | None) -> str:
        glyphs = self.look.glyphs
        root = "sqrt" if glyphs.ascii else "√"
        forms = [f"{root}|{t}| by {glyphs.y_hat}" for t in ("std. residual", "std. res.", "t")]
        return self.fitting_title(*forms)

    def plot_of(self, residuals: Residuals) -> Scatter | str:
        spread = np.sqrt(np.abs(residuals.standardised))
        finite = spread[np.isfinite(spread)]
        if not len(finite):
            return residuals.note
        ranges = padded(residuals.fitted), padded(finite, np.zeros(1))
        return _scatter(residuals.fitted, spread, spread, *ranges, guides=())


class LeveragePlot(DiagnosticPlot):
    """Does one example carry the fit? Standardised residuals by leverage."""

    HELP = f"""
Leverage: how strongly an example draws the fit to itself, 0 … 1, and its standardised residual.
Both large: without it the fit would be another. Cook's distance says how far: the dotted
contours are at 0.5 (worth a look) and 1 (too much), and the title has the largest.
Of the network, the leverage is that of the least-squares fit on the same inputs.
{MARKS}
"""

    EXPLAINED: ClassVar[Kind] = "leverage"

    def name_of(self, residuals: Residuals | None) -> str:
        if residuals is None or not np.isfinite(residuals.cook).any():
            return "Leverage"
        return f"Leverage · Cook {norm(float(np.nanmax(residuals.cook))).strip()}"

    def plot_of(self, residuals: Residuals) -> Scatter | str:
        t, h, rank = residuals.standardised, residuals.leverage, residuals.rank
        finite = np.isfinite(t)
        if not finite.any():
            return residuals.note
        x_range = 0.0, min(1.1 * float(h[finite].max()), 1.0)
        largest, ends = np.abs(t[finite]).max(), np.zeros(1)
        for level in COOK_LEVELS:  # extend the plot up to a contour that is near
            height = cook_contour(np.array([x_range[1]]), level, rank)
            if height[0] <= REACH * largest:
                ends = np.concatenate([-height, height])

        def contour(leverage: Array, level: float, sign: float) -> Array:
            return sign * cook_contour(leverage, level, rank)

        guides = [
            Guide(partial(contour, level=level, sign=sign), f"{level:g}")
            for level in COOK_LEVELS
            for sign in (1.0, -1.0)
        ]
        y_range = padded(t[finite], ends)
        return _scatter(h, t, residuals.cook, x_range, y_range, (ZERO, *guides))


ZERO = Guide(np.zeros_like)


def _scatter(
    x: Array,
    y: Array,
    extreme: Array,
    x_range: tuple[float, float],
    y_range: tuple[float, float],
    guides: tuple[Guide, ...] = (ZERO,),
    smooth: bool = True,
) -> Scatter:
    """A plot of the examples (n,) with finite numbers, the most extreme first."""
    order = np.argsort(-extreme, kind="stable")
    order = order[np.isfinite(x[order]) & np.isfinite(y[order])]
    x, y = x[order], y[order]
    curve = lowess(x, y) if smooth else None
    return Scatter(x, y, order, x_range, y_range, guides, curve)


def _subtitle(frame: Frame, residuals: Residuals) -> str:
    """Whose residuals they are, and the examples whose residuals cannot be standardised."""
    facts = frame.linear
    text = "of the network" if residuals.of_network else "of OLS"
    if facts is not None and facts.degree > 1 and not residuals.of_network:
        text += f", degree {facts.degree}"
    leverage_one = frame.data.train[np.isnan(residuals.standardised)] + 1
    if len(leverage_one) and not residuals.note:
        first = ", ".join(map(str, leverage_one[:MARKED].tolist()))
        text += f" · leverage 1: {first}{', …' if len(leverage_one) > MARKED else ''}"
    return text
