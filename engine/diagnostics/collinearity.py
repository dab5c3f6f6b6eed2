"""Can the columns be told apart? Variance inflation, condition indices."""

import math

import numpy as np

from engine.arrays import Array, Ints, lengths
from engine.least_squares.gram import scale
from engine.least_squares.hat_matrix import row_lengths
from engine.least_squares.ols import OlsFit, ols

SINGLY = 200  # columns up to which each is fitted on the others, with all digits
NEGLIGIBLE = 1e-9  # of columns of length 1, what rounding may make of a share that is 0


def variance_inflation(fit: OlsFit) -> Array:
    """1/(1 − R²) of each column on the others (d,), the intercept's not among them.

    As (X'X)⁻¹_jj · SST_j, which loses no digits near dependency; ∞ for a column that others
    combine to. Uncentred without an intercept; weighted where the fit is.
    """
    first = int(fit.intercept)
    slopes = np.array(fit.solution.kept[first:], dtype=int)
    columns, exponents = scale(fit.design[:, slopes].T)
    weights = np.ones(len(fit.y)) if fit.weights is None else fit.weights
    if fit.intercept:
        for _ in range(2):  # about the mean, and about the mean of what rounding left of it
            columns = columns - (columns @ weights / weights.sum())[:, None]
    roots = np.ldexp(row_lengths(fit.factor[first:]), exponents)
    inflation = np.full(len(fit.names), math.inf)
    inflation[slopes] = (roots * row_lengths(columns * np.sqrt(weights))) ** 2
    if fit.dropped and len(fit.names) > SINGLY:
        inflation[_in_relations(fit)] = math.inf
    elif fit.dropped:
        for j in slopes:
            others = np.delete(fit.X, j - first, axis=1)
            if ols(others, fit.X[:, j - first], fit.intercept, fit.weights).rank == fit.rank:
                inflation[j] = math.inf
    return inflation[first:]


def _in_relations(fit: OlsFit) -> Ints:
    """The columns that the dropped ones are combinations of: without one of these, a dropped one
    takes its place. One solution for all of them, up to rounding."""
    roots = np.ones(len(fit.y)) if fit.weights is None else np.sqrt(fit.weights)
    X = fit.design * roots[:, None]
    sizes = lengths(X, axis=0)
    X = X / np.where(sizes > 0.0, sizes, 1.0)
    kept = np.array(fit.solution.kept, dtype=np.intp)
    dropped = np.setdiff1d(np.arange(X.shape[1]), kept)
    shares = np.linalg.lstsq(X[:, kept], X[:, dropped], rcond=None)[0]
    found: Ints = kept[(np.abs(shares) > NEGLIGIBLE).any(axis=1)]
    return found


def condition_indices(fit: OlsFit) -> Array:
    """σ₁/σ_k of X with every column, the intercept's too, scaled to length 1; (p,), rising.

    Of √w·X where the fit is weighted; ∞ where columns are dependent. Belsley, Kuh and Welsch
    (1980): not centred, so that a dependency with the intercept is seen.
    """
    roots = np.ones(len(fit.y)) if fit.weights is None else np.sqrt(fit.weights)
    X = fit.design * roots[:, None]
    largest = np.abs(X).max(axis=0)
    largest[largest == 0.0] = 1.0
    X = X / largest
    lengths = np.linalg.norm(X, axis=0)
    lengths[lengths == 0.0] = 1.0
    values = np.zeros(X.shape[1])
    values[: fit.rank] = np.linalg.svd(X / lengths, compute_uv=False)[: fit.rank]
    if not fit.dropped:  # the small ones are the large ones of the inverse, and right there
        factor = fit.factor * largest[:, None] * lengths[:, None]
        with np.errstate(divide="ignore"):
            small = 1.0 / np.linalg.svd(factor, compute_uv=False)[::-1]
        noise = X.shape[1] * np.finfo(float).eps * values[0]
        values = np.where((values**2 < values[0] * small[-1]) | (values < noise), small, values)
    with np.errstate(divide="ignore", invalid="ignore"):
        indices: Array = np.where(values > 0.0, values[0] / values, math.inf)
    return indices
