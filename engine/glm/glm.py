"""Generalised linear models by iteratively reweighted least squares.

Such a model is a one-layer network: its output activation is the inverse link, its loss the
family's −log-likelihood (``families.GLM_NETWORKS``), and ``GlmFit.network`` is that network.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.data.exact_input import check_finite, read_numbers
from engine.errors import DataError, EngineError, ExperimentError, ShapeError
from engine.glm.families import Model, model_named
from engine.glm.fit import GlmFit
from engine.glm.irls import Regression, irls
from engine.least_squares.gram import scale
from engine.least_squares.ols import ols
from engine.network.losses import check_targets, loss_named

SMALLEST = 1e-150  # in size, of y: the squares of what is larger fit float64


def glm(
    X: ArrayLike,
    y: ArrayLike,
    family: str = "binomial",
    link: str | None = None,
    intercept: bool = True,
    trials: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    offset: ArrayLike | None = None,
    names: Sequence[str] | None = None,
    max_iterations: int = 100,
) -> GlmFit:
    """Fit g(μ) = intercept + Xβ + offset to y (n,), for X (n, d).

    Families and links: ``engine.GLM_NETWORKS`` lists them; without a link, the canonical one.
    With ``trials`` (n,) y counts the successes among them (grouped binomial); else binomial y are
    0, 1 or between. ``weights`` (n,) multiply the log-likelihood. ``offset`` (n,) is added to the
    linear predictor. Columns that earlier ones combine to are left out, and named in ``dropped``.

    Separation and the lack of convergence are told by the result (``converged``, ``note``).
    ShapeError, DataError or ExperimentError where the data or settings make no model, EngineError
    where no start can be found at which all means are possible.
    """
    model = model_named(family, link)
    X, y, m, prior, shift = _checked(model, X, y, trials, weights, offset)
    used = prior > 0.0
    labels = [f"x{i}" for i in range(1, X.shape[1] + 1)] if names is None else [*names]
    if len(labels) != X.shape[1]:
        raise ShapeError(f"glm: {len(labels)} names for {X.shape[1]} columns")
    kept = _independent(X[used], intercept, labels)
    Z, back = _standardised(X[used], kept, intercept)
    if not Z.shape[1]:
        raise DataError("glm: there is no column to fit: an intercept would do")
    problem = Regression(model, Z, y[used], (prior * m)[used], shift[used])
    with np.errstate(all="ignore"):  # impossible means are looked for
        start = _start(problem)
        level = np.linalg.lstsq(Z, start.mean() - problem.offset)[0]
        path = irls(problem, start, level, max_iterations)
    if path is None:
        raise EngineError(
            f"glm: no start found at which every mean is one that {family} can have; "
            f"another link than {model.link.name}, or an intercept, may do"
        )
    return GlmFit(
        model=model,
        design=np.column_stack([np.ones(len(X)), X]) if intercept else X,
        y=y,
        trials=None if trials is None else m,
        weights=None if weights is None else prior,
        offset=None if offset is None else shift,
        names=("intercept", *labels) if intercept else tuple(labels),
        intercept=intercept,
        dropped=tuple(label for i, label in enumerate(labels) if i not in kept),
        problem=problem,
        path=path,
        back=back,
    )


def _checked(
    model: Model,
    X: ArrayLike,
    y: ArrayLike,
    trials: ArrayLike | None,
    weights: ArrayLike | None,
    offset: ArrayLike | None,
) -> tuple[Array, Array, Array, Array, Array]:
    """X (n, d), y (n,) as shares of the trials, and trials, weights and offset, each (n,)."""
    X, y = read_numbers(X, "X").floats, read_numbers(y, "y").floats
    X = X[:, None] if X.ndim == 1 else X
    y = y[:, 0] if y.ndim == 2 and y.shape[1] == 1 else y
    if X.ndim != 2 or y.shape != (len(X),) or len(X) == 0:
        raise ShapeError(f"glm takes X (n, d) and y (n,); it got {X.shape} and {y.shape}")
    if trials is not None and model.family.name != "binomial":
        raise ExperimentError(f"trials go with family binomial, not {model.family.name}")
    n = len(y)
    m = _column(trials, n, "trials", least=1.0)
    prior = _column(weights, n, "weights", least=0.0)
    shift = np.zeros(n) if offset is None else _column(offset, n, "offset")
    if trials is not None:
        if (y < 0.0).any() or (y > m).any():
            raise DataError("glm: with trials, y counts successes: from 0 to the trials")
        y = y / m
    check_targets(loss_named(model.family.loss), y[:, None])
    check_finite(X, "X")
    largest = np.abs(y).max()
    if largest and not SMALLEST < largest < 1.0 / SMALLEST:
        raise DataError(f"glm: y is of size {largest:.0e}, too far from 1 to square: scale it")
    if not prior.any():
        raise DataError("glm: every weight is 0")
    return X, y, m, prior, shift


def _column(values: ArrayLike | None, n: int, name: str, least: float = -np.inf) -> Array:
    """(n,) numbers, none below the least; ones for None."""
    column = np.ones(n) if values is None else read_numbers(values, name).floats
    if column.shape != (n,):
        raise ShapeError(f"glm: {name} has shape {column.shape}, not ({n},)")
    if not np.isfinite(column).all() or (column < least).any():
        raise DataError(f"glm: {name} must be finite and {least:g} or more")
    return column


def _independent(X: Array, intercept: bool, labels: list[str]) -> list[int]:
    """The columns that earlier ones (and the intercept) do not combine to."""
    if not labels:
        return []
    places = [str(i) for i in range(len(labels))]  # labels need not differ
    fit = ols(X, np.zeros(len(X)), intercept, names=places, method="fast")
    dropped = set(fit.dropped)
    return [i for i, place in enumerate(places) if place not in dropped]


def _standardised(X: Array, kept: list[int], intercept: bool) -> tuple[Array, Array]:
    """Z (n, r): the kept columns centred (with an intercept) and of mean square 1.

    And the matrix (p, r) that takes the coefficients of Z to those of X, 0 for columns left out.
    """
    rows, exponents = scale(X[:, kept].T)  # what is squared or summed is near 1
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
    """Linear predictors (n,) to start from: of the family's starting means, where possible."""
    model = problem.model
    means = model.family.start(problem.y, problem.weights)
    centre = float(problem.weights @ means / problem.weights.sum())
    for mu in (means, np.full_like(means, centre)):
        eta = model.link.of_mean(mu)
        if np.isfinite(eta).all() and model.possible(model.mean(eta)):
            return eta
    return model.link.of_mean(np.full_like(means, 0.5))  # a mean for every family and link
