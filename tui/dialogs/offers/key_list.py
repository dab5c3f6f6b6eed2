"""The list of keys: the actions of a screen in groups, side by side where there is room."""

from collections.abc import Sequence
from typing import ClassVar

from tui.actions.action import NAME_CELLS
from tui.actions.offer import Offer
from tui.dialogs.offers.columns import Rows, in_columns, with_headings
from tui.dialogs.offers.offer_list import TOP, OfferList, OfferView
from tui.drawing.canvas import Canvas
from tui.drawing.cells import first_fitting
from tui.drawing.text_lines import draw_line, words
from tui.panes.base.look import Look

GAP = 2  # cells behind the keys, and between columns
NOTE = 2  # rows of the sentence on the chosen action


class KeyView(OfferView):
    """Draws the actions in columns, and below them what the chosen one does."""

    _columns: list[Rows[int]]
    _first = 0  # the first row that is shown
    _width = 0  # of a column, with the gap behind it
    _keys_width = 0  # of the keys, with the gap behind them

    @property
    def _rows(self) -> int:
        """How many rows there are for the list."""
        return max(1, self.size.height - TOP - NOTE - 1)

    @property
    def page(self) -> int:
        return self._rows

    def paint_list(self, canvas: Canvas) -> None:
        numbers = range(len(self.offers))
        groups = ("" if self.typed else offer.group for offer in self.offers)
        keys = (canvas.glyphs.keys(offer.keys) for offer in self._all)
        self._keys_width = max(map(len, keys)) + GAP
        most = max(1, (canvas.width + GAP) // (self._keys_width + NAME_CELLS + GAP))
        self._columns = in_columns(with_headings(numbers, groups), self._rows, most)
        self._width = (canvas.width + GAP) // len(self._columns)
        self._scroll()
        for at, column in enumerate(self._columns):
            shown = column[self._first : self._first + self._rows]
            while shown and not isinstance(shown[-1], int):  # a heading without its actions
                shown.pop()
            for y, row in enumerate(shown, start=TOP):
                if isinstance(row, str):
                    canvas.text(at * self._width, y, row, canvas.palette.low)
                elif row is not None:
                    self._paint_row(canvas, at * self._width, y, row)
        note, palette = self.offers[self.chosen].note, canvas.palette
        lines = words(self.spelt(note), palette.mid, canvas.width)
        for y, line in enumerate(lines[:NOTE], start=canvas.height - NOTE):
            draw_line(canvas, y, line)

    def _paint_row(self, canvas: Canvas, x: int, y: int, number: int) -> None:
        palette, offer = canvas.palette, self.offers[number]
        room = self._width - self._keys_width - GAP
        forms = [self.spelt(text) for text in (offer.note, offer.title)]
        is_chosen = number == self.chosen
        if is_chosen:
            canvas.paint(x, y, self._width - GAP, 1, palette.sel)
        canvas.text(x, y, canvas.glyphs.keys(offer.keys), palette.hi, bold=True)
        text = first_fitting(forms, room) or forms[-1][: max(0, room)]
        canvas.text(x + self._keys_width, y, text, palette.hi if is_chosen else palette.mid)

    def _scroll(self) -> None:
        """Show the row of the chosen action, and above it a heading."""
        at, column = self._place(self.chosen)
        top = at - 1 if at and isinstance(column[at - 1], str) else at
        tallest = max(map(len, self._columns))
        first = max(at - self._rows + 1, min(self._first, top))
        self._first = max(0, min(first, tallest - self._rows))

    def _place(self, number: int) -> tuple[int, Rows[int]]:
        """The row of an action in its column, and the column."""
        return next((col.index(number), col) for col in self._columns if number in col)

    def move_aside(self, by: int) -> None:
        if not self.offers:
            return
        at, column = self._place(self.chosen)
        other = self._columns[(self._columns.index(column) + by) % len(self._columns)]
        numbers = [(abs(y - at), row) for y, row in enumerate(other) if isinstance(row, int)]
        self.chosen = min(numbers)[1]
        self.redraw()

    def offer_at(self, x: int, y: int) -> int | None:
        at, row = x // self._width, y - TOP + self._first
        if not (self.offers and TOP <= y < TOP + self._rows and at < len(self._columns)):
            return None
        column = self._columns[at]
        number = column[row] if row < len(column) else None
        return number if isinstance(number, int) else None


class KeyList(OfferList):
    """The keys of a screen. Enter does what is chosen."""

    DEFAULT_CSS: ClassVar[str] = "KeyView { width: 96%; max-width: 160; height: 94%; }"
    SCOPED_CSS = False

    def __init__(self, offers: Sequence[Offer], screen: str, look: Look) -> None:
        palette = look.keys["commands"]
        nothing = f"nothing on this screen; {palette} has what is on others"
        super().__init__(KeyView(offers, f"Keys · {screen}", nothing, look), "keys")
