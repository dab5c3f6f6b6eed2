"""What screen Backprop shows of a training step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.explain import Example, Explanation
    from engine.training.microsteps import MicroStep, TrainingStep


Component = tuple[int, int | None]
"""The unit and, of a weight, its input; None: a bias, or there is no input to choose."""


@dataclass(frozen=True, eq=False)
class BackpropFacts:
    """The training step taken apart, and the component of micro-step ``at`` explained.

    ``example`` is None in batch mode: z, a, δ and C_x are then means over the batch.
    """

    step: TrainingStep
    at: int  # index of the micro-step that has just been carried out
    example: Example | None
    in_batch: bool  # whether the step uses the example
    component: Component
    explanation: Explanation
    revealed: frozenset[Component] | None  # predict first: they wait for no guess; None: all
    score: tuple[int, int] | None  # right guesses and all; None when not predicting

    @property
    def microstep(self) -> MicroStep:
        """The micro-step that has just been carried out."""
        return self.step.microsteps[self.at]

    @property
    def hidden(self) -> bool:
        """Predict first: whether the result waits for a guess."""
        return self.hides(self.component)

    def hides(self, component: Component) -> bool:
        """Whether this component of the micro-step waits for a guess."""
        return self.revealed is not None and component not in self.revealed
