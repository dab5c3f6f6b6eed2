"""Ordinary least squares by Householder QR of the scaled columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from engine.activations import Array
from engine.errors import DataError, ShapeError

RANK_TOLERANCE = 1e-11  # of a column of length 1, once the columns before it are taken out
ROUNDING = 8.0 * float(np.finfo(float).eps)


@dataclass(frozen=True)
class OlsFit:
    """A least-squares fit. ``coefficients`` (p,), the intercept first where there is one.

    Where the columns are dependent (``rank`` < p) the later ones of a dependent set get the
    coefficient 0, and ``dropped`` names them.
    """

    coefficients: Array
    names: tuple[str, ...]
    fitted: Array
    residuals: Array
    intercept: bool
    rank: int
    dropped: tuple[str, ...]

    @cached_property
    def ssr(self) -> float:
        """Sum of squared residuals."""
        return float(self.residuals @ self.residuals)

    @cached_property
    def r_squared(self) -> float:
        """1 − SSR/SST; SST is uncentred without an intercept. NaN for a constant y."""
        y = self.fitted + self.residuals
        centred = y - y.mean() if self.intercept else y
        total = float(centred @ centred)
        return 1.0 - self.ssr / total if total > 0.0 else float("nan")

    @property
    def residual_sd(self) -> float:
        """√(SSR/(n − rank)); NaN without degrees of freedom."""
        freedom = len(self.residuals) - self.rank
        return float(np.sqrt(self.ssr / freedom)) if freedom > 0 else float("nan")


def ols(
    X: ArrayLike, y: ArrayLike, intercept: bool = True, names: Sequence[str] | None = None
) -> OlsFit:
    """Fit y (n,) on the columns of X (n, d)."""
    X, y = np.asarray(X, dtype=np.float64), np.asarray(y, dtype=np.float64)
    X = X[:, None] if X.ndim == 1 else X
    y = y[:, 0] if y.ndim == 2 and y.shape[1] == 1 else y
    if X.ndim != 2 or y.shape != (len(X),) or len(X) == 0:
        raise ShapeError(f"ols takes X (n, d) and y (n,); it got {X.shape} and {y.shape}")
    if not (np.isfinite(X).all() and np.isfinite(y).all()):
        raise DataError("ols: X or y holds a number that is not finite")
    labels = [f"x{i}" for i in range(1, X.shape[1] + 1)] if names is None else list(names)
    if len(labels) != X.shape[1]:
        raise ShapeError(f"ols: {len(labels)} names for {X.shape[1]} columns")
    # about the means: an intercept takes them up, and offsets cost no digits
    means = X.mean(axis=0) if intercept else np.zeros(X.shape[1])
    y_mean = float(y.mean()) if intercept else 0.0
    Z, v = X - means, y - y_mean
    Z[:, np.abs(Z).max(axis=0) <= ROUNDING * np.abs(X).max(axis=0)] = 0.0  # constant columns
    # columns of length 1: the rank test then does not depend on the units
    largest = np.abs(Z).max(axis=0)
    largest[largest == 0.0] = 1.0
    scale = largest * np.sqrt(((Z / largest) ** 2).sum(axis=0))
    scale[scale == 0.0] = 1.0
    kept = _independent_columns(Z / scale, len(X) - intercept)
    Q, R = np.linalg.qr(Z[:, kept] / scale[kept])
    slopes = np.zeros(X.shape[1])
    slopes[kept] = np.linalg.solve(R, Q.T @ v) / scale[kept]
    # one step of refinement takes up most of what rounding lost
    slopes[kept] += np.linalg.solve(R, Q.T @ (v - Z @ slopes)) / scale[kept]
    residuals = v - Z @ slopes
    coefficients = slopes
    if intercept:
        coefficients = np.concatenate([[y_mean - means @ slopes], slopes])
    return OlsFit(
        coefficients=coefficients,
        names=("intercept", *labels) if intercept else tuple(labels),
        fitted=y - residuals,
        residuals=residuals,
        intercept=intercept,
        rank=len(kept) + intercept,
        dropped=tuple(label for i, label in enumerate(labels) if i not in kept),
    )


def _independent_columns(X: Array, most: int) -> list[int]:
    """Indices of the columns, at most so many, that earlier ones do not combine to."""
    basis = np.empty((len(X), 0))  # Gram–Schmidt, each column orthogonalised twice
    kept: list[int] = []
    for index, column in enumerate(X.T):
        rest = column - basis @ (basis.T @ column)
        rest -= basis @ (basis.T @ rest)
        length = float(np.linalg.norm(rest))
        if length > RANK_TOLERANCE and len(kept) < most:
            kept.append(index)
            basis = np.column_stack([basis, rest / length])
    return kept
