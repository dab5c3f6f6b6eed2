"""A piecewise linear network with every unit rescaled by an exact power of two.

Multiplying a hidden unit by 2ᵉ and its outgoing weights by 2⁻ᵉ changes neither the function nor
any rounding, but afterwards the largest entry of each row [W b] lies in [½, 1), and products of
weights like 1e200 cannot overflow on the way. (With a plane before it, this holds of the first
layer and of the plane's map before the two are multiplied.)
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Array, Bools
from engine.network.affine import AffineMap, piecewise_slopes
from engine.network.network import Network

Exponents = NDArray[np.int32]  # the C int that ldexp takes everywhere

TOLERANCE = 2e-14
"""|z| ≤ TOLERANCE·(Σ|w|·max|h| + |b|) counts as z = 0: about 90 roundings of the sum behind z."""

CANCELLED = 1 / 16
"""A unit passes on at least this part of the sum behind it, however much of it cancels."""

CHUNK = 1024  # regions whose maps are multiplied out together


@dataclass(frozen=True)
class ScaledLayer:
    """W (n, m), b (n,), and the slopes low ≤ high (n,) of σ for z < 0 and z > 0.

    ``W_sums``, ``b_sums``: how large the sums behind W and b get, |W| and |b| where they are given
    and not computed. The first ``units`` rows are the layer's own; the others only carry earlier
    values on to where a skip connection ends. The true z is z·2^``exponents``.
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
        """(n,): whether a unit can make a border at all."""
        differ: Bools = self.low != self.high
        return differ

    def preactivations(self, H: Array) -> Array:
        """z (n, V) at points with inputs H (m, V): one column a point."""
        return self.W @ H + self.b[:, np.newaxis]

    def activate(self, Z: Array) -> Array:
        """σ(z) = max(low·z, high·z) at points Z (n, V)."""
        if not self.bends.any():
            return Z
        return np.maximum(self.low[:, np.newaxis] * Z, self.high[:, np.newaxis] * Z)

    def slopes(self, on: Bools) -> Array:
        """σ′ (n, R) of all rows, the units' own being on as said (units, R)."""
        high, low = self.high[: self.units, np.newaxis], self.low[: self.units, np.newaxis]
        carrying = np.ones((len(self.b) - self.units, on.shape[1]))
        return np.concatenate([np.where(on, high, low), carrying])

    def magnitudes(self, reach: Array) -> Array:
        """Σ|w|·reach + |b| (n,): how large the sums behind z get before anything cancels."""
        return self.W_sums @ reach + self.b_sums

    def reach(self, H: Array, magnitudes: Array) -> Array:
        """How large each unit (n,) is at points H (n, V), or may be up to rounding; dead ones 0."""
        largest = np.abs(H).max(axis=1)
        return np.where(largest > 0.0, np.maximum(largest, CANCELLED * magnitudes), 0.0)


@dataclass(frozen=True)
class ScaledNetwork:
    """The hidden layers and the output layer of z⁽ᴸ⁾ as a function of d scaled coordinates,
    x·2^−``input_exponents``."""

    layers: tuple[ScaledLayer, ...]
    input_exponents: Exponents

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
            signs.append(((Z > 0.0) | ~layer.bends[:, np.newaxis])[: layer.units])
            H = layer.activate(Z)
        return np.concatenate(signs).T

    def maps(self, patterns: Bools) -> tuple[Array, Array]:
        """For each pattern (R, units) the last z's map [A c] (R, k, d + 1), and its magnitude.

        The magnitude has the same shape: everything that [A c] is summed from, in absolute value.
        [A c] is right to a few roundings of it, whatever cancels. Both are scaled.
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
    """The network on coordinates as large as reach (d,), after the map ``entry`` if given."""
    exponents = first = np.frexp(reach)[1]
    if entry is not None:
        E, c, exponents = _with_large_rows(*entry, exponents)
    layers: list[ScaledLayer] = []
    for W, b, low, high, units in _without_skips(network):
        W, b, exponents = _with_large_rows(W, b, exponents)
        W_sums, b_sums = np.abs(W), np.abs(b)
        if entry is not None and not layers:
            W, b = W @ E, W @ c + b
            W_sums, b_sums = W_sums @ np.abs(E), W_sums @ np.abs(c) + b_sums
        layers.append(ScaledLayer(W, b, W_sums, b_sums, low, high, units, exponents))
    return ScaledNetwork(tuple(layers), first)


def _with_large_rows(W: Array, b: Array, inputs: Exponents) -> tuple[Array, Array, Exponents]:
    """W (n, m), b (n,) on scaled inputs, the largest entry of each row in [½, 1); its exponent."""
    largest = np.maximum((_exponents(W) + inputs).max(axis=1), _exponents(b))
    rows = np.maximum(largest, _NOTHING)
    return np.ldexp(W, inputs - rows[:, np.newaxis]), np.ldexp(b, -rows), rows


def _without_skips(network: Network) -> Iterator[tuple[Array, Array, Array, Array, int]]:
    """W, b, slopes and units of the layers 1 … L of an equal network without skip connections.

    Between its two ends, a skip connection's values are carried through rows of their own.
    """
    slopes = (*piecewise_slopes(network), (1.0, 1.0))
    carried: tuple[int, ...] = ()  # the sources whose values follow those of layer l − 1
    for l, (W, b, (low, high)) in enumerate(
        zip(network.weights, network.biases, slopes, strict=True), start=1
    ):
        units = len(b)
        if not network.skips:
            yield W, b, np.full(units, low), np.full(units, high), units
            continue
        kept = tuple(sorted({s for s, t in network.skips if s < l < t}))
        carrying = np.ones(sum(network.sizes[s] for s in kept))
        starts = np.cumsum([0, W.shape[1], *(network.sizes[s] for s in carried)])
        sources = zip((l - 1, *carried), starts, strict=False)
        columns = {s: slice(start, start + network.sizes[s]) for s, start in sources}
        M = np.zeros((units, starts[-1]))
        M[:, : W.shape[1]] = W
        for source, target in network.skips:
            if target == l:
                M[:, columns[source]] += np.eye(units)
        through = [np.eye(starts[-1])[columns[s]] for s in kept]
        yield (
            np.concatenate([M, *through]),
            np.concatenate([b, 0.0 * carrying]),
            np.concatenate([np.full(units, low), carrying]),
            np.concatenate([np.full(units, high), carrying]),
            units,
        )
        carried = kept


_NOTHING = np.int32(-(10**6))  # the exponent of zero


def _exponents(values: Array) -> Exponents:
    return np.where(values == 0.0, _NOTHING, np.frexp(values)[1])
