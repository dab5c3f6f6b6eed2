"""A row of characters and colours as a strip, in which every text and mark can be read."""

import string
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.drawing.cells import FILLER, unpadded
from tui.drawing.colours.oklab import RGB
from tui.drawing.colours.terminal import TRUECOLOR, legible, nearest_all

TEXT, MARK, DRAWING = 4.5, 3.0, 1.0  # contrast ratios: WCAG 2.1, 1.4.3 and 1.4.11; lines and fills
_CODES = 0x10000  # of the table; later characters are text
_DRAWN = (range(33), range(0x7F, 0xA1), range(0x2500, 0x25A0), range(0x2800, 0x2900))
_MARKS = (*range(0x25A0, 0x2600), *map(ord, "•·×⊠"))
_PUNCTUATION = [ord(char) for char in string.punctuation]


def _table(drawing: bool) -> NDArray[np.float32]:
    """The ratio of each character. ``drawing``: punctuation draws edges, rules and signs."""
    ratios = np.full(_CODES, TEXT, dtype=np.float32)
    for codes in _DRAWN:
        ratios[codes.start : codes.stop] = DRAWING
    ratios[list(_MARKS)] = MARK
    ratios[_PUNCTUATION] = DRAWING if drawing else MARK
    return ratios


_TABLES = {drawing: _table(drawing) for drawing in (False, True)}


def legibility(chars: NDArray[np.str_], ascii: bool) -> NDArray[np.float32]:
    """The least contrast that each of the characters (n,) needs."""
    codes = np.minimum(np.ascontiguousarray(chars).view(np.uint32), _CODES - 1)
    ratios: NDArray[np.float32] = _TABLES[ascii][codes]
    return ratios


def styled_row(
    text: str,
    ink: RGB,
    ground: RGB,
    bold: NDArray[np.bool_],
    ratios: NDArray[np.float32],
    system: str,
) -> Strip:
    """The row (n,) with equal neighbours in one segment, in colours that the terminal has."""
    if system != TRUECOLOR:
        ink, ground = nearest_all(np.stack([ink, ground]), system)
    cut = (ink[1:] != ink[:-1]) | (ground[1:] != ground[:-1]) | (bold[1:] != bold[:-1])
    starts = np.concatenate([[0], np.flatnonzero(cut) + 1])
    first = starts.tolist()
    runs = zip(
        first,
        [*first[1:], len(text)],
        ink[starts].tolist(),
        ground[starts].tolist(),
        bold[starts].tolist(),
        np.maximum.reduceat(ratios, starts).tolist(),
        strict=True,
    )
    shown = unpadded if FILLER in text else str
    segments = [
        Segment(
            shown(text[a:b]),
            _style(*look) if ratio == DRAWING else _legible_style(*look, ratio, system),
        )
        for a, b, *look, ratio in runs
    ]
    return Strip(segments, len(text))


@lru_cache(maxsize=1 << 13)
def _legible_style(ink: int, ground: int, bold: bool, ratio: float, system: str) -> Style:
    """A style in which the ink has at least this contrast with the ground."""
    return _style(legible(ink, ground, ratio, system), ground, bold)


@lru_cache(maxsize=1 << 14)
def _style(ink: int, ground: int, bold: bool) -> Style:
    return Style(color=_colour(ink), bgcolor=_colour(ground), bold=bold)


@lru_cache(maxsize=1 << 12)
def _colour(rgb: int) -> Color:
    return Color.from_rgb(rgb >> 16, rgb >> 8 & 255, rgb & 255)
