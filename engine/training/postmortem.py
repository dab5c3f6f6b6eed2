"""Post-mortem of a run: where and how it diverged, and a learning rate that would be stable."""

from dataclasses import dataclass
from decimal import Decimal
from math import inf, nan

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Array, length
from engine.network.hessian import largest_curvature
from engine.network.network import Network
from engine.network.penalty import penalty, weight_mask
from engine.training.experiment import Settings
from engine.training.optimizers import stability_limit
from engine.training.record.objective import Objective, least_cost, objective
from engine.training.record.state import Divergence, State
from engine.training.schedules import learning_rate_at
from engine.training.trainer import Trainer

MAX_STEPS = 24  # last steps whose norms are reported
CURVATURE_ROWS = 1000  # training examples used for the curvature
SAFETY = 0.5  # suggested learning rate, as a share of the stability limit
SGD_STABILITY = 2.0


@dataclass(frozen=True, eq=False)
class PostMortem:
    """The last steps of a run, and a learning rate below the stability limit.

    Attributes:
        divergence: the first number that was not finite; None: the run has not diverged.
        steps: the last steps (m,), before the divergence if there is one.
        costs: the cost over the training data (m,) at these steps.
        weights, gradients: ‖W⁽ˡ⁾‖ and ‖∂C/∂W⁽ˡ⁾‖ of the batch (m, L).
        settings, learning_rate: the settings and the scheduled η at the last of these steps.
        safe_step: the step with the lowest cost, penalties included, since the penalty was last
            changed or a parameter edited.
        safe_settings: the settings at that step.
        has_risen: whether the cost, penalties included, has stayed far above its lowest value.
        curvature: λ_max of the cost at ``safe_step``, penalties included.
        stability: η·λ_max below which the optimiser is stable; that of SGD where none is known.
        suggested: a learning rate below ``stability``/λ_max; NaN if λ_max is not a number above 0.
    """

    divergence: Divergence | None
    steps: NDArray[np.intp]
    costs: Array
    weights: Array
    gradients: Array
    settings: Settings
    learning_rate: float
    safe_step: int
    safe_settings: Settings
    has_risen: bool
    curvature: float
    stability: float
    suggested: float


def post_mortem(trainer: Trainer) -> PostMortem:
    """Examine a run up to its divergence, or up to the current step; the run does not change."""
    divergence = trainer.history.divergence
    twin = trainer.twin()
    last = trainer.step_count if divergence is None else divergence.step - 1
    steps = np.arange(max(0, last - MAX_STEPS + 1), last + 1, dtype=np.intp)
    rows, states = [], dict(twin.history.checkpoints)
    for step in steps.tolist():
        training_step = twin.seek(step).take_apart()
        states[step] = twin.state
        weights = [length(W) for W in training_step.network.weights]
        gradients = [length(G) for G in training_step.batch.weight_gradients]
        rows.append((twin.costs()[0], weights, gradients))
    costs = np.array([cost for cost, _, _ in rows])
    settings = twin.seek(last).settings
    past = _objective(twin, dict(zip(steps.tolist(), costs.tolist(), strict=True)), states)
    curvature = _curvature(twin.seek(past.lowest_step))
    stability = stability_limit(settings.optimizer, settings.constants) or SGD_STABILITY
    return PostMortem(
        divergence=divergence,
        steps=steps,
        costs=costs,
        weights=np.array([weights for _, weights, _ in rows]),
        gradients=np.array([gradients for _, _, gradients in rows]),
        settings=settings,
        learning_rate=learning_rate_at(settings, last),
        safe_step=past.lowest_step,
        safe_settings=twin.settings,
        has_risen=past.has_risen,
        curvature=curvature,
        stability=stability,
        suggested=suggested_rate(curvature, stability),
    )


def penalty_of(network: Network, settings: Settings) -> float:
    """R of the weights of a network, by the penalty in these settings."""
    return penalty(network.parameters, weight_mask(network), settings.l1, settings.l2)


def _objective(trainer: Trainer, costs: dict[int, float], states: dict[int, State]) -> Objective:
    """The objective at the checkpoints and the last steps, up to the trainer's step."""
    prepared, last = trainer.prepared, trainer.step_count
    assert prepared is not None
    by_step = {int(step): cost for step, cost in zip(*trainer.curve()[:2], strict=True)} | costs
    return objective(
        trainer.network,
        (prepared.experiment.settings, trainer.settings),
        trainer.history.events,
        states,
        {step: cost for step, cost in by_step.items() if step <= last},
        least_cost(trainer.loss, prepared.targets[prepared.dataset.train]),
    )


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


def suggested_rate(curvature: float, stability: float = SGD_STABILITY) -> float:
    """Half of ``stability``/λ_max, rounded down to one significant digit; NaN if λ_max ≤ 0."""
    with np.errstate(all="ignore"):
        rate = SAFETY * np.float64(stability) / curvature
    if not (curvature > 0.0 and 0.0 < rate < inf):
        return nan
    return rounded_down(float(rate))


def rounded_down(rate: float) -> float:
    """A rate above 0 rounded down to one significant digit."""
    digit, power = f"{Decimal(repr(rate)):e}".lower().split("e")
    return float(f"{digit[0]}e{power}")
