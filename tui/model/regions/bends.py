"""Where z⁽ᴸ⁾ bends: the jump of its slope at a border, and the curvature of a whole map."""

from typing import NamedTuple

import numpy as np

from engine.arrays import Array, lengths
from tui.model.frame import Frame
from tui.model.regions.affine_in_view import in_data_units
from tui.model.regions.list import RegionList


class Bend(NamedTuple):
    """A border: the hidden unit that makes it (layer from 1, unit from 0), and the jump of the
    slope across it, along its normal; > 0 where convex. Of ŷ if the output is the identity, else of
    z⁽ᴸ⁾. ``middle`` (k,) is a place on it, in the view's coordinates."""

    layer: int
    unit: int
    jump: float
    middle: Array


def nearest_border(frame: Frame, listed: RegionList) -> Bend | None:
    """The border of the selected region that is nearest to the cursor; None if it has none."""
    if listed.selected is None:
        return None
    regions, view = listed.map, frame.view
    own = np.flatnonzero((regions.edge_regions == listed.ids[listed.selected]).any(axis=1))
    if not own.size:
        return None
    ends = regions.edges[own].reshape(-1, 2, 2) - frame.cursor
    a, b = (ends @ (view.directions / frame.data.x_scale.sd)).swapaxes(0, 1)
    step = b - a
    squares = (step * step).sum(axis=1)
    along = np.divide(-(a * step).sum(axis=1), squares, out=0.0 * squares, where=squares > 0.0)
    nearest = own[lengths(a + np.clip(along, 0.0, 1.0)[:, None] * step).argmin()]
    layer, unit = regions.edge_units[nearest].tolist()
    jump = _scaled(frame, listed.unit, regions.edge_jumps[nearest, listed.unit])
    return Bend(layer, unit, jump, regions.edges[nearest].reshape(2, 2).mean(axis=0))


def nearest_knot(frame: Frame, unit: int) -> Bend | None:
    """The knot of a curve that is nearest to the cursor, by the first unit that switches there;
    None if there is none."""
    knots, scale = frame.regions.knots, frame.data.x_scale
    if knots is None or not len(knots.x):
        return None
    places = knots.x * scale.sd[0] + scale.mean[0]
    nearest = int(np.abs(places - frame.cursor[0]).argmin())
    (layer, number), *_ = knots.units[nearest]
    return Bend(layer, number, float(knot_jumps(frame, unit)[nearest]), places[[nearest]])


def knot_jumps(frame: Frame, unit: int) -> Array:
    """The jumps (K,) of the slope at a curve's knots, in the units of the axes."""
    assert frame.regions.knots is not None
    jumps = frame.regions.knots.jumps / frame.data.x_scale.sd[0]
    jumps = jumps if jumps.ndim == 1 else jumps[:, unit]
    return in_data_units(frame, unit, jumps, np.zeros(len(jumps))).slopes


def curvature(frame: Frame, listed: RegionList) -> float:
    """Σ|jump|·length over all borders in the box."""
    return _scaled(frame, listed.unit, listed.map.curvature[listed.unit])


def border_jumps(frame: Frame, listed: RegionList) -> Array:
    """The jumps (m,) of the slope at all borders, in the units of the axes."""
    jumps = listed.map.edge_jumps[:, listed.unit]
    return in_data_units(frame, listed.unit, jumps, np.zeros(len(jumps))).slopes


def _scaled(frame: Frame, unit: int, slope: float) -> float:
    return float(in_data_units(frame, unit, np.array(slope), np.zeros(())).slopes)
