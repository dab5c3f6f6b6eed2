"""A straight walk through the input space: where hidden units switch, and slopes between."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array, Bools
from engine.errors import ShapeError
from engine.network.affine import AffineMap
from engine.network.network import Network
from engine.regions.cells.power_of_two_scaling import TOLERANCE, ScaledNetwork, scaled_network
from engine.regions.hidden_units import unit_names


@dataclass(frozen=True, eq=False)
class Walk:
    """A straight walk start + t·(stop − start), 0 ≤ t ≤ 1, and its K crossings.

    A crossing is a point where hidden units change sign, even if the slope does not change.

    Attributes:
        t: the crossings (K,), in (0, 1), ascending.
        points: the crossings in the input space (K, d).
        flips: the units that switch at each crossing: (layer from 1, unit from 0, turns on).
        values: z⁽ᴸ⁾ at the crossings (K, k).
        slopes: dz⁽ᴸ⁾/dt on the K + 1 pieces (K + 1, k).
        patterns: which hidden units are on, on each piece (K + 1, units).

    Example:
        >>> import engine
        >>> network = engine.Network.from_arrays([[[1, 0], [0, 1]], [[1, 2]]])
        >>> engine.walk(network, start=[-1, -3], stop=[1, 1]).flips
        (((1, 0, True),), ((1, 1, True),))
    """

    t: Array
    points: Array
    flips: tuple[tuple[tuple[int, int, bool], ...], ...]
    values: Array
    slopes: Array
    patterns: Bools


def walk(network: Network, start: ArrayLike, stop: ArrayLike) -> Walk:
    """Follow a straight line from one point of the input space to another.

    Each crossing is the solution of a linear equation, exact up to rounding.

    Arguments:
        network: its hidden activations must be piecewise linear.
        start, stop: two different points (d,).

    Returns:
        A Walk.

    Raises:
        ShapeError: if the points are equal, not finite, or not (d,).
        NotPiecewiseLinearError: if a hidden layer is curved.

    Example:
        >>> import engine
        >>> network = engine.Network.from_arrays([[[1, 0], [0, 1]], [[1, 2]]])
        >>> steps = engine.walk(network, start=[-1, -3], stop=[1, 1])
        >>> steps.t.tolist(), steps.slopes[:, 0].tolist()
        ([0.5, 0.75], [0.0, 2.0, 10.0])
    """
    origin, step = _checked_step(network, start, stop)
    scaled = scaled_network(network, np.ones(1), AffineMap(step[:, np.newaxis], origin))
    x, patterns = cut_segment(scaled, np.array([[0.0], [1.0]]))
    t = scaled.unscale(x)[1:-1, 0]
    points = origin + t[:, np.newaxis] * step
    names = unit_names(scaled.hidden).tolist()
    switches = patterns[1:] != patterns[:-1]
    flips = tuple(
        tuple((*names[i], bool(after[i])) for i in np.flatnonzero(row))
        for row, after in zip(switches, patterns[1:], strict=True)
    )
    slopes = scaled.affine(patterns).W[:, :, 0]
    return Walk(t, points, flips, network.forward(points).z[-1], slopes, patterns)


def cut_segment(scaled: ScaledNetwork, ends: Array) -> tuple[Array, Bools]:
    """The points x (1, K + 2) where hidden units change sign, scaled and ascending, and patterns.

    The first and the last point are the ``ends`` (2, 1) of the segment. The patterns
    (K + 1, units) are those of the pieces between the points.
    """
    x = scaled.scale(ends)
    values, patterns, reach = x, np.zeros((0, 1), dtype=np.bool_), np.abs(x).max(axis=1)
    for layer in scaled.hidden:
        magnitudes = layer.magnitudes(reach)
        values = np.concatenate([layer.preactivations(values), x])
        pieces = np.arange(x.shape[1] - 1)
        for row in np.flatnonzero(layer.bends):
            z = values[row]
            z[np.abs(z) <= TOLERANCE * magnitudes[row]] = 0.0
            left = np.flatnonzero(np.sign(z[:-1]) * np.sign(z[1:]) < 0.0)
            t = z[left] / (z[left] - z[left + 1])
            new = values[:, left] + t * (values[:, left + 1] - values[:, left])
            new[row] = 0.0
            values = np.insert(values, left + 1, new, axis=1)
            pieces = np.insert(pieces, left + 1, pieces[left])
        values, x = values[:-1], values[-1:]
        positive = values[: layer.units] > 0.0
        on = positive[:, :-1] | positive[:, 1:] | ~layer.bends[: layer.units, np.newaxis]
        patterns = np.concatenate([patterns[:, pieces], on])
        values = layer.activate(values)
        reach = layer.reach(values, magnitudes)
    return x, patterns.T


def _checked_step(network: Network, start: ArrayLike, stop: ArrayLike) -> tuple[Array, Array]:
    """The start (d,) and the difference stop − start (d,)."""
    ends = []
    for name, point in (("start", start), ("stop", stop)):
        array = np.array(point, dtype=np.float64)
        if array.shape != network.sizes[:1]:
            raise ShapeError(
                f"{name} has shape {array.shape}; "
                f"this network takes one point ({network.sizes[0]},)"
            )
        if not np.isfinite(array).all():
            raise ShapeError(f"{name} of a walk must be finite")
        ends.append(array)
    with np.errstate(over="ignore"):
        step = ends[1] - ends[0]
    if not np.isfinite(step).all():
        raise ShapeError("start and stop are so far apart that their difference overflows")
    if not step.any():
        raise ShapeError("start and stop are the same point: a walk needs two")
    return ends[0], step
