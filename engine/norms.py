"""Lengths of vectors: squares that leave the range of float64 neither overflow nor vanish."""

import numpy as np
from numpy.typing import ArrayLike

from engine.activations import Array


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
