"""Ordinary and weighted least squares: exact while that costs little, fast where data are large."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from engine.data.exact_input import Numbers, check_finite, integers, read_numbers
from engine.errors import DataError, ShapeError
from engine.least_squares.exact import TEXT_BITS, FloatColumns, IntegerColumns, solve_exactly
from engine.least_squares.fast import solve_fast
from engine.least_squares.fit import OlsFit
from engine.least_squares.solution import Solution

__all__ = ["OlsFit", "ols"]

EXACT_ENTRIES = 200_000  # numbers in X, and
EXACT_COLUMNS = 200  # columns of it, up to which all digits are worth their time
METHODS = (None, "exact", "fast")


def ols(
    X: ArrayLike,
    y: ArrayLike,
    intercept: bool = True,
    weights: ArrayLike | None = None,
    names: Sequence[str] | None = None,
    method: str | None = None,
) -> OlsFit:
    """Fit y (n,) on an intercept and the columns of X (n, d), with ``weights`` (n,) ≥ 0.

    Each may be text ("0.1"), Decimal or Fraction as well: no digit is lost on the way in.
    ``method``: "exact" (all digits right) or "fast" (float64); None decides by size. Raises
    ShapeError or DataError where the arrays do not fit each other or hold what is no number.
    """
    data, target, mass = read_fit(X, y, weights, method)
    n, d = data.floats.shape
    if names is not None and len(names) != d:
        raise ShapeError(f"ols: {len(names)} names for {d} columns")
    if d + intercept == 0:
        raise ShapeError("ols: without a column and an intercept there is nothing to fit")
    x, t, w = data.floats, target.floats, None if mass is None else mass.floats
    basis = x
    solution: Solution
    if not is_exact(method, n, d):
        solution = solve_fast(x, t, w, intercept)
    elif all(numbers is None or numbers.exact is None for numbers in (data, target, mass)):
        columns = np.ones((intercept + d + 1, n))
        columns[intercept:-1], columns[-1] = x.T, t
        basis = x = columns[intercept:-1].T  # not the caller's, which may change
        t, w = columns[-1], None if w is None else w.copy()
        solution = solve_exactly(FloatColumns(columns, w), intercept)
    else:
        known = [integers(column) for column in (*data.fractions.T, target.fractions)]
        fractions = None if mass is None else list(mass.fractions)
        table = IntegerColumns.of(known, intercept, fractions)
        basis, x, t = table.basis(intercept), x.copy(), t.copy()
        w = None if w is None else w.copy()
        solution = solve_exactly(table, intercept, TEXT_BITS)
    return OlsFit(x, t, w, intercept, None if names is None else tuple(names), basis, solution)


def read_fit(
    X: ArrayLike, y: ArrayLike, weights: ArrayLike | None, method: str | None
) -> tuple[Numbers, Numbers, Numbers | None]:
    """X (n, d), y (n,) and weights (n,) as numbers: of fitting shapes and, unless large, finite."""
    if method not in METHODS:
        raise DataError(f"method {method!r}: there are exact, fast, and None to decide by size")
    data, target = read_numbers(X, "X"), read_numbers(y, "y")
    shape = data.floats.shape
    if len(shape) == 1:
        data = data.reshaped((-1, 1))
    if len(target.floats.shape) == 2 and target.floats.shape[1] == 1:
        target = target.reshaped((-1,))
    if data.floats.ndim != 2 or target.floats.shape != shape[:1] or shape[0] == 0:
        raise ShapeError(f"ols takes X (n, d) and y (n,); it got {shape} and {target.floats.shape}")
    if is_exact(method, *data.floats.shape):  # else the sums will tell
        check_finite(data.floats, "X")
        check_finite(target.floats, "y")
    if weights is None:
        return data, target, None
    mass = read_numbers(weights, "weights")
    w = mass.floats
    if w.shape != shape[:1]:
        raise ShapeError(f"ols takes weights (n,), here ({shape[0]},); it got {w.shape}")
    with np.errstate(all="ignore"):
        total = w.sum()
    if not (np.isfinite(total) and (w >= 0.0).all() and w.any()):
        raise DataError("ols: weights must have a finite sum, be at least 0, and not all 0")
    return data, target, mass


def is_exact(method: str | None, n: int, d: int) -> bool:
    """Whether n examples of d columns are to be solved with all digits."""
    if method is None:
        return n * d <= EXACT_ENTRIES and d <= EXACT_COLUMNS
    return method == "exact"
