"""A value at each checkpoint of a run: computed once, and again only where the past has changed."""

from collections.abc import Iterable, Sequence
from math import inf
from typing import Generic, NamedTuple, TypeVar

from engine.arrays import Array
from engine.training.record.state import Event, State

Value = TypeVar("Value")


class Checkpoint(NamedTuple):
    """A state kept of a run, and the edits of parameters made at its step."""

    step: int
    state: State
    edits: tuple[Event, ...] = ()

    @property
    def parameters(self) -> Array:
        """The parameters (P,) after the edits."""
        parameters: Array = self.state.vectors[0].copy()
        for event in self.edits:
            event.edit(parameters)
        return parameters

    def is_same(self, other: "Checkpoint") -> bool:
        """Whether it is the same moment: a branch replaces the states after it."""
        return self.state is other.state and self.edits == other.edits

    @property
    def roundness(self) -> float:
        """The largest power of two that divides its step."""
        return self.step & -self.step if self.step else inf


class CheckpointSeries(Generic[Value]):
    """Values by checkpoint. One is valid as long as its checkpoint stays the same."""

    def __init__(self) -> None:
        self._entries: dict[int, tuple[Checkpoint, Value]] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def copy(self) -> "CheckpointSeries[Value]":
        """Another series with the same values."""
        twin: CheckpointSeries[Value] = CheckpointSeries()
        twin._entries = {**self._entries}
        return twin

    def add(self, checkpoint: Checkpoint, value: Value) -> None:
        """Keep the value at a checkpoint."""
        self._entries[checkpoint.step] = checkpoint, value

    def missing(self, checkpoints: Sequence[Checkpoint]) -> list[Checkpoint]:
        """Those of a run's checkpoints without a value, the roundest steps first: any number of
        them covers the whole run. Values at other checkpoints are forgotten."""
        valid = {c.step: self._entries[c.step] for c in checkpoints if self._has(c)}
        self._entries = valid
        missing = [c for c in checkpoints if c.step not in valid]
        return sorted(missing, key=lambda checkpoint: checkpoint.roundness, reverse=True)

    def values(self, checkpoints: Iterable[Checkpoint]) -> list[tuple[int, Value]]:
        """Step and value at each of a run's checkpoints that has one."""
        return [(c.step, self._entries[c.step][1]) for c in checkpoints if self._has(c)]

    def _has(self, checkpoint: Checkpoint) -> bool:
        entry = self._entries.get(checkpoint.step)
        return entry is not None and entry[0].is_same(checkpoint)
