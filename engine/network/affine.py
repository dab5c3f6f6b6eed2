"""The affine map that a piecewise linear network equals near one input."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.errors import EngineError, NotPiecewiseLinearError, ShapeError
from engine.network.activations import ACTIVATIONS, activation_named
from engine.network.network import Network

PIECEWISE_LINEAR = sorted(
    (name for name, sigma in ACTIVATIONS.items() if sigma.slopes is not None),
    key=lambda name: not ACTIVATIONS[name].kink,
)
"""Names of piecewise linear activations, those with a kink first."""

ROUNDING = 1e-12  # relative error of a product of weight matrices, with some cancellation


class AffineMap(NamedTuple):
    """The affine map x ↦ W x + b, with W (k, d) and b (k,).

    Example:
        >>> import engine
        >>> network = engine.Network.from_arrays([[[2.0, 1.0]]], [[3.0]])
        >>> engine.collapse(network)([[1.0, 0.0], [0.0, 1.0]]).tolist()
        [[5.0], [4.0]]
    """

    W: Array
    b: Array

    def __call__(self, X: ArrayLike) -> Array:
        """The images (n, k) of the rows of X (n, d)."""
        return np.asarray(X, dtype=np.float64) @ self.W.T + self.b

    @property
    def singular_values(self) -> Array:
        """The singular values of W, the largest first."""
        return np.asarray(np.linalg.svd(self.W, compute_uv=False), dtype=np.float64)

    @property
    def rank(self) -> int:
        """The rank of W: how many singular values exceed ``ROUNDING`` times the largest."""
        sigma = self.singular_values
        return int((sigma > ROUNDING * sigma[0]).sum())


def affine_at(network: Network, x: ArrayLike) -> AffineMap:
    """The affine map of z⁽ᴸ⁾ on the linear piece that contains x.

    On a border between pieces, z = 0 counts as z < 0, as in σ′(0).

    Arguments:
        network: piecewise linear, as with relu, leaky_relu or identity in every hidden layer.
        x: one input (d,).

    Returns:
        The map, with W (k, d) and b (k,).

    Raises:
        NotPiecewiseLinearError: a hidden activation is curved.
        ShapeError: x has another shape.
        EngineError: x or a parameter is not finite.

    Example:
        >>> import engine
        >>> network = engine.Network.from_arrays([[[1.0], [-1.0]], [[1.0, 3.0]]])  # relu
        >>> [engine.affine_at(network, [x]).W.item() for x in (2.0, -2.0)]
        [1.0, -3.0]
    """
    slopes = piecewise_slopes(network)
    x = np.asarray(x, dtype=np.float64)
    if x.shape != network.sizes[:1]:
        raise ShapeError(
            f"x has shape {x.shape}; this network takes one point ({network.sizes[0]},)"
        )
    if not np.isfinite(x).all():
        raise EngineError("x must be finite")
    zs = network.forward(x[np.newaxis]).z
    activation_maps: dict[int, AffineMap] = {}  # a⁽¹⁾, a⁽²⁾, … as maps of x
    for layer, (V, c) in enumerate(zip(network.weights, network.biases, strict=True), start=1):
        with np.errstate(all="ignore"):  # a slope too large for a float is inf
            if layer == 1:
                W, b = V.copy(), c.copy()
            else:
                previous = activation_maps[layer - 1]
                W, b = V @ previous.W, V @ previous.b + c
            for s in network.skips_into(layer):
                if s == 0:  # a⁽⁰⁾ is x itself
                    W = W + np.eye(x.size)
                else:
                    W, b = W + activation_maps[s].W, b + activation_maps[s].b
            if layer <= len(slopes):
                low, high = slopes[layer - 1]
                slope = np.where(zs[layer - 1][0] > 0.0, high, low)
                activation_maps[layer] = AffineMap(slope[:, np.newaxis] * W, slope * b)
    return AffineMap(W, b)


def piecewise_slopes(network: Network) -> tuple[tuple[float, float], ...]:
    """The slopes of σ for z < 0 and z > 0, for every hidden layer.

    NotPiecewiseLinearError names the first curved layer, EngineError a layer with parameters that
    are not finite.
    """
    slopes = hidden_slopes(network.activations)
    if not np.isfinite(network.parameters).all():
        finite = [bool(np.isfinite(M).all()) for M in network.matrices]
        raise EngineError(
            f"layer {finite.index(False) + 1} has weights or biases that are not finite; "
            "go back to a step before training diverged"
        )
    return slopes


def hidden_slopes(activations: Sequence[str]) -> tuple[tuple[float, float], ...]:
    """The slopes of the hidden layers' activations for z < 0 and z > 0.

    NotPiecewiseLinearError names the first curved layer.
    """
    slopes = []
    for layer, name in enumerate(activations, start=1):
        pair = activation_named(name).slopes
        if pair is None:
            *others, last = PIECEWISE_LINEAR
            raise NotPiecewiseLinearError(
                f"hidden layer {layer} is curved ({name}), so there are no linear pieces; "
                f"use {', '.join(others)} or {last} in every hidden layer"
            )
        slopes.append(pair)
    return tuple(slopes)
