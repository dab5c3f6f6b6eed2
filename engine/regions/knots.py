"""Knots: where the slope of a network with one input changes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.errors import ShapeError
from engine.network.network import Network
from engine.regions.cells.power_of_two_scaling import TOLERANCE, scaled_network
from engine.regions.line import cut_segment
from engine.regions.hidden_units import unit_names


@dataclass(frozen=True, eq=False)
class Knots:
    """The K knots of z⁽ᴸ⁾ in an interval, from left to right.

    ``x`` (K,). ``slopes`` of the K + 1 pieces and ``values`` of z⁽ᴸ⁾ at the knots: (K + 1,) and
    (K,) with one output, (K + 1, k) and (K, k) with several. ``units``: for each knot the hidden
    units (layer, unit) that switch there; layers count from 1, units from 0.
    ``activation_count``: the intervals on which no hidden unit changes sign.
    """

    x: Array
    slopes: Array
    values: Array
    units: tuple[tuple[tuple[int, int], ...], ...]
    activation_count: int

    @property
    def jumps(self) -> Array:
        """How much the slope changes at each knot, after − before: (K,), or (K, k)."""
        jumps: Array = np.diff(self.slopes, axis=0)
        return jumps


def knots(network: Network, interval: ArrayLike = (-1.0, 1.0)) -> Knots:
    """The knots of a network with one input, exactly: each is solved for, not searched for."""
    if network.sizes[0] != 1:
        raise ShapeError(
            f"this network has {network.sizes[0]} inputs, and knots need one; "
            "linear_regions(net, box) does it in two"
        )
    ends = np.asarray(interval, dtype=np.float64)
    if ends.shape != (2,) or not np.isfinite(ends).all() or ends[0] >= ends[1]:
        raise ShapeError(f"interval {interval!r}: it must be (lo, hi), finite, lo < hi")
    scaled = scaled_network(network, np.abs(ends).max(keepdims=True))
    x, patterns = cut_segment(scaled, ends[:, np.newaxis])
    A, sums = (M[:, :, 0] for M in scaled.maps(patterns))
    bends = np.abs(np.diff(A, axis=0)) > TOLERANCE * (sums[1:] + sums[:-1])
    at = np.flatnonzero(bends.any(axis=1))
    places = scaled.unscale(x[:, at + 1])
    with np.errstate(over="ignore"):  # a slope too large for a float is inf
        slopes = np.ldexp(
            A[np.append(at, -1)], scaled.layers[-1].exponents - scaled.input_exponents
        )
    heights = network.forward(places).z[-1]
    if network.sizes[-1] == 1:
        slopes, heights = slopes[:, 0], heights[:, 0]
    names = [tuple(name) for name in unit_names(scaled.hidden).tolist()]
    switches = patterns[at] != patterns[at + 1]
    units = tuple(tuple(names[i] for i in np.flatnonzero(row)) for row in switches)
    return Knots(places[:, 0], slopes, heights, units, activation_count=len(patterns))
