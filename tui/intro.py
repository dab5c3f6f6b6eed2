"""The introduction at the first start: callouts over the panes, each waiting for the key that it
names. Nothing else waits: all keys do what they always do, and esc ends it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tui.screens.callout import ABOVE, BELOW, LEFT, RIGHT, Callout, CalloutBox

if TYPE_CHECKING:
    from tui.base_app import BaseApp


@dataclass(frozen=True)
class Lesson:
    """A callout: what it says, with ``{id}`` for the key of an action, the panes that it is about
    by screen, on others the screen whose name it is about, and the actions that it waits for; the
    first is the one whose key it names."""

    actions: tuple[str, ...]
    text: str
    panes: Mapping[str, str] = field(default_factory=dict)
    screen: str = "explore"
    sides: tuple[str, ...] = (LEFT, RIGHT, ABOVE, BELOW)


BACK = ("back", "back_ten", "epoch_back", "first", "play_back", "step_back", "microstep_back")
LESSONS = (
    Lesson(
        ("play",),
        "Dots are examples, shades the network's answer; a cross marks a wrong answer. "
        "{play} trains: watch the border close.",
        {"explore": "output"},
    ),
    Lesson(
        BACK,
        "C, the mean error, falls while it trains. Time runs both ways: {back} goes a step back, "
        "{play_back} plays backwards.",
        {"explore": "loss"},
    ),
    Lesson(
        ("backprop",),
        "{backprop} takes one step apart: forward, cost, the errors δ backwards, gradients, "
        "update. {explore} leads back here.",
        screen="backprop",
    ),
    Lesson(
        ("explain",),
        "Why this number? {explain} shows where it comes from, here and everywhere. "
        "Later: {gallery} has experiments, {keys} help.",
        {"backprop": "equation", "explore": "network"},
        sides=(ABOVE, BELOW, LEFT, RIGHT),
    ),
)


class Intro:
    """Shows the callouts one after the other on the present screen."""

    def __init__(self, app: BaseApp) -> None:
        self._app = app
        self._waiting = [*LESSONS]
        self._box: CalloutBox | None = None

    @property
    def lesson(self) -> Lesson | None:
        """The one that waits for its key; None at the end."""
        return self._waiting[0] if self._waiting else None

    def acted(self, action: str) -> None:
        """Note that an action was done, and show what comes next."""
        if self.lesson and action in self.lesson.actions:
            self._waiting.pop(0)
        self._app.call_after_refresh(self.show)

    def end(self) -> None:
        """Show nothing more."""
        self._waiting.clear()
        self.show()

    def show(self) -> None:
        """Show the callout that waits on the present screen, and no other."""
        lesson, screen = self.lesson, self._app.frame_screen
        if self._app.leaving:
            return
        if screen and not screen.is_mounted:  # it has just been made
            screen.call_after_refresh(self.show)
            return
        if lesson is None or screen is None:
            callout = None
        else:
            keys, number = self._app.shown_keys, 1 + LESSONS.index(lesson)
            callout = Callout(
                f"{number} of {len(LESSONS)}: press {keys[lesson.actions[0]]}",
                lesson.text.format_map(keys),
                lesson.panes.get(screen.NAME, ""),
                lesson.screen,
                lesson.sides,
            )
        box = self._box
        if box and (callout, screen) == (box.callout, box.screen if box.is_attached else None):
            return
        if box:
            box.remove()
        self._box = CalloutBox(callout) if callout else None
        if self._box and screen:
            screen.mount(self._box)
