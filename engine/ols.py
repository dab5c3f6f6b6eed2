"""Ordinary least squares by Householder QR of the scaled columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from engine.activations import Array
from engine.errors import DataError, ShapeError

RANK_TOLERANCE = 1e-11  # of the largest pivot, once every column has length 1


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
    if intercept:
        X, labels = np.column_stack([np.ones(len(X)), X]), ["intercept", *labels]
    # Columns of length 1: the rank test then does not depend on the units. Powers of two would
    # be exact, but the coefficients are scaled back by the same numbers either way.
    largest = np.abs(X).max(axis=0, initial=0.0)
    largest[largest == 0.0] = 1.0
    scale = largest * np.sqrt(((X / largest) ** 2).sum(axis=0))
    scale[scale == 0.0] = 1.0
    kept = _independent_columns(X / scale)
    Q, R = np.linalg.qr(X[:, kept] / scale[kept])
    coefficients = np.zeros(X.shape[1])
    coefficients[kept] = np.linalg.solve(R, Q.T @ y) / scale[kept]
    # one step of refinement takes up most of what rounding lost
    residuals = y - X @ coefficients
    coefficients[kept] += np.linalg.solve(R, Q.T @ residuals) / scale[kept]
    fitted = X @ coefficients
    return OlsFit(
        coefficients=coefficients,
        names=tuple(labels),
        fitted=fitted,
        residuals=y - fitted,
        intercept=intercept,
        rank=len(kept),
        dropped=tuple(label for i, label in enumerate(labels) if i not in kept),
    )


def _independent_columns(X: Array) -> list[int]:
    """Indices of the columns that are not combinations of earlier ones (Gram–Schmidt, twice)."""
    basis = np.empty((len(X), 0))
    kept: list[int] = []
    for index, column in enumerate(X.T):
        rest = column - basis @ (basis.T @ column)
        rest -= basis @ (basis.T @ rest)
        length = float(np.linalg.norm(rest))
        if length > RANK_TOLERANCE and len(kept) < len(X):
            kept.append(index)
            basis = np.column_stack([basis, rest / length])
    return kept
