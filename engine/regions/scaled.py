"""A piecewise linear network with every unit rescaled by an exact power of two.

Multiplying a hidden unit by 2ᵉ and its outgoing weights by 2⁻ᵉ changes neither the function nor
any rounding, but afterwards the largest entry of each row [W b] lies in [½, 1), and products of
weights like 1e200 cannot overflow on the way.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.activations import Array
from engine.affine import AffineMap, piecewise_slopes
from engine.network import Network

Bools = NDArray[np.bool_]
Ints = NDArray[np.intp]
Exponents = NDArray[np.int32]  # the C int that ldexp takes everywhere

TOLERANCE = 2e-14
"""|z| ≤ TOLERANCE·(Σ|w|·max|h| + |b|) counts as z = 0: about 90 roundings of the sum behind z."""

CANCELLED = 1 / 16
"""A unit passes on at least this part of the sum behind it, however much of it cancels."""

CHUNK = 4096  # regions whose maps are multiplied out together


@dataclass(frozen=True)
class ScaledLayer:
    """W (n, m), b (n,), and the slopes low ≤ high of σ for z < 0 and z > 0."""

    W: Array
    b: Array
    low: float
    high: float

    @property
    def bends(self) -> bool:
        """Whether units of this layer can make a border at all."""
        return self.low != self.high

    def preactivations(self, H: Array) -> Array:
        """z (n, V) at points with inputs H (m, V): one column a point."""
        return self.W @ H + self.b[:, np.newaxis]

    def activate(self, Z: Array) -> Array:
        """σ(z) = max(low·z, high·z)."""
        return np.maximum(self.low * Z, self.high * Z) if self.bends else Z

    def magnitudes(self, reach: Array) -> Array:
        """Σ|w|·reach + |b| (n,): how large the sums behind z get before anything cancels."""
        return np.abs(self.W) @ reach + np.abs(self.b)

    def reach(self, H: Array, magnitudes: Array) -> Array:
        """How large each unit (n,) is at points H (n, V), or may be up to rounding; dead ones 0."""
        largest = np.abs(H).max(axis=1)
        return np.where(largest > 0.0, np.maximum(largest, CANCELLED * magnitudes), 0.0)


@dataclass(frozen=True)
class ScaledNetwork:
    """The hidden layers and the output layer of z⁽ᴸ⁾ as a function of d scaled coordinates.

    Scaled coordinates are x·2^−``input_exponents``; z⁽ᴸ⁾ is z·2^``output_exponents`` of the last
    layer here.
    """

    layers: tuple[ScaledLayer, ...]
    input_exponents: Exponents
    output_exponents: Exponents

    @property
    def hidden(self) -> tuple[ScaledLayer, ...]:
        return self.layers[:-1]

    def scale(self, points: Array) -> Array:
        """Points (n, d) as columns (d, n) of scaled coordinates."""
        return np.ldexp(points, -self.input_exponents).T

    def unscale(self, columns: Array) -> Array:
        """The points (n, d) of columns (d, n) of scaled coordinates."""
        return np.ldexp(columns.T, self.input_exponents)

    def patterns(self, points: Array) -> Bools:
        """Which hidden units are on (z > 0) at points (n, d): (n, units), layer by layer.

        A unit of an identity layer has no off side and counts as on.
        """
        H = self.scale(points)
        signs = [np.zeros((0, len(points)), dtype=np.bool_)]
        for layer in self.hidden:
            Z = layer.preactivations(H)
            signs.append(Z > 0.0 if layer.bends else np.ones(Z.shape, dtype=np.bool_))
            H = layer.activate(Z)
        return np.concatenate(signs).T

    def maps(self, patterns: Bools) -> tuple[Array, Array]:
        """For each pattern (R, units) the last z's map [A c] (R, k, d + 1), and its magnitude.

        The magnitude has the same shape: everything that [A c] is summed from, in absolute value.
        [A c] is right to a few roundings of it, whatever cancels. Both are scaled.
        """
        parts = list(self._maps_in_chunks(patterns))
        return np.concatenate([A for A, _ in parts]), np.concatenate([B for _, B in parts])

    def affine(self, pattern: Bools) -> AffineMap:
        """The map of z⁽ᴸ⁾ (unscaled) under one pattern (units,)."""
        (M,), _ = self.maps(pattern[np.newaxis])
        exponents = self.output_exponents[:, np.newaxis]
        with np.errstate(over="ignore"):  # a slope too large for a float is inf
            W = np.ldexp(M[:, :-1], exponents - self.input_exponents)
            return AffineMap(W, np.ldexp(M[:, -1], self.output_exponents))

    def _maps_in_chunks(self, patterns: Bools) -> Iterator[tuple[Array, Array]]:
        d = len(self.input_exponents)
        for start in range(0, len(patterns), CHUNK):
            on = patterns[start : start + CHUNK].T
            A = np.zeros((d, on.shape[1], d + 1))  # unit, region, coordinate (then the constant)
            A[np.arange(d), :, np.arange(d)] = 1.0
            B, first = A, 0
            for layer in self.layers:
                n, m = layer.W.shape
                A = (layer.W @ A.reshape(m, -1)).reshape(n, *A.shape[1:])
                B = (np.abs(layer.W) @ B.reshape(m, -1)).reshape(n, *A.shape[1:])
                A[:, :, -1] += layer.b[:, np.newaxis]
                B[:, :, -1] += np.abs(layer.b)[:, np.newaxis]
                if layer.bends:
                    slope = np.where(on[first : first + n], layer.high, layer.low)
                    A *= slope[:, :, np.newaxis]
                    B *= slope[:, :, np.newaxis]
                first += n
            yield A.transpose(1, 0, 2), B.transpose(1, 0, 2)


def scaled_network(network: Network, reach: Array, entry: AffineMap | None = None) -> ScaledNetwork:
    """The network on coordinates as large as reach (d,), after the map ``entry`` if given."""
    slopes = (*piecewise_slopes(network), (1.0, 1.0))
    weights, biases = list(network.weights), list(network.biases)
    if entry is not None:
        biases[0] = weights[0] @ entry.b + biases[0]
        weights[0] = weights[0] @ entry.W
    exponents = first = np.frexp(reach)[1]
    layers = []
    for W, b, (low, high) in zip(weights, biases, slopes, strict=True):
        sizes = np.column_stack([_exponents(W) + exponents, _exponents(b)])
        rows = np.maximum(sizes.max(axis=1), _NOTHING)
        W = np.ldexp(W, exponents - rows[:, np.newaxis])
        layers.append(ScaledLayer(W, np.ldexp(b, -rows), low, high))
        exponents = rows
    return ScaledNetwork(tuple(layers), first, exponents)


_NOTHING = np.int32(-(10**6))  # the exponent of zero


def _exponents(values: Array) -> Exponents:
    return np.where(values == 0.0, _NOTHING, np.frexp(values)[1])
