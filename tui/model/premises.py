"""What can be said of a number, and what cannot because the number is not known."""

from __future__ import annotations

from math import isnan, nan

import numpy as np

from engine import Network
from engine.arrays import Array


def is_below(value: float, limit: float) -> bool | None:
    """Whether a measured number is below a limit; None for NaN, of which nothing can be said.

    Marks are made of this, because every comparison with NaN is False.
    """
    return None if isnan(value) else value < limit


def finite(value: float) -> float:
    """The number, or NaN if it is infinite: what follows from an overflow is not known."""
    return value if np.isfinite(value) else nan


def is_finite(network: Network, *values: Array) -> bool:
    """Whether every parameter of a network, and every one of these numbers, is finite."""
    return all(bool(np.isfinite(array).all()) for array in (network.parameters, *values))
