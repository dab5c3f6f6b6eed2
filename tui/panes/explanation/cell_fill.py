"""Grounds for the entries of gradient matrices: by sign and size, with numbers readable on them."""

from functools import lru_cache

import numpy as np

from engine.explain.explanation import Matrix
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


def contrast(a: int, b: int) -> float:
    """The contrast of two colours by WCAG, 1 … 21."""
    light, dark = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(rgb: int) -> float:
    channels = np.array([rgb >> 16, rgb >> 8 & 255, rgb & 255]) / 255.0
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])
