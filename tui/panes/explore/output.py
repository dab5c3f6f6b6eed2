"""The output pane: ŷ over the plane or line of inputs that is shown, with the examples on it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from textual import events, on

from engine.arrays import Array
from tui.drawing.canvas import Canvas
from tui.drawing.grid import Grid
from tui.model.frame import Frame
from tui.model.target_scale import class_names, target_of
from tui.panes.base.maps.examples import positions
from tui.panes.base.maps.grid_pane import GridPane
from tui.panes.base.maps.output import draw_output, output_titles
from tui.panes.base.messages import FrameMessage
from tui.panes.base.pane import NamedNumbers
from tui.panes.explore.unit_picture import Unit, draw_unit, has_unit, unit_titles

if TYPE_CHECKING:
    from tui.explain.explainable import Explainable


class OutputPane(GridPane):
    """A map of ŷ over two inputs, or its curve over one, with the examples and a cursor."""

    HELP = """
Output: the network's ŷ over the inputs, {negative_fill} below and {positive_fill}
above the middle of the scale. Dots are examples by their target, squares are test examples; a
cross is in the wrong class, and beside it stands how many are. Of several classes each has a
letter, a capital for a test example; the shades are for the class of the selected output.
The brightest line is where the decision flips, fainter ones border the linear regions, where
these can be told apart.
{cursor_left} {cursor_right} {up} {down} move the cursor, {point_typed} types its place; beside
the map or below it stands what holds there; flip: how far the nearest place is at which the
decision flips, if there are at most 500 regions. A click puts the cursor somewhere, and selects
an example that lies there; {pick_example} selects the nearest.
{add_example} adds an example at the cursor, {delete_example} deletes the nearest, {move_example}
moves the selected one here, {edit_back} takes that back: each begins a new run from the present
weights. ctrl+click adds, dragging moves too.
{plane} shows another plane, where there are more than two inputs. {discretise} leaves out the
shades: only the class decided for (of a number: above or below the middle) is shown. {test_data}
hides the test examples.
With the mouse on a unit of the network its picture is shown here; on a cell of the map, the numbers
are of that cell. The wheel steps in time.
"""

    has_legend = True

    @dataclass
    class ExamplePlaced(FrameMessage):
        """An example should be added at a point (2,) of the map, or of the curve's plot."""

        REFERS_TO = ("view",)
        point: Array

    @dataclass
    class ExampleMoved(FrameMessage):
        """An example, a row of the data, should be moved to such a point."""

        REFERS_TO = ("view", "data")
        row: int
        point: Array

    _unit: Unit | None = None  # whose picture is shown in place of the output
    MAY_SHRINK: ClassVar[bool] = False  # whether its map does, so that the read-out fits
    _held: int | None = None  # the example that the mouse drags
    _last_grid: Grid | None = None  # of what was drawn before
    _from = _to = (0, 0)  # the cells, column and row, between which it does

    def titles(self, frame: Frame) -> tuple[str, str]:
        hovered, sizes = self._unit, frame.network.sizes
        if hovered and has_unit(frame, hovered):
            if hovered[0] < len(sizes) - 1:
                return self.fitting_title(*unit_titles(frame, hovered)), "under the mouse"
            frame = replace(frame, unit=hovered)
        return self.fitting_title(
            *output_titles(frame, self.look.glyphs, "Output")
        ), frame.view.note

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        with np.errstate(all="ignore"):  # a diverging network's numbers may overflow
            self._draw(canvas, frame)

    def explainable(self, frame: Frame) -> Explainable:
        """ŷ at the cursor."""
        from tui.explain.network import cursor_output

        return cursor_output(frame)

    def numbers(self, frame: Frame) -> NamedNumbers:
        """The cursor's place, and ŷ there, in the data's own units."""
        outputs = frame.outputs(frame.cursor[None, :])[0].tolist()
        if len(outputs) == 1:
            names = ["ŷ"]
        elif frame.data.task == "regression":
            names = [f"ŷ{self.look.glyphs.sub(k)}" for k in range(1, len(outputs) + 1)]
        else:
            names = [f"P({name})" for name in class_names(frame)]
        places = zip(frame.view.names, frame.cursor.tolist(), strict=True)
        return [*places, *zip(names, outputs, strict=True)]

    # the mouse

    def show_unit(self, unit: Unit | None) -> None:
        """Show the picture of a unit, or the output again."""
        if unit != self._unit:
            self._unit = unit
            if self.view is not None:
                self.show(self.view, self.look)

    def draw_pointed(self) -> None:
        self.redraw()

    @on(events.MouseDown)
    def _take(self, event: events.MouseDown) -> None:
        """Take hold of the example that lies there."""
        cell = self.cell_at(event)
        self._from = self._to = cell or (0, 0)
        if cell is not None and event.button == 1 and not event.ctrl:
            self._held = self.example_in(cell)
            self.capture_mouse(self._held is not None)

    @on(events.MouseMove)
    def _drag(self, event: events.MouseMove) -> None:
        """Let the cursor go with the mouse while that drags an example."""
        cell = self.cell_at(event)
        if self._held is not None and self.view and cell is not None and cell != self._to:
            self._to = cell
            self.post_message(self.CursorMoved(self._dropped()[: len(self.view.cursor)]))

    @on(events.MouseUp)
    def _drop(self, event: events.MouseUp) -> None:
        """Leave the example there; outside the grid it stays where it was."""
        self.release_mouse()
        if self._held is not None and self.cell_at(event) == self._to != self._from:
            self.post_message(self.ExampleMoved(self._held, self._dropped()))
        self._held = None

    @on(events.Click)
    def _place(self, event: events.Click) -> None:
        """With ctrl add an example; after a drag do nothing more."""
        cell, grid = self.cell_at(event), self._grid
        if event.ctrl or self._to != self._from:
            event.prevent_default()
        if event.ctrl and cell is not None and grid is not None:
            self.post_message(self.ExamplePlaced(grid.middle(*cell)))

    def _dropped(self) -> Array:
        """Where the example that is held lies now: as many cells from where it was as the mouse."""
        frame, grid, row = self.view, self._grid, self._held
        assert frame is not None and grid is not None and row is not None
        (x, y), (to_x, to_y) = self._from, self._to
        here: Array = positions(frame, target_of(frame))[row]
        return here + grid.steps * [to_x - x, y - to_y]

    def _draw(self, canvas: Canvas, frame: Frame) -> None:
        if self._unit and has_unit(frame, self._unit):
            self._grid = draw_unit(canvas, frame, self._unit, self.MAY_SHRINK)
            return
        self._grid, self._last_grid = self._last_grid, None  # where the mouse is
        place = self.pointed_place(frame)
        self._grid = self._last_grid = draw_output(
            canvas, frame, self.MAY_SHRINK, self.has_legend, place
        )
