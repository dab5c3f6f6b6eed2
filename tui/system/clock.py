"""Clock: the app's only source of time, so that tests can stop it."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from textual.message_pump import MessagePump
from textual.timer import Timer


class Clock:
    """What time it is, and what is called later."""

    def now(self) -> float:
        """Seconds since some moment."""
        return perf_counter()

    def every(self, pump: MessagePump, seconds: float, act: Callable[[], object]) -> Timer:
        """Call ``act`` every so many seconds, in the app's thread, as long as ``pump`` runs."""
        return pump.set_interval(seconds, act)

    def after(self, pump: MessagePump, seconds: float, act: Callable[[], object]) -> Timer:
        """Call ``act`` once, after so many seconds."""
        return pump.set_timer(seconds, act)


CLOCK = Clock()
