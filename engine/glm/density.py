"""The distribution of y that a family gives where its mean is μ: densities, probabilities, spread.

McCullagh & Nelder, Generalized Linear Models, 2nd ed. 1989, §2.2 (table 2.1) and §8.2.
"""

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.errors import ExperimentError
from engine.glm.families import FAMILIES
from engine.glm.likelihood import log_peak

DISCRETE = ("binomial", "poisson")
"""Families whose y are counts: they have probabilities, the others densities."""


def density(
    family: str, y: ArrayLike, mu: ArrayLike, dispersion: float = 1.0, trials: float = 1.0
) -> Array:
    """The density of y, or its probability where y is a count, in a family with mean μ.

    gaussian: normal with variance φ. gamma: shape 1/φ and scale μφ, so that the variance is φμ².
    binomial: y successes in so many trials, of probability μ each. poisson: counts with mean μ.
    Computed from logarithms; numbers that are no counts have the probability 0.

    Arguments:
        family: a name in ``GLM_NETWORKS``.
        y: values, of any shape; for binomial numbers of successes, 0 … trials.
        mu: the mean, of a shape that goes with y; for binomial of one trial.
        dispersion: φ, as ``GlmFit.dispersion``; binomial and poisson have none.
        trials: for binomial.

    Returns:
        Densities in 1/(unit of y), or probabilities; NaN where μ, φ or the trials are those of no
        such distribution.

    Raises:
        ExperimentError: if there is no such family.

    Example:
        >>> import engine
        >>> engine.density("binomial", [0, 1, 2], 0.5, trials=2).round(12).tolist()
        [0.25, 0.5, 0.25]
    """
    y, mu = np.broadcast_arrays(np.asarray(y, np.float64), np.asarray(mu, np.float64))
    spread = variance(family, mu, dispersion, trials)
    with np.errstate(all="ignore"):
        if family in DISCRETE:
            whole = (y >= 0.0) & (y == np.round(y))
            k = np.where(whole, y, 0.0)
            log = _log_poisson(k, mu) if family == "poisson" else _log_binomial(k, mu, trials)
            result = np.where(whole, np.exp(log), 0.0)
        elif family == "gaussian":
            result = np.exp(-0.5 * (y - mu) ** 2 / dispersion) / np.sqrt(2.0 * np.pi * dispersion)
        else:
            result = _gamma(y, mu, dispersion)
        possible = np.isfinite(spread)
    values: Array = np.where(possible, result, np.nan)
    return values


def variance(family: str, mu: ArrayLike, dispersion: float = 1.0, trials: float = 1.0) -> Array:
    """The variance of y in a family with mean μ: φV(μ); for binomial that of the successes.

    gaussian φ, binomial trials·μ(1 − μ), poisson μ, gamma φμ² (McCullagh & Nelder 1989, table 2.1).

    Arguments:
        family, mu, dispersion, trials: as for ``density``.

    Returns:
        Variances in the squared unit of y, of the shape of μ; NaN where there is no such
        distribution.

    Raises:
        ExperimentError: if there is no such family.

    Example:
        >>> from engine.glm.density import variance
        >>> float(variance("gamma", 3.0, dispersion=0.5))
        4.5
    """
    means = np.asarray(mu, dtype=np.float64)
    if family not in FAMILIES:
        names = ", ".join(FAMILIES)
        raise ExperimentError(f"unknown family {family!r}; there are: {names}")
    low, high = FAMILIES[family].means
    possible = np.isfinite(means) & (means >= low) & (means <= high)
    if family == "binomial":
        possible &= trials >= 1.0
    elif family != "poisson":
        possible &= 0.0 < dispersion < np.inf
    with np.errstate(all="ignore"):
        values = {
            "gaussian": np.full_like(means, dispersion),
            "binomial": trials * means * (1.0 - means),
            "poisson": means,
            "gamma": dispersion * means**2,
        }[family]
    result: Array = np.where(possible, values, np.nan)
    return result


def _log_poisson(k: Array, mu: Array) -> Array:
    from scipy.special import gammaln, xlogy  # imported late: SciPy is slow to import

    result: Array = xlogy(k, mu) - mu - gammaln(k + 1.0)
    return result


def _log_binomial(k: Array, mu: Array, trials: float) -> Array:
    from scipy.special import gammaln, xlog1py, xlogy

    m = np.maximum(trials, k)
    logs = gammaln(m + 1.0) - gammaln(k + 1.0) - gammaln(m - k + 1.0)
    logs += xlogy(k, mu) + xlog1py(m - k, -mu)
    result: Array = np.where(k > trials, -np.inf, logs)
    return result


def _gamma(y: Array, mu: Array, dispersion: float) -> Array:
    """From its value at y = μ, so that nothing cancels for a large shape; 0 for y ≤ 0."""
    if not 0.0 < dispersion < np.inf:
        return np.full_like(y, np.nan)
    shape, ratio = 1.0 / dispersion, y / mu
    log = log_peak(shape) + shape * (np.log(ratio) - (ratio - 1.0)) - np.log(y)
    result: Array = np.where(y > 0.0, np.exp(log), 0.0)
    return result
