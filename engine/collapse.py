"""Deep linear networks are one layer: the exact product, and the nearest map where they are not."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from engine.activations import Array
from engine.affine import AffineMap, affine_at
from engine.errors import EngineError, NotAffineError, ShapeError
from engine.network import Network
from engine.ols import ols


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


@dataclass(frozen=True)
class AffineApproximation:
    """The affine map nearest to a network on given data, by least squares over its outputs.

    ``r_squared``: the share of the outputs' variance about their means that it takes up (1 where
    they do not vary). ``largest_deviation``: the largest |output − map|.
    """

    map: AffineMap
    r_squared: float
    largest_deviation: float


def best_affine(network: Network, X: ArrayLike, of_z: bool = False) -> AffineApproximation:
    """The best affine approximation of x ↦ ŷ on X (n, d); with ``of_z``, of x ↦ z⁽ᴸ⁾.

    Where rows of X do not determine it, columns that others combine to get the weight 0.
    """
    X = network.checked_inputs(X)
    forward = network.forward(X)
    outputs = forward.z[-1] if of_z else forward.prediction
    if not np.isfinite(outputs).all():
        raise EngineError("the network's outputs on these data are not finite")
    fits = [ols(X, output) for output in outputs.T]
    coefficients = np.array([fit.coefficients for fit in fits])
    residuals = np.array([fit.residuals for fit in fits])
    size = float(np.abs(outputs).max()) or 1.0  # squares need not fit float64
    varying = outputs[:, np.ptp(outputs, axis=0) > 0.0] / size
    total = float(((varying - varying.mean(axis=0)) ** 2).sum())
    missed = float(((residuals / size) ** 2).sum())
    return AffineApproximation(
        map=AffineMap(coefficients[:, 1:], coefficients[:, 0]),
        r_squared=1.0 - missed / total if total > 0.0 else 1.0,
        largest_deviation=float(np.abs(residuals).max()),
    )
