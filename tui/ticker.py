"""Pulse: what goes on by itself. Training while it plays, else counting; and frames to show it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.system.clock import Clock

if TYPE_CHECKING:
    from tui.session.session import Session

TICK = 1.0 / 110.0  # seconds between looks at the clock
TRAINING = 0.007  # seconds of each tick that work may take: the rest is for keys and drawing
FRAME_RATE = 8.0  # frames a second while something goes on, at the most
LOOKING_BACK = 0.01  # seconds a frame, while training plays, for counts at earlier steps
RAMP_TICKS = 11  # while play begins, its pace doubles every so many ticks
FASTEST = 1 << 40  # steps a tick: as good as no limit


class Pulse:
    """How fast training plays at this moment, and when the next frame is due."""

    def __init__(self, frame_rate: float, clock: Clock) -> None:
        self.clock = clock
        self._period = 1.0 / frame_rate
        self._pace = 1.0  # steps a tick
        self._next_frame = 0.0  # when the next frame is due while something goes on
        self._stale = False  # whether there is more to show than the last frame
        self._caught_up = False  # whether nothing is left to count since then

    def play_begins(self) -> None:
        """Start slowly."""
        self._pace = 1.0

    def drawn(self) -> None:
        """A frame has been drawn: the next one has time."""
        self._next_frame = self.clock.now() + self._period
        self._stale = self._caught_up = False

    def tick(
        self,
        session: Session,
        counts: bool,
        show: Callable[[bool], object],
        say: Callable[[str], object],
    ) -> None:
        """While training plays: train a little, and now and then draw; else, where the screen shows
        them, count a little. ``show`` draws, all of it at once or as there is time."""
        due = self.clock.now() >= self._next_frame
        if session.time.playing:
            # The first second goes slowly enough to be watched
            session.time.play_on(TRAINING, int(self._pace))
            self._pace = min(FASTEST, self._pace * 2.0 ** (1.0 / RAMP_TICKS))
            if not session.time.playing:
                show(True)
                if session.time.stopped:
                    say(session.time.stopped)
            elif due:
                if counts:
                    session.look_back(LOOKING_BACK)
                show(False)
            return
        if counts and not self._caught_up:
            self._caught_up = not session.look_back(TRAINING)
            self._stale |= not self._caught_up
        if due and (self._stale or session.counter.news):
            show(True)
