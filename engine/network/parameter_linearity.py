"""How far a network's linear predictor, z = z⁽ᴸ⁾, is from linear in the parameters θ.

With one layer, z is linear in W and b, as that of a generalised linear model is in β. With more
layers it is not, even if all activations are the identity: along θ + td, where d changes two
layers, z contains products of their weights and is a polynomial in t.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.errors import EngineError, ShapeError
from engine.network.affine import piecewise_slopes
from engine.network.network import ForwardPass, Network, layer_views

STEP = 2.0**-6  # a power of two: dividing by its square does not round
MAX_PAIRS = 10_000_000  # of weights: 80 MB of derivatives


def random_direction(network: Network, layers: Sequence[int], seed: int = 0) -> Array:
    """A random direction of length 1 in the parameters of some layers.

    Arguments:
        network: its structure decides the layout.
        layers: the layers, from 1, whose weights and biases are drawn from N(0, 1); the others'
            components are 0. Those of shared parameters are equal.
        seed: of the random generator.

    Returns:
        The direction (P,), laid out like ``Network.parameters``.

    Raises:
        ShapeError: a layer does not exist, or ``layers`` is empty.

    Example:
        >>> import engine, numpy as np
        >>> d = engine.random_direction(engine.Network([1, 1, 1]), layers=[2])
        >>> d[:2].tolist(), round(float(np.linalg.norm(d)), 12)
        ([0.0, 0.0], 1.0)
    """
    draw = np.random.default_rng(seed)
    direction = np.zeros_like(network.parameters)
    matrices = layer_views(direction, network.sizes, network.bias)
    for layer in layers:
        if not 1 <= layer <= len(matrices):
            raise ShapeError(f"no layer {layer}: layers are 1 to {len(matrices)}")
        matrices[layer - 1][...] = draw.normal(size=matrices[layer - 1].shape)
    if network.sharing:
        direction = network.sharing.spread(network.once(direction))
    if not direction.any():
        raise ShapeError("a direction must change at least one layer")
    return np.asarray(direction / np.linalg.norm(direction), dtype=np.float64)


def second_difference(
    network: Network, X: ArrayLike, direction: ArrayLike, h: float = STEP
) -> Array:
    """The second difference (z(θ + hd) − 2z(θ) + z(θ − hd))/h² of z = z⁽ᴸ⁾ along d.

    It is 0, up to rounding of about 4·10⁻¹⁶|z|/h², if z(θ + td) is linear in t. Otherwise it
    approaches d²z/dt² as h → 0; with at most three identity layers it equals d²z/dt² for any h.

    Arguments:
        network: the network with parameters θ.
        X: inputs (n, d).
        direction: d (P,), laid out like ``Network.parameters``.
        h: the step, above 0; by default 2⁻⁶.

    Returns:
        The second difference (n, k).

    Raises:
        ShapeError: X or the direction does not fit the network.
        EngineError: the direction is not finite, or h is too small or too large.

    Example:
        >>> import engine
        >>> network = engine.Network.from_arrays([[[1.0]], [[1.0]]], activation="identity")
        >>> engine.second_difference(network, [[3.0]], [1.0, 1.0]).tolist()  # of 3 (1 + t)²
        [[6.0]]
    """
    d = np.asarray(direction, dtype=np.float64)
    if d.shape != network.parameters.shape:
        raise ShapeError(
            f"direction has shape {d.shape}, the parameters {network.parameters.shape}"
        )
    if not np.isfinite(d).all():
        raise EngineError("direction contains a number that is not finite")
    if not 1e-150 < h < 1e150:
        raise EngineError(f"h = {h} must be between 1e-150 and 1e150")
    plus, centre, minus = (
        network.with_parameters(network.parameters + t * d).forward(X).z[-1] for t in (h, 0.0, -h)
    )
    result: Array = ((plus - centre) + (minus - centre)) / h**2
    return result


def z_rounding(network: Network, X: ArrayLike) -> float:
    """A bound on the rounding error of z⁽ᴸ⁾ over inputs (n, d), in size.

    The sizes of the terms are summed through the layers, for activations no steeper than 1: the
    errors of a sum of m terms are at most m·ε times the sum of their sizes (Higham 2002, Accuracy
    and Stability of Numerical Algorithms, section 3.1).
    """
    forward = network.forward(X)
    errors: list[Array] = [np.zeros_like(forward.a[0])]
    for layer, W in enumerate(network.weights, start=1):
        a, size_of_W = forward.a[layer - 1], np.abs(W)
        size = np.abs(a) @ size_of_W.T + np.abs(network.biases[layer - 1])
        error = errors[layer - 1] @ size_of_W.T
        for s in network.skips_into(layer):
            size, error = size + np.abs(forward.a[s]), error + errors[s]
        errors.append(error + size * (W.shape[1] + 2 + len(network.skips_into(layer))))
    return float(np.finfo(float).eps * errors[-1].max())


def difference_rounding(
    network: Network, X: ArrayLike, direction: ArrayLike, at_theta: float
) -> float:
    """A bound on the rounding error of ``second_difference`` along d with h = 2⁻⁶, in size.

    From ``z_rounding`` of the network, ``at_theta``, and with the weights moved: with small inputs
    and zero biases, z consists of the moved biases.
    """
    d = np.asarray(direction, dtype=np.float64)
    moved = (network.with_parameters(network.parameters + t * d) for t in (-STEP, STEP))
    return 4.0 * max(at_theta, *(z_rounding(other, X) for other in moved)) / STEP**2


def mixed_derivatives(network: Network, x: ArrayLike, layer_a: int, layer_b: int) -> Array:
    """The mixed derivatives ∂²z⁽ᴸ⁾_i/∂w⁽ᵃ⁾∂w⁽ᵇ⁾ for all pairs of weights of two layers.

    By the chain rule, with a < b, the derivative by w⁽ᵃ⁾_jm and w⁽ᵇ⁾_qp is

        ∂z⁽ᴸ⁾_i/∂z⁽ᵇ⁾_q · ∂a⁽ᵇ⁻¹⁾_p/∂z⁽ᵃ⁾_j · a⁽ᵃ⁻¹⁾_m

    So it is not 0 only if an active path leads through both weights. Within a layer it is 0.

    Arguments:
        network: with piecewise linear hidden layers; the result is exact if no z is 0.
        x: one input (d,).
        layer_a, layer_b: the layers, from 1.

    Returns:
        The derivatives (k, n_a, n_{a−1}, n_b, n_{b−1}).

    Raises:
        NotPiecewiseLinearError: a hidden activation is curved.
        ShapeError: a layer does not exist, or x has another shape.
        EngineError: there are too many pairs, or a parameter is not finite.

    Example:
        >>> import engine
        >>> network = engine.Network.from_arrays([[[2.0]], [[5.0]]], activation="identity")
        >>> engine.mixed_derivatives(network, [3.0], 1, 2).item()  # of w₂ w₁ x: x
        3.0
    """
    layers = len(network.weights)
    if not (1 <= layer_a <= layers and 1 <= layer_b <= layers):
        raise ShapeError(f"no layers {layer_a}, {layer_b}: layers are 1 to {layers}")
    slopes = piecewise_slopes(network)
    if layer_a > layer_b:
        return mixed_derivatives(network, x, layer_b, layer_a).transpose(0, 3, 4, 1, 2)
    shape = (network.sizes[-1], *network.weights[layer_a - 1].shape)
    shape = (*shape, *network.weights[layer_b - 1].shape)
    if np.prod(shape, dtype=float) > MAX_PAIRS:
        raise EngineError(f"layers {layer_a} and {layer_b} have more than {MAX_PAIRS:,} pairs")
    forward = network.forward(np.asarray(x, dtype=np.float64)[None])
    if layer_a == layer_b:
        return np.zeros(shape)
    derivatives = _active_slopes(forward, slopes)
    eta_by_z_b = _z_derivatives(network, derivatives, layer_b, layers)[layers]
    z_by_z_a = _z_derivatives(network, derivatives, layer_a, layer_b - 1)[layer_b - 1]
    a_by_z_a = derivatives[layer_b - 2][:, None] * z_by_z_a
    result: Array = np.einsum("iq,pj,m->ijmqp", eta_by_z_b, a_by_z_a, forward.a[layer_a - 1][0])
    return result


@dataclass(frozen=True)
class MixedDerivative:
    """∂²z_i/∂w⁽ᵃ⁾_jm∂w⁽ᵇ⁾_qp of layers (a, b), from 1, at ``indices`` (i, j, m, q, p), from 0."""

    layers: tuple[int, int]
    indices: tuple[int, int, int, int, int]
    value: float


class PairFactors(NamedTuple):
    """The factors of ∂²z⁽ᴸ⁾_i/∂w⁽ᵃ⁾_jm∂w⁽ᵇ⁾_qp = ``output`` · ``between`` · ``input``.

    As in ``mixed_derivatives`` these are ∂z⁽ᴸ⁾_i/∂z⁽ᵇ⁾_q, ∂a⁽ᵇ⁻¹⁾_p/∂z⁽ᵃ⁾_j and a⁽ᵃ⁻¹⁾_m.
    """

    output: float
    between: float
    input: float

    @property
    def value(self) -> float:
        """The mixed derivative."""
        return self.output * self.between * self.input


def pair_factors(
    network: Network,
    x: ArrayLike,
    layers: tuple[int, int],
    indices: tuple[int, int, int, int, int],
) -> PairFactors:
    """The factors of one mixed derivative at x (d,); layers and indices as in ``MixedDerivative``.

    NotPiecewiseLinearError if a hidden activation is curved; ShapeError unless the first layer
    comes before the second, and both weights exist.
    """
    (a, b), (i, j, m, q, p) = layers, indices
    if not 1 <= a < b <= len(network.weights):
        raise ShapeError(f"layers {a} and {b}: the first must come before the second")
    shapes = network.weights[a - 1].shape, network.weights[b - 1].shape
    limits = network.sizes[-1], *shapes[0], *shapes[1]
    if not all(0 <= index < limit for index, limit in zip(indices, limits, strict=True)):
        raise ShapeError(f"there are no weights {indices[1:3]} and {indices[3:]} for output {i}")
    slopes = piecewise_slopes(network)
    forward = network.forward(np.asarray(x, dtype=np.float64)[None])
    derivatives = _active_slopes(forward, slopes)
    between = derivatives[b - 2][p] * _z_derivatives(network, derivatives, a, b - 1)[b - 1][p, j]
    output = _eta_derivatives(network, derivatives)[b][i, q]
    return PairFactors(float(output), float(between), float(forward.a[a - 1][0, m]))


def largest_mixed_derivative(
    network: Network, x: ArrayLike, max_pairs: int = MAX_PAIRS
) -> MixedDerivative | None:
    """The largest of all ``mixed_derivatives`` in absolute value; NaN counts as 0.

    Only layers with at most ``max_pairs`` pairs of weights are searched; None if there are none.
    The derivative is a product of three factors without common indices, so each factor is
    maximised separately.
    """
    slopes, layers = piecewise_slopes(network), len(network.weights)
    forward = network.forward(np.asarray(x, dtype=np.float64)[None])
    derivatives = _active_slopes(forward, slopes)
    eta_by_z = {b: (dz, _largest(dz)) for b, dz in _eta_derivatives(network, derivatives).items()}
    best: MixedDerivative | None = None
    for a in range(1, layers):
        limit = max_pairs // network.weights[a - 1].size
        partners = [b for b in range(a + 1, layers + 1) if network.weights[b - 1].size <= limit]
        if not partners:
            continue
        z_by_z_a = _z_derivatives(network, derivatives, a, partners[-1] - 1)
        (m,) = _largest(forward.a[a - 1][0])
        for b in partners:
            dz, (i, q) = eta_by_z[b]
            a_by_z_a = z_by_z_a[b - 1].T * derivatives[b - 2]
            j, p = _largest(a_by_z_a)
            value = float(dz[i, q] * a_by_z_a[j, p] * forward.a[a - 1][0, m])
            if best is None or abs(value) > abs(best.value):
                best = MixedDerivative((a, b), (i, j, m, q, p), value)
    return best


def _largest(values: Array) -> tuple[int, ...]:
    """The indices of the first entry with the largest absolute value; NaN counts as 0."""
    sizes = np.abs(values)
    index = int(sizes.argmax())
    if np.isnan(sizes.flat[index]):
        index = int(np.nan_to_num(sizes).argmax())
    return divmod(index, values.shape[1]) if values.ndim == 2 else (index,)


def _active_slopes(forward: ForwardPass, slopes: Sequence[tuple[float, float]]) -> list[Array]:
    """σ′ of every hidden unit at one example, layer by layer."""
    return [
        np.where(z[0] > 0.0, high, low) for z, (low, high) in zip(forward.z, slopes, strict=False)
    ]


def _eta_derivatives(network: Network, derivatives: list[Array]) -> dict[int, Array]:
    """∂z⁽ᴸ⁾/∂z⁽ˢ⁾ (k, n_s) for every layer s, given σ′ of the hidden layers."""
    layers = len(network.weights)
    dz = {layers: np.eye(network.sizes[-1])}
    for layer in range(layers - 1, 0, -1):
        da = dz[layer + 1] @ network.weights[layer]
        for t in network.skips_from(layer):
            da = da + dz[t]
        dz[layer] = da * derivatives[layer - 1]
    return dz


def _z_derivatives(
    network: Network, derivatives: list[Array], start: int, end: int
) -> dict[int, Array]:
    """∂z⁽ˡ⁾/∂z⁽ˢᵗᵃʳᵗ⁾ for the layers l from start to end, given σ′ of the hidden layers."""
    dz = {start: np.eye(network.sizes[start])}
    for layer in range(start + 1, end + 1):
        dz[layer] = network.weights[layer - 1] @ (derivatives[layer - 2][:, None] * dz[layer - 1])
        for s in network.skips_into(layer):
            if s >= start:
                dz[layer] += derivatives[s - 1][:, None] * dz[s]
    return dz
