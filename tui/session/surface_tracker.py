"""Surveyor: keeps the loss surface of where a run is, and what the user has chosen of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine import Trainer
from engine.arrays import Array
from tui.model.key_hint_error import KeyHintError
from tui.session.surface import Surface, SurfaceJob

KINDS = ("path", "random", "gradient")
"""The kinds of plane, in the order of the key that goes through them."""


@dataclass(frozen=True, eq=False)
class SurfaceFacts:
    """What there is to draw: ``note`` says why there is no surface, ``progress`` how far one is
    that is being computed. Costs are of the training and the test data, in its own units."""

    kind: str
    seed: int
    surface: Surface | None
    note: str
    progress: float | None
    path: Array  # (q, 2); the last is now
    cost: float  # now
    cursor: Array  # (2,)
    cursor_costs: tuple[float, float]


class Surveyor:
    """Keeps a surface of where a run is: after each pause the present one, and what is asked for.

    ``cursor`` (2,) is in multiples of the plane's directions.
    """

    def __init__(self) -> None:
        self.kind, self.seed = KINDS[0], 0
        self.cursor: Array = np.zeros(2)
        self._job: SurfaceJob | None = None
        self._surface: Surface | None = None
        self._note = ""
        self._of: object = None  # the moment that the surface, or the job, is of
        self._seen: object = None
        self._told: tuple[object, ...] = ()
        self._costs: tuple[tuple[object, ...], tuple[float, float]] = ((), (np.nan, np.nan))

    # what is computed

    def follow(self, trainer: Trainer, playing: bool) -> None:
        """Begin the surface of the present moment, if it has lasted since the last call."""
        now = _moment(trainer)
        if now != self._of and now == self._seen and not playing:
            self.compute(trainer)
        self._seen = now

    def compute(self, trainer: Trainer) -> None:
        """Begin the surface of the present moment."""
        self.cancel()
        self._collect()
        if self._surface and self._surface.trainer is not trainer:
            self._surface = None
        self._of, self._note = _moment(trainer), ""
        self._job = SurfaceJob(trainer, self.kind, self.seed, self._job)
        self._job.start()

    def next_kind(self, trainer: Trainer) -> None:
        """Go on to the next kind of plane."""
        self.kind = KINDS[(KINDS.index(self.kind) + 1) % len(KINDS)]
        self._restart(trainer)

    def draw_again(self, trainer: Trainer) -> None:
        """Draw the next random directions; EngineError where none are drawn."""
        if self.kind == "path":
            raise KeyHintError(
                "the path's directions are not drawn at random: {surface_plane} for other planes"
            )
        self.seed += 1
        self._restart(trainer)

    def _restart(self, trainer: Trainer) -> None:
        self.compute(trainer)
        self._surface, self.cursor = None, np.zeros(2)

    @property
    def busy(self) -> bool:
        """Whether a surface is being computed."""
        return self._job is not None and self._job.is_alive() and not self._job.cancelled

    def cancel(self) -> None:
        """Stop computing; what there is remains."""
        if self._job:
            self._job.cancel()

    def wait(self) -> None:
        """Wait for what is being computed. For tests and pictures."""
        if self._job:
            self._job.join()

    # what there is to show

    @property
    def news(self) -> bool:
        """Whether there is more to show than the last facts told."""
        return self._state() != self._told

    def facts(self, trainer: Trainer) -> SurfaceFacts:
        """What there is to show of a trainer."""
        self._collect()
        self._told = self._state()
        job, surface = self._job, self._shown
        if surface and surface.trainer is not trainer:  # another run has begun meanwhile
            surface = None
        assert trainer.prepared is not None
        scale = trainer.prepared.cost_scale
        with np.errstate(all="ignore"):
            return SurfaceFacts(
                kind=self.kind,
                seed=self.seed,
                surface=surface,
                note=self._note,
                progress=job.progress if job and self.busy else None,
                path=surface.path() if surface else np.empty((0, 2)),
                cost=trainer.costs()[0] * scale,
                cursor=self.cursor,
                cursor_costs=self._at_cursor(trainer, surface, scale),
            )

    @property
    def _shown(self) -> Surface | None:
        """The last surface until the next is complete; where there is none, as far as it is."""
        return self._surface or (self._job.surface if self._job else None)

    def _collect(self) -> None:
        """Take what a job has found that has ended."""
        job = self._job
        if job is None or job.is_alive():
            return
        if not job.cancelled:
            self._surface, self._note = job.surface, job.note
        elif self._surface is None:
            self._surface = job.surface
        self._job = None

    def _state(self) -> tuple[object, ...]:
        job = self._job
        return (job, job.is_alive(), job.progress, job.cancelled) if job else ()

    def _at_cursor(
        self, trainer: Trainer, surface: Surface | None, scale: float
    ) -> tuple[float, float]:
        """C at the cursor, exactly: not interpolated."""
        if surface is None:
            return np.nan, np.nan
        plane = surface.landscape.plane
        of = plane, trainer, self.cursor.tobytes()
        if of != self._costs[0]:
            train, test = trainer.costs_at(plane.parameters(*self.cursor.tolist()))
            self._costs = of, (train * scale, test * scale)
        return self._costs[1]


def _moment(trainer: Trainer) -> object:
    return trainer, trainer.step_count, trainer.network.parameters.tobytes()
