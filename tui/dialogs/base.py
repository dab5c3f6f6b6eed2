"""Base classes of the dialogs: a line to type, a page of text, help."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import ClassVar, Literal

from rich.console import RenderableType
from rich.segment import Segment
from textual import events, getters
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.renderables.background_screen import BackgroundScreen
from textual.screen import ModalScreen, ScreenResultType
from textual.scrollbar import ScrollBarRender
from textual.strip import Strip
from textual.visual import Visual
from textual.widget import Widget
from textual.widgets import Input, Label, Static

from engine import EngineError
from engine.storage.file_kind import Kind, kind_of
from engine.wording import count
from tui.drawing.canvas import Canvas
from tui.drawing.colours.dimmed import DimmedScreen
from tui.session_app import SessionApp

STYLES = Path(__file__).with_name("dialogs.tcss")
CONFIRM = "enter confirms   esc cancels"
MAX_LENGTH = 4096  # characters of a line: the limit of a path; share codes are shorter


class LineInput(Input):
    """An input that takes only one line of a pasted text."""

    def render_line(self, y: int) -> Strip:
        """Without control characters, which the names of some files contain."""
        strip = super().render_line(y)
        shown = [
            Segment("".join(filter(str.isprintable, segment.text)), segment.style, segment.control)
            for segment in strip
        ]
        return Strip(shown, strip.cell_length)

    def action_paste(self) -> None:
        """Paste text copied within the app."""
        self.replace(one_line(self.app.clipboard), *self.selection)

    def on_paste(self, event: events.Paste) -> None:
        """Paste text from the terminal, instead of Textual's own way."""
        event.prevent_default()
        event.stop()
        self.replace(one_line(event.text), *self.selection)


def one_line(text: str) -> str:
    """The part of a pasted text that goes into a line: a whole share code or link, even if it was
    broken into lines, or the first line that is not blank; at most ``MAX_LENGTH`` characters."""
    text = text[: 2 * MAX_LENGTH].lstrip()
    is_whole = kind_of(text.partition("\n")[0]) in (Kind.CODE, Kind.LINK)
    joined = "".join(text.split()) if is_whole else text.partition("\n")[0]
    return "".join(c for c in joined if c.isprintable())[:MAX_LENGTH].strip()


class Dialog(ModalScreen[ScreenResultType]):
    """A dialog that closes once: a second enter, typed before it has closed, does nothing."""

    app = getters.app(SessionApp)
    CSS_PATH = STYLES
    _is_closed = False

    def render(self) -> RenderableType | Visual:  # type: ignore[override]  # as of other widgets
        below = super().render()
        if isinstance(below, BackgroundScreen):
            return DimmedScreen(below.screen, below.color)
        return below

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        if self._is_closed:
            return AwaitComplete()
        self._is_closed = True
        return super().dismiss(result)


class Ask(Dialog[ScreenResultType]):
    """Asks for a line of text. The result is None if the user cancels it.

    ``heading`` is its title, ``prompt`` what may be typed. ``read`` turns the text into the result;
    its ValueError or EngineError says what is wrong with the text. ``kind`` "integer" lets only a
    number be typed.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "never mind")]

    def __init__(
        self,
        heading: str,
        prompt: str,
        read: Callable[[str], ScreenResultType],
        text: str = "",
        kind: Literal["integer", "text"] = "text",
    ) -> None:
        super().__init__()
        self.heading, self.prompt = heading, prompt
        self.read, self.text, self.kind = read, text, kind

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog ask") as box:
            box.border_title = Content(self._spelt(self.heading))
            box.border_subtitle = CONFIRM
            yield Label(Content(self._spelt(self.prompt)))
            # the pattern of Textual's integer type takes too long on many digits
            yield LineInput(self.text, restrict=r"[-+]?[\d_]*" if self.kind == "integer" else None)
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


def ask_number(heading: str, low: int, high: int, note: str = "") -> Ask[int]:
    """Asks for a whole number from low to high; the note stands behind these limits."""
    limits = f"{count(low)} to {count(high)}"

    def read(text: str) -> int:
        if text.isdecimal() and low <= int(text) <= high:
            return int(text)
        raise ValueError(f"{text or 'nothing'}: type {limits}, or esc")

    return Ask(heading, f"{limits}{note}", read, kind="integer")


class Report(Dialog[ScreenResultType]):
    """A dialog that esc and q close. Some of the app's actions keep their keys in it, such as the
    one that opened it, which closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "dismiss(None)", "close")]
    APP_ACTIONS: ClassVar[Mapping[str, str]] = {}
    """By ids of the app's actions: what their keys do here, as actions of the dialog."""

    async def on_key(self, event: events.Key) -> None:
        for action in self.app.actions:
            if action.id in self.APP_ACTIONS and event.key in action.keys:
                event.stop()
                await self.run_action(self.APP_ACTIONS[action.id])
                return


class WheelList(Widget):
    """A list in which the wheel chooses."""

    def move(self, by: int) -> None:
        """Choose what is ``by`` rows further down."""
        raise NotImplementedError

    def on_mouse_scroll_down(self) -> None:
        self.move(1)

    def on_mouse_scroll_up(self) -> None:
        self.move(-1)


class WholeCells(ScrollBarRender):
    """A scroll bar in ASCII, without eighths of a cell."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "]


class StaticCanvas(Widget):
    """Shows a canvas that has been drawn."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__()
        self._strips = canvas.strips()
        self.styles.width, self.styles.height = canvas.width, canvas.height

    def render_line(self, y: int) -> Strip:
        return self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width)


class Page(Report[None]):
    """A text with a title, which scrolls."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "dismiss", "close")]

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self.heading, self.text = title, text

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog help") as box:
            if self.app.has_class("ascii"):
                box.vertical_scrollbar.renderer = WholeCells  # type: ignore[misc]
            box.border_title = Content(self.heading)
            yield Static(Content(self.text))

    def on_resize(self) -> None:
        self.call_after_refresh(self._write_keys)

    def _write_keys(self) -> None:
        """Say which keys scroll, if there is anything to scroll to, and which do more."""
        for box in self.query(VerticalScroll):
            scroll = "up and down scroll   " if box.max_scroll_y else ""
            box.border_subtitle = Content(f"{self.more_keys}{scroll}esc closes")

    @property
    def more_keys(self) -> str:
        """What other keys do here, followed by blanks; "" if nothing."""
        return ""


class Help(Page):
    """Help on the focused pane and the status line; a key goes on to the keys of the screen."""

    APP_ACTIONS: ClassVar[Mapping[str, str]] = {"help": "dismiss", "keys": "list_keys"}

    @property
    def more_keys(self) -> str:
        return f"{self.app.look.glyphs.keys(self.app.shown_keys['keys'])} keys   "

    def action_list_keys(self) -> None:
        """Show the keys of the screen in place of this."""
        self.dismiss()
        self.app.show_keys()
