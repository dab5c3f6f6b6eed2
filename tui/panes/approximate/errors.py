"""The pane of errors: those of each method by its number of parameters, and the promised laws."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from engine import EngineError
from engine.approximation.rates import FittedRate, error_of
from engine.approximation.sweep import METHODS
from engine.arrays import Array, Ints
from tui.drawing.canvas import Canvas
from tui.drawing.cells import first_fitting
from tui.drawing.numbers import NONE
from tui.drawing.plot import Axis, Series, log_axis
from tui.drawing.series_plot import falling_axis, with_fixed_labels
from tui.drawing.text_lines import DOT, Line, Span, draw_line, fitting_lines, flowed, words
from tui.explain.explainable import Explainable, ListedNumber
from tui.model.approximation.sweep import Law, MethodCurve, SweepFacts
from tui.model.frame import Frame
from tui.panes.base.pane import NamedNumbers
from tui.panes.base.plot_pane import PlotPane

if TYPE_CHECKING:
    from engine.explain import Explanation

LETTERS = {
    "polynomial": "p",
    "interpolant": "i",
    "even": "e",
    "best": "b",
    "steps": "s",
    "bumps": "u",
}
"""What marks the points of each method."""
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
LEGEND = 24  # cells of the legend beside the plot
LEAST_PLOT = 30, 6  # cells and rows of a plot
DOTS = 60  # of a law
GAP = 2  # cells between the plot and what is beside it
RELATIVE_FLOOR = 0.1  # of the least error that the other methods have: polynomials go far below
LEAST_ERROR = 1e-15  # that the axis shows, of the largest
EXPONENT = 5  # cells of a fitted exponent: −2.03


class ErrorsPane(PlotPane):
    """The error of each method by its number of parameters, on log axes."""

    HELP = """
Errors: how far the curves are from the target, by their number of parameters, on log axes.
Each letter is a curve of one method and width: p polynomial, i relu through the target, e relu with
even knots, b with the best knots, s steps, u bumps.  ◉ is the present curve, ◇ the trained network
where the target is its data.
A dotted line is the law that theory promises, a little above the points: with n units, the largest
error of relu falls as n⁻² if f″ is bounded, that of steps and bumps as n⁻¹ if f′ is; the mean
square falls twice as fast. A target that jumps, and data, have no such law.
Beside the names: the fitted exponent, the slope of log error by log n. It is fitted from the width
on where f′ changes by no more than its largest value over a piece. ✓: it is within 0.1 of theory.
The best knots have the least mean square that was found: their largest error may fall more slowly.
{error_kind} switches between the largest error and the mean square; {explain} explains the
exponent of the present method. {leave} stops the computation; {sweep_again} begins it again.
"""

    def titles(self, frame: Frame) -> tuple[str, str]:
        facts = sweep_of(frame)
        if facts is None:
            return "Errors", ""
        kind = "mean square" if facts.squared else "largest |ŷ − f|"
        title = self.fitting_title(f"Errors{DOT}{kind}", f"Errors{DOT}{kind.split()[0]}", "Errors")
        return title, "log scales"

    def explainable(self, frame: Frame) -> Explainable:
        """The fitted exponent of the present method."""
        facts = sweep_of(frame)
        if facts is None:
            raise EngineError("the errors are being computed: wait a moment")
        fit = fit_to_explain(facts)
        name = "the mean square" if facts.squared else "the largest error"
        return ListedNumber(partial(_explain, fit, name), owner=facts.method)

    def numbers(self, frame: Frame) -> NamedNumbers:
        """The fitted exponent of the present method."""
        facts = sweep_of(frame)
        return [] if facts is None else [("e", fit_to_explain(facts).exponent)]

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        facts = sweep_of(frame)
        if facts is None:
            return
        rows = canvas.height
        if facts.state.progress is not None or facts.state.note:
            rows -= 1
            _draw_progress(canvas, facts, rows)
        beside = canvas.width >= LEAST_PLOT[0] + GAP + LEGEND
        width = canvas.width - (GAP + LEGEND if beside else 0)
        below = [] if beside else _legend_below(canvas, facts, rows - LEAST_PLOT[1])
        height = rows - len(below)
        if width < 12 or height < 4:
            return
        y = _error_axis(facts, height - 1)
        if y is None:
            draw_line(canvas, 0, [Span("no errors yet", canvas.palette.mid)])
            return
        y = with_fixed_labels(y)
        x = _parameter_axis(facts)
        self.plot(canvas, (0, width, height), _lines(canvas, facts, y), x, y)
        place = _Place(x, y, width, height)
        _draw_marks(canvas, facts, place)
        _draw_axis_name(canvas, width, height)
        if beside:
            _draw_beside(canvas, facts, width + GAP, rows)
        for row, line in enumerate(below, start=height):
            draw_line(canvas, row, line)


def sweep_of(frame: Frame) -> SweepFacts | None:
    """What has been computed of the target; None without a curve to follow."""
    return frame.approximation.sweep if frame.approximation else None


def _explain(fit: FittedRate, name: str, index: int) -> Explanation:
    from engine.explain.models.constructed import explain_exponent

    return explain_exponent(fit, name)


def fit_to_explain(facts: SweepFacts) -> FittedRate:
    """The fit of the present method; EngineError says why there is none."""
    if facts.method not in METHODS:
        raise EngineError(f"{facts.method}: one curve has no exponent; choose another method")
    chosen = facts.chosen
    if chosen is None or not (chosen.fit or facts.state.progress is None):
        raise EngineError("the errors are being computed: wait a moment")
    if chosen.fit is None:
        raise EngineError(f"there is no fitted exponent: {chosen.why}")
    return chosen.fit


class _Place:
    """Where values are on the plot: cells of the canvas."""

    def __init__(self, x: Axis, y: Axis, width: int, height: int) -> None:
        self.x, self.y, self.rows = x, y, height - 1
        self.left = 1 + max(len(label) for label in y.labels)
        self.columns = width - self.left

    def cells(self, parameters: Array, errors: Array) -> tuple[Ints, Ints]:
        """Columns and rows of those points that are on the axes."""
        xs, ys = self.x.positions(parameters), self.y.positions(errors)
        inside = (xs >= self.x.low) & (xs <= self.x.high + 1e-9)
        inside &= (ys >= self.y.low) & (ys <= self.y.high + 1e-9)
        across = (xs[inside] - self.x.low) / (self.x.high - self.x.low) * (self.columns - 1)
        down = (self.y.high - ys[inside]) / (self.y.high - self.y.low) * (self.rows - 1)
        return self.left + np.rint(across).astype(np.int64), np.rint(down).astype(np.int64)


def _error_axis(facts: SweepFacts, rows: int) -> Axis | None:
    """From the least error to the largest. Polynomials may go far below the others: no further
    than ``RELATIVE_FLOOR`` of what these have."""
    errors = {curve.method: curve.errors for curve in facts.curves}
    for name, point in (("present", facts.present), ("network", facts.network)):
        if point is not None:
            errors[name] = np.array([error_of(point, facts.squared)])
    errors = {name: e[np.isfinite(e) & (e > 0.0)] for name, e in errors.items()}
    found = np.concatenate([*errors.values(), np.zeros(0)])
    if not len(found):
        return None
    high = float(found.max())
    floor = high * (LEAST_ERROR**2 if facts.squared else LEAST_ERROR)
    others = np.concatenate([e for name, e in errors.items() if name != "polynomial"] or [found])
    others = others[others > floor]
    low = max(float(found.min()), floor)
    if len(others):
        low = max(low, RELATIVE_FLOOR * float(others.min()))
    axes = log_axis(low, high, rows), falling_axis(low, high, rows)
    return min(axes, key=lambda axis: axis.high - axis.low)


def _parameter_axis(facts: SweepFacts) -> Axis:
    counts = [curve.parameters for curve in facts.curves]
    counts += [np.array([p.parameters]) for p in (facts.present, facts.network) if p is not None]
    found = np.concatenate([*counts])
    return log_axis(float(found.min()), max(float(found.max()), 10.0))


def _lines(canvas: Canvas, facts: SweepFacts, y: Axis) -> list[Series]:
    """The laws, dotted, and the errors of each method: the present one on top."""
    palette = canvas.palette
    series = [_dotted(law, palette.low) for law in facts.laws]
    for curve in sorted(facts.curves, key=lambda curve: curve.method == facts.method):
        ink = palette.mid if curve.method == facts.method else palette.line
        shown = np.isfinite(curve.errors) & (y.positions(curve.errors) >= y.low)
        series.append(Series(curve.parameters[shown], curve.errors[shown], ink))
    return series


def _dotted(law: Law, ink: int) -> Series:
    """A law as dots at equal distances on log axes, where it is a straight line but for the first
    few units."""
    first, last = np.log(law.parameters[[0, -1]]).tolist()
    at = np.linspace(first, last, DOTS)
    errors = np.exp(np.interp(at, np.log(law.parameters), np.log(law.errors)))
    return Series(np.exp(at), errors, ink, dotted=True)


def _draw_marks(canvas: Canvas, facts: SweepFacts, place: _Place) -> None:
    """The letters, those of the present method on top; the laws' exponents; the two nets."""
    palette, glyphs = canvas.palette, canvas.glyphs
    for curve in sorted(facts.curves, key=lambda curve: curve.method == facts.method):
        is_chosen = curve.method == facts.method
        ink = palette.hi if is_chosen else palette.low
        cells = place.cells(curve.parameters, curve.errors)
        canvas.marks(*cells, LETTERS[curve.method], ink, bold=is_chosen)
    for point, mark in ((facts.network, glyphs.network), (facts.present, glyphs.example)):
        if point is not None:
            error = np.array([error_of(point, facts.squared)])
            cells = place.cells(np.array([float(point.parameters)]), error)
            canvas.marks(*cells, mark, palette.hi, bold=True)
    for law in facts.laws:
        _name_law(canvas, law, place)


def _name_law(canvas: Canvas, law: Law, place: _Place) -> None:
    """The exponent above the end of a law, in the first free place from the right."""
    name = law_name(law.exponent)
    cells = place.cells(law.parameters, law.errors)
    right = place.left + place.columns - len(name)
    for column, row in [*zip(*(part.tolist() for part in cells), strict=True)][::-1]:
        for y in (row - 1, row - 2):
            x = min(column, right)
            if y >= 0 and (canvas.chars[y, x - 1 : x + len(name)] == " ").all():
                canvas.text(x, y, name, canvas.palette.mid)
                return


def law_name(exponent: float) -> str:
    """n⁻²."""
    return f"n{f'{exponent:.0f}'.translate(SUPERSCRIPTS)}"


def _draw_axis_name(canvas: Canvas, width: int, height: int) -> None:
    for name in ("parameters", "par."):
        row = canvas.chars[height - 1, width - len(name) - 1 : width]
        if (row == " ").all():
            canvas.right(width, height - 1, name, canvas.palette.low)
            return


def exponent_text(curve: MethodCurve) -> str:
    """The fitted exponent, with ✓ if it is near the promised one; – if there is none."""
    if curve.fit is None:
        return NONE.rjust(EXPONENT)
    text = f"{curve.fit.exponent:+.2f}".replace("-", "−")
    return f"{text.rjust(EXPONENT)} {'✓' if curve.fit.agrees else ' '}"


def _draw_beside(canvas: Canvas, facts: SweepFacts, x: int, rows: int) -> None:
    """Names, fitted exponents, what the marks mean, and over which widths the fit is."""
    palette = canvas.palette
    canvas.text(x, 0, "method", palette.low)
    canvas.right(x + LEGEND - 2, 0, "fitted e", palette.low)
    y = 1
    for curve in facts.curves[: rows - 1]:
        is_chosen = curve.method == facts.method
        ink = palette.hi if is_chosen else palette.mid
        canvas.text(x, y, LETTERS[curve.method], ink, bold=is_chosen)
        canvas.text(x + 2, y, curve.method, ink, bold=is_chosen)
        canvas.text(x + 15, y, exponent_text(curve), ink, bold=is_chosen)
        y += 1
    for line in _mark_lines(canvas, facts, LEGEND):
        if y < rows:
            draw_line(canvas, y, line, x)
            y += 1
    lines = fitting_lines(_about_fit(facts), palette.mid, LEGEND, rows - y - 1)
    for line in lines:
        y += 1
        draw_line(canvas, y, line, x)


def _mark_lines(canvas: Canvas, facts: SweepFacts, width: int) -> list[Line]:
    palette, glyphs = canvas.palette, canvas.glyphs
    marks = []
    if facts.present is not None:
        marks.append((glyphs.example, "present curve"))
    if facts.network is not None:
        marks.append((glyphs.network, "trained net"))
    parts: list[Line] = [
        [Span(f"{mark} ", palette.hi, True), Span(text, palette.low)] for mark, text in marks
    ]
    return flowed(parts, width, gap=GAP)


def _about_fit(facts: SweepFacts) -> list[str]:
    """Over which widths the exponent of the present method is fitted, and what theory says; or
    why there is none. The longest form first."""
    chosen = facts.chosen
    if chosen is None:
        return []
    if chosen.fit is None:
        return [f"{chosen.method}: {chosen.why}", chosen.why]
    widths, theory = chosen.fit.widths, law_name(chosen.fit.promised)
    over = f"n {widths[0]} to {widths[-1]}"
    return [
        f"{chosen.method}: fitted over {over}; theory: error = c·{theory}",
        f"fitted over {over}; theory: {theory}",
        f"{over}; theory {theory}",
    ]


def _legend_below(canvas: Canvas, facts: SweepFacts, rows: int) -> list[Line]:
    """The same below the plot, in at most so many rows: over which widths the fit is before the
    names, as the letters tell the methods."""
    width, palette = canvas.width, canvas.palette
    named, brief = (_exponent_lines(canvas, facts, has_names) for has_names in (True, False))
    marks = _mark_lines(canvas, facts, width)
    about = first_fitting(_about_fit(facts), width)
    extra = words(about, palette.mid, width) if about else []
    forms = [named + marks + extra, named + extra, brief + marks + extra, brief + extra, brief]
    return next((lines for lines in forms if len(lines) <= rows), [])


def _exponent_lines(canvas: Canvas, facts: SweepFacts, has_names: bool) -> list[Line]:
    """The letters of the methods, perhaps with their names, and the fitted exponents."""
    parts: list[Line] = []
    for curve in facts.curves:
        is_chosen = curve.method == facts.method
        ink = canvas.palette.hi if is_chosen else canvas.palette.mid
        name = LETTERS[curve.method] + (f" {curve.method}" if has_names else "")
        parts.append([Span(f"{name} {exponent_text(curve).strip()}", ink, is_chosen)])
    return flowed(parts, canvas.width, gap=GAP)


def _draw_progress(canvas: Canvas, facts: SweepFacts, y: int) -> None:
    """How far the computation is, or why it has ended early."""
    progress, mid = facts.state.progress, canvas.palette.mid
    if progress is None:
        canvas.text(0, y, facts.state.note, mid)
        return
    text = f"computing {100.0 * progress:3.0f} % "
    canvas.text(0, y, text, mid)
    canvas.bar(len(text), y, canvas.width - len(text), progress, mid)
