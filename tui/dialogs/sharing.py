"""Dialogs about share codes: the code itself, and training up to its expected result."""

from collections.abc import Mapping
from time import perf_counter
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Label, Static

from engine import EngineError, Trainer
from engine.storage.share_code import MAX_PARAMETERS
from engine.wording import count
from tui.dialogs.base import Dialog, Report
from tui.drawing.glyphs import Glyphs
from tui.session.session import Session
from tui.storage.sharing import offer

TRAINING = 0.03  # seconds of training between checks of the keys
MAX_STEPS = 16  # between looks at the clock
PERIOD = 1.0 / 25.0  # seconds


class Share(Report[None]):
    """The share code, which is also copied; w includes the current weights, or leaves them out."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "weights", "with the present weights, or without"),
        Binding("enter", "dismiss", "close"),
    ]
    APP_ACTIONS: ClassVar[Mapping[str, str]] = {"share": "dismiss"}
    SCOPED_CSS = False  # .ascii is a class of the app
    DEFAULT_CSS: ClassVar[str] = """
    Share #sheet {
        width: 92%; max-width: 104; height: auto; max-height: 92%;
    }
    Share Static { width: 100%; height: auto; color: $mid; }
    Share #code { color: $hi; max-height: 24; margin: 1 0; }
    """

    def __init__(self, session: Session, glyphs: Glyphs) -> None:
        super().__init__()
        self.session, self.glyphs = session, glyphs
        self.with_weights = False

    def compose(self) -> ComposeResult:
        with Vertical(id="sheet") as box:
            box.border_title = "Share code"
            yield Static(id="holds")
            yield Static(id="code")
            yield Static(id="copied")

    def on_mount(self) -> None:
        self.offer()

    def action_weights(self) -> None:
        self.with_weights = not self.with_weights
        self.offer()

    def offer(self) -> None:
        """Make the code, show it and copy it."""
        try:
            offered = offer(self.session, self.with_weights)
        except EngineError as error:
            contents, code, copied = str(error), "", "nothing is copied"
        else:
            contents, code = f"It holds {offered.holds}.", offered.code
            copied = f"{count(len(code))} characters, copied, if the terminal allows it"
            self.app.copy_to_clipboard(code)
        size = self.session.trainer.network.parameters.size
        toggle = "without" if self.with_weights else "with"
        weights = f"w {toggle} the present weights   " if size <= MAX_PARAMETERS else ""
        self.query_one("#sheet").border_subtitle = f"{weights}esc closes"
        for name, text in (("holds", contents), ("code", code), ("copied", copied)):
            self.query_one(f"#{name}", Static).update(Content(self.glyphs.text(text)))


class Training(Dialog[bool]):
    """Trains up to a step and shows the progress; True at the end, False if cancelled."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(False)", "cancel"),
    ]

    def __init__(self, trainer: Trainer, goal: int, expected: str) -> None:
        super().__init__()
        self.trainer, self.goal, self.expected = trainer, goal, expected
        self.steps = 1  # between looks at the clock; in a large network each may be slow

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as box:
            box.border_title = "Training"
            box.border_subtitle = "esc cancels"
            yield Label(Content(f"to check that {self.expected}"))
            yield Label("", id="progress")

    def on_mount(self) -> None:
        self.train()
        self.app.clock.every(self, PERIOD, self.train)

    def train(self) -> None:
        """Train for a short time; close at the goal or if the run has diverged."""
        trainer = self.trainer
        until = perf_counter() + TRAINING
        while trainer.step_count < self.goal and not trainer.divergence and perf_counter() < until:
            trainer.seek(min(self.goal, trainer.step_count + self.steps))
            self.steps = min(2 * self.steps, MAX_STEPS)
        if perf_counter() > until + TRAINING:
            self.steps = 1
        if trainer.step_count >= self.goal or trainer.divergence:
            self.dismiss(True)
        else:
            done = f"step {count(trainer.step_count)} of {count(self.goal)}"
            self.query_one("#progress", Label).update(Content(done))
