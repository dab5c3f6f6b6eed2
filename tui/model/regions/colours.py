"""Colourings of the region map: the colours of patterns and of layers."""

from math import floor, log10

import numpy as np

from engine.arrays import Bools, Ints
from tui.drawing.colours.oklab import from_oklab
from tui.drawing.colours.terminal import nearest_greys
from tui.drawing.palette import RGB, Palette, mix

COLOURINGS = ("output", "region", "slope", "layer")

# of layers: one lightness and chroma in OKLCH (0.72, 0.115), 45° apart from 20° on
HUES = (0xE48687, 0xD69551, 0xA9AB4F, 0x64BA85, 0x28BAC1, 0x62ACE8, 0xA498E8, 0xD188C1)
PATTERN_HUES = (345.0, 165.0, 15.0, 195.0, 330.0, 150.0, 0.0, 180.0)
"""In degrees, about 0 and 180: none is like a sign's, also not to a deuteranope, who sees grey."""
CHROMA = 0.075  # of the fills of patterns: muted, so that marks stand out
LIGHTNESS = {True: (0.27, 0.66), False: (0.62, 0.92)}  # their ends, in dark and light themes
LEVELS = np.array([9, 0, 2, 11, 14, 7, 13, 4, 1, 8, 10, 3, 6, 15, 5, 12])
"""Each code's own lightness, in fifteenths. Codes that differ in one of the first seven units are
at least three fifteenths apart, so that neighbours can be told by lightness alone."""
PATTERN_SIGNS = r".:-=+*%#~^/\|;!?"
"""One for each colour of a pattern, for maps that cannot show it."""
LAYER_HUES = (3, 7, 2, 6, 0)  # neighbours far apart; not those of the signs, 1 and 5, nor 4


def pattern_codes(patterns: Bools) -> Ints:
    """A colour 0 … 15 for each pattern (R, units). It depends on the pattern alone, so it stays
    the same while training moves the region; neighbours, which differ in one unit, differ."""
    codes = 1 + 7 * np.arange(patterns.shape[1]) % 15  # of the units, all of 1 … 15 in turn
    bits = codes[:, None] >> np.arange(4) & 1
    parities: Ints = patterns.astype(np.intp) @ bits & 1  # of what is on: exclusive or, bit by bit
    return parities @ (1 << np.arange(4))


def pattern_fills(palette: Palette) -> RGB:
    """The 16 colours of patterns: eight hues twice, each at a lightness of its own; greys where
    the terminal lacks such hues."""
    low, high = LIGHTNESS[palette.dark]
    angles = np.radians(np.tile(PATTERN_HUES, 2))
    places = CHROMA * np.cos(angles), CHROMA * np.sin(angles)
    fills = from_oklab(np.stack([low + (high - low) * LEVELS / 15.0, *places], axis=-1))
    return nearest_greys(fills, palette.system)


def layer_inks(palette: Palette, count: int) -> RGB:
    """The colours (count,) of the borders made by layers 1, 2, …; the first is the brightest."""
    hues = np.take(HUES, LAYER_HUES)[np.arange(count) % len(LAYER_HUES)]
    return mix(
        palette.bg, mix(hues, palette.hi, 0.25), np.maximum(1.0 - 0.15 * np.arange(count), 0.4)
    )


def rounded_up(largest: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is at least ``largest`` > 0, as the end
    of a scale that rarely changes."""
    power = 10.0 ** floor(log10(largest))
    return float(next(f for f in (1, 2, 5, 10) if f * power >= largest) * power)
