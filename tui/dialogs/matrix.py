"""The dialog that asks for a matrix: rows that are typed or pasted, or the name of a file."""

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ScreenResultType
from textual.widgets import Label, TextArea

from engine import EngineError
from tui.dialogs.base import Dialog, WholeCells

MAX_PASTED = 300_000  # characters; a larger matrix comes from a file
NEXT_ROW = ("ctrl+j", "shift+enter", "alt+enter")
HINT = "enter confirms   ctrl+j or ; next row   esc cancels"


class MatrixInput(TextArea):
    """A text of several lines. Enter submits it."""

    class Submitted(Message):
        """Enter was pressed."""

    class TooLong(Message):
        """More was pasted than fits."""

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter" or event.key in NEXT_ROW:
            event.stop()
            event.prevent_default()
            if event.key == "enter":
                self.post_message(self.Submitted())
            else:
                self.insert("\n")
            return
        await super()._on_key(event)

    def action_paste(self) -> None:
        """Paste text copied within the app."""
        self._paste(self.app.clipboard)

    async def _on_paste(self, event: events.Paste) -> None:
        """Paste text from the terminal: all its lines, in place of Textual's own way."""
        event.prevent_default()
        event.stop()
        self._paste(event.text)

    def _paste(self, text: str) -> None:
        if len(text) > MAX_PASTED:
            self.post_message(self.TooLong())
            return
        text = "\n".join(text.expandtabs(1).splitlines()) + "\n" * text.endswith(("\n", "\r"))
        text = "".join(c for c in text if c.isprintable() or c == "\n")
        self.replace(text, *self.selection, maintain_selection_offset=False)


class AskMatrix(Dialog[ScreenResultType]):
    """Asks for a matrix. The result is None if the user cancels it.

    ``read`` turns the text into the result; its EngineError says what is wrong with the text.
    Enter begins the next row instead where ``unfinished`` says that the text lacks some.
    ``example`` is shown while nothing is typed.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "never mind")]

    def __init__(
        self,
        title: str,
        notes: str,
        example: str,
        read: Callable[[str], ScreenResultType],
        unfinished: Callable[[str], bool],
    ) -> None:
        super().__init__()
        self.heading, self.notes, self.example = title, notes, example
        self.read, self.unfinished = read, unfinished

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog matrix") as box:
            box.border_title = Content(self._spelt(self.heading))
            box.border_subtitle = HINT
            yield Label(Content(self._spelt(self.notes)))
            area = MatrixInput(
                highlight_cursor_line=False, placeholder=Content(self._spelt(self.example))
            )
            if self.app.has_class("ascii"):
                area.vertical_scrollbar.renderer = WholeCells  # type: ignore[misc]
            yield area
            yield Label("", classes="mistake")

    def on_matrix_input_submitted(self) -> None:
        area = self.query_one(MatrixInput)
        if self.unfinished(area.text):
            area.insert("\n")
            self._say("")
            return
        try:
            answer = self.read(area.text)
        except EngineError as error:
            self._say(str(error))
        else:
            self.dismiss(answer)

    def on_matrix_input_too_long(self) -> None:
        self._say("too long to paste: save it as .csv or .npy, and type the file's name")

    def _say(self, text: str) -> None:
        self.query_one(".mistake", Label).update(Content(self._spelt(text)))

    def _spelt(self, text: str) -> str:
        """The text in the characters that the app draws with."""
        return self.app.look.glyphs.prose(text)
