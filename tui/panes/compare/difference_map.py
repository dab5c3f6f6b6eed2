"""The pane of screen Compare with a map of the difference between the outputs of two runs."""

from __future__ import annotations

import numpy as np

from engine.arrays import Array
from tui.drawing.canvas import Canvas
from tui.drawing.cells import first_fitting
from tui.drawing.grid import Grid, margin
from tui.drawing.numbers import num
from tui.model.activation_samples import raster_of
from tui.model.frame import Comparison, Frame
from tui.model.regions.colours import rounded_up
from tui.model.target_scale import target_of
from tui.panes.base.maps.examples import brief_key
from tui.panes.base.maps.grid_pane import GridPane
from tui.panes.base.maps.legend import draw_key_rows
from tui.panes.base.maps.place import Area, map_box, map_place
from tui.panes.base.maps.read_out import rows_below
from tui.panes.compare.output import ComparedOutput


def has_map(comparison: Comparison) -> bool:
    """Whether both runs have the same two inputs and the same outputs."""
    first, second = comparison.frames
    same = first.view.names == second.view.names and first.data.task == second.data.task
    outputs = first.network.sizes[-1] == second.network.sizes[-1]
    return first.view.flat and same and outputs and first.is_sound and second.is_sound


def difference(comparison: Comparison, size: int) -> Array:
    """ŷ of the second run less that of the first, on size × size pixels."""
    outputs = []
    for frame in comparison.frames:
        outputs.append(raster_of(frame).output(target_of(frame).unit, size))
    result: Array = outputs[1] - outputs[0]
    return result


def _difference_at(comparison: Comparison, place: Array) -> float:
    """The same at a place (k,) of the view."""
    before, after = (
        float(frame.outputs(place[None, :])[0, target_of(frame).unit])
        for frame in comparison.frames
    )
    return after - before


class DifferenceMapPane(GridPane):
    """ŷ of the second run less that of the first, on a map like those of the outputs."""

    HELP = """
Difference map: the output ŷ of the second run less that of the first, {negative_colour} where the
second has less and {positive_colour} where it has more. The scale reaches from the largest
difference to its negative, rounded up.
{cursor_left} {cursor_right} {up} {down} move the cursor of all maps, {point_typed} types its place.
"""

    def titles(self, frame: Frame) -> tuple[str, str]:
        if frame.comparison is None:
            return "Difference", ""
        first, second = (run.name for run in frame.comparison.pair)
        y_hat = self.look.glyphs.y_hat
        long, short = f"{y_hat} of {second} − {y_hat} of {first}", f"{y_hat}: {second} − {first}"
        value = ""
        if (place := self.pointed_place(frame)) is not None:
            value = f"{y_hat}: {num(_difference_at(frame.comparison, place)).strip()}"
        title = self.fitting_title(long, short, f"{y_hat}: difference")
        return title, self.pointed_text(frame, value)

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        comparison = frame.comparison
        if comparison is None or not has_map(comparison):
            return
        target = target_of(frame)
        box, names = map_box(frame, target), frame.view.names
        place = map_place(self._width(canvas), canvas.height, margin(box[1], names[1]), True)
        self._grid = grid = Grid(place.left, place.width, place.height, box)
        values = difference(comparison, grid.width)
        largest = float(np.nan_to_num(np.abs(values)).max())
        end = rounded_up(largest) if 0.0 < largest < np.inf else 1.0
        canvas.levels(grid.left, 0, values / end)
        grid.draw_cursor(canvas, frame.cursor)
        grid.draw_axes(canvas, names[0], names[1])
        if (out := place.read_out) is None:
            return
        scale = target._replace(centre=0.0, half=end) if largest else None
        self._draw_read_out(canvas, comparison, out)
        if out.height > 1:
            last = out.y + out.height - 1
            draw_key_rows(canvas, [], scale, out.x, range(last, last + 1))
            if place.read_out_below and out.height > 2:
                self._draw_marks(canvas, comparison.frames[0], out)

    def example_in(self, cell: tuple[int, int]) -> int | None:
        """None: there are no examples on it."""
        return None

    def _width(self, canvas: Canvas) -> int:
        """As many columns as the maps beside it have, so that all are of one size."""
        outputs = self.screen.query(ComparedOutput) if self.is_attached else ()
        beside = [pane.size.width for pane in outputs if pane.size.height == canvas.height]
        return min([canvas.width, *beside])

    def _draw_marks(self, canvas: Canvas, first: Frame, area: Area) -> None:
        """What the marks on the maps beside it mean, where these have no room for it."""
        target = target_of(first)
        if rows_below(canvas, first, target, area) <= 0:
            y = area.y + area.height - 2
            draw_key_rows(canvas, brief_key(canvas, first, target), None, area.x, range(y, y + 1))

    def _draw_read_out(self, canvas: Canvas, comparison: Comparison, area: Area) -> None:
        """The difference at the cursor."""
        difference = _difference_at(comparison, comparison.frames[0].cursor)
        value, palette = num(difference).strip(), canvas.palette
        room = area.width - len(value) - 1
        cursor = canvas.glyphs.cursor
        name = first_fitting((f"{cursor} difference", f"{cursor} Δ{canvas.glyphs.y_hat}"), room)
        canvas.text(area.x, area.y, name, palette.low)
        canvas.text(area.x + len(name) + 1, area.y, value, palette.ink(difference))
