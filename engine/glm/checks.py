"""The checks of what is given to ``glm``."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.data.exact_input import check_finite, check_least, read_numbers
from engine.errors import DataError, ExperimentError, ShapeError
from engine.glm.families import NEGATIVE_BINOMIAL, Model
from engine.glm.likelihood import binomial_sizes
from engine.glm.responses import (
    Remark,
    binomial_remarks,
    check_counts,
    check_trials,
    poisson_remarks,
    shares_of_trials,
    trials_with,
)
from engine.network.losses import check_targets, loss_named

SMALLEST = 1e-150  # the largest |y| must be above this and below its inverse: y² must fit float64


class Data(NamedTuple):
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


def checked(
    model: Model,
    X: ArrayLike,
    y: ArrayLike,
    trials: ArrayLike | None,
    weights: ArrayLike | None,
    offset: ArrayLike | None,
    failures: ArrayLike | None,
) -> Data:
    """The data of a model with their shapes and values checked; see ``glm`` for errors."""
    X, y = read_numbers(X, "X").floats, read_numbers(y, "y").floats
    X = X[:, None] if X.ndim == 1 else X
    y = y[:, 0] if y.ndim == 2 and y.shape[1] == 1 else y
    if X.ndim != 2 or y.shape != (len(X),) or len(X) == 0:
        raise ShapeError(f"glm takes X (n, d) and y (n,); it got {X.shape} and {y.shape}")
    for name, given in (("trials", trials), ("failures", failures)):
        if given is not None and model.family.variance != "binomial":
            raise ExperimentError(f"{name} go with family binomial, not {model.family.name}")
    if trials is not None and failures is not None:
        raise ExperimentError("give trials or failures, not both")
    n = len(y)
    m = _column(trials, n, "trials")
    prior = _column(weights, n, "weights")
    shift = _column(offset, n, "offset")
    if prior is not None:
        check_least(prior, 0.0, "weights")
    remarks: tuple[Remark, ...] = ()
    lost = _column(failures, n, "failures")
    if lost is not None:
        m, empty, remarks = trials_with(y, lost)
        if empty.any():
            prior = np.where(empty, 0.0, 1.0 if prior is None else prior)
        y = y / m
    elif m is not None:
        check_trials(m)
        y, remarks = shares_of_trials(y, m)
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
    if model.family.name == NEGATIVE_BINOMIAL:
        check_counts(y)
    return Data(X, y, m, prior, shift, remarks)


def _column(values: ArrayLike | None, n: int, name: str) -> Array | None:
    """Numbers (n,); None for None."""
    if values is None:
        return None
    column = read_numbers(values, name).floats
    if column.shape != (n,):
        raise ShapeError(f"glm: {name} has shape {column.shape}, not ({n},)")
    return column
