"""Cures: what the user can do, as data; and starts that are tried before they are named."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import ceil, floor, log2
from typing import Any

from engine import Dataset, Experiment
from engine.data.dataset import Scale
from engine.data.source import source
from engine.network.losses import loss_for
from engine.training.prepare import Prepared
from tui.model.advice.evidence import Evidence

SAFE_SHARE = 0.25  # of the largest stable η: that of a cure
STABLE_SHARE = 0.5  # above this share a start is given a smaller η
FEW = 3  # doublings of η
MOST_HALVINGS = 6  # of η at another start
WORSE = 100.0  # C + R of another start is at most this many times the present one
STALLED = 1e-7  # C + R falls by less than this share in a step


@dataclass(frozen=True)
class Cure:
    """The actions to do, by their ids, in this order and so many ``times``; and what to choose
    among the settings, by the names of ``Experiment``."""

    actions: tuple[str, ...]
    settings: dict[str, Any] = field(default_factory=dict)
    times: int = 1


def examine(evidence: Evidence) -> Cure:
    """The post-mortem, which goes back to the lowest C + R and sets a stable η."""
    return Cure(("postmortem",))


def take_back(evidence: Evidence) -> Cure:
    """Undo the last event."""
    return Cure(("undo",))


def halve(evidence: Evidence) -> Cure | None:
    """Half of η, if C is then lower for good: a network with hidden units, which may still learn,
    learns more slowly, and weights that L1 draws to 0 jitter at any η."""
    if not evidence.is_linear or evidence.experiment.l1:
        return None
    return Cure(("rate_halve",))


def double(evidence: Evidence) -> Cure:
    """Double η as often as it stays well below its limit, but only a few times where that limit
    changes on the way."""
    times = floor(log2(SAFE_SHARE / evidence.rate_share))
    constant = evidence.is_convex and evidence.squares
    return Cure(("rate_double",), times=times if constant else min(times, FEW))


def double_once(evidence: Evidence) -> Cure:
    return Cure(("rate_double",))


def solve(evidence: Evidence) -> Cure:
    """The least-squares solution, at once."""
    return Cure(("linear", "solve"))


def weaken_penalty(evidence: Evidence) -> Cure:
    """A tenth of the penalty that is set."""
    e = evidence.experiment
    weaker = {name: value / 10.0 for name, value in (("l1", e.l1), ("l2", e.l2)) if value}
    return Cure(("settings",), weaker)


def restart_without_penalty(evidence: Evidence) -> Cure:
    """No penalty, from the start: from weights near 0 it may take long."""
    return Cure(("settings", "restart"), no_penalty(evidence))


def no_penalty(evidence: Evidence) -> dict[str, Any]:
    """The settings of the penalties that are set, as 0."""
    e = evidence.experiment
    return {name: 0.0 for name, value in (("l1", e.l1), ("l2", e.l2)) if value}


def identity_output(evidence: Evidence) -> Cure | None:
    """An output that is never dead, where the loss goes with it."""
    if not evidence.squares:
        return None
    return Cure(("settings",), {"output": "identity"})


def another_start(evidence: Evidence) -> Cure | None:
    """A new run whose units can learn at its start, if one of those that are tried is such a run:
    weights of the usual size or kind, standardised inputs, or other weights; these only if the
    run's first ones could not learn, as else its steps have led here, and may do so again. With a
    smaller η if the present one is near its limit there."""
    return _start_below(WORSE, evidence)


def lower_start(evidence: Evidence) -> Cure | None:
    """Likewise, if C + R is lower there than now: of a run that learns, if slowly."""
    return _start_below(1.0, evidence)


def _start_below(times: float, evidence: Evidence) -> Cure | None:
    limit = times * evidence.now * evidence.prepared.cost_scale
    starts = _sound_starts(_Run.of(evidence))
    return next((cure for cure, value in starts if not value > limit), None)


def can_learn_unpenalised(evidence: Evidence) -> bool:
    """Whether the run's first weights can learn without a penalty, at the present η."""
    return _can_learn_unpenalised(_Run.of(evidence))


@dataclass(frozen=True)
class _Run:
    """What other starts of a run depend on: not on its steps. It is the key of what is cached."""

    dataset: Dataset
    experiment: Experiment
    first: Evidence = field(compare=False)

    @classmethod
    def of(cls, evidence: Evidence) -> "_Run":
        return cls(evidence.prepared.dataset, evidence.experiment, evidence.first())


@lru_cache(maxsize=4)
def _sound_starts(run: _Run) -> list[tuple[Cure, float]]:
    """The cures that lead to a start at which units can learn, each with C + R there in the
    data's own units."""
    sound = []
    for cure, start in _starts(run.first):
        if not can_learn(start):
            continue
        share = start.rate_share
        halvings = ceil(log2(share / SAFE_SHARE)) if share > STABLE_SHARE else 0
        if halvings <= MOST_HALVINGS:
            more = ("rate_halve",) if halvings else ()
            cure = replace(cure, actions=cure.actions + more, times=max(1, halvings))
            sound.append((cure, start.now * start.prepared.cost_scale))
    return sound


@lru_cache(maxsize=4)
def _can_learn_unpenalised(run: _Run) -> bool:
    start = run.first.first(**no_penalty(run.first))
    return can_learn(start) and not start.rate_share > 1.0


def _starts(evidence: Evidence) -> Iterator[tuple[Cure, Evidence]]:
    """Cures and the starts to which they lead, given the evidence at the first weights."""
    e, data = evidence.experiment, evidence.prepared.dataset
    if e.init_scale > 1.0:
        yield _restart(evidence, init_scale=1.0)
    if e.init == "zeros":
        yield _restart(evidence, init="he")
    if data.x_scale.is_identity and not source(e.dataset).is_generated:
        cure, start = _restart(evidence, standardize=True)
        prepared = _standardised(start.prepared)
        yield cure, start.with_prepared(prepared)
    if not can_learn(evidence):
        seed = e.seed if e.init_seed is None else e.init_seed
        start = evidence.at_start(init_seed=seed + 1, weights=None, biases=None)
        yield Cure(("next_start",)), start


def _standardised(prepared: Prepared) -> Prepared:
    """The inputs standardised, and the targets where ``prepare`` does that."""
    data, e = prepared.dataset, prepared.experiment
    inputs = Scale.of(data.X[data.train]).apply(data.X)
    loss = loss_for(str(e.loss), str(e.output))
    if data.task != "regression" or e.output != "identity" or loss.squares is None:
        return replace(prepared, inputs=inputs)
    y_scale = Scale.of(data.Y[data.train])
    return replace(
        prepared,
        inputs=inputs,
        targets=y_scale.apply(data.Y),
        cost_scale=float(y_scale.sd[0] ** 2),
    )


def _restart(evidence: Evidence, **changes: Any) -> tuple[Cure, Evidence]:
    start = evidence.at_start(**changes, weights=None, biases=None)
    return Cure(("settings",), changes), start


def can_learn(start: Evidence) -> bool:
    """Whether the gradient of a start is not near 0, and no layer is dead, saturated, or of
    identical units."""
    stuck = start.all_of(start.dead) or start.all_of(start.saturated) or start.identical
    return not stuck and start.pace > STALLED


Remedy = Callable[[Evidence], Cure | None]
"""What makes the cure of a situation; None if nothing helps."""
