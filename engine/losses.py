"""Cost functions: C_x for each example, its gradient, and δ at the output."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.activations import Activation, Array
from engine.errors import DataError, ExperimentError

EPSILON_SUM = 1e-9  # how far from 1 the row sums of class probabilities may be


@dataclass(frozen=True)
class Loss:
    """A cost C_x, with z and a of the output layer and y all (n, k).

    ``cost(z, a, y)`` is C_x (n,). With the output activation ``canonical``, δ⁽ᴸ⁾ is
    ``factor``·(a − y). ``gradient(a, y, out)`` writes ∇_a C_x for the other outputs, listed in
    ``outputs`` (None: any).
    """

    name: str
    cost: Callable[[Array, Array, Array], Array]
    gradient: Callable[[Array, Array, Array], object] | None
    canonical: str
    factor: float = 1.0
    outputs: tuple[str, ...] | None = ()


def _quadratic(z: Array, a: Array, y: Array) -> Array:
    result: Array = ((a - y) ** 2).sum(axis=1)
    return result


def _quadratic_gradient(a: Array, y: Array, out: Array) -> None:
    np.subtract(a, y, out)
    np.add(out, out, out)


def _binary_cross_entropy(z: Array, a: Array, y: Array) -> Array:
    # −y log a − (1 − y) log(1 − a) with a = sigmoid(z), without forming a: nothing overflows
    terms = (np.maximum(z, 0.0) - y * z) + np.log1p(np.exp(-np.abs(z)))
    result: Array = terms.sum(axis=1)
    return result


def _cross_entropy(z: Array, a: Array, y: Array) -> Array:
    # −Σ y log softmax(z), for rows of y that sum to 1
    top = z.max(axis=1, keepdims=True)
    result: Array = np.log(np.exp(z - top).sum(axis=1)) + (y * (top - z)).sum(axis=1)
    return result


def _poisson(z: Array, a: Array, y: Array) -> Array:
    # where a = exp(z) or softplus(z) has underflowed to 0, log a is z
    result: Array = (a - y * np.where(a > 0.0, np.log(a), z)).sum(axis=1)
    return result


def _poisson_gradient(a: Array, y: Array, out: Array) -> None:
    np.divide(y, a, out)
    np.subtract(1.0, out, out)


LOSSES = {
    loss.name: loss
    for loss in (
        Loss("quadratic", _quadratic, _quadratic_gradient, "identity", factor=2.0, outputs=None),
        Loss("binary_cross_entropy", _binary_cross_entropy, None, "sigmoid"),
        Loss("cross_entropy", _cross_entropy, None, "softmax"),
        Loss("poisson", _poisson, _poisson_gradient, "exp", outputs=("softplus",)),
    )
}


def loss_named(name: str) -> Loss:
    """The loss of that name; ExperimentError lists the names there are."""
    if name not in LOSSES:
        raise ExperimentError(f"unknown loss {name!r}; there are: {', '.join(LOSSES)}")
    return LOSSES[name]


def loss_for(name: str, output: str) -> Loss:
    """The loss of that name, checked to go with that output activation."""
    loss = loss_named(name)
    if loss.outputs is not None and output not in (loss.canonical, *loss.outputs):
        fits = " or ".join((loss.canonical, *loss.outputs))
        raise ExperimentError(f"loss {name} goes with output {fits}, not {output}")
    return loss


DeltaRule = Callable[[Array, Array, Array, Array, Array], object]


def output_delta(loss: Loss, output: Activation) -> DeltaRule:
    """The rule for δ⁽ᴸ⁾ = J_σ(z)ᵀ ∇_a C_x, per example: ``rule(z, a, out, scratch, y)`` writes it.

    All arrays are (n, k); with one output they may also be (n,).
    """
    if output.name == loss.canonical:
        return _twice_the_difference if loss.factor == 2.0 else _difference
    gradient, derivative = loss.gradient, output.derivative
    assert gradient is not None  # loss_for admits other outputs only where there is one

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


def check_targets(loss: Loss, Y: Array) -> None:
    """DataError where the targets are outside what the loss is defined for."""
    if not np.isfinite(Y).all():
        raise DataError("the targets hold a number that is not finite")
    if loss.name == "binary_cross_entropy" and (Y.min() < 0.0 or Y.max() > 1.0):
        raise DataError("binary_cross_entropy takes targets between 0 and 1")
    if loss.name == "poisson" and Y.min() < 0.0:
        raise DataError("poisson takes targets that are counts: 0 or more")
    if loss.name == "cross_entropy" and (
        Y.min() < 0.0 or abs(Y.sum(axis=1) - 1.0).max() > EPSILON_SUM
    ):
        raise DataError("cross_entropy takes rows of class probabilities that sum to 1")
