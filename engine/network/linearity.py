"""Is a network linear in its parameters? Its linear predictor η = z⁽ᴸ⁾, measured.

One layer is: η is linear in W and b, as a generalised linear model's is in β. A stack is not, not
even of identities: along a direction θ + td that moves two layers at once, products of their
weights make η curve in t.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.errors import EngineError, ShapeError
from engine.network.affine import piecewise_slopes
from engine.network.network import ForwardPass, Network, layer_views

STEP = 2.0**-6  # a power of two: dividing by its square does not round
MOST_PAIRS = 10_000_000  # 80 MB


def random_direction(network: Network, layers: Sequence[int], seed: int = 0) -> Array:
    """A direction (P,) of length 1, N(0, 1) in the weights and biases of these layers alone."""
    draw = np.random.default_rng(seed)
    direction = np.zeros_like(network.parameters)
    matrices = layer_views(direction, network.sizes, network.bias)
    for layer in layers:
        if not 1 <= layer <= len(matrices):
            raise ShapeError(f"no layer {layer}: layers are 1 to {len(matrices)}")
        matrices[layer - 1][...] = draw.normal(size=matrices[layer - 1].shape)
    if not direction.any():
        raise ShapeError("a direction moves at least one layer")
    return np.asarray(direction / np.linalg.norm(direction), dtype=np.float64)


def second_difference(
    network: Network, X: ArrayLike, direction: ArrayLike, h: float = STEP
) -> Array:
    """(η(θ + hd) − 2η(θ) + η(θ − hd))/h² (n, k) at X (n, d), along the direction d (P,) of θ.

    0, but for rounding of about 4·10⁻¹⁶|η|/h², where η is linear in t; d²η/dt² as h → 0 (and for
    any h where η is a polynomial of degree 3 or less in t, as that of up to three identity layers).
    """
    d = np.asarray(direction, dtype=np.float64)
    if d.shape != network.parameters.shape:
        raise ShapeError(
            f"direction has shape {d.shape}, the parameters {network.parameters.shape}"
        )
    if not np.isfinite(d).all():
        raise EngineError("direction holds a number that is not finite")
    if not 1e-150 < h < 1e150:
        raise EngineError(f"h = {h} is not a step: a number above 0, and its square too")
    ahead, here, behind = (
        network.with_parameters(network.parameters + t * d).forward(X).z[-1] for t in (h, 0.0, -h)
    )
    result: Array = ((ahead - here) + (behind - here)) / h**2
    return result


def mixed_derivatives(network: Network, x: ArrayLike, layer_a: int, layer_b: int) -> Array:
    """∂²η_i/∂w⁽ᵃ⁾∂w⁽ᵇ⁾ at x (d,) for all pairs of weights of two layers, counted from 1.

    (k, n_a, n_{a−1}, n_b, n_{b−1}), exact where hidden layers are piecewise linear and no z is 0
    (else NotPiecewiseLinearError). With a < b, w⁽ᵃ⁾_jm and w⁽ᵇ⁾_qp:

        ∂η_i/∂z⁽ᵇ⁾_q · ∂a⁽ᵇ⁻¹⁾_p/∂z⁽ᵃ⁾_j · a⁽ᵃ⁻¹⁾_m

    So two weights bend η together where an active path leads through both: never within a layer,
    and between neighbouring layers only if they meet in a unit (p = j) that is on.
    """
    last = len(network.weights)
    if not (1 <= layer_a <= last and 1 <= layer_b <= last):
        raise ShapeError(f"no pair of layers {layer_a}, {layer_b}: layers are 1 to {last}")
    slopes = piecewise_slopes(network)
    if layer_a > layer_b:
        return mixed_derivatives(network, x, layer_b, layer_a).transpose(0, 3, 4, 1, 2)
    shape = (network.sizes[-1], *network.weights[layer_a - 1].shape)
    shape = (*shape, *network.weights[layer_b - 1].shape)
    if np.prod(shape, dtype=float) > MOST_PAIRS:
        raise EngineError(f"layers {layer_a} and {layer_b} have more than {MOST_PAIRS:,} pairs")
    forward = network.forward(np.asarray(x, dtype=np.float64)[None])
    if layer_a == layer_b:
        return np.zeros(shape)
    # ∂z⁽ᵗ⁾/∂z⁽ˢ⁾ by the chain rule, with the slopes of the pieces in force
    on = _active_slopes(forward, slopes)
    below = _sensitivities(network, on, layer_a, layer_b - 1)[layer_b - 1]
    above = _sensitivities(network, on, layer_b, last)[last]
    into_b = on[layer_b - 2][:, None] * below
    result: Array = np.einsum("iq,pj,m->ijmqp", above, into_b, forward.a[layer_a - 1][0])
    return result


@dataclass(frozen=True)
class MixedDerivative:
    """∂²η_i/∂w⁽ᵃ⁾_jm∂w⁽ᵇ⁾_qp: the layers (a, b), ``at`` (i, j, m, q, p), all indices from 0."""

    layers: tuple[int, int]
    at: tuple[int, int, int, int, int]
    value: float


def largest_mixed_derivative(
    network: Network, x: ArrayLike, most: int = MOST_PAIRS
) -> MixedDerivative | None:
    """The largest of all ``mixed_derivatives`` of two layers that have at most so many pairs of
    weights; None where no two have. Numbers that are not defined count as 0.

    It is a product of three factors with indices of their own: each is largest by itself.
    """
    slopes, last = piecewise_slopes(network), len(network.weights)
    forward = network.forward(np.asarray(x, dtype=np.float64)[None])
    on = _active_slopes(forward, slopes)
    above = {b: (dz, _largest(dz)) for b, dz in _backwards(network, on).items()}
    best: MixedDerivative | None = None
    for a in range(1, last):
        size = network.weights[a - 1].size
        others = [b for b in range(a + 1, last + 1) if size * network.weights[b - 1].size <= most]
        if not others:
            continue
        below = _sensitivities(network, on, a, others[-1] - 1)
        (m,) = _largest(forward.a[a - 1][0])
        for b in others:
            dz, (i, q) = above[b]
            between = below[b - 1].T * on[b - 2]
            j, p = _largest(between)
            value = float(dz[i, q] * between[j, p] * forward.a[a - 1][0, m])
            if best is None or abs(value) > abs(best.value):
                best = MixedDerivative((a, b), (i, j, m, q, p), value)
    return best


def _largest(values: Array) -> tuple[int, ...]:
    """Where the first of the largest |numbers| is."""
    sizes = np.abs(values)
    at = int(sizes.argmax())
    if np.isnan(sizes.flat[at]):
        at = int(np.nan_to_num(sizes).argmax())
    return divmod(at, values.shape[1]) if values.ndim == 2 else (at,)


def _active_slopes(forward: ForwardPass, slopes: Sequence[tuple[float, float]]) -> list[Array]:
    """σ′ of every hidden unit at one example, by the piece in force."""
    return [
        np.where(z[0] > 0.0, high, low) for z, (low, high) in zip(forward.z, slopes, strict=False)
    ]


def _backwards(network: Network, on: list[Array]) -> dict[int, Array]:
    """∂z⁽ᴸ⁾/∂z⁽ˢ⁾ (k, n_s) of every layer s, skip connections included."""
    last = len(network.weights)
    dz = {last: np.eye(network.sizes[-1])}
    for layer in range(last - 1, 0, -1):
        da = dz[layer + 1] @ network.weights[layer]
        for t in network.skips_from(layer):
            da = da + dz[t]
        dz[layer] = da * on[layer - 1]
    return dz


def _sensitivities(network: Network, on: list[Array], start: int, end: int) -> dict[int, Array]:
    """∂z⁽ˡ⁾/∂z⁽ˢᵗᵃʳᵗ⁾ of the layers l from start to end, skip connections included."""
    dz = {start: np.eye(network.sizes[start])}
    for layer in range(start + 1, end + 1):
        dz[layer] = network.weights[layer - 1] @ (on[layer - 2][:, None] * dz[layer - 1])
        for s in network.skips_into(layer):
            if s >= start:
                dz[layer] += on[s - 1][:, None] * dz[s]
    return dz
