"""A callout: a box over the panes that points at one of them and says which key to press."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import getters

from tui.drawing.canvas import Canvas
from tui.drawing.text_lines import wrapped
from tui.panes.base.bars import tabs
from tui.panes.base.pane import CanvasWidget, Pane
from tui.screens.layout.boxes import Box
from tui.session_app import SessionApp

TEXT = 32  # columns of the text, at most
FRAME = 4  # columns of the box beside its text
LEFT, RIGHT, ABOVE, BELOW = "left", "right", "above", "below"
POINTERS = {LEFT: "▸", RIGHT: "◂", ABOVE: "▾", BELOW: "▴"}  # from the box to what it is about
ENDS = "esc ends this"


@dataclass(frozen=True)
class Callout:
    """What a box says, and what it is about: the pane of this id or, where that is not shown, the
    name of a screen at the top. ``sides`` are where it may stand, the best first; ``claim`` stands
    below the text, and ``ends`` says what ends it."""

    title: str
    text: str
    pane: str = ""
    screen: str = "explore"
    sides: tuple[str, ...] = (LEFT, RIGHT, ABOVE, BELOW)
    claim: str = ""
    ends: str = ENDS


class CalloutBox(CanvasWidget):
    """The box on a screen of panes. It is no dialog: all keys go to the screen."""

    app = getters.app(SessionApp)

    def __init__(self, callout: Callout) -> None:
        super().__init__(self.app.look)
        self.callout = callout
        self._side = BELOW
        self._rows = 0  # of its text, so far
        self.display = False  # until it has its place

    def say(self, callout: Callout) -> None:
        """Say something else, perhaps about another pane."""
        if callout == self.callout and self.app.look == self.look:
            return
        if callout.title != self.callout.title:
            self._rows = 0
        self.callout = callout
        self.place()
        self.redraw()

    def on_mount(self) -> None:
        self.screen.screen_layout_refresh_signal.subscribe(self, lambda _: self.place())
        self.call_after_refresh(self.place)

    def place(self) -> None:
        """Stand beside the pane, as the screen is laid out now; hidden while the terminal is too
        small, or settings are open."""
        lines = self._lines()
        self._rows = max(self._rows, len(lines))  # it does not shrink as numbers change
        width = max(map(len, (*lines, f" {self.callout.title} ", f" {self.callout.ends} "))) + FRAME
        width = max(width, self._widest) if self.callout.claim else width
        is_hidden = self.app.draft.shown or self.screen.has_class("small")
        size = self.screen.size.width, self.screen.size.height
        box, side = placed(self._target(), width, self._rows + 2, size, self.sides)
        self.display = not is_hidden
        self.styles.offset = box.x, box.y
        self.styles.width, self.styles.height = box.width, box.height
        if (side, self.app.look) != (self._side, self.look):
            self._side, self.look = side, self.app.look
            self.redraw()

    @property
    def sides(self) -> tuple[str, ...]:
        """Where it may stand: below the names of the screens, if it is about these."""
        return self.callout.sides if self._pane() else (BELOW,)

    def _pane(self) -> Pane | None:
        panes = self.screen.query(Pane)
        return next((pane for pane in panes if pane.display and pane.id == self.callout.pane), None)

    def _target(self) -> Box:
        pane = self._pane()
        if pane is not None:
            return Box(*pane.region)
        names = {name: (x, label) for name, x, label in tabs(self.screen.size.width)}
        x, label = names[self.callout.screen]
        return Box(x, 0, len(label), 1)

    @property
    def _widest(self) -> int:
        return min(TEXT + FRAME, self.screen.size.width)

    def _lines(self) -> list[str]:
        prose, width = self.app.look.glyphs.prose, self._widest - FRAME
        texts = (self.callout.text, self.callout.claim)
        return [line for text in texts for line in wrapped(prose(text), width)]

    def paint(self, canvas: Canvas) -> None:
        palette, glyphs, width = canvas.palette, canvas.glyphs, canvas.width
        canvas.paint(0, 0, width, canvas.height, palette.sel)
        across = "─" * (width - 2)
        for y, edge in ((0, f"╭{across}╮"), (canvas.height - 1, f"╰{across}╯")):
            canvas.text(0, y, edge, palette.hi)
        for y in range(1, canvas.height - 1):
            canvas.text(0, y, "│", palette.hi)
            canvas.text(width - 1, y, "│", palette.hi)
        for y, line in enumerate(self._lines(), start=1):
            canvas.text(2, y, line, palette.hi)
        canvas.text(2, 0, f" {glyphs.prose(self.callout.title)} ", palette.hi, bold=True)
        canvas.right(width - 2, canvas.height - 1, f" {self.callout.ends} ", palette.mid)
        column, row = {
            LEFT: (width - 1, canvas.height // 2),
            RIGHT: (0, canvas.height // 2),
            ABOVE: (1, canvas.height - 1),
            BELOW: (1, 0),
        }[self._side]
        canvas.text(column, row, POINTERS[self._side], palette.hi, bold=True)


def placed(
    target: Box, width: int, height: int, screen: tuple[int, int], sides: Sequence[str]
) -> tuple[Box, str]:
    """Where a box of that size stands: at the first of these sides of its target where it is whole
    between the screen's bars; else over the target's lower right corner."""
    columns, rows = screen[0], screen[1] - 2
    middle = min(max(target.y + (target.height - height) // 2, 1), max(1, rows - height))
    start = min(target.x + 1, max(0, columns - width))
    boxes = {
        LEFT: Box(target.x - width, middle, width, height),
        RIGHT: Box(target.right, middle, width, height),
        ABOVE: Box(start, target.y - height, width, height),
        BELOW: Box(start, target.bottom, width, height),
    }
    for side in sides:
        box = boxes[side]
        if box.x >= 0 and box.right <= columns and box.y >= 1 and box.bottom <= rows:
            return box, side
    x = max(0, min(target.right, columns) - width - 1)
    return Box(x, max(1, min(target.bottom, rows) - height), width, height), ABOVE
