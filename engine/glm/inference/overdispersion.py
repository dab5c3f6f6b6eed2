"""Whether counts vary more than their family says."""

from dataclasses import dataclass
from math import nan

import numpy as np

from engine.arrays import Array
from engine.glm.families import NEGATIVE_BINOMIAL
from engine.glm.statistics import GlmStatistics
from engine.least_squares.inference.tails import p_of_chi2

LARGE, MOST_SMALL, SMALLEST = 5.0, 0.2, 1.0  # Cochran, Biometrics 10 (1954), 417–451


@dataclass(frozen=True)
class Overdispersion:
    """Pearson's χ² over its degrees of freedom, about 1 if the family has the right variance.

    Attributes:
        ratio: χ²/freedom, an estimate of φ; NaN if ``freedom`` is 0.
        chi2, freedom: Pearson's statistic and its degrees of freedom.
        p_value: the upper tail of χ²; NaN where that is not the distribution of the statistic.
        reason: why there is no p-value; "" if there is one.

    Example:
        >>> import engine
        >>> seen = engine.glm([0, 1, 2, 3], [9, 31, 14, 80], "poisson").overdispersion
        >>> f"{seen.ratio:.2f}", seen.freedom, f"{seen.p_value:.0e}"
        ('11.58', 2, '9e-06')
    """

    ratio: float
    chi2: float
    freedom: int
    p_value: float
    reason: str


def overdispersion(fit: GlmStatistics) -> Overdispersion | None:
    """See ``GlmFit.overdispersion``."""
    if fit.model.family.variance not in ("poisson", "binomial", NEGATIVE_BINOMIAL):
        return None
    reason = _reason(fit)
    ratio = fit.pearson_chi2 / fit.freedom if fit.freedom > 0 else nan
    p = nan if reason else p_of_chi2(fit.pearson_chi2, fit.freedom)
    return Overdispersion(ratio, fit.pearson_chi2, fit.freedom, p, reason)


def _reason(fit: GlmStatistics) -> str:
    """Why χ² does not follow its distribution; "" if it does, nearly."""
    if fit.freedom <= 0:
        return "there are as many coefficients as examples"
    if not fit.converged:
        return "the fit has not converged"
    if fit.family == NEGATIVE_BINOMIAL:
        return "θ is chosen to fit the variance"
    sizes, mu = fit.problem.weights, _means(fit)
    counts = sizes * mu
    if fit.model.family.variance == "binomial":
        if not (sizes > 1.0).any():
            return "each example is one trial: χ² then says nothing of the variance"
        counts = np.concatenate([counts, sizes * (1.0 - mu)])
    if (counts < SMALLEST).any() or (counts < LARGE).mean() > MOST_SMALL:
        return (
            "the fitted counts are too small for χ²: none should be below 1, and at most a fifth "
            "below 5"
        )
    return ""


def _means(fit: GlmStatistics) -> Array:
    """μ of the examples of weight above 0."""
    with np.errstate(all="ignore"):
        return fit.model.mean(fit.problem.eta(fit.path.gammas[-1]))
