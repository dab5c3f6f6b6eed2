"""The assumptions pane: what least squares assumes, each with its test, and how to read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

import numpy as np

from engine import Diagnosis, EngineError
from engine.arrays import Array
from engine.arrays import Ints as Rows
from engine.diagnostics import ABOUT
from engine.notation import Name
from tui.drawing.excerpt import excerpt
from tui.drawing.grid import cut, cut_names
from tui.drawing.numbers import NONE, norm
from tui.drawing.table import Column, Sheet, Table, head_of, row_of
from tui.drawing.text_lines import Line, Span
from tui.explain.explainable import Asked, Listed
from tui.explain.models import NO_FIT
from tui.model.frame import Frame
from tui.panes.base.selectable_table import ChoicePane, FootedTable
from tui.panes.linear.coefficients import probability

if TYPE_CHECKING:
    from engine.explain import Explanation

SMALL_P = 0.05
P_CELLS = 8
NUMBERS = 18  # cells of all columns but the names
FEWEST_ROWS = 5  # of the table, that the explanation below leaves it
HAT = "\u0302"  # of σ̂: it has no cell of its own


@dataclass(frozen=True)
class Finding:
    """What a diagnostic found: its ``value`` (None: it cannot be had, and ``note`` says why),
    ``p`` or else ``where`` it was found, and whether it speaks for the assumption (None: neither
    for it nor against it)."""

    value: float | None
    p: float | None = None
    well: bool | None = None
    where: str = ""
    note: str = ""


@dataclass(frozen=True)
class Check:
    """A row: its name, the key of what ``engine.diagnostics.ABOUT`` says of it, and how it is
    found of a fit whose examples are these rows of the data."""

    name: str
    key: str
    find: Callable[[Diagnosis, Rows], Finding]


def assumption_table(frame: Frame, sheet: Sheet) -> Table | None:
    """The table, of which only rows in sight are computed; None where there is no fit."""
    facts, glyphs, palette = frame.linear, sheet.glyphs, sheet.palette
    if facts is None or facts.diagnosis is None:
        return None
    diagnosis, rows = facts.diagnosis, frame.data.train
    columns_of_fit = diagnosis.fit.names
    indent = "" if sheet.colour else " "  # for the mark of the selected row
    mark_cells = max(len(glyphs.check), len(glyphs.fail)) + 1

    @cache
    def found(i: int) -> Finding:
        return CHECKS[i].find(diagnosis, rows)

    def name(i: int) -> Span:
        return Span(cut(indent + CHECKS[i].name, names).ljust(names), palette.mid)

    def statistic(i: int) -> Span:
        value = found(i).value
        return Span(NONE, palette.low) if value is None else Span(norm(value), palette.hi)

    def p_value(i: int) -> Span:
        p, where = found(i).p, found(i).where
        if where in columns_of_fit:
            where = cut_names(columns_of_fit, P_CELLS - 1)[columns_of_fit.index(where)]
        return Span(where, palette.low) if p is None else Span(probability(p), palette.hi)

    def mark(i: int) -> Span:
        well = found(i).well
        if well is None:
            return Span(glyphs.dot, palette.low)
        return Span(glyphs.check if well else glyphs.fail, palette.hi, not well)

    names = max(8, sheet.width - NUMBERS - mark_cells)
    columns = [
        Column("", names, name),
        Column("statistic", NUMBERS - P_CELLS, statistic),
        Column("p", P_CELLS, p_value),
        Column("", mark_cells, mark),
    ]
    foot_room = max(0, min(sheet.height // 3, sheet.height - 1 - FEWEST_ROWS))

    def explained(i: int) -> list[Line]:
        """Why it cannot be had, or what it asks and what good looks like."""
        about = ABOUT[CHECKS[i].key]
        texts = [text for text in (found(i).note, about.tests, about.good) if text]
        texts = [text.replace(HAT, "") for text in texts]
        return excerpt(texts, palette.mid, sheet.width, foot_room)

    return FootedTable(
        title="Assumptions",
        subtitle="of the OLS fit",
        head=head_of(columns, palette),
        count=len(CHECKS),
        row=lambda i: row_of(columns, i),
        foot_room=foot_room,
        below=explained,
    )


def no_fit(frame: Frame, sheet: Sheet) -> Table:
    """Where nothing was fitted there is nothing to test."""
    return Table.of_words("Assumptions", frame.linear.note if frame.linear else "", sheet)


# how each is found


def _test(key: str, diagnosis: Diagnosis, rows: Rows) -> Finding:
    test = diagnosis.test(key)
    if test is None:
        return Finding(None, note=diagnosis.note(key))
    p = test.p_value
    return Finding(test.statistic, p, None if np.isnan(p) else p > SMALL_P, note=test.note)


def _largest(values: Array, most: float, where: Callable[[int], str]) -> Finding:
    """The largest of some values, fine up to ``most``; NaN are left out."""
    if not len(values) or np.isnan(values).all():
        return Finding(None, note="there is none of this fit")
    at = int(np.nanargmax(values))
    return Finding(float(values[at]), None, bool(values[at] <= most), where(at))


def _of_examples(
    values: Callable[[Diagnosis], Array], most: float, diagnosis: Diagnosis, rows: Rows
) -> Finding:
    with np.errstate(all="ignore"):
        return _largest(np.abs(values(diagnosis)), most, lambda i: f"#{rows[i] + 1}")


def _leverage(diagnosis: Diagnosis, rows: Rows) -> Finding:
    twice_mean = 2.0 * diagnosis.fit.rank / len(diagnosis.leverage)
    return _of_examples(lambda d: d.leverage, twice_mean, diagnosis, rows)


def _vif(diagnosis: Diagnosis, rows: Rows) -> Finding:
    names = diagnosis.fit.names[diagnosis.fit.intercept :]
    return _largest(diagnosis.vif, 10.0, lambda j: names[j])


def _condition(diagnosis: Diagnosis, rows: Rows) -> Finding:
    return _largest(diagnosis.condition_indices, 30.0, lambda j: "")


CHECKS = (
    Check("Breusch–Pagan", "breusch_pagan", partial(_test, "breusch_pagan")),
    Check("White", "white", partial(_test, "white")),
    Check("Durbin–Watson", "durbin_watson", partial(_test, "durbin_watson")),
    Check("Jarque–Bera", "jarque_bera", partial(_test, "jarque_bera")),
    Check("RESET", "reset", partial(_test, "reset")),
    Check("max Cook", "cooks_distance", partial(_of_examples, lambda d: d.cooks_distance, 0.5)),
    Check("max VIF", "vif", _vif),
    Check("max |stud.|", "studentised", partial(_of_examples, lambda d: d.studentised_external, 3)),
    Check("max leverage", "leverage", _leverage),
    Check("condition", "condition_indices", _condition),
    Check("BP classic", "breusch_pagan_classic", partial(_test, "breusch_pagan_classic")),
    Check("ncv score", "ncv", partial(_test, "ncv")),
    Check("White special", "white_special", partial(_test, "white_special")),
    Check("Breusch–Godfrey", "breusch_godfrey", partial(_test, "breusch_godfrey")),
    Check("Ljung–Box", "ljung_box", partial(_test, "ljung_box")),
    Check("omnibus", "omnibus", partial(_test, "omnibus")),
    Check("Shapiro–Wilk", "shapiro", partial(_test, "shapiro")),
)


class AssumptionsPane(ChoicePane):
    """Each assumption's test with its verdict; the selected one is explained."""

    HELP = """
Assumptions: what least squares takes for granted, each tested on the OLS residuals. That the
spread is constant (Breusch–Pagan, White), that examples do not depend on their neighbours
(Durbin–Watson), that residuals are normal (Jarque–Bera), that nothing curved was missed (RESET),
that no example decides alone (Cook, # is its number) and that columns can be told apart (VIF).
✓ no sign against it: p above 0.05. ✗ a sign against it, no proof; · neither. Where all is well,
each test still says ✗ once in twenty samples, and one or another of so many more often.
Durbin–Watson, Breusch–Godfrey and Ljung–Box depend on the order of the rows; they are made of
files (in the order of the file) and published series, not of data in no order.
max Cook is fine up to ½, max VIF up to 10, a studentised residual up to 3, a leverage up to
twice the mean, the largest condition index up to 30.
{up} {down} select a test; below stands what it asks, and what good looks like.
"""

    faces = (assumption_table, no_fit)

    def asked(self, frame: Frame) -> Asked:
        """The statistic of the selected test."""
        facts = frame.linear
        if facts is None or facts.diagnosis is None:
            raise EngineError(facts.note if facts else NO_FIT)
        diagnosis, rows = facts.diagnosis, frame.data.train

        def explained(i: int) -> Explanation:
            return _explained(CHECKS[i], CHECKS[i].find(diagnosis, rows))

        return Listed(explained, len(CHECKS), self._chosen, "the OLS fit")


def _explained(check: Check, finding: Finding) -> Explanation:
    """What a diagnostic asks, and what good looks like; EngineError where it cannot be had."""
    from engine.explain.models.scalars import explain_in_words

    if finding.value is None:
        raise EngineError(f"{check.name}: {finding.note}")
    about = ABOUT[check.key]
    p = "" if finding.p is None else f" p = {probability(finding.p)}."
    where = f" Here at {finding.where}." if finding.where else ""
    asks = about.tests + ("" if about.tests.endswith("?") else ".")
    return explain_in_words(
        Name(check.name), finding.value, f"{asks} Good: {about.good}.{p}{where}"
    )
