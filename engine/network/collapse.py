"""Affine maps as networks and back, and convolutions as weight matrices."""

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.errors import EngineError, NotAffineError, ShapeError
from engine.network.affine import AffineMap, affine_at
from engine.network.network import Network
from engine.wording import plural


def collapse(network: Network, of_z: bool = True) -> AffineMap:
    """The affine map W_z x + b_z that a stack of layers with identity activations equals.

    It is the map of z⁽ᴸ⁾, before the output activation, as with ``affine_at``: ŷ = σ(W_z x + b_z).
    So only the hidden layers must be linear. Skip connections are included.

    Arguments:
        network: a network with identity activations in its hidden layers.
        of_z: False for the map of ŷ itself: then the output activation must be the identity too.

    Returns:
        The map, with W (k, d) and b (k,).

    Raises:
        NotAffineError: an activation is not the identity; the message names the layer.
        EngineError: a parameter is not finite.

    Example:
        >>> import engine
        >>> weights, biases = [[[2.0]], [[5.0]]], [[1.0], [3.0]]
        >>> network = engine.Network.from_arrays(weights, biases, "identity", output="sigmoid")
        >>> W, b = engine.collapse(network)  # z = 5 (2x + 1) + 3
        >>> W.tolist(), b.tolist()
        ([[10.0]], [8.0])
    """
    if message := not_affine(network, of_z):
        what = "z" if of_z else "the network"
        raise NotAffineError(f"{message}, so {what} is not one affine map of the inputs")
    return affine_at(network, np.zeros(network.sizes[0]))  # the same map at every x


def not_affine(network: Network, of_z: bool = True) -> str:
    """A message that names the first layer that is not linear; "" if ``collapse`` is possible."""
    names = network.activations if of_z else (*network.activations, network.output)
    for layer, name in enumerate(names, start=1):
        if name != "identity":
            return f"layer {layer} is not linear ({name})"
    return ""


def embed_affine(network: Network, target: AffineMap) -> Array:
    """Parameters (P,) with which a network of this structure computes ŷ = W x + b exactly.

    The inverse of ``collapse``. The first k units of the first layer get W (k, d) and b (k,); the
    later layers copy them. All other parameters are 0. Raises NotAffineError if a layer is not
    linear, the output included; EngineError if there are skip connections, a layer is narrower
    than k, or b is not 0 and the network has no bias.
    """
    collapse(network, of_z=False)  # raises NotAffineError
    k, narrowest = len(target.W), min(network.sizes[1:])
    if network.skips:
        raise EngineError("networks with skip connections cannot be solved")
    if narrowest < k:
        raise EngineError(
            f"a layer of {plural(narrowest, 'unit')} cannot pass on {plural(k, 'output')}"
        )
    if not network.bias and target.b.any():
        raise EngineError("a network without bias cannot have an intercept")
    solved = network.with_parameters(np.zeros_like(network.parameters))
    solved.weights[0][:k] = target.W
    if network.bias:
        solved.biases[0][:k] = target.b
    for W in solved.weights[1:]:
        W[:k, :k] = np.eye(k)
    return solved.parameters


def toeplitz(kernel: ArrayLike, length: int, stride: int = 1, padding: int = 0) -> Array:
    """The weight matrix of a one-dimensional convolution: each row is the kernel, shifted.

    (Wx)_i = Σ_j kernel_j x_{i·stride + j − padding}, with x = 0 outside. As in convolutional
    layers, the kernel is not flipped (Goodfellow, Bengio & Courville 2016, §9.1).

    Arguments:
        kernel: the kernel (m,).
        length: the length of x.
        stride: the shift from row to row, at least 1.
        padding: how many zeros are added at each end of x.

    Returns:
        W (n, length), n = ⌊(length + 2·padding − m)/stride⌋ + 1.

    Raises:
        ShapeError: the kernel is longer than the padded input, or an argument is out of range.

    Example:
        >>> import engine
        >>> engine.toeplitz([1.0, 2.0], length=3).tolist()
        [[1.0, 2.0, 0.0], [0.0, 1.0, 2.0]]
    """
    weights = np.asarray(kernel, dtype=np.float64)
    last_shift = length + 2 * padding - weights.size
    if weights.ndim != 1 or not weights.size or last_shift < 0 or stride < 1 or padding < 0:
        raise ShapeError(
            f"no convolution of length {length} with a kernel of shape {weights.shape}, "
            f"stride {stride} and padding {padding}"
        )
    rows = last_shift // stride + 1
    padded = np.zeros((rows, length + 2 * padding))
    for i in range(rows):
        padded[i, i * stride : i * stride + weights.size] = weights
    return padded[:, padding : padding + length]
