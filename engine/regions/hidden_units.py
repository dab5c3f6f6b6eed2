"""The hidden units behind borders: their names, and what they say of a region."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.arrays import Array, Bools, Ints
from engine.regions.cells.power_of_two_scaling import ScaledLayer


@dataclass(frozen=True, eq=False)
class Inequality:
    """A side of a region: z = slope·x + offset of a hidden unit is > 0 within if on, else < 0.

    ``layer`` counts from 1, ``unit`` from 0; ``slope`` (2,). z is the unit's own in this region.
    """

    layer: int
    unit: int
    slope: Array
    offset: float
    on: bool

    def holds(self, points: Array) -> Bools:
        """(n,): whether points (n, 2) lie strictly on the region's side."""
        z = points @ self.slope + self.offset
        within: Bools = z > 0.0 if self.on else z < 0.0
        return within


def unit_names(layers: Sequence[ScaledLayer]) -> Ints:
    """(units, 2): layer (from 1) and unit (from 0) of each hidden unit, in a pattern's order."""
    sizes = [layer.units for layer in layers]
    numbers = [np.arange(n) for n in (0, *sizes)]
    names: Ints = np.column_stack(
        [np.repeat(np.arange(1, len(sizes) + 1), sizes), np.concatenate(numbers)]
    )
    return names
