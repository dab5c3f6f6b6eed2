"""A table pane that owns its selection, and a table with fixed lines below its rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from textual import events

from tui.drawing.canvas import Canvas
from tui.drawing.table import Sheet, Table
from tui.drawing.text_lines import Line, draw_line
from tui.model.frame import Frame
from tui.panes.base.pane import NamedNumbers
from tui.panes.base.table_pane import TablePane

if TYPE_CHECKING:  # they import the statistics
    from engine import GlmFit, OlsFit
    from engine.arrays import Array

SIGNIFICANT = 0.05  # a coefficient's p below it is highlighted


@dataclass(frozen=True, eq=False)
class FootedTable(Table):
    """``below`` makes of the selected row the lines that stay at the bottom, always ``foot_room``
    of them, so that the rows keep their places.

    Without colour the selected row is marked in its first cell, which rows must leave blank.
    """

    foot_room: int = 0
    below: Callable[[int], Sequence[Line]] = lambda i: ()

    def room(self, height: int) -> int:
        return max(1, super().room(height) - self.foot_room)

    def draw(self, canvas: Canvas, first: int) -> None:
        super().draw(canvas, first)
        if self.selected and not canvas.colour:
            y = self.selected.start - first + bool(self.head)
            canvas.text(0, y, canvas.glyphs.marker_right)
        lines = self.below(self.selected.start)[: self.foot_room]
        for y, line in enumerate(lines, start=canvas.height - self.foot_room):
            draw_line(canvas, y, line)


class ChoicePane(TablePane):
    """The arrow keys and a click select a row; the selection belongs to the pane alone."""

    _chosen = 0

    def _table(self, frame: Frame, sheet: Sheet) -> Table:
        table = super()._table(frame, sheet)
        if not isinstance(table, FootedTable) or not table.count:
            return table
        chosen = min(self._chosen, table.count - 1)
        return replace(table, selected=range(chosen, chosen + 1))

    def move(self, dx: int, dy: int) -> None:
        """Select the row above or below; a text in place of a table scrolls."""
        table = self._known[2] if self._known else None
        if not isinstance(table, FootedTable):
            super().move(dx, dy)
        elif dy:
            self._choose(min(self._chosen, table.count - 1) + dy, table)

    def on_click(self, event: events.Click) -> None:
        """Select the row."""
        offset, table = event.get_content_offset(self), self._known[2] if self._known else None
        if offset is None or not isinstance(table, FootedTable):
            return
        y = offset.y - bool(table.head)
        if 0 <= y < table.room(self.size.height) and self._first + y < table.count:
            self._choose(self._first + y, table)

    def _choose(self, row: int, table: Table) -> None:
        self._chosen = max(0, min(row, table.count - 1))
        if self.view is not None:
            self.show(self.view, self.look)  # the titles may tell of it


def coefficient_numbers(
    fit_name: str, fit: OlsFit | GlmFit, network: Array | None, row: int
) -> NamedNumbers:
    """The coefficients of a term: of a fit, and of the network where it has them."""
    row = min(row, len(fit.names) - 1)
    numbers = [(f"{fit_name} {fit.names[row]}", float(fit.coefficients[row]))]
    return numbers if network is None else [*numbers, ("network", float(network[row]))]
