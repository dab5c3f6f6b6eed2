"""The assumptions pane of screen Linear: tests of what least squares assumes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import TYPE_CHECKING

import numpy as np

from engine import Diagnosis, EngineError
from engine.arrays import Array
from engine.arrays import Ints as Rows
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
from tui.panes.linear.check_texts import BRIEF

if TYPE_CHECKING:
    from engine.explain import Explanation

SMALL_P = 0.05
P_CELLS = 8
NUMBER_CELLS = 18  # of the columns statistic and p
NARROW_CELLS = 15  # of them where there is little room
MIN_NAME = 8  # cells
MIN_ROWS = 5  # of the table above the explanation
APART = "the training examples are only a part of the rows: neighbours in the data are missing"
AT_LEAST_1 = 1.0 - 1e-9  # a leverage that is 1 but for rounding
LM_TESTS = ("breusch_pagan", "white", "white_special")  # their statistic is n·R²
AUXILIARY = "n examples times the R² of a regression of the squared residuals."
HAT = "\u0302"  # of σ̂: a combining character, without a cell of its own


@dataclass(frozen=True)
class Finding:
    """The result of a diagnostic."""

    value: float | None  # None if it cannot be computed: see ``note``
    p: float | None = None
    is_good: bool | None = None  # None if it is neither for nor against the assumption
    location: str = ""  # an example or column, if there is no p
    note: str = ""


@dataclass(frozen=True)
class Check:
    """A row of the table."""

    name: str
    key: str  # of ``engine.diagnostics.ABOUT``
    find: Callable[[Diagnosis, Rows], Finding]  # of a fit to these rows of the data


def assumption_table(frame: Frame, sheet: Sheet) -> Table | None:
    """The table; a diagnostic is computed when its row is drawn. None if there is no fit."""
    facts = frame.linear
    if facts is None or facts.diagnosis is None:
        return None
    diagnosis, rows = facts.diagnosis, frame.data.train

    @cache
    def finding(i: int) -> Finding:
        return CHECKS[i].find(diagnosis, rows)

    columns = _columns(finding, diagnosis.fit.names, sheet)
    foot_room = max(0, min(sheet.height // 3, sheet.height - 1 - MIN_ROWS))
    return FootedTable(
        title="Assumptions",
        subtitle="of the OLS fit",
        head=head_of(columns, sheet.palette),
        count=len(CHECKS),
        row=lambda i: row_of(columns, i),
        foot_room=foot_room,
        below=lambda i: _explanation_lines(CHECKS[i], finding(i), foot_room, sheet),
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


def _explanation_lines(check: Check, finding: Finding, rows: int, sheet: Sheet) -> list[Line]:
    """Why it cannot be computed, or the question it answers and what a good result is: in the
    longest form that fits into so many rows."""
    for texts in _explanations(check, finding, sheet):
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


def no_fit(frame: Frame, sheet: Sheet) -> Table:
    """A text: why there is no fit to test."""
    return Table.of_words("Assumptions", frame.linear.note if frame.linear else "", sheet)


# the diagnostics


def _test(key: str, diagnosis: Diagnosis, rows: Rows) -> Finding:
    test = diagnosis.test(key)
    if test is None:
        return Finding(None, note=diagnosis.note(key))
    p = test.p_value
    return Finding(test.statistic, p, None if np.isnan(p) else p > SMALL_P, note=test.note)


def _order_test(key: str, diagnosis: Diagnosis, rows: Rows) -> Finding:
    """A test of neighbouring residuals; none of rows whose neighbours are missing."""
    if diagnosis.test(key) is not None and (np.diff(rows) != 1).any():
        return Finding(None, note=APART)
    return _test(key, diagnosis, rows)


def _largest(values: Array, limit: float, location: Callable[[int], str]) -> Finding:
    """The largest value, which is good up to ``limit`` if no value is NaN: one that cannot be
    computed, as where the fit goes through an example, is not known to be small."""
    if not len(values) or np.isnan(values).all():
        return Finding(None, note="there is none of this fit")
    at, unknown = int(np.nanargmax(values)), int(np.isnan(values).sum())
    is_good = bool(values[at] <= limit)
    note = f"{unknown} of {len(values)} cannot be computed" if unknown else ""
    return Finding(
        float(values[at]), None, None if is_good and unknown else is_good, location(at), note
    )


def _largest_of_examples(
    values: Callable[[Diagnosis], Array], limit: float, diagnosis: Diagnosis, rows: Rows
) -> Finding:
    with np.errstate(all="ignore"):
        return _largest(np.abs(values(diagnosis)), limit, lambda i: f"#{rows[i] + 1}")


def _leverage(diagnosis: Diagnosis, rows: Rows) -> Finding:
    fit = diagnosis.fit
    if fit.freedom <= 0:
        return Finding(None, note=diagnosis.note("breusch_pagan"))
    twice_mean = 2.0 * fit.rank / len(diagnosis.leverage)
    finding = _largest_of_examples(lambda d: d.leverage, twice_mean, diagnosis, rows)
    if twice_mean < 1.0 or finding.value is None:
        return finding
    if finding.value >= AT_LEAST_1:
        return replace(finding, is_good=False)
    mean = f"twice the mean is {norm(twice_mean).strip()}: no leverage is above 1"
    return replace(finding, is_good=None, note=mean)


def _vif(diagnosis: Diagnosis, rows: Rows) -> Finding:
    names = diagnosis.fit.names[diagnosis.fit.intercept :]
    return _largest(diagnosis.vif, 10.0, lambda j: names[j])


def _condition(diagnosis: Diagnosis, rows: Rows) -> Finding:
    return _largest(diagnosis.condition_indices, 30.0, lambda j: "")


CHECKS = (
    Check("Breusch–Pagan", "breusch_pagan", partial(_test, "breusch_pagan")),
    Check("White", "white", partial(_test, "white")),
    Check("Durbin–Watson", "durbin_watson", partial(_order_test, "durbin_watson")),
    Check("Jarque–Bera", "jarque_bera", partial(_test, "jarque_bera")),
    Check("RESET", "reset", partial(_test, "reset")),
    Check(
        "max Cook", "cooks_distance", partial(_largest_of_examples, lambda d: d.cooks_distance, 0.5)
    ),
    Check("max VIF", "vif", _vif),
    Check(
        "max |stud.|",
        "studentised",
        partial(_largest_of_examples, lambda d: d.studentised_external, 3),
    ),
    Check("max leverage", "leverage", _leverage),
    Check("condition", "condition_indices", _condition),
    Check("BP classic", "breusch_pagan_classic", partial(_test, "breusch_pagan_classic")),
    Check("ncv score", "ncv", partial(_test, "ncv")),
    Check("White special", "white_special", partial(_test, "white_special")),
    Check("Breusch–Godfrey", "breusch_godfrey", partial(_order_test, "breusch_godfrey")),
    Check("Ljung–Box", "ljung_box", partial(_order_test, "ljung_box")),
    Check("omnibus", "omnibus", partial(_test, "omnibus")),
    Check("Shapiro–Wilk", "shapiro", partial(_test, "shapiro")),
)


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
{up} {down} select a test; below it says what the test asks, and what a good result is.
"""

    faces = (assumption_table, no_fit)

    def explainable(self, frame: Frame) -> Explainable:
        """The statistic of the selected test."""
        facts = frame.linear
        if facts is None or facts.diagnosis is None:
            raise EngineError(facts.note if facts else NO_FIT)
        diagnosis, rows = facts.diagnosis, frame.data.train

        def explained(i: int) -> Explanation:
            return _explained(CHECKS[i], CHECKS[i].find(diagnosis, rows), len(rows))

        return ListedNumber(explained, len(CHECKS), self._chosen, "the OLS fit")


def _explained(check: Check, finding: Finding, n: int) -> Explanation:
    """What a diagnostic asks, and what good looks like; EngineError where it cannot be had."""
    from engine.explain.models.scalars import explain_in_words, explain_lm_test

    if finding.value is None:
        raise EngineError(f"{check.name}: {finding.note}")
    about = ABOUT[check.key]
    p = "" if finding.p is None else f" p = {probability(finding.p)}."
    location = f" Here at {finding.location}." if finding.location else ""
    asks = about.tests + ("" if about.tests.endswith("?") else ".")
    meaning = f"{asks} Good: {about.good}.{p}{location}"
    if check.key in LM_TESTS:
        return explain_lm_test(Name(check.name), finding.value, n, f"{AUXILIARY} {meaning}")
    return explain_in_words(Name(check.name), finding.value, meaning)
