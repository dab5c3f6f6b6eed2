"""Stop conditions: when a playing run should pause."""

from dataclasses import dataclass

from engine.training.experiment import Experiment
from engine.training.trainer import Trainer

CHECK_EVERY = 100  # steps between checks of the cost


@dataclass
class Watch:
    """The lowest cost of a run so far, and its step, for ``stop_patience``."""

    best: float = float("inf")
    step: int = 0


def next_check(experiment: Experiment, step: int) -> int | None:
    """The next step after this one at which to call ``reason_to_stop``; None: never."""
    checks = []
    if experiment.stop_below is not None or experiment.stop_patience is not None:
        checks.append(step - step % CHECK_EVERY + CHECK_EVERY)
    if experiment.stop_steps is not None and experiment.stop_steps > step:
        checks.append(experiment.stop_steps)
    return min(checks, default=None)


def reason_to_stop(experiment: Experiment, trainer: Trainer, watch: Watch) -> str:
    """Why the run should pause at this step; "" if it should go on.

    ``stop_below`` is for C over the training data, ``stop_patience`` for C over the test data, or
    over the training data if there are no test data. Both are in the units of the data.
    """
    step = trainer.step_count
    if experiment.stop_steps is not None and step == experiment.stop_steps:
        return f"stopped at step {step}, as set"
    if experiment.stop_below is None and experiment.stop_patience is None:
        return ""
    assert trainer.prepared is not None
    train, test = trainer.costs()
    scale = trainer.prepared.cost_scale
    name, cost = ("training", train * scale) if test is None else ("test", test * scale)
    if experiment.stop_below is not None and train * scale < experiment.stop_below:
        return f"stopped: C is below {experiment.stop_below:g} at step {step}"
    if cost < watch.best:
        watch.best, watch.step = cost, step
    patience = experiment.stop_patience
    if patience is not None and step - watch.step >= patience:
        return f"stopped: the {name} loss has not improved since step {watch.step}"
    return ""
