"""Computation of a loss surface in a separate thread."""

from __future__ import annotations

from math import isqrt
from threading import Thread

import numpy as np

from engine import EngineError, Trainer
from engine.training.landscape import Landscape, landscape, slice_through
from tui.model.surface import Surface
from tui.system.job import Job

MIN_POINTS, MAX_POINTS = 25, 69  # along each axis
WORK = 1e10  # parameters × examples × points, above which fewer points are computed
CALL = 1e5  # the overhead of one evaluation, in the same unit


class SurfaceJob(Job):
    """Computes one surface: ``surface`` as far as it has come, and its ``progress`` (0 … 1)."""

    FAILED = "not computed"

    def __init__(self, trainer: Trainer, kind: str, seed: int, after: Thread | None = None) -> None:
        super().__init__("surface", after)
        self._trainer, self._twin = trainer, trainer.twin()  # used by this thread alone
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
            raise EngineError(f"{self._divergence}: no loss surface around it; go back first")
        plane = slice_through(twin, self._kind, self._seed)
        network, points = twin.network, grid_points(twin)
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
            self.pause_briefly()


def grid_points(trainer: Trainer) -> int:
    """Points along each axis, an odd number that takes a few seconds to compute."""
    assert trainer.prepared is not None
    work = trainer.network.parameters.size * len(trainer.prepared.inputs) + CALL
    points = min(max(isqrt(int(WORK / work)), MIN_POINTS), MAX_POINTS)
    return points - 1 + points % 2


def _share(trainer: Trainer, land: Landscape) -> float:
    """The part of the path's squared distances from its end that the plane holds."""
    end = trainer.network.parameters
    offsets = np.array([trainer.parameters_at(int(step)) - end for step in land.steps[:-1]])
    total = float(np.square(offsets).sum())
    inside = np.square(land.path) @ np.square(land.plane.directions).sum(axis=1)
    share = float(inside.sum()) / total if total else np.nan
    return share if np.isfinite(share) else np.nan
