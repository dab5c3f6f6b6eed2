"""Log-likelihoods of the families, and the null model: intercept and offset alone."""

import numpy as np

from engine.arrays import Array
from engine.glm.irls import Regression, irls
from engine.network.losses import loss_for


def log_likelihood(problem: Regression, gamma: Array, trials: Array | None) -> float:
    """The log-likelihood at γ. The dispersion (gaussian, gamma) is deviance/n, as in R.

    ``trials`` (n,): given if y are proportions of them. For a family without dispersion it is
    −Σ w·C_x of the family's loss, plus the terms that depend on y alone and that the loss omits.
    """
    from scipy.special import gammaln  # imported late: SciPy is slow to import

    model, y, w = problem.model, problem.y, problem.weights
    family = model.family.name
    with np.errstate(all="ignore"):
        eta = problem.eta(gamma)
        if family == "gaussian":
            variance = problem.deviance(eta) / len(y)
            half = 0.5 * len(y) * (np.log(2.0 * np.pi * variance) + 1.0)
            return float(0.5 * np.log(w).sum() - half)
        if family == "gamma":
            shape = float(w.sum() / problem.deviance(eta))
            return float(w.sum() * (_log_peak(shape) - 0.5) - w @ np.log(y))
        z, mu = eta[:, None], model.mean(eta)[:, None]
        costs = loss_for(model.family.loss, model.link.output).cost(z, mu, y[:, None])
        if family == "poisson":
            return float(-w @ (costs + gammaln(y + 1.0)))
        log_binomials = np.zeros_like(y)
        if trials is not None:
            successes, failures = trials * y, trials * (1.0 - y)
            log_binomials = (
                gammaln(trials + 1.0) - gammaln(successes + 1.0) - gammaln(failures + 1.0)
            )
            log_binomials = log_binomials * (w / trials)
        return float(log_binomials.sum() - w @ costs)


def _log_peak(shape: float) -> float:
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
