"""What a layer takes in one part of the plane, in as few numbers a vertex as will do.

In a small part most units are on, or off, throughout. Those that are on are affine in what came
before and need no numbers of their own: they are folded into the weights of the next layer. Off
relu units are left out. So a vertex carries its two coordinates, and values of the *active* units,
which are > 0 at some vertices and < 0 at others.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.arrays import Array, Bools, Ints
from engine.regions.cells.power_of_two_scaling import CANCELLED, ScaledLayer

DOUBT = 1e-12
"""|z| ≤ DOUBT·(Σ|w|·max|h| + |b|) is too near to 0 to be sure of the sign: 50 × TOLERANCE."""


@dataclass(frozen=True, eq=False)
class Inputs:
    """What a layer takes, h = A·values + c at every vertex: A (m, d), c (m,).

    ``reach`` (m,): how large h gets, or the sums behind it.
    """

    A: Array
    c: Array
    reach: Array

    @classmethod
    def coordinates(cls, reach: Array) -> "Inputs":
        return cls(np.eye(2), np.zeros(2), reach)

    def __call__(self, values: Array) -> Array:
        """h (V, m) at vertices with these values (V, d)."""
        h: Array = values @ self.A.T
        h += self.c
        return h

    def without_zeros(self, values: Array) -> tuple["Inputs", Array]:
        """The same, and the values, without columns that are zero at every vertex."""
        kept: Bools = (values != 0.0).any(axis=0)
        kept[:2] = True  # the coordinates
        if kept.all():
            return self, values
        columns = np.flatnonzero(kept)
        return Inputs(self.A[:, columns], self.c, self.reach), values.take(columns, axis=1)


class Units:
    """A layer's z = G·values + g (V, n) at the vertices of one part, and who is active there."""

    def __init__(self, layer: ScaledLayer, inputs: Inputs, values: Array) -> None:
        self.layer, self.values = layer, values
        self.G, self.g = layer.W @ inputs.A, layer.W @ inputs.c + layer.b
        self.z: Array = values @ self.G.T
        self.z += self.g
        self.magnitudes = layer.magnitudes(inputs.reach)
        low, high = _over_rows(np.minimum, self.z), _over_rows(np.maximum, self.z)
        doubt = DOUBT * self.magnitudes
        self.active: Ints = np.flatnonzero(layer.bends & (low <= doubt) & (high >= -doubt))
        self.doubt = doubt[self.active]
        self.on: Bools = low > doubt
        self._low, self._high = low, high

    @cached_property
    def active_z(self) -> Array:
        """z (V, active) of the active units."""
        if self.active.size == self.z.shape[1]:
            return self.z
        return self.z.take(self.active, axis=1)  # rows contiguous

    def among(self, rows: Ints) -> Ints:
        """Which of the active units are among these, as positions in ``active``."""
        if rows.size >= self.active.size and np.isin(self.active, rows).all():
            return np.arange(self.active.size)
        return np.flatnonzero(np.isin(self.active, rows))

    def z_of(self, chosen: Ints) -> Array:
        """z (V, chosen) of some active units."""
        if chosen.size == self.active.size:
            return self.active_z
        return self.active_z.take(chosen, axis=1)

    def carried(self) -> tuple[Array, Inputs]:
        """What each vertex should carry from here on (V, p), and what the next layer takes of it.

        The last columns are z of the active units, which σ makes values of: see ``activate``.
        """
        layer, active, d = self.layer, self.active, self.values.shape[1]
        slope = np.where(layer.bends & ~self.on, layer.low, layer.high)
        slope[active] = 0.0
        linear = np.flatnonzero(slope)
        n, units = len(layer.b), active.size
        reach = self._reach(slope)
        z = self.active_z
        if linear.size > d:
            A, c = np.zeros((n, d + units)), slope * self.g
            A[:, :d] = slope[:, np.newaxis] * self.G
            A[active, np.arange(d, d + units)] = 1.0
            return np.concatenate([self.values, z], axis=1), Inputs(A, c, reach)
        A = np.zeros((n, 2 + linear.size + units))
        A[np.concatenate([linear, active]), np.arange(2, A.shape[1])] = 1.0
        kept = self.z.take(linear, axis=1) * slope[linear]
        carried = np.concatenate([self.values[:, :2], kept, z], axis=1)
        return carried, Inputs(A, np.zeros(n), reach)

    def activate(self, carried: Array) -> None:
        """Put the active units' z, the last columns of what vertices carry, through σ."""
        z = carried[:, carried.shape[1] - self.active.size :]
        low = self.layer.low[self.active]
        if low.any():
            np.maximum(low * z, self.layer.high[self.active] * z, out=z)
        else:
            np.maximum(z, 0.0, out=z)

    def _reach(self, slope: Array) -> Array:
        """Of linear units all that is summed, as it comes again in the folded weights."""
        low, high = self.layer.low[self.active], self.layer.high[self.active]
        largest = np.maximum(-low * self._low[self.active], high * self._high[self.active])
        reach = np.abs(slope) * self.magnitudes
        reach[self.active] = np.maximum(largest, CANCELLED * self.magnitudes[self.active])
        return reach


def _over_rows(choose: np.ufunc, z: Array) -> Array:
    """The least or the largest of each column: by halves, since few columns reduce slowly."""
    while len(z) > 16 and z.shape[1] < 128:
        half = len(z) // 2
        rest = z[2 * half :]
        z = choose(z[:half], z[half : 2 * half])
        if len(rest):
            z[:1] = choose(z[:1], rest)
    result: Array = choose.reduce(z, axis=0)
    return result
