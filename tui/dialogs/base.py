"""Small dialogs: a line to type, and help."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, ClassVar, Literal

from rich.segment import Segment
from textual import events, getters, on
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.command import CommandInput, CommandList, CommandPalette, SearchIcon
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.css.query import NoMatches
from textual.message import Message
from textual.screen import ModalScreen, ScreenResultType
from textual.scrollbar import ScrollBarRender
from textual.strip import Strip
from textual.widgets import Input, Label, LoadingIndicator, OptionList, Static

from engine import EngineError
from engine.storage.file_kind import CODE_PREFIX
from tui.session_app import SessionApp

LONGEST = 4096  # characters of a line: a path has no more, a share code fewer


class Line(Input):
    """A line to type, into which of a text that is pasted goes as much as a line can hold."""

    def render_line(self, y: int) -> Strip:
        """Without what a terminal would obey, as the names of some files hold: it has no cells."""
        strip = super().render_line(y)
        shown = [
            Segment("".join(filter(str.isprintable, segment.text)), segment.style, segment.control)
            for segment in strip
        ]
        return Strip(shown, strip.cell_length)

    def action_paste(self) -> None:
        """Paste what has been copied within the app."""
        self.replace(one_line(self.app.clipboard), *self.selection)

    def on_paste(self, event: events.Paste) -> None:
        """Paste what the terminal sends, in place of what the widget would do."""
        event.prevent_default()
        event.stop()
        self.replace(one_line(event.text), *self.selection)


def one_line(text: str) -> str:
    """What of a pasted text goes into a line: a whole share code, which chats break into lines, or
    else the first line that is not blank; of that no more than anyone means."""
    text = text[: 2 * LONGEST].lstrip()
    joined = "".join(text.split()) if text.startswith(CODE_PREFIX) else text.partition("\n")[0]
    return "".join(c for c in joined if c.isprintable())[:LONGEST].strip()


class CommandLine(CommandInput, Line):
    """The line of the command palette."""


class Found(CommandList):
    """The list of the command palette, which may fill anew between two looks at it."""

    def on_click(self, event: events.Click) -> None:
        """Do nothing for a click on what has just gone."""
        option = event.style.meta.get("option")
        if option is not None and option >= self.option_count:
            event.prevent_default()


class Commands(CommandPalette):
    """The command palette, of which quick keys ask too much: those typed while its list fills, and
    those that still come when it has been left (it would run a command twice, or fail)."""

    _is_left = False

    def compose(self) -> ComposeResult:
        """As the palette does, with a line and a list of our own."""
        with Vertical(id="--container"):
            with Horizontal(id="--input"):
                yield SearchIcon()
                yield CommandLine(placeholder=self._placeholder, select_on_focus=False)
            with Vertical(id="--results"):
                yield Found()
                yield LoadingIndicator()

    def dismiss(self, result: Any = None) -> AwaitComplete:
        """Leave it once: a click beside it, right after one on a command, does nothing more."""
        if self._is_left:
            return AwaitComplete()
        self._is_left = True
        return super().dismiss(result)

    @on(Input.Changed)
    @on(Input.Submitted)
    @on(OptionList.OptionSelected)
    def _come_too_late(self, event: Message) -> None:
        if self._is_left:
            event.prevent_default()

    def _action_escape(self) -> None:
        if not self._is_left:
            super()._action_escape()

    def _gather_commands(self, search_value: str) -> Any:
        """Fill the list, where it is there: not yet, or no longer, if the app is ending."""
        if self.query(CommandList) and not self._is_left:
            return super()._gather_commands(search_value)
        return None

    def _action_cursor_down(self) -> None:
        with suppress(NoMatches):
            super()._action_cursor_down()

    def _action_command_list(self, action: str) -> None:
        with suppress(KeyError, NoMatches):
            super()._action_command_list(action)


class Dialog(ModalScreen[ScreenResultType]):
    """A dialog that is left once: a second enter, typed before it is gone, does nothing."""

    app = getters.app(SessionApp)
    _is_left = False

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        if self._is_left:
            return AwaitComplete()
        self._is_left = True
        return super().dismiss(result)


class Ask(Dialog[ScreenResultType]):
    """Asks for a line of text. The result is None if the user cancels it.

    ``read`` turns the text into the result; its ValueError or EngineError says what is wrong with
    the text. ``kind`` "integer" lets only a number be typed.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "never mind")]

    def __init__(
        self,
        prompt: str,
        read: Callable[[str], ScreenResultType],
        text: str = "",
        kind: Literal["integer", "text"] = "text",
    ) -> None:
        super().__init__()
        self.prompt, self.read, self.text, self.kind = prompt, read, text, kind

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Label(Content(self._spelt(self.prompt)))
            # the pattern of Textual's own type takes for ever on many digits
            yield Line(self.text, restrict=r"[-+]?[\d_]*" if self.kind == "integer" else None)
            yield Label("", classes="mistake")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        try:
            answer = self.read(event.value.strip())
        except (ValueError, EngineError) as error:
            self.query_one(".mistake", Label).update(Content(self._spelt(str(error))))
        else:
            self.dismiss(answer)

    def _spelt(self, text: str) -> str:
        """The text in the characters that the app draws with."""
        return self.app.look.glyphs.prose(text)


def ask_number(prompt: str, low: int, high: int) -> Ask[int]:
    """Asks for a whole number from low to high."""

    def read(text: str) -> int:
        if text.isdecimal() and low <= int(text) <= high:
            return int(text)
        raise ValueError(f"{text or 'nothing'}: type {low} to {high}, or esc")

    return Ask(f"{prompt}, {low} to {high}", read, kind="integer")


class Report(Dialog[ScreenResultType]):
    """A dialog that esc and q close, and in which keys of the table do something: above all the one
    that opened it closes it again, whatever key the user has given to it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "dismiss(None)", "close")]
    OF_TABLE: ClassVar[Mapping[str, str]] = {}
    """What actions of the table do here: by their ids actions of the dialog."""

    async def on_key(self, event: events.Key) -> None:
        for action in self.app.actions:
            if action.id in self.OF_TABLE and event.key in action.keys:
                event.stop()
                await self.run_action(self.OF_TABLE[action.id])
                return


class WholeCells(ScrollBarRender):
    """A scroll bar without the eighths of a cell, which are not ASCII."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "]


class Page(Report[None]):
    """A text under a title, which scrolls."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "dismiss", "close")]

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self.heading, self.text = title, text

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog help") as box:
            if self.app.has_class("ascii"):
                box.vertical_scrollbar.renderer = WholeCells  # type: ignore[misc]
            box.border_title = Content(self.heading)
            box.border_subtitle = "up and down scroll, esc closes"
            yield Static(Content(self.text))


class Help(Page):
    """What the focused pane shows, and every key of the screen."""

    OF_TABLE: ClassVar[Mapping[str, str]] = {"help": "dismiss"}

    def __init__(self, text: str) -> None:
        super().__init__("Help", text)
