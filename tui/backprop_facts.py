"""What screen Backprop shows of a training step: see ``Microscope``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tui.asked import batch_numbers

if TYPE_CHECKING:
    from engine import BackwardPass
    from engine.explain import Example, Explanation
    from engine.microsteps import MicroStep, TrainingStep
    from tui.microscope import Component
    from tui.session import Session


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


def backprop_facts(session: Session, single: BackwardPass) -> BackpropFacts | None:
    """The facts, given the pass over the selected example; None where the run has diverged."""
    from engine.explain import Example, Quantity, explain  # not before it is wanted

    trainer, prepared, microscope = session.trainer, session.prepared, session.microscope
    if trainer.divergence:
        return None
    step = microscope.taken_apart(trainer)
    row = session.example
    example = None
    if not session.batch_mode:
        example = Example(row + 1, single, prepared.targets[row])
    component, numbers = microscope.component(step), batch_numbers(session)
    microstep = step.microsteps[microscope.at]
    with np.errstate(all="ignore"):
        quantity = Quantity(microstep.kind, microstep.layer, *component)
        explanation = explain(step, quantity, example, numbers)
    return BackpropFacts(
        step=step,
        at=microscope.at,
        example=example,
        in_batch=row + 1 in numbers,
        component=component,
        explanation=explanation,
        revealed=microscope.revealed(trainer, session.looked_at),
        score=microscope.score,
    )
