"""log a and log(1 − a) of outputs a = σ(z), computed from z.

Every likelihood loss except the normal one consists of these. Computed from a, they would lose
their digits where a underflows or rounds to 1; computed from z, they are accurate for every z.
The same holds for their derivatives, σ′/a and −σ′/(1 − a).
"""

from collections.abc import Callable
from math import log, pi, sqrt
from typing import NamedTuple

import numpy as np

from engine.arrays import Array

OfZ = Callable[[Array], Array]

TINY = -37.0  # below it, 1 + eᶻ rounds to 1: with t = eᶻ, log(1 − e^−t) and log(log(1 + t)) are z


class Mean(NamedTuple):
    """An output read as a mean: log a and log(1 − a) as functions of z, and their derivatives.

    Outside the domain of the logarithm the result is not finite. ``log_complement`` = log(1 − a)
    is None for outputs that are not probabilities.
    """

    log: OfZ
    log_slope: OfZ
    log_complement: OfZ | None = None
    log_complement_slope: OfZ | None = None


def softplus(z: Array) -> Array:
    """log(1 + eᶻ)."""
    result: Array = np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))
    return result


def _log_one_minus_exp(z: Array) -> Array:
    # log(1 − eᶻ) for z < 0, by the form without cancellation (Mächler 2012)
    result: Array = np.where(z > -log(2.0), np.log(-np.expm1(z)), np.log1p(-np.exp(z)))
    return result


def _ones(z: Array) -> Array:
    return np.ones_like(z)


def _logistic(z: Array) -> Array:
    result: Array = 1.0 / (1.0 + np.exp(-z))
    return result


def _log_softplus(z: Array) -> Array:
    result: Array = np.where(z < TINY, z, np.log(softplus(z)))
    return result


def _log_softplus_slope(z: Array) -> Array:
    result: Array = np.where(z < TINY, 1.0, _logistic(z) / softplus(z))
    return result


def _log_normal_cdf(z: Array) -> Array:
    from scipy.special import log_ndtr  # lazy, as in activations

    result: Array = log_ndtr(z)
    return result


def _log_normal_cdf_slope(z: Array) -> Array:
    from scipy.special import erfcx

    result: Array = sqrt(2.0 / pi) / erfcx(-z / sqrt(2.0))  # φ/Φ, the inverse Mills ratio
    return result


def _log_cloglog(z: Array) -> Array:
    result: Array = np.where(z < TINY, z, _log_one_minus_exp(-np.exp(z)))
    return result


def _log_cloglog_slope(z: Array) -> Array:
    t = np.exp(np.minimum(z, 7.0))  # for larger z, t/(eᵗ − 1) underflows to 0
    result: Array = np.where(z < TINY, 1.0, t / np.expm1(t))
    return result


def _minus_exp(z: Array) -> Array:
    return np.negative(np.exp(z))


MEANS = {
    "identity": Mean(np.log, np.reciprocal, lambda z: np.log1p(-z), lambda z: -1.0 / (1.0 - z)),
    "sigmoid": Mean(
        lambda z: -softplus(-z),
        lambda z: _logistic(-z),
        lambda z: -softplus(z),
        lambda z: -_logistic(z),
    ),
    "probit": Mean(
        _log_normal_cdf,
        _log_normal_cdf_slope,
        lambda z: _log_normal_cdf(-z),
        lambda z: -_log_normal_cdf_slope(-z),
    ),
    "cloglog": Mean(_log_cloglog, _log_cloglog_slope, _minus_exp, _minus_exp),
    "exp": Mean(np.positive, _ones, _log_one_minus_exp, lambda z: 1.0 / -np.expm1(-z)),
    "softplus": Mean(_log_softplus, _log_softplus_slope),
    "reciprocal": Mean(lambda z: -np.log(z), lambda z: -1.0 / z),
}
"""The means, by the name of the output activation."""
