"""Limits in the app: settings that nobody means, and networks too large to be shown at once."""

from typing import Any

from engine import Experiment, ExperimentError
from engine.errors import MemoryBoundError
from engine.memory import gigabytes, physical_memory
from engine.network.size import FEWER, Size, thousands
from engine.training.fields import FIELDS
from tui.drawing.numbers import count

MEMORY = 2 << 30  # bytes that a run may take, and no more than half of what there is
SECONDS = 5.0  # that the first screen may take
SPEED = 1e10  # multiplications and additions a second, of one thread
PASSES = 4  # of all examples, to draw a screen: the costs, their curve, predictions, advice
MAP_POINTS = 600  # at the least, at which a network is computed for its map
LAYER_SECONDS = 0.001  # of work that each layer makes, however narrow

SIGNED = ("poisson", "gamma")
"""The losses that can be negative: they leave out what only the target decides."""


def check_limits(current: Experiment, changes: dict[str, Any]) -> None:
    """ExperimentError where a change of an experiment goes beyond what makes sense; from what is
    beyond already, as a file may have it, there is a way back."""
    for name, value in changes.items():
        most = FIELDS[name].maximum
        if (
            most is not None
            and value is not None
            and value > max(most, getattr(current, name) or 0)
        ):
            raise ExperimentError(f"{name} = {value:g} is too large: {count(most)} is the most")
    below = changes.get("stop_below")
    if below is not None and below <= 0.0 and current.loss not in SIGNED:
        raise ExperimentError(
            f"C is never below {below:g} with the loss {current.loss}: "
            "stop_below is a number above 0, or never"
        )


def check_size(size: Size, memory: int | None = None, seconds: float = SECONDS) -> None:
    """MemoryBoundError where a run takes more memory than so many bytes (None: ``MEMORY``), or
    its first screen more time; the estimates are told."""
    most = min(MEMORY, physical_memory() // 2) if memory is None else memory
    screen = first_screen_seconds(size)
    if size.memory <= most and screen <= seconds:
        return
    raise MemoryBoundError(
        f"{size}, too many to show: with {thousands(size.examples)} examples about "
        f"{gigabytes(size.memory)} of memory (at most {gigabytes(most)}), {screen:,.1f} s for the "
        f"first screen (at most {seconds:g} s), {step_seconds(size):,.2f} s a step; {FEWER}"
    )


def first_screen_seconds(size: Size) -> float:
    """About what drawing the first screen takes."""
    points = PASSES * size.examples + MAP_POINTS
    return size.work * points / SPEED + LAYER_SECONDS * len(size.sizes)


def step_seconds(size: Size) -> float:
    """About what one step of training takes: forward, and twice that backward."""
    return 3 * size.work * size.batch / SPEED
