"""The map of regions as border lines in dots, in the style of the layer that makes each."""

from dataclasses import dataclass

import numpy as np

from tui.drawing.braille import line_dots
from tui.drawing.canvas import Canvas
from tui.drawing.grid import Grid
from tui.drawing.palette import mix
from tui.model.frame import Frame
from tui.model.regions.colours import layer_inks
from tui.model.regions.filter import region_list
from tui.model.target_scale import Target
from tui.panes.base.maps.legend import MarkRow
from tui.panes.base.maps.lines import cells_where, decision_segments, in_pixels
from tui.panes.regions.map_fill import STALE, outline, pixel_regions

WIDTHS = (
    2,
    1,
    0,
)  # dots of the borders by layers 1, 2 and deeper: see tui.drawing.braille.line_dots
DECISION, OUTLINE = 3, 2


@dataclass(frozen=True)
class Pen:
    """How a kind of line is drawn."""

    ink: int
    width: int
    sign: str  # in ASCII


def draw_layers(canvas: Canvas, grid: Grid, frame: Frame, target: Target) -> None:
    """Draw the borders and the decision, with a lighter ground in the selected region."""
    listed, size, palette = region_list(frame), grid.width, canvas.palette
    assert listed is not None
    regions = listed.map
    if listed.selected is not None:
        inside = pixel_regions(regions, grid.box, size) == listed.ids[listed.selected]
        canvas.ground[cells_where(inside[0::2] & inside[1::2], canvas, grid)] = palette.sel

    # later pens draw over earlier ones: filtered regions, layers from the deepest on, the others
    layers = _layer_pens(canvas, frame)
    pens = [
        Pen(palette.line, WIDTHS[-1], "."),
        *reversed(layers),
        Pen(palette.hi, DECISION, "#"),
        Pen(palette.hi, OUTLINE, "@"),
    ]
    edge_pens = 1 + len(layers) - regions.edge_layers
    edge_pens[~listed.shown[listed.ranks[regions.edge_regions]].any(axis=1)] = 0
    order = np.argsort(edge_pens, kind="stable")
    decision = decision_segments(frame, target, grid.box, size)
    sides = in_pixels(outline(listed), grid.box, size)
    segments = np.concatenate([in_pixels(regions.edges[order], grid.box, size), decision, sides])
    segment_pens = np.concatenate(
        [edge_pens[order], np.repeat([len(pens) - 2, len(pens) - 1], [len(decision), len(sides)])]
    )
    widths = np.array([pen.width for pen in pens])
    owners = line_dots(size, grid.height, 2.0 * segments, widths[segment_pens])
    owners = np.where(owners < 0, -1, segment_pens[owners])
    canvas.dots(grid.left, 0, owners, [pen.ink for pen in pens])
    if canvas.glyphs.ascii:
        highest = owners.reshape(grid.height, 4, size, 2).max(axis=(1, 3))
        for i, pen in enumerate(pens):
            rows, columns = cells_where(highest == i, canvas, grid)
            canvas.marks(columns, rows, pen.sign, pen.ink)


def layer_key(canvas: Canvas, frame: Frame) -> list[MarkRow]:
    """Rows of the legend: the layer of each kind of border."""
    glyphs, low = canvas.glyphs, canvas.palette.low
    return [
        (pen.sign if glyphs.ascii else glyphs.bar, pen.ink, f"a{glyphs.layer(l)}", low)
        for l, pen in enumerate(_layer_pens(canvas, frame), start=1)
    ]


def _layer_pens(canvas: Canvas, frame: Frame) -> list[Pen]:
    """The pens for the borders by layers 1, 2, …"""
    palette = canvas.palette
    inks = layer_inks(palette, len(frame.network.sizes) - 2)
    if frame.regions.step != frame.step:
        inks = mix(palette.bg, inks, STALE)
    return [
        Pen(ink, WIDTHS[min(l, len(WIDTHS)) - 1], str(min(l, 9)))
        for l, ink in enumerate(inks.tolist(), start=1)
    ]
