"""Array types, read-only arrays, distinct numbers; norms that neither overflow nor underflow."""

from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]
Number = TypeVar("Number", bound=np.generic)


def read_only(array: NDArray[Number]) -> NDArray[Number]:
    """Make an array read-only, in place, and return it."""
    array.flags.writeable = False
    return array


def distinct(numbers: NDArray[Number]) -> NDArray[Number]:
    """The different numbers of an array, sorted; none may be NaN.

    Quicker than ``np.unique`` on its first call, which imports ``numpy.ma``.
    """
    ordered = np.sort(numbers, axis=None)
    is_first = np.ones(ordered.size, dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=is_first[1:])
    return ordered[is_first]


def lengths(values: ArrayLike, axis: int = -1) -> Array:
    """Euclidean norms √Σx² along an axis, also where the squares do not fit float64.

    Each vector is first scaled by a power of two, which is exact, so that its largest entry is in
    [½, 1). The norm is 0 only if all entries are 0, NaN if one is NaN, and inf only if one is inf
    or the norm itself is too large.
    """
    x = np.asarray(values, dtype=np.float64)
    with np.errstate(all="ignore"):
        largest = np.abs(x).max(axis=axis, initial=0.0, keepdims=True)
        exponents = np.where(np.isfinite(largest), np.frexp(largest)[1], 0)
        squares = np.square(np.ldexp(x, -exponents)).sum(axis=axis, keepdims=True)
        result: Array = np.ldexp(np.sqrt(squares), exponents).squeeze(axis=axis)
    return result


def length(values: ArrayLike) -> float:
    """The Euclidean norm of all entries of an array, as in ``lengths``."""
    return float(lengths(np.ravel(values)))
