"""Ordinary and weighted least squares: exact for small data, in float64 for large data."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from engine.data.exact_input import Numbers, check_finite, check_least, integers, read_numbers
from engine.errors import DataError, ShapeError
from engine.least_squares.exact import TEXT_BITS, FloatColumns, IntegerColumns, solve_exactly
from engine.least_squares.fast import solve_fast
from engine.least_squares.fit import OlsFit
from engine.least_squares.solution import Solution
from engine.wording import plural

__all__ = ["OlsFit", "ols"]

EXACT_ENTRIES = 200_000  # largest number of entries of X, and
EXACT_COLUMNS = 200  # largest number of its columns, for the exact method by default
METHODS = (None, "exact", "fast")


def ols(
    X: ArrayLike,
    y: ArrayLike,
    intercept: bool = True,
    weights: ArrayLike | None = None,
    names: Sequence[str] | None = None,
    method: str | None = None,
) -> OlsFit:
    """Ordinary or weighted least squares: the coefficients b with the least Σw(y − Xb)².

    Arguments:
        X: the columns (n, d), or (n,) for one column.
        y: the target (n,).
        intercept: whether a column of ones is added, as the first.
        weights: w (n,), 0 or more; None: all 1. Rows of weight 0 do not count.
        names: names of the columns of X; None: x1, x2, ….
        method: "exact": in integers, so that all digits are right; "fast": in float64, by normal
            equations or QR; None: decided by the size of X.

    X, y and weights may also be decimal strings, Decimal or Fraction, which are not rounded.

    Returns:
        The fit. Columns that are linear combinations of earlier ones have the coefficient 0.

    Raises:
        ShapeError: the arrays do not fit each other, or there is no column.
        DataError: an entry is not a finite number, or ``weights`` or ``method`` is invalid.

    Example:
        >>> import engine
        >>> fit = engine.ols([[1], [2], [3]], [2, 4, 7])
        >>> fit.coefficients.round(6).tolist(), round(fit.r_squared, 6)
        ([-0.666667, 2.5], 0.986842)
    """
    data, target, mass = read_fit(X, y, weights, method)
    d = data.floats.shape[1]
    if names is not None and len(names) != d:
        raise ShapeError(f"ols: {plural(len(names), 'name')} for {plural(d, 'column')}")
    if d + intercept == 0:
        raise ShapeError("ols: there is neither a column nor an intercept")
    labels = None if names is None else tuple(names)
    return _fit(data, target, mass, intercept, labels, method)


def _fit(
    data: Numbers,
    target: Numbers,
    mass: Numbers | None,
    intercept: bool,
    labels: tuple[str, ...] | None,
    method: str | None,
) -> OlsFit:
    x, t, w = data.floats, target.floats, None if mass is None else mass.floats
    n, d = x.shape
    basis = x
    solution: Solution
    if not is_exact(method, n, d):
        solution = solve_fast(x, t, w, intercept)
    elif all(numbers is None or numbers.exact is None for numbers in (data, target, mass)):
        columns = np.ones((intercept + d + 1, n))
        columns[intercept:-1], columns[-1] = x.T, t
        basis = x = columns[intercept:-1].T  # a copy, as the caller's array may change
        t, w = columns[-1], None if w is None else w.copy()
        solution = solve_exactly(FloatColumns(columns, w), intercept)
    else:
        numbers = [integers(column) for column in (*data.fractions.T, target.fractions)]
        fractions = None if mass is None else list(mass.fractions)
        table = IntegerColumns.make(numbers, intercept, fractions)
        basis, x, t = table.basis(intercept), x.copy(), t.copy()
        w = None if w is None else w.copy()
        solution = solve_exactly(table, intercept, TEXT_BITS)
    return OlsFit(x, t, w, intercept, labels, basis, solution)


def read_fit(
    X: ArrayLike, y: ArrayLike, weights: ArrayLike | None, method: str | None
) -> tuple[Numbers, Numbers, Numbers | None]:
    """X (n, d), y (n,) and weights (n,) as numbers, with shapes checked, and values if small."""
    if method not in METHODS:
        raise DataError(f"method {method!r}; there are: exact, fast, and None (by size)")
    data, target = read_numbers(X, "X"), read_numbers(y, "y")
    shape = data.floats.shape
    if len(shape) == 1:
        data = data.reshaped((-1, 1))
    if len(target.floats.shape) == 2 and target.floats.shape[1] == 1:
        target = target.reshaped((-1,))
    if data.floats.ndim != 2 or target.floats.shape != shape[:1] or shape[0] == 0:
        raise ShapeError(f"ols takes X (n, d) and y (n,); it got {shape} and {target.floats.shape}")
    if is_exact(method, *data.floats.shape):  # otherwise ``solve_fast`` checks them
        check_finite(data.floats, "X")
        check_finite(target.floats, "y")
    if weights is None:
        return data, target, None
    mass = read_numbers(weights, "weights")
    w = mass.floats
    if w.shape != shape[:1]:
        raise ShapeError(f"ols takes weights (n,), here ({shape[0]},); it got {w.shape}")
    check_least(w, 0.0, "weights")
    with np.errstate(over="ignore"):
        total = w.sum()
    if not np.isfinite(total):
        raise DataError("ols: the sum of the weights is too large for float64: scale them")
    if total == 0.0:
        raise DataError("ols: every weight is 0")
    return data, target, mass


def is_exact(method: str | None, n: int, d: int) -> bool:
    """Whether the exact method is used for n examples of d columns."""
    if method is None:
        return n * d <= EXACT_ENTRIES and d <= EXACT_COLUMNS
    return method == "exact"
