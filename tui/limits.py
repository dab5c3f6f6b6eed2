"""Limits of settings in the app: numbers that the engine would take, but that nobody means."""

from typing import Any

from engine import Experiment, ExperimentError
from tui.numbers import count

MOST: dict[str, int] = {
    "learning_rate": 1_000_000,
    "schedule_steps": 1_000_000_000,
    "warm_up": 1_000_000_000,
    "batch_size": 1_000_000,
    "l1": 1_000_000,
    "l2": 1_000_000,
    "init_scale": 1_000_000,
    "stop_steps": 1_000_000_000,
    "stop_patience": 1_000_000_000,
}
"""The largest value of a field that may be chosen, ``stop_below`` apart."""

SIGNED = ("poisson", "gamma")
"""The losses that can be negative: they leave out what only the target decides."""


def check_limits(current: Experiment, changes: dict[str, Any]) -> None:
    """ExperimentError where a change of an experiment goes beyond what makes sense; from what is
    beyond already, as a file may have it, there is a way back."""
    for name, most in MOST.items():
        value = changes.get(name)
        if value is not None and value > max(most, getattr(current, name) or 0):
            raise ExperimentError(f"{name} = {value:g} is too large: {count(most)} is the most")
    below = changes.get("stop_below")
    if below is not None and below <= 0.0 and current.loss not in SIGNED:
        raise ExperimentError(
            f"C is never below {below:g} with the loss {current.loss}: "
            "stop_below is a number above 0, or never"
        )
