"""The explanation of a number: where it comes from, what stands beside it, and what becomes of
it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from engine import EngineError
from engine.explain import Explanation, symbols
from engine.notation import Name
from tui.dialogs.base import Report
from tui.dialogs.clipboard import copy
from tui.drawing.canvas import Canvas
from tui.drawing.grid import cut
from tui.drawing.sum_layout import sum_column
from tui.drawing.table import Sheet
from tui.explain.explainable import Asked
from tui.panes.base.pane import CanvasWidget, Look
from tui.panes.explanation.layout import draw_explanation, draw_lines, lines_of, title_of
from tui.panes.explanation.view_state import ALL_VISIBLE, ViewState

if TYPE_CHECKING:
    from tui.session.session import Session

WIDE = 88, 18  # cells from which on equation and terms stand side by side, and all fits
ROWS, LINES = 6, 9  # of matrices and of long sums, where they stand one below the other
FRAME = 6  # cells that the titles leave to the border


class ExplanationView(CanvasWidget):
    """Draws an explanation; where there is no room side by side, as lines that scroll."""

    def __init__(self, explanation: Explanation, look: Look) -> None:
        super().__init__(look)
        self.explanation, self.state = explanation, ALL_VISIBLE
        self.below = 0  # lines that do not fit
        self._first = 0

    def show(self, explanation: Explanation) -> None:
        """Draw another one, from its top."""
        self.explanation, self._first = explanation, 0

    def choose(self, name: Name | None) -> None:
        """Light a quantity."""
        self.state = ViewState(chosen=name)
        self.redraw()

    def scroll_by(self, lines: int) -> None:
        """Show what is so many lines further down, as far as there is more."""
        self._first = max(0, self._first + min(lines, self.below))
        self.redraw()

    def paint(self, canvas: Canvas) -> None:
        width, height = canvas.width, canvas.height
        if width >= WIDE[0] and height >= WIDE[1]:
            self.below = 0
            draw_explanation(canvas, self.explanation, self.state)
            return
        sheet = Sheet(canvas.palette, canvas.glyphs, canvas.colour, width, height)
        lines = lines_of(self.explanation, sheet, ROWS, LINES, self.state)
        self._first = max(0, min(self._first, len(lines) - height))
        self.below = max(0, len(lines) - height - self._first)
        draw_lines(canvas, lines[self._first : self._first + height])

    def on_mouse_scroll_down(self) -> None:
        self.scroll_by(1)

    def on_mouse_scroll_up(self) -> None:
        self.scroll_by(-1)


class ExplanationScreen(Report[None]):
    """An explanation over the panes. The arrows lead on to the numbers around, enter to one that
    it is made of: so blame is followed to the units ahead, and what a unit gets to those before.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "follow", "the number that is lit"),
        Binding("tab", "choose(1)", "light the next"),
        Binding("shift+tab", "choose(-1)", "light the one before"),
        Binding("escape,backspace", "go_back", "back from there, or close"),
        Binding("up,k", "beside(-1)", "the number before"),
        Binding("down,j", "beside(1)", "the next number"),
        Binding("left,h", "along(-1)", "what is before it on its way"),
        Binding("right,l", "along(1)", "what is after it on its way"),
        Binding("pageup", "scroll(-1)", "scroll up"),
        Binding("pagedown,space", "scroll(1)", "scroll down"),
    ]
    OF_TABLE: ClassVar[Mapping[str, str]] = {
        "explain": "follow",
        "help": "dismiss",
        "copy": "copy(False)",
        "copy_latex": "copy(True)",
    }

    def __init__(self, session: Session, asked: Asked, look: Look) -> None:
        super().__init__()
        self._session, self.asked, self._look = session, asked, look
        self.explanation = asked.explain(session)
        self._followed: list[Asked] = []  # from where enter led on
        self._sources: dict[Name, Asked] = {}
        self.chosen: Name | None = None

    def compose(self) -> ComposeResult:
        yield ExplanationView(self.explanation, self._look)

    def on_mount(self) -> None:
        self._find_sources()

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

    def action_choose(self, by: int) -> None:
        names = [*self._sources]
        if self.chosen:
            self._light(names[(names.index(self.chosen) + by) % len(names)])

    def action_follow(self) -> None:
        """Ask about the number that is lit; where none is, close."""
        if self.chosen is None:
            self.dismiss()
            return
        self._followed.append(self.asked)
        self._go_to(self._sources[self.chosen])

    def action_go_back(self) -> None:
        """Back to where enter led on, or close."""
        if self._followed:
            self._go_to(self._followed.pop())
        else:
            self.dismiss()

    def action_copy(self, latex: bool) -> None:
        copy(self.app, self.explanation, latex, self._look.glyphs)

    def _go_to(self, asked: Asked) -> None:
        """Explain another number, if it can be; else say why not."""
        if asked == self.asked:
            return
        try:
            self.explanation = asked.explain(self._session)
        except EngineError as error:
            self.app.notify(str(error), severity="error")
            return
        self.asked = asked
        self.query_one(ExplanationView).show(self.explanation)
        self._find_sources()

    def _find_sources(self) -> None:
        """What enter may lead to; what is in the largest term is lit."""
        self._sources = self.asked.sources(self.explanation)
        column = sum_column(self.explanation.definitions[-1].expression)
        terms = sorted(column.terms if column else (), key=lambda term: -abs(term.value))
        names = [*(symbol.name for term in terms for symbol in symbols(term)), *self._sources]
        self._light(next((name for name in names if name in self._sources), None))

    def _light(self, name: Name | None) -> None:
        self.chosen = name
        self.query_one(ExplanationView).choose(name)
        self._say_titles()

    def _say_titles(self) -> None:
        """The equation and whose it is; below, where the keys lead."""
        view, glyphs = self.query_one(ExplanationView), self._look.glyphs
        room = max(0, view.outer_size.width - FRAME)
        of = self.asked.context(self._session)
        title = title_of(self.explanation, glyphs) + (f" · {of}" if of else "")
        view.border_title = Content(glyphs.text(cut(title, room)))
        keys = next((keys for keys in self._keys(view.below > 0) if len(keys) <= room), "esc")
        view.border_subtitle = Content(glyphs.text(keys))

    def _keys(self, more: bool) -> Iterator[str]:
        """Where the keys lead, in ever fewer words."""
        at, count = self.asked.place(self._session)
        glyphs = self._look.glyphs
        beside = f"{glyphs.keys('↑↓')} {at + 1} of {count}" if count > 1 else ""
        goes = any(self.asked.along(self._session, by) != self.asked for by in (-1, 1))
        arrows = glyphs.keys("← →")
        way, short = (f"{arrows} {self.asked.way}", f"{arrows} its way") if goes else ("", "")
        lit = f"enter to {glyphs.formula(self.chosen.written())}" if self.chosen else ""
        others = "tab others" if len(self._sources) > 1 else ""
        page, end = "PgDn more" if more else "", "esc back" if self._followed else "esc closes"
        for words in (
            (beside, way, lit, others, page, "y Y copy", end),
            (beside, short, lit, others, page, "y Y copy", end),
            (beside, short, lit, others and "tab", page, end),
            (beside, lit, page, end),
            (page, end),
        ):
            yield "   ".join(filter(None, words))
