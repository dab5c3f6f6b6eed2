"""What a fit says of new examples: the mean, its standard error, and intervals."""

from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array, Bools
from engine.data.exact_input import check_finite, read_numbers
from engine.errors import ShapeError
from engine.least_squares.inference.statistics import OlsStatistics
from engine.least_squares.inference.tails import half_width
from engine.wording import count, noun_for

OUTSIDE = 1e-7  # relative: how far a new row may be from the dependence that a dropped column has


@dataclass(frozen=True)
class Prediction:
    """Predictions for m new examples.

    Attributes:
        fit: the estimated mean of y (m,), in units of y.
        se: the standard error of that mean (m,). Generalised linear models: by the delta method.
        confidence: the interval of the mean (m, 2).
        prediction: the interval of a new y (m, 2); None where the model is not normal.
        linear: the linear predictor η (m,); of least squares the same as ``fit``.
        linear_se: the standard error of η (m,).
        note: why numbers are NaN, if some are.

    Example:
        >>> import engine
        >>> ahead = engine.ols([1, 2, 3, 4], [1, 3, 2, 5]).predict_intervals([5.0])
        >>> ahead.fit.round(3).tolist(), ahead.se.round(3).tolist()
        ([5.5], [1.423])
    """

    fit: Array
    se: Array
    confidence: Array
    prediction: Array | None
    linear: Array
    linear_se: Array
    note: str


def new_columns(X: ArrayLike, d: int) -> Array:
    """X (m, d) as numbers; (m,) is read as one column, or as one row of d > 1 columns."""
    x = read_numbers(X, "X").floats
    if x.ndim == 1:
        x = x[:, None] if d == 1 else x[None]
    if x.ndim != 2 or x.shape[1] != d:
        raise ShapeError(f"X has shape {x.shape}; this model takes (m, {d})")
    check_finite(x, "X")
    return x


def reachable(new: Array, old: Array, kept: list[int], intercept: bool) -> Bools:
    """Which rows (m,) of new columns (m, d) keep the dependences among the old ones (n, d).

    ``kept`` are the independent columns. A row where a dropped column is not the combination of
    the kept ones that it was has no prediction: the data say nothing of it.
    """
    dropped = [j for j in range(old.shape[1]) if j not in kept]
    if not dropped or not len(new):
        return np.ones(len(new), dtype=np.bool_)
    means = old.mean(axis=0) if intercept else np.zeros(old.shape[1])
    sizes = np.abs(old - means).max(axis=0)
    sizes[sizes <= 1e-12 * np.abs(means)] = 0.0  # constant, but for rounding
    units = np.where(sizes > 0.0, sizes, np.maximum(np.abs(old).max(axis=0), 1e-300))
    before, after = (old - means) / units, (new - means) / units
    C = np.linalg.lstsq(before[:, kept], before[:, dropped], rcond=None)[0]
    expected = after[:, kept] @ C
    # the rounding of means that were subtracted counts too
    terms = 1.0 + np.abs(after[:, dropped]) + np.abs(after[:, kept]) @ np.abs(C)
    return np.asarray((np.abs(after[:, dropped] - expected) <= OUTSIDE * terms).all(axis=1))


def unreachable_note(reached: Bools, dropped: tuple[str, ...]) -> str:
    """Which rows have no prediction, and why; "" if all have one."""
    rows = np.flatnonzero(~reached)
    if not len(rows):
        return ""
    more = f" and {count(len(rows) - 1)} more" if len(rows) > 1 else ""
    combination = noun_for(len(dropped), "a combination", "combinations")
    return (
        f"no prediction for row {rows[0] + 1}{more}: {', '.join(dropped)} "
        f"{noun_for(len(dropped), 'was', 'were')} left out as {combination} of other columns, and "
        f"{noun_for(len(dropped), 'is', 'are')} not the same combination there"
    )


def predict_intervals(fit: OlsStatistics, X: ArrayLike, level: float) -> Prediction:
    """The predictions of a least-squares fit; see ``OlsFit.predict_intervals``."""
    first = int(fit.intercept)
    x = new_columns(X, fit.X.shape[1])
    quantile = half_width(level, fit.freedom)
    kept = [j - first for j in fit.solution.kept[first:]]
    used = np.ones(len(fit.y), dtype=np.bool_) if fit.weights is None else fit.weights > 0.0
    reached = reachable(x, fit.X[used], kept, fit.intercept)
    b, S = fit.coefficients[first:][kept], fit.factor
    means, mean, base = np.zeros(len(kept)), 0.0, 0.0
    if fit.intercept:
        # about the means, so that nothing cancels: A'WA = R'R, S = R⁻¹, and R⁻ᵀ of the mean row
        # is (√Σw, 0, …)
        means = np.average(fit.X[:, kept], axis=0, weights=fit.weights) if kept else means
        mean = float(np.average(fit.y, weights=fit.weights))
        total = len(fit.y) if fit.weights is None else float(fit.weights.sum())
        base = 1.0 / total
    z = x[:, kept] - means
    with np.errstate(all="ignore"):
        values = np.where(reached, mean + z @ b, nan)
        shares = base + ((z @ S[first:, first:]) ** 2).sum(axis=1)  # leverages
        se = np.where(reached, fit.residual_sd * np.sqrt(shares), nan)
        spread = np.where(reached, fit.residual_sd * np.sqrt(1.0 + shares), nan)
        confidence = np.column_stack([values - quantile * se, values + quantile * se])
        new = np.column_stack([values - quantile * spread, values + quantile * spread])
    note = unreachable_note(reached, fit.dropped)
    if fit.freedom <= 0:
        few = "no intervals: there are as many coefficients as examples"
        note = "; ".join(filter(None, [note, few]))
    return Prediction(values, se, confidence, new, values, se, note)
