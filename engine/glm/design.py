"""The columns of a fit: those that are independent, and scaled so that squares fit float64."""

import numpy as np

from engine.arrays import Array
from engine.errors import DataError
from engine.least_squares.gram import scale
from engine.least_squares.ols import ols


def independent(X: Array, intercept: bool, labels: list[str]) -> list[int]:
    """The columns that are not linear combinations of earlier ones and the intercept."""
    if not labels:
        return []
    numbers = [str(i) for i in range(len(labels))]  # the labels may not be unique
    fit = ols(X, np.zeros(len(X)), intercept, names=numbers, method="fast")
    dropped = set(fit.dropped)
    return [i for i, number in enumerate(numbers) if number not in dropped]


def standardised(X: Array, kept: list[int], intercept: bool) -> tuple[Array, Array]:
    """Z (n, r), the kept columns centred (if there is an intercept) and scaled to mean square 1.

    And the matrix (p, r) from the coefficients of Z to those of X, 0 for dropped columns.
    """
    rows, exponents = scale(X[:, kept].T)  # by powers of two, so that no square overflows
    columns = rows.T
    means = columns.mean(axis=0) if intercept else np.zeros(len(kept))
    centred = columns - means
    lengths = np.sqrt((centred**2).mean(axis=0))
    slopes = np.zeros((X.shape[1], len(kept)))
    with np.errstate(over="ignore"):
        slopes[kept, np.arange(len(kept))] = np.ldexp(1.0 / lengths, -exponents)
    if not np.isfinite(slopes).all():
        raise DataError("glm: a coefficient would be too large for float64: scale X")
    if not intercept:
        return centred / lengths, slopes
    Z = np.column_stack([np.ones(len(X)), centred / lengths])
    return Z, np.block(
        [[np.ones((1, 1)), -(means / lengths)[None]], [np.zeros((len(slopes), 1)), slopes]]
    )
