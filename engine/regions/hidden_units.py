"""The hidden units that make the borders of regions: their numbers and inequalities."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.arrays import Array, Bools, Ints
from engine.regions.cells.power_of_two_scaling import ScaledLayer


@dataclass(frozen=True, eq=False)
class Inequality:
    """One side of a region: inside, z of a hidden unit is > 0 if ``on``, else < 0.

    Attributes:
        layer: the layer of the unit, from 1.
        unit: the unit in its layer, from 0.
        slope, offset: z = slope·x + offset in this region; slope is (2,).
        on: whether the unit is on in the region.

    Example:
        >>> import engine
        >>> network = engine.Network.from_arrays([[[1, 0]], [[1]]], [[0.5], [0]])
        >>> regions = engine.linear_regions(network)
        >>> right = int(regions.locate([[0.9, 0]])[0])
        >>> (side,) = regions.inequalities(right)
        >>> side.layer, side.unit, side.slope.tolist(), side.offset, side.on
        (1, 0, [1.0, 0.0], 0.5, True)
    """

    layer: int
    unit: int
    slope: Array
    offset: float
    on: bool

    def holds(self, points: Array) -> Bools:
        """Whether points (n, 2) lie strictly on the region's side (n,)."""
        z = points @ self.slope + self.offset
        result: Bools = z > 0.0 if self.on else z < 0.0
        return result


def unit_names(layers: Sequence[ScaledLayer]) -> Ints:
    """Layer (from 1) and unit (from 0) of each hidden unit (units, 2), in a pattern's order."""
    sizes = [layer.units for layer in layers]
    numbers = [np.arange(n) for n in (0, *sizes)]
    names: Ints = np.column_stack(
        [np.repeat(np.arange(1, len(sizes) + 1), sizes), np.concatenate(numbers)]
    )
    return names
