"""What the past of a run consists of: settings, events, states, and a divergence."""

from dataclasses import dataclass, fields

from engine.arrays import Array
from engine.training.batches import BatchState
from engine.training.fields import FIELDS

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
