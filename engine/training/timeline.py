"""The timeline of a run: going to any step of its history, back or forward, and its events."""

from collections.abc import Callable
from itertools import count

import numpy as np

from engine.errors import EngineError
from engine.training.batches import Batch
from engine.training.record.history import History, Undone, trail_length
from engine.training.record.state import Divergence, Event, State
from engine.training.stepper import Stepper

CHUNK = 512  # steps between searches for a number that is not finite
CHANGES = count()  # numbers for the changes of all runs: see ``Timeline.revision``


class Timeline:
    """A stepper and its history. ``seek`` restores the nearest known state and replays from it.

    The *trail* keeps the last states before the goal of a seek back, or of one forward that replays
    more steps, so that further steps back are at once. ``divergence`` is the first number that was
    not finite, if the present step made one.
    """

    def __init__(self, stepper: Stepper) -> None:
        self._stepper = stepper
        self.history = History()
        self.divergence: Divergence | None = None
        self._trail: dict[int, State] = {}
        self._changes = next(CHANGES)
        self._checked = 0  # the last step at which every number was found finite
        self._arrive()

    @property
    def step_count(self) -> int:
        """The present step."""
        return self._stepper.step_count

    @property
    def revision(self) -> tuple[int, int]:
        """The number of the last change of this run's past, and the present step. It differs
        between any two moments of any runs; equal revisions have equal bits."""
        return self._changes, self.step_count

    def resume(self, history: History, step: int, state: State | None) -> None:
        """Continue a history at ``step``, whose ``state`` may be given."""
        self.history = history
        self._past_changes()
        if state is None:
            self._return_to(history.checkpoint_before(step))
            self.seek(step)
        else:
            self._restore(state)

    # time

    def seek(self, step: int) -> None:
        """Go to a step ≥ 0; beyond the latest one this trains."""
        checkpoint = self.history.checkpoint_before(step)
        nearest = max((s for s in self._trail if s <= step), default=-1)
        goes_back = step < self.step_count
        if goes_back and nearest >= checkpoint.step:
            self._restore(self._trail[nearest])
        elif goes_back or checkpoint.step > self.step_count:
            self._return_to(checkpoint)
        first = step - trail_length(self._stepper.state)
        if step > self.history.latest_step or (first < self.step_count and not goes_back):
            self._run_to(step)
        elif self.step_count < step:
            self._run_to(first)
            self._trail.clear()
            while self.step_count < step:
                self._trail[self.step_count] = self._stepper.state
                self._run_to(self.step_count + 1)

    def run_until(self, goal: int, holds: Callable[[], bool]) -> None:
        """Go on to a later step, at most to the first one at which ``holds`` is true. It is asked
        at each step, also at those that turn out to come after a divergence."""
        found = False
        while not found and self.step_count < goal and self.divergence is None:
            start = self._stepper.state
            found = self._run_to(min(goal, self.step_count + CHUNK), holds)
            if found and self._checked < self.step_count:
                step = self.step_count
                self._restore(start)
                self._run_to(step)

    def steps_to(self, step: int) -> int:
        """How many steps ``seek`` has to compute to go to a step."""
        known = (*self._trail, self.step_count, self.history.checkpoint_before(step).step)
        return step - max(start for start in known if start <= step)

    def _run_to(self, goal: int, holds: Callable[[], bool] | None = None) -> bool:
        """Make steps up to ``goal``, or up to the first one where ``holds`` is true; returns
        whether it is. Steps since the last check of the numbers are then not checked."""
        history, stepper = self.history, self._stepper
        with np.errstate(all="ignore"):  # ``_check`` finds what is not finite
            while self.step_count < goal and self.divergence is None:
                now = self.step_count
                checkpoint = history.next_checkpoint(now)
                event = min((e.step for e in history.events if e.step > now), default=goal)
                stop = min(goal, self._checked + CHUNK, checkpoint, event)
                stop = stop if holds is None else now + 1
                while self.step_count < stop:
                    last_batch = stepper.descend(stop - self.step_count)
                if stop in (goal, self._checked + CHUNK):
                    self._check(last_batch)
                self._arrive()
                if holds and self.divergence is None and holds():
                    return True
        return False

    def _check(self, last_batch: Batch) -> None:
        """Search the steps since the last check for numbers that are not finite."""
        stepper, history = self._stepper, self.history
        good, goal = self._checked, self.step_count
        doubtful, stepper.had_huge_gradient = stepper.may_have_overflowed(), False
        finite = stepper.is_finite_after(last_batch)
        if finite and (not doubtful or goal == good + 1):
            self._checked = goal
            return
        self._return_to(history.checkpoint_before(good))
        self._run_to(good)
        while self.divergence is None and self.step_count < goal:
            self._checked = self.step_count
            self.divergence = stepper.checked_step()
            self._arrive()
        self._checked = self.step_count
        if self.divergence:
            history.drop_checkpoints_after(self.step_count - 1)
            history.latest_step = self.step_count

    def _arrive(self) -> None:
        """Keep a checkpoint if one is due at this step, then apply its events."""
        step, history = self.step_count, self.history
        history.reach(step)
        if self.divergence:
            history.divergence = self.divergence
            return
        if step not in history.checkpoints and history.is_due(step):
            history.keep(self._stepper.state)
        for event in history.events:
            if event.step == step:
                self._apply(event)

    def _return_to(self, checkpoint: State) -> None:
        """Restore a checkpoint, which is from before the events of its step."""
        self._restore(checkpoint)
        self._arrive()

    def _restore(self, state: State) -> None:
        self._stepper.restore(state)
        self._checked = state.step
        self.divergence = None

    # events

    def add(self, event: Event | None) -> None:
        """Replace the future by an event at the present step; None changes nothing. EngineError
        if the run has diverged."""
        if event is None:
            return
        if self.divergence:
            raise EngineError(f"{self.divergence}: go back before you change anything")
        self.history.cut(self.step_count)
        self._past_changes()
        self._apply(event)
        self.history.events.append(event)

    def undo(self) -> Undone | None:
        """Go back to the last event before now and remove it, with all later steps; returns what
        was removed, None if there is no event."""
        undone = self.history.remove_event(self.step_count)
        if undone:
            self._go_to(undone.event.step)
        return undone

    def redo(self) -> Undone | None:
        """Bring back what the last ``undo`` removed; returns it, None if there is nothing."""
        undone = self.history.restore_event()
        if undone:
            self._go_to(undone.step)
        return undone

    def _go_to(self, step: int) -> None:
        """Go to a step of a past that has changed."""
        self._past_changes()
        self._return_to(self.history.checkpoint_before(step))
        self._run_to(step)

    def _past_changes(self) -> None:
        self._trail.clear()
        self._changes = next(CHANGES)

    def _apply(self, event: Event) -> None:
        if event.settings is not None:
            self._stepper.use(event.settings)
        event.edit(self._stepper.network.parameters)
