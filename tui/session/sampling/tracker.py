"""When repeated samples are drawn, and what there is to show of them."""

from __future__ import annotations

from engine import Trainer
from tui.model.linear.coverage import CoverageFacts
from tui.session.sampling.job import TOTAL, TRAININGS, SamplingJob


class SamplingTracker:
    """Draws samples for the present data and network while they are ``shown``.

    ``advance`` begins the job; ``facts`` reads what has been found so far.
    """

    def __init__(self) -> None:
        self.shown = False
        self._job: SamplingJob | None = None
        self._of: tuple[object, ...] = ()  # what the job samples from

    def toggle(self) -> None:
        """Show the coverage in place of the tests, or the tests again. What was stopped begins
        again."""
        self.shown = not self.shown
        if self.shown and self._job and self._job.cancelled:
            self._of = ()

    def advance(self, trainer: Trainer, columns: list[int]) -> None:
        """Begin to draw, if there are no samples of this network and these settings."""
        settings = trainer.settings
        used = settings.optimizer, settings.learning_rate, settings.batch_size
        of = trainer.prepared, *used
        if not self.shown or (self._of and self._of[0] is of[0] and self._of[1:] == used):
            return
        self.cancel()
        self._of = of
        self._job = SamplingJob(trainer, columns, self._job)
        self._job.start()

    @property
    def busy(self) -> bool:
        """Whether samples are being drawn."""
        return self._job is not None and self._job.busy

    def cancel(self) -> None:
        """Stop; what has been counted remains."""
        if self._job:
            self._job.cancel()

    def pause(self) -> None:
        """Stop until the next ``advance``, which begins anew."""
        if self.busy:
            self.cancel()
            self._of = ()

    @property
    def state(self) -> tuple[object, ...]:
        """Differs from that of earlier facts if something has been found since."""
        job = self._job
        return (self.shown, job, job and (job.is_alive(), job.progress, job.cancelled))

    def facts(self) -> CoverageFacts | None:
        """What there is to show; None while the tests are shown."""
        state, job = self.state, self._job  # first the state: the job goes on meanwhile
        if not self.shown or job is None:
            return None
        return CoverageFacts(
            cases=job.cases,
            own=job.own,
            total=TOTAL,
            trainings=TRAININGS,
            steps=job.steps,
            progress=job.progress if self.busy else None,
            note=job.note,
            state=state,
        )
