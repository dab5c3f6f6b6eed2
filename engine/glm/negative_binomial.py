"""The negative binomial family: counts with variance μ + αμ², α = 1/θ, and the estimate of θ.

Lawless, Canadian Journal of Statistics 15 (1987), 209–225; Venables & Ripley, Modern Applied
Statistics with S, 4th ed. 2002, §7.4. All is written in α, which is 0 for a Poisson distribution:
nothing cancels where θ is large.
"""

from dataclasses import dataclass, replace
from math import inf, nan

import numpy as np

from engine.arrays import Array
from engine.glm.families import FAMILIES, NEGATIVE_BINOMIAL, Model

FAMILY = replace(FAMILIES["poisson"], name=NEGATIVE_BINOMIAL)
LARGEST_COUNT = 10_000_000  # a table of that length is made
LARGEST_SPREAD = 1e12
SMALL = 0.1  # below it the logarithms are series
POWERS = np.arange(2, 27)
SERIES = (-1.0) ** POWERS * (POWERS - 1.0) / POWERS  # of ``_curve``


@dataclass(frozen=True)
class NegativeBinomial(Model):
    """The family with α = ``spread``, by the Poisson terms; ``estimated``: α is from the data.

    The score and the information are those of the Poisson distribution over 1 + αμ.
    """

    spread: float
    estimated: bool

    @property
    def theta(self) -> float:
        """θ = 1/α; inf for a Poisson distribution."""
        return 1.0 / self.spread if self.spread else inf

    def score(self, z: Array, y: Array) -> Array:
        return super().score(z, y) / (1.0 + self.spread * self.mean(z))

    def information(self, z: Array) -> Array:
        return super().information(z) / (1.0 + self.spread * self.mean(z))

    def deviances(self, z: Array, y: Array) -> Array:
        """2(y log(y/μ) − (y + θ) log((y + θ)/(μ + θ))), the two logarithms of y taken together."""
        if not self.spread:
            return super().deviances(z, y)
        mu = self.mean(z)
        ratio = np.where(y > 0.0, (y - mu) / (mu * (1.0 + self.spread * y)), 0.0)
        t = self.spread * (y - mu) / (1.0 + self.spread * mu)
        return np.maximum(2.0 * (y * np.log1p(ratio) - np.log1p(t) / self.spread), 0.0)

    def log_likelihood(self, y: Array, mu: Array, weights: Array) -> float:
        """Σw log P(y), with the counts y (n,) and their means."""
        from scipy.special import gammaln, xlogy  # imported late: SciPy is slow to import

        a = self.spread
        steps = _table(np.log1p(a * np.arange(y.max(initial=0.0))))[y.astype(np.int64)]
        tail = y * np.log1p(a * mu) + (np.log1p(a * mu) / a if a else mu)
        return float(weights @ (steps + xlogy(y, mu) - tail - gammaln(y + 1.0)))


def estimated_spread(y: Array, mu: Array, weights: Array) -> float:
    """The α ≥ 0 of the highest likelihood for counts y (n,) with means μ.

    0 if the likelihood falls from there on: the counts vary no more than a Poisson's.
    """
    from scipy.optimize import brentq

    def slope(a: float) -> float:
        return _slope(a, y, mu, weights)

    if not slope(0.0) > 0.0:
        return 0.0
    high = 1e-3
    while slope(high) > 0.0:
        high *= 8.0
        if high > LARGEST_SPREAD:
            return LARGEST_SPREAD
    return float(brentq(slope, 0.0, high, xtol=1e-300, rtol=8.0 * np.finfo(float).eps))


def theta_error(a: float, y: Array, mu: Array, weights: Array) -> float:
    """The standard error of θ̂ = 1/α̂: (−∂²ℓ/∂θ²)^−½ = α⁻²(−∂²ℓ/∂α²)^−½ at the maximum."""
    if not a:
        return nan
    j = np.arange(y.max(initial=0.0))
    steps = _table((j / (1.0 + a * j)) ** 2)[y.astype(np.int64)]
    t = a * mu
    terms = steps - mu**3 * _curve_slope(t) - y * (mu / (1.0 + t)) ** 2
    information = float(weights @ terms)
    return float(1.0 / (a * a * np.sqrt(information))) if information > 0.0 else nan


def _slope(a: float, y: Array, mu: Array, weights: Array) -> float:
    """∂ℓ/∂α (Lawless 1987, §2): Σw(Σ_{j<y} j/(1 + αj) + μ²c(αμ) − yμ/(1 + αμ))."""
    j = np.arange(y.max(initial=0.0))
    steps = _table(j / (1.0 + a * j))[y.astype(np.int64)]
    return float(weights @ (steps + mu**2 * _curve(a * mu) - y * mu / (1.0 + a * mu)))


def _table(terms: Array) -> Array:
    """Sums of the first 0, 1, … terms."""
    result: Array = np.concatenate([[0.0], np.cumsum(terms)])
    return result


def _curve(t: Array) -> Array:
    """c(t) = (log(1 + t) − t/(1 + t))/t², which is ½ at 0."""
    small = np.minimum(t, SMALL)
    series = (SERIES * small[:, None] ** (POWERS - 2)).sum(axis=1)
    large = np.maximum(t, SMALL)
    direct = (np.log1p(large) - large / (1.0 + large)) / large**2
    result: Array = np.where(t < SMALL, series, direct)
    return result


def _curve_slope(t: Array) -> Array:
    """c′(t)."""
    small = np.minimum(t, SMALL)
    terms = SERIES[1:] * (POWERS[1:] - 2)
    series = (terms * small[:, None] ** (POWERS[1:] - 3)).sum(axis=1)
    large = np.maximum(t, SMALL)
    direct = (1.0 / (1.0 + large) ** 2 - 2.0 * _curve(large)) / large
    return np.where(t < SMALL, series, direct)
