"""A pane that shows a Table."""

from collections.abc import Callable
from typing import ClassVar

from textual import events

from tui.drawing.canvas import Canvas
from tui.drawing.table import Sheet, Table
from tui.model.frame import Frame
from tui.panes.base.pane import Pane


class TablePane(Pane):
    """Draws the first of its ``faces`` that has a table for the frame."""

    WHEEL_MOVES = True
    faces: ClassVar[tuple[Callable[[Frame, Sheet], Table | None], ...]]

    _first = 0
    _known: tuple[Frame, Sheet, Table] | None = None

    def titles(self, frame: Frame) -> tuple[str, str]:
        look, (width, height) = self.look, self.size
        sheet = Sheet(look.palette, look.glyphs, look.colour, width, height, look.keys)
        table = self._table(frame, sheet)
        below = table.count - table.room(height)
        more = f"↑↓ {below} more" if below > 0 < height and table.beside is None else ""
        whole = " · ".join(filter(None, (more, table.subtitle)))
        return table.title, self.fitting_title(whole, more)

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        size, keys = (canvas.width, canvas.height), self.look.keys
        sheet = Sheet(canvas.palette, canvas.glyphs, canvas.colour, *size, keys)
        table = self._table(frame, sheet)
        self._first = table.first(self._first, canvas.height)
        table.draw(canvas, self._first)

    def _table(self, frame: Frame, sheet: Sheet) -> Table:
        """The table of a frame, built once for each frame and sheet."""
        known = self._known
        if known is None or known[0] is not frame or known[1] != sheet:
            tables = (face(frame, sheet) for face in self.faces)
            table = next(table for table in tables if table is not None)
            self._known = known = frame, sheet, table
        return known[2]

    def move(self, dx: int, dy: int) -> None:
        """Select the row above or below, or scroll where none is selected."""
        if self.view is None or self._known is None or dy == 0:
            return
        beside = self._table(self.view, self._known[1]).beside
        if beside is None:
            self._first += dy  # put into its bounds when it is drawn
            self.redraw()
        elif (place := beside(dy)) is not None:
            self.post_message(self.CursorMoved(place))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the row says."""
        offset = event.get_content_offset(self)
        if offset is None or self._known is None:
            return
        table = self._known[2]
        y = offset.y - bool(table.head)
        if not (0 <= y < table.room(self.size.height) and self._first + y < table.count):
            return
        if (place := table.place(self._first + y)) is not None:
            self.post_message(self.CursorMoved(place))
