"""The coefficients pane of screen Linear: ordinary least squares beside the network."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import isnan, nan

import numpy as np

from engine import OlsFit
from engine.arrays import Array
from engine.wording import count, plural
from tui.drawing.cells import first_fitting
from tui.drawing.grid import cut_names
from tui.drawing.numbers import NONE, WIDE, cost_text, criterion, known, norm, num, probability
from tui.drawing.table import Column, Sheet, Table
from tui.drawing.text_lines import Line, Span, fitting_title, flowed, width_of
from tui.explain.explainable import Explainable
from tui.explain.linear import fit_coefficients
from tui.model.frame import Frame
from tui.model.linear.facts import ROUNDING, LinearFacts, has_knots
from tui.model.linear.predictions import fit_cost
from tui.model.premises import finite, is_perfect, without_rounding
from tui.panes.base.interval_plot import POINT, IntervalPlot, interval_plot
from tui.panes.base.pane import NamedNumbers
from tui.panes.base.selectable_table import (
    SIGNIFICANT,
    ChoicePane,
    FootedTable,
    coefficient_numbers,
)
from tui.panes.linear.degree_costs import degree_lines, forms_of_test_cost

COEFFICIENT = 7  # cells, in a column of 8
MAX_IN_7 = 999_999.5  # from here on a coefficient has less than four digits in them
NAME_CELLS = 9, 16  # minimum and maximum
MAX_WIDE_NAME = 32  # cells, in a pane of at least WIDE_PANE
WIDE_PANE = 120
PLOT_GAP = 3  # cells on either side of the interval plot
MIN_PLOT = 12 + 2 * PLOT_GAP  # cells of the plot with its gaps
RANKS = ("ols", "network", "difference", "p", "error", "t", "plot", "interval")
"""The columns, the most important first: the others are left out in a narrow pane."""
SUMMARY_GAPS = 3, 2, 1  # cells between the numbers of the summary, the widest that fits


def coefficient_table(frame: Frame, sheet: Sheet) -> Table | None:
    """The table; None if there is no fit."""
    facts = frame.linear
    if facts is None or facts.fit is None:
        return None
    fit, lines = facts.fit, _lines(facts, facts.fit, sheet)
    costs = [costs_of(frame, facts)]
    if facts.path:
        costs.append(forms_of_test_cost(facts.path, facts.degree))
    below = _summary(fit, facts.note, costs, sheet)
    by_degree = degree_lines(facts.path, facts.degree, sheet)
    if len(fit.names) + 1 + len(below) + len(by_degree) <= sheet.height:
        below += by_degree

    return FootedTable(
        title=title_of(frame, facts, sheet.width),
        subtitle=_legend(lines.plot, sheet),
        head=lines.head(),
        count=len(fit.names),
        row=lines.row,
        foot_room=len(below),
        below=lambda i: below,
    )


@dataclass(frozen=True, eq=False)
class _Lines:
    """Makes the lines of the table: the name, the columns that fit, and the interval plot."""

    names: list[str]  # as they are shown
    name_cells: int
    columns: dict[str, Column]  # those that are shown, in their order
    plot: IntervalPlot | None
    sheet: Sheet

    def head(self) -> Line:
        low = self.sheet.palette.low
        ticks = [Span(self.plot.tick_line, low)] if self.plot else []
        return self._line("", lambda column: Span(column.head, low), ticks)

    def row(self, i: int) -> Line:
        indent = "" if self.sheet.colour else " "  # for the mark of the selected row
        plotted = self.plot.row(i, self.sheet) if self.plot else []
        name = indent + self.names[i]
        return self._line(name, lambda column: column.cell(i), plotted)

    def _line(self, name: str, cell: Callable[[Column], Span], plotted: Line) -> Line:
        parts = [Span(name.ljust(self.name_cells), self.sheet.palette.hi)]
        gap = Span(" " * PLOT_GAP, self.sheet.palette.low)
        for key, column in self.columns.items():
            parts += [gap, *plotted, gap] if key == "plot" else [column.placed(cell(column))]
        return parts


def _lines(facts: LinearFacts, fit: OlsFit, sheet: Sheet) -> _Lines:
    """Choose the columns that fit; the plot gets the rest of the width."""
    indent = 0 if sheet.colour else 1
    max_name = MAX_WIDE_NAME if sheet.width >= WIDE_PANE else NAME_CELLS[1]
    name_cells = indent + min(max(NAME_CELLS[0], *map(len, fit.names)), max_name)
    columns = _columns(facts, sheet)
    room, shown = sheet.width - name_cells, set[str]()
    for key in RANKS:
        if columns[key].width <= room:
            shown.add(key)
            room -= columns[key].width
    plot = interval_plot(facts, MIN_PLOT + room - 2 * PLOT_GAP) if "plot" in shown else None
    names = cut_names(fit.names, name_cells - indent)
    columns = {key: column for key, column in columns.items() if key in shown}
    return _Lines(names, name_cells, columns, plot, sheet)


def no_fit(frame: Frame, sheet: Sheet) -> Table:
    """A text: why there is no fit."""
    facts = frame.linear
    return Table.of_words("Ordinary least squares", facts.note if facts else "", sheet)


def title_of(frame: Frame, facts: LinearFacts, width: int) -> str:
    """The kind of fit and its target, in words that fit into the width of the table."""
    kinds = ["Ordinary least squares", "Least squares", "OLS"]
    if facts.degree > 1:
        kinds = [f"Polynomial of degree {facts.degree}", f"Degree {facts.degree}"]
    target = f" of {frame.data.target}" if frame.data.target != "y" else ""
    forms = [f"{kinds[0]}{target} beside the network", *(f"{kind}{target}" for kind in kinds)]
    return fitting_title((*forms, *kinds), width)


def _columns(facts: LinearFacts, sheet: Sheet) -> dict[str, Column]:
    """All columns in the order of a row; that of the plot only has a width."""
    fit, palette = facts.fit, sheet.palette
    assert fit is not None
    dropped = set(fit.dropped)
    large = bool((np.abs(fit.coefficients) >= MAX_IN_7).any())
    cells = WIDE if large else COEFFICIENT
    ends = fit.confidence_intervals().tolist()
    unknown = nan if is_perfect(fit) else 0.0
    shown = without_rounding(fit.coefficients, fit)

    def unless_nan(value: float, text: str, ink: int) -> Span:
        return Span(text, ink) if not isnan(value) else Span(NONE, palette.low)

    def plain(value: float, spell: Callable[[float], str]) -> Span:
        return unless_nan(value, spell(value), palette.mid)

    def coefficient(i: int) -> Span:
        value = float(shown[i])
        if fit.names[i] in dropped:
            return Span("dropped", palette.low)
        return Span(num(value, cells), palette.ink(value), True)

    def p_value(i: int) -> Span:
        p = float(fit.p_values[i]) + unknown
        return unless_nan(p, probability(p), palette.hi if p < SIGNIFICANT else palette.low)

    def interval(i: int) -> Span:
        low, high = ends[i]
        return unless_nan(low, f"{num(low)} {num(high)}", palette.mid)

    def signed(values: Array | None, i: int) -> Span:
        value = nan if values is None or fit.names[i] in dropped else float(values[i])
        return unless_nan(value, num(value, COEFFICIENT), palette.ink(value))

    network = None if facts.network is None else without_rounding(facts.network, fit)
    differences = None if facts.network is None else _differences(facts.network, fit)
    minus = f"{sheet.glyphs.minus} OLS"
    return {
        "ols": Column("OLS", cells + 1, coefficient),
        "error": Column("s.e.", 8, lambda i: plain(float(fit.standard_errors[i]), norm)),
        "t": Column("t", 8, lambda i: plain(float(fit.t_values[i]) + unknown, num)),
        "p": Column("p", 9, p_value),
        "interval": Column("95 % interval", 16, interval),
        "plot": Column("", MIN_PLOT, lambda i: Span("", palette.low)),
        "network": Column("network", 8, lambda i: signed(network, i)),
        "difference": Column(minus, 8, lambda i: signed(differences, i)),
    }


def _differences(network: Array, fit: OlsFit) -> Array:
    """The network's coefficients less those of the fit; 0 where that is no more than rounding."""
    differences = without_rounding(network - fit.coefficients, fit)
    sizes = np.abs(network) + np.abs(fit.coefficients)
    return np.where(np.abs(differences) <= ROUNDING * sizes, 0.0, differences)


def _legend(plot: IntervalPlot | None, sheet: Sheet) -> str:
    if plot is None:
        return ""
    glyphs = sheet.glyphs
    scale = "per sd of the column: " if plot.per_sd else ""
    forms = (
        f"{scale}{POINT} OLS   {glyphs.bar} 95 % interval   {glyphs.network} network now",
        f"{POINT} OLS   {glyphs.bar} 95 %   {glyphs.network} network",
    )
    return fitting_title((*forms, ""), sheet.width)


def costs_of(frame: Frame, facts: LinearFacts) -> tuple[str, ...]:
    """C of the network, of least squares on its last hidden layer, and of the fit; nothing where
    no hidden layer bends or the cost is another one."""
    if isnan(facts.last_layer_cost) or not frame.is_sound:
        return ()
    last = "last hidden layer" if len(frame.network.weights) > 2 else "hidden layer"
    how = "OLS with its knots" if has_knots(frame.network) else f"OLS on its {last}"
    line = "line" if facts.degree == 1 else f"degree {facts.degree}"
    network, best, of_line = map(cost_text, (frame.cost, facts.last_layer_cost, fit_cost(frame)))
    brief = f"C: network {network}, {how} {best}"
    return f"{brief}, {line} {of_line}", brief, f"{how}: C {best}", ""


def _summary(fit: OlsFit, note: str, costs: Sequence[Sequence[str]], sheet: Sheet) -> list[Line]:
    """The numbers of the fit as a whole, then remarks, such as dropped columns."""
    glyphs, palette = sheet.glyphs, sheet.palette
    parts: list[Line] = [
        [Span(f"{name} ", palette.low), Span(value.strip(), palette.hi)]
        for name, value in _numbers(fit)
    ]
    remarks = [forms for forms in costs if forms]
    remarks += [_dropped(fit.dropped)] if fit.dropped else []
    remarks += [shortened(note)] if note else []
    shown = (first_fitting(map(glyphs.prose, forms), sheet.width) for forms in remarks)
    remark_lines: list[Line] = [[Span(text, palette.mid)] for text in shown if text]
    widths, gaps = sum(map(width_of, parts)), len(parts) - 1
    gap = next((g for g in SUMMARY_GAPS if widths + g * gaps <= sheet.width), SUMMARY_GAPS[-1])
    lines = flowed(parts, sheet.width, gap=gap)
    if len(fit.names) + len(lines) + len(remark_lines) + 1 > sheet.height:
        lines = lines[:1]  # to leave room for the terms
    lines += remark_lines
    if len(fit.names) + len(lines) + 2 <= sheet.height:
        lines.insert(0, [Span(glyphs.dash * sheet.width, palette.line)])
    return lines[: max(1, sheet.height - 2)]


def _dropped(names: Sequence[str]) -> tuple[str, ...]:
    """Which terms were dropped, in forms of which the shorter ones count them."""
    n = len(names)
    return (
        f"dropped, as combinations of earlier columns: {', '.join(names)}",
        f"dropped, as combinations of others: {', '.join(names)}",
        f"{plural(n, 'column')} dropped, as combinations of others",
        f"{plural(n, 'column')} dropped",
    )


def shortened(note: str) -> list[str]:
    """A note without its last remarks, then without what follows a colon."""
    remarks = note.split("; ")
    forms = ["; ".join(remarks[:n]) for n in range(len(remarks), 0, -1)]
    return [*forms, remarks[0].split(": ")[0], remarks[0].split(",")[0]]


@lru_cache(maxsize=1)
def _numbers(fit: OlsFit) -> tuple[tuple[str, str], ...]:
    """The numbers of the summary with their names; cached, for some take exact arithmetic."""
    values = (
        ("R²", fit.r_squared, norm),
        ("adj", fit.adjusted_r_squared, norm),
        ("s", fit.residual_sd, norm),
        ("F", nan if is_perfect(fit) else fit.f_statistic, norm),
        ("AIC", _criterion(fit, fit.aic_r), criterion),
        ("BIC", _criterion(fit, fit.bic_r), criterion),
        ("cond", fit.condition_number, norm),
    )
    texts = ((name, known(value, spell)) for name, value, spell in values)
    return (("n", count(len(fit.y))), ("df", count(fit.freedom)), *texts)


def _criterion(fit: OlsFit, value: float) -> float:
    """AIC or BIC; NaN where nothing is left to estimate σ from, or it is 0 but for rounding: no
    likelihood is the highest then."""
    return finite(value) if fit.freedom > 0 and not is_perfect(fit) else nan


class CoefficientsPane(ChoicePane):
    """The least-squares fit term by term, with its intervals drawn, beside the network."""

    HELP = """
Ordinary least squares: the coefficients with the least sum of squares on the training data, in the
data's own units. s.e. is their standard error, t = OLS/s.e., p the two-sided p-value of
Student's t (– of a perfect fit, whose s is rounding); the 95 % interval covers the truth in 95 of
100 samples, if the assumptions hold.
network: the coefficients of the one affine map that the network is, or, where it is none, of
the affine map nearest to it on the training data. − OLS: how far from the closed form.
The plot has all on one axis; an arrow at its edge marks a network beyond it. Where the terms'
units are too unlike for that, each is multiplied by the standard deviation of its column.
s is the residual standard deviation, F tests all slopes at once. AIC and BIC count σ as a
parameter, as in R. cond is the condition number of the design matrix in its own units, the
intercept's column included.
Where a hidden layer bends, a line below has three C: of the network, of OLS on 1 and the
activations of its last hidden layer, and of the fit above. Once that layer is given, the rest is
OLS: no output layer without an activation does better. With one input and one layer of relu it is
OLS on 1, x and relu(x − k) of its knots k: the best curve with these knots.
Of a polynomial ({degree}) C test stands there, and with enough room ({zoom}) C train, C test and
the condition number by degree, 1 to 12: what a better fit of the training data costs.
Of the categories of a text column the first in the alphabet has no term: the others are compared
with it. Columns that are combinations of earlier ones are dropped; a line says which. The
network's weights on either count towards the terms that they are made of.
{up} {down} select a term; {digits} shows all digits of its coefficient. {solve} jumps to the OLS
solution, {degree} fits the next polynomial degree.
"""

    faces = (coefficient_table, no_fit)

    def explainable(self, frame: Frame) -> Explainable:
        """The coefficient of the selected term."""
        return fit_coefficients(frame, self._chosen)

    def numbers(self, frame: Frame) -> NamedNumbers:
        facts = frame.linear
        if facts is None or facts.fit is None:
            return super().numbers(frame)
        return coefficient_numbers("OLS", facts.fit, facts.network, self._chosen)
