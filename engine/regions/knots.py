"""The knots of a network with one input: the points where its slope changes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.errors import ShapeError
from engine.network.network import Network
from engine.regions.cells.power_of_two_scaling import TOLERANCE, scaled_network
from engine.regions.hidden_units import unit_names
from engine.regions.line import cut_segment


@dataclass(frozen=True, eq=False)
class Knots:
    """The K knots of z⁽ᴸ⁾ in an interval, from left to right.

    Attributes:
        x: the knots (K,).
        slopes: of the K + 1 pieces: (K + 1,) with one output, (K + 1, k) with several.
        values: z⁽ᴸ⁾ at the knots: (K,) with one output, (K, k) with several.
        units: for each knot the hidden units (layer from 1, unit from 0) that switch there.
        activation_count: the number of intervals on which no hidden unit changes sign.

    Example:
        >>> import engine
        >>> network = engine.Network.from_arrays([[[2], [1]], [[1, -1]]], [[1, -0.5], [0]])
        >>> knots = engine.knots(network)
        >>> knots.jumps.tolist(), knots.units
        ([2.0, -1.0], (((1, 0),), ((1, 1),)))
    """

    x: Array
    slopes: Array
    values: Array
    units: tuple[tuple[tuple[int, int], ...], ...]
    activation_count: int

    @property
    def jumps(self) -> Array:
        """The change of the slope at each knot, right − left: (K,) or (K, k)."""
        jumps: Array = np.diff(self.slopes, axis=0)
        return jumps

    @property
    def curvature(self) -> Array:
        """Σ|jump| over the knots, the total variation of the slope: () or (k,)."""
        return np.asarray(np.abs(self.jumps).sum(axis=0))


def knots(network: Network, interval: ArrayLike = (-1.0, 1.0)) -> Knots:
    """The knots of z⁽ᴸ⁾ of a network with one input.

    Each knot is the solution of a linear equation, exact up to rounding. One hidden layer of relu
    has its knots at −b/w, with jumps v·|w|.

    Arguments:
        network: with one input; the hidden activations must be piecewise linear.
        interval: (lo, hi), finite; default (−1, 1).

    Returns:
        The Knots inside the interval.

    Raises:
        ShapeError: if the network has several inputs, or the interval is not (lo, hi).
        NotPiecewiseLinearError: if a hidden layer is curved.

    Example:
        >>> import engine
        >>> network = engine.Network.from_arrays([[[2], [1]], [[1, -1]]], [[1, -0.5], [0]])
        >>> knots = engine.knots(network)
        >>> knots.x.tolist(), knots.slopes.tolist()
        ([-0.5, 0.5], [0.0, 2.0, 1.0])
    """
    if network.sizes[0] != 1:
        raise ShapeError(
            f"this network has {network.sizes[0]} inputs, and knots are for one; "
            "linear_regions(net, box) does it in two"
        )
    ends = np.asarray(interval, dtype=np.float64)
    if ends.shape != (2,) or not np.isfinite(ends).all() or ends[0] >= ends[1]:
        raise ShapeError(f"interval {interval!r}: it must be (lo, hi), finite, lo < hi")
    scaled = scaled_network(network, np.abs(ends).max(keepdims=True))
    x, patterns = cut_segment(scaled, ends[:, np.newaxis])
    A, sums = (M[:, :, 0] for M in scaled.maps(patterns))
    bends = np.abs(np.diff(A, axis=0)) > TOLERANCE * (sums[1:] + sums[:-1])
    knot = np.flatnonzero(bends.any(axis=1))
    points = scaled.unscale(x[:, knot + 1])
    with np.errstate(over="ignore"):  # a slope too large for a float is inf
        slopes = np.ldexp(
            A[np.append(knot, -1)], scaled.layers[-1].exponents - scaled.input_exponents
        )
    values = network.forward(points).z[-1]
    if network.sizes[-1] == 1:
        slopes, values = slopes[:, 0], values[:, 0]
    names = [tuple(name) for name in unit_names(scaled.hidden).tolist()]
    switches = patterns[knot] != patterns[knot + 1]
    units = tuple(tuple(names[i] for i in np.flatnonzero(row)) for row in switches)
    return Knots(points[:, 0], slopes, values, units, activation_count=len(patterns))
