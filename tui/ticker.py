"""Ticker: what happens without a key. Training while it plays, else counting; and frames."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.system.clock import Clock

if TYPE_CHECKING:
    from tui.session.session import Session

TICK = 1.0 / 110.0  # seconds between ticks
WORK_PER_TICK = 0.007  # seconds of work in each tick; the rest is for keys and drawing
FRAME_RATE = 8.0  # highest number of frames a second
COUNT_PER_FRAME = 0.01  # seconds per frame, while training plays, to count at earlier steps
RAMP_TICKS = 11  # while play begins, its pace doubles every so many ticks
MAX_PACE = 1 << 40  # steps a tick: as good as no limit


class Ticker:
    """Knows how fast training plays at present, and when the next frame is due."""

    def __init__(self, frame_rate: float, clock: Clock) -> None:
        self.clock = clock
        self._period = 1.0 / frame_rate
        self._pace = 1.0  # steps a tick
        self._next_frame = 0.0  # when the next frame is due
        self._is_stale = False  # whether more has been counted than the last frame shows
        self._all_counted = False  # whether nothing is left to count since the last frame

    def start_slowly(self) -> None:
        """Begin to play, slowly at first."""
        self._pace = 1.0

    def frame_drawn(self) -> None:
        """Note that a frame has been drawn; the next one is due a period later."""
        self._next_frame = self.clock.now() + self._period
        self._is_stale = self._all_counted = False

    def tick(
        self,
        session: Session,
        counts: bool,
        show: Callable[[bool], object],
        tell: Callable[[str], object],
    ) -> None:
        """Train a little while training plays; else count a little, if the screen shows counts.

        ``show`` draws a frame: all of it at once, or pane by pane.
        """
        is_due = self.clock.now() >= self._next_frame
        if session.time.playing:
            # The first second is slow enough to be watched
            session.time.play_on(WORK_PER_TICK, int(self._pace))
            self._pace = min(MAX_PACE, self._pace * 2.0 ** (1.0 / RAMP_TICKS))
            if not session.time.playing:
                show(True)
                if session.time.stopped:
                    tell(session.time.stopped)
            elif is_due:
                if counts:
                    session.look_back(COUNT_PER_FRAME)
                show(False)
            return
        if counts and not self._all_counted:
            self._all_counted = not session.look_back(WORK_PER_TICK)
            self._is_stale |= not self._all_counted
        if is_due and (self._is_stale or session.counter.news):
            show(True)
