"""Changes: what has changed since a marked moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine import Network
from engine.arrays import Array, length
from engine.data.dataset import Scale
from engine.network.parameters import name_of_parameter
from tui.model.key_hint_error import KeyHintError
from tui.model.measured import Regions
from tui.model.regions.knot_changes import KnotChanges, knot_changes
from tui.model.regions.source import CURVED, CURVED_FEATURES
from tui.model.value_change import Moved

if TYPE_CHECKING:
    from tui.model.view import View

MOST_MOVED = 5
QUICK_REGIONS = 2_000  # up to so many are counted at once
WHY = {
    CURVED: "a hidden layer is curved, so there are none",
    CURVED_FEATURES: "the network sees curved features, so there are none",
    "diverged": "the run had diverged",
}
"""What notes of ``Regions`` mean."""


@dataclass(frozen=True, eq=False)
class Mark:
    """A moment of a run: its network, its costs in the data's own units, and its regions in a
    view, as far as they are known; ``scale`` is that of the inputs."""

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


@dataclass(frozen=True)
class RegionChange:
    """Activation and linear regions at two moments; ``gained`` and ``lost`` are patterns of
    hidden units on and off that there are only after, only before. Of a line these are None, and
    ``knots`` are known."""

    activation: tuple[int, int]
    linear: tuple[int, int]
    gained: int | None = None
    lost: int | None = None
    knots: KnotChanges | None = None


@dataclass(frozen=True)
class Changes:
    """All that has changed from one moment to another. ``regions`` may be why it is not known."""

    before: Mark
    after: Mark
    moved: tuple[Moved, ...]
    layers: tuple[LayerChange, ...]
    regions: RegionChange | str


def changes(before: Mark, after: Mark) -> Changes:
    """What has changed between two moments; EngineError where the layers are others."""
    old, new = before.network, after.network
    if (old.sizes, old.bias) != (new.sizes, new.bias):
        marked, this = ("-".join(map(str, network.sizes)) for network in (old, new))
        raise KeyHintError(f"the marked network is {marked}, this one {this}: {{mark}} marks anew")
    with np.errstate(all="ignore"):  # of a run that has diverged
        layers = tuple(
            LayerChange(length(M - N), length(N))
            for M, N in zip(new.matrices, old.matrices, strict=True)
        )
    return Changes(before, after, moved_most(old, new), layers, region_change(before, after))


def moved_most(before: Network, after: Network, most: int = MOST_MOVED) -> tuple[Moved, ...]:
    """The parameters that have moved most, the farthest first; one not finite before all."""
    old, new = before.parameters, after.parameters
    with np.errstate(invalid="ignore"):
        distance: Array = np.abs(new - old)
    distance = np.where(np.isnan(distance), np.inf, distance)
    order = np.argsort(-distance, kind="stable")[:most]
    return tuple(
        Moved(name_of_parameter(after, int(i)), float(old[i]), float(new[i]))
        for i in order
        if distance[i] > 0.0
    )


def region_change(before: Mark, after: Mark) -> RegionChange | str:
    """The regions gained and lost; or why that is not known."""
    if before.view is not after.view:
        return "not compared: the mark was set in another view"
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
    unknown, when = (new, "now") if has_pieces(old) else (old, "at the mark")
    return f"not compared, {when}: {WHY.get(unknown.note, unknown.note) or 'there is no map'}"


def has_pieces(regions: Regions) -> bool:
    return regions.map is not None or regions.knots is not None
