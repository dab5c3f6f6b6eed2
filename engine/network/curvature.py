"""The largest curvature of the cost: how large a learning rate may be."""

from collections.abc import Callable

import numpy as np

from engine.arrays import Array, length
from engine.network.activations import Activation
from engine.network.backprop import backpropagate
from engine.network.losses import loss_for, output_delta
from engine.network.network import Network, layer_views

LANCZOS_STEPS = 40
STEP = float(np.finfo(float).eps ** (1 / 3))  # as in ``gradient_check``

Product = Callable[[Array], Array]


def largest_curvature(
    network: Network, X: Array, Y: Array, loss: str = "quadratic", l2: float = 0.0
) -> float:
    """λ_max of the Hessian of C + ½·l2·Σw² over X (n, d), Y (n, k), at the network's parameters.

    Gradient descent near a minimum is stable below η = 2/λ_max (Nesterov 2004, §1.2.3). By Lanczos'
    method with full reorthogonalisation (Golub & Van Loan 2013, §10.3): up to ``LANCZOS_STEPS``
    parameters exact, beyond them a lower bound that is soon close. NaN where it is not finite.
    """
    penalty = network.with_parameters(np.zeros(network.parameters.size))
    for W in penalty.weights:
        W[...] = l2
    with np.errstate(all="ignore"):
        of_cost = hessian_product(network, X, Y, loss)
        values = _ritz_values(
            lambda v: of_cost(v) + penalty.parameters * v, penalty.parameters.size
        )
    return float(values.max()) if values.size else float("nan")


def hessian_product(network: Network, X: Array, Y: Array, loss: str = "quadratic") -> Product:
    """The product Hv of the Hessian of C with vectors laid out like ``Network.parameters``.

    The gradient, differentiated along v (Pearlmutter 1994, §3, whose R{·} is ``along`` here); only
    σ″ and that of the output are central differences. A kink has no curvature: units keep the
    side that they are on.
    """
    past = backpropagate(network, X, Y, loss)
    z, a, deltas, weights = past.forward.z, past.forward.a, past.deltas, network.weights
    hidden = network.layer_activations[:-1]
    slopes = [sigma.slope(z[i], a[i + 1]) for i, sigma in enumerate(hidden)]
    bends = [_second_derivative(sigma, z[i]) for i, sigma in enumerate(hidden)]
    delta_along = _output_delta_along(network, loss, z[-1], a[-1], Y.reshape(z[-1].shape))
    n, last = len(X), len(weights)

    def from_above(of: list[Array], layer: int) -> Array:
        """Wᵀδ, with what skip connections add, of the layers above (``of`` is by layer from 1)."""
        total: Array = of[layer] @ weights[layer]
        for t in network.skips_from(layer):
            total = total + of[t - 1]
        return total

    def forwards(V: list[Array], v_biases: list[Array]) -> tuple[list[Array], list[Array]]:
        """z and a along v, layer by layer; a begins with that of the inputs, which is 0."""
        z_along: list[Array] = []
        a_along = [np.zeros_like(a[0])]
        for i in range(last):
            along = a[i] @ V[i].T + a_along[i] @ weights[i].T
            if network.bias:
                along += v_biases[i]
            for s in network.skips_into(i + 1):
                along += a_along[s]
            z_along.append(along)
            if i < last - 1:
                a_along.append(slopes[i] * along)
        return z_along, a_along

    def backwards(V: list[Array], z_along: list[Array]) -> list[Array]:
        """δ along v, layer by layer."""
        along_deltas = [np.zeros(0)] * (last - 1) + [delta_along(z_along[-1])]
        for i in range(last - 2, -1, -1):
            above = from_above(along_deltas, i + 1) + deltas[i + 1] @ V[i + 1]
            bent = from_above([*deltas], i + 1) * bends[i] * z_along[i]
            along_deltas[i] = above * slopes[i] + bent
        return along_deltas

    def product(v: Array) -> Array:
        parts = layer_views(v, network.sizes, network.bias)
        V = [M[:, : W.shape[1]] for M, W in zip(parts, weights, strict=True)]
        z_along, a_along = forwards(V, [M[:, -1] for M in parts])
        along_deltas, result = backwards(V, z_along), np.zeros_like(v)
        views = layer_views(result, network.sizes, network.bias)
        for i in range(last):
            fan_in = weights[i].shape[1]
            views[i][:, :fan_in] = (along_deltas[i].T @ a[i] + deltas[i].T @ a_along[i]) / n
            if network.bias:
                views[i][:, -1] = along_deltas[i].sum(axis=0) / n
        return result

    return product


def _second_derivative(sigma: Activation, z: Array) -> Array:
    if sigma.slopes is not None:  # piecewise linear
        return np.zeros_like(z)
    h = STEP * (1.0 + np.abs(z))
    up, down = (sigma.slope(at, sigma(at)) for at in (z + h, z - h))
    result: Array = (up - down) / (2.0 * h)
    return result


def _output_delta_along(network: Network, loss: str, z: Array, a: Array, Y: Array) -> Product:
    """How δ⁽ᴸ⁾ (n, k) changes along a change of z⁽ᴸ⁾ (n, k)."""
    sigma = network.layer_activations[-1]
    rule = output_delta(loss_for(loss, network.output), sigma)

    def delta(change: Array) -> Array:
        out = np.empty_like(z)
        if sigma.slopes is not None:  # piecewise linear: each output keeps its side
            rule(z, a + sigma.slope(z, a) * change, out, np.empty_like(z), Y)
        else:
            rule(z + change, sigma(z + change), out, np.empty_like(z), Y)
        return out

    def along(change: Array) -> Array:
        size = np.abs(change).max(axis=1, keepdims=True)
        h = STEP * (1.0 + np.abs(z).max(axis=1, keepdims=True)) / np.where(size > 0.0, size, 1.0)
        result: Array = (delta(h * change) - delta(-h * change)) / (2.0 * h)
        return result

    return along


def _ritz_values(product: Product, parameters: int) -> Array:
    """The eigenvalues of H on the Krylov space of a random vector; empty where H is not finite."""
    size = min(parameters, LANCZOS_STEPS)
    basis = np.zeros((size, parameters))
    diagonal, beside = np.zeros(size), np.zeros(size)
    v: Array = np.random.default_rng(0).normal(size=parameters)
    for i in range(size):
        basis[i] = v / np.linalg.norm(v)
        v = product(basis[i])
        scale = length(v)
        if not np.isfinite(scale):
            return np.zeros(0)
        diagonal[i] = basis[i] @ v
        for _ in range(2):  # twice is enough: Parlett 1998, §6.9
            v -= basis[: i + 1].T @ (basis[: i + 1] @ v)
        beside[i] = np.linalg.norm(v)
        if beside[i] <= 1e-7 * max(scale, np.abs(diagonal).max()):  # the space is complete
            size = i + 1
            break
    T = np.diag(diagonal[:size]) + np.diag(beside[: size - 1], 1) + np.diag(beside[: size - 1], -1)
    values: Array = np.asarray(np.linalg.eigvalsh(T), dtype=np.float64)
    return values
