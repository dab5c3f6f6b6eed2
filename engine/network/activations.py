"""Activation functions σ and their derivatives σ′, in one table.

Every function writes into ``out``, so that the readable passes (new arrays) and the fast kernel
(fixed buffers) share one definition. ``out`` must not overlap the inputs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import pi, sqrt

import numpy as np

from engine.arrays import Array
from engine.errors import ExperimentError

LEAK = 0.01  # slope of leaky_relu for z < 0
VECTORISED_SIZE = 2000  # array size from which a vectorised call is worth its overhead

# 0-d arrays: a ufunc converts a Python float again at each call, and this is the inner loop.
ZERO, ONE, LEAK_0D = np.array(0.0), np.array(1.0), np.array(LEAK)


@dataclass(frozen=True)
class Activation:
    """σ and its derivative.

    ``value(z, out)`` writes σ(z), ``derivative(z, a, out)`` writes σ′(z), given a = σ(z). Softmax
    couples the units of a row (the last axis), so it has no elementwise derivative: None.
    ``slopes`` are the slopes for z < 0 and z > 0 if σ is piecewise linear through the origin,
    else None. ``kink``: σ′ or σ″ jumps at 0. ``saturates``: σ′ vanishes for large |z|.
    """

    name: str
    value: Callable[[Array, Array], object]
    derivative: Callable[[Array, Array, Array], object] | None
    slopes: tuple[float, float] | None = None
    kink: bool = False
    saturates: bool = False

    def __call__(self, z: Array) -> Array:
        """σ(z) in a new array of the same shape."""
        out = np.empty_like(z)
        self.value(z, out)
        return out

    def slope(self, z: Array, a: Array) -> Array:
        """σ′(z) in a new array, given a = σ(z)."""
        if self.derivative is None:
            raise ExperimentError(f"{self.name} has no elementwise derivative")
        out = np.empty_like(z)
        self.derivative(z, a, out)
        return out


def _identity(z: Array, out: Array) -> None:
    np.copyto(out, z)


def _identity_derivative(z: Array, a: Array, out: Array) -> None:
    out.fill(1.0)


def _relu(z: Array, out: Array) -> None:
    np.maximum(z, ZERO, out=out)


def _relu_derivative(z: Array, a: Array, out: Array) -> None:
    # a ≥ 0, so both are the indicator of z > 0. The sign has less overhead; the comparison is
    # vectorised, but its result has to be converted
    if a.size < VECTORISED_SIZE:
        np.sign(a, out)
    else:
        np.greater(a, ZERO, out)


def _leaky_relu(z: Array, out: Array) -> None:
    np.multiply(z, LEAK_0D, out)
    np.maximum(z, out, out=out)


def _leaky_relu_derivative(z: Array, a: Array, out: Array) -> None:
    np.sign(a, out)
    np.maximum(out, LEAK_0D, out=out)


def _tanh_derivative(z: Array, a: Array, out: Array) -> None:
    np.multiply(a, a, out)
    np.subtract(ONE, out, out)


def _sigmoid(z: Array, out: Array) -> None:
    np.negative(z, out)
    np.exp(out, out)  # overflows to inf for z < −709, and 1/inf is the right limit 0
    np.add(out, ONE, out)
    np.reciprocal(out, out)


def _sigmoid_derivative(z: Array, a: Array, out: Array) -> None:
    np.subtract(ONE, a, out)
    np.multiply(out, a, out)


def _softplus(z: Array, out: Array) -> None:
    # log(1 + eᶻ) = max(z, 0) + log(1 + e^−|z|): no overflow, and much faster than logaddexp
    np.abs(z, out)
    np.negative(out, out)
    np.exp(out, out)
    np.log1p(out, out)
    np.add(out, np.maximum(z, ZERO), out)


def _softplus_derivative(z: Array, a: Array, out: Array) -> None:
    np.negative(a, out)
    np.expm1(out, out)
    np.negative(out, out)  # 1 − e^−a = sigmoid(z)


def _elu(z: Array, out: Array) -> None:
    np.minimum(z, ZERO, out=out)
    np.expm1(out, out)
    np.maximum(z, out, out=out)  # eᶻ − 1 ≥ z, with equality at 0


def _elu_derivative(z: Array, a: Array, out: Array) -> None:
    np.minimum(a, ZERO, out=out)
    np.add(out, ONE, out)


def _normal_cdf(z: Array) -> Array:
    from scipy.special import ndtr  # lazy: SciPy is slow to import

    result: Array = ndtr(z)
    return result


def _normal_density(z: Array, out: Array) -> None:
    np.multiply(z, z, out)
    np.multiply(out, -0.5, out)
    np.exp(out, out)
    np.multiply(out, 1.0 / sqrt(2.0 * pi), out)


def _gelu(z: Array, out: Array) -> None:
    np.multiply(z, _normal_cdf(z), out)


def _gelu_derivative(z: Array, a: Array, out: Array) -> None:
    _normal_density(z, out)
    np.multiply(out, z, out)
    np.add(out, _normal_cdf(z), out)  # Φ(z) + z φ(z)


def _silu(z: Array, out: Array) -> None:
    _sigmoid(z, out)
    np.multiply(out, z, out)


def _silu_derivative(z: Array, a: Array, out: Array) -> None:
    s = np.empty_like(z)
    _sigmoid(z, s)
    np.subtract(ONE, s, out)
    np.multiply(out, z, out)
    np.add(out, ONE, out)
    np.multiply(out, s, out)  # s (1 + z (1 − s))


def _sin_derivative(z: Array, a: Array, out: Array) -> None:
    np.cos(z, out)


def _softmax(z: Array, out: Array) -> None:
    np.subtract(z, z.max(axis=-1, keepdims=True), out)
    np.exp(out, out)
    np.divide(out, out.sum(axis=-1, keepdims=True), out)


def _exp_derivative(z: Array, a: Array, out: Array) -> None:
    np.copyto(out, a)


def _probit(z: Array, out: Array) -> None:
    np.copyto(out, _normal_cdf(z))


def _probit_derivative(z: Array, a: Array, out: Array) -> None:
    _normal_density(z, out)


def _cloglog(z: Array, out: Array) -> None:
    np.exp(z, out)
    np.negative(out, out)
    np.expm1(out, out)
    np.negative(out, out)  # 1 − exp(−eᶻ)


def _cloglog_derivative(z: Array, a: Array, out: Array) -> None:
    np.exp(z, out)
    np.subtract(z, out, out)
    np.exp(out, out)  # exp(z − eᶻ)


def _reciprocal_derivative(z: Array, a: Array, out: Array) -> None:
    np.multiply(a, a, out)
    np.negative(out, out)


ACTIVATIONS = {
    activation.name: activation
    for activation in (
        Activation("identity", _identity, _identity_derivative, slopes=(1.0, 1.0)),
        Activation("relu", _relu, _relu_derivative, slopes=(0.0, 1.0), kink=True),
        Activation(
            "leaky_relu", _leaky_relu, _leaky_relu_derivative, slopes=(LEAK, 1.0), kink=True
        ),
        Activation("tanh", np.tanh, _tanh_derivative, saturates=True),
        Activation("sigmoid", _sigmoid, _sigmoid_derivative, saturates=True),
        Activation("softplus", _softplus, _softplus_derivative),
        Activation("elu", _elu, _elu_derivative, kink=True),
        Activation("gelu", _gelu, _gelu_derivative),
        Activation("silu", _silu, _silu_derivative),
        Activation("sin", np.sin, _sin_derivative),
    )
}
"""Activations for hidden layers (and for the output), by name."""

OUTPUTS = ACTIVATIONS | {
    "softmax": Activation("softmax", _softmax, None),
    "exp": Activation("exp", np.exp, _exp_derivative),
    "probit": Activation("probit", _probit, _probit_derivative),
    "cloglog": Activation("cloglog", _cloglog, _cloglog_derivative),
    "reciprocal": Activation("reciprocal", np.reciprocal, _reciprocal_derivative),
}
"""Activations for the output layer, by name. probit is Φ(z), cloglog 1 − exp(−eᶻ), reciprocal 1/z.
At z ≤ 0, 1/z cannot be the mean of a positive variable: there the gamma loss is inf.
"""


def activation_named(name: str) -> Activation:
    """The hidden activation of that name; ExperimentError lists the valid names."""
    return _named(name, ACTIVATIONS, "activation")


def output_named(name: str) -> Activation:
    """The output activation of that name; ExperimentError lists the valid names."""
    return _named(name, OUTPUTS, "output activation")


def _named(name: str, table: dict[str, Activation], kind: str) -> Activation:
    if name not in table:
        raise ExperimentError(f"unknown {kind} {name!r}; there are: {', '.join(table)}")
    return table[name]
