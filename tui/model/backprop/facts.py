"""The data of a training step that screen Backprop shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from engine.explain import Example, Explanation
    from engine.training.microsteps import MicroStep, TrainingStep


Component = tuple[int, int | None]
"""The unit and, for a weight, its input; None: a bias, or a quantity of the unit alone."""


class BackpropFacts(NamedTuple):
    """The micro-steps of a training step, and an explanation of a component of micro-step ``at``.

    ``example`` is None in batch mode: z, a, δ and C_x are then means over the batch.
    """

    step: TrainingStep
    at: int  # index of the micro-step that has just been carried out
    example: Example | None
    in_batch: bool  # whether the step uses the example
    component: Component
    explanation: Explanation
    revealed: frozenset[Component] | None  # when predicting, those guessed; None: all
    score: tuple[int, int] | None  # right guesses, all guesses; None when not predicting

    @property
    def microstep(self) -> MicroStep:
        """The micro-step that has just been carried out."""
        return self.step.microsteps[self.at]

    @property
    def hidden(self) -> bool:
        """Whether the result is hidden until the user has guessed it."""
        return self.hides(self.component)

    def hides(self, component: Component) -> bool:
        """Whether this component of the micro-step is hidden until it is guessed."""
        return self.revealed is not None and component not in self.revealed
