"""The experiment's stop conditions, at which a run that is playing pauses.

A condition pauses a run once; after that only later events pause it again.
"""

from dataclasses import replace

from engine import Experiment, Trainer
from engine.training.stopping import Watch, next_check, reason_to_stop


class StopConditions:
    """Checks the conditions of a run while it is playing."""

    def __init__(self) -> None:
        self._trainer: Trainer | None = None
        self._step = 0  # of the last check
        self._watch = Watch()
        self._below = False  # paused because C was low, and C has not risen since

    def steps_to_check(self, trainer: Trainer, max_steps: int) -> int:
        """The number of steps until the next check is due, at most ``max_steps``."""
        check = next_check(_conditions(trainer), trainer.step_count)
        return max_steps if check is None else min(max_steps, check - trainer.step_count)

    def reason(self, trainer: Trainer) -> str:
        """Why the run should pause now; "" if it should continue, or no check is due."""
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
    """Whether C is below the limit at which the run should stop."""
    only_below = replace(_conditions(trainer), stop_steps=None, stop_patience=None)
    return bool(reason_to_stop(only_below, trainer, Watch()))
