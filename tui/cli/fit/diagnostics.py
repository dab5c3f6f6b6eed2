"""The diagnostics of a least-squares fit as text: each test's statistic, p-value and question."""

from collections.abc import Sequence

import numpy as np

from engine import Diagnosis, OlsFit, diagnose
from engine.arrays import Array
from engine.data.source import File, source
from engine.diagnostics import ABOUT, ORDER_TESTS, TESTS, About, DiagnosticTest
from engine.diagnostics.descriptions import LARGE_P
from tui.cli.fit.data import FitData
from tui.cli.fit.formatting import WIDTH, columns, figure, left, p_value, shortened, wrap
from tui.system.output import one_line

GROUPS = {
    "Does the spread change?": (
        "breusch_pagan",
        "breusch_pagan_classic",
        "ncv",
        "white",
        "white_special",
    ),
    "Does the order of the rows matter?": ORDER_TESTS,
    "Are the residuals normal?": ("jarque_bera", "omnibus", "shapiro"),
    "Was a curve missed?": ("reset",),
}
MAX_EXAMPLES = 3  # of the most influential


def diagnostic_lines(data: FitData, fit: OlsFit) -> list[str]:
    """Tests of the assumptions, collinearity, and the most influential examples."""
    diagnosis = diagnose(fit, rows_have_order=data.rows_have_order)
    lines = ["", f"Diagnostics (where all is well: {LARGE_P})"]
    reasons = {diagnosis.note(key) for key in TESTS}
    if len(reasons) == 1 and diagnosis.test("reset") is None:
        lines += _wrapped(f"No test of the residuals: {reasons.pop()}.", 2)
    else:
        for title, keys in GROUPS.items():
            if keys == ORDER_TESTS and isinstance(source(data.name), File):
                title += " (as they are in the file)"
            lines += ["", title, *_group_lines(diagnosis, keys)]
    lines += ["", "Can the columns be told apart?", *_collinearity(diagnosis)]
    return [*lines, *_influence(data, diagnosis)]


def _group_lines(diagnosis: Diagnosis, keys: Sequence[str]) -> list[str]:
    """The lines of each test; one line where none can be made for the same reason."""
    reasons = {diagnosis.note(key) for key in keys}
    if len(keys) > 1 and len(reasons) == 1 and all(diagnosis.test(key) is None for key in keys):
        return _wrapped(f"No test: {reasons.pop()}.", 2)
    return [line for key in keys for line in _test_lines(diagnosis, key)]


def _test_lines(diagnosis: Diagnosis, key: str) -> list[str]:
    about, test, note = ABOUT[key], diagnosis.test(key), diagnosis.note(key)
    if test is None:
        return [*_wrapped(f"{about.name}: not made, {note}", 2), *_wrapped(about.tests, 4)]
    statistic = f"{_symbol(key, test)} = {figure(test.statistic, 5)}"
    lines = [f"  {about.name:<34}{statistic:<24}p = {p_value(test.p_value)}".rstrip()]
    lines += _wrapped(about.tests, 4)
    if not about.good.startswith(LARGE_P):
        lines += _wrapped(f"good: {about.good}", 4)
    if note:
        lines += _wrapped(f"note: {note}", 4)
    return lines


def _symbol(key: str, test: DiagnosticTest) -> str:
    if not test.freedom:
        return {"durbin_watson": "d", "shapiro": "W"}.get(key, "z")
    return f"{'χ²' if len(test.freedom) == 1 else 'F'}({', '.join(map(str, test.freedom))})"


def _collinearity(diagnosis: Diagnosis) -> list[str]:
    names = diagnosis.fit.names[diagnosis.fit.intercept :]
    pairs = zip(names, diagnosis.vif, strict=True)
    lines = []
    if len(names) > 1:
        lines = _measure_lines(
            ABOUT["vif"], ", ".join(f"{name} {figure(value, 4)}" for name, value in pairs)
        )
    indices = ", ".join(figure(value, 4) for value in diagnosis.condition_indices)
    return [*lines, *_measure_lines(ABOUT["condition_indices"], indices)]


def _measure_lines(about: About, values: str) -> list[str]:
    return [
        *_wrapped(f"{about.name}: {values}", 2),
        *_wrapped(about.tests, 4),
        *_wrapped(f"good: {about.good}", 4),
    ]


def _influence(data: FitData, diagnosis: Diagnosis) -> list[str]:
    """The examples of largest Cook's distance. It is NaN, and counts as largest, at leverage 1."""
    cook: Array = diagnosis.cooks_distance
    order = np.argsort(-np.where(np.isnan(cook), np.inf, cook), kind="stable")[:MAX_EXAMPLES]
    lines = ["", "Which examples decide most?"]
    lines.append(" " * 28 + columns(("leverage", "studentised", "Cook's distance"), (10, 14, 18)))
    for i in order:
        name = f"example {i + 1}"
        if data.row_names is not None:
            name += f", {one_line(data.row_names[i])}"
        cells = (
            figure(diagnosis.leverage[i], 4),
            figure(diagnosis.studentised_external[i], 4),
            figure(cook[i], 4),
        )
        lines.append(f"  {left(shortened(name, 26), 26)}" + columns(cells, (10, 14, 18)))
    for key in ("leverage", "studentised", "cooks_distance"):
        lines += _wrapped(f"{ABOUT[key].name}: good is {ABOUT[key].good}", 4)
    return lines


def _wrapped(text: str, indent: int) -> list[str]:
    return wrap(text, WIDTH, initial_indent=" " * indent, subsequent_indent=" " * max(indent, 4))
