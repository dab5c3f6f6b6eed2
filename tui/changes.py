"""Changes: what has changed since a marked moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine import Network
from engine.activations import Array
from engine.dataset import Scale
from engine.norms import length
from engine.parameters import name_of_parameter
from tui.frame import Regions
from tui.knot_changes import KnotChanges, knot_changes
from tui.moved import Moved
from tui.numbers import count, norm
from tui.piecewise import CURVED, CURVED_FEATURES, Moment, most_regions, pieces
from tui.refusal import Refusal

if TYPE_CHECKING:
    from tui.app import NNExplore
    from tui.session import Session
    from tui.view import View

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


def mark(app: NNExplore) -> None:
    """Mark this moment."""
    from tui.editing import tell

    made = moment(app.session)
    app.session.mark = made
    cost, key = norm(made.cost).strip(), app.shown_keys["changes"]
    tell(app, f"step {count(made.step)} is marked, C {cost}: {key} tells changes")


def show_changes(app: NNExplore) -> None:
    """Show what has changed since the mark."""
    from tui.screens.changes import ChangesScreen  # not before it is wanted

    before = app.session.mark
    if before is None:
        raise Refusal(
            "no moment is marked: {mark} marks this one, {changes} then tells what has changed"
        )
    app.do(lambda: None, pause=True)
    app.clear_notifications()  # they would cover the dialog
    app.push_screen(ChangesScreen(changes(before, moment(app.session)), app.look))


def moment(session: Session) -> Mark:
    """The present moment."""
    trainer, network, scale = session.trainer, session.trainer.network, session.prepared.cost_scale
    with np.errstate(all="ignore"):
        cost, test_cost = trainer.costs()
    known = session.counter.regions(trainer, network, session.view, session.playing)
    now = Moment(network, session.prepared.dataset, session.view, trainer.step_count)
    return Mark(
        trainer.step_count,
        network,
        trainer.loss,
        cost * scale,
        None if test_cost is None else test_cost * scale,
        session.view,
        known if known.step == now.step and _has_pieces(known) else _counted(now, known),
        session.prepared.dataset.x_scale,
    )


def changes(before: Mark, after: Mark) -> Changes:
    """What has changed between two moments; EngineError where the layers are others."""
    old, new = before.network, after.network
    if (old.sizes, old.bias) != (new.sizes, new.bias):
        marked, this = ("-".join(map(str, network.sizes)) for network in (old, new))
        raise Refusal(f"the marked network is {marked}, this one {this}: {{mark}} marks anew")
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
    unknown, when = (new, "now") if _has_pieces(old) else (old, "at the mark")
    return f"not compared, {when}: {WHY.get(unknown.note, unknown.note) or 'there is no map'}"


def _counted(now: Moment, known: Regions) -> Regions:
    """The regions of a moment where they are quick to count; else why there are none."""
    if known.note in WHY:
        return known
    if most_regions(now) <= QUICK_REGIONS:
        return pieces(now)
    return Regions(now.step, note="they had not been counted yet")


def _has_pieces(regions: Regions) -> bool:
    return regions.map is not None or regions.knots is not None
