"""∇C as one vector: its length, the part of each layer, and its largest entries."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from engine.arrays import Array, length
from engine.network.network import Network


class LayerPart(NamedTuple):
    """The entries ``start`` to ``stop`` − 1 of ∇C, of layer ``layer`` (from 1), and their norm.

    ``of_weights`` and ``of_biases`` are the norms ‖∂C/∂W⁽ˡ⁾‖ and ‖∂C/∂b⁽ˡ⁾‖ of its two parts, each
    parameter once; of no biases it is 0.
    """

    layer: int
    start: int
    stop: int
    norm: float
    of_weights: float
    of_biases: float


class GradientVector(NamedTuple):
    """∇C with each parameter once, a weight of a convolution too.

    Attributes:
        values: ∇C (P,): layer by layer, the rows of [∂C/∂W⁽ˡ⁾ ∂C/∂b⁽ˡ⁾].
        norm: ‖∇C‖, how steep the cost is.
        layers: the part of each layer.
        largest: indices into ``Network.parameters`` of the largest entries by absolute value, the
            largest first; equal ones in their order.

    Example:
        >>> import engine
        >>> network = engine.Network.from_arrays([[[2.0]], [[1.0]]], [[1.0], [0.0]])  # relu
        >>> backward = engine.backpropagate(network, [[1.0]], [1.0])
        >>> vector = engine.gradient_vector(network, backward.gradient, count=2)
        >>> vector.values.tolist(), vector.norm  # ∂C/∂w⁽¹⁾, ∂C/∂b⁽¹⁾, ∂C/∂w⁽²⁾, ∂C/∂b⁽²⁾
        ([4.0, 4.0, 12.0, 4.0], 13.856406460551018)
        >>> [(part.start, part.stop) for part in vector.layers], vector.largest
        ([(0, 2), (2, 4)], (2, 0))
    """

    values: Array
    norm: float
    layers: tuple[LayerPart, ...]
    largest: tuple[int, ...]


def gradient_vector(network: Network, gradient: Array, count: int = 8) -> GradientVector:
    """The gradient of a network as one vector.

    Arguments:
        network: the network.
        gradient: (P,), laid out like ``Network.parameters``, such as ``BackwardPass.gradient``.
        count: how many of the largest entries to name; all if there are fewer.

    Returns:
        The vector, with its norm, its layers and its largest entries.

    Example:
        >>> import engine
        >>> network = engine.Network([2, 3, 1])
        >>> gradient = engine.backpropagate(network, [[1.0, 2.0]], [0.5]).gradient
        >>> [part.stop for part in engine.gradient_vector(network, gradient).layers]
        [9, 13]
    """
    values = network.once(gradient)
    sharing = network.sharing
    first = np.arange(values.size) if sharing is None else sharing.first
    ends = np.cumsum([0, *(matrix.size for matrix in network.matrices)])
    bounds = np.searchsorted(first, ends).tolist()  # in no order within a kernel, but by layers
    layers = []
    for layer, (start, stop) in enumerate(pairwise(bounds), start=1):
        part, fan_in = values[start:stop], network.sizes[layer - 1]
        is_bias = (first[start:stop] - ends[layer - 1]) % (fan_in + network.bias) == fan_in
        norms = (length(chosen) for chosen in (part, part[~is_bias], part[is_bias]))
        layers.append(LayerPart(layer, start, stop, *norms))
    order = np.argsort(-np.abs(values), kind="stable")[:count]
    return GradientVector(values, length(values), tuple(layers), tuple(first[order].tolist()))
