"""What the past of a run consists of: events, states, and a divergence."""

from dataclasses import dataclass

from engine.arrays import Array
from engine.training.batches import BatchState
from engine.training.experiment import Settings

OPTIMIZER_STATE = "the optimiser's state"
QUANTITIES = ("z", "a", "C", "δ", "∂C/∂W", "W", OPTIMIZER_STATE)
"""What may stop being finite."""


@dataclass(frozen=True)
class Event:
    """A change made at a step, before the next one: of settings or of parameters.

    Attributes:
        step: the step.
        settings: the settings from then on, if they change.
        parameter, value: an index into ``Network.parameters``, and its new value, if one is edited.
        label: a description.
        parameters: all new parameters (P,), if all are assigned.

    Example:
        >>> import engine
        >>> trainer = engine.Trainer(engine.Experiment()).edit(1, "weight", (0, 1), 0.5)
        >>> trainer.history.events[0].label
        'w⁽¹⁾₁₂ = 0.5'
    """

    step: int
    settings: Settings | None = None
    parameter: int | None = None  # index into Network.parameters
    value: float | None = None
    label: str = ""
    parameters: tuple[float, ...] | None = None  # all of Network.parameters

    def edit(self, parameters: Array) -> None:
        """Apply the event to these parameters (P,), if it is an edit."""
        if self.parameters is not None:
            parameters[...] = self.parameters
        if self.parameter is not None:
            parameters[self.parameter] = self.value

    @property
    def is_edit(self) -> bool:
        """Whether the event changes parameters."""
        return self.parameter is not None or self.parameters is not None


@dataclass(frozen=True)
class State:
    """Everything that the next step depends on.

    Attributes:
        step: the step.
        vectors: the parameters and the optimiser's slots, (1 + slots, P).
        count: updates since the optimiser was chosen.
        settings: the current settings.
        batches: the position in the order of the examples.

    Example:
        >>> import engine
        >>> state = engine.Trainer(engine.Experiment(optimizer="adam")).step(5).state
        >>> state.step, state.count, len(state.vectors)  # the parameters and Adam's m and v
        (5, 5, 3)
    """

    step: int
    vectors: Array
    count: int  # updates since the optimiser was chosen
    settings: Settings
    batches: BatchState

    @property
    def nbytes(self) -> int:
        """The memory used, in bytes (an estimate)."""
        return self.vectors.nbytes + 512  # the objects around it, roughly


@dataclass(frozen=True)
class Divergence:
    """The first number of a run that was not finite.

    Attributes:
        step: the step that it was part of, counted after the update.
        layer: its layer.
        quantity: one of ``QUANTITIES``.

    Example:
        >>> import engine
        >>> str(engine.Divergence(step=3, layer=2, quantity="z"))
        'z of layer 2 is not finite at step 3'
    """

    step: int
    layer: int
    quantity: str  # one of ``QUANTITIES``

    def __str__(self) -> str:
        return f"{self.what} is not finite at step {self.step}"

    @property
    def what(self) -> str:
        """The quantity and its layer, ``z of layer 2``; the cost has no layer."""
        return "C" if self.quantity == "C" else f"{self.quantity} of layer {self.layer}"
