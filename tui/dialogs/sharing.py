"""Dialogs about share codes: the code itself, and the way to the result that one promises."""

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
from tui.dialogs.base import Dialog, Report
from tui.drawing.glyphs import Glyphs
from tui.drawing.numbers import count
from tui.session.session import Session
from tui.storage.sharing import offer

AT_A_TIME = 0.03  # seconds of training between looks at the keys
MOST_AT_ONCE = 16  # steps between looks at the clock
LOOKS = 1.0 / 25.0  # seconds


class Share(Report[None]):
    """The share code, copied as soon as it is shown; w puts the present weights in or out."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "weights", "with the present weights, or without"),
        Binding("enter", "dismiss", "close"),
    ]
    OF_TABLE: ClassVar[Mapping[str, str]] = {"share": "dismiss"}
    SCOPED_CSS = False  # .ascii is a class of the app
    DEFAULT_CSS: ClassVar[str] = """
    Share #sheet {
        width: 92%; max-width: 104; height: auto; max-height: 92%; padding: 1 2;
        background: $background; border: round $mid;
        border-title-color: $hi; border-title-style: bold; border-subtitle-color: $low;
    }
    Share Static { width: 100%; height: auto; color: $mid; }
    Share #code { color: $hi; max-height: 24; margin: 1 0; }
    .ascii Share #sheet { border: ascii $mid; }
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
            holds, code, copied = str(error), "", "nothing is copied"
        else:
            holds, code = f"It holds {offered.holds}.", offered.code
            copied = f"{count(len(code))} characters, copied, if the terminal allows it"
            self.app.copy_to_clipboard(code)
        size = self.session.trainer.network.parameters.size
        other = "without" if self.with_weights else "with"
        weights = f"w {other} the present weights   " if size <= MAX_PARAMETERS else ""
        self.query_one("#sheet").border_subtitle = f"{weights}esc closes"
        for name, words in (("holds", holds), ("code", code), ("copied", copied)):
            self.query_one(f"#{name}", Static).update(Content(self.glyphs.text(words)))


class Training(Dialog[bool]):
    """Trains to a step while it says how far it is; True when there, False when cancelled."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(False)", "cancel"),
    ]

    def __init__(self, trainer: Trainer, goal: int, why: str) -> None:
        super().__init__()
        self.trainer, self.goal, self.why = trainer, goal, why
        self.at_once = 1  # of a large network each step may be slow

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Label(Content(f"To check that {self.why}"))
            yield Label("", id="progress")

    def on_mount(self) -> None:
        self.train()
        self.app.clock.every(self, LOOKS, self.train)

    def train(self) -> None:
        """Train for a moment; at the goal, or where the run ends in divergence, close."""
        trainer, began = self.trainer, perf_counter()
        until = began + AT_A_TIME
        while trainer.step_count < self.goal and not trainer.divergence and perf_counter() < until:
            trainer.seek(min(self.goal, trainer.step_count + self.at_once))
            self.at_once = min(2 * self.at_once, MOST_AT_ONCE)
        if perf_counter() > until + AT_A_TIME:
            self.at_once = 1
        if trainer.step_count >= self.goal or trainer.divergence:
            self.dismiss(True)
        else:
            done = f"step {count(trainer.step_count)} of {count(self.goal)}; esc cancels"
            self.query_one("#progress", Label).update(Content(done))
