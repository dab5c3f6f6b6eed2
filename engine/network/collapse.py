"""Deep linear networks are one layer: the exact product of their matrices, and the way back."""

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.errors import EngineError, NotAffineError, ShapeError
from engine.network.affine import AffineMap, affine_at
from engine.network.network import Network


def collapse(network: Network, of_z: bool = False) -> AffineMap:
    """The one affine map that a network of identity activations is, skip connections included.

    ``of_z``: the map of z⁽ᴸ⁾, whatever the output activation. NotAffineError names the first
    layer that is not linear, EngineError a layer with weights that are not finite.
    """
    if why := not_affine(network, of_z):
        raise NotAffineError(f"{why}, so the network is no one affine map")
    return affine_at(network, np.zeros(network.sizes[0]))  # the same map at every x


def not_affine(network: Network, of_z: bool = False) -> str:
    """The first layer that is not linear, in words, as ``collapse`` has it; "" without any."""
    names = network.activations if of_z else (*network.activations, network.output)
    for layer, name in enumerate(names, start=1):
        if name != "identity":
            return f"layer {layer} is not linear ({name})"
    return ""


def expand(network: Network, target: AffineMap) -> Array:
    """The way back from ``collapse``: parameters (P,) of a network like this one that make its ŷ
    W x + b, to the last bit.

    The first layer's first k units get W (k, d) and b (k,), and every later layer passes them
    on; all else is 0. Raises NotAffineError where a layer is not linear, EngineError where there
    are skip connections, a layer narrower than k, or no bias for a b that is not 0.
    """
    collapse(network)
    k, narrowest = len(target.W), min(network.sizes[1:])
    if network.skips:
        raise EngineError("skip connections add to what the layers pass on: they are not solved")
    if narrowest < k:
        raise EngineError(f"a layer of {narrowest} units cannot pass on {k} outputs")
    if not network.bias and target.b.any():
        raise EngineError("a network without bias cannot have an intercept")
    expanded = network.with_parameters(np.zeros_like(network.parameters))
    expanded.weights[0][:k] = target.W
    if network.bias:
        expanded.biases[0][:k] = target.b
    for W in expanded.weights[1:]:
        W[:k, :k] = np.eye(k)
    return expanded.parameters


def toeplitz(kernel: ArrayLike, length: int, stride: int = 1, padding: int = 0) -> Array:
    """W (n, length) of the convolution with a kernel (m,): each row the kernel, moved on.

    (Wx)_i = Σ_j kernel_j x_{i·stride + j − padding}, x being 0 outside: as convolutional layers
    have it, which do not turn the kernel round. n = ⌊(length + 2·padding − m)/stride⌋ + 1.
    """
    weights = np.asarray(kernel, dtype=np.float64)
    room = length + 2 * padding - weights.size
    if weights.ndim != 1 or not weights.size or room < 0 or stride < 1 or padding < 0:
        raise ShapeError(
            f"no convolution of length {length} with a kernel of shape {weights.shape}, "
            f"stride {stride} and padding {padding}"
        )
    rows = room // stride + 1
    padded = np.zeros((rows, length + 2 * padding))
    for i in range(rows):
        padded[i, i * stride : i * stride + weights.size] = weights
    return padded[:, padding : padding + length]
