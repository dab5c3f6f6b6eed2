"""The loss surface: C around a run, on a plane through its parameters."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from math import inf

import numpy as np

from engine import Network, Trainer
from engine.arrays import Array
from engine.training.landscape import Landscape
from engine.training.prepare import Prepared
from engine.training.record.state import Event


@dataclass(frozen=True, eq=False)
class Surface:
    """A landscape around a trainer, whose parameters at that time are the plane's origin."""

    landscape: Landscape  # its costs are in the network's units
    prepared: Prepared
    network: Network  # at the plane's origin
    cost: float  # C at the origin, in the data's own units
    share: float  # of the path's squared distances from its end that the plane holds; NaN: no path
    trainer: Trainer
    events: tuple[Event, ...]  # of the trainer when the landscape was made

    @property
    def step(self) -> int:
        """The step whose parameters are the plane's origin."""
        return int(self.landscape.steps[-1])

    @property
    def costs(self) -> Array:
        """C (m, m) in the data's own units; NaN where it is not yet computed."""
        costs: Array = self.landscape.costs * self.prepared.cost_scale
        return costs

    @property
    def lowest(self) -> tuple[float, float, float]:
        """s, t and C of the lowest point computed so far."""
        costs = np.where(np.isfinite(self.costs), self.costs, inf)
        row, column = np.unravel_index(int(costs.argmin()), costs.shape)
        middle, land = len(costs) // 2, self.landscape
        s = 0.0 if column == middle else float(land.s[column])  # exactly, without rounding
        t = 0.0 if row == middle else float(land.t[row])
        return s, t, float(costs[row, column])

    def path(self) -> Array:
        """The run projected on the plane, (q, 2): its checkpoints, then the current step."""
        land, trainer, now = self.landscape, self.trainer, self.trainer.step_count
        kept = land.steps < min(now, _first_difference(self.events, trainer.history.events))
        last = land.steps[kept].max(initial=-1)
        later = [s for s in sorted(trainer.history.checkpoints) if last < s < now]
        points = [*(trainer.parameters_at(s) for s in later), trainer.network.parameters]
        return np.concatenate([land.path[kept], land.plane.coordinates(np.array(points))])


@dataclass(frozen=True, eq=False)
class SurfaceFacts:
    """What screen Surface shows. Costs are of the training and the test data, in the data's own
    units."""

    kind: str  # of plane, a key of ``engine.training.landscape.DIRECTIONS``
    seed: int
    surface: Surface | None  # perhaps not complete
    note: str  # why there is no surface
    progress: float | None  # of the computation; None if nothing is being computed
    path: Array  # (q, 2), the last point is the current step
    cost: float  # at the current step
    cursor: Array  # (2,), in multiples of the plane's directions
    cursor_costs: tuple[float, float]
    state: object  # of the computation: see ``SurfaceTracker.state``


def _first_difference(old: tuple[Event, ...], new: list[Event]) -> float:
    """The first step at which the events differ; inf if they are the same."""
    pairs = zip_longest(old, new)
    steps = (event.step for pair in pairs if pair[0] != pair[1] for event in pair if event)
    return min(steps, default=inf)
