"""Check of the gradient against central differences, over all parameters or a sample."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.arrays import Array, distinct
from engine.errors import ShapeError
from engine.network.backprop import BackwardPass, backpropagate, checked_targets
from engine.network.losses import Loss, loss_for
from engine.network.network import Network, layer_views

STEP = float(np.finfo(float).eps ** (1 / 3))  # balances truncation error O(h²) and rounding O(1/h)
TOLERANCE = 1e-6
BLOCK_ROWS = 1 << 14  # perturbed examples computed at once, to limit memory


@dataclass(frozen=True)
class GradientCheck:
    """The difference between backpropagation, g, and central differences, ĝ.

    Attributes:
        error: max|g − ĝ| / max|ĝ| over the checked parameters; max|g − ĝ| if ĝ is 0.
        checked: how many parameters were compared.
        total: how many parameters the network has; a weight of a convolution is one.
        kinks: how many parameters were left out because within ±h of them a unit of some example
            passes a kink of σ, where central differences do not approach the derivative.
        passed: the error is below 1e-6, or g − ĝ is within the rounding error of ĝ, as at a
            minimum, where the gradient is 0.

    Example:
        >>> import engine
        >>> network = engine.Network.from_arrays([[[2.0]]], [[1.0]])  # a = 2x + 1
        >>> check = engine.gradient_check(network, [[1.0], [3.0]], [2.0, 5.0])
        >>> check.checked, check.total, check.kinks, check.passed
        (2, 2, 0, True)
    """

    error: float
    checked: int
    total: int
    kinks: int
    passed: bool


def gradient_error(network: Network, X: ArrayLike, Y: ArrayLike, loss: str = "quadratic") -> float:
    """The relative error of the gradient, max|g − ĝ| / max|ĝ|: see ``gradient_check``.

    Arguments:
        network, X, Y, loss: as in ``backpropagate``.

    Returns:
        The error over all parameters, without those next to a kink of σ.

    Example:
        >>> import engine
        >>> network = engine.Network([2, 3, 1], "tanh")
        >>> engine.gradient_error(network, [[0.5, -1.0]], [1.0]) < 1e-6
        True
    """
    return gradient_check(network, X, Y, loss).error


def gradient_check(
    network: Network,
    X: ArrayLike,
    Y: ArrayLike,
    loss: str = "quadratic",
    parameters: NDArray[np.int_] | None = None,
    backward: BackwardPass | None = None,
) -> GradientCheck:
    """Compare the gradient of backpropagation with central differences of the cost.

    Arguments:
        network, X, Y, loss: as in ``backpropagate``.
        parameters: indices into ``Network.parameters`` to check; None: all, those of convolutions
            at their first place.
        backward: the backward pass on the same data, if it is already computed.

    Returns:
        The error, and how many parameters were checked.

    Raises:
        ShapeError: an array does not fit the network, or an index is out of range.

    Example:
        >>> import engine
        >>> network = engine.Network([2, 3, 1], "tanh")
        >>> check = engine.gradient_check(network, [[0.5, -1.0]], [1.0])
        >>> check.checked, check.total, check.kinks, check.passed
        (13, 13, 0, True)
    """
    backward = backward or backpropagate(network, X, Y, loss)
    Y = checked_targets(network, Y, len(backward.forward.a[0]))
    differences = central_differences(network, backward, Y, loss, parameters)
    return compared(backward.gradient, differences, network.parameter_count)


class CentralDifferences(NamedTuple):
    """ĝ of some parameters, each array (p,): see ``GradientCheck``.

    Attributes:
        parameters: their indices into ``Network.parameters``, in rising order.
        estimates: ĝ.
        rounding: the rounding error of ĝ.
        smooth: whether no unit passes a kink of σ within ±h.
    """

    parameters: NDArray[np.int_]
    estimates: Array
    rounding: Array
    smooth: NDArray[np.bool_]


def central_differences(
    network: Network,
    backward: BackwardPass,
    Y: Array,
    loss: str,
    parameters: NDArray[np.int_] | None = None,
) -> CentralDifferences:
    """Central differences of the cost, with the forward pass of ``backward``; Y is (n, k).

    ShapeError if an index in ``parameters`` is out of range.
    """
    rule = loss_for(loss, network.output)
    total = network.parameters.size
    if parameters is None:
        parameters = np.arange(total) if network.sharing is None else network.sharing.first
    chosen = distinct(parameters)
    if chosen.size and not 0 <= chosen[0] <= chosen[-1] < total:
        raise ShapeError(f"parameters must be indices from 0 to {total - 1}")
    estimates = np.empty(chosen.size)
    rounding = np.empty(chosen.size)
    smooth = np.empty(chosen.size, dtype=bool)
    with np.errstate(all="ignore"):
        for block, layer, units, inputs in _blocks(network, chosen, len(Y)):
            perturbed = _perturbed_z(network, backward, layer, units, inputs)
            estimates[block], rounding[block], smooth[block] = _central_differences(
                network, backward, Y, rule, layer, *perturbed
            )
    return CentralDifferences(chosen, estimates, rounding, smooth)


def compared(gradient: Array, differences: CentralDifferences, total: int) -> GradientCheck:
    """The check of a gradient (P,) of a network with ``total`` parameters."""
    chosen, estimates, rounding, smooth = differences
    difference = np.abs(gradient[chosen] - estimates)[smooth]
    largest = np.abs(estimates[smooth]).max(initial=0.0)
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
    shared: bool = True,
) -> tuple[float, float, bool]:
    """ĝ = (C(w + h) − C(w − h)) / 2h of the weight from ``input`` to ``unit`` of layer 1 … L.

    Input None is the bias; in a network without biases, ĝ is then ∂C/∂z of the unit. With one
    example it is δ. A parameter of a convolution changes at all its places, unless ``shared`` is
    False. Returns ĝ, its rounding error, and whether no unit passes a kink within ±h.
    """
    rule = loss_for(loss, network.output)
    k = network.sizes[layer - 1] if input is None else input
    weight = (layer - 1, np.array([unit]), np.array([k]))
    with np.errstate(all="ignore"):
        perturbed = _perturbed_z(network, backward, *weight, shared)
        differences = _central_differences(network, backward, Y, rule, layer - 1, *perturbed)
    estimate, rounding, smooth = differences
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
            block = slice(start, min(start + size, last))
            units, inputs = np.divmod(chosen[block] - offset, matrix.shape[1])
            yield block, layer, units, inputs
        offset += matrix.size


def _central_differences(
    network: Network,
    backward: BackwardPass,
    Y: Array,
    rule: Loss,
    layer: int,
    z: Array,
    h: Array,
) -> tuple[Array, Array, NDArray[np.bool_]]:
    """ĝ, its rounding error and whether no unit passes a kink, each (p,).

    All 2p batches with perturbed z (p, 2, n, units) run through the layers above at once. ``layer``
    counts from 0.
    """
    n, p, k = len(Y), h.size, network.sizes[-1]
    z, a, smooth = _propagate(network, backward, layer, z)
    tiled = np.broadcast_to(Y, (p, 2, n, k)).reshape(-1, k)
    costs = rule.cost(z.reshape(-1, k), a.reshape(-1, k), tiled).reshape(p, 2, n)
    estimate = (costs[:, 0] - costs[:, 1]).mean(axis=1) / (2.0 * h)
    scale = np.maximum(1.0, np.abs(backward.forward.z[layer]).max(initial=0.0))
    rounding = 16.0 * np.finfo(float).eps * (np.abs(costs).mean(axis=(1, 2)) + scale) / h
    return estimate, rounding, smooth


def _perturbed_z(
    network: Network,
    backward: BackwardPass,
    layer: int,
    units: NDArray[np.int_],
    inputs: NDArray[np.int_],
    shared: bool = True,
) -> tuple[Array, Array]:
    """z (p, 2, n, units) of the layer with each parameter changed by +h and by −h, and h (p,).

    A change of the weight w_jk by ±h changes z_j by ±h·a_k and nothing else of its layer; one of a
    convolution does so at each of its places.
    """
    if shared and network.kernel_length(layer + 1):
        return _perturbed_convolution(network, backward, layer, units, inputs)
    layer_inputs, layer_z = backward.forward.a[layer], backward.forward.z[layer]
    p, n = units.size, len(layer_inputs)
    slopes = np.ones((p, n))  # ∂z/∂w; of a bias, 1
    weights = inputs < layer_inputs.shape[1]
    slopes[weights] = layer_inputs.T[inputs[weights]]
    h = STEP / np.maximum(1.0, np.abs(slopes).max(axis=1))
    z = np.broadcast_to(layer_z, (p, 2, *layer_z.shape)).copy()
    rows = np.arange(p)
    z[rows, 0, :, units] += h[:, None] * slopes
    z[rows, 1, :, units] -= h[:, None] * slopes
    return z, h


def _perturbed_convolution(
    network: Network,
    backward: BackwardPass,
    layer: int,
    units: NDArray[np.int_],
    inputs: NDArray[np.int_],
) -> tuple[Array, Array]:
    """``_perturbed_z`` of a convolution: z = Wa + b with W and b changed at all places."""
    assert network.sharing is not None
    numbers = layer_views(network.sharing.numbers, network.sizes, network.bias)[layer]
    a = backward.forward.a[layer]
    a_ones = np.column_stack([a, np.ones((len(a), int(network.bias)))])
    changed = [((numbers == number) & (number > 0)).T for number in numbers[units, inputs].tolist()]
    slopes = np.array([a_ones @ places for places in changed])  # ∂z/∂w (p, n, units)
    h = STEP / np.maximum(1.0, np.abs(slopes).max(axis=(1, 2)))
    z = backward.forward.z[layer] + np.array([h, -h]).T[:, :, None, None] * slopes[:, None]
    return z, h


def _propagate(
    network: Network, backward: BackwardPass, layer: int, z: Array
) -> tuple[Array, Array, NDArray[np.bool_]]:
    """z and a (p, 2, n, k) of the output, and whether no unit passes a kink between +h and −h."""
    smooth = np.ones(len(z), dtype=bool)
    sigmas = network.layer_activations
    sources = {s for s, _ in network.skips}
    skipped = {s: backward.forward.a[s] for s in sources if s <= layer}  # not perturbed
    for l in range(layer, len(sigmas)):
        if sigmas[l].kink:
            smooth &= (np.sign(z[:, 0]) == np.sign(z[:, 1])).all(axis=(1, 2))
        a = sigmas[l](z)
        if l + 1 in sources:
            skipped[l + 1] = a
        if l + 1 < len(sigmas):
            z = a @ network.weights[l + 1].T + network.biases[l + 1]
            for s in network.skips_into(l + 2):
                z += skipped[s]
    return z, a, smooth
