"""Surface: the cost around a run, on a plane through its parameters, computed in a thread."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from math import inf, isqrt
from threading import Thread
from time import perf_counter, sleep

import numpy as np

from engine import EngineError, Network, Trainer
from engine.arrays import Array
from engine.training.landscape import DIRECTIONS, Landscape, landscape, slice_through
from engine.training.prepare import Prepared
from engine.training.record.state import Event
from tui.session.counting.job import BREATH, STRETCH
from tui.system.job import Job

FEWEST, MOST = 25, 69  # points along each axis
WORK = 1e10  # parameters times examples times points, above which there are fewer of them
CALL = 1e5  # what an evaluation costs beside that


@dataclass(frozen=True, eq=False)
class Surface:
    """``landscape`` around the ``network`` of ``trainer`` as it was, with those events.

    The costs of ``landscape`` are in the network's units; ``cost``, C at the plane's origin, is in
    the data's own units. ``share``: of the squared distances of the path from its end, the part
    that lies in the plane (NaN without a path)."""

    landscape: Landscape
    prepared: Prepared
    network: Network
    cost: float
    share: float
    trainer: Trainer
    events: tuple[Event, ...]

    @property
    def step(self) -> int:
        """The step whose parameters are the plane's origin."""
        return int(self.landscape.steps[-1])

    @property
    def costs(self) -> Array:
        """C (m, m) in the data's own units; NaN where it is not known yet."""
        costs: Array = self.landscape.costs * self.prepared.cost_scale
        return costs

    @property
    def lowest(self) -> tuple[float, float, float]:
        """s, t and C of the lowest point known."""
        costs = np.where(np.isfinite(self.costs), self.costs, inf)
        row, column = np.unravel_index(int(costs.argmin()), costs.shape)
        middle, land = len(costs) // 2, self.landscape
        s = 0.0 if column == middle else float(land.s[column])  # not off by a rounding
        t = 0.0 if row == middle else float(land.t[row])
        return s, t, float(costs[row, column])

    def path(self) -> Array:
        """The run on the plane, (q, 2): its checkpoints up to now, and now."""
        land, trainer, now = self.landscape, self.trainer, self.trainer.step_count
        kept = land.steps < min(now, _parting(self.events, trainer.history.events))
        last = land.steps[kept].max(initial=-1)
        later = [s for s in sorted(trainer.history.checkpoints) if last < s < now]
        points = [*(trainer.parameters_at(s) for s in later), trainer.network.parameters]
        return np.concatenate([land.path[kept], land.plane.coordinates(np.array(points))])


class SurfaceJob(Job):
    """Computes one surface. ``surface`` is what there is so far, ``progress`` how much of it."""

    FAILED = "not computed"

    def __init__(self, trainer: Trainer, kind: str, seed: int, after: Thread | None = None) -> None:
        super().__init__("surface", after)
        self._trainer, self._twin = trainer, trainer.twin()  # nobody else moves the twin
        self._events = tuple(trainer.history.events)
        self._divergence = trainer.divergence
        self._kind, self._seed = kind, seed
        self.surface: Surface | None = None
        self.progress = 0.0

    def work(self) -> None:
        with np.errstate(all="ignore"):  # far from the run, costs may overflow
            self._compute()

    def _compute(self) -> None:
        twin, prepared = self._twin, self._twin.prepared
        assert prepared is not None
        if self.cancelled:
            return
        if self._divergence:
            raise EngineError(f"{self._divergence}: there is no landscape around it; go back first")
        plane = slice_through(twin, self._kind, self._seed)
        network, points, rested = twin.network, points_for(twin), perf_counter()
        cost, share = twin.costs()[0] * prepared.cost_scale, np.nan
        for done, land in enumerate(landscape(twin, plane, points), start=1):
            if done == 1:
                share = _share(twin, land)
            self.surface = Surface(
                land, prepared, network, cost, share, self._trainer, self._events
            )
            self.progress = done / points
            if self.cancelled:
                return
            if perf_counter() - rested > STRETCH:
                sleep(BREATH)
                rested = perf_counter()


def points_for(trainer: Trainer) -> int:
    """Points along each axis, an odd number: as many as are computed in a few seconds."""
    assert trainer.prepared is not None
    work = trainer.network.parameters.size * len(trainer.prepared.inputs) + CALL
    points = min(max(isqrt(int(WORK / work)), FEWEST), MOST)
    return points - 1 + points % 2


def explained(kind: str) -> str:
    """A kind of plane in a line."""
    return DIRECTIONS[kind]


def _share(trainer: Trainer, land: Landscape) -> float:
    """The part of the squared distances of the path's points from now that lies in the plane."""
    now = trainer.network.parameters
    away = np.array([trainer.parameters_at(int(step)) - now for step in land.steps[:-1]])
    whole = float(np.square(away).sum())
    inside = np.square(land.path) @ np.square(land.plane.directions).sum(axis=1)
    return float(inside.sum()) / whole if whole else np.nan


def _parting(old: tuple[Event, ...], new: list[Event]) -> float:
    """The first step at which two pasts have other events."""
    pairs = zip_longest(old, new)
    apart = (event.step for pair in pairs if pair[0] != pair[1] for event in pair if event)
    return min(apart, default=inf)
