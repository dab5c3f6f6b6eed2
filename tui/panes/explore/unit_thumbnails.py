"""The units of a network: small pictures of what they compute, with names and numbers."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from math import ceil, log2
from typing import NamedTuple

import numpy as np

from engine.arrays import Array, Ints
from tui.drawing.canvas import Canvas
from tui.drawing.grid import short
from tui.drawing.network_layout import Column, Layout, Node
from tui.drawing.palette import mix
from tui.model.activation_samples import Raster, averaged, raster_of
from tui.model.frame import Frame
from tui.model.target_scale import target_of
from tui.panes.explore.weight_edges import largest

ROUNDING = 1e-9  # an input held at its mean is 0 to the network, but for rounding
ZEBRA = 0.5  # likewise, of every other unit where curves touch


class Caption(NamedTuple):
    """A number under a unit, or a mark in its place."""

    text: str
    ink: int
    bold: bool = False


# pictures


def draw_pictures(canvas: Canvas, frame: Frame, layout: Layout) -> None:
    """What every unit that is shown computes, all over the map."""
    raster, rows = raster_of(frame), layout.rows
    darker = int(mix(canvas.palette.thumbnail, canvas.palette.bg, ZEBRA))
    for column in layout.columns:
        pictures = _thumbnails(frame, layout, column, raster)
        touching = any(b.y - a.y == rows for a, b in pairwise(column.nodes))
        is_positive = all((picture >= 0.0).all() for picture in pictures)
        for node, picture in zip(column.nodes, pictures, strict=True):
            if picture.ndim == 2:
                canvas.levels(node.x, node.y, picture, zero=canvas.palette.thumbnail)
            else:
                ground = darker if touching and node.unit % 2 else canvas.palette.thumbnail
                draw_sparkline(canvas, node.x, node.y, picture, rows, is_positive, ground)


def fade(canvas: Canvas, layout: Layout, node: Node) -> None:
    """Dim the picture of a unit."""
    cells = np.s_[node.y : node.y + layout.rows, node.x : node.x + layout.size]
    for colours in (canvas.ink, canvas.ground):
        colours[cells] = canvas.palette.faded(colours[cells])


def draw_brackets(canvas: Canvas, layout: Layout, node: Node, ink: int) -> None:
    """Brackets about a unit's picture."""
    for row in range(layout.rows):
        part = 0 if row == 0 else 2 if row == layout.rows - 1 else 1
        left, right = canvas.glyphs.left_bracket[part], canvas.glyphs.right_bracket[part]
        canvas.text(node.x - 1, node.y + row, left, ink, bold=True)
        canvas.text(node.x + layout.size, node.y + row, right, ink, bold=True)


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


def draw_sparkline(
    canvas: Canvas, x: int, y: int, values: Array, rows: int, is_positive: bool, ground: int
) -> None:
    """A unit of one input: its values, one for each column of dots, over a dotted line at 0, which
    is in the middle or, if all units of the layer ``is_positive``, at the bottom.

    Heights are on the unit's own scale: in so few dots a shape is seen only if it is as high as
    there is room for.
    """
    palette, finite = canvas.palette, np.isfinite(values)
    heights = np.clip(np.where(finite, values, 0.0), -1.0, 1.0)
    heights /= max(largest([heights]), ROUNDING)
    dot = sparkline_dots(np.append(heights, 0.0), 4 * rows, is_positive)
    dot, zero = dot[:-1], dot[-1]
    before = np.append(dot[:1], dot[:-1])  # steep parts are joined to what is before
    row, column = np.arange(4 * rows)[:, None], np.arange(len(values))
    on = (row == dot) | (row > np.minimum(dot, before)) & (row < np.maximum(dot, before))
    owners = np.where(on & finite, column + 1, -1)
    owners[(owners < 0) & (row == zero) & (column % 2 == 0)] = 0
    for below in range(rows):
        canvas.text(x, y + below, " " * (len(values) // 2), ground=ground)
    signs = np.array([palette.negative, palette.low, palette.positive], dtype=np.int32)
    inks = signs[np.sign(np.rint(heights / ROUNDING)).astype(int) + 1]
    canvas.dots(x, y, owners, np.append(palette.low, inks))


def sparkline_dots(values: Array, height: int, is_positive: bool) -> Ints:
    """The rows of dots, of so many, of values in −1 … 1, or in 0 … 1 if ``is_positive``."""
    depths = 1.0 - values if is_positive else (1.0 - values) / 2.0
    return np.rint(depths * (height - 1)).astype(np.int64)


# words and numbers


def draw_captions(
    canvas: Canvas,
    frame: Frame,
    layout: Layout,
    column: Column,
    captions: Sequence[Sequence[Caption]],
) -> None:
    """Names and numbers of a column's units, and how many units do not fit.

    ``captions`` are rows of them, the uppermost first, one for each unit that is shown.
    """
    palette = canvas.palette
    names = frame.data.feature_names if column.layer == 0 else frame.data.target_names

    def write(y: int, text: str, ink: int, bold: bool = False) -> None:
        canvas.text(layout.caption_x(column, len(text)), y, text, ink, bold=bold)

    for i, node in enumerate(column.nodes):
        if column.named:
            room = layout.name_room(column)
            write(layout.name_y(column, node), short(names[node.unit], room, names), palette.mid)
        for below, row in enumerate(captions[: column.numbers]):
            write(layout.number_y(column, node) + below, row[i].text, row[i].ink, row[i].bold)
    top, bottom = column.nodes[0].y - 1, column.nodes[-1].y + layout.rows
    for y, hidden in ((top, column.above), (bottom, column.below)):
        if hidden:
            text = f"+ {hidden} more"
            fits = len(text) < layout.pitch and layout.is_clear(column, len(text))
            write(y, text if fits else f"+{hidden}", palette.mid)


def draw_heads(canvas: Canvas, frame: Frame, layout: Layout) -> None:
    """The symbols of the layers, with their activations where all of these fit; and how many
    layers do not."""
    network, glyphs, palette = frame.network, canvas.glyphs, canvas.palette
    hidden = range(1, len(network.sizes) - 1)
    symbols = ["x", *(f"a{glyphs.layer(layer)}" for layer in hidden), glyphs.y_hat]
    words = ["input", *network.activations, network.output]
    heads = [(symbols[column.layer], f" {words[column.layer]}") for column in layout.columns]
    places = _head_places(layout, heads)
    if any(end >= start for (_, end), (start, _) in pairwise(places)):
        heads = [(symbol, "") for symbol, _ in heads]
        places = _head_places(layout, heads)
    for (x, _), (symbol, word) in zip(places, heads, strict=True):
        canvas.text(x, 0, symbol, palette.hi, bold=True)
        canvas.text(x + len(symbol), 0, word, palette.low)
    for x, layers in ((0, layout.before), (layout.width - 4, layout.after)):
        if layers:
            canvas.text(x, layout.height // 2, f"+ {layers}", palette.mid)
            canvas.text(x, layout.height // 2 + 1, "more", palette.mid)


def _head_places(layout: Layout, heads: list[tuple[str, str]]) -> list[tuple[int, int]]:
    """From where to where each is: centred on its column, but inside the pane."""
    places = []
    for column, head in zip(layout.columns, heads, strict=True):
        length = len("".join(head))
        x = max(0, min(column.x + (layout.size - length) // 2, layout.width - length))
        places.append((x, x + length))
    return places
