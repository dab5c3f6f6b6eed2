"""The map pane of screen Regions."""

from typing import cast

import numpy as np

from engine.arrays import Array
from tui.drawing.canvas import Canvas
from tui.drawing.grid import Box, Grid, cut, margin
from tui.drawing.numbers import num
from tui.explain.explainable import Explainable
from tui.explain.regions import cursor_numbers
from tui.model.frame import Frame
from tui.model.regions.filter import region_list
from tui.model.regions.nearest_flip import flip_at_cursor, has_flips
from tui.model.target_scale import Target, target_of
from tui.panes.base.maps.examples import draw_examples, mark_example
from tui.panes.base.maps.grid_pane import GridPane
from tui.panes.base.maps.legend import MarkRow, draw_key, draw_key_rows
from tui.panes.base.maps.lines import bending_layers
from tui.panes.base.maps.place import EDGE, GAP, MAX_WIDTH, MIN_WIDTH
from tui.panes.base.maps.read_out import piece_at
from tui.panes.regions.layer_borders import draw_layers, layer_key
from tui.panes.regions.map_fill import colouring, draw_filled
from tui.panes.regions.map_labels import draw_labels, draw_walk
from tui.panes.regions.map_legend import foot, line_samples, meanings, title_forms
from tui.panes.regions.piece_curve import draw_pieces, legend_rows, pieces_grid

BESIDE_FROM = 12  # rows from which on it holds all there is beside the map
KNOT_FROM = 42, 68  # columns from which on a curve's legend has room for a knot; one of classes


class RegionMapPane(GridPane):
    """A map of the regions over two inputs, or the pieces of the curve over one."""

    HELP = """
Regions: in each the network is one affine map. Its number, by area, is that of the table.
While training plays each region keeps its number, which the table shows.
The cursor selects the region it lies in; {cursor_left} {cursor_right} {up} {down} and a click
move it, {point_typed} types its place.
On a border a unit switches, of the layer named below. Along the brightest line the decision flips.
Of it the point nearest to the cursor is marked.
{colour} colours by the output, by which units are on (neighbours always differ), by how steep the
network is, or by the layer that makes each border. What {filter} filters out is faint.
{walk} starts a walk at A, which ends at the cursor, with a mark at every border on its way.
{explain} explains the map at the cursor; ↓ there leads on to how far the flip is, the jump at the
nearest border, and the curvature.
With the mouse on the map, the numbers under it stand at the lower right; the wheel steps in time.
Of one input you see the curve: at each knot stands the number of the piece to its right.
"""

    def titles(self, frame: Frame) -> tuple[str, str]:
        width, height = self.size
        beside, rows = _legend_place(width, height, _left_of(frame))
        has_samples = bool(rows) or (beside and height >= BESIDE_FROM)
        if not frame.view.flat:
            has_samples = (
                legend_rows(height) > 0 and width >= KNOT_FROM[frame.data.task != "regression"]
            )
        texts = meanings(frame, self.look, has_samples)
        titles = title_forms(frame, self.look.glyphs)
        if (place := self.pointed_place(frame)) is not None:
            title = self.fitting_title(*titles) if self.gutter.bottom else "Regions"
            return title, self.pointed_text(frame, *_at(frame, place))
        return self.fitting_title(*titles), self.fitting_title(*texts, "")

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        with np.errstate(all="ignore"):  # a diverging network's numbers may overflow
            self._draw(canvas, frame)

    def explainable(self, frame: Frame) -> Explainable:
        """The affine map at the cursor, the nearest flip, the jump at the nearest border, the
        curvature."""
        return cursor_numbers(frame)

    def _draw(self, canvas: Canvas, frame: Frame) -> None:
        target, names, flat = target_of(frame), frame.view.names, frame.view.flat
        self._grid = grid = (_map_grid if flat else pieces_grid)(canvas, frame, target)
        key = (_draw_map if flat else draw_pieces)(canvas, grid, frame, target)
        key += _mark_flip(canvas, grid, frame, target)
        grid.draw_axes(canvas, names[0], names[1] if flat else canvas.glyphs.y_hat)
        x = grid.left + grid.width + GAP
        width = min(canvas.width - x, MAX_WIDTH)
        scale = target if flat and colouring(frame) == "output" else None
        if flat and width >= MIN_WIDTH:
            draw_key(canvas, key, scale, x, width, range(grid.height))
        else:
            draw_key_rows(canvas, key, scale, grid.left, range(grid.height + 1, canvas.height))


def _at(frame: Frame, place: Array) -> list[str]:
    """ŷ at a place (k,), and the number of its region or piece."""
    unit = target_of(frame).unit
    piece = None if frame.playing else piece_at(frame, place, unit)
    kind = "region" if frame.view.flat else "piece"
    y_hat = num(float(frame.outputs(place[None, :])[0, unit])).strip()
    return [f"ŷ {y_hat}", *([f"{kind} {piece.number}"] if piece else [])]


def _left_of(frame: Frame) -> int:
    """The columns at the left of a map."""
    return margin(cast(Box, frame.view.box)[1], frame.view.names[1]) if frame.view.flat else 0


def _legend_place(width: int, height: int, left: int) -> tuple[bool, int]:
    """Whether the legend has its columns beside the largest square map; else its rows below."""
    if width - left - GAP - MIN_WIDTH >= 2 * (height - 1):
        return True, 0
    return False, legend_rows(height)


def _map_grid(canvas: Canvas, frame: Frame, target: Target) -> Grid:
    """The largest square that fits, with its legend."""
    left = _left_of(frame)
    _, rows = _legend_place(canvas.width, canvas.height, left)
    size = max(2, min(2 * (canvas.height - 1 - rows), canvas.width - left - EDGE))
    return Grid(left, size - size % 2, size // 2, cast(Box, frame.view.box))


def _draw_map(canvas: Canvas, grid: Grid, frame: Frame, target: Target) -> list[MarkRow]:
    """Regions and numbers, examples, walk and cursor; returns the rows of the legend."""
    by_layer = colouring(frame) == "layer"
    (draw_layers if by_layer else draw_filled)(canvas, grid, frame, target)
    key = draw_examples(canvas, grid, frame, target)
    mark_example(canvas, grid, frame, target)
    draw_walk(canvas, grid, frame)
    listed = region_list(frame)
    if listed is not None and not frame.playing:  # when they would hop
        # in ASCII the borders by layer are digits, too
        draw_labels(canvas, grid, listed, frame.cursor, by_layer and canvas.glyphs.ascii)
    grid.draw_cursor(canvas, frame.cursor)
    lines = [cut(text, grid.width) for text in foot(frame)]
    for y, line in enumerate(lines, start=grid.height - len(lines)):
        canvas.text(grid.left, y, line, canvas.palette.hi, canvas.palette.bg)
    if by_layer:
        rows = layer_key(canvas, frame)
        key = [rows[l - 1] for l in bending_layers(frame.network)] + key
    beside = canvas.width - grid.left - grid.width - GAP
    return (
        line_samples(canvas, frame, min(beside, MAX_WIDTH) if beside >= MIN_WIDTH else grid.width)
        + key
    )


def _mark_flip(canvas: Canvas, grid: Grid, frame: Frame, target: Target) -> list[MarkRow]:
    """Mark the nearest flip, but not over the cursor, nor while playing, when it would hop; returns
    its row of the legend."""
    flip = None if frame.playing or not has_flips(frame) else flip_at_cursor(frame)
    if flip is None:
        return []
    here, there = frame.cursor, flip.point
    if not frame.view.flat:
        here = np.append(here, frame.output_at_cursor(target.unit))
        there = np.append(there, target.centre)
    column, row = grid.column(there[0]), grid.row(there[1])
    if (column, row) == (grid.column(here[0]), grid.row(here[1])):
        return []
    palette, mark = canvas.palette, canvas.glyphs.flip
    canvas.text(grid.left + column, row, mark, palette.hi, palette.bg)
    return [(mark, palette.hi, "nearest flip", palette.low)]
