"""Stop conditions: play pauses at the first step at which one of them holds."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf

from engine.training.experiment import Experiment
from engine.training.prepare import Prepared
from engine.training.stepper import Stepper
from engine.training.timeline import Timeline
from engine.wording import count


@dataclass(frozen=True)
class Watch:
    """What the stop conditions of a run remember between two calls of ``play``.

    Attributes:
        revision: the moment up to which the run was watched; at another one a new watch begins.
        lowest, since: for ``stop_patience``, the lowest C since the watch began, and its step.
        below, paused: the ``stop_below`` that has paused the run, and at which step. It pauses
            again only once it is another, or after going back, or an event that made C rise.
    """

    revision: tuple[int, int] | None = None
    lowest: float = inf
    since: int = 0
    below: float | None = None
    paused: int = 0


@dataclass
class _Watched:
    """A run that is watched while it plays; ``reasons`` are those to pause at this step."""

    stepper: Stepper
    conditions: Experiment
    scale: float  # of a cost in the units of the data
    watch: Watch
    reasons: tuple[str, ...] = ()

    def costs(self) -> tuple[float, float]:
        """C for ``stop_below``, of the training data, and C for ``stop_patience``, of the test data
        or, if there are none, of the training data; NaN without the condition. In data units."""
        below, patience = self.conditions.stop_below, self.conditions.stop_patience
        has_test = self.stepper.has_test
        train = test = float("nan")
        if below is not None or (patience is not None and not has_test):
            train = self.stepper.cost(of_test=False) * self.scale
        if patience is not None:
            test = self.stepper.cost(of_test=True) * self.scale if has_test else train
        return train, test

    def begin(self, revision: tuple[int, int]) -> None:
        """Watch from the present step on: anew after an event, or at another step than before."""
        watch, step = self.watch, self.stepper.step_count
        patience, last = self.conditions.stop_patience, watch.revision
        train, cost = self.costs()
        if last != revision or patience is None:
            watch = replace(watch, lowest=inf)
        if watch.lowest == inf:
            watch = replace(watch, lowest=cost if patience is not None else inf, since=step)
        if watch.below is not None:
            is_same_past = last is not None and last[0] == revision[0]
            is_below = train < watch.below
            if step < watch.paused or not (is_same_past or is_below):
                watch = replace(watch, below=None)
        self.watch = watch

    def holds(self) -> bool:
        """Whether a condition holds at this step, after which the watch goes on."""
        watch, step, reasons = self.watch, self.stepper.step_count, []
        below, patience = self.conditions.stop_below, self.conditions.stop_patience
        train, cost = self.costs()
        if below is not None and train < below and watch.below != below:
            watch = replace(watch, below=below, paused=step)
            reasons.append(f"C = {_less(train, below)} is below {below:g}")
        is_better = cost < watch.lowest
        if patience is not None and not is_better and step - watch.since >= patience:
            name = "test" if self.stepper.has_test else "training"
            best = count(watch.since)
            reasons.append(f"the {name} loss has not improved since step {best}")
            watch = replace(watch, lowest=cost, since=step)
        elif is_better:
            watch = replace(watch, lowest=cost, since=step)
        self.watch, self.reasons = watch, tuple(reasons)
        return bool(reasons)


def _less(value: float, limit: float) -> str:
    """A value as text, with as many digits as it takes to be less than a limit; at least 4."""
    texts = (f"{value:.{digits}g}" for digits in range(4, 18))
    return next((text for text in texts if float(text) < limit), repr(value))


def watches_cost(conditions: Experiment) -> bool:
    """Whether one of the stop conditions is for C, which then is computed at every step."""
    return conditions.stop_below is not None or conditions.stop_patience is not None


def play(
    timeline: Timeline,
    stepper: Stepper,
    prepared: Prepared | None,
    watch: Watch,
    goal: int,
    until: Callable[[], str] | None = None,
) -> tuple[Watch, str]:
    """Go on to ``goal``, at most to the first later step at which a condition holds, or at which
    ``until`` returns a reason.

    Returns the watch for the next call, and why the run should pause; "" if it should not.
    """
    conditions = prepared.experiment if prepared else Experiment()  # of bare arrays: none
    end, begin = conditions.stop_steps, timeline.step_count
    if end is not None and end > begin:
        goal = min(goal, end)
    if goal <= begin or timeline.divergence:
        return watch, ""
    watched = _Watched(stepper, conditions, prepared.cost_scale if prepared else 1.0, watch)
    watched.begin(timeline.revision)
    more = ""

    def holds() -> bool:
        nonlocal more
        more = until() if until else ""
        return watched.holds() or bool(more)

    if until or watches_cost(conditions):
        timeline.run_until(goal, holds)
    else:
        timeline.seek(goal)
    if timeline.divergence:
        return Watch(), ""
    step = timeline.step_count
    ends = ("the step that the settings name",) if step == end else ()
    reasons = [*ends, *watched.reasons, *([more] if more else [])]
    reason = f"stopped at step {count(step)}: {'; '.join(reasons)}" if reasons else ""
    return replace(watched.watch, revision=timeline.revision), reason
