"""The coefficients pane of screen GLM: those of the model beside the network's."""

from collections.abc import Callable
from dataclasses import dataclass
from math import nan

import numpy as np

from engine import GlmFit
from engine.arrays import Array
from engine.network.collapse import not_affine
from engine.wording import count, plural
from tui.drawing.canvas import Canvas
from tui.drawing.cells import first_fitting
from tui.drawing.grid import cut_names
from tui.drawing.numbers import (
    CELLS,
    NONE,
    TOO_LARGE,
    WIDE,
    cost_text,
    criterion,
    known,
    norm,
    num,
    probability,
)
from tui.drawing.palette import Palette
from tui.drawing.table import Column, Sheet, Table, fitting, head_of, row_of
from tui.drawing.text_lines import Line, Span, draw_line, fitting_title, flowed, words
from tui.explain.explainable import Explainable
from tui.explain.glm import glm_coefficients
from tui.model.frame import Frame
from tui.model.glm.facts import GlmFacts, coefficients_of
from tui.model.glm.observed import network_coefficients
from tui.model.premises import finite, is_perfect, without_rounding
from tui.model.target_scale import class_names
from tui.panes.base.interval_plot import IntervalPlot, interval_plot
from tui.panes.base.pane import NamedNumbers
from tui.panes.base.selectable_table import (
    SIGNIFICANT,
    ChoicePane,
    FootedTable,
    coefficient_numbers,
)
from tui.panes.glm.fit import has_network
from tui.panes.glm.fitted_rows import fitted_lines

TITLES = "Coefficients of the GLM and of the network", "Coefficients"
MAX_NAME = 16  # cells
MAX_WIDE_NAME = 32  # in a pane of at least WIDE_PANE
WIDE_PANE = 110  # cells
LEAST_NAME = 9  # cells
RANKS = (
    ("name",),
    ("GLM",),
    ("network",),
    ("error",),
    ("difference",),
    ("p",),
    ("statistic",),
    ("low", "high"),
)
"""The columns, the most important first: the others are left out in a narrow pane."""
NETWORK_COLUMN = 12  # cells
PLOT_GAP = 2  # cells on either side of the interval plot
MIN_PLOT, MAX_PLOT = 12, 60  # cells of it
WITH_RULE = 9  # rows from which there is a rule above the summary


def glm_table(frame: Frame, sheet: Sheet) -> Table | None:
    """The table; None if there is no fit."""
    facts = frame.glm
    if facts is None or facts.fit is None:
        return None
    below, palette = _summary(facts, sheet), sheet.palette
    columns = _shown(_columns(facts, sheet), sheet.width)
    plot = _plot(facts, sheet.width - sum(column.width for column in columns))

    def with_plot(line: Line, plotted: Line) -> Line:
        return [*line, Span(" " * PLOT_GAP, palette.low), *plotted] if plot else line

    ticks = [Span(plot.tick_line, palette.low)] if plot else []
    return FootedTable(
        title=fitting_title(TITLES, sheet.width),
        subtitle=_subtitle(frame, facts, sheet.width),
        head=with_plot(head_of(columns, palette), ticks),
        count=len(facts.fit.names),
        row=lambda i: with_plot(row_of(columns, i), plot.row(i, sheet) if plot else []),
        foot_room=len(below),
        below=lambda i: below,
    )


def _subtitle(frame: Frame, facts: GlmFacts, width: int) -> str:
    """What the network's coefficients are, or why it has none."""
    if facts.network is not None:
        return "network now" if facts.matches else "of the network's own z"
    return first_fitting((facts.network_note, not_affine(frame.network)), width - 4)


def network_table(frame: Frame, sheet: Sheet) -> Table:
    """Without a fit the network's own coefficients, a column for each output, or why it has
    none."""
    facts, title = frame.glm, "Coefficients of the network"
    if facts is None:
        return Table.of_words(title, "", sheet)
    coefficients = network_coefficients(frame)
    if coefficients is None:
        return Table.of_words(title, facts.network_note, sheet)
    names = cut_names(("intercept", *frame.data.feature_names), MAX_NAME)
    many = coefficients.shape[1] > 1
    outputs = class_names(frame) if many and frame.data.task != "regression" else ()
    heads = cut_names(
        outputs or [f"z{sheet.glyphs.sub(k + 1)}" for k in range(coefficients.shape[1])],
        NETWORK_COLUMN - 1,
    )
    palette = sheet.palette

    def column(k: int) -> Column:
        def cell(i: int) -> Span:
            value = float(coefficients[i, k])
            return Span(num(value, WIDE).strip(), palette.ink(value))

        return Column(heads[k], NETWORK_COLUMN, cell)

    name = max(map(len, names)) + 1
    first = Column("", name, lambda i: Span(names[i], palette.hi), left=True)
    columns = fitting([first, *(column(k) for k in range(coefficients.shape[1]))], sheet.width)
    return Table(
        title,
        "of z, by output" if many else "of z",
        head_of(columns, palette),
        len(names),
        lambda i: row_of(columns, i),
    )


@dataclass(frozen=True, eq=False)
class _Cells:
    """The spans of the table's cells."""

    fit: GlmFit
    network: Array | None
    palette: Palette

    def coefficient(self, i: int) -> Span:
        if self._is_dropped(i):
            return Span("dropped", self.palette.low)
        return self._signed(float(coefficients_of(self.fit)[i]), bold=True)

    def of_network(self, i: int) -> Span:
        if self.network is None or self._is_dropped(i):
            return Span(NONE, self.palette.low)
        return self._signed(float(without_rounding(self.network, self.fit)[i]))

    def difference(self, i: int) -> Span:
        if self.network is None or self._is_dropped(i):
            return Span(NONE, self.palette.low)
        difference = without_rounding(self.network - self.fit.coefficients, self.fit)
        return self._signed(float(difference[i]))

    def p_value(self, i: int) -> Span:
        p = float(self.fit.p_values[i])
        if p != p or self.has_no_estimate(i) or _has_no_dispersion(self.fit):
            return Span(NONE, self.palette.low)
        return Span(probability(p), self.palette.hi if p < SIGNIFICANT else self.palette.low)

    def plain(self, i: int, values: Array, spell: Callable[[float], str]) -> Span:
        """A number of a term without colour; a dash for NaN, or if the term has no estimate."""
        if values[i] != values[i] or self.has_no_estimate(i):
            return Span(NONE, self.palette.low)
        return Span(spell(values[i]), self.palette.mid)

    def has_no_estimate(self, i: int) -> bool:
        """Whether the likelihood rises without end along the coefficient: then nothing about its
        error follows from where the iterations stopped."""
        return self.fit.names[i] in self.fit.infinite

    @property
    def are_large(self) -> bool:
        """Whether a coefficient of the fit has too many digits for 6 cells."""
        return bool((np.abs(self.fit.coefficients) >= TOO_LARGE).any())

    def _is_dropped(self, i: int) -> bool:
        return self.fit.names[i] in self.fit.dropped

    def _signed(self, value: float, bold: bool = False) -> Span:
        text = num(value, WIDE if self.are_large else CELLS)
        return Span(text, self.palette.ink(value), bold)


def _columns(facts: GlmFacts, sheet: Sheet) -> dict[str, Column]:
    """All columns in the order of a row; that of the plot only has a width."""
    fit, palette = facts.fit, sheet.palette
    assert fit is not None
    cells = _Cells(fit, facts.network, palette)
    known_z = np.where(coefficients_of(fit) == 0.0, 0.0 * fit.z_values, fit.z_values)
    z_values = known_z * (nan if _has_no_dispersion(fit) else 1.0)
    statistic = "t" if fit.model.family.dispersion else "Wald z"
    is_wide = sheet.width >= WIDE_PANE
    longest = MAX_WIDE_NAME if is_wide else min(MAX_NAME, max(LEAST_NAME, sheet.width // 3))
    names = cut_names(fit.names, longest)
    name = max(map(len, names)) + 1
    long = WIDE + 1 if cells.are_large else 7 + bool(fit.dropped)  # a gap before "dropped"
    intervals = fit.confidence_intervals()
    return {
        "name": Column("", name, lambda i: Span(names[i], palette.hi), left=True),
        "GLM": Column("GLM", long, cells.coefficient),
        "error": Column("s.e.", 8, lambda i: cells.plain(i, fit.standard_errors, norm)),
        "statistic": Column(statistic, 8, lambda i: cells.plain(i, z_values, num)),
        "p": Column("p", 8, cells.p_value),
        "low": Column("95 %", 8, lambda i: cells.plain(i, intervals[:, 0], num)),
        "high": Column("interval", 9, lambda i: cells.plain(i, intervals[:, 1], num)),
        "network": Column("network", max(long, 8), cells.of_network),
        "difference": Column(f"{sheet.glyphs.minus} GLM", 7, cells.difference),
    }


def _plot(facts: GlmFacts, free: int) -> IntervalPlot | None:
    """The intervals on an axis, where there is room and each has ends."""
    assert facts.fit is not None
    if free < MIN_PLOT + 2 * PLOT_GAP or facts.fit.infinite:
        return None
    return interval_plot(facts, min(free - 2 * PLOT_GAP, MAX_PLOT))


def _shown(columns: dict[str, Column], width: int) -> list[Column]:
    """As many columns as fit, the most important first."""
    room, shown = width, set[str]()
    for keys in RANKS:
        wanted = sum(columns[key].width for key in keys)
        if wanted <= room:
            shown.update(keys)
            room -= wanted
    return [column for key, column in columns.items() if key in shown]


def _aic(fit: GlmFit) -> float:
    """As in R; NaN where a dispersion is estimated, and nothing is left to estimate it from."""
    if fit.model.family.dispersion and (fit.freedom <= 0 or is_perfect(fit)):
        return nan
    return finite(fit.aic_r)


def _has_no_dispersion(fit: GlmFit) -> bool:
    """Whether the dispersion that is estimated is rounding."""
    return bool(fit.model.family.dispersion) and is_perfect(fit)


def _summary(facts: GlmFacts, sheet: Sheet) -> list[Line]:
    """The numbers of the fit as a whole, and a note."""
    fit, glyphs, palette = facts.fit, sheet.glyphs, sheet.palette
    assert fit is not None
    numbers = [
        ("n", count(len(facts.model.y))),
        ("df", count(fit.freedom)),
        ("deviance", known(fit.deviance, cost_text)),
        ("null", known(fit.null_deviance, cost_text)),
    ]
    grouped = facts.model.grouped
    if grouped is not None:
        label = f"in {plural(len(grouped.y), 'group')}: deviance"
        numbers += [(label, known(grouped.deviance, cost_text)), ("df", count(grouped.freedom))]
    numbers.append(("AIC", known(_aic(grouped or fit), criterion)))
    numbers.append(("IRLS", count(fit.iterations)))
    if fit.model.family.dispersion:
        numbers.insert(4, ("dispersion", known(fit.dispersion, norm)))
    parts: list[Line] = [
        [Span(f"{name} ", palette.low), Span(value.strip(), palette.hi)] for name, value in numbers
    ]
    lines = flowed(parts, sheet.width, gap=2)
    most = max(1, sheet.height // 2)
    note = words(facts.note, palette.mid, sheet.width) if facts.note else []
    if len(lines) + len(note) <= most:  # else it is in the pane beside alone
        lines += note
    if sheet.height >= WITH_RULE and len(lines) < most:
        lines.insert(0, [Span(glyphs.dash * sheet.width, palette.line)])
    return lines[:most]


class GlmTablePane(ChoicePane):
    """The fit term by term, with the network's own coefficients."""

    HELP = """
Coefficients: β of z, in the data's own units, by iteratively reweighted least squares.
s.e. is the standard error, from the expected information (XᵀWX)⁻¹; Wald z = β/s.e., with p by the
normal distribution; where a dispersion is estimated (gaussian, gamma) it is t, by Student's.
network: the coefficients of the network's z in the same units, − GLM how far they are off.
A network has them while its hidden layers, if any, are identities. Its weights on a dropped
column, and on the category that the others are compared with, count towards the other terms.
null: the deviance of the model without inputs. AIC counts an estimated dispersion, as R does.
Of grouped data every trial is an example here; the deviance of the groups stands beside it,
and AIC is theirs, as in R.
IRLS: iterations until the deviance changed by less than 1e-8 of itself.
Where classes are separated the likelihood has no maximum: then the numbers are only where the
iterations stopped, and the line below says so.
{up} {down} select a term; {digits} shows all digits of its coefficient.
"""

    faces = (glm_table, network_table)

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        """The table; where rows stay free, below it what was observed beside μ."""
        super().draw(canvas, frame)
        if self._known is None or not isinstance(self._known[2], FootedTable):
            return
        (_, sheet, table) = self._known
        top = 1 + table.count
        lines = fitted_lines(
            frame, sheet, table.room(sheet.height) - table.count, has_network(frame)
        )
        for y, line in enumerate(lines, start=top):
            draw_line(canvas, y, line)

    def explainable(self, frame: Frame) -> Explainable:
        """The coefficient of the selected term."""
        return glm_coefficients(frame, self._chosen)

    def numbers(self, frame: Frame) -> NamedNumbers:
        facts = frame.glm
        if facts is None or facts.fit is None:
            return super().numbers(frame)
        return coefficient_numbers("GLM", facts.fit, facts.network, self._chosen)
