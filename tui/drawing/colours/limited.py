"""The palettes for terminals of 256 and of 16 colours: scales made by hand, inks by likeness."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from tui.drawing.colours.terminal import (
    COLOURS_16,
    TRUECOLOR,
    nearest,
    nearest_grey,
    numbered,
)
from tui.drawing.palette import CONTRAST, DARK, LIGHT, THEMES, Palette, exchanged

STANDARD, PLAYGROUND = "standard", "playground"
SIGN_COLOURS = (STANDARD, PLAYGROUND)
"""Blue is negative and orange positive, or as in TensorFlow Playground the other way round."""

GREYS = ("bg", "hi", "mid", "low", "line", "sel", "thumbnail")
INKS = ("negative_small", "negative", "positive_small", "positive")
POINTS = ("point_negative", "point_positive", "negative_on_fill", "positive_on_fill")
POINTS_256 = {True: (153, 223, 17, 52), False: (17, 52, 189, 224)}  # by whether it is dark
# negative and positive fills by number, from the smallest on, both as light at each place
FILLS_256 = {
    DARK.name: ((17, 18, 24, 25, 32, 39), (52, 52, 94, 130, 166, 208)),
    LIGHT.name: ((189, 153, 111, 75, 69), (224, 223, 215, 208, 172)),
    CONTRAST.name: ((17, 18, 25, 32, 39, 75), (52, 52, 130, 166, 208, 215)),
}
PAPER = 231  # white, which is nearer to the light theme's ground than the next grey looks
FILLS_16 = {True: ((4, 12), (3, 11)), False: ((14, 12), (11, 3))}  # by whether it is dark
SIZES_16 = {True: (0, 8, 7), False: (15, 7, 8)}
FIELDS_16 = {
    True: {"bg": 0, "hi": 15, "mid": 7, "low": 7, "line": 8, "sel": 7, "thumbnail": 0}
    | {"negative_small": 6, "negative": 14, "positive_small": 11, "positive": 11}
    | {"point_negative": 15, "point_positive": 15, "negative_on_fill": 0, "positive_on_fill": 0},
    False: {"bg": 15, "hi": 0, "mid": 8, "low": 8, "line": 7, "sel": 7, "thumbnail": 15}
    | {"negative_small": 4, "negative": 4, "positive_small": 1, "positive": 1}
    | {"point_negative": 0, "point_positive": 0, "negative_on_fill": 15, "positive_on_fill": 15},
}


@lru_cache
def palette_of(theme: str, signs: str = STANDARD, system: str = TRUECOLOR) -> Palette:
    """The palette of a theme of THEMES, with the sign colours of SIGN_COLOURS, for a terminal."""
    palette = limited(THEMES[theme], system)
    return exchanged(palette) if signs == PLAYGROUND else palette


def limited(palette: Palette, system: str) -> Palette:
    """The palette with colours that the terminal has."""
    if system == TRUECOLOR:
        return palette
    dark, few = palette.dark, system == COLOURS_16
    below, above = FILLS_16[dark] if few else FILLS_256[palette.name]
    changes: dict[str, Any] = {
        "system": system,
        "negative_fills": tuple(map(numbered, below)),
        "positive_fills": tuple(map(numbered, above)),
    }
    if few:
        changes |= {name: numbered(n) for name, n in FIELDS_16[dark].items()}
        changes |= {"size_fills": tuple(map(numbered, SIZES_16[dark])), "positive_name": "yellow"}
        return replace(palette, **changes)
    changes |= {name: nearest_grey(getattr(palette, name), system) for name in GREYS}
    changes |= {name: nearest(getattr(palette, name), system) for name in INKS}
    if not dark:
        changes["bg"] = numbered(PAPER)
    changes |= dict(zip(POINTS, map(numbered, POINTS_256[dark]), strict=True))
    greys = [nearest_grey(c, system) for c in palette.sequential(np.linspace(0, 1, 33)).tolist()]
    sizes = dict.fromkeys([changes["bg"], *greys[1:]])
    return replace(palette, **changes, size_fills=tuple(sizes))
