"""Small dialogs: a number to go to, and help."""

from contextlib import suppress
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.command import CommandPalette
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Label, Static

from tui.actions import ACTIONS
from tui.panes.pane import Pane


class Commands(CommandPalette):
    """The command palette, without the KeyError it raises for a page key while its list fills."""

    def _action_command_list(self, action: str) -> None:
        with suppress(KeyError):
            super()._action_command_list(action)


class Ask(ModalScreen[int | None]):
    """Ask for a whole number between two others; None when the user thinks better of it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "never mind")]

    def __init__(self, prompt: str, least: int, most: int) -> None:
        super().__init__()
        self.prompt, self.least, self.most = prompt, least, most

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Label(Content(f"{self.prompt}, {self.least} to {self.most}"))
            yield Input(type="integer")
            yield Label("", classes="mistake")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        text = event.value.strip()
        if text.isdecimal() and self.least <= int(text) <= self.most:
            self.dismiss(int(text))
        else:
            mistake = f"{text or 'nothing'}: type {self.least} to {self.most}, or esc"
            self.query_one(".mistake", Label).update(Content(mistake))


class Help(ModalScreen[None]):
    """What the focused pane shows, and every key."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1,q,enter,space", "dismiss", "close"),
    ]

    def __init__(self, pane: Pane | None) -> None:
        super().__init__()
        self.pane = pane

    def compose(self) -> ComposeResult:
        lines = []
        if self.pane is not None:
            lines += [self.pane.HELP.strip(), ""]
        lines += [f"{action.shown:<10}{action.help}" for action in ACTIONS]
        with VerticalScroll(classes="dialog help") as box:
            box.border_title = "Help"
            box.border_subtitle = "up and down scroll, esc closes"
            yield Static(Content("\n".join(lines)))
