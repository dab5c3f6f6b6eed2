"""Small dialogs: a line to type, and help."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, ClassVar, Literal, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.command import CommandPalette
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Label, Static

from engine import EngineError

Answer = TypeVar("Answer")


class Commands(CommandPalette):
    """The command palette, without the KeyError it raises for a page key while its list fills."""

    def _action_command_list(self, action: str) -> None:
        with suppress(KeyError):
            super()._action_command_list(action)


class Ask(ModalScreen[Any]):
    """Ask for a line of text; None when the user thinks better of it.

    ``read`` makes of the text what is returned; its ValueError or EngineError says what is wrong
    with it. ``kind`` "integer" lets only a number be typed.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "never mind")]

    def __init__(
        self,
        prompt: str,
        read: Callable[[str], Any],
        text: str = "",
        kind: Literal["integer", "text"] = "text",
    ) -> None:
        super().__init__()
        self.prompt, self.read, self.text, self.kind = prompt, read, text, kind

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Label(Content(self.prompt))
            yield Input(self.text, type=self.kind)
            yield Label("", classes="mistake")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        try:
            answer = self.read(event.value.strip())
        except (ValueError, EngineError) as error:
            self.query_one(".mistake", Label).update(Content(str(error)))
        else:
            self.dismiss(answer)


class Dialog(ModalScreen[Answer]):
    """A dialog that esc and q close, and in which keys of ``tui.actions`` do something: above all
    the one that opened it closes it again, whatever key the user has given to it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "dismiss(None)", "close")]
    OF_TABLE: ClassVar[Mapping[str, str]] = {}
    """What actions of the table do here: by their ids actions of the dialog."""

    async def on_key(self, event: events.Key) -> None:
        for action in self.app.actions:  # type: ignore[attr-defined]
            if action.id in self.OF_TABLE and event.key in action.keys:
                event.stop()
                await self.run_action(self.OF_TABLE[action.id])
                return


class Page(Dialog[None]):
    """A text under a title, which scrolls."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "dismiss", "close")]

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self.heading, self.text = title, text

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog help") as box:
            box.border_title = Content(self.heading)
            box.border_subtitle = "up and down scroll, esc closes"
            yield Static(Content(self.text))


class Help(Page):
    """What the focused pane shows, and every key of the screen."""

    OF_TABLE: ClassVar[Mapping[str, str]] = {"help": "dismiss"}

    def __init__(self, text: str) -> None:
        super().__init__("Help", text)
