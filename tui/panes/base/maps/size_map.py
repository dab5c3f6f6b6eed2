"""Maps of sizes, which have no sign: greys from the ground on, so that no colour means a sign."""

import numpy as np

from engine.arrays import Array
from tui.drawing.canvas import Canvas
from tui.drawing.palette import RGB, Palette, mix

SIGNS = " .-+#"  # from small to large, for maps without colours


def size_colours(palette: Palette, sizes: Array) -> RGB:
    """Greys of sizes in 0 … 1 (NaN: 0)."""
    return mix(palette.bg, palette.low, np.nan_to_num(sizes))


def draw_sizes(
    canvas: Canvas, x: int, y: int, sizes: Array, lines: list[tuple[Array, int]] | None = None
) -> None:
    """A map of sizes (h, w) in 0 … 1, two rows a cell, with lines mixed in as in
    ``Canvas.levels``."""
    colours = canvas.colour and not canvas.glyphs.ascii
    rgb = size_colours(canvas.palette, sizes if canvas.colour else np.zeros_like(sizes))
    for coverage, colour in lines or ():
        rgb = mix(rgb, colour, coverage)
    canvas.pixels(x, y, rgb)
    if colours:
        return
    mean = (sizes[0::2] + sizes[1::2]) / 2.0
    levels = np.clip(np.nan_to_num(mean) * len(SIGNS), 0, len(SIGNS) - 1).astype(np.intp)
    for level, sign in enumerate(SIGNS):
        rows, columns = np.nonzero(levels == level)
        canvas.marks(columns + x, rows + y, sign, canvas.palette.hi)
