"""Post-mortem of a run: where and how it diverged, and a learning rate that would be stable."""

from dataclasses import dataclass
from decimal import Decimal
from math import inf, isfinite, nan

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Array, length
from engine.network.hessian import largest_curvature
from engine.training.experiment import Settings
from engine.training.record.state import Divergence
from engine.training.schedules import learning_rate_at
from engine.training.trainer import Trainer

MAX_STEPS = 24  # last steps whose norms are reported
CURVATURE_ROWS = 1000  # training examples used for the curvature
SAFETY = 0.5  # suggested learning rate, as a share of the stability limit 2/λ_max


@dataclass(frozen=True, eq=False)
class PostMortem:
    """The last steps of a run, and a learning rate below the stability limit.

    Attributes:
        divergence: the first number that was not finite; None: the run has not diverged.
        steps: the last steps (m,), before the divergence if there is one.
        costs: the cost over the training data (m,) at these steps.
        weights, gradients: ‖W⁽ˡ⁾‖ and ‖∂C/∂W⁽ˡ⁾‖ of the batch (m, L).
        settings, learning_rate: the settings and the scheduled η at the last of these steps.
        safe_step: the step with the lowest cost.
        curvature: λ_max of the cost at that step.
        suggested: a learning rate below 2/λ_max; NaN if λ_max is not a number above 0.
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
    """Examine a run up to its divergence, or up to the current step; the run does not change."""
    divergence = trainer.history.divergence
    twin = trainer.twin()
    last = trainer.step_count if divergence is None else divergence.step - 1
    steps = np.arange(max(0, last - MAX_STEPS + 1), last + 1, dtype=np.intp)
    rows = []
    for step in steps.tolist():
        training_step = twin.seek(step).take_apart()
        weights = [length(W) for W in training_step.network.weights]
        gradients = [length(G) for G in training_step.batch.weight_gradients]
        rows.append((twin.costs()[0], weights, gradients))
    safe_step = _lowest_cost(trainer, steps, np.array([cost for cost, _, _ in rows]))
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


def _lowest_cost(trainer: Trainer, steps: NDArray[np.intp], costs: Array) -> int:
    """The step with the lowest cost among the checkpoints and the last steps."""
    step_costs = {int(step): cost for step, cost in zip(*trainer.curve()[:2], strict=True)}
    step_costs |= dict(zip(steps.tolist(), costs.tolist(), strict=True))
    last = int(steps[-1])
    finite = {step: cost for step, cost in step_costs.items() if step <= last and isfinite(cost)}
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
    """A learning rate below 2/λ_max, rounded down to one significant digit; NaN if λ_max ≤ 0."""
    with np.errstate(all="ignore"):
        rate = SAFETY * np.float64(2.0) / curvature
    if not (curvature > 0.0 and 0.0 < rate < inf):
        return nan
    digit, power = f"{Decimal(repr(float(rate))):e}".lower().split("e")
    return float(f"{digit[0]}e{power}")
