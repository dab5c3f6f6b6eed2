"""A dialog while many steps are replayed on the way to a step."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Label

from engine.wording import count, plural
from tui.dialogs.base import Dialog
from tui.session.time_travel import TimeTravel

REPLAYING = 0.03  # seconds of replay between checks of the keys
PERIOD = 1.0 / 25.0  # seconds


class Replay(Dialog[bool]):
    """Replays up to a step and shows the progress; True at the end, False if cancelled."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(False)", "cancel")]

    def __init__(self, time: TimeTravel, step: int) -> None:
        super().__init__()
        self.time, self.step = time, step

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as box:
            box.border_title = f"To step {count(self.step)}"
            box.border_subtitle = "esc stops"
            yield Label("", id="progress")

    def on_mount(self) -> None:
        self.replay()
        self.app.clock.every(self, PERIOD, self.replay)

    def replay(self) -> None:
        """Replay for a short time; close at the step."""
        remaining = 0 if self._is_closed else self.time.approach(self.step, REPLAYING)
        if remaining:
            text = f"{plural(remaining, 'step')} to replay"
            self.query_one("#progress", Label).update(Content(text))
        else:
            self.dismiss(True)
