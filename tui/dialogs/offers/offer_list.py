"""A list of offers in a dialog: typing filters it, enter returns the chosen one."""

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.content import Content

from tui.actions.offer import Offer
from tui.actions.search import found
from tui.dialogs.base import Dialog, one_line
from tui.drawing.canvas import Canvas
from tui.drawing.cells import first_fitting
from tui.panes.base.look import Look
from tui.panes.base.pane import TITLE_FRAME, CanvasWidget

TOP = 2  # rows above the list
MAX_TYPED = 60  # characters


class OfferView(CanvasWidget):
    """Draws the offers that have every ``typed`` word; one of them is ``chosen``."""

    def __init__(self, offers: Sequence[Offer], title: str, nothing: str, look: Look) -> None:
        """``nothing`` is written where no offer has what was typed."""
        super().__init__(look)
        self.offers = self._all = [*offers]
        self.border_title = Content(look.glyphs.prose(title))
        self.typed, self.chosen = "", 0
        self._nothing = nothing

    @property
    def offer(self) -> Offer | None:
        """The chosen offer; None if none has what was typed."""
        return self.offers[self.chosen] if self.offers else None

    @property
    def page(self) -> int:
        """How many offers a page key goes on."""
        return max(1, self.size.height - TOP)

    def move(self, by: int, wraps: bool = False) -> None:
        """Choose the offer ``by`` places further down; after the last one the first, or none."""
        at, last = self.chosen + by, len(self.offers) - 1
        self.chosen = at % (last + 1) if wraps and self.offers else max(0, min(at, last))
        self.redraw()

    def move_aside(self, by: int) -> None:
        """Choose the offer in the next column, or in the one before."""

    def type(self, typed: str) -> None:
        """Filter the list, and choose the offer that fits best."""
        self.typed, self.chosen = typed[:MAX_TYPED], 0
        self.offers = found(self._all, self.typed)
        self.redraw()

    def spelt(self, text: str) -> str:
        """A sentence in the characters that the app draws with; it may name keys."""
        return self.look.glyphs.prose(self.look.glyphs.keys(text))

    def offer_at(self, x: int, y: int) -> int | None:
        """The number of the offer at a cell, if there is one."""
        raise NotImplementedError

    def paint_list(self, canvas: Canvas) -> None:
        """Draw the offers from row ``TOP`` on."""
        raise NotImplementedError

    def paint(self, canvas: Canvas) -> None:
        palette = canvas.palette
        if self.typed:
            canvas.text(0, 0, f"filter: {self.typed}", palette.hi)
        else:
            canvas.text(0, 0, "type to filter", palette.low)
        if self.offers:
            self.paint_list(canvas)
        else:
            canvas.text(0, TOP, self._nothing, palette.mid)
        self._show_keys()

    def _show_keys(self) -> None:
        look, room = self.look, max(0, self.outer_size.width - TITLE_FRAME)
        escape = "esc shows all" if self.typed else "esc closes"
        place = f"↑↓ {self.chosen + 1} of {len(self.offers)}   "
        forms = f"{place}enter does it   {escape}", f"enter does it   {escape}", escape
        keys = first_fitting(map(look.glyphs.keys, forms[not self.offers :]), room)
        self.border_subtitle = Content(look.glyphs.text(keys))

    def on_mouse_scroll_down(self) -> None:
        self.move(1)

    def on_mouse_scroll_up(self) -> None:
        self.move(-1)

    def on_click(self, event: events.Click) -> None:
        """Do what is under the mouse."""
        cell = event.get_content_offset(self)
        at = self.offer_at(*cell) if cell else None
        if at is not None and at < len(self.offers):
            self.screen.dismiss(self.offers[at])


class OfferList(Dialog[Offer]):
    """All keys are handled here: a letter is typed, whatever it does on screens. The keys of the
    action ``opener`` close the list, unless they are letters that are typed."""

    def __init__(self, view: OfferView, opener: str) -> None:
        super().__init__()
        self.view, self._opener = view, opener

    def compose(self) -> ComposeResult:
        yield self.view

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        self.view.type(self.view.typed + one_line(event.text))

    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        view = self.view
        steps = {"up": -1, "down": 1, "shift+tab": -1, "tab": 1}
        pages = {"pageup": -view.page, "pagedown": view.page}
        ends = {"home": -len(view.offers), "end": len(view.offers)}
        if event.key in steps:
            view.move(steps[event.key], wraps=True)
        elif event.key in pages | ends:
            view.move((pages | ends)[event.key])
        elif event.key in ("left", "right"):
            view.move_aside(1 if event.key == "right" else -1)
        elif event.key == "escape":
            view.type("") if view.typed else self.dismiss(None)
        elif event.key == "enter":
            if view.offer:
                self.dismiss(view.offer)
        elif event.key == "backspace":
            view.type(view.typed[:-1])
        elif self._closes(event.key):
            self.dismiss(None)
        elif event.key == "space":
            view.type(f"{view.typed} ")
        elif event.is_printable and event.character:
            view.type(view.typed + event.character)

    def _closes(self, key: str) -> bool:
        """Whether it is a key of the action that opened the list, and nothing has been typed."""
        if self.view.typed:
            return False
        return any(key in action.keys for action in self.app.actions if action.id == self._opener)
