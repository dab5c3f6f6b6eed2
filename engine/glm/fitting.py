"""Fitting a generalised linear model: checks, the start, and the iterations of IRLS."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.data.exact_input import check_finite, check_least, read_numbers
from engine.errors import DataError, EngineError, ExperimentError, ShapeError
from engine.glm.families import Model, model_named
from engine.glm.fit import GlmFit
from engine.glm.irls import Regression, irls
from engine.glm.likelihood import binomial_sizes
from engine.glm.responses import (
    Remark,
    binomial_remarks,
    check_trials,
    poisson_remarks,
    shares_of_trials,
)
from engine.least_squares.gram import scale
from engine.least_squares.ols import ols
from engine.network.losses import check_targets, loss_named
from engine.wording import plural

SMALLEST = 1e-150  # the largest |y| must be above this and below its inverse: y² must fit float64


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
) -> GlmFit:
    """The fit that ``glm`` returns; the arguments and errors are those of ``glm``."""
    model = model_named(family, link)
    data = _checked(model, X, y, trials, weights, offset)
    labels = [f"x{i}" for i in range(1, data.X.shape[1] + 1)] if names is None else [*names]
    if len(labels) != data.X.shape[1]:
        raise ShapeError(
            f"glm: {plural(len(labels), 'name')} for {plural(data.X.shape[1], 'column')}"
        )
    return _fitted(model, data, labels, intercept, max_iterations)


class _Data(NamedTuple):
    """The checked data: X (n, d), and y (n,) as proportions of the trials; others (n,) or None."""

    X: Array
    y: Array
    trials: Array | None
    weights: Array | None
    offset: Array | None
    remarks: tuple[Remark, ...]

    def prior_weights(self) -> Array:
        """Weights times trials (n,)."""
        weights = np.ones(len(self.y)) if self.weights is None else self.weights
        return weights if self.trials is None else weights * self.trials


def _fitted(
    model: Model, data: _Data, labels: list[str], intercept: bool, max_iterations: int
) -> GlmFit:
    X, prior = data.X, data.prior_weights()
    used = prior > 0.0
    kept = _independent(X[used], intercept, labels)
    Z, back = _standardised(X[used], kept, intercept)
    if not Z.shape[1]:
        raise DataError("glm: there is no column to fit; add an intercept")
    shift = np.zeros(len(X)) if data.offset is None else data.offset
    problem = Regression(model, Z, data.y[used], prior[used], shift[used])
    with np.errstate(all="ignore"):  # means outside the range are found by their inf or NaN
        start = _start(problem)
        fallback = np.linalg.lstsq(Z, start.mean() - problem.offset)[0]
        path = irls(problem, start, fallback, max_iterations)
    if path is None:
        raise EngineError(
            f"glm: no start found with means that are possible for {model.family.name}; "
            f"try another link than {model.link.name}, or add an intercept"
        )
    return GlmFit(
        model=model,
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
        remarks=data.remarks,
    )


def _checked(
    model: Model,
    X: ArrayLike,
    y: ArrayLike,
    trials: ArrayLike | None,
    weights: ArrayLike | None,
    offset: ArrayLike | None,
) -> _Data:
    X, y = read_numbers(X, "X").floats, read_numbers(y, "y").floats
    X = X[:, None] if X.ndim == 1 else X
    y = y[:, 0] if y.ndim == 2 and y.shape[1] == 1 else y
    if X.ndim != 2 or y.shape != (len(X),) or len(X) == 0:
        raise ShapeError(f"glm takes X (n, d) and y (n,); it got {X.shape} and {y.shape}")
    if trials is not None and model.family.name != "binomial":
        raise ExperimentError(f"trials go with family binomial, not {model.family.name}")
    n = len(y)
    m = _column(trials, n, "trials")
    prior = _column(weights, n, "weights")
    shift = _column(offset, n, "offset")
    remarks: tuple[Remark, ...] = ()
    if m is not None:
        check_trials(m)
        y, remarks = shares_of_trials(y, m)
    if prior is not None:
        check_least(prior, 0.0, "weights")
    if shift is not None:
        check_least(shift, -np.inf, "offset")
    check_targets(loss_named(model.family.loss), y[:, None])
    check_finite(X, "X")
    largest = np.abs(y).max()
    if largest and not SMALLEST < largest < 1.0 / SMALLEST:
        raise DataError(
            f"glm: y is of size {largest:.0e}, too large or too small to square: scale it"
        )
    if prior is not None and not prior.any():
        raise DataError("glm: every weight is 0")
    if model.family.name == "binomial":
        remarks += binomial_remarks(y, binomial_sizes(np.ones(n) if prior is None else prior, m))
    if model.family.name == "poisson":
        remarks += poisson_remarks(y)
    return _Data(X, y, m, prior, shift, remarks)


def _column(values: ArrayLike | None, n: int, name: str) -> Array | None:
    """Numbers (n,); None for None."""
    if values is None:
        return None
    column = read_numbers(values, name).floats
    if column.shape != (n,):
        raise ShapeError(f"glm: {name} has shape {column.shape}, not ({n},)")
    return column


def _independent(X: Array, intercept: bool, labels: list[str]) -> list[int]:
    """The columns that are not linear combinations of earlier ones and the intercept."""
    if not labels:
        return []
    numbers = [str(i) for i in range(len(labels))]  # the labels may not be unique
    fit = ols(X, np.zeros(len(X)), intercept, names=numbers, method="fast")
    dropped = set(fit.dropped)
    return [i for i, number in enumerate(numbers) if number not in dropped]


def _standardised(X: Array, kept: list[int], intercept: bool) -> tuple[Array, Array]:
    """Z (n, r), the kept columns centred (if there is an intercept) and scaled to mean square 1.

    And the matrix (p, r) from the coefficients of Z to those of X, 0 for dropped columns.
    """
    rows, exponents = scale(X[:, kept].T)  # by powers of two, so that no square overflows
    columns = rows.T
    means = columns.mean(axis=0) if intercept else np.zeros(len(kept))
    centred = columns - means
    lengths = np.sqrt((centred**2).mean(axis=0))
    slopes = np.zeros((X.shape[1], len(kept)))
    with np.errstate(over="ignore"):
        slopes[kept, np.arange(len(kept))] = np.ldexp(1.0 / lengths, -exponents)
    if not np.isfinite(slopes).all():
        raise DataError("glm: a coefficient would be too large for float64: scale X")
    if not intercept:
        return centred / lengths, slopes
    Z = np.column_stack([np.ones(len(X)), centred / lengths])
    return Z, np.block(
        [[np.ones((1, 1)), -(means / lengths)[None]], [np.zeros((len(slopes), 1)), slopes]]
    )


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
