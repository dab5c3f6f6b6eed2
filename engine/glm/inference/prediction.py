"""Predictions of a generalised linear model, and the input at which a mean is reached."""

from dataclasses import dataclass
from math import isfinite, nan

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.data.exact_input import check_least, read_numbers
from engine.errors import DataError, ShapeError
from engine.glm.families import Model
from engine.glm.statistics import GlmStatistics
from engine.least_squares.inference.prediction import (
    Prediction,
    new_columns,
    reachable,
    unreachable_note,
)
from engine.least_squares.inference.tails import half_width
from engine.wording import plural

NO_SLOPE = 1e-12  # a change of η by a column, relative to η, that is rounding


@dataclass(frozen=True)
class InputAtMean:
    """The value of one input at which the mean of y is a given one.

    Attributes:
        value: in units of the input.
        se: its standard error by the delta method.
        confidence: the interval (2,), value ± quantile · se.
        note: why numbers are NaN; "" if they are not.

    Example:
        >>> import engine
        >>> half = engine.glm([1, 2, 3, 4, 5, 6], [0, 0, 1, 0, 1, 1]).solve_for(0.5)
        >>> round(half.value, 6), round(half.se, 3), half.note
        (3.5, 0.93, '')
    """

    value: float
    se: float
    confidence: Array
    note: str


def predict_intervals(
    fit: GlmStatistics, X: ArrayLike, level: float, offset: ArrayLike
) -> Prediction:
    """The predictions of a fit; see ``GlmFit.predict_intervals``."""
    first = int(fit.intercept)
    x = new_columns(X, len(fit.names) - first)
    shift = read_numbers(offset, "offset").floats
    if shift.ndim and shift.shape != (len(x),):
        raise ShapeError(f"offset has shape {shift.shape}; X has {plural(len(x), 'row')}")
    check_least(np.atleast_1d(shift), -np.inf, "offset")
    quantile = half_width(level, fit.reference_freedom)
    used = np.ones(len(fit.y), dtype=np.bool_) if fit.weights is None else fit.weights > 0.0
    kept = np.flatnonzero(fit.kept[first:]).tolist()
    reached = reachable(x, fit.design[used, first:], kept, fit.intercept)
    A = np.column_stack([np.ones(len(x)), x]) if fit.intercept else x
    with np.errstate(all="ignore"):
        eta = np.where(reached, A @ fit.coefficients + shift, nan)
        se = np.where(reached, _errors(fit, A), nan)
        mu = fit.model.mean(eta)
        slope = np.abs(fit.model.slope(eta))
        ends = np.column_stack([eta - quantile * se, eta + quantile * se])
        confidence = np.sort(_means(fit.model, ends), axis=1)
        prediction = None
        if (fit.family, fit.link) == ("gaussian", "identity"):
            margin = quantile * np.sqrt(fit.dispersion + se**2)
            prediction = np.column_stack([mu - margin, mu + margin])
    notes = [unreachable_note(reached, fit.dropped), _no_errors(fit)]
    note = "; ".join(filter(None, notes))
    return Prediction(mu, slope * se, confidence, prediction, eta, se, note)


def input_at_mean(
    fit: GlmStatistics, mean: float, column: int | None, at: ArrayLike | None, level: float
) -> InputAtMean:
    """The input at which the mean is reached; see ``GlmFit.solve_for``."""
    first = int(fit.intercept)
    d = len(fit.names) - first
    if column is None and d != 1:
        raise DataError(f"there are {plural(d, 'column')}: say for which one to solve")
    place = 0 if column is None else int(column)
    if not 0 <= place < d:
        raise DataError(f"column {place} is not from 0 to {d - 1}")
    if d > 1 and at is None:
        raise DataError("say at which values of the other columns, in ``at``")
    row = np.zeros(d) if at is None else new_columns(at, d)[0].copy()
    row[place] = 0.0
    others = np.concatenate([np.ones(first), row])
    quantile = half_width(level, fit.reference_freedom)
    with np.errstate(all="ignore"):
        eta = float(fit.model.link.of_mean(np.array(float(mean))))
        slope = float(fit.coefficients[first + place])
        value = (eta - float(others @ fit.coefficients)) / slope if slope else nan
        gradient = others.copy()
        gradient[first + place] = value
        se = float(_errors(fit, gradient[None])[0]) / abs(slope) if slope else nan
    note = _no_errors(fit)
    reach = abs(slope) * float(np.ptp(fit.design[:, first + place]))
    if not fit.converged:
        value = nan
        note = f"no value: {fit.warning}"
    elif (
        reach <= NO_SLOPE * (abs(eta) + float(np.abs(fit.linear_predictor).max()))
        or not isfinite(value)
        or not isfinite(eta)
        or not fit.kept[first + place]
    ):
        value = se = nan
        note = "the mean is not reached at any value of this column"
    return InputAtMean(value, se, np.array([value - quantile * se, value + quantile * se]), note)


def _errors(fit: GlmStatistics, A: Array) -> Array:
    """The standard errors (m,) of Aβ, with A (m, p); NaN where there is no maximum."""
    if fit.path.R is None or not fit.converged:
        return np.full(len(A), nan)
    z = A @ fit.back  # the same rows in the scaled columns of the problem
    roots = np.linalg.solve(fit.path.R.T, z.T)
    errors: Array = np.sqrt(fit.dispersion) * np.linalg.norm(roots, axis=0)
    return errors


def _no_errors(fit: GlmStatistics) -> str:
    """Why there are no standard errors; "" if there are."""
    if not fit.converged:
        return f"no intervals: {fit.warning}"
    if np.isnan(fit.dispersion):
        return "no intervals: there are as many coefficients as examples"
    return ""


def _means(model: Model, eta: Array) -> Array:
    """μ of η, and where no μ belongs to an η, the end of the range that is nearer."""
    low, high = model.family.means
    mu = model.mean(eta)
    if model.link.name == "inverse":  # falling: an η of 0 or less lies beyond μ = ∞
        bounded = model.family.means[0] >= 0.0
        mu = np.where(bounded & (eta <= 0.0), np.inf, mu)
    return np.clip(mu, low, high)
