"""A piecewise linear network with every unit rescaled by an exact power of two.

Multiplying a hidden unit by 2ᵉ and its outgoing weights by 2⁻ᵉ changes neither the function nor
any rounding. The exponents are chosen so that the largest entry of each row [W b] is in [½, 1):
then products of weights like 1e200 cannot overflow. (With a plane, this holds for the first layer
and for the map of the plane before the two are multiplied.)
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Array, Bools
from engine.network.affine import AffineMap, piecewise_slopes
from engine.network.network import Network

Exponents = NDArray[np.int32]  # the C int that ldexp takes everywhere

TOLERANCE = 2e-14
"""|z| ≤ TOLERANCE·(Σ|w|·max|h| + |b|) counts as z = 0: about 90 roundings of the sum behind z."""

CANCELLED = 1 / 16
"""The reach of a unit is at least this part of the sum behind it, even if most of it cancels."""

CHUNK = 1024  # regions whose maps are computed at a time


@dataclass(frozen=True)
class ScaledLayer:
    """W (n, m), b (n,), and the slopes low ≤ high (n,) of σ for z < 0 and z > 0.

    ``W_sums``, ``b_sums``: the sizes of the sums that W and b are computed from; |W| and |b| if
    they are given. The first ``units`` rows are the units of the layer. The others copy earlier
    values, for skip connections that end at a later layer. The unscaled z is z·2^``exponents``.
    """

    W: Array
    b: Array
    W_sums: Array
    b_sums: Array
    low: Array
    high: Array
    units: int
    exponents: Exponents

    @cached_property
    def bends(self) -> Bools:
        """Whether each unit (n,) has two slopes, so that it can make a border."""
        differ: Bools = self.low != self.high
        return differ

    def preactivations(self, H: Array) -> Array:
        """z (n, V) at points with inputs H (m, V), one column for each point."""
        return self.W @ H + self.b[:, np.newaxis]

    def activate(self, Z: Array) -> Array:
        """σ(z) = max(low·z, high·z) at points Z (n, V)."""
        if not self.bends.any():
            return Z
        return np.maximum(self.low[:, np.newaxis] * Z, self.high[:, np.newaxis] * Z)

    def slopes(self, on: Bools) -> Array:
        """σ′ (n, R) of all rows, given which units are on (units, R)."""
        high, low = self.high[: self.units, np.newaxis], self.low[: self.units, np.newaxis]
        copied = np.ones((len(self.b) - self.units, on.shape[1]))
        return np.concatenate([np.where(on, high, low), copied])

    def magnitudes(self, reach: Array) -> Array:
        """Σ|w|·reach + |b| (n,): the sizes of the sums that z is computed from."""
        return self.W_sums @ reach + self.b_sums

    def reach(self, H: Array, magnitudes: Array) -> Array:
        """The largest |h| of each unit (n,) at points H (n, V), or its rounding; 0 if dead."""
        largest = np.abs(H).max(axis=1)
        return np.where(largest > 0.0, np.maximum(largest, CANCELLED * magnitudes), 0.0)


class ScaledNetwork(NamedTuple):
    """The hidden layers and the output layer, up to z⁽ᴸ⁾, as a function of d scaled coordinates.

    These are x·2^−``input_exponents``.
    """

    layers: tuple[ScaledLayer, ...]
    input_exponents: Exponents

    @property
    def hidden(self) -> tuple[ScaledLayer, ...]:
        return self.layers[:-1]

    def scale(self, points: Array) -> Array:
        """Points (n, d) in scaled coordinates, as columns (d, n)."""
        return np.ldexp(points, -self.input_exponents).T

    def unscale(self, columns: Array) -> Array:
        """Points (n, d) from columns (d, n) of scaled coordinates."""
        return np.ldexp(columns.T, self.input_exponents)

    def patterns(self, points: Array) -> Bools:
        """Which hidden units are on (z > 0) at points (n, d): (n, units), layer by layer.

        Units of an identity layer are always on.
        """
        H = self.scale(points)
        signs = [np.zeros((0, len(points)), dtype=np.bool_)]
        for layer in self.hidden:
            Z = layer.preactivations(H)
            signs.append(((Z > 0.0) | ~layer.bends[:, np.newaxis])[: layer.units])
            H = layer.activate(Z)
        return np.concatenate(signs).T

    def maps(self, patterns: Bools) -> tuple[Array, Array]:
        """For each pattern (R, units) the map [A c] of z⁽ᴸ⁾ (R, k, d + 1), and its magnitude.

        The magnitude, of the same shape, is the sum of the absolute values of all terms of [A c].
        The error of [A c] is a few roundings of it, even if terms cancel. Both are scaled.
        """
        parts = list(self._maps_in_chunks(patterns))
        return np.concatenate([A for A, _ in parts]), np.concatenate([B for _, B in parts])

    def affine(self, patterns: Bools) -> AffineMap:
        """The maps of z⁽ᴸ⁾ (unscaled) under patterns (R, units): W (R, k, d), b (R, k)."""
        return self._unscaled(self.maps(patterns)[0], self.layers[-1].exponents)

    def unit_maps(self, pattern: Bools) -> AffineMap:
        """z (unscaled) of all hidden units under one pattern (units,): W (units, d), b (units,)."""
        d = len(self.input_exponents)
        A, first = np.eye(d, d + 1), 0
        maps, exponents = [A[:0]], [self.input_exponents[:0]]
        for layer in self.hidden:
            A = layer.W @ A
            A[:, -1] += layer.b
            maps.append(A[: layer.units].copy())
            exponents.append(layer.exponents[: layer.units])
            A *= layer.slopes(pattern[first : first + layer.units, np.newaxis])
            first += layer.units
        return self._unscaled(np.concatenate(maps), np.concatenate(exponents))

    def _unscaled(self, M: Array, exponents: Exponents) -> AffineMap:
        """Maps [A c] (…, k, d + 1) of scaled coordinates to z with these exponents (k,)."""
        with np.errstate(over="ignore"):  # a slope too large for a float is inf
            W = np.ldexp(M[..., :-1], exponents[:, np.newaxis] - self.input_exponents)
            return AffineMap(W, np.ldexp(M[..., -1], exponents))

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
                B = (layer.W_sums @ B.reshape(m, -1)).reshape(n, *A.shape[1:])
                A[:, :, -1] += layer.b[:, np.newaxis]
                B[:, :, -1] += layer.b_sums[:, np.newaxis]
                if layer.bends.any():
                    slopes = layer.slopes(on[first : first + layer.units])
                    A *= slopes[:, :, np.newaxis]
                    B *= slopes[:, :, np.newaxis]
                first += layer.units
            yield A.transpose(1, 0, 2), B.transpose(1, 0, 2)


def scaled_network(network: Network, reach: Array, entry: AffineMap | None = None) -> ScaledNetwork:
    """The scaled network, for coordinates up to reach (d,).

    With ``entry``, an affine map to the inputs, it is a function of the coordinates of that map.
    """
    exponents = first = np.frexp(reach)[1]
    if entry is not None:
        E, c, exponents = _with_scaled_rows(*entry, exponents)
    layers: list[ScaledLayer] = []
    for W, b, low, high, units in _without_skips(network):
        W, b, exponents = _with_scaled_rows(W, b, exponents)
        W_sums, b_sums = np.abs(W), np.abs(b)
        if entry is not None and not layers:
            W, b = W @ E, W @ c + b
            W_sums, b_sums = W_sums @ np.abs(E), W_sums @ np.abs(c) + b_sums
        layers.append(ScaledLayer(W, b, W_sums, b_sums, low, high, units, exponents))
    return ScaledNetwork(tuple(layers), first)


def _with_scaled_rows(W: Array, b: Array, inputs: Exponents) -> tuple[Array, Array, Exponents]:
    """W (n, m), b (n,) for scaled inputs, the largest entry of each row in [½, 1); exponents."""
    largest = np.maximum((_exponents(W) + inputs).max(axis=1), _exponents(b))
    rows = np.maximum(largest, _ZERO_EXPONENT)
    return np.ldexp(W, inputs - rows[:, np.newaxis]), np.ldexp(b, -rows), rows


def _without_skips(network: Network) -> Iterator[tuple[Array, Array, Array, Array, int]]:
    """W, b, slopes and units of layers 1 … L of an equivalent network without skip connections.

    Additional rows copy the source of a skip connection from layer to layer up to its target.
    """
    slopes = (*piecewise_slopes(network), (1.0, 1.0))
    copied: tuple[int, ...] = ()  # the sources whose values follow those of layer l − 1
    for l, (W, b, (low, high)) in enumerate(
        zip(network.weights, network.biases, slopes, strict=True), start=1
    ):
        units = len(b)
        if not network.skips:
            yield W, b, np.full(units, low), np.full(units, high), units
            continue
        still_needed = tuple(sorted({s for s, t in network.skips if s < l < t}))
        ones = np.ones(sum(network.sizes[s] for s in still_needed))
        starts = np.cumsum([0, W.shape[1], *(network.sizes[s] for s in copied)])
        sources = zip((l - 1, *copied), starts, strict=False)
        columns = {s: slice(start, start + network.sizes[s]) for s, start in sources}
        M = np.zeros((units, starts[-1]))
        M[:, : W.shape[1]] = W
        for source, target in network.skips:
            if target == l:
                M[:, columns[source]] += np.eye(units)
        copying = [np.eye(starts[-1])[columns[s]] for s in still_needed]
        yield (
            np.concatenate([M, *copying]),
            np.concatenate([b, 0.0 * ones]),
            np.concatenate([np.full(units, low), ones]),
            np.concatenate([np.full(units, high), ones]),
            units,
        )
        copied = still_needed


_ZERO_EXPONENT = np.int32(-(10**6))  # stands for the exponent of 0


def _exponents(values: Array) -> Exponents:
    return np.where(values == 0.0, _ZERO_EXPONENT, np.frexp(values)[1])
