"""Divergence report of a run: how it diverged, and a learning rate that is stable; for a run
that has not diverged, its distance to the stability limit."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, isnan

import numpy as np
from numpy.typing import NDArray

from engine import Trainer
from engine.arrays import Array, length
from engine.training.postmortem import PostMortem, post_mortem
from engine.wording import count
from tui.system.job import Job

MAX_CHECKPOINTS = 64  # between the first and the last step that are examined


@dataclass(frozen=True, eq=False)
class LeadUp:
    """The steps from the lowest cost to the last step that could be computed; without divergence
    they include at least the last few steps. ``steps`` (m,), ``costs`` (m,) over the training data
    in its own units, and for each layer l the norms of [W⁽ˡ⁾ b⁽ˡ⁾] and of the next batch's
    ∂C/∂[W⁽ˡ⁾ b⁽ˡ⁾], (m, L)."""

    steps: NDArray[np.intp]
    costs: Array
    parameters: Array
    gradients: Array


@dataclass(frozen=True)
class Cure:
    """A lower learning rate, the step to continue from, and the reason for this rate."""

    step: int
    learning_rate: float
    why: str


class PostMortemJob(Job):
    """Examines a run in a thread: ``found`` and ``lead_up`` are set when it has ended, or
    ``note`` says why not."""

    FAILED = "not examined"

    def __init__(self, trainer: Trainer) -> None:
        super().__init__("post-mortem")
        self.found: PostMortem | None = None
        self.lead_up: LeadUp | None = None
        self.diverged = trainer.history.divergence is not None
        self._twin = trainer.twin()  # used by this thread alone

    def work(self) -> None:
        with np.errstate(all="ignore"):
            report = post_mortem(self._twin)
            self.lead_up = lead_up(self._twin, report)
            self.found = report


def lead_up(trainer: Trainer, report: PostMortem) -> LeadUp:
    """The steps before the end of the run; this moves the trainer to other steps."""
    assert trainer.prepared is not None
    first, last = report.safe_step, int(report.steps[-1])
    if report.divergence is None:
        first = min(first, int(report.steps[0]))
    kept = [step for step in sorted(trainer.history.checkpoints) if first <= step <= last]
    kept = kept[:: 1 + len(kept) // MAX_CHECKPOINTS]
    steps = np.unique([first, *kept, *report.steps[report.steps >= first]])
    rows = [_norms(trainer.seek(int(step))) for step in steps]
    return LeadUp(
        steps,
        np.array([cost for cost, _, _ in rows]) * trainer.prepared.cost_scale,
        np.array([parameters for _, parameters, _ in rows]),
        np.array([gradients for _, _, gradients in rows]),
    )


def _norms(trainer: Trainer) -> tuple[float, list[float], list[float]]:
    """C, and for each layer the norms of its parameters and of its gradient."""
    network = trainer.network
    gradient = network.with_parameters(trainer.take_apart().batch.gradient)
    parts = (network.matrices, gradient.matrices)
    parameters, gradients = ([length(M) for M in part] for part in parts)
    return trainer.costs()[0], parameters, gradients


def find_cure(report: PostMortem) -> Cure | None:
    """The step to continue from and the learning rate: half the stability limit if that is below
    the present rate, else half of the present rate. None if nothing has diverged and the rate is
    within the limit."""
    if report.divergence is None and not is_beyond(report):
        return None
    if report.suggested < report.learning_rate:
        return Cure(report.safe_step, report.suggested, "half of 2/λ_max, to one digit")
    at = f"at step {count(report.safe_step)}"
    if isfinite(report.curvature) and report.curvature > 0.0:
        why = f"half of η: 2/λ_max was no limit {at}"
    elif isnan(report.curvature):
        why = f"half of η: λ_max is not known {at}"
    else:
        why = f"half of η: λ_max is not above 0 {at}"
    return Cure(report.safe_step, report.settings.learning_rate / 2.0, why)


def is_beyond(report: PostMortem) -> bool:
    """Whether SGD steps overshoot: η is above 2/λ_max."""
    return report.settings.optimizer == "sgd" and report.learning_rate * report.curvature > 2.0
