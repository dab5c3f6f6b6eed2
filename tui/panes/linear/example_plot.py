"""Base class of the plots of screen Linear in which the training examples lie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from textual import events

from engine.arrays import Array, Ints
from tui.model.frame import Frame
from tui.panes.base.plot_pane import PlotPane


@dataclass(frozen=True, eq=False)
class Examples:
    """Where examples x, y (n,) lie, the most extreme first, and their rows (n,) of the data."""

    x: Array
    y: Array
    rows: Ints


class ExamplePlot(PlotPane):
    """The arrow keys and a click select an example: the cursor of the plot."""

    IS_MAP = True

    def examples(self, frame: Frame) -> Examples | None:
        """The examples; None where there is no plot."""
        raise NotImplementedError

    def move(self, dx: int, dy: int) -> None:
        """Select an example: down, the next less extreme; right, the next by x."""
        shown = None if self.view is None else self.examples(self.view)
        if self.view is None or shown is None:
            return
        rows = shown.rows
        if dx:
            rows = rows[np.argsort(shown.x, kind="stable")]
        at = np.flatnonzero(rows == self.view.example)
        target = int(np.clip(at[0] + dx + dy, 0, len(rows) - 1)) if len(at) else 0
        self.post_message(self.ExampleSelected(int(rows[target])))

    def on_click(self, event: events.Click) -> None:
        """Select the nearest example in that cell or beside it."""
        offset, grid, frame = event.get_content_offset(self), self._grid, self.view
        shown = None if frame is None else self.examples(frame)
        if offset is None or grid is None or shown is None:
            return
        cell = offset.x - grid.left, offset.y
        nearest = grid.nearest(np.column_stack([shown.x, shown.y]), cell)
        if nearest is not None:
            self.post_message(self.ExampleSelected(int(shown.rows[nearest])))
