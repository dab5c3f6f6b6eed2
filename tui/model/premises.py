"""What can be said of a number, and what cannot because the number is not known."""

from __future__ import annotations

from functools import lru_cache
from math import isnan, nan
from typing import TYPE_CHECKING

import numpy as np

from engine import BackwardPass, Network, OlsFit
from engine.arrays import Array

if TYPE_CHECKING:  # it would be imported before the first paint
    from engine import GlmFit

OF_ERROR = 1e-10  # of a standard error: a smaller coefficient is 0
OF_TERMS = 4.0, 1e-12  # likewise, if it also adds to no ŷ more than this share of the terms
OF_BIAS = 1e-15  # of the other terms in z: a smaller bias is 0


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


@lru_cache(maxsize=4)
def coefficient_rounding(fit: OlsFit | GlmFit) -> Array:
    """The sizes (p,) below which coefficients of a fit, or differences of such, are 0 but for
    rounding."""
    with np.errstate(all="ignore"):
        of_error, of_terms = OF_TERMS
        largest = np.abs(fit.design).max(axis=0)
        terms = (np.abs(fit.coefficients) * largest).sum() / largest
        least = np.minimum(of_error * fit.standard_errors, of_terms * terms)
        limits: Array = np.fmax(OF_ERROR * fit.standard_errors, least)
    return limits


def without_rounding(values: Array, fit: OlsFit | GlmFit) -> Array:
    """Coefficients (p,), or differences of such, 0 where they are no more than rounding."""
    result: Array = np.where(np.abs(values) < coefficient_rounding(fit), 0.0, values)
    return result


def shown_bias(network: Network, batch: BackwardPass, layer: int) -> Array:
    """The biases (n_l,) of layer 1 … L, 0 where they are no more than rounding beside the other
    terms of z over a batch: +2e−16 of terms about 1."""
    bias, W = network.biases[layer - 1], network.weights[layer - 1]
    with np.errstate(all="ignore"):
        terms = np.abs(W) @ np.abs(batch.forward.a[layer - 1]).max(axis=0)
        shown: Array = np.where(np.abs(bias) <= OF_BIAS * terms, 0.0, bias)
    return shown
