"""What one unit computes, as large as the map or the curve of the output."""

from dataclasses import replace
from math import ceil, log2, nan

import numpy as np

from engine.arrays import Array
from engine.notation import Name
from engine.regions.box import rounded_range
from tui.drawing.canvas import Canvas
from tui.drawing.cells import first_fitting
from tui.drawing.grid import Grid, short
from tui.drawing.numbers import known, num
from tui.model.activation_samples import averaged, raster_of
from tui.model.frame import Frame
from tui.model.premises import finite
from tui.model.target_scale import target_of
from tui.panes.base.maps.examples import draw_examples, mark_example
from tui.panes.base.maps.legend import draw_key, draw_key_rows
from tui.panes.base.maps.output import draw_output, map_on
from tui.panes.base.maps.place import GAP, Area
from tui.panes.explore.weight_edges import largest

ROWS = 5  # of the read-out
Unit = tuple[int, int]  # layer 0 (inputs) … L, and unit


def has_unit(frame: Frame, unit: Unit) -> bool:
    """Whether the network has that unit; it may be another network by now."""
    layer, index = unit
    return layer < len(frame.network.sizes) and index < frame.network.sizes[layer]


def unit_name(frame: Frame, unit: Unit) -> str:
    """``a⁽²⁾₃``, or of an input its name."""
    layer, index = unit
    if layer == 0:
        return frame.data.feature_names[index]
    return Name("a", layer, (index + 1,)).written()


def unit_titles(frame: Frame, unit: Unit) -> tuple[str, ...]:
    """The title of its picture, the longest form first."""
    name, kind = unit_name(frame, unit), "Unit" if unit[0] else "Input"
    whole = (f"{kind} {name}({', '.join(frame.view.names)})",) * (unit[0] > 0)
    return *whole, f"{kind} {name}", name


def draw_unit(canvas: Canvas, frame: Frame, unit: Unit, may_shrink: bool) -> Grid:
    """The unit's value all over the map, on a scale of its own, or its curve; and what it is for
    the selected example. Of the output layer it is ŷ."""
    if unit[0] == len(frame.network.sizes) - 1:
        return draw_output(canvas, replace(frame, unit=unit), may_shrink)
    target, samples = target_of(frame), raster_of(frame).layers[unit[0]][unit[1]]
    grid, place = map_on(canvas, frame, target, may_shrink)
    scale, marks = None, []
    if frame.view.flat:
        values = averaged(samples, grid.width)
        # a power of 2: colours then hardly ever jump
        end = 2.0 ** min(ceil(log2(largest([values]) or 1.0)), 1000)
        canvas.levels(grid.left, 0, values / end)
        marks = draw_examples(canvas, grid, frame, target)
        mark_example(canvas, grid, frame, target)
        grid.draw_cursor(canvas, frame.cursor)
        scale = target._replace(centre=0.0, half=end, reach=1.0)
    else:
        heights = rounded_range(np.append(samples[np.isfinite(samples)], 0.0))
        grid = grid._replace(box=(grid.box[0], heights))
        grid.draw_level(canvas, 0.0)
        canvas.dots(grid.left, 0, grid.curve_dots(samples), canvas.palette.hi)
    grid.draw_axes(canvas, frame.view.names[0], frame.view.names[1] if frame.view.flat else "")
    if place.read_out is not None:
        _draw_read_out(canvas, frame, unit, samples, place.read_out)
        out = place.read_out
        if place.read_out_below:
            rows = range(out.y + 1, out.y + out.height)
            draw_key_rows(canvas, marks, scale, out.x, rows)
        else:
            draw_key(canvas, marks, scale, out.x, out.width, range(ROWS + 1, out.height))
    return grid


def _draw_read_out(canvas: Canvas, frame: Frame, unit: Unit, samples: Array, area: Area) -> None:
    """Its name, and its value for the selected example, at the cursor, and at both extremes:
    beside the map in rows, else below it in one."""
    layer, index = unit
    palette, glyphs = canvas.palette, canvas.glyphs
    at_cursor = frame.network.forward(frame.data.encode(frame.view.inputs(frame.cursor[None, :])))
    inside = samples[np.isfinite(samples)]
    low, high = (float(inside.min()), float(inside.max())) if inside.size else (nan, nan)
    values = (
        (f"{glyphs.example} example", glyphs.example, frame.single.forward.a[layer][0, index]),
        (f"{glyphs.cursor} cursor", glyphs.cursor, at_cursor.a[layer][0, index]),
        ("largest", "max", high),
        ("smallest", "min", low),
    )
    is_below, x = area.y > 0, area.x
    if not is_below:
        name = short(unit_name(frame, unit), area.width, frame.data.feature_names)
        canvas.text(x, 0, name, palette.hi, bold=True)
    for y, (whole, brief, value) in enumerate(values, start=1):
        text = known(finite(float(value)), num).strip()
        label = first_fitting((whole, brief), area.width - len(text) - 1) or brief
        if not is_below and y < area.height:
            canvas.text(x, y, label, palette.low)
            canvas.right(x + area.width, y, text, palette.ink(float(value)))
        elif is_below and x + len(label) + 1 + len(text) <= area.x + area.width:
            canvas.text(x, area.y, label, palette.low)
            canvas.text(x + len(label) + 1, area.y, text, palette.ink(float(value)))
            x += len(label) + len(text) + 1 + GAP
