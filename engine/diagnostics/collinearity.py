"""Collinearity of the columns: variance inflation factors and condition indices."""

import math

import numpy as np

from engine.arrays import Array, Ints, lengths
from engine.least_squares.gram import scale
from engine.least_squares.hat_matrix import row_lengths
from engine.least_squares.ols import OlsFit, ols

EXACT_LIMIT = 200  # up to this many columns, each is regressed on the others
NEGLIGIBLE = 1e-9  # coefficients of columns of length 1 below this count as 0


def variance_inflation(fit: OlsFit) -> Array:
    """1/(1 − R²) of each column on the others (d,), without the intercept.

    Computed as (XᵀX)⁻¹_jj · SST_j, which stays accurate for nearly dependent columns; ∞ for a
    linear combination of others. Uncentred without an intercept, weighted if the fit is.
    """
    first = int(fit.intercept)
    slopes = np.array(fit.solution.kept[first:], dtype=int)
    columns, exponents = scale(fit.design[:, slopes].T)
    weights = np.ones(len(fit.y)) if fit.weights is None else fit.weights
    if fit.intercept:
        for _ in range(2):  # the second pass removes the rounding error of the first
            columns = columns - (columns @ weights / weights.sum())[:, None]
    roots = np.ldexp(row_lengths(fit.factor[first:]), exponents)
    inflation = np.full(len(fit.names), math.inf)
    inflation[slopes] = (roots * row_lengths(columns * np.sqrt(weights))) ** 2
    if fit.dropped and len(fit.names) > EXACT_LIMIT:
        inflation[_in_relations(fit)] = math.inf
    elif fit.dropped:
        for j in slopes:
            others = np.delete(fit.X, j - first, axis=1)
            if ols(others, fit.X[:, j - first], fit.intercept, fit.weights).rank == fit.rank:
                inflation[j] = math.inf
    return inflation[first:]


def _in_relations(fit: OlsFit) -> Ints:
    """The kept columns that dropped columns are linear combinations of.

    Each of them is itself a combination of the others. One solution for all dropped columns, up
    to rounding.
    """
    roots = np.ones(len(fit.y)) if fit.weights is None else np.sqrt(fit.weights)
    X = fit.design * roots[:, None]
    sizes = lengths(X, axis=0)
    X = X / np.where(sizes > 0.0, sizes, 1.0)
    kept = np.array(fit.solution.kept, dtype=np.intp)
    dropped = np.setdiff1d(np.arange(X.shape[1]), kept)
    coefficients = np.linalg.lstsq(X[:, kept], X[:, dropped], rcond=None)[0]
    dependent: Ints = kept[(np.abs(coefficients) > NEGLIGIBLE).any(axis=1)]
    return dependent


def condition_indices(fit: OlsFit) -> Array:
    """σ₁/σ_k of X with every column, including the intercept, scaled to length 1; (p,), ascending.

    Of √w·X if the fit is weighted; ∞ for dependent columns. The columns are not centred, so that
    a dependency with the intercept shows (Belsley, Kuh and Welsch 1980).
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
    if not fit.dropped:  # small singular values are accurate as reciprocals of the inverse's
        factor = fit.factor * largest[:, None] * lengths[:, None]
        with np.errstate(divide="ignore"):
            small = 1.0 / np.linalg.svd(factor, compute_uv=False)[::-1]
        noise = X.shape[1] * np.finfo(float).eps * values[0]
        values = np.where((values**2 < values[0] * small[-1]) | (values < noise), small, values)
    with np.errstate(divide="ignore", invalid="ignore"):
        indices: Array = np.where(values > 0.0, values[0] / values, math.inf)
    return indices
