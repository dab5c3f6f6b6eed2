"""Sharing: an experiment as one line, with a result to check after opening."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite
from typing import TYPE_CHECKING

from engine import Experiment
from engine.data.source import File, source
from engine.storage.share_code import Expected, share_code
from engine.wording import count, plural
from tui.drawing.numbers import cost_text, magnitude
from tui.storage.saving import with_present_weights
from tui.system.paths import current_folder

if TYPE_CHECKING:
    from engine import Trainer
    from tui.session.session import Session


@dataclass(frozen=True)
class Offer:
    """A share code, and a text that says what it holds."""

    code: str
    holds: str


def offer(session: Session, with_weights: bool) -> Offer:
    """The code of a session's experiment, which starts from the run's initial weights or from the
    current ones. EngineError where these are too many, or not finite."""
    experiment = with_present_weights(session) if with_weights else session.experiment
    data = source(experiment.dataset).relative_to(current_folder())
    experiment = replace(experiment, dataset=str(data))
    expected = expected_result(session, with_weights)
    holds = ["the settings"]
    if experiment.weights is not None:
        whose = "present" if with_weights else "first"
        holds.append(f"the {whose} {plural(session.trainer.network.parameter_count, 'parameter')}")
    text = " and ".join(holds)
    if expected:
        text += f"; opened, it says whether {in_words(expected)} there too"
    else:
        text += "; no result to check, for the run was changed on its way, or diverged"
    if isinstance(data, File):
        text += f"; not the data: {data} must be there too"
    return Offer(share_code(experiment, expected), text)


def expected_result(session: Session, with_weights: bool) -> Expected | None:
    """The result of the shared experiment; None if unknown, because the run was changed after its
    first step, or has diverged."""
    trainer = session.trainer
    cost = cost_of(trainer)
    if with_weights:
        return Expected(0, cost) if isfinite(cost) else None
    past = [event for event in trainer.history.events if event.step <= trainer.step_count]
    # settings changed before the first step are part of the experiment
    if any(event.step or event.is_edit for event in past) or not isfinite(cost):
        return None
    return Expected(trainer.step_count, cost)


def cost_of(trainer: Trainer) -> float:
    """C over the training data, in the data's own units."""
    assert trainer.prepared is not None
    return trainer.costs()[0] * trainer.prepared.cost_scale


def in_words(expected: Expected) -> str:
    """``C = 0.0953 at step 3 000``."""
    return _in_words(expected.cost, expected.step)


def _in_words(cost: float, step: int) -> str:
    return f"C = {cost_text(cost)} at step {count(step)}"


def code_of(experiment: Experiment) -> str:
    """The code of an experiment. EngineError where no run of it can start."""
    from engine.training.prepare import prepare

    prepare(experiment)
    return share_code(experiment)


# checking


def verdict(trainer: Trainer, expected: Expected) -> str:
    """A message that compares a run, at the step of the expected result, with that result."""
    if trainer.divergence:
        return f"not as expected, {in_words(expected)}: {trainer.divergence}"
    cost = cost_of(trainer)
    if cost == expected.cost:
        return f"{in_words(expected)} ✓ to the last bit"
    actual = _in_words(cost, trainer.step_count)
    if cost_text(cost) == cost_text(expected.cost):
        apart = abs(cost / expected.cost - 1.0)
        return (
            f"{actual} ✓ as far as shown; "
            f"it differs by {magnitude(apart)} of itself from what was sent"
        )
    return f"not as expected: {actual}, where it was {cost_text(expected.cost)}"
