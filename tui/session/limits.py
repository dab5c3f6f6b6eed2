"""Upper limits for settings, to catch typing errors, and for the size of networks."""

from typing import Any

from engine import Experiment, ExperimentError
from engine.errors import MemoryBoundError
from engine.memory import gigabytes, physical_memory
from engine.network.size import FEWER, Size
from engine.training.fields import FIELDS
from engine.wording import count, plural
from tui.drawing.numbers import setting

MEMORY = 2 << 30  # bytes that a run may use, and at most half of the physical memory
SECONDS = 5.0  # to compute the first screen
SPEED = 1e10  # multiplications and additions per second in one thread
PASSES = 4  # of all examples, to draw a screen: the costs, their curve, predictions, advice
MAP_POINTS = 600  # the least number of points at which a network is computed for its map
LAYER_SECONDS = 0.001  # of work for each layer, however narrow

SIGNED = ("poisson", "gamma")
"""The losses that can be negative: they omit terms that depend on the target alone."""


def check_limits(current: Experiment, changes: dict[str, Any]) -> None:
    """ExperimentError if a change exceeds a limit. A value from a file may already exceed it: it
    can be reduced."""
    for name, value in changes.items():
        limit = FIELDS[name].maximum
        if (
            limit is not None
            and value is not None
            and value > max(limit, getattr(current, name) or 0)
        ):
            raise ExperimentError(
                f"{name} = {setting(value)} is too large: {count(limit)} is the most"
            )
    below = changes.get("stop_below")
    if below is not None and below <= 0.0 and current.loss not in SIGNED:
        raise ExperimentError(
            f"C is never below {setting(below)} with the loss {current.loss}: "
            "stop_below is a number above 0, or never"
        )


def check_size(size: Size, memory: int | None = None, seconds: float = SECONDS) -> None:
    """MemoryBoundError, with the estimates, if a run takes more memory than so many bytes (None:
    ``MEMORY``) or its first screen more time."""
    limit = min(MEMORY, physical_memory() // 2) if memory is None else memory
    screen = first_screen_seconds(size)
    if size.memory <= limit and screen <= seconds:
        return
    raise MemoryBoundError(
        f"{size}, too many to show: with {plural(size.examples, 'example')} about "
        f"{gigabytes(size.memory)} of memory (at most {gigabytes(limit)}), {screen:,.1f} s for the "
        f"first screen (at most {seconds:g} s), {step_seconds(size):,.2f} s a step; {FEWER}"
    )


def first_screen_seconds(size: Size) -> float:
    """About how long it takes to draw the first screen."""
    points = PASSES * size.examples + MAP_POINTS
    return size.work * points / SPEED + LAYER_SECONDS * len(size.sizes)


def step_seconds(size: Size) -> float:
    """About how long a training step takes: the forward pass, and twice that for the backward."""
    return 3 * size.work * size.batch / SPEED
