"""The colours that a terminal of 256 or of 16 colours can show, and the best of them for a colour.

Rich has a rule of its own for this, which turns dark grey into navy and dark brown into red. A
colour that one of these functions returns is one that Rich leaves as it is.
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from tui.drawing.colours.oklab import RGB, Floats, contrast, from_oklab, lightness, oklab

TRUECOLOR, COLOURS_256, COLOURS_16 = "truecolor", "256", "standard"  # as Rich names them
SYSTEMS = (TRUECOLOR, COLOURS_256, COLOURS_16)

NEUTRAL = 0.04  # chroma in OKLab below which a colour counts as grey
HUE_WEIGHT, CHROMA_WEIGHT = 3.0, 0.5  # of squared differences, against lightness
HUE_LIMIT = {COLOURS_256: 20.0, COLOURS_16: 60.0}  # degrees beyond which grey is more like a colour
LEGIBLE_HUE = 25.0  # likewise where a ground asks for another lightness: brown for dark orange
CHROMA_LIMIT = {COLOURS_256: 0.06, COLOURS_16: 1.0}  # likewise, more than the colour has
# fmt: off
_STANDARD = (  # of a text-mode VGA card; terminals differ, and Rich compares with these
    0x000000, 0xAA0000, 0x00AA00, 0xAA5500, 0x0000AA, 0xAA00AA, 0x00AAAA, 0xAAAAAA,
    0x555555, 0xFF5555, 0x55FF55, 0xFFFF55, 0x5555FF, 0xFF55FF, 0x55FFFF, 0xFFFFFF,
)
# fmt: on
CUBE_GREYS = (59, 102, 145, 188)
_CUBE = (0, 95, 135, 175, 215, 255)  # levels of a channel in the cube of 256 colours


_OTHER_BROWN = 0xCDCD00  # what most terminals show for the brown of a VGA card


def known_system(name: str | None) -> str:
    """The one of SYSTEMS for what Rich says of a terminal."""
    if name in (TRUECOLOR, COLOURS_256):
        return name
    return COLOURS_16


def numbered(number: int) -> int:
    """The packed colour that stands for a colour of the terminal by its number, 0 … 255."""
    if number < 16:
        return _STANDARD[number]
    if number < 232:
        red, green, blue = (_CUBE[(number - 16) // part % 6] for part in (36, 6, 1))
        return red << 16 | green << 8 | blue
    step = number - 232
    level = 8 + 10 * step if step < 15 else round(10.2 * (step + 1))  # what Rich sends there
    return level * 0x010101


@lru_cache(maxsize=2)
def _candidates(system: str) -> tuple[RGB, Floats, NDArray[np.bool_]]:
    """The terminal's colours, their places in OKLab, and which of them are grey.

    The cube's greys are left out but for black and white: Rich sends them to the ramp.
    """
    numbers = range(16) if system == COLOURS_16 else range(16, 256)
    rgb = np.array([numbered(n) for n in numbers if n not in CUBE_GREYS], dtype=np.int32)
    lab = oklab(rgb)
    return rgb, lab, np.hypot(lab[:, 1], lab[:, 2]) < 1e-3


def nearest(rgb: int, system: str) -> int:
    """The terminal's colour that is most like a colour: in lightness, and in hue before chroma."""
    return rgb if system == TRUECOLOR else _nearest(rgb, system, None, 1.0)


def nearest_all(rgb: RGB, system: str) -> RGB:
    """The same for an array of any shape."""
    return _of_each(rgb, system, nearest)


@lru_cache(maxsize=1 << 14)
def nearest_grey(rgb: int, system: str) -> int:
    """The terminal's grey of most nearly the same lightness."""
    if system == TRUECOLOR:
        return rgb
    colours, lab, grey = _candidates(system)
    gap = np.where(grey, np.abs(lab[:, 0] - lightness(rgb)), np.inf)
    return int(colours[gap.argmin()])


def nearest_greys(rgb: RGB, system: str) -> RGB:
    """The same for an array of any shape."""
    return _of_each(rgb, system, nearest_grey)


def _of_each(rgb: RGB, system: str, convert: Callable[[int, str], int]) -> RGB:
    """An array of colours converted, each different one once."""
    if system == TRUECOLOR:
        return rgb
    few, places = np.unique(rgb, return_inverse=True)
    found = np.array([convert(c, system) for c in few.tolist()], dtype=np.int32)
    return found[places.reshape(rgb.shape)]


def contrast_shown(a: ArrayLike, b: ArrayLike, system: str) -> Floats:
    """The contrast of colours on a terminal; of 16 the least that these have on any."""
    ratio = contrast(a, b)
    if system != COLOURS_16:
        return ratio
    others = [np.where(np.asarray(c) == _STANDARD[3], _OTHER_BROWN, c) for c in (a, b)]
    return np.minimum(ratio, contrast(*others))


@lru_cache(maxsize=1 << 14)
def _nearest(rgb: int, system: str, ground: int | None, ratio: float) -> int:
    """The nearest of the colours that have a contrast with the ground; at worst a grey."""
    colours, places, grey = _candidates(system)
    lab = oklab(rgb)
    chroma, chromas = np.hypot(lab[1], lab[2]), np.hypot(places[:, 1], places[:, 2])
    hue = (places[:, 1] - lab[1]) ** 2 + (places[:, 2] - lab[2]) ** 2 - (chromas - chroma) ** 2
    distance = (places[:, 0] - lab[0]) ** 2
    distance += CHROMA_WEIGHT * (chromas - chroma) ** 2 + HUE_WEIGHT * hue
    limit = HUE_LIMIT[system] if ground is None else max(HUE_LIMIT[system], LEGIBLE_HUE)
    like = (places[:, 1:] @ lab[1:] >= np.cos(np.radians(limit)) * chroma * chromas) & (
        chromas <= chroma + CHROMA_LIMIT[system]
    )
    distance = np.where(grey | (like & (chroma >= NEUTRAL)), distance, np.inf)
    if ground is not None:
        ratios = contrast_shown(colours, ground, system)
        distance = np.where(ratios >= ratio, distance, np.inf)
        if not np.isfinite(distance).any():  # no colour will do: black or white
            distance = np.where(grey, -ratios, np.inf)
    return int(colours[distance.argmin()])


@lru_cache(maxsize=1 << 14)
def legible(ink: int, ground: int, ratio: float, system: str = TRUECOLOR) -> int:
    """The ink, or one of its hue that has at least this contrast with the ground.

    Of lighter and darker inks it is the one nearer to the ink. On the hues of 16 colours, which
    differ between terminals, it is black or white.
    """
    if contrast_shown(ink, ground, system) >= ratio:
        return ink
    if system == COLOURS_16 and nearest_grey(ground, system) != ground:
        return max(_STANDARD[0], _STANDARD[15], key=lambda c: contrast_shown(c, ground, system))
    if system != TRUECOLOR:
        return _nearest(ink, system, ground, ratio)
    lab = oklab(ink)
    levels = np.linspace(0.0, 1.0, 65)
    tints = from_oklab(np.column_stack([levels, *(np.full(65, part) for part in lab[1:])]))
    tints[[0, -1]] = 0x000000, 0xFFFFFF
    readable = contrast(tints, ground) >= ratio
    if not readable.any():
        return 0xFFFFFF if contrast(0xFFFFFF, ground) >= contrast(0, ground) else 0
    return int(tints[np.where(readable, np.abs(levels - lab[0]), np.inf).argmin()])


class TerminalColours(LineFilter):
    """Turns what Textual mixes itself, such as dimmed screens, into greys that the terminal has."""

    def __init__(self, system: str) -> None:
        super().__init__()
        self.system = system

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments in the terminal's colours."""
        return [
            segment
            if segment.style is None
            else Segment(segment.text, limited_style(segment.style, self.system), segment.control)
            for segment in segments
        ]


@lru_cache(maxsize=1 << 12)
def limited_style(style: Style, system: str) -> Style:
    """The style in the terminal's colours."""
    return style + Style(
        color=_limited(style.color, system), bgcolor=_limited(style.bgcolor, system)
    )


def _limited(colour: RichColor | None, system: str) -> RichColor | None:
    if colour is None or colour.triplet is None:
        return None
    red, green, blue = colour.triplet
    rgb = red << 16 | green << 8 | blue
    limited = rgb if rgb in _candidates(system)[0] else nearest_grey(rgb, system)
    return RichColor.from_rgb(limited >> 16, limited >> 8 & 255, limited & 255)
