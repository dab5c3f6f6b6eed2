"""Post-mortem: why a run diverged, what led up to it, and which learning rate would do."""

from dataclasses import dataclass
from decimal import Decimal
from math import inf, isfinite, nan

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Array, length
from engine.errors import EngineError
from engine.network.hessian import largest_curvature
from engine.training.history import Divergence, Settings
from engine.training.schedules import learning_rate_at
from engine.training.trainer import Trainer

STEPS_BEFORE = 24  # steps whose norms are shown, at the most
CURVATURE_ROWS = 1000  # training examples that the curvature is measured on
SAFETY = 0.5  # of the stability limit 2/λ_max


@dataclass(frozen=True, eq=False)
class PostMortem:
    """``divergence`` says where the first number was not finite; None: all are, up to now.

    The norms lead up to that: ``steps`` (m,), ``costs`` (m,) over the training data, ‖W⁽ˡ⁾‖ and
    ‖∂C/∂W⁽ˡ⁾‖ of the batch, ``weights`` and ``gradients`` (m, L). ``settings`` are those of the
    end, and ``learning_rate`` what its schedule made of theirs. ``safe_step`` is where the cost
    was least, and ``curvature`` λ_max of the cost there; ``suggested`` is a learning rate below
    2/λ_max (NaN where λ_max is unknown or not above 0).
    """

    divergence: Divergence | None
    steps: NDArray[np.intp]
    costs: Array
    weights: Array
    gradients: Array
    settings: Settings
    learning_rate: float
    safe_step: int
    curvature: float
    suggested: float


def post_mortem(trainer: Trainer) -> PostMortem:
    """What became of a run that has diverged; it stays where it is. EngineError for another."""
    if trainer.history.divergence is None:
        raise EngineError("the run has not diverged: there is nothing to examine")
    return examine(trainer)


def examine(trainer: Trainer) -> PostMortem:
    """The same of any run: of one that has not diverged, up to the present step."""
    divergence = trainer.history.divergence
    twin = trainer.twin()
    last = trainer.step_count if divergence is None else divergence.step - 1
    steps = np.arange(max(0, last - STEPS_BEFORE + 1), last + 1, dtype=np.intp)
    rows = []
    for step in steps.tolist():
        taken = twin.seek(step).take_apart()
        weights = [length(W) for W in taken.network.weights]
        gradients = [length(G) for G in taken.batch.weight_gradients]
        rows.append((twin.costs()[0], weights, gradients))
    safe_step = _least_cost(trainer, steps, np.array([cost for cost, _, _ in rows]))
    curvature = _curvature(twin.seek(safe_step))
    settings = twin.seek(last).settings
    return PostMortem(
        divergence=divergence,
        steps=steps,
        costs=np.array([cost for cost, _, _ in rows]),
        weights=np.array([weights for _, weights, _ in rows]),
        gradients=np.array([gradients for _, _, gradients in rows]),
        settings=settings,
        learning_rate=learning_rate_at(settings, last),
        safe_step=safe_step,
        curvature=curvature,
        suggested=suggested_rate(curvature),
    )


def _least_cost(trainer: Trainer, steps: NDArray[np.intp], costs: Array) -> int:
    """The step with the lowest cost among the checkpoints and the last steps."""
    known = {int(step): cost for step, cost in zip(*trainer.curve()[:2], strict=True)}
    known |= dict(zip(steps.tolist(), costs.tolist(), strict=True))
    last = int(steps[-1])
    finite = {step: cost for step, cost in known.items() if step <= last and isfinite(cost)}
    return min(finite, key=lambda step: (finite[step], step), default=0)


def _curvature(trainer: Trainer) -> float:
    prepared = trainer.prepared
    assert prepared is not None
    rows = prepared.dataset.train[:CURVATURE_ROWS]
    return largest_curvature(
        trainer.network,
        prepared.inputs[rows],
        prepared.targets[rows],
        trainer.loss,
        trainer.settings.l2,
    )


def suggested_rate(curvature: float) -> float:
    """A rate below 2/λ_max, rounded down to one significant digit; NaN where there is none."""
    with np.errstate(all="ignore"):
        rate = SAFETY * np.float64(2.0) / curvature
    if not (curvature > 0.0 and 0.0 < rate < inf):
        return nan
    digit, power = f"{Decimal(repr(float(rate))):e}".lower().split("e")
    return float(f"{digit[0]}e{power}")
