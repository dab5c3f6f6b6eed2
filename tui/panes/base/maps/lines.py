"""Lines on a map over two inputs: the borders of regions, and where the decision flips."""

from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from engine import Network, RegionMap
from engine.arrays import Array, Bools, Ints
from tui.drawing.braille import line_coverage, line_dots
from tui.drawing.canvas import Canvas
from tui.drawing.colours.half_cells import PixelLine
from tui.drawing.colours.terminal import COLOURS_256, contrast_shown
from tui.drawing.grid import Box, Grid
from tui.model.activation_samples import level_segments, raster_of
from tui.model.frame import Frame
from tui.model.target_scale import Target, decision, decisions

ROOMY = 30.0  # pixels a region, from which on borders have their full strength
SMOOTH_FROM = 48  # pixels from which on a line of 256 colours looks like one
DOTS = 2  # the width of a decision that is dotted
AROUND = 5  # pixels across: a line through their middle covers a fifth, two that cross a third
CROWDED, FADING = 0.55, 0.2  # covered there: from which on, and how far before it, borders fade
FIRST_LAYER, DEEPER_LAYERS = 0.5, 0.25  # how strongly their borders show


def bending_layers(network: Network) -> list[int]:
    """The hidden layers, counted from 1, that can make borders: all but identity layers."""
    return [l for l, name in enumerate(network.activations, start=1) if name != "identity"]


def border_strength(regions: RegionMap, size: int) -> float:
    """How strongly borders show on a map of size × size pixels: the less, the denser they are, so
    that they leave the fill its colours."""
    room = size * size / regions.activation_count  # pixels a region
    return float(min(1.0, (room / ROOMY) ** 0.5))


@lru_cache(maxsize=4)
def border_coverages(regions: RegionMap, box: Box, size: int) -> tuple[Array, Array]:
    """How much the borders cover of size × size pixels, weighted by how strong they are: those
    of deeper layers, and those of the first. Where they cover most of the pixels around, they
    fade out wholly: what is left of the fill between them would look like speckles."""
    segments, first = in_pixels(regions.edges, box, size), regions.edge_layers == 1
    of_deeper, of_first = (line_coverage(size, size, segments[part]) for part in (~first, first))
    around = mean_around(np.maximum(of_deeper, of_first))
    strength = np.clip((CROWDED - around) / FADING, 0.0, border_strength(regions, size))
    return strength * DEEPER_LAYERS * of_deeper, strength * FIRST_LAYER * of_first


def border_lines(
    canvas: Canvas, grid: Grid, regions: RegionMap, strength: float = 1.0
) -> list[PixelLine]:
    """The borders of regions on a map; none where the colours leave them no shade of their own, or
    so few pixels that of 256 colours only single ones would be grey."""
    few_pixels = canvas.palette.system == COLOURS_256 and grid.width < SMOOTH_FROM
    if canvas.palette.few or few_pixels:
        return []
    coverages = border_coverages(regions, grid.box, grid.width)
    return [(strength * coverage, canvas.palette.hi) for coverage in coverages]


def decision_lines(canvas: Canvas, grid: Grid, segments: Array) -> list[PixelLine]:
    """Where the decision flips, as a line over a map, unless ``dot_decision`` draws it."""
    if _is_dotted(canvas):
        return []
    return [(line_coverage(grid.width, grid.width, segments), canvas.palette.hi)]


def dot_decision(canvas: Canvas, grid: Grid, segments: Array) -> None:
    """Draw where the decision flips in dots over the map, where pixels have too few colours."""
    if not _is_dotted(canvas):
        return
    size, palette = grid.width, canvas.palette
    is_on = line_dots(size, grid.height, 2.0 * segments, np.full(len(segments), DOTS)) >= 0
    grounds = canvas.ground[: grid.height, grid.left : grid.left + size]
    swapped = np.zeros((grid.height, size), dtype=np.intp)
    seen = swapped[: grounds.shape[0], : grounds.shape[1]]
    ratios = [contrast_shown(ink, grounds, palette.system) for ink in (palette.hi, palette.bg)]
    seen[:] = ratios[1] > ratios[0]
    owners = np.where(is_on, np.kron(swapped, np.ones((4, 2), dtype=np.intp)), -1)
    canvas.dots(grid.left, 0, owners, [palette.hi, palette.bg])


def _is_dotted(canvas: Canvas) -> bool:
    return canvas.palette.few and not canvas.glyphs.ascii


def mean_around(pixels: Array) -> Array:
    """The mean of ``AROUND`` × ``AROUND`` pixels about each of the pixels (h, w)."""
    padded = np.pad(pixels, AROUND // 2, mode="edge")
    windows = sliding_window_view(padded, (AROUND, AROUND))
    means: Array = windows.mean(axis=(2, 3))
    return means


def decision_segments(frame: Frame, target: Target, box: Box, size: int) -> Array:
    """Where the decision flips, as segments (m, 4) in pixels: exact where it is a zero of
    z⁽ᴸ⁾ and the regions of this step are known, else from the raster."""
    regions = frame.regions
    if regions.map is not None and regions.step == frame.step and flips_at_zero(frame, target):
        return in_pixels(_zero_segments(regions.map, target.unit), box, size)
    raster = raster_of(frame)
    outputs = [raster.output(unit, size) for unit in range(len(raster.outputs))]
    return level_lines(decisions(frame, target, outputs))


def level_lines(margins: list[Array]) -> Array:
    """Where any of the margins (h, w) crosses 0, as segments (m, 4) in pixels."""
    return np.concatenate([np.empty((0, 4)), *map(level_segments, margins)])


def flips_at_zero(frame: Frame, target: Target) -> bool:
    """Whether the decision flips just where z⁽ᴸ⁾ of the only output crosses 0."""
    network, scale = frame.network, frame.data.y_scale
    if network.sizes[-1] > 1 or decision(frame, target, [np.zeros(1)]) is None:
        return False
    at_zero = {"identity": float(scale.mean[0]), "tanh": 0.0, "sigmoid": 0.5}
    return at_zero.get(network.output) == target.centre


def in_pixels(segments: Array, box: Box, size: int) -> Array:
    """Points (m, 2) or segments (m, 4) of the box, in pixels from the top left corner of
    size × size."""
    (x_low, x_high), (y_low, y_high) = box
    ends = segments.reshape(-1, 2) - [x_low, y_high]
    pixels: Array = ends * [size / (x_high - x_low), size / (y_low - y_high)]
    return pixels.reshape(segments.shape)


def cells_where(mask: Bools, canvas: Canvas, grid: Grid) -> tuple[Ints, Ints]:
    """Rows and columns on the canvas of the grid's cells marked in a mask (height, width)."""
    rows, columns = np.nonzero(mask[: canvas.height, : max(0, canvas.width - grid.left)])
    return rows, columns + grid.left


@lru_cache(maxsize=2)
def _zero_segments(regions: RegionMap, unit: int) -> Array:
    return regions.zero_segments(unit)
