"""Schedules: the learning rate over the steps of a run."""

from math import cos, pi
from typing import Protocol

SCHEDULES = {
    "constant": "the same at every step",
    "step": "halved every so many steps",
    "cosine": "half a cosine down to 0 over so many steps (Loshchilov & Hutter 2017, eq. 5)",
}
"""The schedules by name, each with a line that explains it."""


class Scheduled(Protocol):
    """The settings that decide the learning rate of a step; see ``history.Settings``."""

    @property
    def learning_rate(self) -> float: ...
    @property
    def schedule(self) -> str: ...
    @property
    def schedule_steps(self) -> int: ...
    @property
    def warm_up(self) -> int: ...


def learning_rate_at(settings: Scheduled, step: int) -> float:
    """η in force for the update after ``step`` updates.

    While it warms up it rises linearly, from η/n at step 0 (n = ``warm_up``; Goyal et al. 2017,
    §2.2); the schedule counts its ``schedule_steps`` from the end of that.
    """
    rate, after = settings.learning_rate, step - settings.warm_up
    if after < 0:
        return rate * (step + 1) / settings.warm_up
    if settings.schedule == "step":
        return rate * 0.5 ** (after // settings.schedule_steps)
    if settings.schedule == "cosine":
        return rate * 0.5 * (1.0 + cos(pi * min(1.0, after / settings.schedule_steps)))
    return rate
