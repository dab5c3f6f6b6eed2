"""Stop conditions: when a run that plays should pause by itself."""

from dataclasses import dataclass

from engine.training.experiment import Experiment
from engine.training.trainer import Trainer

CHECK_EVERY = 100  # steps between looks at the cost


@dataclass
class Watch:
    """What a stop condition remembers of a run: its best cost, and the step of it."""

    best: float = float("inf")
    step: int = 0


def next_look(experiment: Experiment, step: int) -> int | None:
    """The next step after this one at which ``reason_to_stop`` should be asked; None: never."""
    looks = []
    if experiment.stop_below is not None or experiment.stop_patience is not None:
        looks.append(step - step % CHECK_EVERY + CHECK_EVERY)
    if experiment.stop_steps is not None and experiment.stop_steps > step:
        looks.append(experiment.stop_steps)
    return min(looks, default=None)


def reason_to_stop(experiment: Experiment, trainer: Trainer, watch: Watch) -> str:
    """Why the run should pause at this step, "" where it should go on.

    C is over the training data; what has not improved is the loss of the test data where there
    are any. Both are in the data's own units, as on the screen.
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
