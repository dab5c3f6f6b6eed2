"""The colours, as packed 0xRRGGBB integers, and the one scale that turns numbers into them.

Blue is negative, orange positive, no other hue; zero is the ground itself, so size is contrast.
The two ends of the scale are nearly equally light. Under NO_COLOR Textual turns every strip to
grey, which makes −1 and +1 alike, and 16 colours leave too few steps: there sign and size are also
drawn as glyphs, see ``Canvas.signs``.
"""

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from textual.theme import Theme

from tui.drawing.colours import limited
from tui.drawing.colours.oklab import RGB as RGB
from tui.drawing.colours.oklab import from_oklch, lightness
from tui.drawing.colours.oklab import mix as mix
from tui.drawing.colours.terminal import (
    COLOURS_16,
    TRUECOLOR,
    legible,
    nearest,
    nearest_grey,
    nearest_greys,
    numbered,
)

STEPS = 16  # fills a side of zero: few colours, hence few styles to build
EXPONENT = 0.8  # lifts small values off the ground
SMALL, LARGE = 0.1, 0.5  # where a scale of five steps changes
SIZES_END = 0.5  # of the way from the ground to the ink, of the scale of sizes
LINE_FROM = 0.35  # coverage from which on a line is drawn, where colours are few
FAINTER = 0.5  # the largest coverage of lines that are to be fainter than others
LEAST_STEP = 0.02  # of lightness, between a grey near zero and the first fill
FADED = 0.6  # towards the ground
STANDARD, PLAYGROUND = "standard", "playground"
SIGN_COLOURS = (STANDARD, PLAYGROUND)
"""Blue is negative and orange positive, or as in TensorFlow Playground the other way round."""
Fills = tuple[int, ...]


@dataclass(frozen=True)
class Palette:
    """One look of the app: greys, number inks, point colours and the ends of the fill scale.

    ``negative_end`` and ``positive_end`` are OKLCH: lightness, chroma, hue in degrees. Where a
    terminal has few colours, ``negative_fills`` and ``positive_fills`` take their place: the fills
    from the smallest on.
    """

    name: str
    dark: bool
    bg: int
    hi: int  # values, the focused title
    mid: int  # secondary numbers, prose
    low: int  # labels, ticks, exact zeros
    line: int  # borders, ghosts
    sel: int  # the selected row
    negative_end: tuple[float, float, float]
    positive_end: tuple[float, float, float]
    negative_small: int
    negative: int
    positive_small: int
    positive: int
    point_negative: int
    point_positive: int
    negative_on_fill: int  # points on fills too light, or in a light theme too dark, for the others
    positive_on_fill: int
    thumbnail: int  # zero in the picture of a unit
    negative_name: str = "blue"
    positive_name: str = "orange"
    system: str = TRUECOLOR
    negative_fills: Fills = ()
    positive_fills: Fills = ()
    size_fills: Fills = ()

    def fill(self, values: ArrayLike, zero: int | None = None) -> RGB:
        """Colours of values in −1 … 1 (beyond: the ends; NaN: zero), in 2·16 + 1 steps.

        ``zero`` is the middle of the scale instead of the ground: it goes on from there.
        """
        v = np.nan_to_num(np.clip(np.asarray(values, dtype=np.float64), -1.0, 1.0))
        scale = self._scale(self.bg if zero is None else zero)
        return scale[np.rint(v * STEPS).astype(np.int64) + STEPS]

    def sequential(self, values: ArrayLike) -> RGB:
        """Greys for sizes in 0 … 1, which have no sign (beyond: the ends; NaN: 0): from the ground
        on, the larger the more they differ from it."""
        v = np.nan_to_num(np.clip(np.asarray(values, dtype=np.float64), 0.0, 1.0))
        scale = self._sizes
        return scale[np.rint(v * (len(scale) - 1)).astype(np.int64)]

    def ink(self, value: float, scale: float = 1.0) -> int:
        """The colour in which to print a number; below half the scale it is less vivid."""
        small = abs(value) < 0.5 * scale
        if value < 0:
            return self.negative_small if small else self.negative
        if value > 0:
            return self.positive_small if small else self.positive
        return self.low if value == 0 else self.hi  # NaN: neither sign, and no zero

    def partner(self, ink: int) -> int:
        """What takes the place of a mark's ink where the ground is as light as that ink."""
        partners = {
            self.point_negative: self.negative_on_fill,
            self.point_positive: self.positive_on_fill,
            self.hi: self.bg,
        }
        return partners.get(ink, ink)

    @property
    def theme_id(self) -> str:
        """The name of its Textual theme."""
        return self.name if self.system == TRUECOLOR else f"{self.name}-{self.system}"

    @property
    def few(self) -> bool:
        """Whether the colours are too few to show sign and size."""
        return self.system == COLOURS_16

    def covered(self, fill: RGB, colour: int, coverage: ArrayLike) -> RGB:
        """Fills under a line that covers so much of each.

        Mixed with it, or where mixtures would have hues of their own, a grey as light as those, of
        a strong line one grey: those near the fill would be taken for fills. Of 16 colours one or
        the other.
        """
        if self.system == TRUECOLOR:
            return mix(fill, colour, coverage)
        drawn = np.asarray(coverage) >= LINE_FROM
        if not drawn.any():
            return fill
        if self.few or np.max(coverage) > FAINTER:
            return np.where(drawn, colour, fill).astype(np.int32)
        line = nearest_greys(mix(fill, colour, coverage), self.system)
        return np.where(drawn, line, fill).astype(np.int32)

    def faded(self, colours: RGB) -> RGB:
        """Colours of what takes no part; grey where the terminal lacks their dim hues."""
        return nearest_greys(mix(colours, self.bg, FADED), self.system)

    def _scale(self, zero: int) -> RGB:
        if zero not in self._scales:
            self._scales[zero] = np.concatenate(
                [
                    self._side(zero, self.negative_fills, self.negative_end)[::-1],
                    [zero],
                    self._side(zero, self.positive_fills, self.positive_end),
                ]
            ).astype(np.int32)
        return self._scales[zero]

    @cached_property
    def _scales(self) -> dict[int, RGB]:
        return {}

    def _side(self, zero: int, fills: Fills, end: tuple[float, float, float]) -> RGB:
        """The fills (STEPS,) of one sign, the smallest first."""
        steps = np.arange(1, STEPS + 1) / STEPS
        sizes = steps**EXPONENT
        first = lightness(zero)
        if not fills:
            last, chroma, hue = end
            return from_oklch(first + sizes * (last - first), sizes * chroma, hue)
        if self.few:
            small, large = fills
            sides = np.select([steps < SMALL, steps < LARGE], [zero, small], large)
            return sides.astype(np.int32)
        beyond = [f for f in fills if (lightness(f) > first) == self.dark]
        grey = nearest_grey(int(mix(zero, beyond[0], 0.5)), self.system)
        room = abs(lightness(grey) - lightness(beyond[0]))
        beyond.insert(0, grey if room > LEAST_STEP else zero)
        return np.array(beyond, dtype=np.int32)[np.searchsorted(limited.BOUNDS_256, steps)]

    @cached_property
    def _sizes(self) -> RGB:
        if self.size_fills:
            return np.array(self.size_fills, dtype=np.int32)
        first, last = lightness(self.bg), lightness(self.hi)
        ends = first, first + SIZES_END * (last - first)
        greys = from_oklch(np.linspace(*ends, 2 * STEPS + 1), np.zeros(2 * STEPS + 1), 0.0)
        greys[0] = self.bg
        return greys


DARK = Palette(
    name="nn-dark",
    dark=True,
    bg=0x0F1216,
    hi=0xEEF2F6,
    mid=0xA3ADB8,
    low=0x7A8694,
    line=0x323A44,
    sel=0x262D36,
    negative_end=(0.62, 0.142, 250.0),
    positive_end=(0.66, 0.142, 58.0),
    negative_small=0x8FBCEB,
    negative=0x76BDFF,
    positive_small=0xDEAC80,
    positive=0xF0A45E,
    point_negative=0xCAEDFF,
    point_positive=0xFEE3C0,
    negative_on_fill=0x001226,
    positive_on_fill=0x260B00,
    thumbnail=0x262D36,
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
    negative_end=(0.661, 0.135, 250.0),
    positive_end=(0.70, 0.135, 58.0),
    negative_small=0x386694,
    negative=0x0F66AC,
    positive_small=0x875627,
    positive=0x974D00,
    point_negative=0x002C5E,
    point_positive=0x531700,
    negative_on_fill=0xF2FAFF,
    positive_on_fill=0xFFF8F0,
    thumbnail=0xE4E7EA,
)

CONTRAST = Palette(
    name="nn-contrast",
    dark=True,
    bg=0x000000,
    hi=0xFFFFFF,
    mid=0xD8DCE0,
    low=0xB8BEC4,
    line=0x8A9098,
    sel=0x2C3238,
    negative_end=(0.72, 0.142, 250.0),
    positive_end=(0.76, 0.142, 58.0),
    negative_small=0xA8D0F8,
    negative=0x8CCAFF,
    positive_small=0xF0C8A0,
    positive=0xFFB870,
    point_negative=0xE0F4FF,
    point_positive=0xFFF0DC,
    negative_on_fill=0x001226,
    positive_on_fill=0x260B00,
    thumbnail=0x20252A,
)

THEMES = {"dark": DARK, "light": LIGHT, "contrast": CONTRAST}
"""By the names that users give them."""


@lru_cache
def palette_of(theme: str, signs: str = STANDARD, system: str = TRUECOLOR) -> Palette:
    """The palette of a theme of THEMES, with the sign colours of SIGN_COLOURS, for a terminal."""
    palette = THEMES[theme]
    if system != TRUECOLOR:
        palette = replace(palette, system=system, **_limited_fields(palette, system))
    return exchanged(palette) if signs == PLAYGROUND else palette


def _limited_fields(palette: Palette, system: str) -> dict[str, Any]:
    """The fields of a palette with colours that the terminal has."""
    dark, few = palette.dark, system == COLOURS_16
    below, above = (limited.FILLS_16 if few else limited.FILLS_256)[dark]
    fields: dict[str, Any] = {
        "negative_fills": tuple(map(numbered, below)),
        "positive_fills": tuple(map(numbered, above)),
    }
    if few:
        numbers = limited.FIELDS_16[dark] | (limited.CONTRAST_16 if palette is CONTRAST else {})
        fields["size_fills"] = tuple(map(numbered, limited.SIZES_16[dark]))
        fields["negative_name"], fields["positive_name"] = limited.NAMES_16[dark]
        return fields | {name: numbered(n) for name, n in numbers.items()}
    fields |= {name: nearest_grey(getattr(palette, name), system) for name in limited.GREYS_256}
    fields |= {name: nearest(getattr(palette, name), system) for name in limited.INKS_256}
    fields |= {name: numbered(n) for name, n in limited.POINTS_256[dark].items()}
    if not dark:
        fields["bg"] = numbered(limited.PAPER_256)
    greys = nearest_greys(palette.sequential(np.linspace(0, 1, 33)), system).tolist()
    return fields | {"size_fills": tuple(dict.fromkeys([fields["bg"], *greys[1:]]))}


def exchanged(palette: Palette) -> Palette:
    """The palette with the colours of the two signs exchanged, as TensorFlow Playground has them:
    orange is negative, blue positive."""
    p = palette
    return replace(
        p,
        negative_end=p.positive_end, positive_end=p.negative_end,
        negative_small=p.positive_small, positive_small=p.negative_small,
        negative=p.positive, positive=p.negative,
        point_negative=p.point_positive, point_positive=p.point_negative,
        negative_on_fill=p.positive_on_fill, positive_on_fill=p.negative_on_fill,
        negative_name=p.positive_name, positive_name=p.negative_name,
        negative_fills=p.positive_fills, positive_fills=p.negative_fills,
    )  # fmt: skip


def hex_colour(rgb: int) -> str:
    """``#rrggbb``, as style sheets write it."""
    return f"#{rgb:06x}"


def textual_theme(palette: Palette) -> Theme:
    """The palette as a Textual theme; style sheets may also use ``$hi $mid $low $line $sel``."""
    names = ("bg", "hi", "mid", "low", "line", "sel")
    bg, hi, mid, low, line, sel = colours = [hex_colour(getattr(palette, name)) for name in names]
    on_sel = hex_colour(legible(palette.hi, palette.sel, 7.0, palette.system))
    return Theme(
        name=palette.theme_id,
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
        panel=bg,
        variables={
            **dict(zip(names, colours, strict=True)),
            "border": mid,
            "border-blurred": line,
            "text-muted": mid,
            "text-disabled": low,
            "block-cursor-background": sel,
            "block-cursor-foreground": on_sel,
            "block-cursor-blurred-background": sel,
            "block-cursor-blurred-foreground": on_sel,
            "footer-background": bg,
            "footer-foreground": low,
            "footer-description-foreground": low,
            "footer-key-foreground": hi,
            "input-selection-background": line,
            "scrollbar": line,
            "scrollbar-background": bg,
        },
    )
