"""The Hessian of the cost and its largest eigenvalue, which limits the learning rate."""

from collections.abc import Callable, Sequence

import numpy as np

from engine.arrays import Array, length
from engine.network.activations import Activation
from engine.network.backprop import backpropagate
from engine.network.losses import loss_for, output_delta
from engine.network.network import Network, layer_views
from engine.network.penalty import penalty_gradient, weight_mask

LANCZOS_STEPS = 40
ROUNDING = 1e-10  # of eigenvalues, relative to the largest
STEP = float(np.finfo(float).eps ** (1 / 3))  # as in ``gradient_check``

Product = Callable[[Array], Array]


def largest_curvature(
    network: Network, X: Array, Y: Array, loss: str = "quadratic", l2: float = 0.0
) -> float:
    """λ_max of the Hessian of C + ½·l2·Σw²: see ``extreme_curvatures``."""
    return extreme_curvatures(network, X, Y, loss, l2)[1]


def extreme_curvatures(
    network: Network, X: Array, Y: Array, loss: str = "quadratic", l2: float = 0.0
) -> tuple[float, float]:
    """λ_min and λ_max of the Hessian of C + ½·l2·Σw² over X (n, d), Y (n, k), at the network's
    parameters.

    Gradient descent near a minimum is stable below η = 2/λ_max (Nesterov 2004, §1.2.3). The method
    is Lanczos' with full reorthogonalisation (Golub & Van Loan 2013, §10.3). With more than
    ``LANCZOS_STEPS`` parameters λ_max is a lower bound, λ_min an upper one, both close. NaN if the
    Hessian is not finite. The weights of convolutions are parameters once.
    """
    with np.errstate(all="ignore"):
        product = _penalised_product(network, X, Y, loss, l2)
        values = _ritz_values(product, network.parameter_count)
    if not values.size:
        return float("nan"), float("nan")
    return float(values.min()), float(values.max())


def newton_decrease(
    network: Network, X: Array, Y: Array, loss: str = "quadratic", l2: float = 0.0
) -> float:
    """½ gᵀH⁻¹g: by how much a Newton step lowers C + ½·l2·Σw², by its quadratic approximation
    (Boyd & Vandenberghe 2004, §9.5.1).

    For a quadratic cost of one layer that is the exact distance to the minimum. NaN if H is not
    positive semidefinite, or not finite.
    """
    with np.errstate(all="ignore"):
        product = _penalised_product(network, X, Y, loss, l2)
        H = np.array([product(e) for e in np.eye(network.parameter_count)])
        gradient = backpropagate(network, X, Y, loss).gradient
        gradient = gradient + penalty_gradient(network.parameters, weight_mask(network), 0.0, l2)
        gradient = network.once(gradient)
        if not (np.isfinite(H).all() and np.isfinite(gradient).all()):
            return float("nan")
        values, vectors = np.linalg.eigh((H + H.T) / 2.0)
        if values[0] < -ROUNDING * np.abs(values).max():
            return float("nan")
        steep = values > ROUNDING * values[-1]
        return float((0.5 * (gradient @ vectors[:, steep]) ** 2 / values[steep]).sum())


def _penalised_product(network: Network, X: Array, Y: Array, loss: str, l2: float) -> Product:
    """``hessian_product`` of C + ½·l2·Σw², by ``network.parameter_count`` parameters."""
    cost_product, mask = hessian_product(network, X, Y, loss), weight_mask(network)

    def product(v: Array) -> Array:
        return cost_product(v) + l2 * mask * v

    sharing = network.sharing
    if sharing is None:
        return product
    return lambda values: sharing.totals(product(sharing.spread(values)))


def hessian_product(network: Network, X: Array, Y: Array, loss: str = "quadratic") -> Product:
    """The function v ↦ Hv, with H the Hessian of C and v (P,) laid out like ``Network.parameters``.

    H is by the entries of W and b, also where they are shared (see ``Sharing.totals``). Hv is the
    derivative of the gradient along v (Pearlmutter 1994, §3, whose R{·} is called
    ``…_along`` here). Only σ″ and the derivative of δ⁽ᴸ⁾ are central differences. Kinks are
    ignored: each unit stays on its side of a kink.
    """
    backward = backpropagate(network, X, Y, loss)
    z, a, deltas = backward.forward.z, backward.forward.a, backward.deltas
    weights = network.weights
    hidden = network.layer_activations[:-1]
    slopes = [sigma.slope(z[i], a[i + 1]) for i, sigma in enumerate(hidden)]
    second_derivatives = [_second_derivative(sigma, z[i]) for i, sigma in enumerate(hidden)]
    delta_along = _output_delta_along(network, loss, z[-1], a[-1], Y.reshape(z[-1].shape))
    n, layers = len(X), len(weights)

    def forwards(V: list[Array], v_biases: list[Array]) -> tuple[list[Array], list[Array]]:
        """The derivatives of z and a along v, layer by layer; a⁽⁰⁾ is included, with 0."""
        z_along: list[Array] = []
        a_along = [np.zeros_like(a[0])]
        for i in range(layers):
            derivative = a[i] @ V[i].T + a_along[i] @ weights[i].T
            if network.bias:
                derivative += v_biases[i]
            for s in network.skips_into(i + 1):
                derivative += a_along[s]
            z_along.append(derivative)
            if i < layers - 1:
                a_along.append(slopes[i] * derivative)
        return z_along, a_along

    def backwards(V: list[Array], z_along: list[Array]) -> list[Array]:
        """The derivatives of δ along v, layer by layer."""
        deltas_along = [np.zeros(0)] * (layers - 1) + [delta_along(z_along[-1])]
        for i in range(layers - 2, -1, -1):
            gradient_along = _a_gradient(network, deltas_along, i + 1) + deltas[i + 1] @ V[i + 1]
            slope_term = _a_gradient(network, deltas, i + 1) * second_derivatives[i] * z_along[i]
            deltas_along[i] = gradient_along * slopes[i] + slope_term
        return deltas_along

    def product(v: Array) -> Array:
        parts = layer_views(v, network.sizes, network.bias)
        V = [M[:, : W.shape[1]] for M, W in zip(parts, weights, strict=True)]
        z_along, a_along = forwards(V, [M[:, -1] for M in parts])
        deltas_along, result = backwards(V, z_along), np.zeros_like(v)
        views = layer_views(result, network.sizes, network.bias)
        for i in range(layers):
            fan_in = weights[i].shape[1]
            views[i][:, :fan_in] = (deltas_along[i].T @ a[i] + deltas[i].T @ a_along[i]) / n
            if network.bias:
                views[i][:, -1] = deltas_along[i].sum(axis=0) / n
        return result

    return product


def _a_gradient(network: Network, deltas: Sequence[Array], layer: int) -> Array:
    """∂C_x/∂a of a layer from δ of all layers: Wᵀδ of the next one, and δ of skip connections."""
    total: Array = deltas[layer] @ network.weights[layer]
    for t in network.skips_from(layer):
        total = total + deltas[t - 1]
    return total


def _second_derivative(sigma: Activation, z: Array) -> Array:
    if sigma.slopes is not None:  # piecewise linear
        return np.zeros_like(z)
    h = STEP * (1.0 + np.abs(z))
    up, down = (sigma.slope(shifted, sigma(shifted)) for shifted in (z + h, z - h))
    result: Array = (up - down) / (2.0 * h)
    return result


def _output_delta_along(network: Network, loss: str, z: Array, a: Array, Y: Array) -> Product:
    """The derivative of δ⁽ᴸ⁾ (n, k) along a change of z⁽ᴸ⁾ (n, k), as a function of the change."""
    sigma = network.layer_activations[-1]
    rule = output_delta(loss_for(loss, network.output), sigma)

    def delta(change: Array) -> Array:
        out = np.empty_like(z)
        if sigma.slopes is not None:  # piecewise linear: each output stays on its side
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
    """Ritz values of H on the Krylov space of a random vector; empty if H is not finite."""
    size = min(parameters, LANCZOS_STEPS)
    basis = np.zeros((size, parameters))
    diagonal, off_diagonal = np.zeros(size), np.zeros(size)
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
        off_diagonal[i] = np.linalg.norm(v)
        if off_diagonal[i] <= 1e-7 * max(scale, np.abs(diagonal).max()):  # the space is complete
            size = i + 1
            break
    sides = off_diagonal[: size - 1]
    T = np.diag(diagonal[:size]) + np.diag(sides, 1) + np.diag(sides, -1)
    values: Array = np.asarray(np.linalg.eigvalsh(T), dtype=np.float64)
    return values
