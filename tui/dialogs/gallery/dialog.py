"""The gallery: a dialog to choose a built-in experiment."""

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.content import Content

from tui.dialogs.base import Dialog
from tui.dialogs.gallery.entries import LIST, draw, first_row, list_rows, matching, rows_of
from tui.drawing.canvas import Canvas
from tui.drawing.grid import cut
from tui.experiments.library import Entry, gallery
from tui.panes.base.look import Look
from tui.panes.base.pane import TITLE_FRAME, CanvasWidget


class GalleryView(CanvasWidget):
    """Draws the list and the chosen entry; ``typed`` filters the list."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.typed = ""
        self.entries = gallery()
        self.chosen = 0
        self._first = 0

    @property
    def entry(self) -> Entry | None:
        """The chosen entry; None if none matches what was typed."""
        return self.entries[self.chosen] if self.entries else None

    @property
    def page(self) -> int:
        """How many rows are shown at once."""
        return list_rows(self.size.height)

    def move(self, by: int) -> None:
        """Choose the entry ``by`` rows further down, up to the last."""
        self.chosen = max(0, min(self.chosen + by, len(self.entries) - 1))
        self.redraw()

    def type(self, typed: str) -> None:
        """Filter the list; the chosen entry stays chosen if it matches."""
        entry = self.entry
        self.typed, self.entries = typed, matching(gallery(), typed)
        self.chosen = self.entries.index(entry) if entry in self.entries else 0
        self.redraw()

    def paint(self, canvas: Canvas) -> None:
        self._first = first_row(rows_of(self.entries), self.entry, self.page, self._first)
        draw(canvas, self.entries, self.entry, self.typed, self._first)
        self._show_keys()

    def _show_keys(self) -> None:
        arrows = self.look.glyphs.keys("↑↓")
        place = f"{arrows} {self.chosen + 1} of {len(self.entries)}   " if self.entries else ""
        escape = "esc shows all" if self.typed else "esc closes"
        keys = cut(f"{place}enter opens   {escape}", max(0, self.outer_size.width - TITLE_FRAME))
        self.border_subtitle = Content(self.look.glyphs.text(keys))

    def on_mount(self) -> None:
        self.border_title = "Gallery"

    def on_mouse_scroll_down(self) -> None:
        self.move(1)

    def on_mouse_scroll_up(self) -> None:
        self.move(-1)

    def on_click(self, event: events.Click) -> None:
        """Choose the entry under the mouse; a double click opens it."""
        at = event.get_content_offset(self)
        in_list = at is not None and at.x < LIST and at.y >= 2
        rows = rows_of(self.entries)[self._first + at.y - 2 :] if at and in_list else ()
        if not rows or isinstance(rows[0], str):
            return
        if rows[0] is self.entry and event.chain > 1:
            self.screen.dismiss(self.entry)
        else:
            self.move(self.entries.index(rows[0]) - self.chosen)


class GalleryScreen(Dialog[Entry]):
    """Up and down choose, letters filter, enter returns the chosen entry, esc None."""

    SCOPED_CSS = False  # .ascii is a class of the app
    DEFAULT_CSS: ClassVar[str] = """
    GalleryView {
        width: 96%; max-width: 106; height: 92%; max-height: 30;
    }
    """

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look

    def compose(self) -> ComposeResult:
        yield GalleryView(self._look)

    def on_key(self, event: events.Key) -> None:
        """Handle all keys here: a letter is typed, whatever it does on screens."""
        event.stop()
        view = self.query_one(GalleryView)
        steps = {"up": -1, "down": 1, "pageup": -view.page, "pagedown": view.page}
        ends = {"home": -len(view.entries), "end": len(view.entries)}
        if event.key in steps | ends:
            view.move((steps | ends)[event.key])
        elif event.key == "escape":
            view.type("") if view.typed else self.dismiss(None)
        elif event.key == "enter":
            if view.entry:
                self.dismiss(view.entry)
        elif event.key == "backspace":
            view.type(view.typed[:-1])
        elif event.is_printable and event.character:
            view.type(view.typed + event.character)
