"""Dialogs to open a file, and to choose one line of a list."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.timer import Timer
from textual.widgets import Input, Label

from tui.dialogs.base import Dialog, LineInput, WheelList
from tui.system.job import Job

MARGIN = 8  # cells of a line in a list besides its text; a line to type needs as many
WHAT = (
    "a session (.npz), an experiment (.toml) or data (.csv, .tsv); or paste a share code "
    "(nnx1:...) or a link of TensorFlow Playground"
)
AT_ONCE = 0.2  # seconds to wait for a file before saying that it is being read
LOOK = 0.1  # seconds between checks whether a large file has been read


class Lines(WheelList):
    """A list of lines; a click or the wheel chooses one."""

    DEFAULT_CSS = "Lines { height: auto; width: auto; }"

    def __init__(self, lines: Sequence[str], chosen: int | None, choose: Callable[[int], object]):
        super().__init__()
        self.lines = ["".join(filter(str.isprintable, line)) for line in lines]
        self.chosen, self._choose = chosen, choose

    def move(self, by: int) -> None:
        """Choose the line ``by`` rows further down; the first one if none is chosen."""
        if self.lines:
            at = 0 if self.chosen is None else self.chosen + by
            self.choose(max(0, min(at, len(self.lines) - 1)))

    def choose(self, at: int) -> None:
        self.chosen = at
        self._choose(at)
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        if 0 <= event.y < len(self.lines):
            self.choose(event.y)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return max(map(cell_len, self.lines), default=0) + MARGIN

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self.lines)

    def render(self) -> Content:
        style = self.app.theme_variables
        rows = []
        for at, line in enumerate(self.lines):
            chosen = at == self.chosen
            ink = f"bold {style['hi']} on {style['sel']}" if chosen else style["mid"]
            rows.append(Content.styled(f" {'>' if chosen else ' '} {line} ", ink))
        return Content("\n").join(rows)


class OpenFile(Dialog[Any]):
    """Ask what to open; None if cancelled.

    ``read`` converts the line to the result, in a thread, so that a large file can be cancelled;
    the message of its EngineError is shown. Up and down put recent files into the line.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "never mind"),
        Binding("up", "move(-1)", "the recent file above", priority=True),
        Binding("down", "move(1)", "the recent file below", priority=True),
    ]

    def __init__(self, recent: Sequence[str], read: Callable[[str], Any]) -> None:
        super().__init__()
        self.recent, self.read = recent, read
        self._reading: ReadJob | None = None
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog open") as box:
            box.border_title = "Open"
            arrows = self.app.look.glyphs.keys("↑↓")
            choose = f"{arrows} recent ones   " if self.recent else ""
            keys = self.app.look.glyphs.text(f"{choose}enter opens   esc cancels")
            box.border_subtitle = keys
            yield Label(WHAT)
            yield LineInput()
            yield Label("", classes="mistake")
            if self.recent:
                yield Lines(self.recent, None, self.put)

    def put(self, at: int) -> None:
        """Put a recent file into the line."""
        line = self.query_one(Input)
        line.value = self.recent[at]
        line.cursor_position = len(line.value)

    def action_move(self, by: int) -> None:
        for lines in self.query(Lines):
            lines.move(by)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if self._reading is None:
            text = event.value.strip()
            self._reading = ReadJob(lambda: self.read(text))
            self._reading.start()
            self._reading.join(AT_ONCE)
            if not self.look():
                self._say(f"reading {text}: esc ends it")
                clock = self.app.clock
                self._timer = clock.every(self, LOOK, self.look)

    def look(self) -> bool:
        """Whether reading has ended; if so, return the result or show the error."""
        reading = self._reading
        if reading is None or reading.is_alive():
            return False
        self._reading = None
        if self._timer:
            self._timer.stop()
        if reading.note:
            self._say(reading.note)
        else:
            self.dismiss(reading.result)
        return True

    def _say(self, text: str) -> None:
        self.query_one(".mistake", Label).update(Content(text))


class ReadJob(Job):
    """Reads a line; ``result`` is what was read."""

    FAILED = "not opened"

    def __init__(self, read: Callable[[], Any]) -> None:
        super().__init__("reading")
        self.result: Any = None
        self._read = read

    def work(self) -> None:
        self.result = self._read()


class Choose(Dialog[int]):
    """Ask for one of a few things, by its number in the list; None: for none of them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "never mind"),
        Binding("enter", "take", "this one"),
        Binding("up", "move(-1)", "the one above"),
        Binding("down", "move(1)", "the one below"),
    ]

    def __init__(self, question: str, lines: Sequence[str], chosen: int = 0) -> None:
        super().__init__()
        self.question = question
        self.list = Lines(lines, chosen, lambda at: None)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as box:
            box.border_title = self.question
            keys = self.app.look.glyphs.keys("↑↓ choose   enter confirms   esc cancels")
            box.border_subtitle = self.app.look.glyphs.text(keys)
            yield self.list

    def action_move(self, by: int) -> None:
        self.list.move(by)

    def action_take(self) -> None:
        self.dismiss(self.list.chosen)
