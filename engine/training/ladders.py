"""Ladders: the values that a setting steps through in the settings panel."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple


class Ladder(NamedTuple):
    """Numbers in ascending order that ← and → step through; any other number can be typed.

    ``nothing`` is how None is shown, if the value may be None; it comes before the first rung.
    + and − multiply and divide by ``factor``, or add and subtract ``unit``; without these two they
    step as well.
    """

    rungs: Sequence[float]
    nothing: str = ""
    factor: float = 0.0
    unit: int = 0

    def step(self, value: float | None, by: int) -> float | None:
        """The next rung above the value (by > 0) or below it; at the end the value itself."""
        if value is None:
            return self.rungs[0] if by > 0 else None
        at = bisect_right(self.rungs, value) if by > 0 else bisect_left(self.rungs, value) - 1
        if 0 <= at < len(self.rungs):
            return self.rungs[at]
        return None if at < 0 and self.nothing else value

    def nudge(self, value: float | None, by: int) -> float | None:
        """The value a little larger (by > 0) or smaller."""
        if value is None or not (self.factor or self.unit):
            return self.step(value, by)
        if self.unit:
            return max(self.rungs[0], value + by * self.unit)
        return value * self.factor if by > 0 else value / self.factor


RATES = Ladder((1e-5, 1e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0), factor=2.0)
PENALTIES = Ladder((0.0, 1e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0))
STEPS = Ladder((100, 300, 1000, 3000, 10_000, 30_000, 100_000))
STEPS_OR_NEVER = STEPS._replace(nothing="never")
WARM_UP_STEPS = Ladder((0, 10, 30, 100, 300, 1000, 3000))
BATCHES = Ladder((1, 2, 5, 10, 15, 20, 25, 30, 50, 100, 200, 500, 1000), unit=1)
SCALES = Ladder((0.0, 0.01, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 10.0))
SPREADS = Ladder((0.0, 0.01, 0.1, 0.5, 1.0, 2.0))
PERCENT = Ladder(tuple(float(p) for p in range(0, 51, 5)))
MOMENTA = Ladder((0.0, 0.5, 0.8, 0.9, 0.95, 0.99))
EPSILONS = Ladder((1e-10, 1e-8, 1e-6, 1e-4, 0.01), factor=10.0)
SHARES = Ladder(tuple(p / 10 for p in range(1, 11)))
COSTS = Ladder((1e-6, 1e-5, 1e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3), "never")
NATURAL_NUMBERS = Ladder(range(1 << 31), unit=1)
