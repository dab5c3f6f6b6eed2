"""The numbers of the next training step: of its micro-steps, and the norms of its gradients."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from engine import EngineError
from engine.notation import Name
from engine.training.microsteps import COST_KINDS, PARAMETER_KINDS, Kind, TrainingStep
from tui.explain.explainable import Explainable, standardised_note
from tui.model.frame import Frame

if TYPE_CHECKING:
    from engine.explain import Example, Explanation

EXAMPLE_KINDS = ("z", "a", "example_cost", "delta", "example_gradient")
"""The kinds that are of one example, or in batch mode means over the batch."""
UNIT_KINDS: dict[str, Kind] = {"z": "z", "a": "a", "δ": "delta"}
"""The kinds that each unit has one of, by their letters in a name."""


@dataclass(frozen=True)
class StepQuantity(Explainable):
    """A quantity of the next training step: of a unit of layer 1 … L, or of a weight into it.

    ``input`` counts from 0, and the layer's fan-in means the bias; only kinds of parameters use it.
    In batch mode z, a, δ and C_x are means over the batch, otherwise those of one example: of row
    ``row`` of the data, or of the selected row. ``by_factors``: δ and ∂C_x of an example as the
    factors of the chain rule. The list has all units of the layer, or all its weights and biases;
    the chain leads through the micro-steps of the unit.
    """

    chain_label = "from z to the update"

    frame: Frame = field(compare=False, repr=False)
    kind: Kind
    layer: int
    unit: int = 0
    input: int = 0
    batch_mode: bool = False
    row: int | None = None
    by_factors: bool = False

    def explain(self) -> Explanation:
        from engine.explain import Quantity, explain

        step = training_step(self.frame)
        input = None
        if self.kind in PARAMETER_KINDS and self.input < step.network.sizes[self.layer - 1]:
            input = self.input
        quantity = Quantity(self.kind, self.layer, self.unit, input)
        example = None if self.batch_mode else self._example()
        with np.errstate(all="ignore"):
            numbers = self.frame.batch_numbers
            return explain(step, quantity, example, numbers, self.by_factors)

    def position(self) -> tuple[int, int]:
        units, parameters = self._shape()
        if self.kind in COST_KINDS:
            return 0, 1
        if self.kind in PARAMETER_KINDS:
            return self.unit * parameters + self.input, units * parameters
        return self.unit, units

    def next_in_list(self, by: int) -> StepQuantity:
        """The unit, or the weight, ``by`` places further; the bias of a unit follows its
        weights."""
        index, count = self.position()
        index = min(max(index + by, 0), count - 1)
        if self.kind in PARAMETER_KINDS:
            unit, input = divmod(index, self._shape()[1])
            return replace(self, unit=unit, input=input)
        return self if count == 1 else replace(self, unit=index)

    def next_in_chain(self, by: int) -> StepQuantity:
        """The micro-steps of the same unit: z, a, δ, its gradients, and its update."""
        kinds = self._chain()
        index = min(max(kinds.index(self.kind) + by, 0), len(kinds) - 1)
        last_input = self._shape()[1] - 1
        return replace(self, kind=kinds[index], input=min(self.input, last_input))

    def operands(self, explanation: Explanation) -> dict[Name, Explainable]:
        """z, a and δ of units, and C_x: of the same example; for a mean, the means that it is
        computed from; for a sum over the batch, those of each example."""
        from engine.explain import symbols

        definitions = explanation.definitions[0 if self.by_factors else -1 :]
        names = (s.name for d in definitions for s in symbols(d.expression))
        return {name: number for name in names if name and (number := self._operand(name))}

    def _operand(self, name: Name) -> StepQuantity | None:
        """The number of that name in the explanation; None if it cannot be explained."""
        function = "mean" if self.batch_mode and name.example is None else ""
        if name.function != function:
            return None
        if name.base == "C_x":
            operand = replace(self, kind="example_cost")
        elif name.layer and name.base in UNIT_KINDS:
            unit = name.indices[0] - 1
            operand = replace(self, kind=UNIT_KINDS[name.base], layer=name.layer, unit=unit)
        else:
            return None
        if name.example is not None:
            operand = replace(operand, batch_mode=False, row=name.example - 1)
        return operand

    def description(self) -> str:
        frame = self.frame
        if self.kind in EXAMPLE_KINDS and not self.batch_mode:
            text = f"example {self._row + 1}"
        elif self.kind in EXAMPLE_KINDS or self.kind in ("cost", "gradient"):
            text = f"mean of the batch of {len(frame.batch_rows)}"
        else:
            text = f"step {frame.step} to {frame.step + 1}"
        return text + standardised_note(frame.data)

    @property
    def _row(self) -> int:
        return self.frame.example if self.row is None else self.row

    def _example(self) -> Example:
        from engine.explain import Example

        row, frame = self._row, self.frame
        backward = frame.single if row == frame.example else frame.passed(np.array([row]))
        return Example(row + 1, backward, frame.prepared.targets[row])

    def _shape(self) -> tuple[int, int]:
        """The number of units in the layer, and of parameters that each has."""
        network = self.frame.network
        return network.sizes[self.layer], network.sizes[self.layer - 1] + network.bias

    def _chain(self) -> list[Kind]:
        """The kinds that the layer has, in the order of the micro-steps."""
        microsteps = training_step(self.frame).microsteps
        of_layer = {microstep.kind for microstep in microsteps if microstep.layer == self.layer}
        omitted = "example_gradient" if self.batch_mode else "cost"
        return [
            kind
            for kind in dict.fromkeys(microstep.kind for microstep in microsteps)
            if kind in of_layer and (kind != omitted or kind == self.kind)
        ]


@dataclass(frozen=True)
class GradientNorm(Explainable):
    """‖∂C/∂w‖ of a unit of layer 1 … L; before it in the chain are the ∂C/∂w of the unit."""

    chain_label = "what it comes from, what becomes of it"

    frame: Frame = field(compare=False, repr=False)
    layer: int
    unit: int

    def explain(self) -> Explanation:
        from engine.explain.models.scalars import explain_gradient_length

        gradients = training_step(self.frame).batch.weight_gradients
        return explain_gradient_length(gradients[self.layer - 1], self.layer, self.unit)

    def position(self) -> tuple[int, int]:
        return self.unit, self.frame.network.sizes[self.layer]

    def next_in_list(self, by: int) -> GradientNorm:
        index, count = self.position()
        return replace(self, unit=min(max(index + by, 0), count - 1))

    def next_in_chain(self, by: int) -> Explainable:
        return self._gradient() if by < 0 else self

    def description(self) -> str:
        return self._gradient().description()

    def _gradient(self) -> StepQuantity:
        return StepQuantity(
            self.frame, "gradient", self.layer, self.unit, batch_mode=self.frame.batch_mode
        )


@dataclass(frozen=True)
class WholeGradient(Explainable):
    """‖∇C‖ of the next batch, the gradient as one vector."""

    frame: Frame = field(compare=False, repr=False)

    def explain(self) -> Explanation:
        from engine import gradient_vector
        from engine.explain.models.scalars import explain_gradient_norm

        step = training_step(self.frame)
        vector = gradient_vector(step.network, step.gradient)
        return explain_gradient_norm(vector, step.network.bias)

    def description(self) -> str:
        count = len(self.frame.batch_rows)
        return f"mean of the batch of {count}{standardised_note(self.frame.data)}"


def training_step(frame: Frame) -> TrainingStep:
    """The training step of a frame made by ``Session.snapshot``; EngineError after a
    divergence."""
    if frame.divergence:
        raise EngineError(f"{frame.divergence}: there is no next step to take apart; go back")
    assert frame.training_step is not None
    return frame.training_step
