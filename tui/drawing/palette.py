"""The colours, as packed 0xRRGGBB integers, and the one scale that turns numbers into them.

Blue is negative, orange positive, no other hue; zero is the ground itself, so size is contrast.
The two ends of the scale are nearly equally light. Under NO_COLOR Textual turns every strip to
grey, which makes −1 and +1 alike, and 16 colours leave too few steps: there sign and size must also
be drawn as glyphs, which a ``Canvas(colour=False)`` does.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from textual.theme import Theme

RGB = NDArray[np.int32]
"""Packed colours of any shape."""

STEPS = 16  # fills a side of zero: few colours, hence few styles to build
EXPONENT = 0.8  # lifts small values off the ground

# OKLab to linear sRGB: the inverse matrices at https://bottosson.github.io/posts/oklab/
_LAB_TO_LMS = np.array(
    [
        [1.0, 0.3963377774, 0.2158037573],
        [1.0, -0.1055613458, -0.0638541728],
        [1.0, -0.0894841775, -1.2914855480],
    ]
)
_LMS_TO_RGB = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.7076147010],
    ]
)


@dataclass(frozen=True)
class Palette:
    """One look of the app: greys, number inks, point colours and the ends of the fill scale.

    ``negative_end`` and ``positive_end`` are OKLCH: lightness, chroma, hue in degrees.
    """

    name: str
    dark: bool
    bg: int
    hi: int  # values, the focused title
    mid: int  # secondary numbers, prose
    low: int  # labels, ticks, exact zeros
    line: int  # borders, ghosts
    sel: int  # the selected row
    ground_lightness: float  # of bg, in OKLCH
    negative_end: tuple[float, float, float]
    positive_end: tuple[float, float, float]
    negative_small: int
    negative: int
    positive_small: int
    positive: int
    point_negative: int
    point_positive: int

    def fill(self, values: ArrayLike, zero: int | None = None) -> RGB:
        """Colours of values in −1 … 1 (beyond: the ends; NaN: zero), in 2·16 + 1 steps.

        ``zero`` replaces the ground colour in the middle of the scale.
        """
        v = np.nan_to_num(np.clip(np.asarray(values, dtype=np.float64), -1.0, 1.0))
        scale = self._scale
        if zero is not None:
            scale = scale.copy()
            scale[STEPS] = zero
        return scale[np.rint(v * STEPS).astype(np.int64) + STEPS]

    def ink(self, value: float, scale: float = 1.0) -> int:
        """The colour in which to print a number; below half the scale it is less vivid."""
        small = abs(value) < 0.5 * scale
        if value < 0:
            return self.negative_small if small else self.negative
        if value > 0:
            return self.positive_small if small else self.positive
        return self.low if value == 0 else self.hi  # NaN: neither sign, and no zero

    @cached_property
    def _scale(self) -> RGB:
        sizes = (np.arange(1, STEPS + 1) / STEPS) ** EXPONENT
        below, above = (
            _from_oklch(
                self.ground_lightness + sizes * (lightness - self.ground_lightness),
                sizes * chroma,
                hue,
            )
            for lightness, chroma, hue in (self.negative_end, self.positive_end)
        )
        return np.concatenate([below[::-1], [self.bg], above]).astype(np.int32)


DARK = Palette(
    name="nn-dark",
    dark=True,
    bg=0x0F1216,
    hi=0xEEF2F6,
    mid=0xA3ADB8,
    low=0x7A8694,
    line=0x323A44,
    sel=0x262D36,
    ground_lightness=0.181,
    negative_end=(0.62, 0.142, 250.0),
    positive_end=(0.66, 0.142, 58.0),
    negative_small=0x8FBCEB,
    negative=0x76BDFF,
    positive_small=0xDEAC80,
    positive=0xF0A45E,
    point_negative=0xCAEDFF,
    point_positive=0xFEE3C0,
)

LIGHT = Palette(
    name="nn-light",
    dark=False,
    bg=0xFBFAF7,
    hi=0x14181D,
    mid=0x4C5763,
    low=0x626D78,
    line=0xCFD4D9,
    sel=0xE4E7EA,
    ground_lightness=0.985,
    negative_end=(0.661, 0.135, 250.0),
    positive_end=(0.70, 0.135, 58.0),
    negative_small=0x386694,
    negative=0x0F66AC,
    positive_small=0x875627,
    positive=0x974D00,
    point_negative=0x002C5E,
    point_positive=0x531700,
)

THEMES = {"dark": DARK, "light": LIGHT}
"""By the names that users give them."""


def mix(a: ArrayLike, b: ArrayLike, alpha: ArrayLike) -> RGB:
    """Colours (1 − alpha)·a + alpha·b, broadcast; alpha goes in sixteenths, to keep them few."""
    a, b = np.asarray(a, dtype=np.int32), np.asarray(b, dtype=np.int32)
    sixteenths = np.rint(np.clip(alpha, 0.0, 1.0) * 16).astype(np.int32)
    result = np.zeros(np.broadcast_shapes(a.shape, b.shape, sixteenths.shape), dtype=np.int32)
    for shift in (16, 8, 0):
        channel = (a >> shift & 255) * (16 - sixteenths) + (b >> shift & 255) * sixteenths
        result |= (channel + 8 >> 4) << shift
    return result


def hex_colour(rgb: int) -> str:
    """``#rrggbb``, as style sheets write it."""
    return f"#{rgb:06x}"


def textual_theme(palette: Palette) -> Theme:
    """The palette as a Textual theme; style sheets may also use ``$hi $mid $low $line $sel``."""
    names = ("bg", "hi", "mid", "low", "line", "sel")
    bg, hi, mid, low, line, sel = colours = [hex_colour(getattr(palette, name)) for name in names]
    return Theme(
        name=palette.name,
        dark=palette.dark,
        primary=mid,
        secondary=low,
        accent=hi,
        warning=hi,
        error=hi,
        success=hi,
        foreground=hi,
        background=bg,
        surface=bg,
        panel=sel,
        variables={
            **dict(zip(names, colours, strict=True)),
            "border": mid,
            "border-blurred": line,
            "text-muted": mid,
            "text-disabled": low,
            "block-cursor-background": sel,
            "block-cursor-foreground": hi,
            "footer-background": bg,
            "footer-foreground": low,
            "footer-description-foreground": low,
            "footer-key-foreground": hi,
            "input-selection-background": line,
            "scrollbar": line,
            "scrollbar-background": bg,
        },
    )


def _from_oklch(lightness: NDArray[np.float64], chroma: NDArray[np.float64], hue: float) -> RGB:
    """Packed sRGB of OKLCH colours (n,)."""
    angle = np.radians(hue)
    lab = np.stack([lightness, chroma * np.cos(angle), chroma * np.sin(angle)])
    linear = np.clip(_LMS_TO_RGB @ (_LAB_TO_LMS @ lab) ** 3, 0.0, 1.0)
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    red, green, blue = np.rint(255 * encoded).astype(np.int32)
    packed: RGB = red << 16 | green << 8 | blue
    return packed
