"""Arrays: their types, read-only ones, and lengths of vectors that neither overflow nor vanish."""

from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]
Number = TypeVar("Number", bound=np.generic)


def read_only(array: NDArray[Number]) -> NDArray[Number]:
    """The same array, which refuses to be written to from now on."""
    array.flags.writeable = False
    return array


def lengths(values: ArrayLike, axis: int = -1) -> Array:
    """√Σx² along an axis: inf only where it is beyond float64 or a number is inf, 0 only where all
    are 0, NaN where one is NaN.

    The largest number of each vector is scaled to ½ … 1 by a power of two, which does not round.
    """
    x = np.asarray(values, dtype=np.float64)
    with np.errstate(all="ignore"):
        largest = np.abs(x).max(axis=axis, initial=0.0, keepdims=True)
        exponents = np.where(np.isfinite(largest), np.frexp(largest)[1], 0)
        squares = np.square(np.ldexp(x, -exponents)).sum(axis=axis, keepdims=True)
        result: Array = np.ldexp(np.sqrt(squares), exponents).squeeze(axis=axis)
    return result


def length(values: ArrayLike) -> float:
    """√Σx² over all numbers of an array, as in ``lengths``."""
    return float(lengths(np.ravel(values)))
