"""The box over which the pieces of a run are counted: the range of its data, padded."""

from math import ceil, floor, log10

from engine.arrays import Array

PADDING = 0.05  # of the data's range, before the box is rounded outwards


def data_box(X: Array) -> tuple[tuple[float, float], ...]:
    """``rounded_range`` of each column of X (n, d).

    Example:
        >>> import numpy as np
        >>> from engine.regions.box import data_box
        >>> data_box(np.array([[0.0, -3.0], [1.0, 9.0]]))
        ((-0.1, 1.1), (-4.0, 10.0))
    """
    return tuple(rounded_range(column) for column in X.T)


def rounded_range(values: Array) -> tuple[float, float]:
    """The range of values, padded and rounded outwards to a round step."""
    low, high = float(values.min()), float(values.max())
    padding = PADDING * (high - low) or max(1.0, abs(high)) / 2.0
    low, high = low - padding, high + padding
    step = round_step((high - low) / 10.0)
    return floor(low / step) * step, ceil(high / step) * step


def round_step(step: float) -> float:
    """The largest of 1, 2, 5 times a power of ten that is not above ``step``."""
    power = 10.0 ** floor(log10(step))
    return max(factor for factor in (1.0, 2.0, 5.0) if factor * power <= step * 1.0001) * power
