"""Facts for screen Backprop: the next training step, with its selected number explained."""

from __future__ import annotations

import numpy as np

from engine import Trainer
from engine.training.microsteps import TrainingStep
from tui.model.backprop.facts import BackpropFacts
from tui.model.frame import Frame
from tui.session.microscope import Microscope
from tui.session.preferences import ViewPreferences


def backprop_facts(
    frame: Frame,
    trainer: Trainer,
    microscope: Microscope,
    preferences: ViewPreferences,
    step: TrainingStep | None = None,
) -> BackpropFacts | None:
    """The facts for a frame of this trainer; None if the run has diverged. ``step`` is the next
    step at the frame's moment, if it is known; else the trainer is at that moment."""
    from engine.explain import Example, Quantity, explain

    if trainer.divergence:
        return None
    step = step or microscope.taken_apart(trainer)
    row, prepared = frame.example, frame.prepared
    example = None if frame.batch_mode else Example(row + 1, frame.single, prepared.targets[row])
    component, numbers = microscope.component(step), frame.batch_numbers
    microstep = microscope.microstep(step)
    with np.errstate(all="ignore"):
        quantity = Quantity(microstep.kind, microstep.layer, *component)
        explanation = explain(step, quantity, example, numbers)
    predicting = preferences.predicting
    looked_at = None if frame.batch_mode else row
    return BackpropFacts(
        step=step,
        at=microscope.index(step),
        example=example,
        in_batch=row + 1 in numbers,
        component=component,
        explanation=explanation,
        revealed=microscope.revealed(trainer, looked_at) if predicting else None,
        score=(microscope.right, microscope.guesses) if predicting else None,
    )
