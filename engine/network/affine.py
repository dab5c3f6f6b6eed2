"""The affine map that a piecewise linear network is near one input."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.errors import EngineError, NotPiecewiseLinearError, ShapeError
from engine.network.activations import activation_named
from engine.network.network import Network

ROUNDING = 1e-12
"""A product of layers is right to so much of its largest entry, as cancellation may cost digits."""


class AffineMap(NamedTuple):
    """x ↦ W x + b, with W (k, d) and b (k,)."""

    W: Array
    b: Array

    def __call__(self, X: ArrayLike) -> Array:
        """The images (n, k) of the rows of X (n, d)."""
        return np.asarray(X, dtype=np.float64) @ self.W.T + self.b

    @property
    def singular_values(self) -> Array:
        """Of W, the largest first."""
        return np.asarray(np.linalg.svd(self.W, compute_uv=False), dtype=np.float64)

    @property
    def rank(self) -> int:
        """Of W: singular values above ROUNDING times the largest."""
        sigma = self.singular_values
        return int((sigma > ROUNDING * sigma[0]).sum())


def affine_at(network: Network, x: ArrayLike) -> AffineMap:
    """The affine map of z⁽ᴸ⁾ in force at x (d,).

    On a border it is that of the side which σ′(0) picks: z = 0 counts as z < 0.
    """
    slopes = piecewise_slopes(network)
    x = np.asarray(x, dtype=np.float64)
    if x.shape != network.sizes[:1]:
        raise ShapeError(
            f"x has shape {x.shape}; this network takes one point ({network.sizes[0]},)"
        )
    if not np.isfinite(x).all():
        raise EngineError("x must be finite: there is no map at NaN or infinity")
    zs = network.forward(x[np.newaxis]).z
    before: dict[int, AffineMap] = {}  # a⁽¹⁾, a⁽²⁾, … as maps of x
    for layer, (V, c) in enumerate(zip(network.weights, network.biases, strict=True), start=1):
        with np.errstate(all="ignore"):  # a slope too large for a float is inf
            if layer == 1:
                W, b = V.copy(), c.copy()
            else:
                W, b = V @ before[layer - 1].W, V @ before[layer - 1].b + c
            for s in network.skips_into(layer):
                # a⁽⁰⁾ is x itself; of very many inputs an identity matrix is made only here
                W, b = (W + before[s].W, b + before[s].b) if s else (W + np.eye(x.size), b)
            if layer <= len(slopes):
                low, high = slopes[layer - 1]
                slope = np.where(zs[layer - 1][0] > 0.0, high, low)
                before[layer] = AffineMap(slope[:, np.newaxis] * W, slope * b)
    return AffineMap(W, b)


def piecewise_slopes(network: Network) -> tuple[tuple[float, float], ...]:
    """The slopes for z < 0 and z > 0 of every hidden layer, where pieces can be spoken of at all.

    NotPiecewiseLinearError names the first curved layer, EngineError a weight that is not finite.
    """
    slopes = []
    for layer, name in enumerate(network.activations, start=1):
        pair = activation_named(name).slopes
        if pair is None:
            raise NotPiecewiseLinearError(
                f"hidden layer {layer} is curved ({name}), so there are no linear pieces; "
                "relu, leaky_relu or identity in every hidden layer would do"
            )
        slopes.append(pair)
    if not np.isfinite(network.parameters).all():
        finite = [bool(np.isfinite(M).all()) for M in network.matrices]
        raise EngineError(
            f"layer {finite.index(False) + 1} has weights or biases that are not finite; "
            "go back to a step before training diverged"
        )
    return tuple(slopes)
