"""When a run that plays should pause by itself: the experiment's stop conditions, asked in time.

A condition pauses a run once. Play on, and only what happens from then on pauses it again.
"""

from dataclasses import replace

from engine import Experiment, Trainer
from engine.training.stopping import Watch, next_check, reason_to_stop


class StopConditions:
    """Keeps watch over the run that plays."""

    def __init__(self) -> None:
        self._trainer: Trainer | None = None
        self._step = 0  # of the last look
        self._watch = Watch()
        self._below = False  # the run has paused for a C that has not risen since

    def room(self, trainer: Trainer, most: int) -> int:
        """How many of so many steps to take before the next look."""
        look = next_check(_conditions(trainer), trainer.step_count)
        return most if look is None else min(most, look - trainer.step_count)

    def reason(self, trainer: Trainer) -> str:
        """Why the run should pause now; "" where it should go on, or where no look is due."""
        experiment, step = _conditions(trainer), trainer.step_count
        if trainer.divergence or next_check(experiment, step - 1) != step:
            return ""
        if trainer is not self._trainer or step <= self._step:  # another run, or gone back
            self._watch, self._below = Watch(), False
        self._trainer, self._step = trainer, step
        self._below = self._below and _is_below(trainer)
        if self._below:
            experiment = replace(experiment, stop_below=None)
        reason = reason_to_stop(experiment, trainer, self._watch)
        if reason:
            self._watch, self._below = Watch(), _is_below(trainer)
        return reason


def _conditions(trainer: Trainer) -> Experiment:
    assert trainer.prepared is not None
    return trainer.prepared.experiment


def _is_below(trainer: Trainer) -> bool:
    """Whether C is below what the run should stop at."""
    alone = replace(_conditions(trainer), stop_steps=None, stop_patience=None)
    return bool(reason_to_stop(alone, trainer, Watch()))
