"""Microscope: the selected micro-step and number of the next training step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.training.microsteps import COST_KINDS, PARAMETER_KINDS
from tui.model.backprop.facts import Component

if TYPE_CHECKING:
    from engine import Trainer
    from engine.training.microsteps import MicroStep, TrainingStep


class Microscope:
    """Micro-step ``at`` of the trainer's next step has just been carried out (the last one, if
    the step has fewer).

    Each layer keeps the unit selected last, and the input of its weight, so that a quantity can
    be followed through z, a, δ and its gradients to the update. For users who predict results
    first, the revealed components of each micro-step are kept.
    """

    def __init__(self) -> None:
        self.right = self.guesses = 0
        self.reset()

    def reset(self) -> None:
        """Start again with a network of other layer sizes."""
        self.at = 0
        self.units: dict[int, int] = {}  # by layer
        self.inputs: dict[int, int] = {}  # by layer; the layer's fan-in for the bias
        self._taken: tuple[object, TrainingStep] | None = None
        self._revealed: dict[tuple[object, ...], set[Component]] = {}

    def taken_apart(self, trainer: Trainer) -> TrainingStep:
        """The trainer's next step; EngineError if the run has diverged."""
        if self._taken is None or self._taken[0] != trainer.revision:
            self._taken = trainer.revision, trainer.take_apart()
        return self._taken[1]

    def index(self, step: TrainingStep) -> int:
        """The index of the current micro-step in ``step.microsteps``."""
        return min(self.at, len(step.microsteps) - 1)

    def microstep(self, step: TrainingStep) -> MicroStep:
        """The current micro-step of a step."""
        return step.microsteps[self.index(step)]

    # time

    def on(self, trainer: Trainer) -> None:
        """One micro-step forward; after the last one, make the step and begin the next one."""
        step = self.taken_apart(trainer)
        if self.index(step) + 1 < len(step.microsteps):
            self.at = self.index(step) + 1
            return
        trainer.step()
        self.at = 0

    def back(self, trainer: Trainer) -> None:
        """One micro-step back; before the first one, go to the last of the previous step."""
        if self.at and not trainer.divergence:
            self.at = self.index(self.taken_apart(trainer)) - 1
        elif trainer.step_count:
            trainer.seek(trainer.step_count - 1)
            self.at = len(self.taken_apart(trainer).microsteps) - 1

    def go_to(self, at: int) -> None:
        """Select a micro-step of this training step."""
        self.at = max(0, at)

    # the component

    def component(self, step: TrainingStep) -> Component:
        """The selected number of the current micro-step."""
        microstep = self.microstep(step)
        if microstep.kind in COST_KINDS:
            return 0, None
        layer, sizes = microstep.layer, step.network.sizes
        unit = min(self.units.get(layer, 0), sizes[layer] - 1)
        if microstep.kind not in PARAMETER_KINDS:
            return unit, None
        fan_in = sizes[layer - 1]
        last = fan_in if step.network.bias else fan_in - 1
        chosen = min(self.inputs.get(layer, 0), last)
        return unit, None if chosen == fan_in else chosen

    def choose(self, layer: int, unit: int, weight: int | None = None) -> None:
        """Select a unit of layer 1 … L, or a weight into it (its fan-in: the bias)."""
        self.units[layer] = unit
        if weight is not None:
            self.inputs[layer] = weight

    def move_component(self, step: TrainingStep, dx: int, dy: int) -> None:
        """Select another unit of the layer (dy) or input of the weight (dx), if it exists."""
        microstep = self.microstep(step)
        if microstep.kind in COST_KINDS:
            return
        layer, sizes = microstep.layer, step.network.sizes
        unit, chosen = self.component(step)
        self.units[layer] = min(max(unit + dy, 0), sizes[layer] - 1)
        if microstep.kind in PARAMETER_KINDS:
            fan_in = sizes[layer - 1]
            last = fan_in if step.network.bias else fan_in - 1
            selected = fan_in if chosen is None else chosen
            self.inputs[layer] = min(max(selected + dx, 0), last)

    # predict first

    def revealed(self, trainer: Trainer, example: int | None) -> frozenset[Component]:
        """The revealed components of the current micro-step, for the example in a row or (None)
        the batch."""
        return frozenset(self._revealed.get(self._place(trainer, example), ()))

    def hides(self, trainer: Trainer, example: int | None) -> bool:
        """Whether the current component has not been revealed."""
        component = self.component(self.taken_apart(trainer))
        return component not in self.revealed(trainer, example)

    def reveal(self, trainer: Trainer, example: int | None) -> None:
        """Reveal the current component."""
        component = self.component(self.taken_apart(trainer))
        self._revealed.setdefault(self._place(trainer, example), set()).add(component)

    def keep_score(self, right: bool) -> None:
        """Count a guess."""
        self.right += right
        self.guesses += 1

    def _place(self, trainer: Trainer, example: int | None) -> tuple[object, ...]:
        return trainer.revision, self.index(self.taken_apart(trainer)), example
