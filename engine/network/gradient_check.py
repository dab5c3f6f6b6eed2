"""The gradient against central differences of the cost, over all parameters or a sample."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.arrays import Array
from engine.errors import ShapeError
from engine.network.backprop import BackwardPass, backpropagate, checked_targets
from engine.network.losses import Loss, loss_for
from engine.network.network import Network

STEP = float(np.finfo(float).eps ** (1 / 3))  # balances the h² error of the formula and rounding
TOLERANCE = 1e-6
BLOCK_ROWS = 1 << 14  # perturbed examples computed at once: bounds the memory


@dataclass(frozen=True)
class GradientCheck:
    """How far backpropagation is from central differences.

    ``error`` = max|g − ĝ| / max|ĝ| over the ``checked`` of ``total`` parameters. ``kinks`` more
    were set aside: within ±h of them a unit's sign flips on some example, and the cost has no
    derivative for ĝ to approach. ``passed``: error below 1e−6, or g − ĝ within the rounding of ĝ
    itself (as at a minimum, where the gradient vanishes and the ratio says nothing).
    """

    error: float
    checked: int
    total: int
    kinks: int
    passed: bool


def gradient_error(network: Network, X: ArrayLike, Y: ArrayLike, loss: str = "quadratic") -> float:
    """max|g − ĝ| / max|ĝ| over all parameters but those beside a kink, ĝ by central differences."""
    return gradient_check(network, X, Y, loss).error


def gradient_check(
    network: Network,
    X: ArrayLike,
    Y: ArrayLike,
    loss: str = "quadratic",
    parameters: NDArray[np.int_] | None = None,
    backward: BackwardPass | None = None,
) -> GradientCheck:
    """Check the gradient on X (n, d), Y (n, k), at the given parameter indices (None: all).

    ``backward``, where the caller has it already, is the pass on the same data.
    """
    rule = loss_for(loss, network.output)
    backward = backward or backpropagate(network, X, Y, loss)
    Y = checked_targets(network, Y, len(backward.forward.a[0]))
    total = network.parameters.size
    chosen = np.arange(total) if parameters is None else np.unique(parameters)
    if chosen.size and not 0 <= chosen[0] <= chosen[-1] < total:
        raise ShapeError(f"parameters are counted from 0 to {total - 1}")
    estimate = np.empty(chosen.size)
    rounding = np.empty(chosen.size)
    smooth = np.empty(chosen.size, dtype=bool)
    with np.errstate(all="ignore"):
        for where, layer, units, inputs in _blocks(network, chosen, len(Y)):
            estimate[where], rounding[where], smooth[where] = _central_differences(
                network, backward, Y, rule, layer, units, inputs
            )
    difference = np.abs(backward.gradient[chosen] - estimate)[smooth]
    largest = np.abs(estimate[smooth]).max(initial=0.0)
    worst = difference.max(initial=0.0)
    error = float(worst / largest) if largest > 0.0 else float(worst)
    return GradientCheck(
        error=error,
        checked=int(smooth.sum()),
        total=total,
        kinks=int((~smooth).sum()),
        passed=bool(smooth.any() and (error < TOLERANCE or (difference <= rounding[smooth]).all())),
    )


def central_difference(
    network: Network,
    backward: BackwardPass,
    Y: Array,
    loss: str,
    layer: int,
    unit: int,
    input: int | None = None,
) -> tuple[float, float, bool]:
    """ĝ = (C(· + h) − C(· − h)) / 2h of the weight from ``input`` to ``unit`` of layer 1 … L.

    Input None is the bias: then ĝ is also ∂C/∂z of the unit where there are no biases, and δ where
    the data are one example. Returns ĝ, its rounding error, and whether no unit's sign flips
    within ±h, as there the cost has a kink.
    """
    rule = loss_for(loss, network.output)
    k = network.sizes[layer - 1] if input is None else input
    place = (layer - 1, np.array([unit]), np.array([k]))
    with np.errstate(all="ignore"):
        estimate, rounding, smooth = _central_differences(network, backward, Y, rule, *place)
    return float(estimate[0]), float(rounding[0]), bool(smooth[0])


def _blocks(
    network: Network, chosen: NDArray[np.int_], n: int
) -> Iterator[tuple[slice, int, NDArray[np.int_], NDArray[np.int_]]]:
    """The chosen (sorted) parameters as (slice of chosen, layer, units j, inputs k)."""
    size = max(1, BLOCK_ROWS // (2 * n))
    offset = 0
    for layer, matrix in enumerate(network.matrices):
        first, last = np.searchsorted(chosen, (offset, offset + matrix.size))
        for start in range(first, last, size):
            where = slice(start, min(start + size, last))
            units, inputs = np.divmod(chosen[where] - offset, matrix.shape[1])
            yield where, layer, units, inputs
        offset += matrix.size


def _central_differences(
    network: Network,
    backward: BackwardPass,
    Y: Array,
    rule: Loss,
    layer: int,
    units: NDArray[np.int_],
    inputs: NDArray[np.int_],
) -> tuple[Array, Array, NDArray[np.bool_]]:
    """ĝ, its rounding error and whether no unit's sign flips, each (p,).

    Moving the weight w_jk by ±h moves z_j by ±h·a_k and nothing else of its layer, so all 2p
    perturbed batches run through the layers above at once, as (p, 2, n, units).
    ``layer`` counts from 0 here.
    """
    n, p, k = len(Y), units.size, network.sizes[-1]
    z, h = _moved(backward, layer, units, inputs)
    z, a, smooth = _through_layers_above(network, backward, layer, z)
    tiled = np.broadcast_to(Y, (p, 2, n, k)).reshape(-1, k)
    costs = rule.cost(z.reshape(-1, k), a.reshape(-1, k), tiled).reshape(p, 2, n)
    estimate = (costs[:, 0] - costs[:, 1]).mean(axis=1) / (2.0 * h)
    scale = np.maximum(1.0, np.abs(backward.forward.z[layer]).max(initial=0.0))
    rounding = 16.0 * np.finfo(float).eps * (np.abs(costs).mean(axis=(1, 2)) + scale) / h
    return estimate, rounding, smooth


def _moved(
    backward: BackwardPass, layer: int, units: NDArray[np.int_], inputs: NDArray[np.int_]
) -> tuple[Array, Array]:
    """z (p, 2, n, units) of the layer with each weight moved by +h and by −h, and h (p,)."""
    a_before, z_before = backward.forward.a[layer], backward.forward.z[layer]
    p, n = units.size, len(a_before)
    moves = np.ones((p, n))  # a bias sees an input of 1
    weights = inputs < a_before.shape[1]
    moves[weights] = a_before.T[inputs[weights]]
    h = STEP / np.maximum(1.0, np.abs(moves).max(axis=1))
    z = np.broadcast_to(z_before, (p, 2, *z_before.shape)).copy()
    rows = np.arange(p)
    z[rows, 0, :, units] += h[:, None] * moves
    z[rows, 1, :, units] -= h[:, None] * moves
    return z, h


def _through_layers_above(
    network: Network, backward: BackwardPass, layer: int, z: Array
) -> tuple[Array, Array, NDArray[np.bool_]]:
    """z and a (p, 2, n, k) of the output, and whether no unit's sign differs between the two."""
    smooth = np.ones(len(z), dtype=bool)
    sigmas = network.layer_activations
    sources = {s for s, _ in network.skips}
    carried = {s: backward.forward.a[s] for s in sources if s <= layer}  # these do not move
    for above in range(layer, len(sigmas)):
        if sigmas[above].kink:
            smooth &= (np.sign(z[:, 0]) == np.sign(z[:, 1])).all(axis=(1, 2))
        a = sigmas[above](z)
        if above + 1 in sources:
            carried[above + 1] = a
        if above + 1 < len(sigmas):
            z = a @ network.weights[above + 1].T + network.biases[above + 1]
            for s in network.skips_into(above + 2):
                z += carried[s]
    return z, a, smooth
