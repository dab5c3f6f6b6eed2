"""Ticker: what happens without a key. Training while it plays, else counting; and frames."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.session.play.speed import MAX
from tui.session.time_travel import FAST
from tui.system.clock import Clock

if TYPE_CHECKING:
    from tui.session.session import Session

TICK = 1.0 / 110.0  # seconds between ticks
PAUSE = 0.0002  # seconds between them while training plays as fast as possible: keys come through
WORK_PER_TICK = 0.003  # seconds of work in each tick; the rest is for keys and drawing
FRAME_RATE = 8.0  # highest number of frames a second, except that of each step
SENT_A_SECOND = 65_000  # characters to the terminal, from which on frames become rarer: for SSH
EACH_STEP = 10.0  # steps a second up to which each step has a frame
WORK_SHARE = 0.7  # of the time from one frame to the next, for steps at the highest speed
LONGEST_FRAME = 0.3  # seconds after which the next frame is due whatever the share
COUNT_PER_FRAME = 0.01  # seconds per frame, while training plays, to count at earlier steps
LONGEST = 0.1  # seconds between two ticks that are made up for: after a longer wait no rush follows
LONGEST_ON_WAY = 0.25  # the same where play has its end, and seconds for that: these are kept
MEASURED = 0.5  # seconds over which the speed that is reached is measured


class Ticker:
    """Makes the steps that are due at the speed of play, and knows when the next frame is."""

    def __init__(self, frame_rate: float, clock: Clock) -> None:
        self.clock = clock
        self._period = 1.0 / frame_rate
        self._last = 0.0  # when the last tick was
        self._drawn = 0.0  # when the last frame was
        self._sent, self._sent_before = 0, 0  # characters by now, and before the last frame
        self._begun = 0.0  # when a tick began to draw the last one
        self._worked = 0.0  # seconds of steps since then
        self._due = 0.0  # steps that should have been made by now
        self._reached = 0.0  # steps a second, of late
        self._owes_frame = False  # whether a step of slow play has not been drawn
        self._is_stale = False  # whether more has been counted than the last frame shows
        self._all_counted = False  # whether nothing is left to count since the last frame

    def start(self) -> None:
        """Begin to play: the first step is due at once."""
        self._due, self._reached = 1.0, 0.0

    def speed(self, session: Session) -> float:
        """Steps a second of play now: where it is as fast as possible, what that comes to, once it
        has played."""
        speed = session.time.speed(session.preferences.speed)
        return speed if speed < MAX or not self._reached else self._reached

    def pause(self, session: Session) -> float:
        """Seconds until the next tick."""
        hurries = session.time.playing and session.time.speed(session.preferences.speed) == MAX
        return PAUSE if hurries and not session.time.backwards else TICK

    def frame_drawn(self) -> None:
        """Note that a frame has been drawn; the next one is due a period later."""
        self._drawn, self._sent_before = self.clock.now(), self._sent
        self._is_stale = self._all_counted = False

    def frame_lost(self) -> None:
        """Note that the last frame was not drawn: a key came first."""
        self._drawn, self._owes_frame = 0.0, True

    def tick(
        self,
        session: Session,
        counts: bool,
        sent: int,
        show: Callable[[bool], bool],
        tell: Callable[[str], object],
    ) -> None:
        """Train a little while training plays; else count a little, if the screen shows counts.

        ``sent`` is how many characters the terminal has got so far. ``show`` draws a frame, all of
        it at once or pane by pane, and returns whether it does: not while panes still draw the one
        before.
        """
        now = self.clock.now()
        longest = LONGEST_ON_WAY if session.time.way else LONGEST
        elapsed, self._last = min(now - self._last, longest), now
        self._sent = sent
        sending = (sent - self._sent_before) / SENT_A_SECOND
        is_due = now >= self._drawn + max(self._period, sending)
        if session.time.playing:
            speed = session.time.speed(session.preferences.speed)
            self._play(session, speed, elapsed)
            if not session.time.playing:
                show(True)
                if session.time.stopped:
                    tell(session.time.stopped)
            elif self._owes_frame or (is_due and self._wants_frame(session, speed, now)):
                if counts:
                    session.look_back(COUNT_PER_FRAME)
                self._begun, self._worked = now, 0.0
                self._owes_frame = not show(False) and self._owes_frame
            return
        if counts and not self._all_counted:
            self._all_counted = not session.look_back(WORK_PER_TICK)
            self._is_stale |= not self._all_counted
        if is_due and (self._is_stale or session.counter.news):
            show(True)

    def _play(self, session: Session, speed: float, elapsed: float) -> None:
        """Make the steps that are due, as many as fit into a tick."""
        self._due += min(speed, FAST) * elapsed
        slow = speed <= EACH_STEP
        steps = FAST if speed == MAX else min(int(self._due), 1 if slow else FAST)
        if steps <= 0 or (slow and self._owes_frame):
            return
        taken = session.time.play_on(WORK_PER_TICK, steps)
        self._worked += self.clock.now() - self._last
        self._due = min(self._due - taken, 1.0)  # too slow a machine owes no steps
        weight = min(1.0, elapsed / MEASURED)
        self._reached += weight * (taken / elapsed - self._reached) if elapsed else 0.0
        self._owes_frame = slow

    def _wants_frame(self, session: Session, speed: float, now: float) -> bool:
        """Whether a frame should be drawn, once its time has come: not if that left too little time
        for steps; in slow play only for news, since each step has its frame."""
        if speed <= EACH_STEP:
            return session.counter.news
        waited = now - self._begun
        enough = self._worked >= WORK_SHARE * waited or waited > LONGEST_FRAME
        return speed < MAX or session.time.backwards or enough
