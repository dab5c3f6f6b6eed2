"""Cost functions: C_x of each example, its gradient, and δ of the output layer."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Array, Bools
from engine.errors import ExperimentError, RowError
from engine.network.activations import Activation
from engine.network.output_logs import MEANS, Mean

EPSILON_SUM = 1e-9  # tolerance of the sum 1 of class probabilities

Cost = Callable[[Array, Array, Array], Array]
DeltaRule = Callable[[Array, Array, Array, Array, Array], object]
MeanCost = Callable[[Mean, Array, Array, Array], Array]
MeanDelta = Callable[[Mean, Array, Array, Array, Array, Array], object]


def _zeros(y: Array) -> Array:
    return np.zeros_like(y)


class Loss(NamedTuple):
    """A cost C_x; z and a of the output layer, and y, are (n, k).

    ``cost(z, a, y)`` is C_x (n,), ``gradient(a, y, out)`` writes ∇_a C_x. ``canonical`` is the
    output activation that goes with the loss by default; with it δ⁽ᴸ⁾ is ``factor``·(a − y), if
    ``factor`` is not None. ``outputs`` are the other output activations that go with this loss
    (None: any). For those, ``of_mean`` has cost and δ computed from log a (see ``output_logs``),
    which ``loss_for`` uses as ``cost`` and ``delta``. In all other cases δ is computed from ∇_a C_x
    and σ′. ``saturated(y)`` is the smallest possible cost of each target (n, k), that of a = y.
    ``squares``: C_x is this times Σ(a − y)²; None for other costs.
    """

    name: str
    cost: Cost
    gradient: Callable[[Array, Array, Array], object]
    canonical: str
    factor: float | None = 1.0
    outputs: tuple[str, ...] | None = ()
    of_mean: tuple[MeanCost, MeanDelta] | None = None
    delta: DeltaRule | None = None
    saturated: Callable[[Array], Array] = _zeros
    squares: float | None = None

    def factor_with(self, output: str) -> float | None:
        """The factor in δ⁽ᴸ⁾ = factor·(a − y) with that output activation; None if δ differs."""
        return self.factor if output == self.canonical else None


def _quadratic(z: Array, a: Array, y: Array) -> Array:
    result: Array = ((a - y) ** 2).sum(axis=1)
    return result


def _quadratic_gradient(a: Array, y: Array, out: Array) -> None:
    np.subtract(a, y, out)
    np.add(out, out, out)


def _half_quadratic(z: Array, a: Array, y: Array) -> Array:
    return 0.5 * _quadratic(z, a, y)


def _half_quadratic_gradient(a: Array, y: Array, out: Array) -> None:
    np.subtract(a, y, out)


def _binary_cross_entropy(z: Array, a: Array, y: Array) -> Array:
    # −y log a − (1 − y) log(1 − a) with a = sigmoid(z), without forming a: nothing overflows
    terms = (np.maximum(z, 0.0) - y * z) + np.log1p(np.exp(-np.abs(z)))
    result: Array = terms.sum(axis=1)
    return result


def _binary_cross_entropy_gradient(a: Array, y: Array, out: Array) -> None:
    np.divide(a - y, a * (1.0 - a), out)


def _binary_cross_entropy_of_mean(mean: Mean, z: Array, a: Array, y: Array) -> Array:
    assert mean.log_complement is not None
    costs = -_times(y, mean.log(z)) - _times(1.0 - y, mean.log_complement(z))
    return _sum_where((a >= 0.0) & (a <= 1.0), costs)


def _binary_cross_entropy_delta_of_mean(
    mean: Mean, z: Array, a: Array, out: Array, scratch: Array, y: Array
) -> None:
    slope = mean.log_complement_slope
    assert slope is not None
    np.copyto(out, -_times(y, mean.log_slope(z)) - _times(1.0 - y, slope(z)))


def _cross_entropy(z: Array, a: Array, y: Array) -> Array:
    # −Σ y log softmax(z), for rows of y that sum to 1
    top = z.max(axis=1, keepdims=True)
    result: Array = np.log(np.exp(z - top).sum(axis=1)) + (y * (top - z)).sum(axis=1)
    return result


def _cross_entropy_gradient(a: Array, y: Array, out: Array) -> None:
    np.divide(y, a, out)
    np.negative(out, out)


def _poisson(z: Array, a: Array, y: Array) -> Array:
    result: Array = (a - y * z).sum(axis=1)  # a − y log a with a = exp(z)
    return result


def _poisson_gradient(a: Array, y: Array, out: Array) -> None:
    np.divide(y, a, out)
    np.subtract(1.0, out, out)


def _poisson_of_mean(mean: Mean, z: Array, a: Array, y: Array) -> Array:
    return _sum_where(a >= 0.0, a - _times(y, mean.log(z)))


def _poisson_delta_of_mean(
    mean: Mean, z: Array, a: Array, out: Array, scratch: Array, y: Array
) -> None:
    np.subtract(a, y, out)
    np.multiply(out, mean.log_slope(z), out)


def _gamma(z: Array, a: Array, y: Array) -> Array:
    return _sum_where(z > 0.0, y * z - np.log(z))  # y/a + log a with a = 1/z


def _gamma_gradient(a: Array, y: Array, out: Array) -> None:
    np.divide((a - y) / a, a, out)


def _gamma_of_mean(mean: Mean, z: Array, a: Array, y: Array) -> Array:
    return _sum_where(a > 0.0, y / a + mean.log(z))


def _gamma_delta_of_mean(
    mean: Mean, z: Array, a: Array, out: Array, scratch: Array, y: Array
) -> None:
    np.divide(y, a, out)
    np.subtract(1.0, out, out)
    np.multiply(out, mean.log_slope(z), out)


def _times(y: Array, log: Array) -> Array:
    """y·log a, with 0·∞ = 0: an outcome that did not occur adds no cost."""
    result: Array = np.where(y == 0.0, 0.0, y * log)
    return result


def _sum_where(possible: NDArray[np.bool_], costs: Array) -> Array:
    """Row sums of costs; inf in rows where an output is outside the range of the mean."""
    result: Array = np.where(possible, costs, np.inf).sum(axis=1)
    return result


def _y_log_y(y: Array) -> Array:
    result: Array = y * np.log(np.where(y > 0.0, y, 1.0))
    return result


LOSSES = {
    loss.name: loss
    for loss in (
        Loss(
            "quadratic",
            _quadratic,
            _quadratic_gradient,
            "identity",
            factor=2.0,
            outputs=None,
            squares=1.0,
        ),
        Loss(
            "half_quadratic",
            _half_quadratic,
            _half_quadratic_gradient,
            "identity",
            outputs=None,
            squares=0.5,
        ),
        Loss(
            "binary_cross_entropy",
            _binary_cross_entropy,
            _binary_cross_entropy_gradient,
            "sigmoid",
            outputs=("probit", "cloglog", "exp", "identity"),
            of_mean=(_binary_cross_entropy_of_mean, _binary_cross_entropy_delta_of_mean),
            saturated=lambda y: -_y_log_y(y) - _y_log_y(1.0 - y),
        ),
        Loss(
            "cross_entropy",
            _cross_entropy,
            _cross_entropy_gradient,
            "softmax",
            saturated=lambda y: -_y_log_y(y),
        ),
        Loss(
            "poisson",
            _poisson,
            _poisson_gradient,
            "exp",
            outputs=("softplus", "identity"),
            of_mean=(_poisson_of_mean, _poisson_delta_of_mean),
            saturated=lambda y: y - _y_log_y(y),
        ),
        Loss(
            "gamma",  # −log-likelihood, up to the shape parameter and terms of y alone
            _gamma,
            _gamma_gradient,
            "reciprocal",
            factor=-1.0,
            outputs=("exp", "softplus", "identity"),
            of_mean=(_gamma_of_mean, _gamma_delta_of_mean),
            saturated=lambda y: 1.0 + np.log(y),
        ),
    )
}
"""The losses, by name."""


def loss_named(name: str) -> Loss:
    """The loss of that name; ExperimentError lists the valid names."""
    if name not in LOSSES:
        raise ExperimentError(f"unknown loss {name!r}; there are: {', '.join(LOSSES)}")
    return LOSSES[name]


def loss_for(name: str, output: str) -> Loss:
    """The loss as computed with that output activation; ExperimentError if it does not fit."""
    loss = loss_named(name)
    if output == loss.canonical or loss.outputs is None:
        return loss
    if output not in loss.outputs:
        allowed = " or ".join((loss.canonical, *loss.outputs))
        raise ExperimentError(f"loss {name} goes with output {allowed}, not {output}")
    if loss.of_mean is None:
        return loss
    cost, delta = loss.of_mean
    mean = MEANS[output]
    return loss._replace(cost=partial(cost, mean), delta=partial(delta, mean))


def output_delta(loss: Loss, output: Activation) -> DeltaRule:
    """The function ``rule(z, a, out, scratch, y)`` that writes δ⁽ᴸ⁾ = J_σ(z)ᵀ ∇_a C_x into ``out``.

    All arrays are (n, k), or (n,) if k = 1.
    """
    factor = loss.factor_with(output.name)
    if factor is not None:
        return DIFFERENCES[factor]
    if loss.delta is not None:
        return loss.delta
    gradient, derivative = loss.gradient, output.derivative

    def by_softmax(z: Array, a: Array, out: Array, scratch: Array, y: Array) -> None:
        gradient(a, y, out)
        np.subtract(out, (a * out).sum(axis=-1, keepdims=True), out)  # J = diag(a) − a aᵀ
        np.multiply(out, a, out)

    if derivative is None:
        return by_softmax

    def by_slope(z: Array, a: Array, out: Array, scratch: Array, y: Array) -> None:
        gradient(a, y, out)
        derivative(z, a, scratch)
        np.multiply(out, scratch, out)

    return by_slope


def _difference(z: Array, a: Array, out: Array, scratch: Array, y: Array) -> None:
    np.subtract(a, y, out)


def _twice_the_difference(z: Array, a: Array, out: Array, scratch: Array, y: Array) -> None:
    np.subtract(a, y, out)
    np.add(out, out, out)


def _minus_the_difference(z: Array, a: Array, out: Array, scratch: Array, y: Array) -> None:
    np.subtract(y, a, out)


DIFFERENCES: dict[float, DeltaRule] = {
    1.0: _difference,
    2.0: _twice_the_difference,
    -1.0: _minus_the_difference,
}


def check_targets(loss: Loss, Y: Array) -> None:
    """Raise DataError if the loss is not defined for these targets."""
    _check_rows(~np.isfinite(Y), Y, "a target is a finite number")
    if loss.name == "binary_cross_entropy":
        _check_rows((Y < 0.0) | (Y > 1.0), Y, f"{loss.name} takes targets between 0 and 1")
    if loss.name == "poisson":
        _check_rows(Y < 0.0, Y, "poisson takes targets that are counts: 0 or more")
    if loss.name == "gamma":
        _check_rows(Y <= 0.0, Y, "gamma takes targets above 0")
    if loss.name == "cross_entropy":
        faulty = (Y < 0.0) | (np.abs(Y.sum(axis=1, keepdims=True) - 1.0) > EPSILON_SUM)
        _check_rows(faulty, Y, "cross_entropy takes rows of class probabilities that sum to 1")


def _check_rows(faulty: Bools, Y: Array, wanted: str) -> None:
    """RowError if a target is faulty: it shows the first one, and says what is wanted."""
    if faulty.any():
        rows = np.flatnonzero(faulty.any(axis=1))
        value = Y[rows[0]][faulty[rows[0]]][0]
        raise RowError("the target", rows.tolist(), f"it is {value:.6g}; {wanted}")
