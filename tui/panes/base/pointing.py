"""What the mouse does in every pane, besides what a click selects: it points, and double clicks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from textual import events
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget

PERIOD = 0.05  # seconds between drawings of what is under the mouse, at least


class Pointing(Widget):
    """Knows what is under the mouse, and asks for its drawing when that has changed: at once, but
    not more often than a frame is drawn. A double click explains what the click has selected."""

    WHEEL_STEPS = False  # whether the wheel steps in time
    WHEEL_MOVES = False  # whether it moves the selection

    @dataclass
    class Turned(Message):
        """The wheel was turned over a map, by so many notches: steps on, or back if negative."""

        by: int

    class Asked(Message):
        """What is selected should be explained."""

    pointed: Any = None  # what is under the mouse, as ``thing_at`` says
    _pointed_at = 0.0  # when that was drawn
    _soon: Timer | None = None  # when it will be drawn
    _notches = 0  # of the wheel that the app has still to handle

    def thing_at(self, x: int, y: int) -> Any:
        """What the pane can tell of at a cell; None if nothing."""
        return None

    def selects_at(self, x: int, y: int) -> bool:
        """Whether a click at a cell selects something that can be explained."""
        return True

    def move(self, dx: int, dy: int) -> None:
        """Move the selection; by default there is none to move."""

    def draw_pointed(self) -> None:
        """Draw what is under the mouse, or nothing any more."""

    def on_mouse_move(self, event: events.MouseMove) -> None:
        offset = event.get_content_offset(self)
        drags = offset is None or self.app.mouse_captured is not None
        self._point(None if drags or offset is None else self.thing_at(*offset))

    def on_leave(self) -> None:
        self._point(None)

    def _point(self, thing: Any) -> None:
        if thing == self.pointed:
            return
        self.pointed = thing
        if self._soon is None:
            clock = self.app.clock  # type: ignore[attr-defined]
            wait = self._pointed_at + PERIOD - clock.now()
            if wait > 0:
                self._soon = clock.after(self, wait, self._draw_now)
            else:
                self._draw_now()

    def _draw_now(self) -> None:
        self._soon = None
        self._pointed_at = self.app.clock.now()  # type: ignore[attr-defined]
        self.draw_pointed()

    def on_click(self, event: events.Click) -> None:
        """A double click does what enter does."""
        offset = event.get_content_offset(self)
        if event.chain == 2 and offset is not None and self.selects_at(*offset):
            self.post_message(self.Asked())  # after what the click itself has posted

    def on_mouse_scroll_down(self) -> None:
        self._turn_wheel(1)

    def on_mouse_scroll_up(self) -> None:
        self._turn_wheel(-1)

    def _turn_wheel(self, by: int) -> None:
        """Move the selection; or step in time, by as many notches as have come until the app has
        time for it."""
        if self.WHEEL_MOVES:
            self.move(0, by)
        if not self.WHEEL_STEPS:
            return
        if not self._notches:
            self.app.call_later(self._step)
        self._notches += by

    def _step(self) -> None:
        by, self._notches = self._notches, 0
        if by:
            self.post_message(self.Turned(by))
