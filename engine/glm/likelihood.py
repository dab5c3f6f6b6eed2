"""Log-likelihoods of the families, and the null model: intercept and offset alone."""

import numpy as np

from engine.arrays import Array
from engine.glm.irls import Regression, irls
from engine.glm.negative_binomial import NegativeBinomial
from engine.glm.responses import counts
from engine.network.losses import loss_for
from engine.network.output_logs import MEANS


def log_likelihood(problem: Regression, gamma: Array, trials: Array | None) -> float:
    """The log-likelihood at γ, from which R computes AIC (the ``aic`` of its families).

    The dispersion (gaussian, gamma) is deviance/n. ``trials`` (n,): given if y are proportions of
    them. Numbers of successes are rounded; it is −∞ for Poisson counts that are not whole, and NaN
    for a quasi-likelihood.
    """
    model, y, w = problem.model, problem.y, problem.weights
    family = model.family.name
    if model.family.quasi:
        return float("nan")
    with np.errstate(all="ignore"):
        eta = problem.eta(gamma)
        if family == "gaussian":
            variance = problem.deviance(eta) / len(y)
            half = 0.5 * len(y) * (np.log(2.0 * np.pi * variance) + 1.0)
            return float(0.5 * np.log(w).sum() - half)
        if family == "gamma":
            shape = float(w.sum() / problem.deviance(eta))
            return float(w.sum() * (log_peak(shape) - 0.5) - w @ np.log(y))
        if isinstance(model, NegativeBinomial):
            return model.log_likelihood(y, model.mean(eta), w)
        if family == "poisson":
            return _poisson(problem, eta)
        return _binomial(problem, eta, trials)


def binomial_sizes(weights: Array, trials: Array | None) -> Array:
    """The sizes of the binomials (n,) by R's rule: the trials if any is above 1, else the weights.

    ``weights`` are those of the examples, without the trials.
    """
    return trials if trials is not None and (trials > 1.0).any() else weights


def _poisson(problem: Regression, eta: Array) -> float:
    from scipy.special import gammaln  # imported late: SciPy is slow to import

    model, y, w = problem.model, problem.y, problem.weights
    if not counts(y).all():
        return -np.inf
    z, mu = eta[:, None], model.mean(eta)[:, None]
    costs = loss_for(model.family.loss, model.link.output).cost(z, mu, y[:, None])
    return float(-w @ (costs + gammaln(y + 1.0)))


def _binomial(problem: Regression, eta: Array, trials: Array | None) -> float:
    """Σ (w/m) log P(k of m): m the sizes and k = m·y, both rounded, and w the prior weights."""
    from scipy.special import gammaln

    weights = problem.weights if trials is None else problem.weights / trials
    sizes = binomial_sizes(weights, trials)
    m, k = np.round(sizes), np.round(sizes * problem.y)
    mean = MEANS[problem.model.link.output]
    assert mean.log_complement is not None
    logs = gammaln(m + 1.0) - gammaln(k + 1.0) - gammaln(m - k + 1.0)
    logs += np.where(k > 0.0, k * mean.log(eta), 0.0)
    logs += np.where(m > k, (m - k) * mean.log_complement(eta), 0.0)
    return float((problem.weights / sizes) @ logs)


def log_peak(shape: float) -> float:
    """log of y·p(y) at y = μ of a gamma distribution: shape·log shape − shape − log Γ(shape).

    The terms cancel for a large shape: then from Stirling's series.
    """
    from scipy.special import gammaln

    if shape < 100.0:
        return float(shape * np.log(shape) - shape - gammaln(shape))
    square = shape**2
    series = (1.0 / 12.0 - (1.0 / 360.0 - 1.0 / (1260.0 * square)) / square) / shape
    return float(0.5 * np.log(shape / (2.0 * np.pi)) - series)


def level(problem: Regression) -> float:
    """g(ȳ), the intercept of the null model without offset; infinite if all y are at an end."""
    mean = np.average(problem.y, weights=problem.weights)
    return float(problem.model.link.of_mean(np.array([mean]))[0])


def null_deviance(problem: Regression, intercept: bool) -> float:
    """The deviance of the null model; without an intercept, of the offset alone."""
    n, offset = len(problem.y), problem.offset
    with np.errstate(all="ignore"):
        if not intercept:
            return problem.deviance(offset)
        eta = np.full(n, level(problem))
        if not offset.any():
            return float(problem.weights @ problem.model.deviances(eta, problem.y))
        null = Regression(problem.model, np.ones((n, 1)), problem.y, problem.weights, offset)
        path = irls(null, eta, eta[:1] - offset.mean(), 100)
    return path.deviances[-1] if path else float("nan")
