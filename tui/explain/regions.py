"""The numbers of screen Regions: the map at the cursor, the nearest flip, jumps and curvature."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.arrays import Array
from tui.explain.explainable import Explainable, JoinedNumbers, ListedNumber, standardised_note
from tui.explain.network import affine_map_entries
from tui.model.frame import Frame
from tui.model.regions.bends import (
    Bend,
    border_jumps,
    knot_jumps,
    nearest_border,
    nearest_knot,
)
from tui.model.regions.filter import region_list
from tui.model.regions.nearest_flip import (
    compared_output,
    decision_name,
    flip_at_cursor,
    has_flips,
    typical_distance,
)
from tui.model.target_scale import target_of

if TYPE_CHECKING:
    from engine.explain import Explanation


def cursor_numbers(frame: Frame) -> Explainable:
    """The affine map at the cursor; then, as far as they are known, how far the nearest flip is,
    the jump of the slope at the nearest border, and the curvature."""
    parts = [affine_map_entries(frame, frame.cursor)]
    if frame.regions.has_pieces and frame.regions.step == frame.step and frame.is_sound:
        parts += [number for number in (_flip(frame), *_bends(frame)) if number is not None]
    return JoinedNumbers(tuple(parts), parts[0].index)


def _flip(frame: Frame) -> ListedNumber | None:
    """The distance of the nearest flip."""
    flip = flip_at_cursor(frame) if has_flips(frame) else None
    if flip is None:
        return None
    output, level = compared_output(frame)
    names = decision_name(frame, flip.before), decision_name(frame, flip.after)

    def make(_: int) -> Explanation:
        from engine.explain.models.nearest_flip import FlipAt, explain_flip

        x, point = _inputs(frame, np.stack([frame.cursor, flip.point]))
        classes = flip.before, flip.after
        directions = frame.view.directions / frame.data.x_scale.sd
        near = typical_distance(frame.data) or 1.0
        return explain_flip(
            frame.network,
            FlipAt(x, point, flip.distance, *classes, names, level, output, directions, near),
        )

    return ListedNumber(make, owner="the nearest flip" + standardised_note(frame.data))


def _bends(frame: Frame) -> list[ListedNumber]:
    """The jump at the nearest border or knot, and the curvature."""
    from engine.explain.models.borders import Curvature

    listed, knots = region_list(frame), frame.regions.knots
    if listed is not None:
        bend, regions = nearest_border(frame, listed), listed.map
        total = Curvature(border_jumps(frame, listed), regions.edge_units, regions.edge_lengths)
        unit = listed.unit
    else:
        assert knots is not None
        unit = target_of(frame).unit
        bend = nearest_knot(frame, unit)
        units = np.array([first for first, *_ in knots.units], dtype=np.intp).reshape(-1, 2)
        total = Curvature(knot_jumps(frame, unit), units)
    of_all = ListedNumber(lambda _: total.explain(), owner="the map", follow=total.follow)
    return [of_all] if bend is None else [_jump(frame, bend, unit), of_all]


def _jump(frame: Frame, bend: Bend, output: int) -> ListedNumber:
    """The jump of the slope at a border."""
    from engine.explain.models.borders import Border, BorderOperands, explain_jump

    data, network = frame.data, frame.network
    (x,) = _inputs(frame, bend.middle[None])
    steps = frame.view.directions / data.x_scale.sd
    directions = None if np.array_equal(steps, np.eye(len(x))) else steps
    scale = float(data.y_scale.sd[output]) if network.output == "identity" else 1.0
    border = Border(x, bend.layer, bend.unit, output, bend.jump, directions, scale)
    owner = "the nearest border" if frame.view.flat else "the nearest knot"
    follow = BorderOperands(network, border)
    return ListedNumber(lambda _: explain_jump(network, border), owner=owner, follow=follow)


def _inputs(frame: Frame, positions: Array) -> Array:
    """Positions (m, k) of the view as the network sees them (m, d)."""
    rows: Array = frame.data.encode(frame.view.inputs(positions))
    return rows
