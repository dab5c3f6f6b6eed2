"""The numbered regions of a map, with their properties.

Region 1 is the largest; while training plays each keeps its number. Table, map, detail and
filter use this list.
"""

from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np

from engine import Dataset, RegionMap
from engine.arrays import Array, Bools, Ints
from engine.network.activations import output_named
from tui.model.frame import Frame
from tui.model.regions.affine_in_view import in_data_units
from tui.model.target_scale import Target, decision, target_of
from tui.model.view import View


@dataclass(frozen=True, eq=False)
class RegionList:
    """All R regions of a map by *rank*: 0 for the largest, ties by the map's own id.

    The affine map gives ŷ in the data's own units if the output is the identity (``of_output``),
    else z⁽ᴸ⁾, both of output unit ``unit`` and from the view's coordinates.
    """

    map: RegionMap
    unit: int
    of_output: bool
    ids: Ints  # (R,) the map's ids
    ranks: Ints  # (R,) the rank of each id
    numbers: Ints  # (R,) as shown: the ranks from 1, or those that they keep while training plays
    share: Array  # (R,) of the box's area
    homes: Ints  # (n,) the rank of the region of each example (or its projection), or −1
    examples: Ints  # (R,) how many lie in each
    slopes: Array  # (R, 2)
    offset: Array  # (R,) at the view's coordinates 0, 0
    steepness: Array  # (R,) ‖slopes‖
    zero: Bools  # (R,) whether the decision boundary passes through (see ``_crossed``)
    selected: int | None  # the rank of the region under the cursor
    shown: Bools  # (R,) after the filter

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def corners(self) -> Ints:
        """(R,) the number of corners of each region."""
        return corner_counts(self.map)[self.ids]

    def centre(self, rank: int) -> Array:
        """A point (2,) inside a region, in the view's coordinates."""
        centre: Array = self.map.centres[self.ids[rank]]
        return centre

    def neighbours(self, rank: int) -> Ints:
        """The ranks, ascending, of the regions that share a border with this one."""
        ranks: Ints = np.sort(self.ranks[self.map.neighbours[self.ids[rank]]])
        return ranks

    def same_map(self, rank: int) -> Ints:
        """The ranks, ascending, of the other regions in the same linear region."""
        linear = self.map.linear_ids[self.ids]
        same = linear == linear[rank]
        same[rank] = False
        return np.flatnonzero(same)


def all_regions(frame: Frame) -> RegionList | None:
    """The regions of ``frame.regions.map``, without the filter; None if there is no map.

    They are those of step ``frame.regions.step``, which may be earlier than ``frame.step``.
    """
    regions = frame.regions.map
    if regions is None:
        return None
    target = target_of(frame)
    listed = _listed(_Source(regions, target.unit, frame.data, frame.view, frame, target))
    selected = int(regions.locate(frame.cursor[None, :])[0])
    numbers = frame.regions.numbers
    return replace(
        listed,
        numbers=listed.numbers if numbers is None else numbers[listed.ids],
        selected=None if selected < 0 else int(listed.ranks[selected]),
    )


@lru_cache(maxsize=2)
def corner_counts(regions: RegionMap) -> Ints:
    """(R,) by id: the number of lines that bound a region. Its polygon may have more points,
    because borders between its neighbours end on its straight sides."""
    units = regions.edge_units
    lines = units[:, 0] * (int(units[:, 1].max(initial=0)) + 1) + units[:, 1]
    stride = int(lines.max(initial=0)) + 1
    sides = np.unique(regions.edge_regions * stride + lines[:, None])  # a unit has one line in each
    counts = np.bincount(sides // stride, minlength=regions.activation_count)
    points, region = _polygon_points(regions)
    for end in (points.min(axis=0), points.max(axis=0)):
        for on_side in (points == end).T:  # of the box
            counts += np.bincount(region[on_side], minlength=len(counts)) > 1
    return counts


@dataclass(frozen=True)
class _Source:
    """The arguments of a list: equal for the same map, output, data and view."""

    map: RegionMap
    unit: int
    data: Dataset
    view: View
    frame: Frame = field(compare=False)
    target: Target = field(compare=False)


@lru_cache(maxsize=2)
def _listed(source: _Source) -> RegionList:
    """The list with nothing selected and all shown."""
    regions, unit, frame = source.map, source.unit, source.frame
    areas = regions.areas
    ids = np.argsort(-areas, kind="stable")
    ranks = np.empty_like(ids)
    ranks[ids] = np.arange(len(ids))
    located = regions.locate(frame.view.coordinates(frame.data.columns))
    homes = np.where(located < 0, -1, ranks[located])
    W, b = regions.maps
    maps = in_data_units(frame, unit, W[ids, unit], b[ids, unit])
    return RegionList(
        map=regions,
        unit=unit,
        of_output=frame.network.output == "identity",
        ids=ids,
        ranks=ranks,
        numbers=np.arange(1, len(ids) + 1),
        share=areas[ids] / areas.sum(),
        homes=homes,
        examples=np.bincount(homes[homes >= 0], minlength=len(ids)),
        slopes=maps.slopes,
        offset=maps.offset,
        steepness=np.hypot(*maps.slopes.T),
        zero=_crossed(regions, frame, source.target)[ids],
        selected=None,
        shown=np.ones(len(ids), dtype=np.bool_),
    )


def _crossed(regions: RegionMap, frame: Frame, target: Target) -> Bools:
    """(R,) by id: whether the decision changes inside; if there is none, whether ŷ = 0 (or z = 0,
    if the output is not the identity) passes through."""
    points, region = _polygon_points(regions)
    W, b = regions.maps
    z = np.einsum("mki,mi->mk", W[region], points) + b[region]
    y_hat = frame.data.y_scale.undo(output_named(frame.network.output)(z))
    heights = y_hat if frame.network.output == "identity" else z
    if z.shape[1] == 1:  # y_hat is monotone in z: its signs at the corners suffice
        decided = decision(frame, target, [y_hat[:, 0]])
        margins = (heights[:, 0] if decided is None else decided)[:, None]
    else:
        margins = heights[:, [target.unit]] - np.delete(heights, target.unit, axis=1)
    count = regions.activation_count
    won = _any_corner(margins.min(axis=1) > 0.0, region, count)
    lost = _any_corner(margins.min(axis=1) < 0.0, region, count)
    crossed = won & lost
    # lost at every corner, a class can still win inside, if it beats each of the others somewhere
    perhaps = lost & ~won
    for margin in margins.T:
        perhaps &= _any_corner(margin > 0.0, region, count)
    starts = np.searchsorted(region, np.arange(count + 1))
    for i in np.flatnonzero(perhaps).tolist():
        crossed[i] = _wins_inside(margins[starts[i] : starts[i + 1]])
    return crossed


def _wins_inside(margins: Array) -> bool:
    """Whether all margins are positive somewhere in a convex polygon, by their values (m, j) at
    its corners, in order: the polygon is clipped by each margin in turn."""
    for column in range(margins.shape[1]):
        kept = []
        for corner, following in zip(margins, np.roll(margins, -1, axis=0), strict=True):
            a, b = corner[column], following[column]
            if a > 0.0:
                kept.append(corner)
            if (a > 0.0) != (b > 0.0):
                kept.append(corner + a / (a - b) * (following - corner))
        margins = np.array(kept)
        if not kept or not (margins[:, column] > 0.0).any():
            return False
    return True


def _any_corner(marked: Bools, region: Ints, count: int) -> Bools:
    """(R,) whether any of a region's corners is marked."""
    any_marked: Bools = np.bincount(region[marked], minlength=count) > 0
    return any_marked


def _polygon_points(regions: RegionMap) -> tuple[Array, Ints]:
    """The points (m, 2) of all polygons, region by region, and the region of each (m,)."""
    sizes = [len(polygon) for polygon in regions.polygons]
    return np.concatenate(regions.polygons), np.repeat(np.arange(len(sizes)), sizes)
