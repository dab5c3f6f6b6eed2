"""A pane with a grid: its cursor moves by cells, and a click puts it, and selects an example."""

import numpy as np
from textual import events

from engine.arrays import Array
from tui.drawing.canvas import Canvas
from tui.drawing.numbers import num
from tui.drawing.text_lines import DOT
from tui.model.frame import Frame
from tui.model.target_scale import target_of
from tui.panes.base.look import Look
from tui.panes.base.maps.examples import hidden_rows, positions
from tui.panes.base.pane import Pane


class GridPane(Pane):
    """A map over two inputs or a curve over one, drawn on ``_grid``."""

    IS_MAP = WHEEL_STEPS = True

    def show(self, frame: Frame, look: Look) -> None:
        """Draw a frame. After the cursor was moved, the numbers are of it until the mouse moves."""
        if self.view is not None and not np.array_equal(self.view.cursor, frame.cursor):
            self.pointed = None
        super().show(frame, look)

    def paint(self, canvas: Canvas) -> None:
        self._grid = None  # where no map is drawn, the mouse and the keys find none
        super().paint(canvas)

    @property
    def cursor_keys(self) -> str:
        is_curve = self.view is not None and not self.view.view.flat
        return "cursor_left/cursor_right" if is_curve and self._grid else super().cursor_keys

    def move(self, dx: int, dy: int) -> None:
        """Move the cursor by so many cells, into the middle of one, as far as the last; along an
        axis on which it does not move it stays where it is."""
        frame, grid = self.view, self._grid
        if frame is None or grid is None or not (dx or frame.view.flat):
            return
        x, *y = frame.cursor
        column = min(max(grid.column(x) + dx, 0), grid.width - 1)
        row = min(max(grid.row(y[0]) + dy, 0), grid.height - 1) if y else 0
        moved = np.array([dx, dy])[: len(frame.cursor)] != 0
        middle = grid.middle(column, row)[: len(frame.cursor)]
        self.post_message(self.CursorMoved(np.where(moved, middle, frame.cursor)))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor there, and select the nearest example in that cell or beside it."""
        cell, frame, grid = self.cell_at(event), self.view, self._grid
        if cell is None or frame is None or grid is None:
            return
        self.post_message(self.CursorMoved(grid.middle(*cell)[: len(frame.cursor)]))
        row = self.example_in(cell)
        if row is not None:
            self.post_message(self.ExampleSelected(row))

    def cell_at(self, event: events.MouseEvent) -> tuple[int, int] | None:
        """The column and row of the grid's cell under the mouse, if there is one."""
        offset = event.get_content_offset(self)
        return None if offset is None else self.cell_of(*offset)

    def thing_at(self, x: int, y: int) -> tuple[int, int] | None:
        return self.cell_of(x, y)

    def draw_pointed(self) -> None:
        if self.view is not None:
            self.show_titles(self.view)

    def pointed_place(self, frame: Frame) -> Array | None:
        """Where on the view (k,) the mouse is."""
        if self.pointed is None or self._grid is None:
            return None
        return self._grid.middle(*self.pointed)[: len(frame.cursor)]

    def pointed_text(self, frame: Frame, *parts: str) -> str:
        """What holds under the mouse, and the place, which goes first where room is short; "" if
        the mouse is elsewhere."""
        place = self.pointed_place(frame)
        if place is None:
            return ""
        names = zip(frame.view.names, place.tolist(), strict=True)
        return DOT.join([*parts, *(f"{name} {num(x).strip()}" for name, x in names)])

    def selects_at(self, x: int, y: int) -> bool:
        return self.cell_of(x, y) is not None

    def cell_of(self, x: int, y: int) -> tuple[int, int] | None:
        """The column and row of the grid's cell at a cell of the pane, if there is one."""
        grid = self._grid
        if grid is None:
            return None
        column, row = x - grid.left, y
        return (column, row) if 0 <= column < grid.width and 0 <= row < grid.height else None

    def example_in(self, cell: tuple[int, int]) -> int | None:
        """The nearest example drawn in a cell or beside it."""
        frame, grid = self.view, self._grid
        if frame is None or grid is None:
            return None
        is_drawn = np.ones(len(frame.data.X), dtype=np.bool_)
        is_drawn[hidden_rows(frame)] = False
        return grid.nearest(positions(frame, target_of(frame)), cell, is_drawn)
