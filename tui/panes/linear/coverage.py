"""The other table of the assumptions pane: what OLS's intervals hold where an assumption is broken,
by repeated sampling."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite, isnan
from typing import TYPE_CHECKING

from engine import SAMPLING_CASES, EngineError
from engine.notation import Name
from engine.wording import count, plural
from tui.drawing.cells import first_fitting
from tui.drawing.numbers import NONE, norm, percent
from tui.drawing.table import Column, Sheet, Table, fitting, head_of, row_of
from tui.drawing.text_lines import Line, Span, width_of, words
from tui.model.frame import Frame
from tui.model.linear.coverage import CaseCoverage, CoverageFacts
from tui.panes.base.selectable_table import FootedTable

if TYPE_CHECKING:
    from engine.explain import Explanation

MIN_ROWS = 4  # of the table above the explanation
SHARE_CELLS, RATIO_CELLS, MIN_NAME = 9, 8, 10
BRIEF = {
    "collinear": "collinear",
    "normal": "normal",
    "heteroskedastic": "heterosk.",
    "autocorrelated": "autocorr.",
    "heavy-tails": "heavy",
    "laplace": "laplace",
}
"""Short names of the kinds of errors."""


def coverage_table(frame: Frame, sheet: Sheet) -> Table | None:
    """A row for each kind of errors; None while the tests are shown, or without a fit."""
    facts = frame.linear
    if facts is None or facts.fit is None or facts.coverage is None:
        return None
    found = facts.coverage
    if found.note:
        return Table.of_words("Coverage", found.note, sheet)
    columns = _columns(found, sheet)
    foot_room = max(0, min(sheet.height // 2, sheet.height - 1 - MIN_ROWS))
    return FootedTable(
        title="Coverage",
        subtitle=_subtitle(found, sheet),
        head=head_of(columns, sheet.palette),
        count=len(found.cases),
        row=lambda i: row_of(columns, i),
        foot_room=foot_room,
        below=lambda i: _below(found, found.cases[i], foot_room, sheet),
    )


def _subtitle(found: CoverageFacts, sheet: Sheet) -> str:
    if found.progress is not None:
        return f"{percent(found.progress, 0)} · {sheet.keys['cancel']} stops"
    return f"{count(found.total)} samples each"


def _columns(found: CoverageFacts, sheet: Sheet) -> list[Column]:
    glyphs, palette = sheet.glyphs, sheet.palette
    indent = "" if sheet.colour else " "  # for the mark of the selected row
    mark_cells = max(len(glyphs.check), len(glyphs.fail)) + 1
    rest = sheet.width - SHARE_CELLS - mark_cells
    has_ratio = rest - RATIO_CELLS >= MIN_NAME
    name_cells = rest - RATIO_CELLS if has_ratio else rest

    def name(i: int) -> Span:
        case = found.cases[i]
        forms = case.case, BRIEF[case.case]
        text = indent + (first_fitting(forms, name_cells - len(indent)) or forms[-1])
        return Span(text[:name_cells].ljust(name_cells), palette.mid)

    def share(i: int) -> Span:
        value = found.cases[i].share
        return Span(NONE, palette.low) if isnan(value) else Span(percent(value), palette.hi)

    def mark(i: int) -> Span:
        holds = found.cases[i].holds
        if holds is None:
            return Span(glyphs.dot, palette.low)
        return Span(glyphs.mark(holds), palette.hi, not holds)

    def ratio(i: int) -> Span:
        value = found.cases[i].network_ratio
        return Span(NONE, palette.low) if isnan(value) else Span(_times(value), palette.hi)

    columns = [
        Column("", name_cells, name),
        Column("coverage", SHARE_CELLS, share),
        Column("", mark_cells, mark),
        Column("net/OLS", RATIO_CELLS, ratio),
    ]
    return fitting(columns if has_ratio else columns[:-1], sheet.width)


def _times(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio < 1000.0 else norm(ratio).strip()


def _below(found: CoverageFacts, case: CaseCoverage, rows: int, sheet: Sheet) -> list[Line]:
    """What the row says, in the longest form that fits into so many rows."""
    for texts in _explanations(found, case, sheet):
        lines = [line for text in texts for line in words(text, sheet.palette.mid, sheet.width)]
        if len(lines) <= rows and max(map(width_of, lines), default=0) <= sheet.width:
            return lines
    return []


def _explanations(found: CoverageFacts, case: CaseCoverage, sheet: Sheet) -> list[tuple[str, ...]]:
    """The forms of the explanation, each of one text or more, the longest first."""
    kind = SAMPLING_CASES[case.case] + "."
    if case.note:
        return [(kind, case.note), (case.note,), ("not possible here",)]
    if case.ols is None:
        return [(kind, "not yet drawn"), ("not yet drawn",)]
    network = _of_network(found, case)
    whole, half = held(case, sheet.glyphs.mark), held(case, sheet.glyphs.mark, brief=True)
    errors = _of_errors(case)
    return [
        (kind, f"{whole} {errors}", network),
        (f"{whole} {errors}", network),
        (whole, errors),
        (half, errors),
        (half,),
        (percent(case.share),),
    ]


def held(case: CaseCoverage, mark: Callable[[bool], str], brief: bool = False) -> str:
    """What share of the intervals holds the truth, and whether that is as many as they promise."""
    assert case.ols is not None
    drawn = count(case.ols.repetitions)
    share = f"{100.0 * case.share:.1f} ± {100.0 * case.error:.1f} %"
    sign = "" if case.holds is None else f" {mark(case.holds)}"
    if brief:
        return f"{case.name}: {share} of {drawn}{sign}"
    return f"95 % intervals of {case.name} hold the true slope in {share} of {drawn} samples{sign}."


def _of_errors(case: CaseCoverage) -> str:
    """Why: how the estimated standard error compares with the true one."""
    ratio = case.error_ratio
    if isfinite(case.widening) and case.widening >= 1.005:
        return f"The s.e. is right, but that of uncorrelated inputs × {case.widening:.2f}."
    if abs(ratio - 1.0) < 0.005:
        return "The s.e. is right."
    size = "small" if ratio > 1.0 else "large"
    return f"The s.e. is too {size}: the true sd is s.e. × {ratio:.2f}."


def _of_network(found: CoverageFacts, case: CaseCoverage) -> str:
    """How far the network ends from the true line, beside OLS."""
    result = case.network
    if case.network_note:
        return f"No network: {case.network_note}."
    if result is None:
        return "The network has not been trained yet."
    trained = f"{plural(result.repetitions, 'training')} of {plural(found.steps, 'step')}"
    if isnan(case.network_ratio):
        return f"Of {trained} all diverged."
    lost = f", {result.diverged} diverged" if result.diverged else ""
    return (
        f"A network has no such interval: its mean squared distance from the true line is "
        f"that of OLS × {_times(case.network_ratio)} ({trained}{lost})."
    )


def explained_coverage(found: CoverageFacts, at: int) -> Explanation:
    """How the share of a row is counted; EngineError where there is none."""
    from engine.explain.models.scalars import explain_in_words

    case = found.cases[at]
    if case.ols is None:
        raise EngineError(case.note or f"{case.case}: no samples have been drawn yet")
    expected = float(case.ols.expected_coverage[case.term])
    meaning = (
        f"Errors: {SAMPLING_CASES[case.case]}. {count(case.ols.repetitions)} samples of y from one "
        f"true line are fitted on the same inputs; so often b ± {case.ols.critical:.3f} s.e. held "
        f"the true slope of {case.name}. From the exact variance of b {percent(expected)} follow; "
        f"for normal errors of equal variance it is the level, 95 %. {_of_errors(case)} "
        f"{_of_network(found, case)}"
    )
    return explain_in_words(Name("coverage"), case.share, meaning)
