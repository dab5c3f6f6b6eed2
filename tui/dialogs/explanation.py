"""The dialog that explains a number, and leads on to the numbers next to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size

from engine import EngineError
from engine.explain import Explanation, symbols
from engine.notation import Name
from tui.dialogs.base import Report
from tui.dialogs.clipboard import copy
from tui.drawing.canvas import Canvas
from tui.drawing.grid import cut
from tui.drawing.sum_layout import sum_column
from tui.drawing.table import Sheet
from tui.drawing.text_lines import Line
from tui.explain.explainable import Explainable
from tui.panes.base.look import Look
from tui.panes.base.pane import CanvasWidget
from tui.panes.explanation.layout import draw_explanation, draw_lines, lines_of, title_of
from tui.panes.explanation.view_state import ALL_VISIBLE, ViewState

WIDE = 88, 18  # the least cells for equation and terms side by side
ROWS, LINES = 6, 9  # of matrices and of long sums, when they are one below the other
MOST_HEIGHT = 90  # percent of the screen's height
BORDER = 6  # cells of the titles' line that the border needs


class ExplanationView(CanvasWidget):
    """Draws an explanation; if the view is too small for two columns, as lines that scroll."""

    def __init__(self, explanation: Explanation, look: Look) -> None:
        super().__init__(look)
        self.explanation, self.state = explanation, ALL_VISIBLE
        self.below = 0  # lines below the last one in sight
        self._first = 0
        self._room = 0  # rows that it could have
        self._heights: dict[tuple[int, int], int] = {}  # by width and room
        self._reveals = False  # whether to scroll to what is highlighted

    def show(self, explanation: Explanation) -> None:
        """Draw another explanation, from its first line."""
        self.explanation, self._first, self._heights = explanation, 0, {}
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As high as all of it needs, up to most of the screen."""
        self._room = room = viewport.height * MOST_HEIGHT // 100 - 2
        if (width, room) not in self._heights:
            height = needed_height(self.explanation, self.look, width, room)
            self._heights[width, room] = height
        return self._heights[width, room]

    def choose(self, name: Name | None) -> None:
        """Highlight a quantity."""
        self.state, self._reveals = ViewState(chosen=name), True
        self.redraw()

    def scroll_by(self, lines: int) -> None:
        """Scroll down by a number of lines, at most to the last."""
        self._first = max(0, self._first + min(lines, self.below))
        self.redraw()

    def paint(self, canvas: Canvas) -> None:
        width, height = canvas.width, canvas.height
        if in_columns(width, max(height, self._room)):
            self.below = 0
            draw_explanation(canvas, self.explanation, self.state)
            return
        sheet = Sheet(canvas.palette, canvas.glyphs, canvas.colour, width, height)
        lines = lines_of(self.explanation, sheet, ROWS, LINES, self.state)
        if self._reveals:
            plain = lines_of(self.explanation, sheet, ROWS, LINES)
            self._first, self._reveals = _revealing(lines, plain, self._first, height), False
        self._first = max(0, min(self._first, len(lines) - height))
        self.below = max(0, len(lines) - height - self._first)
        draw_lines(canvas, lines[self._first : self._first + height])

    def on_mouse_scroll_down(self) -> None:
        self.scroll_by(1)

    def on_mouse_scroll_up(self) -> None:
        self.scroll_by(-1)


def in_columns(width: int, room: int) -> bool:
    """Whether equation and terms stand side by side, with ``room`` for so many rows."""
    return width >= WIDE[0] and room >= WIDE[1]


def needed_height(explanation: Explanation, look: Look, width: int, room: int) -> int:
    """The rows that an explanation needs, at most ``room``."""
    sheet = Sheet(look.palette, look.glyphs, look.colour, width, room)
    if not in_columns(width, room):
        return max(1, min(room, len(lines_of(explanation, sheet, ROWS, LINES))))
    whole = _rows_drawn(explanation, look, width, room)
    for height in range(max(1, len(whole)), room):
        if _rows_drawn(explanation, look, width, height) == whole:
            return height
    return room


def _rows_drawn(explanation: Explanation, look: Look, width: int, height: int) -> list[str]:
    """What is drawn on so many rows, without the rule in the middle and blank rows at the end."""
    canvas = Canvas(width, height, look.palette, look.glyphs, look.colour)
    draw_explanation(canvas, explanation)
    rule, rows = canvas.glyphs.rule, canvas.text_lines()
    while rows and rows[-1].strip() in ("", rule):
        rows.pop()
    return rows


def _revealing(lines: Sequence[Line], plain: Sequence[Line], first: int, height: int) -> int:
    """The first line to show so that what is lit in ``lines``, but not in ``plain``, is in sight;
    as near to ``first`` as may be."""
    both = enumerate(zip_longest(lines, plain))
    lit = next((i for i, (line, before) in both if line is not None and line != before), None)
    return first if lit is None else max(min(first, lit), lit - height + 1)


class ExplanationScreen(Report[None]):
    """An explanation over the panes. Arrows go to the next number of the list or the chain, enter
    to a number in the explanation: from δ to a δ of the next layer, from z to an a before it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "follow", "the highlighted number"),
        Binding("tab", "choose(1)", "highlight the next"),
        Binding("shift+tab", "choose(-1)", "highlight the one before"),
        Binding("escape,backspace", "go_back", "back from there, or close"),
        Binding("up,k", "next_in_list(-1)", "the number before"),
        Binding("down,j", "next_in_list(1)", "the next number"),
        Binding("left,h", "next_in_chain(-1)", "the one before it in the chain"),
        Binding("right,l", "next_in_chain(1)", "the one after it in the chain"),
        Binding("pageup", "scroll(-1)", "scroll up"),
        Binding("pagedown,space", "scroll(1)", "scroll down"),
    ]
    APP_ACTIONS: ClassVar[Mapping[str, str]] = {
        "explain": "follow",
        "help": "dismiss",
        "keys": "dismiss",
        "copy": "copy(False)",
        "copy_latex": "copy(True)",
    }

    def __init__(self, explainable: Explainable, look: Look) -> None:
        super().__init__()
        self.explainable, self._look = explainable, look
        self.explanation = explainable.explain()
        self._previous: list[Explainable] = []  # those that enter was pressed on
        self._operands: dict[Name, Explainable] = {}
        self.chosen: Name | None = None

    def compose(self) -> ComposeResult:
        yield ExplanationView(self.explanation, self._look)

    def on_mount(self) -> None:
        self._find_operands()

    def on_resize(self) -> None:
        self.call_after_refresh(self._write_titles)

    def action_next_in_list(self, by: int) -> None:
        self._go_to(self.explainable.next_in_list(by))

    def action_next_in_chain(self, by: int) -> None:
        self._go_to(self.explainable.next_in_chain(by))

    def action_scroll(self, pages: int) -> None:
        view = self.query_one(ExplanationView)
        view.scroll_by(pages * max(1, view.size.height - 1))
        self._write_titles()

    def action_choose(self, by: int) -> None:
        names = [*self._operands]
        if self.chosen:
            self._highlight(names[(names.index(self.chosen) + by) % len(names)])

    def action_follow(self) -> None:
        """Explain the highlighted number; close if there is none."""
        if self.chosen is None:
            self.dismiss()
            return
        self._previous.append(self.explainable)
        self._go_to(self._operands[self.chosen])

    def action_go_back(self) -> None:
        """Back to the number that enter was pressed on, or close."""
        if self._previous:
            self._go_to(self._previous.pop())
        else:
            self.dismiss()

    def action_copy(self, latex: bool) -> None:
        copy(self.app, self.explanation, latex, self._look.glyphs)

    def _go_to(self, explainable: Explainable) -> None:
        """Explain another number; if that is not possible, say why."""
        if explainable == self.explainable:
            return
        try:
            self.explanation = explainable.explain()
        except EngineError as error:
            self.app.tell(str(error))
            return
        self.explainable = explainable
        self.query_one(ExplanationView).show(self.explanation)
        self._find_operands()
        self.call_after_refresh(self._write_titles)  # its height may change

    def _find_operands(self) -> None:
        """Find the numbers that enter can go to, and highlight that of the largest term."""
        self._operands = self.explainable.operands(self.explanation)
        column = sum_column(self.explanation.definitions[-1].expression)
        terms = sorted(column.terms if column else (), key=lambda term: -abs(term.value))
        names = [*(symbol.name for term in terms for symbol in symbols(term)), *self._operands]
        self._highlight(next((name for name in names if name in self._operands), None))

    def _highlight(self, name: Name | None) -> None:
        self.chosen = name
        self.query_one(ExplanationView).choose(name)
        self._write_titles()

    def _write_titles(self) -> None:
        """Above the equation and what it belongs to, below the keys."""
        views, glyphs = self.query(ExplanationView), self._look.glyphs
        if not views:  # closed since this was called for after a refresh
            return
        view = views.first()
        room = max(0, view.outer_size.width - BORDER)
        description = self.explainable.description()
        title = title_of(self.explanation, glyphs) + (f" · {description}" if description else "")
        view.border_title = Content(glyphs.text(cut(title, room)))
        keys = next((keys for keys in self._keys(view.below > 0) if len(keys) <= room), "esc")
        view.border_subtitle = Content(glyphs.text(keys))

    def _keys(self, more: bool) -> Iterator[str]:
        """What the keys do, each time in fewer words."""
        number, glyphs = self.explainable, self._look.glyphs
        index, count = number.position()
        place = f"{glyphs.keys('↑↓')} {index + 1} of {count}" if count > 1 else ""
        has_chain = any(number.next_in_chain(by) != number for by in (-1, 1))
        arrows = glyphs.keys("← →") if has_chain else ""
        chain, short_chain = (arrows and f"{arrows} {s}" for s in (number.chain_label, "its way"))
        enter = f"enter to {glyphs.formula(self.chosen.written())}" if self.chosen else ""
        tab = "tab others" if len(self._operands) > 1 else ""
        page, end = "PgDn more" if more else "", "esc back" if self._previous else "esc closes"
        for words in (
            (place, chain, enter, tab, page, "y Y copy", end),
            (place, short_chain, enter, tab, page, "y Y copy", end),
            (place, short_chain, enter, tab and "tab", page, end),
            (place, enter, page, end),
            (page, end),
        ):
            yield "   ".join(filter(None, words))
