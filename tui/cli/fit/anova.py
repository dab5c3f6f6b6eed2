"""The terms of a model tested one by one, as text and for JSON."""

from __future__ import annotations

from typing import Any

import engine
from engine import OlsFit
from engine.comparison.table import AnovaTable
from engine.glm.fit import GlmFit
from tui.cli.fit.data import FitData
from tui.cli.fit.formatting import cell_count, columns, figure, left, p_value, wrap
from tui.system.output import one_line

TERM = 24  # cells of a term's name
WIDTHS = (6, 15, 12, 10)


def anova_of(data: FitData, fit: OlsFit | GlmFit) -> AnovaTable | None:
    """The type II table of the terms; None where no terms were asked for."""
    return engine.anova(fit, data.terms) if data.terms else None


def anova_lines(data: FitData, fit: OlsFit | GlmFit) -> list[str]:
    """Each term, given all others that do not contain it."""
    table = anova_of(data, fit)
    if table is None:
        return []
    amount = "sum of squares" if isinstance(fit, OlsFit) else "deviance"
    heads = ("df", amount, "F" if table.test == "F" else "χ²", "p")
    lines = ["", "Terms, each given all that do not contain it (type II)"]
    lines.append(" " * (TERM + 2) + columns(heads, WIDTHS))
    for row in (*table.rows, table.residual):
        name = one_line(row.term)
        cells = (
            str(row.freedom),
            figure(row.sum_of_squares, 5, 12),
            "" if row is table.residual else figure(row.statistic, 5, 11),
            "" if row is table.residual else p_value(row.p_value),
        )
        if cell_count(name) > TERM:
            lines.append(f"  {name}")
            name = ""
        lines.append(f"  {left(name, TERM)}{columns(cells, WIDTHS)}".rstrip())
    notes = dict.fromkeys(row.note for row in table.rows if row.note)
    return [*lines, *(line for note in notes for line in wrap(f"No test: {note}.", 80))]


def anova_values(data: FitData, fit: OlsFit | GlmFit) -> dict[str, Any] | None:
    """The same by the engine's names."""
    table = anova_of(data, fit)
    if table is None:
        return None
    names = ("term", "freedom", "sum_of_squares", "statistic", "p_value", "note")
    rows = [{name: getattr(row, name) for name in names} for row in table.rows]
    residual = {name: getattr(table.residual, name) for name in names[:3]}
    return {"test": table.test, "type": 2, "rows": rows, "residual": residual}
