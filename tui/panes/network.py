"""The network pane: every unit as a small picture of what it computes, every weight as an edge."""

from dataclasses import replace
from itertools import pairwise
from math import ceil, log2

import numpy as np
from textual import events

from engine.activations import Array
from tui.canvas import Canvas
from tui.frame import Frame
from tui.layout import CAPTION, Column, Layer, Layout, Node, laid_out
from tui.numbers import num
from tui.panes.edges import draw_edges, draw_legend, edge_inks, largest
from tui.panes.grid import cut
from tui.panes.pane import Pane
from tui.raster import Raster, averaged, raster_of
from tui.target import target_of

ROUNDING = 1e-9  # an input held at its mean is 0 to the network, but for rounding


class NetworkPane(Pane):
    """Layers from left to right; the selected unit is in brackets."""

    HELP = """
Network: inputs on the left, then a⁽¹⁾ to ŷ; each picture is a unit's value all over the map.
The number at a unit is its value for the selected example (b: mean over the next batch).
Inputs and ŷ are in the data's own units; a dim second number is the input as the network sees it.
Edges are weights: blue −, orange +, thicker where larger, dotted where near 0.
↑ ↓ select a unit, h l a layer; while this pane has the focus, that unit's weights alone are lit.
"""

    def titles(self, frame: Frame) -> tuple[str, str]:
        return "Network", ""

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        draw_network(canvas, frame, self.has_focus)

    def watch_has_focus(self, has_focus: bool) -> None:
        super().watch_has_focus(has_focus)
        self.redraw()

    def move(self, dx: int, dy: int) -> None:
        if self.view is None:
            return
        layer, unit = self.view.unit
        sizes = self.view.network.sizes
        to = min(max(layer + dx, 0), len(sizes) - 1)
        # layers are centred: the nearest unit is as far from the middle
        unit += dy + round((sizes[to] - sizes[layer]) / 2)
        self.post_message(self.UnitSelected(to, min(max(unit, 0), sizes[to] - 1)))

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if self.view is None or offset is None:
            return
        clicked = layout_of(self.view, *self.size).at(*offset)
        if clicked:
            self.post_message(self.UnitSelected(*clicked))

    def on_mouse_scroll_down(self) -> None:
        self.move(0, 1)

    def on_mouse_scroll_up(self) -> None:
        self.move(0, -1)


def layout_of(frame: Frame, width: int, height: int) -> Layout:
    """Where a frame's units stand in a pane of that size."""
    sizes, data = frame.network.sizes, frame.data
    scaled = (data.x_scale.sd != 1.0).any() or (data.x_scale.mean != 0.0).any()
    inputs = Layer(sizes[0], named=True, numbers=2 if scaled else 1)
    outputs = Layer(sizes[-1], named=len(data.target_names) == sizes[-1])
    return laid_out([inputs, *map(Layer, sizes[1:-1]), outputs], frame.unit, width, height)


def draw_network(canvas: Canvas, frame: Frame, focused: bool) -> None:
    """Draw a frame's network; with the focus only the selected unit's weights are lit."""
    palette, raster = canvas.palette, raster_of(frame)
    layout = layout_of(frame, canvas.width, canvas.height)
    draw_edges(canvas, frame, layout, frame.unit if focused and frame.unit_lit else None)
    _draw_heads(canvas, frame, layout)
    for column in layout.columns:
        for node, picture in zip(
            column.nodes, _thumbnails(frame, layout, column, raster), strict=True
        ):
            if picture.ndim == 2:
                canvas.levels(node.x, node.y, picture, zero=palette.sel)
            else:
                _draw_curve(canvas, node, picture, column.pixels)
            if frame.unit_lit and (column.layer, node.unit) == frame.unit:
                _draw_brackets(canvas, layout, node, palette.hi if focused else palette.mid)
        _draw_captions(canvas, frame, layout, column)
    for x, layers in ((0, layout.before), (layout.width - 4, layout.after)):
        if layers:
            canvas.text(x, layout.height // 2, f"+ {layers}", palette.mid)
            canvas.text(x, layout.height // 2 + 1, "more", palette.mid)
    if layout.legend:
        draw_legend(canvas, frame, layout.height - 1)


# pictures


def _thumbnails(frame: Frame, layout: Layout, column: Column, raster: Raster) -> list[Array]:
    """What to draw of every unit of a column, in −1 … 1."""
    last = column.layer == len(frame.network.sizes) - 1
    samples = raster.outputs if last else raster.layers[column.layer]
    pictures = [_averaged(samples[node.unit], layout.size, column.pixels) for node in column.nodes]
    if last:
        targets = [target_of(replace(frame, unit=(column.layer, n.unit))) for n in column.nodes]
        return [t.fraction(picture) for t, picture in zip(targets, pictures, strict=True)]
    if column.layer == 0:  # each on a scale of its own, which the view's box fixes
        return [picture / max(largest([picture]), ROUNDING) for picture in pictures]
    # the layer's largest value, rounded up to a power of 2: colours then hardly ever jump
    peak = largest(pictures)
    scale = 2.0 ** min(ceil(log2(peak)), 1000) if peak else 1.0
    return [picture / scale for picture in pictures]


def _averaged(samples: Array, size: int, rows: int) -> Array:
    """The pixels (rows, size) of a thumbnail; of a line, a value for each column of dots."""
    if samples.ndim == 1:
        return averaged(samples, 2 * size)
    if rows == size:
        return averaged(samples, size)
    fine = averaged(samples, size * rows).reshape(rows, size, size, rows)
    squeezed: Array = fine.mean(axis=(1, 3))
    return squeezed


def _draw_curve(canvas: Canvas, node: Node, values: Array, pixels: int) -> None:
    """A unit of one input: its value (a dot column each) from left to right, 0 in the middle."""
    palette, width, height = canvas.palette, len(values) // 2, (pixels + 1) // 2
    touching = pixels < 2 * height
    ground = palette.bg if touching and node.unit % 2 else palette.sel
    for row in range(height):
        canvas.text(node.x, node.y + row, " " * width, ground=ground)
    finite = np.isfinite(values)
    clipped = np.clip(np.where(finite, values, 0.0), -1.0, 1.0)
    dot = np.rint((1.0 - clipped) / 2.0 * (2 * pixels - 1)).astype(int)
    before = np.append(dot[:1], dot[:-1])  # steep parts are joined to what is before
    rows = np.arange(4 * height)[:, None]
    on = (rows == dot) | (rows > np.minimum(dot, before)) & (rows < np.maximum(dot, before))
    owners = np.where(on & finite, np.arange(len(values)), -1)
    canvas.dots(node.x, node.y, owners, edge_inks(palette, clipped))


def _draw_brackets(canvas: Canvas, layout: Layout, node: Node, ink: int) -> None:
    for row in range(layout.rows):
        part = 0 if row == 0 else 2 if row == layout.rows - 1 else 1
        left, right = canvas.glyphs.left_bracket[part], canvas.glyphs.right_bracket[part]
        canvas.text(node.x - 1, node.y + row, left, ink, bold=True)
        canvas.text(node.x + layout.size, node.y + row, right, ink, bold=True)


# words and numbers


def _draw_captions(canvas: Canvas, frame: Frame, layout: Layout, column: Column) -> None:
    """Names and numbers of a column's units, and how many units do not fit."""
    palette = canvas.palette
    names = frame.data.feature_names if column.layer == 0 else frame.data.target_names
    numbers = _numbers(frame, column.layer)[: column.numbers]

    def write(y: int, text: str, ink: int, bold: bool = False) -> None:
        canvas.text(layout.caption_x(column, len(text)), y, text, ink, bold=bold)

    for node in column.nodes:
        if column.named:
            name = cut(names[node.unit], max(layout.size, CAPTION))
            write(layout.name_y(column, node), name, palette.mid)
        for i, values in enumerate(numbers):
            value = float(values[node.unit])
            ink = palette.low if i else palette.ink(value)
            bold = frame.unit_lit and (column.layer, node.unit) == frame.unit
            write(layout.number_y(column, node) + i, num(value), ink, bold)
    top, bottom = column.nodes[0].y - 1, column.nodes[-1].y + layout.rows
    for y, hidden in ((top, column.above), (bottom, column.below)):
        if hidden:
            text = f"+ {hidden} more"
            write(y, text if len(text) < layout.pitch else f"+{hidden}", palette.mid)


def _numbers(frame: Frame, layer: int) -> list[Array]:
    """a⁽ˡ⁾ of the units; of inputs and ŷ in the data's own units first."""
    a, data = frame.shown.forward.a[layer], frame.data
    if layer == 0:
        # an example's own numbers, not undone ones: 0 would come back as 1e−17
        raw = data.x_scale.undo(a) if frame.batch_mode else data.X[[frame.example]]
        return [frame.shown_row(raw), frame.shown_row(a)]
    if layer == len(frame.network.sizes) - 1:
        a = data.y_scale.undo(a)
    return [frame.shown_row(a)]


def _draw_heads(canvas: Canvas, frame: Frame, layout: Layout) -> None:
    """The symbols of the layers, with their activations where all of these fit."""
    network, glyphs = frame.network, canvas.glyphs
    hidden = range(1, len(network.sizes) - 1)
    symbols = ["x", *(f"a{glyphs.layer(layer)}" for layer in hidden), glyphs.y_hat]
    words = ["input", *network.activations, network.output]
    heads = [(symbols[column.layer], f" {words[column.layer]}") for column in layout.columns]
    places = _head_places(layout, heads)
    if any(end >= start for (_, end), (start, _) in pairwise(places)):
        heads = [(symbol, "") for symbol, _ in heads]
        places = _head_places(layout, heads)
    for (x, _), (symbol, word) in zip(places, heads, strict=True):
        canvas.text(x, 0, symbol, canvas.palette.hi, bold=True)
        canvas.text(x + len(symbol), 0, word, canvas.palette.low)


def _head_places(layout: Layout, heads: list[tuple[str, str]]) -> list[tuple[int, int]]:
    """From where to where each is: centred on its column, but inside the pane."""
    places = []
    for column, head in zip(layout.columns, heads, strict=True):
        length = len("".join(head))
        x = max(0, min(column.x + (layout.size - length) // 2, layout.width - length))
        places.append((x, x + length))
    return places
