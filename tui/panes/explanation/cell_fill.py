"""Grounds for the entries of gradient matrices: by sign and size, with numbers readable on them."""

from functools import lru_cache

from engine.explain.explanation import Matrix
from tui.drawing.colours.oklab import contrast
from tui.drawing.palette import STEPS, Palette

CONTRAST = 4.5  # of a number to its ground, at the least (WCAG AA)


def is_filled(matrix: Matrix) -> bool:
    """Whether the entries of a matrix have grounds: those of gradients, if there are several."""
    return matrix.name.base.startswith("∂") and matrix.values.size > 1


def ground_of(share: float, palette: Palette) -> int:
    """The ground of an entry that is this share (−1 … 1) of the largest."""
    return int(palette.fill(share * _strongest(palette)))


@lru_cache(maxsize=8)
def _strongest(palette: Palette) -> float:
    """How strong a fill may be for ``palette.hi`` to be readable on it, and on all weaker ones."""
    for step in range(1, STEPS + 1):
        fills = palette.fill([-step / STEPS, step / STEPS])
        if min(contrast(palette.hi, int(fill)) for fill in fills) < CONTRAST:
            return (step - 1) / STEPS
    return 1.0
