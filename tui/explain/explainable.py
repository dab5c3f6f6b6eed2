"""Asked: a number on the screen that the user asks about, with those beside it and on its way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from engine import Dataset, backpropagate
from engine.notation import Name
from tui.session.microscope import OF_PARAMETERS

if TYPE_CHECKING:
    from engine.explain import Example, Explanation
    from engine.training.microsteps import Kind, TrainingStep
    from tui.session.session import Session

OF_BOTH = ("z", "a", "example_cost", "delta")
"""The kinds that an example has, and as a mean the batch."""
KINDS: dict[str, Kind] = {"z": "z", "a": "a", "δ": "delta"}
"""Of quantities of a unit, by the letters of their names."""


class Asked:
    """One of ``count`` numbers of a kind, the others a step up or down; left and right of it
    those on its ``way``."""

    way = "what it comes from, what becomes of it"

    def explain(self, session: Session) -> Explanation:
        """Where the number comes from; EngineError where nothing can be said."""
        raise NotImplementedError

    def place(self, session: Session) -> tuple[int, int]:
        """Which it is, from 0, and of how many."""
        return 0, 1

    def beside(self, session: Session, by: int) -> Asked:
        """The number so many on, or the last."""
        return self

    def along(self, session: Session, by: int) -> Asked:
        """The one so many on its way on, or the last."""
        return self

    def sources(self, explanation: Explanation) -> dict[Name, Asked]:
        """The numbers of other units that its explanation makes it of, by their names."""
        return {}

    def context(self, session: Session) -> str:
        """What it is a number of."""
        return ""


@dataclass(frozen=True)
class Listed(Asked):
    """One of a list of numbers, such as the coefficients of a fit: ``make`` explains the i-th."""

    make: Callable[[int], Explanation]
    count: int = 1
    at: int = 0
    of: str = ""

    def explain(self, session: Session) -> Explanation:
        return self.make(self.at)

    def place(self, session: Session) -> tuple[int, int]:
        return self.at, self.count

    def beside(self, session: Session, by: int) -> Listed:
        return replace(self, at=min(max(self.at + by, 0), self.count - 1))

    def context(self, session: Session) -> str:
        return self.of


@dataclass(frozen=True)
class OfStep(Asked):
    """A quantity of the next training step: of a unit of layer 1 … L, or of a weight into it.

    ``input`` counts from 0, the layer's fan-in is the bias; it tells only for kinds that have
    parameters. In batch mode z, a, δ and C_x are means over the batch, else of the example: that
    of ``row`` of the data, or the selected one.
    """

    way = "from z to the update"

    kind: Kind
    layer: int
    unit: int = 0
    input: int = 0
    batch_mode: bool = False
    row: int | None = None

    def explain(self, session: Session) -> Explanation:
        from engine.explain import Quantity, explain

        step = _step(session)
        input = None
        if self.kind in OF_PARAMETERS and self.input < step.network.sizes[self.layer - 1]:
            input = self.input
        quantity = Quantity(self.kind, self.layer, self.unit, input)
        example = None if self.batch_mode else example_of(session, self.row)
        with np.errstate(all="ignore"):
            return explain(step, quantity, example, session.batch_numbers)

    def place(self, session: Session) -> tuple[int, int]:
        units, inputs = self._shape(session)
        if self.kind in ("example_cost", "cost"):
            return 0, 1
        if self.kind in OF_PARAMETERS:
            return self.unit * inputs + self.input, units * inputs
        return self.unit, units

    def beside(self, session: Session, by: int) -> OfStep:
        """The unit, or the weight, so many on; a unit's bias follows its weights."""
        at, count = self.place(session)
        at = min(max(at + by, 0), count - 1)
        if self.kind in OF_PARAMETERS:
            unit, input = divmod(at, self._shape(session)[1])
            return replace(self, unit=unit, input=input)
        return self if count == 1 else replace(self, unit=at)

    def along(self, session: Session, by: int) -> OfStep:
        """The micro-steps of the same unit: z, a, δ, its gradients, and its update."""
        kinds = self._chain(session)
        at = min(max(kinds.index(self.kind) + by, 0), len(kinds) - 1)
        most = self._shape(session)[1] - 1
        return replace(self, kind=kinds[at], input=min(self.input, most))

    def sources(self, explanation: Explanation) -> dict[Name, Asked]:
        """The z, a and δ of units, and C_x: those of its example, the means that a mean is made
        of, and of a sum over the batch those of each example."""
        from engine.explain import symbols

        names = (symbol.name for symbol in symbols(explanation.definitions[-1].expression))
        return {name: source for name in names if name and (source := self._named(name))}

    def _named(self, name: Name) -> OfStep | None:
        """The number of that name in its explanation; None where it cannot be asked about."""
        own = "mean" if self.batch_mode and name.example is None else ""
        if name.function != own:
            return None
        if name.base == "C_x":
            found = replace(self, kind="example_cost")
        elif name.layer and name.base in KINDS:
            unit = name.indices[0] - 1
            found = replace(self, kind=KINDS[name.base], layer=name.layer, unit=unit)
        else:
            return None
        if name.example is not None:
            found = replace(found, batch_mode=False, row=name.example - 1)
        return found

    def context(self, session: Session) -> str:
        n = len(_step(session).rows)
        if self.kind in OF_BOTH or self.kind == "example_gradient":
            row = session.selection.example if self.row is None else self.row
            whose = f"mean of the batch of {n}" if self.batch_mode else f"example {row + 1}"
        elif self.kind in ("cost", "gradient"):
            whose = f"mean of the batch of {n}"
        else:
            whose = f"step {session.trainer.step_count} to {session.trainer.step_count + 1}"
        return whose + standardised(session.prepared.dataset)

    def _shape(self, session: Session) -> tuple[int, int]:
        """The layer's units, and the parameters that each has."""
        network = session.trainer.network
        return network.sizes[self.layer], network.sizes[self.layer - 1] + network.bias

    def _chain(self, session: Session) -> list[Kind]:
        left_out = "example_gradient" if self.batch_mode else "cost"
        return [
            kind
            for kind in dict.fromkeys(m.kind for m in _step(session).microsteps)
            if any(m.kind == kind and m.layer == self.layer for m in _step(session).microsteps)
            and (kind != left_out or kind == self.kind)
        ]


@dataclass(frozen=True)
class NormOfGradient(Asked):
    """‖∂C/∂w‖ of a unit of layer 1 … L; on its way are the ∂C/∂w that it is the length of."""

    layer: int
    unit: int
    batch_mode: bool = False

    def explain(self, session: Session) -> Explanation:
        from engine.explain.models.scalars import explain_gradient_length

        gradients = _step(session).batch.weight_gradients
        return explain_gradient_length(gradients[self.layer - 1], self.layer, self.unit)

    def place(self, session: Session) -> tuple[int, int]:
        return self.unit, session.trainer.network.sizes[self.layer]

    def beside(self, session: Session, by: int) -> NormOfGradient:
        at, count = self.place(session)
        return replace(self, unit=min(max(at + by, 0), count - 1))

    def along(self, session: Session, by: int) -> Asked:
        return OfStep("gradient", self.layer, self.unit, 0, self.batch_mode) if by < 0 else self

    def context(self, session: Session) -> str:
        return OfStep("gradient", self.layer, self.unit).context(session)


def example_of(session: Session, row: int | None = None) -> Example:
    """The example of that row of the data, or the selected one, as explanations need it."""
    from engine.explain import Example

    prepared, trainer = session.prepared, session.trainer
    row = session.selection.example if row is None else row
    inputs, target = prepared.inputs[row], prepared.targets[row]
    with np.errstate(all="ignore"):
        passed = backpropagate(trainer.network, inputs[None], target[None], trainer.loss)
    return Example(row + 1, passed, target)


def _step(session: Session) -> TrainingStep:
    return session.microscope.taken_apart(session.trainer)


def standardised(data: Dataset) -> str:
    """What is to be said where the network's units are others than the data's."""
    scales = data.x_scale, data.y_scale
    scaled = any((scale.mean != 0.0).any() or (scale.sd != 1.0).any() for scale in scales)
    return " · standardised" if scaled else ""
