"""The assumptions pane of screen Linear: tests of what least squares assumes."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import TYPE_CHECKING

from engine import EngineError
from engine.diagnostics import ABOUT
from engine.notation import Name
from tui.drawing.cells import first_fitting
from tui.drawing.grid import cut_names
from tui.drawing.numbers import NONE, norm, probability
from tui.drawing.palette import Palette
from tui.drawing.table import Column, Sheet, Table, head_of, row_of
from tui.drawing.text_lines import Line, Span, width_of, words
from tui.explain.explainable import Explainable, ListedNumber
from tui.explain.linear import NO_FIT
from tui.model.frame import Frame
from tui.panes.base.selectable_table import ChoicePane, FootedTable
from tui.panes.linear.check_texts import BRIEF, NOT_NEEDED
from tui.panes.linear.coverage import coverage_table, explained_coverage
from tui.panes.linear.findings import CHECKS, Check, Finding, finding_of

if TYPE_CHECKING:
    from engine.explain import Explanation

P_CELLS = 8
NUMBER_CELLS = 18  # of the columns statistic and p
NARROW_CELLS = 15  # of them where there is little room
MIN_NAME = 8  # cells
MIN_ROWS = 5  # of the table above the explanation
LM_TESTS = ("breusch_pagan", "white", "white_special")  # their statistic is n·R²
AUXILIARY = "n examples times the R² of a regression of the squared residuals."
HAT = "\u0302"  # of σ̂: a combining character, without a cell of its own


def assumption_table(frame: Frame, sheet: Sheet) -> Table | None:
    """The table; a diagnostic is computed when its row is drawn. None if there is no fit."""
    facts = frame.linear
    if facts is None or facts.diagnosis is None:
        return None
    rows = frame.data.train

    @cache
    def finding(i: int, of_network: bool = facts.of_network) -> Finding:
        return finding_of(CHECKS[i], facts, rows, of_network)

    def below(i: int) -> list[Line]:
        of_ols = finding(i, False) if facts.of_network else None
        return _explanation_lines(CHECKS[i], finding(i), foot_room, sheet, of_ols)

    columns = _columns(finding, facts.diagnosis.fit.names, sheet)
    foot_room = max(0, min(sheet.height // 3, sheet.height - 1 - MIN_ROWS))
    return FootedTable(
        title="Assumptions",
        subtitle="of the network" if facts.of_network else "of the OLS fit",
        head=head_of(columns, sheet.palette),
        count=len(CHECKS),
        row=lambda i: row_of(columns, i),
        foot_room=foot_room,
        below=below,
    )


def _columns(
    finding: Callable[[int], Finding], terms: tuple[str, ...], sheet: Sheet
) -> list[Column]:
    glyphs, palette = sheet.glyphs, sheet.palette
    indent = "" if sheet.colour else " "  # for the mark of the selected row
    mark_cells = max(len(glyphs.check), len(glyphs.fail)) + 1
    needed = len(indent) + max(len(check.name) for check in CHECKS)
    wide = sheet.width >= needed + NUMBER_CELLS + mark_cells
    number_cells = NUMBER_CELLS if wide else NARROW_CELLS
    name_cells = max(MIN_NAME, sheet.width - number_cells - mark_cells)
    head = "statistic" if wide else "stat."

    def name(i: int) -> Span:
        forms = CHECKS[i].name, BRIEF[CHECKS[i].key].name
        text = indent + (first_fitting(forms, name_cells - len(indent)) or forms[-1])
        return Span(text[:name_cells].ljust(name_cells), palette.mid)

    return [
        Column("", name_cells, name),
        Column(head, number_cells - P_CELLS, lambda i: _statistic(finding(i), palette)),
        Column("p", P_CELLS, lambda i: _p_or_location(finding(i), terms, palette)),
        Column("", mark_cells, lambda i: _mark(finding(i), sheet)),
    ]


def _statistic(finding: Finding, palette: Palette) -> Span:
    if finding.value is None:
        return Span(NONE, palette.low)
    return Span(norm(finding.value), palette.hi)


def _p_or_location(finding: Finding, terms: tuple[str, ...], palette: Palette) -> Span:
    if finding.p is not None:
        return Span(probability(finding.p), palette.hi)
    names = terms if finding.location in terms else [finding.location]
    shown = cut_names(names, P_CELLS - 1)[names.index(finding.location)]
    return Span(shown, palette.low)


def _mark(finding: Finding, sheet: Sheet) -> Span:
    glyphs, palette = sheet.glyphs, sheet.palette
    if finding.is_good is None:
        return Span(glyphs.dot, palette.low)
    return Span(glyphs.mark(finding.is_good), palette.hi, not finding.is_good)


def _explanation_lines(
    check: Check, finding: Finding, rows: int, sheet: Sheet, of_ols: Finding | None = None
) -> list[Line]:
    """Why it cannot be computed, or the question it answers and what a good result is; beside that
    of a network, that of OLS, and that a network needs none of it: in the longest form that fits
    into so many rows."""
    if of_ols is None or finding.value is None:
        forms = _explanations(check, finding, sheet)
    else:
        forms = _network_explanations(check, finding, of_ols)
    for texts in forms:
        shown = [text.replace(HAT, "") for text in texts if text]
        lines = [line for text in shown for line in words(text, sheet.palette.mid, sheet.width)]
        if len(lines) <= rows and max(map(width_of, lines), default=0) <= sheet.width:
            return lines
    return []


def _explanations(check: Check, finding: Finding, sheet: Sheet) -> list[tuple[str, ...]]:
    """The forms of the explanation, each of one text or more, the longest first."""
    about, brief, note = ABOUT[check.key], BRIEF[check.key], finding.note
    question = about.tests.split("?")[0] + "?" if "?" in about.tests else brief.question
    forms: list[tuple[str, ...]] = [
        (note, about.tests, about.good),
        (note, question, about.good),
        (note, brief.question, about.good),
    ]
    why = f"{sheet.keys['explain']} says why"
    if finding.value is None:
        return [*forms, (note, brief.question), (note,), (brief.question, why), (why,)]
    return [*forms, (brief.question, brief.good), (brief.question,)]


def _network_explanations(check: Check, finding: Finding, of_ols: Finding) -> list[tuple[str, ...]]:
    """The same of a network's residuals, beside what OLS has."""
    question, none = BRIEF[check.key].question, NOT_NEEDED[check.key]
    value = "" if of_ols.value is None else f"OLS {norm(of_ols.value).strip()}"
    ols = value if not value or of_ols.p is None else f"{value}, p {probability(of_ols.p)}"
    return [
        (question, f"({ols})" if ols else "", none.text, finding.note),
        (question, f"({ols})" if ols else "", none.text),
        (f"{ols}. {none.text}" if ols else none.text,),
        (none.text,),
        (f"{none.brief}; {ols}" if ols else none.brief,),
        (f"{none.brief}; {value}" if ols else none.brief,),
        (none.brief,),
    ]


def no_fit(frame: Frame, sheet: Sheet) -> Table:
    """A text: why there is no fit to test."""
    return Table.of_words("Assumptions", frame.linear.note if frame.linear else "", sheet)


class AssumptionsPane(ChoicePane):
    """Each test with its result; below, an explanation of the selected one."""

    HELP = """
Assumptions: what least squares assumes, each tested on the OLS residuals. That the
spread is constant (Breusch–Pagan, White), that examples do not depend on their neighbours
(Durbin–Watson), that residuals are normal (Jarque–Bera), that nothing curved was missed (RESET),
that no example decides alone (Cook, # is its number) and that columns can be told apart (VIF).
✓ no sign against it: p above 0.05. ✗ a sign against it, no proof; · neither. Where all is well,
each test says ✗ by chance once in twenty samples; with so many tests, one ✗ is common.
Durbin–Watson, Breusch–Godfrey and Ljung–Box depend on the order of the rows; they are made of
files (in the order of the file) and published series, not of data in no order, and not where
test examples are left out between the training examples.
max Cook is fine up to ½, max VIF up to 10, a studentised residual up to 3, a leverage up to
twice the mean (if that is below 1), the largest condition index up to 30.
{residuals} shows the tests of the network's residuals, and – where one needs the hat matrix or
the fit of least squares. A network assumes none of this: it has no standard errors to be wrong.
{coverage} shows what a broken assumption does: 4 000 samples of y are drawn from the line that OLS
has found, with errors of each kind, and fitted anew on the same inputs (degree 1). Coverage is the
share of the 95 % intervals of a slope that hold the true one, for the slope that by theory suffers
most: ✓ as promised, ✗ more than 4 standard errors of that share away from 95 %. net/OLS is how far
from the true line the network ends on 20 of the samples, in mean square, as a multiple of OLS.
{up} {down} select a test; below it says what the test asks, and what a good result is.
"""

    faces = (coverage_table, assumption_table, no_fit)

    def explainable(self, frame: Frame) -> Explainable:
        """The statistic of the selected test, or the coverage of the selected kind of errors."""
        facts = frame.linear
        if facts is None or facts.diagnosis is None:
            raise EngineError(facts.note if facts else NO_FIT)
        rows, of_network, found = frame.data.train, facts.of_network, facts.coverage
        if found is not None and found.note:
            raise EngineError(found.note)
        if found is not None:
            make, chosen = (
                partial(explained_coverage, found),
                min(self._chosen, len(found.cases) - 1),
            )
            return ListedNumber(make, len(found.cases), chosen, "repeated sampling")

        def explained(i: int) -> Explanation:
            finding = finding_of(CHECKS[i], facts, rows, of_network)
            return _explained(CHECKS[i], finding, len(rows), of_network)

        whose = "the network's residuals" if of_network else "the OLS fit"
        return ListedNumber(explained, len(CHECKS), self._chosen, whose)


def _explained(check: Check, finding: Finding, n: int, of_network: bool) -> Explanation:
    """What a diagnostic asks, and what good looks like; EngineError where it cannot be had."""
    from engine.explain.models.scalars import explain_in_words, explain_lm_test

    if finding.value is None:
        raise EngineError(f"{check.name}: {finding.note}")
    about = ABOUT[check.key]
    p = "" if finding.p is None else f" p = {probability(finding.p)}."
    location = f" Here at {finding.location}." if finding.location else ""
    asks = about.tests + ("" if about.tests.endswith("?") else ".")
    none = f" {NOT_NEEDED[check.key].text}" if of_network else ""
    meaning = f"{asks} Good: {about.good}.{p}{location}{none}"
    if check.key in LM_TESTS:
        return explain_lm_test(Name(check.name), finding.value, n, f"{AUXILIARY} {meaning}")
    return explain_in_words(Name(check.name), finding.value, meaning)
