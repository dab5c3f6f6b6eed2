"""The explanation of a number: where it comes from, what stands beside it, and what becomes of
it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.strip import Strip
from textual.widget import Widget

from engine import EngineError
from engine.explain import Explanation
from tui import explaining
from tui.asked import Asked
from tui.canvas import Canvas
from tui.panes.explained import draw_explanation, draw_lines, lines_of, title_of
from tui.panes.grid import cut
from tui.panes.pane import Look
from tui.panes.table import Sheet
from tui.screens.dialogs import Dialog

if TYPE_CHECKING:
    from tui.session import Session

WIDE = 88, 18  # cells from which on equation and terms stand side by side, and all fits
ROWS, LINES = 6, 9  # of matrices and of long sums, where they stand one below the other
FRAME = 6  # cells that the titles leave to the border


class ExplanationView(Widget):
    """Draws an explanation; where there is no room side by side, as lines that scroll."""

    def __init__(self, explanation: Explanation, look: Look) -> None:
        super().__init__()
        self.explanation, self.look = explanation, look
        self.below = 0  # lines that do not fit
        self._first = 0
        self._strips: list[Strip] = []

    def show(self, explanation: Explanation, look: Look) -> None:
        """Draw another one, from its top."""
        self.explanation, self.look, self._first = explanation, look, 0
        self.redraw()

    def scroll_by(self, lines: int) -> None:
        """Show what is so many lines further down, as far as there is more."""
        self._first = max(0, self._first + min(lines, self.below))
        self.redraw()

    def redraw(self) -> None:
        (width, height), look = self.size, self.look
        if width < 1 or height < 1:
            return
        canvas = Canvas(width, height, look.palette, look.glyphs, look.colour)
        with np.errstate(all="ignore"):
            if width >= WIDE[0] and height >= WIDE[1]:
                self.below = 0
                draw_explanation(canvas, self.explanation)
            else:
                sheet = Sheet(look.palette, look.glyphs, look.colour, width, height)
                lines = lines_of(self.explanation, sheet, ROWS, LINES)
                self._first = max(0, min(self._first, len(lines) - height))
                self.below = max(0, len(lines) - height - self._first)
                draw_lines(canvas, lines[self._first : self._first + height])
        self._strips = canvas.strips()
        self.refresh()

    def on_resize(self) -> None:
        self.redraw()

    def on_mouse_scroll_down(self) -> None:
        self.scroll_by(1)

    def on_mouse_scroll_up(self) -> None:
        self.scroll_by(-1)

    def render_line(self, y: int) -> Strip:
        if y < len(self._strips):
            return self._strips[y]
        return Strip.blank(self.size.width, self.rich_style)


class ExplanationScreen(Dialog[None]):
    """An explanation over the panes; the arrows lead on to the numbers around."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q,f1", "dismiss", "close"),
        Binding("up,k", "beside(-1)", "the number before"),
        Binding("down,j", "beside(1)", "the next number"),
        Binding("left,h", "along(-1)", "what is before it on its way"),
        Binding("right,l", "along(1)", "what is after it on its way"),
        Binding("pageup", "scroll(-1)", "scroll up"),
        Binding("pagedown,space", "scroll(1)", "scroll down"),
        Binding("y", "copy(False)", "copy as text"),
        Binding("Y", "copy(True)", "copy as LaTeX"),
    ]

    def __init__(self, session: Session, asked: Asked, look: Look) -> None:
        super().__init__()
        self._session, self.asked, self._look = session, asked, look
        self.explanation = asked.explain(session)

    def compose(self) -> ComposeResult:
        yield ExplanationView(self.explanation, self._look)

    def on_mount(self) -> None:
        self._say_titles()

    def on_resize(self) -> None:
        self.call_after_refresh(self._say_titles)

    def action_beside(self, by: int) -> None:
        self._go_to(self.asked.beside(self._session, by))

    def action_along(self, by: int) -> None:
        self._go_to(self.asked.along(self._session, by))

    def action_scroll(self, pages: int) -> None:
        view = self.query_one(ExplanationView)
        view.scroll_by(pages * max(1, view.size.height - 1))
        self._say_titles()

    def action_copy(self, latex: bool) -> None:
        explaining.copy(self.app, self.explanation, latex)  # type: ignore[arg-type]

    def _go_to(self, asked: Asked) -> None:
        """Explain another number, if it can be; else say why not."""
        if asked == self.asked:
            return
        try:
            self.explanation = asked.explain(self._session)
        except EngineError as error:
            self.app.notify(str(error), severity="error", markup=False)
            return
        self.asked = asked
        self.query_one(ExplanationView).show(self.explanation, self._look)
        self._say_titles()

    def _say_titles(self) -> None:
        """The equation and whose it is; below, where the keys lead."""
        view, glyphs = self.query_one(ExplanationView), self._look.glyphs
        room = max(0, view.outer_size.width - FRAME)
        of = self.asked.context(self._session)
        title = title_of(self.explanation, glyphs) + (f" · {of}" if of else "")
        at, count = self.asked.place(self._session)
        keys = [f"↑↓ {at + 1} of {count}"] if count > 1 else []
        if any(self.asked.along(self._session, by) != self.asked for by in (-1, 1)):
            keys.append(f"← → {self.asked.way}")
        if view.below:
            keys.append("PgDn more")
        keys.append("y Y copy")
        keys.append("esc closes")
        subtitle = "   ".join(keys)
        if len(subtitle) > room:
            subtitle = subtitle.replace(self.asked.way, "its way")
        view.border_title = Content(glyphs.text(cut(title, room)))
        view.border_subtitle = Content(glyphs.text(cut(subtitle, room)))
