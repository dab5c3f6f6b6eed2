"""From data and what is asked of them to the fit, with every digit that was written."""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from engine import DataError, OlsFit, glm, ols, polynomial
from engine.data.table import Column
from engine.glm.fit import GlmFit
from engine.least_squares.ols import is_exact
from tui.cli.fit.data import Ask, FitData, floats

LONG_EXPONENT = re.compile(r"e[+-]?\d{4}", re.IGNORECASE)  # beyond float64, and slow to be exact


def fit(data: FitData, ask: Ask) -> OlsFit | GlmFit:
    """Least squares for gaussian with its own link, the generalised linear model otherwise."""
    family = ask.family or data.family
    names = [column.name for column in data.inputs]
    _check_counts(data, family)
    if family == "gaussian" and ask.link in (None, "identity"):
        if ask.degree is not None:
            return _polynomial(data, ask, ask.degree)
        X, y, weights = _given(data, data.inputs), _given(data, data.target), _weights(data)
        return ols(X, y, ask.intercept, weights, names)
    if ask.degree is not None:
        raise DataError("--degree is for least squares: family gaussian, link identity")
    return glm(
        np.column_stack([floats(column) for column in data.inputs]),
        floats(data.target),
        family,
        ask.link,
        ask.intercept,
        None if data.trials is None else floats(data.trials),
        None if data.weights is None else floats(data.weights),
        names=names,
    )


def _check_counts(data: FitData, family: str) -> None:
    """Counts of successes, and only they, come with their trials."""
    y, counted = floats(data.target), data.trials is not None
    if counted and family != "binomial":
        raise DataError(f"{data.target.name} counts successes of trials: family binomial only")
    if family == "binomial" and not counted and (y.min() < 0.0 or y.max() > 1.0):
        raise DataError(
            f"{data.name}: binomial takes a target of 0 and 1, of shares between, or of two "
            f"labels; where {data.target.name!r} counts successes, add --trials COLUMN"
        )


def _polynomial(data: FitData, ask: Ask, degree: int) -> OlsFit:
    if len(data.inputs) != 1:
        raise DataError(
            f"--degree takes one input, here {len(data.inputs)}: choose with --features"
        )
    if not ask.intercept:
        raise DataError("--degree comes with an intercept; leave out --no-intercept")
    (column,) = data.inputs
    x, y = _given(data, column), _given(data, data.target)
    found = polynomial(x, y, degree, _weights(data))
    powers = range(1, degree + 1)
    return replace(found, labels=[f"{column.name}^{k}" if k > 1 else column.name for k in powers])


def _given(data: FitData, columns: Column | Sequence[Column]) -> ArrayLike:
    """(n,) or (n, d): as written where the fit will be exact, else as float64."""
    several = (columns,) if isinstance(columns, Column) else columns
    exact = is_exact(None, len(data), len(data.inputs)) and all(column.cells for column in several)
    if exact and not any(LONG_EXPONENT.search(cell) for c in several for cell in c.cells):
        values = np.array([column.cells for column in several], dtype=object)
    else:
        values = np.array([floats(column) for column in several])
    return values[0] if isinstance(columns, Column) else values.T


def _weights(data: FitData) -> ArrayLike | None:
    return None if data.weights is None else _given(data, data.weights)
