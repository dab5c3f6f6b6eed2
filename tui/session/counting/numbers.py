"""Numbers of regions that stay the same while training plays."""

import numpy as np

from engine import RegionMap
from engine.arrays import Bools, Ints


class RegionNumbers:
    """Numbers by activation pattern, from the map that was shown when play began.

    A pattern identifies its region: on it all units are affine, so its cell is convex and there is
    only one. Patterns that appear later get the next numbers, the largest region first.
    """

    def __init__(self, regions: RegionMap) -> None:
        self._numbers: dict[bytes, int] = {}
        self.of(regions)

    def of(self, regions: RegionMap) -> Ints:
        """The numbers (R,) of a map's regions, by id, counted from 1."""
        numbers = np.empty(regions.activation_count, dtype=np.intp)
        keys = _keys(regions.patterns)
        for i in np.argsort(-regions.areas, kind="stable").tolist():
            numbers[i] = self._numbers.setdefault(keys[i], len(self._numbers) + 1)
        return numbers


def _keys(patterns: Bools) -> list[bytes]:
    """A key for each of the patterns (R, units)."""
    return [row.tobytes() for row in np.packbits(patterns, axis=1)]
