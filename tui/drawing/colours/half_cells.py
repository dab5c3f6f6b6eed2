"""Maps of two pixels a cell, one above the other: their halves, and what covers both alike."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from tui.drawing.braille import Floats
from tui.drawing.colours.oklab import RGB

PixelLine = tuple[ArrayLike, int]
"""How much of each pixel a line covers, and its colour."""


def halves(rgb: RGB, part: tuple[slice, slice], below: RGB) -> tuple[RGB, RGB]:
    """The upper and lower pixels of cells; of an odd height the last keep the lower half that is
    below."""
    rows, columns = part
    lower, seen = below.copy(), rgb[1::2][rows, columns]
    lower[: len(seen)] = seen
    return rgb[0::2][rows, columns], lower


def lower_halves(values: Floats) -> Floats:
    """The lower pixels of cells; of an odd height the last are those above."""
    return np.concatenate([values[1::2], values[-1:]])[: (len(values) + 1) // 2]


def in_whole_cells(lines: Sequence[PixelLine]) -> list[PixelLine]:
    """The lines with coverages alike in both halves of each cell."""
    covered = [(np.asarray(coverage, dtype=np.float64), colour) for coverage, colour in lines]
    return [
        (np.repeat((part[0::2] + lower_halves(part)) / 2.0, 2, axis=0)[: len(part)], colour)
        for part, colour in covered
    ]
