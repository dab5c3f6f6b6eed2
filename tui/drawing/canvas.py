"""A grid of character cells that every pane draws on, turned into strips for the Line API.

Heat maps are half cells (two square pixels a cell), edges are braille (2 × 4 dots a cell).
Positions are cells, x to the right and y down from the top left; what lies outside is cut off.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.drawing.braille import Floats
from tui.drawing.cells import FILLER, cell_count, unpadded
from tui.drawing.glyphs import LEVEL_SIGNS, UNICODE, Glyphs
from tui.drawing.palette import RGB, Palette, mix

HALF = "▀"
BRAILLE = 0x2800
BRAILLE_BITS = np.array([1, 8, 2, 16, 4, 32, 64, 128])  # of a cell's dots, row by row
LEVEL_BOUNDS = (0.1, 0.5)  # of |value|, between the signs for zero, small and large


class Canvas:
    """``chars``, ``ink``, ``ground`` and ``bold`` are (height, width) arrays of the cells. The
    second cell of a wide character holds a ``FILLER``.

    ``colour=False`` is for NO_COLOR: maps then show sign and size by glyphs. Without ``ink`` a
    text is ``palette.hi``; without ``ground`` a cell keeps its own, and a cell of two pixels
    gets their mean.
    """

    def __init__(
        self,
        width: int,
        height: int,
        palette: Palette,
        glyphs: Glyphs = UNICODE,
        colour: bool = True,
    ) -> None:
        self.width, self.height = width, height
        self.palette, self.glyphs, self.colour = palette, glyphs, colour
        shape = (height, width)
        self.chars = np.full(shape, " ", dtype="<U1")
        self.ink: RGB = np.full(shape, palette.hi, dtype=np.int32)
        self.ground: RGB = np.full(shape, palette.bg, dtype=np.int32)
        self.bold = np.zeros(shape, dtype=np.bool_)
        self._has_wide = False  # whether a wide character has been written

    # text and marks

    def text(
        self,
        x: int,
        y: int,
        s: str,
        ink: int | None = None,
        ground: int | None = None,
        bold: bool = False,
    ) -> None:
        """Write s from column x on."""
        s = self.glyphs.text(s)
        self._has_wide |= FILLER in s
        first, last = max(x, 0), min(x + len(s), self.width)
        if 0 <= y < self.height and first < last:
            cells = (slice(y, y + 1), slice(first, last))
            self._put(cells, _characters(s[first - x : last - x]), ink, ground, bold)

    def right(
        self,
        x_end: int,
        y: int,
        s: str,
        ink: int | None = None,
        ground: int | None = None,
        bold: bool = False,
    ) -> None:
        """Write s so that its last character stands just before column x_end."""
        self.text(x_end - len(self.glyphs.text(s)), y, s, ink, ground, bold)

    def marks(
        self, xs: ArrayLike, ys: ArrayLike, mark: str, ink: int | None = None, bold: bool = False
    ) -> None:
        """Write one character at many cells: the points of a data set."""
        columns, rows = np.atleast_1d(xs), np.atleast_1d(ys)
        spelt = self.glyphs.text(mark) or "?"
        for i, char in enumerate(spelt[: 2 if spelt[1:2] == FILLER else 1]):
            inside = self._inside(columns + i, rows)
            self._put((rows[inside], columns[inside] + i), char, ink, None, bold)
            self._has_wide |= i > 0

    def paint(self, x: int, y: int, width: int, height: int, ground: int) -> None:
        """Give a rectangle of cells a ground: the selected row."""
        cells, _ = self._window(x, y, width, height)
        self.ground[cells] = ground

    def paste(self, other: "Canvas", x: int, y: int) -> None:
        """Copy all cells of another canvas, its corner in column x and row y."""
        cells, part = self._window(x, y, other.width, other.height)
        self._has_wide |= other._has_wide
        self.chars[cells], self.ink[cells] = other.chars[part], other.ink[part]
        self.ground[cells], self.bold[cells] = other.ground[part], other.bold[part]

    # bars

    def bar(self, x: int, y: int, width: int, fraction: float, ink: int | None = None) -> None:
        """A bar of fraction · width cells to the right of x; half a cell at least, unless 0."""
        whole, half = divmod(_half_cells(fraction, width), 2)
        self.text(x, y, self.glyphs.bar * whole + self.glyphs.bar_left_half * half, ink)

    def signed_bar(
        self, x_centre: int, y: int, half_width: int, fraction: float, ink: int | None = None
    ) -> None:
        """A bar to either side of a rule in column x_centre; fraction in −1 … 1."""
        self.text(x_centre, y, self.glyphs.rule, self.palette.line)
        self.bar(x_centre + 1, y, half_width, fraction, ink)
        whole, half = divmod(_half_cells(-fraction, half_width), 2)
        self.right(x_centre, y, self.glyphs.bar_right_half * half + self.glyphs.bar * whole, ink)

    # maps

    def pixels(self, x: int, y: int, rgb: ArrayLike) -> None:
        """Packed colours (h, w), two rows of pixels a cell. In ASCII a cell has their mean."""
        colours = np.asarray(rgb, dtype=np.int32)
        cells, part = self._window(x, y, colours.shape[1], (len(colours) + 1) // 2)
        rows, columns = part
        upper, lower = colours[0::2][rows, columns], colours[1::2][rows, columns]
        below = self.ground[cells].copy()  # of an odd height the last cell keeps its lower half
        below[: len(lower)] = lower
        self.bold[cells] = False
        if self.glyphs.ascii:
            self.chars[cells] = " "
            self.ground[cells] = mix(upper, below, 0.5)
        else:
            self.chars[cells] = HALF
            self.ink[cells] = upper
            self.ground[cells] = below

    def levels(
        self,
        x: int,
        y: int,
        values: ArrayLike,
        lines: Sequence[tuple[ArrayLike, int]] = (),
        zero: int | None = None,
    ) -> None:
        """A heat map of values (h, w) in −1 … 1, two rows a cell, with lines mixed in.

        Each of ``lines`` is a coverage (h, w) in 0 … 1 and a colour. ``zero`` is the ground of
        a thumbnail. Without colour or in ASCII each cell has one of ``=-.+#``, blank for NaN.
        """
        v = np.clip(np.asarray(values, dtype=np.float64), -1.0, 1.0)
        ground = self.palette.bg if zero is None else zero
        rgb = self.palette.fill(v, zero) if self.colour else np.full(v.shape, ground, np.int32)
        for coverage, colour in lines:
            rgb = mix(rgb, colour, coverage)
        self.pixels(x, y, rgb)
        if self.glyphs.ascii or not self.colour:
            self._signs(x, y, v)

    def dots(
        self, x: int, y: int, owners: ArrayLike, inks: ArrayLike, clearing: int | None = None
    ) -> None:
        """Braille from ``owners`` (4h, 2w): the curve that owns each dot, −1 for none.

        A cell has the ink ``inks[i]`` of its highest owner i. Owners from ``clearing`` on keep
        lower ones out of their cells. A Boolean mask is one curve; ``inks`` is then one colour.
        """
        owner = np.asarray(owners)
        if owner.dtype == np.bool_:
            owner = owner.astype(np.int64) - 1
        height, width = len(owner) // 4, owner.shape[1] // 2
        cells = owner.reshape(height, 4, width, 2).swapaxes(1, 2).reshape(height, width, 8)
        highest = cells.max(axis=2)
        rows, columns = np.nonzero(highest >= 0)
        inside = self._inside(columns + x, rows + y)
        rows, columns = rows[inside], columns[inside]
        cells, highest = cells[rows, columns], highest[rows, columns]
        lit = cells >= 0
        if clearing is not None:
            lit &= (cells >= clearing) | (highest < clearing)[:, None]
        chars = _ascii_dots(lit) if self.glyphs.ascii else _braille(lit)
        self._put((rows + y, columns + x), chars, np.atleast_1d(inks)[highest], None, False)

    # what it becomes

    def strip(self, y: int) -> Strip:
        """Row y, with equal neighbours in one segment."""
        if self.width == 0:
            return Strip([], 0)
        ink, ground, bold = self.ink[y], self.ground[y], self.bold[y]
        cut = (ink[1:] != ink[:-1]) | (ground[1:] != ground[:-1]) | (bold[1:] != bold[:-1])
        starts = np.concatenate([[0], np.flatnonzero(cut) + 1])
        text, first = self._row_text(y), starts.tolist()
        runs = zip(
            first,
            [*first[1:], self.width],
            ink[starts].tolist(),
            ground[starts].tolist(),
            bold[starts].tolist(),
            strict=True,
        )
        segments = [Segment(unpadded(text[a:b]), _style(*look)) for a, b, *look in runs]
        return Strip(segments, self.width)

    def strips(self) -> list[Strip]:
        """Every row, top first."""
        return [self.strip(y) for y in range(self.height)]

    def text_lines(self) -> list[str]:
        """The characters alone."""
        return [unpadded(self._row_text(y)) for y in range(self.height)]

    def changed_rows(self, other: "Canvas") -> list[int]:
        """The rows that look different on the other canvas: all, if its size is another."""
        if (self.width, self.height) != (other.width, other.height):
            return list(range(self.height))
        differs = (self.chars != other.chars) | (self.ink != other.ink)
        differs |= (self.ground != other.ground) | (self.bold != other.bold)
        rows: list[int] = np.flatnonzero(differs.any(axis=1)).tolist()
        return rows

    # inside

    def _row_text(self, y: int) -> str:
        """The characters of a row, a cell each; blank where half of a wide one is covered."""
        text: str = self.chars[y].tobytes().decode("utf-32-le")
        if not self._has_wide:
            return text
        return "".join(map(_whole, " " + text, text, text[1:] + " "))

    def _signs(self, x: int, y: int, v: Floats) -> None:
        upper, lower = v[0::2], np.concatenate([v[1::2], v[-1:]])[: (len(v) + 1) // 2]
        mean = (upper + lower) / 2
        level = np.sign(np.nan_to_num(mean)) * np.digitize(np.abs(mean), LEVEL_BOUNDS) + 2
        chars = np.where(np.isnan(mean), " ", _characters(LEVEL_SIGNS)[level.astype(np.int64)])
        cells, part = self._window(x, y, mean.shape[1], len(mean))
        self._put(cells, chars[part], None, None, False)
        # on bright lines and fills the ink is dark; the green channel is a proxy for luminance
        bright, dark = self.palette.hi, self.palette.bg
        green, high, low = (colour >> 8 & 255 for colour in (self.ground[cells], bright, dark))
        self.ink[cells] = np.where(np.abs(green - high) < np.abs(green - low), dark, bright)

    def _inside(self, columns: NDArray[Any], rows: NDArray[Any]) -> NDArray[np.bool_]:
        return (columns >= 0) & (columns < self.width) & (rows >= 0) & (rows < self.height)

    def _window(
        self, x: int, y: int, width: int, height: int
    ) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
        """The cells that a drawing of this size covers, and the part of it that they show."""
        left, right = max(x, 0), max(min(x + width, self.width), max(x, 0))
        top, bottom = max(y, 0), max(min(y + height, self.height), max(y, 0))
        cells = (slice(top, bottom), slice(left, right))
        return cells, (slice(top - y, bottom - y), slice(left - x, right - x))

    def _put(
        self,
        cells: tuple[Any, Any],
        chars: ArrayLike,
        ink: ArrayLike | None,
        ground: int | None,
        bold: bool,
    ) -> None:
        if ground is not None:
            self.ground[cells] = ground
        elif (pixel := self.chars[cells] == HALF).any():
            below = self.ground[cells]
            self.ground[cells] = np.where(pixel, mix(self.ink[cells], below, 0.5), below)
        self.chars[cells] = chars
        self.ink[cells] = self.palette.hi if ink is None else ink
        self.bold[cells] = bold


def _half_cells(fraction: float, width: int) -> int:
    if not fraction > 0:  # NaN too
        return 0
    return max(1, round(2 * width * min(fraction, 1.0)))


def _whole(before: str, char: str, after: str) -> str:
    """The character of a cell between two others; blank for half a wide one."""
    if char == FILLER:
        return FILLER if cell_count(before) == 2 else " "
    return " " if after != FILLER and cell_count(char) == 2 else char


def _characters(s: str) -> NDArray[np.str_]:
    return np.frombuffer(s.encode("utf-32-le"), dtype="<U1")


def _braille(lit: NDArray[np.bool_]) -> NDArray[np.str_]:
    """Characters (n,) of dots (n, 8)."""
    codes: NDArray[np.uint32] = (BRAILLE + lit @ BRAILLE_BITS).astype("<u4")
    return codes.view("<U1")


def _ascii_dots(lit: NDArray[np.bool_]) -> NDArray[np.str_]:
    """Characters (n,) that show where in the cell the dots (n, 8) are."""
    upper, lower = lit[:, :4].any(axis=1), lit[:, 4:].any(axis=1)
    return np.select([lit.sum(axis=1) > 5, upper & lower, upper], ["*", ":", "'"], ".")


@lru_cache(maxsize=1 << 14)
def _style(ink: int, ground: int, bold: bool) -> Style:
    return Style(color=_colour(ink), bgcolor=_colour(ground), bold=bold)


@lru_cache(maxsize=1 << 12)
def _colour(rgb: int) -> Color:
    return Color.from_rgb(rgb >> 16, rgb >> 8 & 255, rgb & 255)
