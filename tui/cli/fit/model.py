"""The fit that is requested of the data; exact fits use every digit of the file."""

import re
from collections.abc import Sequence
from dataclasses import replace
from math import inf, isfinite

import numpy as np
from numpy.typing import ArrayLike

from engine import DataError, OlsFit, glm, ols, polynomial
from engine.data.reading.table import Column
from engine.errors import RowError
from engine.glm.families import LINKS
from engine.glm.fit import GlmFit
from engine.least_squares.ols import is_exact
from tui.cli.fit.data import FitData, FitRequest, floats

MIN_VALUES = 3  # of an input, for a value between them to have a meaning
LONG_EXPONENT = re.compile(r"e[+-]?\d{4}", re.IGNORECASE)  # slow in exact arithmetic


def fit(data: FitData, request: FitRequest) -> OlsFit | GlmFit:
    """Least squares for family gaussian and link identity, else a generalised linear model."""
    try:
        return _fit(data, request)
    except RowError as error:
        columns = {"trials": data.trials, "weights": data.weights}
        column = columns.get(error.subject) or data.target
        where = f"{data.name}, {data.row(error.row)}, column {column.name!r}"
        raise DataError(error.at(where)) from None


def _fit(data: FitData, request: FitRequest) -> OlsFit | GlmFit:
    family = request.family or data.family
    names = [column.name for column in data.inputs]
    _check_counts(data, family)
    if family == "gaussian" and request.link in (None, "identity"):
        if request.degree is not None:
            return _polynomial(data, request, request.degree)
        X, y, weights = _values(data, data.inputs), _values(data, data.target), _weights(data)
        return ols(X, y, data.intercept, weights, names)
    if request.degree is not None:
        raise DataError("--degree is for least squares: family gaussian, link identity")
    return glm(
        np.column_stack([floats(column) for column in data.inputs]),
        floats(data.target),
        family,
        request.link,
        data.intercept,
        None if data.trials is None else floats(data.trials),
        None if data.weights is None else floats(data.weights),
        names=names,
    )


def _check_counts(data: FitData, family: str) -> None:
    """DataError unless the target is a count of successes exactly where there are trials."""
    y, has_trials = floats(data.target), data.trials is not None
    if has_trials and family != "binomial":
        raise DataError(f"{data.target.name} counts successes of trials: family binomial only")
    faulty = np.flatnonzero((y < 0.0) | (y > 1.0))
    if family == "binomial" and not has_trials and len(faulty):
        raise RowError(
            "y",
            faulty.tolist(),
            f"it is {y[faulty[0]]:.6g}; binomial takes a target of 0 and 1, of shares between, or "
            f"of two labels; where {data.target.name!r} counts successes, add --trials COLUMN",
        )


def _polynomial(data: FitData, request: FitRequest, degree: int) -> OlsFit:
    if len(data.inputs) != 1:
        raise DataError(
            f"--degree takes one input, here {len(data.inputs)}: choose with --features"
        )
    if not request.intercept:
        raise DataError("--degree comes with an intercept; leave out --no-intercept")
    (column,) = data.inputs
    x, y = _values(data, column), _values(data, data.target)
    fit = polynomial(x, y, degree, _weights(data))
    powers = range(1, degree + 1)
    return replace(fit, labels=[f"{column.name}^{k}" if k > 1 else column.name for k in powers])


def _values(data: FitData, columns: Column | Sequence[Column]) -> ArrayLike:
    """(n,) or (n, d): the cells as text if the fit will be exact, else float64."""
    all_columns = (columns,) if isinstance(columns, Column) else columns
    exact = is_exact(None, len(data), len(data.inputs)) and all(
        column.cells for column in all_columns
    )
    if exact and not any(LONG_EXPONENT.search(cell) for c in all_columns for cell in c.cells):
        values = np.array([column.cells for column in all_columns], dtype=object)
    else:
        values = np.array([floats(column) for column in all_columns])
    return values[0] if isinstance(columns, Column) else values.T


def _weights(data: FitData) -> ArrayLike | None:
    return None if data.weights is None else _values(data, data.weights)


def half_probability_at(fit: GlmFit) -> float | None:
    """The value of the only input at which the probability is ½; None of another model, without a
    maximum of the likelihood, or for an input with too few values to lie between them."""
    if fit.family != "binomial" or not fit.intercept or len(fit.coefficients) != 2:
        return None
    if not fit.converged or fit.separation or fit.dropped:
        return None
    intercept, slope = fit.coefficients.tolist()
    if len(np.unique(fit.design[:, 1])) < MIN_VALUES:
        return None
    half = float(LINKS[fit.link].of_mean(np.array(0.5)))
    place = (half - intercept) / slope if slope else inf
    return place if isfinite(place) else None
