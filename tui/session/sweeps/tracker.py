"""The errors by width of the present target: when they are computed, and those of earlier ones."""

from __future__ import annotations

from time import perf_counter

import numpy as np

from engine.approximation.targets import Target
from tui.model.approximation.sweep import SweepState
from tui.session.sweeps.job import SweepJob

KEPT = 12  # targets whose sweeps are kept
STOPPED = "stopped"
PAUSE = 0.3  # seconds that a target lasts before its sweep is computed


class SweepTracker:
    """Computes the sweep of a target once it has lasted a while.

    ``advance`` takes results and begins computations; ``computed`` reads what has been computed.
    """

    def __init__(self) -> None:
        self._job: SweepJob | None = None
        self._kept: list[SweepState] = []  # of targets, the last used one at the end
        self._seen: tuple[Target | None, float] = None, 0.0  # the last target, and since when

    def advance(self, target: Target | None) -> None:
        """Take a result, or begin the sweep of a target (None: of none)."""
        self._collect()
        if target is None:
            self.leave()
            return
        seen, now = self._seen[0], perf_counter()
        if seen is None or not same(seen, target):
            if self._job and not same(self._job.target, target):
                self._job.cancel()
            self._seen = target, now
            self._kept = [s for s in self._kept if s.is_whole or not same(s.target, target)]
        if self._computes(target) or self._known(target):
            return
        if seen is None or now - self._seen[1] >= PAUSE:
            self.compute(target)

    def compute(self, target: Target) -> None:
        """Begin the sweep of a target, again if there is one."""
        if self._job:
            self._job.cancel()
        self._kept = [state for state in self._kept if not same(state.target, target)]
        self._seen = target, perf_counter()
        self._job = SweepJob(target, self._job)
        self._job.start()

    def stop(self) -> None:
        """Stop computing; the points computed so far remain, until the target changes."""
        if self.busy:
            assert self._job is not None
            self._job.cancel()
            self._keep(self._job, STOPPED)

    def leave(self) -> None:
        """Stop computing until ``advance`` begins anew."""
        if self._job:
            self._job.cancel()
        self._seen = None, 0.0

    @property
    def busy(self) -> bool:
        """Whether a sweep is being computed."""
        return self._job is not None and self._job.busy

    @property
    def state(self) -> tuple[object, ...]:
        """Differs from that of earlier facts if a computation has begun, gone on or ended."""
        job = self._job
        return (job, job.is_alive(), job.sweep.done, job.cancelled) if job else ()

    def computed(self, target: Target) -> SweepState:
        """What has been computed of a target."""
        job = self._job
        if job and self._computes(target):
            sweep = job.sweep
            return SweepState(job.target, sweep.points, sweep.done)
        return self._known(target) or SweepState(target, (), 0.0)

    def _computes(self, target: Target) -> bool:
        """Whether the job at work, or one just ended, is of a target."""
        return self._job is not None and not self._job.cancelled and same(self._job.target, target)

    def _known(self, target: Target) -> SweepState | None:
        return next((state for state in self._kept if same(state.target, target)), None)

    def _collect(self) -> None:
        """Take the result of a job that has ended."""
        job = self._job
        if job is None or job.is_alive():
            return
        if not job.cancelled:
            self._keep(job, job.note)
        self._job = None

    def _keep(self, job: SweepJob, note: str) -> None:
        others = [state for state in self._kept if not same(state.target, job.target)]
        state = SweepState(job.target, job.sweep.points, None, note)
        self._kept = [*others, state][-KEPT:]


def same(first: Target, second: Target) -> bool:
    """Whether two targets are the same curve with the same sample."""
    if first is second:
        return True
    if first.is_formula != second.is_formula or len(first.x) != len(second.x):
        return False
    if first.is_formula and first.function is not second.function:
        return False
    return bool(np.array_equal(first.x, second.x) and np.array_equal(first.y, second.y))
