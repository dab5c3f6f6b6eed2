"""A fit as tables for other programs: its coefficients in Markdown, its residuals as CSV."""

from __future__ import annotations

import csv
from io import StringIO
from math import isfinite, isnan
from pathlib import Path

from engine import DataError, OlsFit, diagnose
from engine.arrays import Array
from engine.atomic_files import write_whole
from engine.glm.fit import GlmFit
from tui.cli.fit.coefficients import Coefficients
from tui.cli.fit.data import FitData, floats
from tui.cli.fit.formatting import figure, p_value
from tui.system.output import one_line
from tui.system.paths import typed_path


def markdown(table: Coefficients) -> str:
    """The coefficients as a Markdown table."""
    heads = ("", *table.heads)
    rows = [heads, ("---", *["---:"] * (len(heads) - 1))]
    numbers = zip(table.estimates, table.errors, table.statistics, strict=True)
    for name, three, p, interval in zip(
        table.names, numbers, table.p_values, table.intervals, strict=True
    ):
        cells = [*(figure(value) for value in three), p_value(p), *(figure(x) for x in interval)]
        rows.append((one_line(name).replace("|", "\\|"), *cells))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def write_residuals(path: str, data: FitData, fit: OlsFit | GlmFit) -> None:
    """Write a CSV file with a row for each example, with all digits.

    DataError if it cannot be written, or is the file of the data.
    """
    target = typed_path(path)
    if target.exists() and Path(data.name).exists() and target.samefile(data.name):
        raise DataError(f"--residuals {path} is the file of the data; choose another name")
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    columns = _columns(data, fit)
    names = () if data.row_names is None else ("name",)
    writer.writerow((*names, *columns))
    for i, numbers in enumerate(zip(*columns.values(), strict=True)):
        place = () if data.row_names is None else (data.row_names[i],)
        writer.writerow((*place, *map(_written, numbers)))
    write_whole(target, text.getvalue().encode())


def _written(value: float) -> str:
    """All digits of a number, and what is not one as R and pandas read it."""
    if isnan(value):
        return "NaN"
    return repr(float(value)) if isfinite(value) else "Inf" if value > 0.0 else "-Inf"


def _columns(data: FitData, fit: OlsFit | GlmFit) -> dict[str, Array]:
    y = floats(data.target)
    if isinstance(fit, GlmFit):
        return {
            "y": y,
            "fitted": fit.fitted,
            "linear_predictor": fit.linear_predictor,
            "deviance_residual": fit.residuals("deviance"),
            "pearson_residual": fit.residuals("pearson"),
        }
    diagnosis = diagnose(fit)
    return {
        "y": y,
        "fitted": fit.fitted,
        "residual": fit.residuals,
        "leverage": diagnosis.leverage,
        "studentised_internal": diagnosis.studentised_internal,
        "studentised_external": diagnosis.studentised_external,
        "cooks_distance": diagnosis.cooks_distance,
    }
