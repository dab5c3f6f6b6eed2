"""The units of a layer on one part of the box, and the inputs that they pass to the next layer.

In a small part most units have the same sign at all vertices. They are affine functions of the
layer's inputs, so a vertex need not store their values: their weights are multiplied into the
weights of the next layer (relu units that are off contribute nothing). A vertex stores its two
coordinates and the values of the *active* units, those with both signs in the part.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.arrays import Array, Bools, Ints
from engine.regions.cells.power_of_two_scaling import CANCELLED, ScaledLayer

DOUBT = 1e-12
"""If |z| ≤ DOUBT·(Σ|w|·max|h| + |b|), the sign is in doubt. 50 × TOLERANCE."""


@dataclass(frozen=True, eq=False)
class Inputs:
    """The inputs of a layer, h = A·values + c at every vertex: A (m, d), c (m,).

    ``reach`` (m,): the largest |h|, or the largest sum that h is computed from.
    """

    A: Array
    c: Array
    reach: Array

    @classmethod
    def coordinates(cls, reach: Array) -> "Inputs":
        """The inputs of the first layer: the two coordinates, at most ``reach`` (2,) in size."""
        return cls(np.eye(2), np.zeros(2), reach)

    def __call__(self, values: Array) -> Array:
        """h (V, m) at vertices with these values (V, d)."""
        h: Array = values @ self.A.T
        h += self.c
        return h

    def without_zeros(self, values: Array) -> tuple["Inputs", Array]:
        """The inputs and the values without columns of values that are 0 at every vertex."""
        kept: Bools = (values != 0.0).any(axis=0)
        kept[:2] = True  # the coordinates
        if kept.all():
            return self, values
        columns = np.flatnonzero(kept)
        return Inputs(self.A[:, columns], self.c, self.reach), values.take(columns, axis=1)


class Units:
    """A layer's z = G·values + g (V, n) at the vertices of one part, and its active units."""

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
        """The positions in ``active`` of the active units that are among ``rows``."""
        if rows.size >= self.active.size and np.isin(self.active, rows).all():
            return np.arange(self.active.size)
        return np.flatnonzero(np.isin(self.active, rows))

    def z_of(self, chosen: Ints) -> Array:
        """z (V, chosen) of some active units."""
        if chosen.size == self.active.size:
            return self.active_z
        return self.active_z.take(chosen, axis=1)

    def carried(self) -> tuple[Array, Inputs]:
        """The values to store at each vertex (V, p), and the next layer's inputs from them.

        The last columns are z of the active units. After the cut, ``activate`` applies σ to them.
        Either the present values stay and all other units are expressed by them, or, if these
        units are fewer, their values replace the present ones.
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
        """Apply σ to z of the active units, the last columns of the values."""
        z = carried[:, carried.shape[1] - self.active.size :]
        low = self.layer.low[self.active]
        if low.any():
            np.maximum(low * z, self.layer.high[self.active] * z, out=z)
        else:
            np.maximum(z, 0.0, out=z)

    def _reach(self, slope: Array) -> Array:
        """The reach of each unit (n,) after σ.

        For a unit with one sign it is the whole sum behind z, as the products of the weights
        contain that sum again.
        """
        low, high = self.layer.low[self.active], self.layer.high[self.active]
        largest = np.maximum(-low * self._low[self.active], high * self._high[self.active])
        reach = np.abs(slope) * self.magnitudes
        reach[self.active] = np.maximum(largest, CANCELLED * self.magnitudes[self.active])
        return reach


def _over_rows(choose: np.ufunc, z: Array) -> Array:
    """The minimum or maximum of each column, by halves: NumPy is slow at reducing few columns."""
    while len(z) > 16 and z.shape[1] < 128:
        half = len(z) // 2
        odd_row = z[2 * half :]
        z = choose(z[:half], z[half : 2 * half])
        if len(odd_row):
            z[:1] = choose(z[:1], odd_row)
    result: Array = choose.reduce(z, axis=0)
    return result
