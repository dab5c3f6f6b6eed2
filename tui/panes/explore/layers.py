"""The layers pane: z, a, δ and the gradients of every unit, layer by layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events

from engine import EngineError
from tui.drawing.canvas import Canvas
from tui.model.frame import Frame
from tui.panes.base.pane import Pane
from tui.panes.explore.layer_columns import OF_BATCH, OF_EXAMPLE
from tui.panes.explore.layer_lines import draw_layer_lines, layer_at, lines_shown
from tui.panes.explore.layer_numbers import numbers_of
from tui.panes.explore.layer_rows import (
    HEADS,
    RowKind,
    all_units,
    first_row,
    rows_of,
    table_columns,
)
from tui.panes.explore.layer_sum import draw_sum
from tui.panes.explore.layer_table import LayersTable

if TYPE_CHECKING:
    from tui.explain.explainable import Explainable

CHOICES = (*OF_EXAMPLE, *OF_BATCH)  # the columns that can be explained


class LayersPane(Pane):
    """A table of live numbers; the selected unit's row is lit."""

    WHEEL_MOVES = True
    HELP = """
Layers: every unit's numbers at this step.
At the left z, a and δ = ∂C_x/∂z of the selected example ({batch}: means over the next batch); at
the right ∂C/∂b and the norm of ∂C/∂w, of means over the batch that the next step will use.
Bars show the sizes in a column; below 1e−8 they are grey.
Where the target was standardised, δ and ∂C are of the standardised cost.
The line above each layer has the norms of its whole δ and ∂C/∂W.
Where there is room the weights are listed too: b, and those of the inputs.
{up} {down} select a unit, {left} {right} a column, and so does a click; {explain} says where that
number comes from. {example_back} {example_on} change the example.
{details} leaves a line for each layer, with these norms, and the count of regions.
"""

    _first_row = 0
    _column = "δ"

    def titles(self, frame: Frame) -> tuple[str, str]:
        if not frame.details:
            hidden = len(frame.network.sizes) - 1 - lines_shown(self.size.height)
            return f"Layers{f' · ↑↓ {hidden} more' if hidden > 0 else ''}", ""
        rows, height = rows_of(frame, *self.size)
        more = f" · ↑↓ {len(rows) - height} more" if len(rows) > height else ""
        units = "standardised" if (frame.data.y_scale.sd != 1.0).any() else ""
        return f"Layers{more}", units

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        if not frame.details:
            draw_layer_lines(canvas, frame)
            return
        columns, numbers = table_columns(frame, canvas.width), numbers_of(frame)
        rows, height = rows_of(frame, canvas.width, canvas.height)
        self._first_row = first = first_row(self._first_row, rows, height, frame)
        table = LayersTable(
            canvas, frame, columns, numbers, self._chosen() if frame.unit_lit else ""
        )
        table.draw_heads()
        for y, row in enumerate(rows[first : first + height], start=HEADS):
            table.draw_row(y, row, is_first=y == HEADS)
        if height > len(rows):
            draw_sum(canvas, canvas.height - 1, frame)

    def _choices(self) -> tuple[str, ...]:
        """The columns that there is room for."""
        ends = table_columns(self.view, self.size.width).ends if self.view else {}
        return tuple(name for name in CHOICES if name in ends) or CHOICES

    def _chosen(self) -> str:
        """The selected column; δ if there is no room for it."""
        return self._column if self._column in self._choices() else "δ"

    def explainable(self, frame: Frame) -> Explainable | None:
        """The number of the selected unit in the selected column."""
        from tui.explain.step import GradientNorm, StepQuantity

        layer, unit = frame.unit
        if layer == 0 or not frame.unit_lit:
            return None
        fan_in, mean = frame.network.sizes[layer - 1], frame.batch_mode
        match self._chosen() if frame.details else "δ":
            case "∂C/∂b" if not frame.network.bias:
                raise EngineError("this network has no biases, and so no ∂C/∂b")
            case "∂C/∂b":
                return StepQuantity(frame, "gradient", layer, unit, fan_in, mean)
            case "‖∂C/∂w‖":
                return GradientNorm(frame, layer, unit)
            case "z":
                return StepQuantity(frame, "z", layer, unit, batch_mode=mean)
            case "a":
                return StepQuantity(frame, "a", layer, unit, batch_mode=mean)
        return StepQuantity(frame, "delta", layer, unit, batch_mode=mean)

    def move(self, dx: int, dy: int) -> None:
        """Select another column, or another unit; where none is lit, first any."""
        frame = self.view
        if frame is None:
            return
        sizes = frame.network.sizes
        units = all_units(sizes[1:])
        layer, unit = frame.unit
        if not frame.details:
            chosen = layer + dy if frame.unit_lit else 1
            self._select(min(max(chosen, 1), len(sizes) - 1))
            return
        here = sum(sizes[1:layer]) + unit if frame.unit_lit and layer else None
        if dx:
            choices = self._choices()
            at = choices.index(self._chosen()) + dx
            self._column = choices[min(max(at, 0), len(choices) - 1)]
            self.redraw()
        if dy or here is None:
            row = units[0 if here is None else min(max(here + dy, 0), len(units) - 1)]
            self.post_message(self.UnitSelected(row.layer, row.unit or 0))

    def on_click(self, event: events.Click) -> None:
        """Select the unit drawn there, and the column."""
        offset = event.get_content_offset(self)
        if self.view is None or offset is None:
            return
        if not self.view.details:
            if layer := layer_at(self.view, offset.y, self.size.height):
                self._select(layer)
            return
        if offset.y < HEADS:
            return
        rows, _ = rows_of(self.view, *self.size)
        index = self._first_row + offset.y - HEADS
        if index >= len(rows) or (unit := rows[index].unit) is None:
            return
        if rows[index].part is RowKind.UNIT:
            ends = table_columns(self.view, self.size.width).ends
            self._column = next((c for c in self._choices() if offset.x < ends[c]), self._column)
        self.post_message(self.UnitSelected(rows[index].layer, unit))

    def _select(self, layer: int) -> None:
        """Select a layer: the unit that is selected there already, or its first."""
        assert self.view is not None
        if not (self.view.unit_lit and self.view.unit[0] == layer):
            self.post_message(self.UnitSelected(layer, 0))
