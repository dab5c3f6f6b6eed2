"""The largest curvature of the cost: how large a learning rate may be."""

from collections.abc import Callable

import numpy as np

from engine.activations import Array
from engine.backprop import backpropagate
from engine.network import Network

LANCZOS_STEPS = 40
STEP = float(np.finfo(float).eps ** (1 / 3))  # as in ``gradient_check``

Gradient = Callable[[Array], Array]


def largest_curvature(
    network: Network, X: Array, Y: Array, loss: str = "quadratic", l2: float = 0.0
) -> float:
    """λ_max of the Hessian of C + ½·l2·Σw² over X (n, d), Y (n, k), at the network's parameters.

    Gradient descent near a minimum is stable below η = 2/λ_max (Nesterov 2004, §1.2.3). By Lanczos'
    method with full reorthogonalisation (Golub & Van Loan 2013, §10.3), the products Hv by central
    differences of the gradient; exact, but for those, up to ``LANCZOS_STEPS`` parameters. NaN where
    a gradient is not finite.
    """
    start = network.parameters.copy()

    def gradient(parameters: Array) -> Array:
        moved = network.with_parameters(parameters)
        return backpropagate(moved, X, Y, loss).gradient

    values = _ritz_values(gradient, start)
    return float(values.max() + l2) if values.size else float("nan")


def _ritz_values(gradient: Gradient, at: Array) -> Array:
    """The eigenvalues of H on the Krylov space of a random vector; empty where H is not finite."""
    size = min(at.size, LANCZOS_STEPS)
    basis = np.zeros((size, at.size))
    diagonal, beside = np.zeros(size), np.zeros(size)
    v: Array = np.random.default_rng(0).normal(size=at.size)
    for i in range(size):
        basis[i] = v / np.linalg.norm(v)
        v = _hessian_times(gradient, at, basis[i])
        if not np.isfinite(v).all():
            return np.zeros(0)
        diagonal[i] = basis[i] @ v
        scale = np.linalg.norm(v)
        for _ in range(2):  # twice is enough: Parlett 1998, §6.9
            v -= basis[: i + 1].T @ (basis[: i + 1] @ v)
        beside[i] = np.linalg.norm(v)
        if beside[i] <= 1e-7 * max(scale, np.abs(diagonal).max()):  # the space is complete
            size = i + 1
            break
    T = np.diag(diagonal[:size]) + np.diag(beside[: size - 1], 1) + np.diag(beside[: size - 1], -1)
    values: Array = np.asarray(np.linalg.eigvalsh(T), dtype=np.float64)
    return values


def _hessian_times(gradient: Gradient, at: Array, direction: Array) -> Array:
    h = STEP * max(1.0, float(np.abs(at).max()))
    with np.errstate(all="ignore"):
        product: Array = (gradient(at + h * direction) - gradient(at - h * direction)) / (2.0 * h)
    return product
