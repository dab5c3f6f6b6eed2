"""Where z⁽ᴸ⁾ bends: the jump of its slope at a border, and the curvature of a whole map."""

from typing import NamedTuple

import numpy as np

from engine.arrays import lengths
from tui.model.frame import Frame
from tui.model.regions.affine_in_view import in_data_units
from tui.model.regions.list import RegionList


class Bend(NamedTuple):
    """A border: the hidden unit that makes it (both from 0), and the jump of the slope across it,
    along its normal; > 0 where convex. Of ŷ if the output is the identity, else of z⁽ᴸ⁾."""

    layer: int
    unit: int
    jump: float


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
    return Bend(layer, unit, _scaled(frame, listed, regions.edge_jumps[nearest, listed.unit]))


def curvature(frame: Frame, listed: RegionList) -> float:
    """Σ|jump|·length over all borders in the box."""
    return _scaled(frame, listed, listed.map.curvature[listed.unit])


def _scaled(frame: Frame, listed: RegionList, slope: float) -> float:
    return float(in_data_units(frame, listed.unit, np.array(slope), np.zeros(())).slopes)
