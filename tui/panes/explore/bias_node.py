"""The node that is always 1: its weight into a unit is the unit's bias."""

from __future__ import annotations

import numpy as np

from engine.network.network import Network
from tui.drawing.braille import curve_dots, edge_widths
from tui.drawing.canvas import Canvas
from tui.drawing.network_layout import Column, Layout
from tui.drawing.numbers import num
from tui.model.frame import Frame
from tui.panes.explore.weight_edges import dashed, edge_inks, largest

NODE = "1"


def draw_bias_nodes(canvas: Canvas, frame: Frame, layout: Layout) -> None:
    """A node 1 below each layer whose successor has biases, with their edges, and the value of the
    one that is selected, or is alone. None where no row is free below the layer."""
    if not frame.network.bias:
        return
    for before, after in layout.gaps:
        y = free_row(before, layout)
        if y is not None and after.layer == before.layer + 1:
            _draw_node(canvas, frame, layout, (before, after), y)


def free_row(column: Column, layout: Layout) -> int | None:
    """The row for the node below a layer's units and their numbers; None if there is none."""
    last = column.nodes[-1]
    taken = max(last.y + layout.rows, layout.number_y(column, last) + column.numbers)
    taken += column.below > 0  # a note of how many are not shown
    end = layout.height - (2 if layout.legend else 0)
    return taken if taken < end else None


def _draw_node(
    canvas: Canvas, frame: Frame, layout: Layout, gap: tuple[Column, Column], y: int
) -> None:
    before, after = gap
    network, palette = frame.network, canvas.palette
    x = before.x + layout.size // 2
    biases = network.biases[after.layer - 1][after.units]
    scale = largest(network.weights) or 1.0  # that of the other edges, and of the legend
    strengths = np.clip(np.where(np.isfinite(biases), biases, 0.0) / scale, -1.0, 1.0)
    order = np.argsort(np.abs(strengths))
    starts = np.tile([2 * x + 3.0, 4 * y + 1.5], (len(biases), 1))
    bottoms = [4.0 * (node.y + layout.rows) - 2.0 for node in after.nodes]
    ends = np.column_stack([np.full(len(biases), 2.0 * after.x - 1), bottoms])
    widths = edge_widths(np.abs(strengths[order]))
    owners = curve_dots(layout.width, layout.height, starts[order], ends[order], widths)
    if canvas.signs:
        owners = dashed(owners, strengths[order])
    canvas.dots(0, 0, owners, edge_inks(palette, strengths[order]))
    canvas.text(x, y, NODE, palette.hi, bold=True)
    text = _value_text(frame, network, after)
    if text and x + 3 + len(text) < after.x:
        canvas.text(x + 1, y, f" {text}", palette.hi)


def _value_text(frame: Frame, network: Network, after: Column) -> str:
    """b of the selected unit, or of the only one; "" if there are several."""
    layer, unit = frame.unit
    b = network.biases[after.layer - 1]
    is_selected = frame.unit_lit and layer == after.layer
    if not is_selected and len(b) > 1:
        return ""
    return f"b {num(float(b[unit if is_selected else 0])).strip()}"
