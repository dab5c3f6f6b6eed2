"""Divergence report of a run: how it diverged, and a learning rate that is stable; for a run
that has not diverged, its distance to the stability limit."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan

import numpy as np
from numpy.typing import NDArray

from engine import Trainer
from engine.arrays import Array, length
from engine.training.experiment import Settings
from engine.training.optimizers import optimizer_named
from engine.training.postmortem import PostMortem, penalty_of, post_mortem, rounded_down
from engine.training.schedules import learning_rate_at
from engine.wording import count, plural
from tui.system.job import Job

MAX_CHECKPOINTS = 64  # between the first and the last step that are examined
MOST_TRIED, FEWEST_TRIED = 256, 16  # steps for which a learning rate is tried
TRIAL_WORK = 1_000_000_000  # limit, about, for their multiplications in a forward pass
MAX_TRIALS = 12  # each at a quarter of the rate before
SHARE = 0.05  # of the fall of C + R so far that may be lost in them


@dataclass(frozen=True, eq=False)
class LeadUp:
    """The steps from the lowest cost to the last step that could be computed; without divergence
    they include at least the last few steps. ``steps`` (m,), ``costs`` (m,) over the training data
    in its own units, ``objective`` (m,) the same with the penalty of the last step, and for each
    layer l the norms of [W⁽ˡ⁾ b⁽ˡ⁾] and of the next batch's ∂C/∂[W⁽ˡ⁾ b⁽ˡ⁾], (m, L)."""

    steps: NDArray[np.intp]
    costs: Array
    objective: Array
    parameters: Array
    gradients: Array


@dataclass(frozen=True)
class LowerRate:
    """A lower learning rate, the step to continue from, and the reason for this rate."""

    step: int
    learning_rate: float
    why: str


class PostMortemJob(Job):
    """Examines a run in a thread: ``found``, ``lead_up`` and, if one holds, ``cure`` are set when
    it has ended, or ``note`` says why not."""

    FAILED = "not examined"

    def __init__(self, trainer: Trainer) -> None:
        super().__init__("post-mortem")
        self.found: PostMortem | None = None
        self.lead_up: LeadUp | None = None
        self.cure: LowerRate | None = None
        self.diverged = trainer.history.divergence is not None
        self._twin = trainer.twin()  # used by this thread alone

    def work(self) -> None:
        with np.errstate(all="ignore"):
            report = post_mortem(self._twin)
            self.lead_up = lead_up(self._twin, report)
            self.cure = tried_cure(self._twin, report)
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
    rows = [_measured(trainer.seek(int(step)), report.settings) for step in steps]
    costs, objective, parameters, gradients = (
        np.array(values) for values in zip(*rows, strict=True)
    )
    scale = trainer.prepared.cost_scale
    return LeadUp(steps, costs * scale, objective * scale, parameters, gradients)


def _measured(
    trainer: Trainer, settings: Settings
) -> tuple[float, float, list[float], list[float]]:
    """C, C + R by these settings, and for each layer the norms of its parameters and of its
    gradient."""
    network = trainer.network
    gradient = network.with_parameters(trainer.take_apart().batch.gradient)
    parts = (network.matrices, gradient.matrices)
    parameters, gradients = ([length(M) for M in part] for part in parts)
    cost = trainer.costs()[0]
    return cost, cost + penalty_of(network, settings), parameters, gradients


def find_cure(report: PostMortem) -> LowerRate | None:
    """The step to continue from and the learning rate: half the stability limit if that is below
    the rate of that step, else the rate of that step if it was raised later, else a smaller one.
    None if nothing has diverged, C is not far above its lowest, and the rate is within the limit;
    and if λ_max is not finite there: then the weights of that step are too large for any rate.
    """
    ill = report.divergence is not None or is_beyond(report) or report.has_risen
    if not ill or isnan(report.curvature):
        return None
    there, step = report.safe_settings, report.safe_step
    scheduled = learning_rate_at(there, step)
    if has_limit(report) and report.suggested < scheduled:
        return LowerRate(step, report.suggested, f"half of {limit_name(report)}, rounded down")
    if there.learning_rate < report.settings.learning_rate:
        return LowerRate(step, there.learning_rate, f"as it was at step {count(step)}")
    if not has_limit(report):
        why = f"a tenth of η: {report.settings.optimizer} has no limit by λ_max"
        return LowerRate(step, there.learning_rate / 10.0, why)
    if report.curvature > 0.0:
        why = f"half of η: {limit_name(report)} was no limit at step {count(step)}"
    else:
        why = f"half of η: λ_max is not above 0 at step {count(step)}"
    return LowerRate(step, there.learning_rate / 2.0, why)


def tried_cure(trainer: Trainer, report: PostMortem) -> LowerRate | None:
    """``find_cure``, tried for some steps, and at lower rates as long as it does not hold; None if
    none does. With small batches or far from a minimum, η can be too large below 2/λ_max.

    The trainer, a twin of the run's, moves and gets another future.
    """
    cure = find_cure(report)
    if cure is None:
        return None
    assert trainer.prepared is not None
    size = trainer.prepared.size
    steps = min(MOST_TRIED, max(FEWEST_TRIED, TRIAL_WORK // max(1, size.work * size.batch)))
    first, before = (_objective(trainer.seek(step), report.settings) for step in (0, cure.step))
    limit = before + SHARE * max(0.0, first - before)
    rate, history = cure.learning_rate, trainer.history
    history.cut(cure.step)  # as ``Session.go_back_to`` does: later events are gone
    trainer.resume(history, cure.step)
    for _ in range(MAX_TRIALS):
        trainer.seek(cure.step).change(learning_rate=rate).step(steps)
        if trainer.divergence is None and _objective(trainer, report.settings) <= limit:
            if rate == cure.learning_rate:
                return cure
            return LowerRate(cure.step, rate, f"larger ones fail within {plural(steps, 'step')}")
        rate = rounded_down(rate / 4.0)
    return None


def _objective(trainer: Trainer, settings: Settings) -> float:
    """C + R at the trainer's step, by the penalty in these settings."""
    return trainer.costs()[0] + penalty_of(trainer.network, settings)


def has_limit(report: PostMortem) -> bool:
    """Whether λ_max limits η: not for optimisers whose steps do not grow with the gradient."""
    return optimizer_named(report.settings.optimizer).stability is not None


def limit_name(report: PostMortem) -> str:
    """``2/λ_max``, with the factor of the optimiser."""
    return f"{report.stability:.3g}/λ_max"


def is_beyond(report: PostMortem) -> bool:
    """Whether steps overshoot: η is above its limit."""
    return has_limit(report) and report.learning_rate * report.curvature > report.stability
