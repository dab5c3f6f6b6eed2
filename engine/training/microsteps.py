"""One training step taken apart: a sequence of micro-steps, forwards, backwards, and the update."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Array
from engine.network.backprop import BackwardPass
from engine.network.network import Network
from engine.training.state import Settings
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


@dataclass(frozen=True)
class MicroStep:
    """One quantity of one layer 1 … L: z⁽ˡ⁾, a⁽ˡ⁾, C_x, C, δ⁽ˡ⁾, ∂C_x/∂W⁽ˡ⁾, ∂C/∂W⁽ˡ⁾ (mean over
    the batch), ∂C/∂W⁽ˡ⁾ with the penalties, or W⁽ˡ⁾ and b⁽ˡ⁾ after the update."""

    kind: Kind
    layer: int

    @property
    def phase(self) -> str:
        """forward, cost, backward, gradient or update."""
        return PHASES[self.kind]


@dataclass(frozen=True, eq=False)
class TrainingStep:
    """All that one training step computes, in the network's units. Made by ``Trainer.take_apart``.

    Vectors (P,) are laid out like ``Network.parameters``.
    """

    step: int  # the updates before it
    microsteps: tuple[MicroStep, ...]
    network: Network  # before the update
    loss: str
    settings: Settings
    learning_rate: float  # η of this update, by the schedule
    rows: NDArray[np.intp]  # (n,) of the training data: the batch
    targets: Array  # (n, k)
    batch: BackwardPass  # of the batch, by the kernel
    gradient: Array  # (P,) mean over the batch
    penalised: Array  # (P,) with l1 and l2: what the optimiser gets
    count: int  # of this update, since the optimiser was chosen: Adam's t
    slots: tuple[Array, ...]  # (P,) each: the optimiser's state before
    new_slots: tuple[Array, ...]  # after
    parameters: Array  # (P,) after


def microsteps(layers: int, penalised: bool) -> tuple[MicroStep, ...]:
    """The micro-steps of a network of L layers, in order; with the penalties' own, if any."""
    up, down = range(1, layers + 1), range(layers, 0, -1)
    steps = [MicroStep(kind, l) for l in up for kind in ("z", "a")]
    steps += [MicroStep("example_cost", layers), MicroStep("cost", layers)]
    steps += [MicroStep("delta", l) for l in down]
    for kind in ("example_gradient", "gradient", *(("penalty",) if penalised else ()), "update"):
        steps += [MicroStep(kind, l) for l in down]
    return tuple(steps)


def take_apart(stepper: Stepper) -> TrainingStep:
    """The stepper's next step, carried out stage by stage; the stepper is left as it was."""
    state, network = stepper.state, stepper.network.frozen()
    rows, settings = stepper.next_rows(), stepper.settings
    layers = len(network.weights)
    penalised = bool(settings.l1 or settings.l2)
    with np.errstate(all="ignore"):
        for stage in stepper.stages():
            if stage == ("gradient", 1):
                batch, targets = stepper.last_pass(rows)
            elif stage == ("penalty", 1):
                penalties_in = stepper.gradient.copy()
    after = stepper.state
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
        penalised=penalties_in if penalised else batch.gradient,
        count=state.count + 1,
        slots=tuple(state.vectors[1:]),
        new_slots=tuple(after.vectors[1:]),
        parameters=after.vectors[0],
    )
