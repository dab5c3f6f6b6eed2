"""Fitting a generalised linear model: checks, the start, and the iterations of IRLS."""

from collections.abc import Sequence
from dataclasses import replace
from math import inf

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.errors import DataError, EngineError, ExperimentError, ShapeError
from engine.glm.checks import Data, checked
from engine.glm.design import independent, standardised
from engine.glm.families import NEGATIVE_BINOMIAL, Model, link_named, model_named
from engine.glm.fit import GlmFit
from engine.glm.irls import Iterations, Regression, irls
from engine.glm.negative_binomial import FAMILY, NegativeBinomial, estimated_spread
from engine.glm.responses import Remark
from engine.wording import plural

MOST_TURNS = 200  # of θ and the coefficients of a negative binomial
STILL, NEARLY_STILL = 1e-13, 1e-9  # a change of α relative to it; the second, if it grows again
NO_OVERDISPERSION = Remark(
    "no over-dispersion: the likelihood rises as θ → ∞, where the negative binomial is the Poisson "
    "model"
)


def fit_glm(
    X: ArrayLike,
    y: ArrayLike,
    family: str,
    link: str | None,
    intercept: bool,
    trials: ArrayLike | None,
    weights: ArrayLike | None,
    offset: ArrayLike | None,
    names: Sequence[str] | None,
    max_iterations: int,
    failures: ArrayLike | None = None,
    theta: float | None = None,
) -> GlmFit:
    """The fit that ``glm`` returns; the arguments and errors are those of ``glm``."""
    model = _model(family, link, theta)
    data = checked(model, X, y, trials, weights, offset, failures)
    labels = [f"x{i}" for i in range(1, data.X.shape[1] + 1)] if names is None else [*names]
    if len(labels) != data.X.shape[1]:
        raise ShapeError(
            f"glm: {plural(len(labels), 'name')} for {plural(data.X.shape[1], 'column')}"
        )
    return _fitted(model, data, labels, intercept, max_iterations)


def refitted(fit: GlmFit, columns: Sequence[int], max_iterations: int = 100) -> GlmFit:
    """The same model with some of the columns of X, from 0; θ of a negative binomial is kept."""
    first, model = int(fit.intercept), fit.model
    if isinstance(model, NegativeBinomial):
        model = replace(model, estimated=False)
    labels = [fit.names[first + j] for j in columns]
    X = fit.design[:, [first + j for j in columns]]
    data = Data(X, fit.y, fit.trials, fit.weights, fit.offset, ())
    return _fitted(model, data, labels, fit.intercept, max_iterations)


def _model(family: str, link: str | None, theta: float | None) -> Model:
    """The model; a negative binomial whose θ is to be estimated begins as the Poisson model."""
    if family != NEGATIVE_BINOMIAL:
        if theta is not None:
            raise ExperimentError(f"theta goes with family {NEGATIVE_BINOMIAL}, not {family}")
        return model_named(family, link)
    if theta is not None and not theta > 0.0:
        raise ExperimentError(f"theta must be above 0, not {theta!r}")
    spread = 0.0 if theta is None else 1.0 / theta
    return NegativeBinomial(FAMILY, link_named(FAMILY, link), spread, theta is None)


def _fitted(
    model: Model, data: Data, labels: list[str], intercept: bool, max_iterations: int
) -> GlmFit:
    X, prior = data.X, data.prior_weights()
    used = prior > 0.0
    kept = independent(X[used], intercept, labels)
    Z, back = standardised(X[used], kept, intercept)
    if not Z.shape[1]:
        raise DataError("glm: there is no column to fit; add an intercept")
    shift = np.zeros(len(X)) if data.offset is None else data.offset
    problem = Regression(model, Z, data.y[used], prior[used], shift[used])
    with np.errstate(all="ignore"):  # means outside the range are found by their inf or NaN
        start = _start(problem)
        fallback = np.linalg.lstsq(Z, start.mean() - problem.offset)[0]
        path = irls(problem, start, fallback, max_iterations)
        remarks = data.remarks
        if path is not None and isinstance(model, NegativeBinomial) and model.estimated:
            problem, path = _alternated(problem, path, max_iterations)
            if path.converged and problem.model == replace(model, spread=0.0):
                remarks = (*remarks, NO_OVERDISPERSION)
    if path is None:
        raise EngineError(
            f"glm: no start found with means that are possible for {model.family.name}; "
            f"try another link than {model.link.name}, or add an intercept"
        )
    return GlmFit(
        model=problem.model,
        design=np.column_stack([np.ones(len(X)), X]) if intercept else X,
        y=data.y,
        trials=data.trials,
        weights=data.weights,
        offset=data.offset,
        names=("intercept", *labels) if intercept else tuple(labels),
        intercept=intercept,
        dropped=tuple(label for i, label in enumerate(labels) if i not in kept),
        problem=problem,
        path=path,
        back=back,
        remarks=remarks,
    )


def _alternated(
    problem: Regression, path: Iterations, max_iterations: int
) -> tuple[Regression, Iterations]:
    """Estimate θ and the coefficients of a negative binomial in turns, from the Poisson model on.

    As MASS's glm.nb (Venables & Ripley 2002, §7.4), until θ no longer moves.
    """
    change = inf
    for _ in range(MOST_TURNS):
        model, eta = problem.model, problem.eta(path.gammas[-1])
        assert isinstance(model, NegativeBinomial)
        if not path.converged:
            return problem, path
        spread = estimated_spread(problem.y, model.mean(eta), problem.weights)
        before, change = change, abs(spread - model.spread)
        if change <= STILL * spread or (change <= NEARLY_STILL * spread and change >= before):
            return problem, path
        problem = replace(problem, model=replace(model, spread=spread))
        following = irls(problem, eta, path.gammas[-1], max_iterations)
        if following is None:
            break
        path = following
    return problem, replace(path, converged=False)


def _start(problem: Regression) -> Array:
    """The linear predictors (n,) to start from: those of the family's starting means, if finite.

    Else those of their weighted mean, else of μ = ½, which every family and link allows.
    """
    model = problem.model
    means = model.family.start(problem.y, problem.weights)
    centre = float(problem.weights @ means / problem.weights.sum())
    for mu in (means, np.full_like(means, centre)):
        eta = model.link.of_mean(mu)
        if np.isfinite(eta).all() and model.possible(model.mean(eta)):
            return eta
    return model.link.of_mean(np.full_like(means, 0.5))
