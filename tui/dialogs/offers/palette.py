"""The palette: all offers, each with its keys and a sentence on what happens."""

from collections.abc import Sequence
from typing import ClassVar

from tui.actions.offer import Offer
from tui.dialogs.offers.offer_list import TOP, OfferList, OfferView
from tui.drawing.canvas import Canvas
from tui.drawing.text_lines import Line, draw_line, words
from tui.panes.base.look import Look

INDENT = 2


class PaletteView(OfferView):
    """Draws each offer's title with its keys, and below it what happens."""

    _first = 0  # the first offer that is shown

    @property
    def page(self) -> int:
        """As many as surely fit."""
        return max(1, (self.size.height - TOP) // 3)

    def type(self, typed: str) -> None:
        self._first = 0
        super().type(typed)

    def paint_list(self, canvas: Canvas) -> None:
        self._first = max(self._earliest(canvas.height - TOP), min(self._first, self.chosen))
        y = TOP
        for number in range(self._first, len(self.offers)):
            if y >= canvas.height or (y > TOP and y + self._height(number) > canvas.height):
                break
            self._paint_offer(canvas, y, number)
            y += self._height(number)

    def _earliest(self, height: int) -> int:
        """The first offer from which on the chosen one still is within so many rows."""
        first, taken = self.chosen, self._height(self.chosen)
        while first and (taken := taken + self._height(first - 1)) <= height:
            first -= 1
        return first

    def _paint_offer(self, canvas: Canvas, y: int, number: int) -> None:
        palette, offer = canvas.palette, self.offers[number]
        if number == self.chosen:
            canvas.paint(0, y, canvas.width, self._height(number), palette.sel)
        canvas.text(0, y, self.spelt(offer.title), palette.hi, bold=True)
        canvas.right(canvas.width, y, canvas.glyphs.keys(offer.keys), palette.hi)
        for row, line in enumerate(self._note(number), start=y + 1):
            draw_line(canvas, row, line, INDENT)

    def _note(self, number: int) -> list[Line]:
        """What happens, where the title does not say it already."""
        look, offer = self.look, self.offers[number]
        note = offer.note.removeprefix(offer.title).lstrip(":;, ")
        return words(self.spelt(note), look.palette.mid, self.size.width - INDENT)

    def _height(self, number: int) -> int:
        return 1 + len(self._note(number))

    def offer_at(self, x: int, y: int) -> int | None:
        row = TOP
        for number in range(self._first, len(self.offers)):
            if row <= y < row + self._height(number):
                return number
            row += self._height(number)
        return None


class Palette(OfferList):
    """All that can be done. Enter does what is chosen."""

    DEFAULT_CSS: ClassVar[str] = (
        "PaletteView { width: 96%; max-width: 92; height: 92%; max-height: 34; }"
    )
    SCOPED_CSS = False

    def __init__(self, offers: Sequence[Offer], look: Look) -> None:
        nothing = "nothing has these words; backspace"
        super().__init__(PaletteView(offers, "All commands", nothing, look), "commands")
