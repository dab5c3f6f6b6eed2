"""Changes of a run since a marked moment."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, nan
from typing import TYPE_CHECKING

import numpy as np

from engine import Network
from engine.arrays import Array, length
from engine.data.dataset import Scale
from engine.network.parameters import name_of_parameter
from tui.model.key_hint_error import KeyHintError
from tui.model.premises import finite
from tui.model.regions.knot_changes import KnotChanges, knot_changes
from tui.model.regions.result import Reason, Regions
from tui.model.value_change import ValueChange

if TYPE_CHECKING:
    from tui.model.view import View

MAX_MOVED = 5
QUICK_REGIONS = 2_000  # up to which regions are counted at once


@dataclass(frozen=True, eq=False)
class Mark:
    """A moment of a run: its network, its costs in the data's own units, and its regions in a
    view, if they are known; ``scale`` is that of the inputs."""

    step: int
    network: Network
    loss: str
    cost: float
    test_cost: float | None
    view: View
    regions: Regions
    scale: Scale


@dataclass(frozen=True)
class LayerChange:
    """‖Δ‖ of [W⁽ˡ⁾ b⁽ˡ⁾], and ‖[W⁽ˡ⁾ b⁽ˡ⁾]‖ before."""

    moved: float
    before: float

    @property
    def share(self) -> float:
        """Δ as a part of the norm before; NaN where that is 0, or a number is not finite."""
        return finite(self.moved / self.before) if 0.0 < self.before < inf else nan


@dataclass(frozen=True)
class RegionChange:
    """Numbers of activation and linear regions at two moments; ``gained`` and ``lost`` count the
    patterns of hidden units on and off that exist only after or only before. On a line these are
    None, and ``knots`` has the changes."""

    activation: tuple[int, int]
    linear: tuple[int, int]
    gained: int | None = None
    lost: int | None = None
    knots: KnotChanges | None = None


@dataclass(frozen=True)
class NotCompared:
    """Why the regions of two moments are not compared: the views are different, or those at the
    mark (``at_mark``) or those now are not known, for a ``reason`` (None: there is no map)."""

    other_view: bool = False
    at_mark: bool = False
    reason: Reason | None = None


@dataclass(frozen=True)
class Changes:
    """All that has changed from one moment to another."""

    before: Mark
    after: Mark
    moved: tuple[ValueChange, ...]
    layers: tuple[LayerChange, ...]
    regions: RegionChange | NotCompared


def changes(before: Mark, after: Mark) -> Changes:
    """What has changed between two moments; EngineError if the layers are different."""
    old, new = before.network, after.network
    if (old.sizes, old.bias) != (new.sizes, new.bias):
        marked, present = ("-".join(map(str, network.sizes)) for network in (old, new))
        raise KeyHintError(
            f"cannot compare: the marked network is {marked}, this one {present}; "
            "{mark} sets a new mark"
        )
    with np.errstate(all="ignore"):  # for a run that has diverged
        layers = tuple(
            LayerChange(length(M - N), length(N))
            for M, N in zip(new.matrices, old.matrices, strict=True)
        )
    return Changes(before, after, largest_changes(old, new), layers, region_change(before, after))


def largest_changes(
    before: Network, after: Network, max_count: int = MAX_MOVED
) -> tuple[ValueChange, ...]:
    """The parameters with the largest changes, in descending order; those that are not finite
    come first."""
    old, new = before.parameters, after.parameters
    with np.errstate(invalid="ignore"):
        distance: Array = np.abs(new - old)
    distance = np.where(np.isnan(distance), np.inf, distance)
    order = np.argsort(-distance, kind="stable")[:max_count]
    return tuple(
        ValueChange(name_of_parameter(after, int(i)), float(old[i]), float(new[i]))
        for i in order
        if distance[i] > 0.0
    )


def region_change(before: Mark, after: Mark) -> RegionChange | NotCompared:
    """The regions gained and lost, or why they are not compared."""
    if before.view is not after.view:
        return NotCompared(other_view=True)
    old, new = before.regions, after.regions
    if old.map and new.map:
        patterns, now = ({row.tobytes() for row in m.patterns} for m in (old.map, new.map))
        return RegionChange(
            (old.map.activation_count, new.map.activation_count),
            (old.map.linear_count, new.map.linear_count),
            len(now - patterns),
            len(patterns - now),
        )
    if old.knots and new.knots:
        return RegionChange(
            (old.knots.activation_count, new.knots.activation_count),
            (len(old.knots.x) + 1, len(new.knots.x) + 1),
            knots=knot_changes(old.knots, new.knots, after.scale),
        )
    if old.has_pieces:
        return NotCompared(reason=new.reason)
    return NotCompared(at_mark=True, reason=old.reason)
