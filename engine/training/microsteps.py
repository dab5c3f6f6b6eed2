"""The micro-steps of one training step: forward pass, cost, backward pass, gradient, update."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Array
from engine.network.backprop import BackwardPass
from engine.network.network import Network
from engine.training.experiment import Settings
from engine.training.stepper import Stepper

Kind = Literal[
    "z", "a", "example_cost", "cost", "delta", "example_gradient", "gradient", "penalty", "update"
]

PHASES: dict[Kind, str] = {
    "z": "forward",
    "a": "forward",
    "example_cost": "cost",
    "cost": "cost",
    "delta": "backward",
    "example_gradient": "gradient",
    "gradient": "gradient",
    "penalty": "gradient",
    "update": "update",
}

PARAMETER_KINDS: tuple[Kind, ...] = ("example_gradient", "gradient", "penalty", "update")
"""The kinds that have a number for each weight and bias of the layer."""
COST_KINDS: tuple[Kind, ...] = ("example_cost", "cost")
"""The kinds that are a single number."""


@dataclass(frozen=True)
class MicroStep:
    """A quantity that a training step computes, of one layer 1 … L.

    Attributes:
        kind: "z" z⁽ˡ⁾, "a" a⁽ˡ⁾, "example_cost" C_x, "cost" C, "delta" δ⁽ˡ⁾, "example_gradient"
            ∂C_x/∂W⁽ˡ⁾, "gradient" ∂C/∂W⁽ˡ⁾ (the mean over the batch), "penalty" ∂C/∂W⁽ˡ⁾ with l1
            and l2, or "update" W⁽ˡ⁾ and b⁽ˡ⁾ after the step.
        layer: l.

    Example:
        >>> import engine
        >>> engine.MicroStep("delta", layer=2).phase
        'backward'
    """

    kind: Kind
    layer: int

    @property
    def phase(self) -> str:
        """The part of the step: "forward", "cost", "backward", "gradient" or "update"."""
        return PHASES[self.kind]


@dataclass(frozen=True, eq=False)
class TrainingStep:
    """Everything that one training step computes, in the network's units.

    ``Trainer.take_apart`` returns it. Vectors (P,) are laid out like ``Network.parameters``.

    Attributes:
        step: the number of steps before this one.
        microsteps: the micro-steps, in order.
        network: the network before the update.
        loss: the name of the loss.
        settings: the settings of this step.
        learning_rate: η of this update, as scheduled.
        rows: the rows of the batch (n,), in the training data.
        targets: the targets of the batch (n, k).
        batch: the backward pass of the batch.
        gradient: ∇C (P,), the mean over the batch.
        penalised: ∇C with the gradients of the penalties l1 and l2 (P,), for the optimiser.
        count: the number of this update since the optimiser was chosen, from 1: Adam's t.
        slots, new_slots: the optimiser's state before and after the update, vectors (P,).
        parameters: the parameters after the update (P,).

    Example:
        >>> import engine
        >>> step = engine.Trainer(engine.Experiment(hidden=())).take_apart()
        >>> [f"{microstep.kind} {microstep.layer}" for microstep in step.microsteps[:3]]
        ['z 1', 'a 1', 'example_cost 1']
    """

    step: int
    microsteps: tuple[MicroStep, ...]
    network: Network
    loss: str
    settings: Settings
    learning_rate: float
    rows: NDArray[np.intp]
    targets: Array
    batch: BackwardPass
    gradient: Array
    penalised: Array
    count: int
    slots: tuple[Array, ...]
    new_slots: tuple[Array, ...]
    parameters: Array


def microsteps(layers: int, penalised: bool) -> tuple[MicroStep, ...]:
    """The micro-steps of a network of L layers, in order, those of penalties if ``penalised``."""
    up, down = range(1, layers + 1), range(layers, 0, -1)
    steps = [MicroStep(kind, l) for l in up for kind in ("z", "a")]
    steps += [MicroStep("example_cost", layers), MicroStep("cost", layers)]
    steps += [MicroStep("delta", l) for l in down]
    for kind in ("example_gradient", "gradient", *(("penalty",) if penalised else ()), "update"):
        steps += [MicroStep(kind, l) for l in down]
    return tuple(steps)


def take_apart(stepper: Stepper) -> TrainingStep:
    """The stepper's next step, computed stage by stage; the stepper's state does not change."""
    state, network = stepper.state, stepper.network.frozen()
    rows, settings = stepper.next_rows(), stepper.settings
    layers = len(network.weights)
    penalised = bool(settings.l1 or settings.l2)
    with np.errstate(all="ignore"):
        for stage in stepper.stages():
            if stage == ("gradient", 1):
                batch, targets = stepper.last_pass(rows)
            elif stage == ("penalty", 1):
                penalised_gradient = stepper.gradient.copy()
    new_state = stepper.state
    stepper.restore(state)
    return TrainingStep(
        step=state.step,
        microsteps=microsteps(layers, penalised),
        network=network,
        loss=stepper.loss.name,
        settings=settings,
        learning_rate=stepper.learning_rate,
        rows=rows,
        targets=targets,
        batch=batch,
        gradient=batch.gradient,
        penalised=penalised_gradient if penalised else batch.gradient,
        count=state.count + 1,
        slots=tuple(state.vectors[1:]),
        new_slots=tuple(new_state.vectors[1:]),
        parameters=new_state.vectors[0],
    )
