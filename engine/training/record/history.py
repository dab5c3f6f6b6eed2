"""The history of a run: its events, and checkpoints that thin out with the costs at them.

Time travel restores the nearest checkpoint and replays the steps in between, so memory stays
bounded however long the run, and every step can be reached again to the last bit.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.training.record.series import Checkpoint, CheckpointSeries
from engine.training.record.state import Divergence, Event, State

CHECKPOINT_STRIDE = 128  # most steps between checkpoints while the run is short
CHECKPOINT_BYTES = 24 << 20  # all checkpoints together; at least FEWEST are kept
FEWEST, MOST = 16, 1024
TRAIL = 32  # states kept before the goal of a replay, so that the next steps back are at once
COST_BYTES = 200  # about what one entry of ``costs`` takes


@dataclass(frozen=True, eq=False)
class Undone:
    """What ``Trainer.undo`` removed from a history, and ``Trainer.redo`` brings back.

    Attributes:
        event: the event.
        step: where the run stood.
        steps: how many steps after the event were removed with it.
        later: the later events, in order.
        latest_step, divergence, checkpoints, costs: of the history before, as far as removed.
    """

    event: Event
    step: int
    steps: int
    later: tuple[Event, ...]
    latest_step: int
    divergence: Divergence | None
    checkpoints: Mapping[int, State]
    costs: CheckpointSeries[tuple[float, float]]


@dataclass
class History:
    """The past of one run.

    Attributes:
        events: the events, in order of their steps.
        latest_step: the last step that was computed.
        divergence: the divergence of the run, if any.
        checkpoints: states by step; their distance doubles when there are too many.
        costs: the costs over the training and the test data at checkpoints.
        stride: the present distance of checkpoints in steps.
        undone: what was undone and can be redone, the last one last. A new step or event, which
            begins another future, empties it.

    Example:
        >>> import engine
        >>> trainer = engine.Trainer(engine.Experiment()).step(5).change(learning_rate=0.1)
        >>> trainer.history.latest_step, [event.label for event in trainer.history.events]
        (5, ['learning_rate 0.03 → 0.1'])
    """

    events: list[Event] = field(default_factory=list)
    latest_step: int = 0
    divergence: Divergence | None = None
    checkpoints: dict[int, State] = field(default_factory=dict)
    costs: CheckpointSeries[tuple[float, float]] = field(default_factory=CheckpointSeries)
    stride: int = CHECKPOINT_STRIDE
    undone: list[Undone] = field(default_factory=list)

    def _spacing(self, step: int) -> int:
        """Steps between checkpoints; in a short run fewer near its start, about step/16."""
        if self.stride > CHECKPOINT_STRIDE:
            return self.stride
        return min(self.stride, 1 << max(0, step.bit_length() - 5))

    def is_due(self, step: int) -> bool:
        """Whether there should be a checkpoint at this step."""
        return step % self._spacing(step) == 0

    def next_checkpoint(self, step: int) -> int:
        """The next step after this one with a checkpoint."""
        spacing = self._spacing(step)
        return step + spacing - step % spacing

    def keep(self, state: State) -> None:
        """Keep a checkpoint; if there are too many, every other one is removed."""
        self.checkpoints[state.step] = state
        most = min(MOST, max(FEWEST, CHECKPOINT_BYTES // state.nbytes))
        if len(self.checkpoints) > most:
            self.stride *= 2
            self.checkpoints = {s: c for s, c in self.checkpoints.items() if self.is_due(s)}

    def checkpoint_before(self, step: int) -> State:
        """The last checkpoint at or before a step."""
        steps = sorted(self.checkpoints)
        return self.checkpoints[steps[bisect_right(steps, step) - 1]]

    def checkpoint_at(self, step: int) -> Checkpoint:
        """The checkpoint at a step that has one, with the edits of parameters made there."""
        edits = tuple(e for e in self.events if e.step == step and e.is_edit)
        return Checkpoint(step, self.checkpoints[step], edits)

    def at_round_steps(self, most: int | None = None) -> list[Checkpoint]:
        """The checkpoints in order of their steps; at most about so many, at multiples of a power
        of two, so that they stay the same as the run grows."""
        spacing = 1
        while most is not None and self.latest_step > most * spacing:
            spacing *= 2
        edits = defaultdict(list)
        for event in self.events:
            if event.is_edit:
                edits[event.step].append(event)
        steps = sorted(step for step in self.checkpoints if step % spacing == 0)
        return [Checkpoint(s, self.checkpoints[s], tuple(edits.get(s, ()))) for s in steps]

    def drop_checkpoints_after(self, step: int) -> None:
        """Forget the checkpoints after a step."""
        self.checkpoints = {s: c for s, c in self.checkpoints.items() if s <= step}

    def reach(self, step: int) -> None:
        """Note that a step has been computed; a new one ends what could be redone."""
        if step > self.latest_step:
            self.latest_step = step
            self.undone.clear()

    def cut(self, step: int) -> None:
        """Forget everything after a step, and what could be redone."""
        self.undone = []
        self.events = [event for event in self.events if event.step <= step]
        self.drop_checkpoints_after(step)
        self.latest_step = min(self.latest_step, step)
        if self.divergence and self.divergence.step > step:
            self.divergence = None

    def remove_event(self, now: int) -> Undone | None:
        """Remove the last event at or before a step, and everything after it; None if there is
        none."""
        index = sum(event.step <= now for event in self.events) - 1
        if index < 0:
            return None
        event, *later = self.events[index:]
        undone = Undone(
            event=event,
            step=now,
            steps=self.latest_step - event.step,
            later=tuple(later),
            latest_step=self.latest_step,
            divergence=self.divergence,
            checkpoints={s: c for s, c in self.checkpoints.items() if s > event.step},
            costs=self.costs.copy(),
        )
        earlier = self.undone
        self.cut(event.step)
        del self.events[index:]
        self.undone = [*earlier, undone]
        return undone

    def restore_event(self) -> Undone | None:
        """Bring back what was undone last; None if there is nothing."""
        if not self.undone:
            return None
        undone = self.undone.pop()
        self.events += [undone.event, *undone.later]
        self.latest_step, self.divergence = undone.latest_step, undone.divergence
        self.checkpoints |= undone.checkpoints
        self.costs = undone.costs.copy()
        return undone

    @property
    def nbytes(self) -> int:
        """The memory used, in bytes (an estimate)."""
        kept = [self.checkpoints, *(undone.checkpoints for undone in self.undone)]
        states = sum(state.nbytes for part in kept for state in part.values())
        return states + COST_BYTES * len(self.costs)


def trail_length(state: State) -> int:
    """How many states are kept before the goal of a replay."""
    return max(1, min(TRAIL, CHECKPOINT_BYTES // state.nbytes))
