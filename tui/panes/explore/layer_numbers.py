"""The numbers of the layers table, and the scales of their bars."""

from math import ceil, log2
from typing import NamedTuple

import numpy as np

from engine.arrays import Array, lengths
from tui.model.frame import Frame

VISIBLE = 1e-8  # gradients below are grey, and have no long bars
ROUNDING = 1e-15  # of the largest summand: a mean that is not larger is 0 but for rounding
MAX_EXPONENT = 1000


class LayerNumbers(NamedTuple):
    """The numbers of the table, computed once per frame; lists are by layer. The bars of δ, ∂C/∂b
    and ‖∂C/∂w‖ end at ``delta_end`` …"""

    z: list[Array]
    a: list[Array]
    delta: list[Array]
    bias_gradients: list[Array]
    norms: list[Array]  # ‖∂C/∂w‖ of each unit
    delta_end: float
    bias_end: float
    norm_end: float


def numbers_of(frame: Frame) -> LayerNumbers:
    """The numbers of a frame."""
    shown, batch = frame.shown, frame.batch
    delta = [without_rounding(frame.shown_row(d), d) for d in shown.deltas]
    norms = [lengths(g) for g in batch.weight_gradients]
    gradients = [
        without_rounding(g, d) for g, d in zip(batch.bias_gradients, batch.deltas, strict=True)
    ]
    return LayerNumbers(
        z=[frame.shown_row(z) for z in shown.forward.z],
        a=[frame.shown_row(a) for a in shown.forward.a[1:]],
        delta=delta,
        bias_gradients=gradients,
        norms=norms,
        delta_end=bar_end(delta),
        bias_end=bar_end(gradients),
        norm_end=bar_end(norms),
    )


def without_rounding(means: Array, summands: Array) -> Array:
    """Means (units,) of summands (n, units), 0 where they are nothing but the rounding of a sum
    whose terms cancel: −6e−17 of terms about 1."""
    if len(summands) < 2:
        return means
    return np.where(np.abs(means) <= ROUNDING * np.abs(summands).max(axis=0), 0.0, means)


def bar_end(arrays: list[Array]) -> float:
    """What a whole bar stands for: the power of 2 above the largest number, so that bars of
    successive frames can be compared; never so small that rounding has a long bar."""
    values = np.abs(np.concatenate(arrays))
    largest = max(VISIBLE, float(values[np.isfinite(values)].max(initial=0.0)))
    return 2.0 ** min(ceil(log2(largest)), MAX_EXPONENT)
