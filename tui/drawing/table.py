"""Table: what a table pane shows, built for one frame and one width, a row at a time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from engine.arrays import Array
from tui.drawing.canvas import Canvas
from tui.drawing.glyphs import Glyphs, IdsAsKeys
from tui.drawing.palette import Palette
from tui.drawing.text_lines import Line, Span, draw_line, words


@dataclass(frozen=True)
class Sheet:
    """What a table is written on: how it looks, and how many cells there are."""

    palette: Palette
    glyphs: Glyphs
    colour: bool
    width: int
    height: int
    keys: Mapping[str, str] = field(default_factory=IdsAsKeys)  # as shown, by ids of actions


@dataclass(frozen=True, eq=False)
class Column:
    """A head, a width with the gap at its left, and the span of a row in it."""

    head: str
    width: int
    cell: Callable[[int], Span]
    left: bool = False  # aligned

    def placed(self, span: Span) -> Span:
        """The span filled up to the column's width, or cut to it."""
        if self.left:
            text = f" {span.text[: self.width - 1]}".ljust(self.width)
        else:
            text = span.text[-self.width :].rjust(self.width)
        return Span(text, span.ink, span.bold)


def fitting(columns: Sequence[Column], width: int) -> list[Column]:
    """The columns, from the left, that there is room for."""
    ends = accumulate(column.width for column in columns)
    return [column for column, end in zip(columns, ends, strict=True) if end <= width]


def head_of(columns: Sequence[Column], palette: Palette) -> Line:
    """The line of the heads."""
    return [column.placed(Span(column.head, palette.low)) for column in columns]


def row_of(columns: Sequence[Column], i: int) -> Line:
    """The line of a row."""
    return [column.placed(column.cell(i)) for column in columns]


@dataclass(frozen=True, eq=False)
class Table:
    """``count`` rows; those ``selected`` are lit. ``foot`` is made from how many rows are shown
    or above: the first row that is below.

    ``place`` is where a click on a row puts the cursor, ``beside`` where a step up or down from
    the selection does; None where there is none to move, and the arrows scroll instead.
    """

    title: str
    subtitle: str
    head: Line
    count: int
    row: Callable[[int], Line]
    selected: range = range(0)
    foot: Callable[[int], Line] | None = None
    place: Callable[[int], Array | None] = lambda i: None
    beside: Callable[[int], Array | None] | None = None

    @classmethod
    def of_words(cls, title: str, text: str, sheet: Sheet) -> "Table":
        """A text in place of a table."""
        lines = words(text, sheet.palette.mid, sheet.width)
        return cls(title, "", [], len(lines), lines.__getitem__)

    def room(self, height: int) -> int:
        """How many rows fit into a pane of this height."""
        return max(1, height - bool(self.head) - (self.foot is not None))

    def first(self, before: int, height: int) -> int:
        """The first row to show: moved no further than needed from the one before."""
        room = self.room(height)
        first = max(0, min(before, self.count - room))
        if self.selected:
            first = max(first, self.selected.stop - room)
            first = min(first, self.selected.start)
        return first

    def draw(self, canvas: Canvas, first: int) -> None:
        """Draw from row ``first`` on."""
        top, room = int(bool(self.head)), self.room(canvas.height)
        draw_line(canvas, 0, self.head)
        last = min(first + room, self.count)
        for y, i in enumerate(range(first, last), start=top):
            if i in self.selected:
                canvas.paint(0, y, canvas.width, 1, canvas.palette.sel)
            draw_line(canvas, y, self.row(i))
        if self.foot is not None:
            draw_line(canvas, canvas.height - 1, self.foot(last))
