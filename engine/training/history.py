"""What a run remembers: events, checkpoints that thin out, and the costs at them.

Time travel restores the nearest checkpoint and replays the steps in between, so memory stays
bounded however long the run, and every step can be reached again to the last bit.
"""

from bisect import bisect_right
from dataclasses import dataclass, field, fields
from math import inf

from engine.arrays import Array
from engine.training.batches import BatchState
from engine.training.fields import FIELDS

CHECKPOINT_STRIDE = 128  # most steps between checkpoints while the run is short
CHECKPOINT_BYTES = 24 << 20  # all checkpoints together; at least FEWEST are kept
FEWEST, MOST = 16, 1024
TRAIL = 32  # states kept before the goal of a seek back, so that the next steps back are at once

OPTIMIZER_STATE = "the optimiser's state"
QUANTITIES = ("z", "a", "C", "δ", "∂C/∂W", "W", OPTIMIZER_STATE)
"""What may stop being finite."""


@dataclass(frozen=True)
class Settings:
    """What may change between steps without a restart; the fields of an Experiment.

    ``schedule`` is one of ``schedules.SCHEDULES``, ``schedule_steps`` and ``warm_up`` are steps.
    ``frozen`` are indices into ``Network.parameters``: those do not learn.
    """

    optimizer: str = "sgd"
    learning_rate: float = 0.03
    schedule: str = "constant"
    schedule_steps: int = 1000
    warm_up: int = 0
    batch_size: int = 10
    l1: float = 0.0
    l2: float = 0.0
    frozen: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        for item in fields(self):
            object.__setattr__(
                self, item.name, FIELDS[item.name].check(item.name, getattr(self, item.name))
            )

    @property
    def is_scheduled(self) -> bool:
        """Whether the learning rate changes by itself."""
        return self.schedule != "constant" or self.warm_up > 0


@dataclass(frozen=True)
class Event:
    """A change made at a step, before the next one: of settings, of one parameter, or of all."""

    step: int
    settings: Settings | None = None
    parameter: int | None = None  # index into Network.parameters
    value: float | None = None
    label: str = ""
    parameters: tuple[float, ...] | None = None  # all of Network.parameters

    def edit(self, parameters: Array) -> None:
        """Make the change to these parameters (P,), where it is one of them."""
        if self.parameters is not None:
            parameters[...] = self.parameters
        if self.parameter is not None:
            parameters[self.parameter] = self.value

    @property
    def is_edit(self) -> bool:
        """Whether it changes parameters."""
        return self.parameter is not None or self.parameters is not None


@dataclass(frozen=True)
class State:
    """All that the next step depends on. ``vectors`` (1 + slots, P): parameters and slots."""

    step: int
    vectors: Array
    count: int  # updates since the optimiser was chosen
    settings: Settings
    batches: BatchState

    @property
    def nbytes(self) -> int:
        """Memory that it takes, roughly."""
        return self.vectors.nbytes + 512  # the objects around it, roughly


@dataclass(frozen=True)
class Divergence:
    """The first number of a run that was not finite: made on the way to ``step``."""

    step: int
    layer: int
    quantity: str  # one of ``QUANTITIES``

    def __str__(self) -> str:
        return f"{self.what} is not finite at step {self.step}"

    @property
    def what(self) -> str:
        """``z of layer 2``; the cost is the whole network's."""
        return "C" if self.quantity == "C" else f"{self.quantity} of layer {self.layer}"


@dataclass
class History:
    """The past of one run. ``events`` are in order of their steps; ``latest_step`` is its end.

    ``checkpoints`` and ``costs`` (train, test) go by step.
    """

    events: list[Event] = field(default_factory=list)
    latest_step: int = 0
    divergence: Divergence | None = None
    checkpoints: dict[int, State] = field(default_factory=dict)
    costs: dict[int, tuple[float, float]] = field(default_factory=dict)
    stride: int = CHECKPOINT_STRIDE

    def _spacing(self, step: int) -> int:
        """Steps between checkpoints; in a short run closer where it began, near step/16."""
        if self.stride > CHECKPOINT_STRIDE:
            return self.stride
        return min(self.stride, 1 << max(0, step.bit_length() - 5))

    def is_due(self, step: int) -> bool:
        """Whether a checkpoint belongs at this step."""
        return step % self._spacing(step) == 0

    def next_checkpoint(self, step: int) -> int:
        """The next step after this one at which a checkpoint belongs."""
        spacing = self._spacing(step)
        return step + spacing - step % spacing

    def keep(self, state: State) -> None:
        """Keep a checkpoint; when they grow too many, every other one goes."""
        self.checkpoints[state.step] = state
        most = min(MOST, max(FEWEST, CHECKPOINT_BYTES // state.nbytes))
        if len(self.checkpoints) > most:
            self.stride *= 2
            self.checkpoints = {s: c for s, c in self.checkpoints.items() if self.is_due(s)}
            self.costs = {s: c for s, c in self.costs.items() if self.is_due(s)}

    def checkpoint_before(self, step: int) -> State:
        """The last checkpoint at or before a step."""
        steps = sorted(self.checkpoints)
        return self.checkpoints[steps[bisect_right(steps, step) - 1]]

    def edits_at(self, step: int) -> tuple[Event, ...]:
        """The edits of parameters made at a step."""
        return tuple(e for e in self.events if e.step == step and e.is_edit)

    def drop_checkpoints_after(self, step: int) -> None:
        """Forget the checkpoints after a step, and the costs at them."""
        self.checkpoints = {s: c for s, c in self.checkpoints.items() if s <= step}
        self.costs = {s: c for s, c in self.costs.items() if s <= step}

    def cut(self, step: int) -> None:
        """Forget everything after a step."""
        self.events = [event for event in self.events if event.step <= step]
        self.drop_checkpoints_after(step)
        self.latest_step = min(self.latest_step, step)
        if self.divergence and self.divergence.step > step:
            self.divergence = None

    @property
    def nbytes(self) -> int:
        """Memory held, in bytes (an estimate)."""
        return sum(state.nbytes for state in self.checkpoints.values()) + 200 * len(self.costs)


def trail_length(state: State) -> int:
    """How many states are kept before the goal of a seek back."""
    return max(1, min(TRAIL, CHECKPOINT_BYTES // state.nbytes))


def roundness(step: int) -> float:
    """The largest power of two that divides a step."""
    return step & -step if step else inf
