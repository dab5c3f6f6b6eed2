"""Measures of a piecewise linear network: regions, knots, the nearest flip, units that are off."""

from math import nan

import numpy as np

from engine.arrays import Array
from engine.errors import EngineError
from engine.measures.measure import ROUNDING, Measure, Measures
from engine.measures.moment import Moment
from engine.network.affine import affine_at
from engine.network.network import Network
from engine.network.unit_states import dead_units, saturated_units
from engine.regions.box import data_box
from engine.regions.counting import count_regions
from engine.regions.flip import nearest_flip
from engine.regions.knots import knots
from engine.regions.neighbours import neighbour_distance
from engine.regions.region_map import linear_regions

ROWS = 200  # examples, at most, whose pieces are compared
FLIPS = 20  # examples, at most, whose nearest flip is looked for


def _box(moment: Moment) -> tuple[tuple[float, float], ...]:
    """The range of the data, as the maps show it, in the network's inputs."""
    data = moment.prepared.dataset
    if data.features:
        raise EngineError("the inputs are curved features: pieces have no straight borders")
    ends = data.x_scale.apply(np.array(data_box(data.X)).T)
    return tuple((float(low), float(high)) for low, high in ends.T)


def _plane(moment: Moment) -> tuple[tuple[float, float], ...]:
    box = _box(moment)
    if len(box) != 2:
        raise EngineError(f"regions are counted with 2 inputs; this run has {len(box)}")
    return box


def _interval(moment: Moment) -> tuple[float, float]:
    box = _box(moment)
    if len(box) != 1:
        raise EngineError(f"knots are of 1 input; this run has {len(box)}")
    return box[0]


def regions(moment: Moment) -> float:
    """The number of activation regions over the range of the data, with two inputs."""
    return float(count_regions(moment.network, _plane(moment)))


def linear_pieces(moment: Moment) -> float:
    """The number of linear regions over the range of the data; with one input, of pieces."""
    if len(_box(moment)) == 1:
        return float(len(knots(moment.network, _interval(moment)).x) + 1)
    return float(linear_regions(moment.network, _plane(moment)).linear_count)


def knot_count(moment: Moment) -> float:
    """The number of knots over the range of the data, with one input."""
    return float(len(knots(moment.network, _interval(moment)).x))


def pieces_gap(moment: Moment) -> float:
    """The largest |z⁽ᴸ⁾ − (Wx + b)| over examples, W and b those in force at the example."""
    X, gaps = moment.inputs[:ROWS], [0.0]
    z = moment.network.forward(X).z[-1]
    for x, own in zip(X, z, strict=True):
        gaps.append(float(np.abs(affine_at(moment.network, x)(x[None])[0] - own).max()))
    return float(np.max(gaps))


def knots_moved(moment: Moment) -> float:
    """How far the point −b/w of a unit has moved at most since step 0, with one input and one
    hidden layer, in the data's units."""
    first, now = (_positions(network) for network in (moment.prepared.network, moment.network))
    scale = float(moment.prepared.dataset.x_scale.sd[0])
    moved = np.abs(now - first)
    return float(np.nanmax(moved)) * scale if np.isfinite(moved).any() else nan


def _positions(network: Network) -> Array:
    if network.sizes[0] != 1 or len(network.sizes) != 3:
        raise EngineError("knots that move are of 1 input and 1 hidden layer")
    w = network.weights[0][:, 0]
    positions: Array = np.where(w != 0.0, -network.biases[0] / np.where(w != 0.0, w, 1.0), nan)
    return positions


def flip_share(moment: Moment) -> float:
    """The smallest distance from one of the first training examples to the decision's boundary,
    as a share of the typical distance between examples."""
    network, box = moment.network, _plane(moment)
    flips = [nearest_flip(network, x, box) for x in moment.inputs[:FLIPS]]
    found = [flip.distance for flip in flips if flip is not None]
    if not found:
        raise EngineError("the decision does not change in the range of the data")
    return min(found) / neighbour_distance(moment.inputs).median


def _dead(moment: Moment) -> float:
    return float(len(dead_units(moment.network, moment.backward.forward)))


def _saturated(moment: Moment) -> float:
    return float(len(saturated_units(moment.network, moment.backward.forward)))


COUNT = "a count"
PIECEWISE = "piecewise linear hidden layers, without curved features"

PIECES: Measures = {
    "regions": Measure(
        "number of activation regions, in which all units keep their signs, over the data's range",
        regions,
        COUNT,
        f"with 2 inputs and {PIECEWISE}",
    ),
    "linear_pieces": Measure(
        "number of linear pieces, each with its own map, over the data's range",
        linear_pieces,
        COUNT,
        f"with 1 or 2 inputs and {PIECEWISE}",
    ),
    "knots": Measure(
        "number of knots over the data's range",
        knot_count,
        COUNT,
        f"with 1 input and {PIECEWISE}",
    ),
    "pieces_gap": Measure(
        "largest |z⁽ᴸ⁾ − (Wx + b)|, W and b of the example's own piece",
        pieces_gap,
        ROUNDING,
        "with piecewise linear hidden layers",
    ),
    "knots_moved": Measure(
        "largest move of a knot since step 0",
        knots_moved,
        "in the unit of x",
        "with 1 input and 1 hidden layer",
    ),
    "flip_share": Measure(
        "distance of the nearest flip, as a share of the distance between examples",
        flip_share,
        "below 1 where the network is easily confused",
        f"with 2 inputs and {PIECEWISE}, whose decision changes",
    ),
    "dead_units": Measure("number of dead units: relu, and off on every example", _dead, COUNT),
    "saturated_units": Measure(
        "number of saturated units: slope near 0 on nearly every example",
        _saturated,
        COUNT,
    ),
}
"""By name."""
