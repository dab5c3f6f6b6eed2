"""Where the map or the curve of a pane goes, and its read-out: beside it, or else below."""

from __future__ import annotations

from math import ceil, log2
from typing import NamedTuple, cast

import numpy as np

from engine.regions.box import rounded_range
from tui.drawing.grid import Box, margin
from tui.model.frame import Frame
from tui.model.target_scale import Target, target_of

GAP = 2  # cells between a map and what stands beside it
MIN_WIDTH, MAX_WIDTH = 13, 20  # cells of what stands there
EDGE = 3  # columns at the right of a map, for the name of the axis
MOST_LOST = 1 / 8  # of a map that may shrink
MOST_BELOW = 5  # rows of the read-out below a curve
BOUNDS = {"tanh": (-1.0, 1.0)} | dict.fromkeys(("sigmoid", "probit", "cloglog"), (0.0, 1.0))
LARGEST = 1e100  # error that the plot of a curve shows


class Area(NamedTuple):
    """Cells of a canvas."""

    x: int
    y: int
    width: int
    height: int


class MapPlace(NamedTuple):
    """The cells of a map or a curve, and those of its read-out, if there are enough."""

    left: int
    width: int
    height: int
    read_out: Area | None

    @property
    def read_out_below(self) -> bool:
        return self.read_out is not None and self.read_out.y > 0


def map_place(width: int, height: int, left: int, may_shrink: bool = False) -> MapPlace:
    """The largest square map on a canvas (a row is as high as two columns are wide), with
    ``left`` columns for the labels at its left and a row for those below it; or a little less, if
    it ``may_shrink``, so that the read-out fits beside it."""
    size = min(2 * (height - 1), width - left - EDGE)
    missing = GAP + MIN_WIDTH - (width - left - size)  # columns for the read-out
    if may_shrink and 0 < missing <= MOST_LOST * size:
        size -= missing
    size = max(2, size - size % 2)
    return _place(width, height, left, size, size // 2)


def curve_place(width: int, height: int, left: int) -> MapPlace:
    """A curve that is as wide as a square at least."""
    rows, free = max(1, height - 1), max(1, width - left - EDGE)
    across = min(free, max(2 * rows, width - left - GAP - MAX_WIDTH))
    if width - left - across < GAP + MIN_WIDTH:  # no read-out beside it
        rows = min(rows, max(free // 2, rows - MOST_BELOW, 1))
    return _place(width, height, left, across, rows)


def _place(width: int, height: int, left: int, across: int, rows: int) -> MapPlace:
    x, below = left + across + GAP, height - rows - 1
    read_out = None
    if width - x >= MIN_WIDTH:
        read_out = Area(x, 0, min(width - x, MAX_WIDTH), rows)
    elif below > 0:
        read_out = Area(left, rows + 1, width - left, below)
    return MapPlace(left, across, rows, read_out)


def map_box(frame: Frame, target: Target) -> Box:
    """The ranges of the axes: two inputs, or an input and ŷ."""
    if frame.view.flat:
        return cast(Box, frame.view.box)
    return frame.view.box[0], _heights(frame, target)


def label_margin(frame: Frame, y_hat: str) -> int:
    """The columns of the labels at the left of a map or a curve."""
    box = map_box(frame, target_of(frame))
    return margin(box[1], frame.view.names[1] if frame.view.flat else y_hat)


def _heights(frame: Frame, target: Target) -> tuple[float, float]:
    """The range of ŷ in the plot of the curve.

    It is that of the targets, so that it does not change while training plays. Equal targets, as
    that of a single row, have none: then it is that of the output's activation, or else reaches as
    far as the largest error, rounded up to a power of 2.
    """
    values = target.values
    if values.min() < values.max():
        return rounded_range(values)
    bounds = BOUNDS.get(frame.network.output)
    if bounds is None:
        errors = np.nan_to_num(np.abs(frame.predicted[:, target.unit] - values))
        reach = 2.0 ** ceil(log2(np.clip(errors.max(), 0.5, LARGEST)))
        bounds = values[0] - reach, values[0] + reach
    return rounded_range(np.array([values[0], *bounds]))
