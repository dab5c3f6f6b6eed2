"""The coefficients pane: ordinary least squares beside the network, a row for each term."""

from collections.abc import Callable
from functools import lru_cache
from math import isnan

from engine import OlsFit
from engine.arrays import Array
from tui.drawing.grid import cut
from tui.drawing.numbers import MINUS, NONE, count, norm, num
from tui.drawing.table import Column, Sheet, Table
from tui.drawing.text_lines import Line, Span, flowed, width_of
from tui.explain.explainable import Asked
from tui.explain.models import of_coefficient
from tui.model.frame import Frame
from tui.model.linear.facts import LinearFacts
from tui.panes.base.interval_plot import POINT, IntervalPlot, interval_plot
from tui.panes.base.selectable_table import ChoicePane, FootedTable

SMALLEST_P = 1e-4
SIGNIFICANT = 0.05  # a p below it stands out
NAME = 9, 16  # cells of the names: at least, at most
BESIDE = 3  # cells between the interval plot and its neighbours
PLOT = 12 + 2 * BESIDE  # its cells with those at the least
RANKS = ("ols", "network", "difference", "p", "error", "t", "plot", "interval")
"""The columns in the order in which they get room."""
GAPS = 3, 2, 1  # between the numbers of the summary, the widest for which there is room


def coefficient_table(frame: Frame, sheet: Sheet) -> Table | None:
    """The table; None where there is no fit."""
    facts = frame.linear
    if facts is None or facts.fit is None:
        return None
    fit, palette = facts.fit, sheet.palette
    indent = 0 if sheet.colour else 1  # for the mark of the selected row
    name_cells = indent + min(max(NAME[0], *map(len, fit.names)), NAME[1])
    columns = _columns(facts, sheet)
    room, shown = sheet.width - name_cells, set[str]()
    for key in RANKS:
        if columns[key].width <= room:
            shown.add(key)
            room -= columns[key].width
    plot = interval_plot(facts, PLOT + room - 2 * BESIDE) if "plot" in shown else None
    gap = Span(" " * BESIDE, palette.low)

    def line(name: str, cell: Callable[[Column], Span], plotted: Line) -> Line:
        parts = [Span(name.ljust(name_cells), palette.hi)]
        for key, column in columns.items():
            if key == "plot" and plot is not None:
                parts += [gap, *plotted, gap]
            elif key in shown:
                parts.append(column.placed(cell(column)))
        return parts

    def row(i: int) -> Line:
        name = cut(" " * indent + fit.names[i], name_cells)
        plotted = plot.row(i, sheet) if plot else []
        return line(name, lambda column: column.cell(i), plotted)

    def says(i: int) -> str:
        """The title, with all digits of the term's coefficient."""
        value = f"{fit.names[i]} {float(fit.coefficients[i])!r}".replace("-", MINUS)
        titles = title_of(frame, facts), "Least squares", "OLS"
        with_value = (f"{title} · {value}" for title in titles)
        return next((title for title in with_value if len(title) <= sheet.width - 4), titles[0])

    ticks = [Span(plot.tick_line, palette.low)] if plot else []
    below = _summary(fit, facts.note, sheet)
    return FootedTable(
        title=title_of(frame, facts),
        subtitle=_legend(plot, sheet),
        head=line("", lambda column: Span(column.head, palette.low), ticks),
        count=len(fit.names),
        row=row,
        foot_room=len(below),
        below=lambda i: below,
        says=says,
    )


def no_fit(frame: Frame, sheet: Sheet) -> Table:
    """Why there is no fit."""
    facts = frame.linear
    return Table.of_words("Ordinary least squares", facts.note if facts else "", sheet)


def title_of(frame: Frame, facts: LinearFacts) -> str:
    """What was fitted."""
    how = "Ordinary least squares" if facts.degree == 1 else f"Polynomial of degree {facts.degree}"
    target = f" of {frame.data.target}" if frame.data.target != "y" else ""
    return f"{how}{target} beside the network"


def probability(p: float) -> str:
    """A p-value: ``0.0312``, ``<0.0001``."""
    return f"<{SMALLEST_P:.4f}" if p < SMALLEST_P else f"{p:.4f}"


def _columns(facts: LinearFacts, sheet: Sheet) -> dict[str, Column]:
    """The columns in the order of the row; the plot's only keeps its place."""
    fit, palette = facts.fit, sheet.palette
    assert fit is not None
    dropped = set(fit.dropped)
    ends = fit.confidence_intervals().tolist()

    def known(value: float, text: str, ink: int) -> Span:
        return Span(text, ink) if not isnan(value) else Span(NONE, palette.low)

    def quiet(value: float, spelt: Callable[[float], str]) -> Span:
        return known(value, spelt(value), palette.mid)

    def of_ols(i: int) -> Span:
        value = float(fit.coefficients[i])
        if fit.names[i] in dropped:
            return Span("dropped", palette.low)
        return Span(num(value), palette.ink(value), True)

    def p_value(i: int) -> Span:
        p = float(fit.p_values[i])
        return known(p, probability(p), palette.hi if p < SIGNIFICANT else palette.low)

    def interval(i: int) -> Span:
        low, high = ends[i]
        return known(low, f"{num(low)} {num(high)}", palette.mid)

    def signed(values: Array | None, i: int) -> Span:
        compared = None if fit.names[i] in dropped else values
        value = float("nan") if compared is None else float(compared[i])
        return known(value, num(value), palette.ink(value))

    differences = None if facts.network is None else facts.network - fit.coefficients
    return {
        "ols": Column("OLS", 8, of_ols),
        "error": Column("s.e.", 8, lambda i: quiet(float(fit.standard_errors[i]), norm)),
        "t": Column("t", 8, lambda i: quiet(float(fit.t_values[i]), num)),
        "p": Column("p", 9, p_value),
        "interval": Column("95 % interval", 16, interval),
        "plot": Column("", PLOT, lambda i: Span("", palette.low)),
        "network": Column("network", 8, lambda i: signed(facts.network, i)),
        "difference": Column(f"{sheet.glyphs.minus} OLS", 8, lambda i: signed(differences, i)),
    }


def _legend(plot: IntervalPlot | None, sheet: Sheet) -> str:
    if plot is None:
        return ""
    glyphs = sheet.glyphs
    scale = "per sd of the column: " if plot.per_sd else ""
    return f"{scale}{POINT} OLS   {glyphs.bar} 95 % interval   {glyphs.network} network now"


def _summary(fit: OlsFit, note: str, sheet: Sheet) -> list[Line]:
    """How good the fit is as a whole; what was left out, and what is to be said of it."""
    glyphs, palette = sheet.glyphs, sheet.palette
    parts: list[Line] = [
        [Span(f"{name} ", palette.low), Span(value.strip(), palette.hi)]
        for name, value in _numbers(fit)
    ]
    remarks = [glyphs.prose(note)] if note else []
    if fit.dropped:
        remarks.insert(0, f"dropped, as earlier columns make them up: {', '.join(fit.dropped)}")
    said: list[Line] = [[Span(cut(remark, sheet.width), palette.mid)] for remark in remarks]
    taken = sum(map(width_of, parts))
    gap = next((g for g in GAPS if taken + g * (len(parts) - 1) <= sheet.width), GAPS[-1])
    lines = flowed(parts, sheet.width, gap=gap)
    if len(fit.names) + len(lines) + len(said) + 1 > sheet.height:
        lines = lines[:1]  # the rest gives way to terms
    lines += said
    if len(fit.names) + len(lines) + 2 <= sheet.height:
        lines.insert(0, [Span(glyphs.dash * sheet.width, palette.line)])
    return lines[: max(1, sheet.height - 2)]


@lru_cache(maxsize=1)
def _numbers(fit: OlsFit) -> tuple[tuple[str, str], ...]:
    """Those of the summary with their names; kept, for some are of exact fractions."""
    values = (
        ("R²", fit.r_squared, norm),
        ("adj", fit.adjusted_r_squared, norm),
        ("s", fit.residual_sd, norm),
        ("F", fit.f_statistic, norm),
        ("AIC", fit.aic_r, _tenths),
        ("BIC", fit.bic_r, _tenths),
        ("cond", fit.condition_number, norm),
    )
    spelt = ((name, NONE if isnan(value) else text(value)) for name, value, text in values)
    return (("n", count(len(fit.y))), ("df", count(fit.freedom)), *spelt)


def _tenths(value: float) -> str:
    """AIC and BIC matter by their differences: ``245.7``, ``−1 234.5``."""
    if not abs(value) < 1e9:
        return norm(value)
    return f"{value:,.1f}".replace(",", " ").replace("-", MINUS)


class CoefficientsPane(ChoicePane):
    """The closed form term by term, its intervals drawn, and the network's own coefficients."""

    HELP = """
Ordinary least squares: the coefficients that no other line beats on the training data, in the
data's own units. s.e. is their standard error, t = OLS/s.e., p the two-sided p-value of
Student's t; the 95 % interval covers the truth in 95 of 100 samples, if the assumptions hold.
network: the coefficients of the one affine map that the network is, or, where it is none, of
the affine map nearest to it on the training data. − OLS: how far from the closed form.
The plot has all on one axis; an arrow at its end is a network further out. Where the terms'
units are too unlike for that, each is multiplied by the standard deviation of its column.
s is the residual standard deviation, F tests all slopes at once. AIC and BIC count σ as a
parameter, as in R. cond is the condition number of the design matrix in its own units, the
intercept's column included.
Columns that earlier ones make up are dropped, and said so; the network's weights on them count
towards the columns that make them up.
{up} {down} select a term, whose coefficient the title has in full. {solve} jumps to the OLS
solution, {degree} fits the next polynomial degree.
"""

    faces = (coefficient_table, no_fit)

    def asked(self, frame: Frame) -> Asked:
        """The coefficient of the selected term."""
        return of_coefficient(frame.linear, self._chosen)
