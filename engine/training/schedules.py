"""Learning rate schedules."""

from math import cos, pi
from typing import Protocol

SCHEDULES = {
    "constant": "the same at every step",
    "step": "halved every so many steps",
    "cosine": "half a cosine down to 0 over so many steps (Loshchilov & Hutter 2017, eq. 5)",
}
"""The schedules by name, each with a description."""


class Scheduled(Protocol):
    """The settings that determine the learning rate of a step; see ``Settings``."""

    @property
    def learning_rate(self) -> float: ...
    @property
    def schedule(self) -> str: ...
    @property
    def schedule_steps(self) -> int: ...
    @property
    def warm_up(self) -> int: ...


def learning_rate_at(settings: Scheduled, step: int) -> float:
    """The learning rate of the update that follows ``step`` updates.

    During the n = ``warm_up`` first steps it rises linearly from η/n (Goyal et al. 2017, §2.2).
    The ``schedule_steps`` count from the end of the warm-up.
    """
    rate, scheduled_step = settings.learning_rate, step - settings.warm_up
    if scheduled_step < 0:
        return rate * (step + 1) / settings.warm_up
    if settings.schedule == "step":
        return rate * 0.5 ** (scheduled_step // settings.schedule_steps)
    if settings.schedule == "cosine":
        share = min(1.0, scheduled_step / settings.schedule_steps)
        return rate * 0.5 * (1.0 + cos(pi * share))
    return rate
