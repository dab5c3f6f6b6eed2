"""A straight line through the input space, cut by every hidden unit."""

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
    """What a straight walk start + t·(stop − start), 0 ≤ t ≤ 1, meets on its way.

    Its K crossings are the places where hidden units change sign, bend or not: ``t`` (K,) in
    (0, 1), ascending, and ``points`` (K, d). ``flips``: the units that switch at each crossing,
    (layer from 1, unit from 0, whether it turns on). ``values`` (K, k): z⁽ᴸ⁾ there. On the K + 1
    pieces between: ``slopes`` (K + 1, k), dz⁽ᴸ⁾/dt, and ``patterns`` (K + 1, units), which hidden
    units are on.
    """

    t: Array
    points: Array
    flips: tuple[tuple[tuple[int, int, bool], ...], ...]
    values: Array
    slopes: Array
    patterns: Bools


def walk(network: Network, start: ArrayLike, stop: ArrayLike) -> Walk:
    """Walk from one point (d,) of the input space to another; each crossing is solved for.

    ShapeError where the points are not two different finite ones of the input space,
    NotPiecewiseLinearError where a hidden layer is curved.
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
    """The places x (1, K + 2), scaled and ascending, where hidden units change sign, and patterns.

    The first and the last place are the segment's ends (2, 1); ``patterns`` (K + 1, units) are
    those of the pieces between.
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
            after = np.flatnonzero(np.sign(z[:-1]) * np.sign(z[1:]) < 0.0)
            t = z[after] / (z[after] - z[after + 1])
            new = values[:, after] + t * (values[:, after + 1] - values[:, after])
            new[row] = 0.0
            values = np.insert(values, after + 1, new, axis=1)
            pieces = np.insert(pieces, after + 1, pieces[after])
        values, x = values[:-1], values[-1:]
        positive = values[: layer.units] > 0.0
        on = positive[:, :-1] | positive[:, 1:] | ~layer.bends[: layer.units, np.newaxis]
        patterns = np.concatenate([patterns[:, pieces], on])
        values = layer.activate(values)
        reach = layer.reach(values, magnitudes)
    return x, patterns.T


def _checked_step(network: Network, start: ArrayLike, stop: ArrayLike) -> tuple[Array, Array]:
    """The start (d,) and the way from it to the stop."""
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
        raise ShapeError("start and stop are so far apart that the way between them overflows")
    if not step.any():
        raise ShapeError("start and stop are the same point: a walk needs two")
    return ends[0], step
