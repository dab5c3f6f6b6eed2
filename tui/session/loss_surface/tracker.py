"""The loss surface around the current step: when it is computed, and what the user chose of it."""

from __future__ import annotations

from time import perf_counter

import numpy as np

from engine import Trainer
from engine.arrays import Array
from tui.model.key_hint_error import KeyHintError
from tui.model.surface import Surface, SurfaceFacts
from tui.session.loss_surface.job import SurfaceJob

KINDS = ("path", "random", "gradient")
"""The kinds of plane, in the order in which a key goes through them."""
MIN_PATH_STEPS = 2  # a shorter path spans no plane
PAUSE = 0.1  # seconds that a moment lasts before its surface is computed


class SurfaceTracker:
    """Computes the surface of a moment after a pause, or on request.

    ``advance`` takes results and begins computations; ``facts`` reads what has been computed.
    ``cursor`` (2,) is in multiples of the plane's directions.
    """

    def __init__(self, trainer: Trainer) -> None:
        self.kind, self.seed = KINDS[0], 0
        self.cursor: Array = np.zeros(2)
        self._job: SurfaceJob | None = None
        self._surface: Surface | None = None
        self._note = ""
        self._revision: object = None  # of the surface, or of the one being computed
        self._seen: tuple[object, float] = None, 0.0  # the last revision, and since when
        self._costs: tuple[tuple[object, ...], tuple[float, float]] = ((), (np.nan, np.nan))
        self.require_path(trainer)

    def require_path(self, trainer: Trainer) -> None:
        """Choose random directions if the run has no path yet."""
        if trainer.step_count < MIN_PATH_STEPS:
            self.kind = "random"

    # what is computed

    def advance(self, trainer: Trainer, playing: bool) -> None:
        """Take a result, or begin the surface of the current step once it has lasted a while."""
        self._collect()
        revision, now = trainer.revision, perf_counter()
        if revision != self._seen[0]:
            self._seen = revision, now
        if revision != self._revision and not playing and now - self._seen[1] >= PAUSE:
            self.compute(trainer)

    def compute(self, trainer: Trainer) -> None:
        """Begin the surface of the current step."""
        self.cancel()
        self._collect()
        if self._surface and self._surface.trainer is not trainer:
            self._surface = None
        self._revision, self._note = trainer.revision, ""
        self._job = SurfaceJob(trainer, self.kind, self.seed, self._job)
        self._job.start()

    def next_kind(self, trainer: Trainer) -> None:
        """Go on to the next kind of plane."""
        self.kind = KINDS[(KINDS.index(self.kind) + 1) % len(KINDS)]
        self._restart(trainer)

    def draw_again(self, trainer: Trainer) -> None:
        """Draw the next random directions; EngineError if the plane has none."""
        if self.kind == "path":
            raise KeyHintError(
                "the path's directions are not drawn at random: {surface_plane} for other planes"
            )
        self.seed += 1
        self._restart(trainer)

    def _restart(self, trainer: Trainer) -> None:
        self.compute(trainer)
        self._surface, self.cursor = None, np.zeros(2)

    def put_cursor(self, point: Array) -> None:
        """Put the cursor at a point (2,) of the plane."""
        self.cursor = point

    @property
    def busy(self) -> bool:
        """Whether a surface is being computed."""
        return self._job is not None and self._job.busy

    def cancel(self) -> None:
        """Stop computing; the points computed so far remain."""
        if self._job:
            self._job.cancel()

    def _collect(self) -> None:
        """Take the result of a job that has ended."""
        job = self._job
        if job is None or job.is_alive():
            return
        if not job.cancelled:
            self._surface, self._note = job.surface, job.note
        elif self._surface is None:
            self._surface = job.surface
        self._job = None

    # what there is to show

    @property
    def state(self) -> tuple[object, ...]:
        """Differs from that of earlier facts if a computation has begun, gone on or ended."""
        job = self._job
        return (job, job.is_alive(), job.progress, job.cancelled) if job else ()

    def facts(self, trainer: Trainer) -> SurfaceFacts:
        """What there is to show of a trainer."""
        job, state = self._job, self.state  # first the state: the computation goes on meanwhile
        # the last surface until the next is complete; if there is none, what is done of the next
        surface = self._surface or (job.surface if job else None)
        if surface and surface.trainer is not trainer:
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
                cursor_costs=self._cursor_costs(trainer, surface, scale),
                state=state,
            )

    def _cursor_costs(
        self, trainer: Trainer, surface: Surface | None, scale: float
    ) -> tuple[float, float]:
        """C at the cursor, exactly: not interpolated. Kept until cursor or plane change."""
        if surface is None:
            return np.nan, np.nan
        plane = surface.landscape.plane
        key = plane, trainer, self.cursor.tobytes()
        if key != self._costs[0]:
            train, test = trainer.costs_at(plane.parameters(*self.cursor.tolist()))
            self._costs = key, (train * scale, test * scale)
        return self._costs[1]
