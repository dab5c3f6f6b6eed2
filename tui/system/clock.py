"""The clock of the app, its only source of time, which tests replace."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from textual.message_pump import MessagePump
from textual.timer import Timer


class Clock:
    """The time, and calls at later times."""

    def now(self) -> float:
        """Seconds since an arbitrary moment."""
        return perf_counter()

    def every(self, pump: MessagePump, seconds: float, act: Callable[[], object]) -> Timer:
        """Call ``act`` at this interval, in the app's thread, as long as ``pump`` runs."""
        return pump.set_interval(seconds, act)

    def after(self, pump: MessagePump, seconds: float, act: Callable[[], object]) -> Timer:
        """Call ``act`` once, after this many seconds."""
        return pump.set_timer(seconds, act)


CLOCK = Clock()
