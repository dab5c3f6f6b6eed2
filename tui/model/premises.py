"""What can be said of a number, and what cannot because the number is not known."""

from __future__ import annotations

from functools import lru_cache
from math import isnan, nan
from typing import TYPE_CHECKING

import numpy as np

from engine import Network, OlsFit
from engine.arrays import Array

if TYPE_CHECKING:  # it would be imported before the first paint
    from engine import GlmFit


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


@lru_cache(maxsize=4)
def is_perfect(fit: OlsFit | GlmFit) -> bool:
    """Whether a fit leaves no more than rounding: σ̂ is none of the data's then, nor what is made
    of it, such as t (R: "essentially perfect fit: summary may be unreliable")."""
    from engine.diagnostics.scaled_fit import fits_exactly  # imported late: of two screens alone

    return fits_exactly(fit.y, fit.design, fit.coefficients, fit.y - fit.fitted)
