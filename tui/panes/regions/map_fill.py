"""The map of regions in pixels: filled by output, pattern or slope, with borders drawn over it."""

from functools import lru_cache

import numpy as np

from engine import RegionMap
from engine.arrays import Array, Ints
from tui.drawing.braille import line_coverage
from tui.drawing.canvas import Canvas
from tui.drawing.colours.half_cells import PixelLine
from tui.drawing.grid import Box, Grid
from tui.drawing.palette import RGB
from tui.model.activation_samples import raster_of
from tui.model.frame import Frame
from tui.model.regions.colours import PATTERN_SIGNS, pattern_codes, pattern_fills, rounded_up
from tui.model.regions.filter import region_list
from tui.model.regions.list import RegionList
from tui.model.target_scale import Target
from tui.panes.base.maps.lines import (
    border_lines,
    cells_where,
    decision_lines,
    decision_segments,
    dot_decision,
    in_pixels,
)

STALE = 0.4  # strength of the borders of an earlier step
FILTERED = 0.75  # part of the background mixed into regions that are filtered out
OUTLINE = 1.6  # width in pixels, of the selected region


def colouring(frame: Frame) -> str:
    """What the map is coloured by: the output if there are no regions."""
    return frame.colour_by if frame.regions.map is not None else "output"


def slope_end(listed: RegionList) -> float:
    """The upper end of the scale of slopes; the lower is 0."""
    steepest = float(np.nan_to_num(listed.steepness).max())
    return rounded_up(steepest) if 0.0 < steepest < np.inf else 1.0


def draw_filled(canvas: Canvas, grid: Grid, frame: Frame, target: Target) -> None:
    """Fill the map by output, region or slope, and draw the borders over it."""
    listed, size = region_list(frame), grid.width
    decision = decision_segments(frame, target, grid.box, size)
    lines = _lines(canvas, grid, listed, decision)
    borders = _borders(canvas, grid, frame, listed)
    kind = colouring(frame)
    if listed is None or kind == "output":
        values = target.fraction(raster_of(frame).output(target.unit, size))
        canvas.levels(grid.left, 0, values, lines, borders)
    elif kind == "slope":
        steepness = listed.steepness[listed.ranks] / slope_end(listed)
        shown = pixel_regions(listed.map, grid.box, size)
        canvas.levels(grid.left, 0, steepness[shown], lines, borders, sizes=True)
    else:
        codes = pattern_codes(listed.map.patterns)[pixel_regions(listed.map, grid.box, size)]
        _draw_patterns(canvas, grid, codes, lines, borders)
    dot_decision(canvas, grid, decision)


@lru_cache(maxsize=2)
def pixel_regions(regions: RegionMap, box: Box, size: int) -> Ints:
    """(size, size): the region at the middle of each pixel."""
    (x_low, x_high), (y_low, y_high) = box
    parts = (np.arange(size) + 0.5) / size
    x, y = np.meshgrid(x_low + parts * (x_high - x_low), y_high - parts * (y_high - y_low))
    return regions.locate(np.column_stack([x.ravel(), y.ravel()])).reshape(size, size)


def outline(listed: RegionList) -> Array:
    """The sides (m, 4) of the selected region."""
    if listed.selected is None:
        return np.empty((0, 4))
    corners = listed.map.polygons[listed.ids[listed.selected]]
    return np.concatenate([corners, np.roll(corners, -1, axis=0)], axis=1)


def _borders(
    canvas: Canvas, grid: Grid, frame: Frame, listed: RegionList | None
) -> list[PixelLine]:
    """The borders of the regions, faint where they are dense or of another step."""
    if listed is None:
        return []
    strength = 1.0 if frame.regions.step == frame.step else STALE
    return border_lines(canvas, grid, listed.map, strength)


def _lines(
    canvas: Canvas, grid: Grid, listed: RegionList | None, decision: Array
) -> list[PixelLine]:
    """The lines over the borders: shade of filtered regions, decision, selected region."""
    size, palette, lines = grid.width, canvas.palette, list[PixelLine]()
    if listed is not None and not listed.shown.all():
        shown = listed.shown[listed.ranks][pixel_regions(listed.map, grid.box, size)]
        lines.append((np.where(shown, 0.0, FILTERED), palette.bg))
    lines += decision_lines(canvas, grid, decision)
    if listed is not None:
        # sides on the border of the box are drawn inside it
        sides = np.clip(in_pixels(outline(listed), grid.box, size), 0.5, size - 0.5)
        lines.append((line_coverage(size, size, sides, OUTLINE), palette.hi))
    return lines


def _draw_patterns(
    canvas: Canvas, grid: Grid, codes: Ints, lines: list[PixelLine], borders: list[PixelLine]
) -> None:
    """Fill by pattern: with colours, or signs if there are no colours to see."""
    fills: RGB = (
        pattern_fills(canvas.palette) if not canvas.signs else np.full(16, canvas.palette.bg)
    )
    canvas.pixels(grid.left, 0, fills[codes], lines, borders)
    if canvas.signs:
        for code, sign in enumerate(PATTERN_SIGNS):
            rows, columns = cells_where(codes[0::2] == code, canvas, grid)
            canvas.marks(columns, rows, sign, canvas.palette.low)
