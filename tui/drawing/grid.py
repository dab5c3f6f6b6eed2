"""Grid: a box of two coordinates laid out on cells, with its axes, marks and cursor."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.arrays import Array, Bools
from tui.drawing.canvas import Canvas
from tui.drawing.numbers import tick, tick_labels

Box = tuple[tuple[float, float], tuple[float, float]]
Ints = NDArray[np.int64]
Texts = tuple[str, str, str]  # at the low end, in the middle and at the high end of a scale

BRIEF = 0.01, 1000.0  # sizes outside have an exponent where there is little room
LONGEST_NAME = 6  # cells of an axis's name at the left
NEAR = 1.5  # cells from a mark to the mouse


class Grid(NamedTuple):
    """``width`` × ``height`` cells from column ``left`` and row 0 on; ``box`` is ((x low, x high),
    (y low, y high)). The row below holds the ticks of x, the columns at the left those of y."""

    left: int
    width: int
    height: int
    box: Box

    @property
    def steps(self) -> Array:
        """A cell's width and height in the box's units."""
        (x_low, x_high), (y_low, y_high) = self.box
        return np.array([(x_high - x_low) / self.width, (y_high - y_low) / self.height])

    def cells(self, points: ArrayLike) -> Ints:
        """Column and row, from the grid's corner, of points (n, 2); outside the grid −1."""
        xy = np.asarray(points, dtype=np.float64)
        corner = np.array([self.box[0][0], self.box[1][1]])
        cells = np.floor((xy - corner) / self.steps * [1.0, -1.0])
        inside = ((cells >= 0) & (cells < [self.width, self.height])).all(axis=1)  # not if NaN
        return np.where(inside[:, None], cells, -1.0).astype(np.int64)

    def middle(self, column: int, row: int) -> Array:
        """The point in the middle of a cell."""
        corner = np.array([self.box[0][0], self.box[1][1]])
        return corner + self.steps * [column + 0.5, -row - 0.5]

    def nearest(
        self, points: Array, cell: tuple[int, int], among: Bools | None = None
    ) -> int | None:
        """Which of points (n, 2), or of ``among`` them, is nearest: in the cell or beside it;
        points that are not finite are nowhere."""
        away: Array = np.abs((points - self.middle(*cell)) / self.steps)
        away[~np.isfinite(away).all(axis=1)] = np.inf
        if among is not None:
            away[~among] = np.inf
        if not len(away):
            return None
        nearest = int(np.hypot(*away.T).argmin())
        return nearest if away[nearest].max() < NEAR else None

    def mark(self, canvas: Canvas, points: Array, mark: str, ink: int) -> None:
        """Draw a mark in the cells of points (n, 2) within the box."""
        columns, rows = self.cells(points).T
        inside = columns >= 0
        if inside.any():
            canvas.marks(columns[inside] + self.left, rows[inside], mark, ink)

    def mark_all(
        self, canvas: Canvas, points: Array, marks: Sequence[tuple[Bools, str, int]]
    ) -> None:
        """Draw marks of one cell, each of the points (n, 2) that it is for, the last on top."""
        columns, rows = self.cells(points).T
        at = [np.flatnonzero(chosen & (columns >= 0)) for chosen, _, _ in marks]
        spelt = [canvas.glyphs.text(mark) or "?" for _, mark, _ in marks]
        sizes, chosen = [len(part) for part in at], np.concatenate(at)
        inks = np.repeat(np.array([ink for _, _, ink in marks], dtype=np.int32), sizes)
        chars = np.repeat(np.array(spelt, dtype="<U1"), sizes)
        canvas.many_marks(columns[chosen] + self.left, rows[chosen], chars, inks)

    def curve_dots(self, values: Array) -> Bools:
        """Dots (4 height, 2 width) of a curve through samples of y from the left to the right: in
        each column those between its heights at the column's sides, one at least."""
        (low, high), columns, rows = self.box[1], 2 * self.width, 4 * self.height
        samples = (np.arange(len(values)) + 0.5) / len(values)
        depths = (high - values) / (high - low)
        ends = rows * np.interp(np.arange(columns + 1) / columns, samples, depths)
        with np.errstate(invalid="ignore"):
            first = np.ceil(np.minimum(ends[:-1], ends[1:]) - 0.5)
            last = np.maximum(np.ceil(np.maximum(ends[:-1], ends[1:]) - 0.5) - 1.0, first)
        row = np.arange(rows)[:, None]
        return (first <= row) & (row <= last)

    def label_places(self, column: int, row: int, length: int) -> list[tuple[int, int]]:
        """Column and row, from the grid's corner, where a label so long may begin: right of a
        cell, left, above, below."""
        around = (column + 1, row), (column - length, row), (column, row - 1), (column, row + 1)
        return [(x, y) for x, y in around if 0 <= x <= self.width - length and 0 <= y < self.height]

    def draw_level(self, canvas: Canvas, y: float) -> None:
        """A dashed line at y, if it is within the box."""
        low, high = self.box[1]
        if low < y < high:
            dashes = canvas.glyphs.dash * self.width
            canvas.text(self.left, self.row(y), dashes, canvas.palette.line)

    def draw_axes(self, canvas: Canvas, x_name: str, y_name: str) -> None:
        """The names of the axes, and ticks at both ends and at 0, or in the middle."""
        palette, end = canvas.palette, self.left + self.width
        edge, free = self.left - 1, canvas.width - end - 1
        marked = ticks(*self.box[1])
        # 0 first: where an end shares its row, the end has no label
        rows: dict[int, str] = {}
        for value, text in sorted(marked, key=lambda m: (m[0] != 0.0, m is marked[1])):
            rows.setdefault(self.row(value), text)
        for row, text in rows.items():
            canvas.right(edge, row, text, palette.low)
        if self.height >= 5:
            name = short(y_name, min(LONGEST_NAME, edge), (x_name, y_name))
            canvas.right(edge, 1, name, palette.mid)

        x_name = x_name if free >= len(x_name) or free >= LONGEST_NAME else ""
        (low, _), (middle, _), (high, _) = ticks(*self.box[0])
        texts = tick_texts(low, middle, high, signed=low < 0.0)
        for column, text in labels_apart(texts, self.width, self.column(middle)):
            canvas.text(self.left + column, self.height, text, palette.low)
        canvas.text(end + 1, self.height, cut(x_name, free), palette.mid)

    def draw_cursor(self, canvas: Canvas, point: Array) -> None:
        """The cursor, and where it stands on either axis; of a y outside the box only x."""
        column, (low, high) = self.column(point[0]), self.box[1]
        glyphs, palette = canvas.glyphs, canvas.palette
        canvas.text(self.left + column, self.height, glyphs.marker_up, palette.hi)
        if not low <= point[1] <= high:
            return
        row = self.row(point[1])
        canvas.text(self.left - 1, row, glyphs.marker_right, palette.hi)
        canvas.text(self.left + column, row, glyphs.cursor, palette.hi, palette.bg)

    def column(self, x: float) -> int:
        """The column of x, the last for the box's end."""
        low, _ = self.box[0]
        return int(np.clip((x - low) / self.steps[0], 0, self.width - 1))

    def row(self, y: float) -> int:
        _, high = self.box[1]
        return int(np.clip((high - y) / self.steps[1], 0, self.height - 1))


def margin(y_box: tuple[float, float], y_name: str) -> int:
    """The cells that ticks and name of the y axis need at the left, with one for the cursor's."""
    return max(min(len(y_name), LONGEST_NAME), *(len(text) for _, text in ticks(*y_box))) + 1


def ticks(low: float, high: float) -> list[tuple[float, str]]:
    """Three values with their texts: both ends, between them 0 or else the middle."""
    middle = 0.0 if low < 0.0 < high else (low + high) / 2.0
    signed = low < 0.0
    values = low, middle, high
    return [*zip(values, tick_labels(values, signed, (high - low) / 10.0), strict=True)]


def tick_texts(low: float, middle: float, high: float, signed: bool) -> Iterator[Texts]:
    """What may stand below a scale from low to high, best first: both ends and the middle, which
    goes first where there is little room, then digits, then the low end."""
    step = (high - low) / 10.0
    whole = tick_labels((low, middle, high), signed, step)
    yield whole[0], whole[1], whole[2]
    yield whole[0], "", whole[2]
    for digits in (3, 2):
        yield tick(low, signed, digits=digits), "", tick(high, signed, digits=digits)
    for digits in (2, 1):
        ends = (tick(value, signed, digits=digits, fixed=BRIEF) for value in (low, high))
        yield next(ends), "", next(ends)
    for digits in (4, 3, 2, 1):
        yield "", "", tick(high, signed, digits=digits)


def labels_apart(
    candidates: Iterable[Texts], width: int, centre: int | None = None
) -> list[tuple[int, str]]:
    """Where the texts go below a scale of so many cells: the first of the candidates that has a
    blank between its texts. The middle one is about the column ``centre``."""
    for low, middle, high in candidates:
        start = (width - len(middle)) // 2 if centre is None else centre - len(middle) // 2
        end = width - len(high)
        if middle and not (len(low) < start and start + len(middle) < end):
            continue
        if len(low) + bool(low) <= end and end >= 0:
            places = (0, low), (start, middle), (end, high)
            return [(column, text) for column, text in places if text]
    return []


def cut(text: str, width: int) -> str:
    """The text in at most ``width`` cells."""
    return text if len(text) <= width else (text[: max(0, width - 1)] + "…")[: max(0, width)]


def cut_names(names: Sequence[str], width: int) -> list[str]:
    """Names in at most ``width`` cells each, cut so that they stay different.

    The category of an indicator, column=category, is kept; of other names that would be cut to the
    same text, the part after their common prefix, or else their ends.
    """
    result = [_cut_before(name, name.find("="), width) for name in names]
    for duplicate in {text for text in result if result.count(text) > 1}:
        rows = [i for i, text in enumerate(result) if text == duplicate and len(names[i]) > width]
        letters = enumerate(zip(*(names[i] for i in rows), strict=False))
        shortest = min((len(names[i]) for i in rows), default=0)
        prefix = next((k for k, column in letters if len(set(column)) > 1), shortest)
        candidates = (
            [_cut_before(names[i], prefix, width, width // 2) for i in rows],
            [_cut_before(names[i], len(names[i]) - width // 2, width) for i in rows],
            [_cut_before(names[i], len(names[i]) - width + 1, width) for i in rows],
        )
        for i, text in zip(rows, max(candidates, key=lambda c: len(set(c))), strict=True):
            result[i] = text
    return result


def _cut_before(name: str, start: int, width: int, kept: int = 0) -> str:
    """The name in at most ``width`` cells: the part from ``start`` on if there is room, and before
    it as much of the beginning as fits, or ``kept`` cells at least. With a start of −1 or 0 only
    the beginning."""
    if len(name) <= width or start <= 0:
        return cut(name, width)
    end = cut(name[start:], width - 1 - min(kept, start))
    return f"{name[: width - 1 - len(end)]}…{end}"


def short(name: str, width: int, among: Collection[str]) -> str:
    """The name in at most ``width`` cells, cut so that it stays different from others."""
    if width < 4 or [cut(other, width) for other in among].count(cut(name, width)) < 2:
        return cut(name, width)
    end, names = width // 2, [*dict.fromkeys([name, *among])]
    ends = [f"{other[: width - end - 1]}…{other[-end:]}" for other in names]
    return ends[0] if ends.count(ends[0]) == 1 else cut_names(names, width)[0]
