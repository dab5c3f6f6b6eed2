"""The coefficients of the generalised linear model, beside the network's."""

from collections.abc import Callable

from tui.drawing.grid import cut
from tui.drawing.numbers import count, known, norm, num
from tui.drawing.palette import Palette
from tui.drawing.table import Column, Sheet, Table, fitting, head_of, row_of
from tui.drawing.text_lines import Line, Span, flowed, words
from tui.explain.explainable import Asked
from tui.explain.models import of_glm_coefficient
from tui.model.frame import Frame
from tui.model.glm.facts import GlmFacts
from tui.panes.base.selectable_table import ChoicePane, FootedTable
from tui.panes.linear.coefficients import SIGNIFICANT, probability

NAME = 16  # cells at most
LONG = 16  # cells of a number with all its digits
FULL_DIGITS = 110  # from this width on coefficients are written with all their digits
RULED = 9  # rows from which on a rule stands above the summary


def glm_table(frame: Frame, sheet: Sheet) -> Table | None:
    """The table; None where there is no fit."""
    facts = frame.glm
    if facts is None or facts.fit is None:
        return None
    below = _summary(facts, sheet)
    columns = _columns(facts, sheet)
    legend = "network now" if facts.matches else "of the network's own z"
    return FootedTable(
        title="Coefficients of the GLM and of the network",
        subtitle=_subtitle(facts, legend, sheet.width),
        head=head_of(columns, sheet.palette),
        count=len(facts.fit.names),
        row=lambda i: row_of(columns, i),
        foot_room=len(below),
        below=lambda i: below,
    )


def _subtitle(facts: GlmFacts, legend: str, width: int) -> str:
    """Whose the network's coefficients are, or, as far as there is room, why it has none."""
    if facts.network is not None:
        return legend
    reason = facts.network_note.partition(",")[0]  # … so the network is no one affine map
    return facts.network_note if len(facts.network_note) <= width - 4 else reason


def no_fit(frame: Frame, sheet: Sheet) -> Table:
    """Why there is no fit."""
    return Table.of_words("Coefficients", frame.glm.note if frame.glm else "", sheet)


def _columns(facts: GlmFacts, sheet: Sheet) -> list[Column]:
    """What there is room for; what matters least goes first."""
    fit, palette = facts.fit, sheet.palette
    assert fit is not None
    beta, network, dropped = fit.coefficients, facts.network, set(fit.dropped)
    wide = sheet.width >= FULL_DIGITS
    with_intervals = sheet.width >= (FULL_DIGITS if wide else 78)
    intervals = fit.confidence_intervals() if with_intervals else None

    def full(value: float) -> str:
        return f"{value:+.12g}".replace("-", "−") if wide else num(value)

    def coefficient(i: int) -> Span:
        if fit.names[i] in dropped:
            return Span("dropped", palette.low)
        return Span(full(float(beta[i])), palette.ink(float(beta[i])), True)

    def of_network(i: int) -> Span:
        if network is None or fit.names[i] in dropped:
            return Span("–", palette.low)
        return Span(full(float(network[i])), palette.ink(float(network[i])))

    def difference(i: int) -> Span:
        if network is None or fit.names[i] in dropped:
            return Span("–", palette.low)
        value = float(network[i] - beta[i])
        return Span(num(value), palette.ink(value))

    statistic = "t" if fit.model.family.dispersion else "z"
    name = min(max(map(len, fit.names)), NAME) + 1
    long = LONG if wide else 7 + bool(dropped)  # a gap before the word
    columns = [
        Column("", name, lambda i: Span(cut(fit.names[i], NAME), palette.hi), left=True),
        Column("GLM", long, coefficient),
        Column("s.e.", 7, lambda i: _plain(fit.standard_errors[i], norm, palette)),
        Column(statistic, 7, lambda i: _plain(fit.z_values[i], num, palette)),
        Column("p", 8, lambda i: _p_value(float(fit.p_values[i]), palette)),
        Column("network", max(long, 8), of_network),
        Column(f"{sheet.glyphs.minus} GLM", 7, difference),
    ]
    if intervals is not None:
        columns[5:5] = [
            Column("95 %", 8, lambda i: _plain(intervals[i, 0], num, palette)),
            Column("interval", 9, lambda i: _plain(intervals[i, 1], num, palette)),
        ]
    if sum(column.width for column in columns) > sheet.width:
        columns = [c for c in columns if c.head != statistic]
    if sum(column.width for column in columns) > sheet.width:
        columns = [c for c in columns if c.head != "p"]
    return fitting(columns, sheet.width)


def _plain(value: float, spell: Callable[[float], str], palette: Palette) -> Span:
    return Span(spell(value), palette.mid) if value == value else Span("–", palette.low)


def _p_value(p: float, palette: Palette) -> Span:
    if p != p:
        return Span("–", palette.low)
    return Span(probability(p), palette.hi if p < SIGNIFICANT else palette.low)


def _hundredths(value: float) -> str:
    """AIC matters by its differences."""
    return f"{value:.2f}".replace("-", "−") if abs(value) < 1e9 else norm(value)


def _summary(facts: GlmFacts, sheet: Sheet) -> list[Line]:
    """The fit as a whole, and what is to be said of it."""
    fit, glyphs, palette = facts.fit, sheet.glyphs, sheet.palette
    assert fit is not None
    numbers = [
        ("n", count(len(facts.model.y))),
        ("df", count(fit.freedom)),
        ("deviance", known(fit.deviance, norm)),
        ("null", known(fit.null_deviance, norm)),
    ]
    grouped = facts.model.grouped
    if grouped is not None:
        each = f"in {count(len(grouped.y))} groups: deviance"
        numbers += [(each, known(grouped.deviance, norm)), ("df", count(grouped.freedom))]
    numbers.append(("AIC", known((grouped or fit).aic_r, _hundredths)))
    numbers.append(("IRLS", count(fit.iterations)))
    if fit.model.family.dispersion:
        numbers.insert(4, ("dispersion", known(fit.dispersion, norm)))
    parts: list[Line] = [
        [Span(f"{name} ", palette.low), Span(value.strip(), palette.hi)] for name, value in numbers
    ]
    lines = flowed(parts, sheet.width, gap=2)
    if facts.note:
        lines += words(facts.note, palette.mid, sheet.width)
    if sheet.height >= RULED:
        lines.insert(0, [Span(glyphs.dash * sheet.width, palette.line)])
    return lines[: max(1, sheet.height // 2)]


class GlmTablePane(ChoicePane):
    """The fit term by term, with the network's own coefficients."""

    HELP = """
The coefficients β of η, in the data's own units, by iteratively reweighted least squares.
s.e. is the standard error, from the expected information (XᵀWX)⁻¹; z = β/s.e., with p by the
normal distribution; where a dispersion is estimated (gaussian, gamma) it is t, by Student's.
network: the coefficients of the network's z in the same units, − GLM how far they are off.
A network has them while its hidden layers, if any, are identities. Its weights on a dropped
column count towards the columns that make this up.
null: the deviance of the model without inputs. AIC counts an estimated dispersion, as R does.
Of grouped data every trial is an example here; the deviance of the groups stands beside it,
and AIC is theirs, as in R.
IRLS: iterations until the deviance changed by less than 1e-8 of itself.
Where classes are separated the likelihood has no maximum: then the numbers are only where the
iterations stopped, and the line below says so.
{up} {down} select a term; {zoom} gives the pane the screen and shows all digits.
"""

    faces = (glm_table, no_fit)

    def asked(self, frame: Frame) -> Asked:
        """The coefficient of the selected term."""
        return of_glm_coefficient(frame.glm, self._chosen)
