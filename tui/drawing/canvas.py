"""A grid of character cells that every pane draws on, turned into strips for the Line API.

Heat maps are half cells (two square pixels a cell), edges are braille (2 × 4 dots a cell).
Positions are cells, x to the right and y down from the top left; what lies outside is cut off.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from textual.strip import Strip

from tui.drawing.braille import Floats, Ints, ascii_dots, braille
from tui.drawing.cells import FILLER, half_cells, unpadded, without_halves
from tui.drawing.colours.half_cells import PixelLine, halves, in_whole_cells, lower_halves
from tui.drawing.colours.styled_row import MARK, legibility, styled_row
from tui.drawing.colours.terminal import TRUECOLOR, contrast_shown
from tui.drawing.glyphs import LEVEL_SIGNS, SIZE_SIGNS, UNICODE, Glyphs
from tui.drawing.palette import LARGE, RGB, SMALL, Palette, mix

HALF = "▀"
LEVEL_BOUNDS = (SMALL, LARGE)  # of |value|, between the signs for zero, small and large
SIZE_BOUNDS = (0.125, 0.375, 0.625, 0.875)  # between the signs for sizes 0 … 1
PARTNER_BELOW = 3.2  # contrast of a mark below which the partner of its ink may be better


class Canvas:
    """``chars``, ``ink``, ``ground`` and ``bold`` are (height, width) arrays of the cells. The
    second cell of a wide character holds a ``FILLER``.

    ``colour=False`` is for NO_COLOR: maps then show sign and size by glyphs. Without ``ink`` a
    text is ``palette.hi``; without ``ground`` a cell keeps its own, and a cell of a map gets the
    mean of its two pixels, without the lines over them. A strip has the colours that the terminal
    has, and text and marks that can be read: see ``legible``.
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
        # a map below its faint lines; −1: none
        self._bare: RGB = np.full(shape, -1, dtype=np.int32)
        self._has_wide = self._has_map = False  # whether such a character, or a map, was drawn

    def blank(self, width: int, height: int) -> "Canvas":
        """An empty canvas of another size for the same terminal."""
        return Canvas(width, height, self.palette, self.glyphs, self.colour)

    @property
    def signs(self) -> bool:
        """Whether colours cannot tell sign and size, so that maps and edges need signs too."""
        return needs_signs(self.palette, self.glyphs, self.colour)

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
            seen = _characters(s[first - x : last - x])
            self._put((y, slice(first, last)), seen, ink, ground, bold)

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
        """Write one character at many cells: the points of a data set.

        Where the ground is too like the ink, it has the ink's partner (``Palette.partner``).
        """
        columns, rows = np.atleast_1d(xs), np.atleast_1d(ys)
        inks = np.full(len(columns), self.palette.hi if ink is None else ink, dtype=np.int32)
        spelt = self.glyphs.text(mark) or "?"
        for i, char in enumerate(spelt[: 2 if spelt[1:2] == FILLER else 1]):
            self.many_marks(columns + i, rows, np.full(len(columns), char), inks, bold)
            self._has_wide |= i > 0

    def many_marks(
        self, xs: Ints, ys: Ints, chars: NDArray[np.str_], inks: RGB, bold: bool = False
    ) -> None:
        """The same of characters (n,) as they are spelt, each in its ink; of several in one cell
        the last is seen."""
        inside, system = self._inside(xs, ys), self.palette.system
        cells, inks = (ys[inside], xs[inside]), inks[inside]
        self._put(cells, chars[inside], inks, None, bold or not self.colour)
        grounds, others = self.ground[cells], inks.copy()
        for ink in {*inks.tolist()}:
            others[inks == ink] = self.palette.partner(ink)
        with_ink, with_other = (contrast_shown(c, grounds, system) for c in (inks, others))
        swap = (with_other > with_ink) & (self.palette.few | (with_ink < PARTNER_BELOW))
        self.ink[cells] = np.where(swap, others, inks)

    def paint(self, x: int, y: int, width: int, height: int, ground: int) -> None:
        """Give a rectangle of cells a ground: the selected row."""
        cells, _ = self._window(x, y, width, height)
        self.ground[cells] = ground

    def paste(self, other: "Canvas", x: int, y: int) -> None:
        """Copy all cells of another canvas, its corner in column x and row y."""
        cells, part = self._window(x, y, other.width, other.height)
        self._has_wide |= other._has_wide
        self._has_map |= other._has_map
        self.chars[cells], self.ink[cells] = other.chars[part], other.ink[part]
        self.ground[cells], self.bold[cells] = other.ground[part], other.bold[part]
        self._bare[cells] = other._bare[part]

    # bars

    def bar(self, x: int, y: int, width: int, fraction: float, ink: int | None = None) -> None:
        """A bar of fraction · width cells to the right of x; half a cell at least, unless 0."""
        whole, half = divmod(half_cells(fraction, width), 2)
        self.text(x, y, self.glyphs.bar * whole + self.glyphs.bar_left_half * half, ink)

    def signed_bar(
        self, x_centre: int, y: int, half_width: int, fraction: float, ink: int | None = None
    ) -> None:
        """A bar to either side of a rule in column x_centre; fraction in −1 … 1."""
        self.text(x_centre, y, self.glyphs.rule, self.palette.line)
        self.bar(x_centre + 1, y, half_width, fraction, ink)
        whole, half = divmod(half_cells(-fraction, half_width), 2)
        self.right(x_centre, y, self.glyphs.bar_right_half * half + self.glyphs.bar * whole, ink)

    # maps

    def pixels(
        self,
        x: int,
        y: int,
        rgb: ArrayLike,
        lines: Sequence[PixelLine] = (),
        faint: Sequence[PixelLine] = (),
    ) -> None:
        """Packed colours (h, w), two rows of pixels a cell, with lines mixed in. In ASCII a cell
        has their mean.

        Each of ``lines`` is a coverage (h, w) in 0 … 1 and a colour; so are the ``faint`` ones
        below them, which are left out where a text or a mark is written over them.
        """
        fill = np.asarray(rgb, dtype=np.int32)
        cells, part = self._window(x, y, fill.shape[1], (len(fill) + 1) // 2)
        below = self.ground[cells]
        self._has_map = True
        self._bare[cells] = -1
        if faint:
            self._bare[cells] = self._mean(*halves(self._lined(fill, lines), part, below))
        upper, lower = halves(self._lined(fill, [*faint, *lines]), part, below)
        self.bold[cells] = False
        if self.glyphs.ascii:
            self.chars[cells] = " "
            self.ground[cells] = self._mean(upper, lower)
        else:
            self.chars[cells] = HALF
            self.ink[cells] = upper
            self.ground[cells] = lower

    def levels(
        self,
        x: int,
        y: int,
        values: ArrayLike,
        lines: Sequence[PixelLine] = (),
        faint: Sequence[PixelLine] = (),
        zero: int | None = None,
        sizes: bool = False,
    ) -> None:
        """A heat map of values (h, w) in −1 … 1, two rows a cell, with lines as in ``pixels``.

        ``zero`` is the ground of a thumbnail. ``sizes``: of values in 0 … 1 that have no sign.
        With ``signs`` each cell also has one of ``=-.+#`` (sizes ``.-=+#``), blank for NaN.
        """
        v = np.clip(np.asarray(values, dtype=np.float64), 0.0 if sizes else -1.0, 1.0)
        if self.signs:  # one sign a cell, and one colour
            means = (v[0::2] + lower_halves(v)) / 2.0
            fills = np.repeat(means, 2, axis=0)[: len(v)]
            lines, faint = in_whole_cells(lines), in_whole_cells(faint)
        else:
            fills = v
        ground = self.palette.bg if zero is None else zero
        if not self.colour:
            rgb = np.full(v.shape, ground, np.int32)
        else:
            rgb = self.palette.sequential(fills) if sizes else self.palette.fill(fills, zero)
        self.pixels(x, y, rgb, lines, faint)
        if self.signs:
            self._signs(x, y, means, sizes)

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
        chars = ascii_dots(lit) if self.glyphs.ascii else braille(lit)
        self._put((rows + y, columns + x), chars, np.atleast_1d(inks)[highest], None, False)

    # what it becomes

    def strip(self, y: int) -> Strip:
        """Row y, with equal neighbours in one segment."""
        if self.width == 0:
            return Strip([], 0)
        looks = self.ink[y], self.ground[y], self.bold[y]
        ratios = legibility(self.chars[y], self.glyphs.ascii)
        return styled_row(self._row_text(y), *looks, ratios, self.palette.system)

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
        return without_halves(text) if self._has_wide else text

    def _lined(self, fill: RGB, lines: Sequence[PixelLine]) -> RGB:
        """The fill with lines over it."""
        for coverage, colour in lines:
            fill = self.palette.covered(fill, colour, coverage)
        return fill

    def _mean(self, upper: RGB, lower: RGB) -> RGB:
        """One ground for two pixels; with few colours that of the lower, since mixtures have hues
        of their own."""
        return mix(upper, lower, 0.5) if self.palette.system == TRUECOLOR else lower

    def _signs(self, x: int, y: int, means: Floats, sizes: bool) -> None:
        value = np.nan_to_num(means)
        level = np.digitize(np.abs(value), SIZE_BOUNDS if sizes else LEVEL_BOUNDS)
        level = level if sizes else np.sign(value) * level + 2
        signs = _characters(SIZE_SIGNS if sizes else LEVEL_SIGNS)
        chars = np.where(np.isnan(means), " ", signs[level.astype(np.int64)])
        cells, part = self._window(x, y, means.shape[1], len(means))
        bare, self._bare[cells] = self._bare[cells].copy(), -1
        self._put(cells, chars[part], None, None, False)
        self._bare[cells], lined = bare, self.ground[cells]
        # as quiet as can be read, so that marks stand out among them
        palette = self.palette
        inks = np.array([palette.low, palette.mid, palette.hi, palette.bg], dtype=np.int32)
        ratios = contrast_shown(inks[:, None, None], lined, palette.system)
        self.ink[cells] = inks[np.where(ratios >= MARK, ratios, np.inf).argmin(axis=0)]

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
        if self._has_map:
            self._clear_map(cells, ground is None)
        if ground is not None:
            self.ground[cells] = ground
        self.chars[cells] = chars
        self.ink[cells] = self.palette.hi if ink is None else ink
        self.bold[cells] = bold

    def _clear_map(self, cells: tuple[Any, Any], keeps_ground: bool) -> None:
        """Make room for text on a map: without half cells and faint lines, on its own ground."""
        if (pixel := self.chars[cells] == HALF).any():
            below = self.ground[cells]
            self.ground[cells] = np.where(pixel, self._mean(self.ink[cells], below), below)
        if (bare := self._bare[cells]).max(initial=-1) >= 0:
            if keeps_ground:
                self.ground[cells] = np.where(bare >= 0, bare, self.ground[cells])
            self._bare[cells] = -1


def needs_signs(palette: Palette, glyphs: Glyphs, colour: bool) -> bool:
    """Whether colours cannot tell sign and size."""
    return glyphs.ascii or not colour or palette.few


def _characters(s: str) -> NDArray[np.str_]:
    return np.frombuffer(s.encode("utf-32-le"), dtype="<U1")
