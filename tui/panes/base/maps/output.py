"""ŷ over one or two inputs, drawn with its examples, cursor and read-out."""

from dataclasses import replace

import numpy as np

from engine.arrays import Array
from tui.drawing.canvas import Canvas
from tui.drawing.glyphs import Glyphs
from tui.drawing.grid import Grid, margin
from tui.model.activation_samples import raster_of
from tui.model.frame import Frame
from tui.model.target_scale import SPAN, Target, decisions, target_of
from tui.panes.base.maps.curve import draw_curve
from tui.panes.base.maps.examples import draw_cursor_and_example, draw_examples
from tui.panes.base.maps.legend import MarkRow, draw_key
from tui.panes.base.maps.lines import border_lines, decision_lines, dot_decision, level_lines
from tui.panes.base.maps.place import MapPlace, curve_place, map_box, map_place
from tui.panes.base.maps.read_out import draw_below, draw_cursor

BORDERS_FROM = 32  # pixels from which on the borders of regions are drawn
ROOM = 6  # pixels a region, below which they are not


def draw_output(
    canvas: Canvas,
    frame: Frame,
    may_shrink: bool = False,
    has_legend: bool = True,
    pointed: Array | None = None,
) -> Grid:
    """The map or the curve with its examples, the cursor and the read-out; returns where it is.
    The read-out is of the place (k,) that is ``pointed`` at, if any, else of the cursor."""
    target = target_of(frame)
    flat = frame.view.flat
    grid, place = map_on(canvas, frame, target, may_shrink)
    key = (draw_map if flat else draw_curve)(canvas, grid, frame, target)
    key = key if has_legend else []
    draw_cursor_and_example(canvas, grid, frame, target, canvas.glyphs.y_hat)

    shaded = target if flat and not frame.discretised else None
    if (out := place.read_out) is None:
        return grid
    at = frame if pointed is None else replace(frame, cursor=pointed)
    if place.read_out_below:
        draw_below(canvas, at, target, key, shaded, out)
    else:
        head = "cursor" if pointed is None else "mouse"
        used = draw_cursor(canvas, at, target, out.x, out.width, out.height, head)
        draw_key(canvas, key, shaded, out.x, out.width, range(used + 1, out.height))
    return grid


def output_titles(frame: Frame, glyphs: Glyphs, head: str) -> tuple[str, str, str]:
    """What the map shows, the longest form first: of one of several classes its probability."""
    inputs = ", ".join(frame.view.names)
    unit, labels = target_of(frame).unit, frame.data.target_names
    if frame.network.sizes[-1] > 1 and frame.data.task != "regression":
        label = labels[unit] if unit < len(labels) else f"class {unit + 1}"
        return f"{head} P({label} | {inputs})", f"{head} P({label})", f"P({label})"
    index = glyphs.sub(unit + 1) if frame.network.sizes[-1] > 1 else ""
    return f"{head} ŷ{index}({inputs})", f"{head} ŷ{index}", f"ŷ{index}"


def map_on(canvas: Canvas, frame: Frame, target: Target, may_shrink: bool) -> tuple[Grid, MapPlace]:
    """The grid of the map or of the curve, and where it and its read-out are."""
    box = map_box(frame, target)
    left = margin(box[1], frame.view.names[1] if frame.view.flat else canvas.glyphs.y_hat)
    size = canvas.width, canvas.height
    place = map_place(*size, left, may_shrink) if frame.view.flat else curve_place(*size, left)
    return Grid(left, place.width, place.height, box), place


def draw_map(canvas: Canvas, grid: Grid, frame: Frame, target: Target) -> list[MarkRow]:
    """ŷ over two inputs in colours, with borders and examples; returns what the marks mean."""
    raster, size = raster_of(frame), grid.width
    pixels = [raster.output(unit, size) for unit in range(len(raster.outputs))]
    regions = frame.regions
    borders = []
    if (
        size >= BORDERS_FROM
        and regions.map is not None
        and regions.step == frame.step
        and size * size >= ROOM * regions.map.activation_count
    ):
        borders = border_lines(canvas, grid, regions.map)
    margins = decisions(frame, target, pixels)
    decision = level_lines(margins)
    fill = target.fraction(pixels[target.unit])
    if frame.discretised:
        fill = _classes(target, margins or [fill]) / SPAN
    canvas.levels(grid.left, 0, fill, decision_lines(canvas, grid, decision), borders)
    dot_decision(canvas, grid, decision)
    return draw_examples(canvas, grid, frame, target)


def _classes(target: Target, margins: list[Array]) -> Array:
    """Levels −1 … 1 for the class decided for: the target's at the upper end, the others below 0,
    each at one of its own."""
    if len(margins) == 1:
        return np.sign(margins[0])
    levels = np.zeros(len(margins))
    levels[np.arange(len(margins)) != target.unit] = -np.arange(1, len(margins)) / (
        len(margins) - 1
    )
    levels[target.unit] = 1.0
    chosen: Array = levels[np.argmax(margins, axis=0)]
    return chosen
