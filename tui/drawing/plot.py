"""Plots with axes, by plotext. The only module that calls it, and never with what it cannot take.

plotext raises on infinities, exhausts memory on values far outside the limits, and keeps one
global figure: so everything is finite, clipped and thinned here, and drawn on the UI thread.
"""

import re
from collections.abc import Sequence
from math import ceil, floor, log10
from typing import NamedTuple

import numpy as np

from engine.arrays import Array, distinct
from engine.regions.box import round_step
from engine.wording import count
from tui.drawing.canvas import Canvas
from tui.drawing.numbers import tick_labels

SMALLEST_LOG = 1e-300
MAX_DECADES = 6  # ticks at powers of ten
MOST_LONGER = 1.15  # times its values, that a log axis should be so that ticks stand on whole rows
ROWS_A_TICK = 4
ESCAPE = re.compile(r"\x1b\[([0-9;]*)m")

LogTick = tuple[float, int, int]  # log10 of a factor times a power of ten, the factor, the power


class Series(NamedTuple):
    """A line through points x, y (m,), in one colour; ``dotted`` shows every third dot column."""

    x: Array
    y: Array
    ink: int
    dotted: bool = False


class Axis(NamedTuple):
    """Limits and round ticks with their labels; on a log axis limits and ticks are log10."""

    low: float
    high: float
    ticks: tuple[float, ...]
    labels: tuple[str, ...]
    log: bool = False

    def positions(self, values: Array) -> Array:
        """Where values are on the axis: NaN for those that a log axis does not have."""
        return log10_of(values) if self.log else values

    def label_positions(self, values: Array) -> Array:
        """The same for labels: −∞, below the axis, for what a log axis does not have because it is
        not above 0."""
        return np.where(values <= 0.0, -np.inf, self.positions(values)) if self.log else values


def log_axis(low: float, high: float, rows: int | None = None) -> Axis:
    """An axis of log10 from the 1, 2, 5 below ``low`` > 0 to the one above ``high``.

    In a plot of so many ``rows`` its ticks stand on rows of their own, and powers of ten at equal
    distances; for that it may go on a little beyond either end.
    """
    low, high = max(low, SMALLEST_LOG), max(high, SMALLEST_LOG)
    marks = _marks(log10(low) - 1.0, log10(high) + 1.0)
    first = max(i for i, mark in enumerate(marks) if mark[0] <= log10(low) + 1e-9)
    last = min(i for i, mark in enumerate(marks) if mark[0] >= log10(high) - 1e-9)
    marks = marks[first : max(last, first + 1) + 1]
    ends, every = (marks[0][0], marks[-1][0]), 1
    if rows is None and len(marks) > 7:  # more than two decades: whole ones only
        marks = [m for m in marks if m[1] == 1]
        every = -(-len(marks) // MAX_DECADES)
    elif rows is not None:
        even = _even_decades(*ends, rows) if len(marks) > 4 else None
        if even is not None:
            ends, every = even[:2], even[2]
            marks = _marks(*ends)
            if len(marks) > 9 or 2 * len(marks) > rows:
                marks = [m for m in marks if m[1] == 1]
        elif _share_rows(marks, *ends, rows):
            marks = [marks[0], marks[-1]]
    ticks = [m for m in marks if m[2] % every == 0]
    return Axis(
        *ends,
        tuple(position for position, _, _ in ticks),
        tuple(tick_labels(factor * 10.0**decade for _, factor, decade in ticks)),
        log=True,
    )


def _marks(low: float, high: float) -> list[LogTick]:
    """The 1, 2, 5 times powers of ten from 10 ** ``low`` to 10 ** ``high``."""
    marks = ((log10(f) + d, f, d) for d in range(floor(low), ceil(high) + 1) for f in (1, 2, 5))
    return [mark for mark in marks if low - 1e-9 <= mark[0] <= high + 1e-9]


def _even_decades(low: float, high: float, rows: int) -> tuple[float, float, int] | None:
    """The ends, in log10, of an axis of so many rows that holds ``low`` … ``high``, and k, so that
    every k-th power of ten is in the middle of a row: k is as small as can be for an axis that is
    not much longer. None if there is room for one of these only."""
    found: list[tuple[float, int, float, float]] = []
    for every in range(1, ceil(high - low) + 1):
        for apart in range(int((rows - 1) * every / (high - low) + 1e-9), 0, -1):  # rows
            tick = every * ceil(low / every - 1e-9)
            below = ceil((tick - low) * apart / every - 1e-9)
            start = tick - below * every / apart
            end = start + (rows - 1) * every / apart
            if end >= high - 1e-9:
                count = floor(end / every + 1e-9) - tick // every + 1
                if 2 <= count <= max(MAX_DECADES, rows // ROWS_A_TICK):
                    longer = max(MOST_LONGER, (end - start) / (high - low))
                    found.append((longer, every, start, end))
                break
    if not found:
        return None
    _, every, start, end = min(found)
    return start, end, every


def _share_rows(marks: Sequence[LogTick], low: float, high: float, rows: int) -> bool:
    """Whether two marks of an axis of so many rows fall on one row."""
    places = {round((mark[0] - low) / (high - low) * (rows - 1)) for mark in marks}
    return len(places) < len(marks)


def log10_of(values: Array) -> Array:
    """log10 of values (m,); NaN where they are not above 0."""
    with np.errstate(all="ignore"):
        result: Array = np.log10(np.where(values > 0.0, values, np.nan))
    return result


def linear_axis(low: float, high: float, max_ticks: int, counts: bool = False) -> Axis:
    """An axis between exactly these limits, with at most so many round ticks; of ``counts`` these
    are whole numbers."""
    if not high > low:
        high = low + 1.0
    step = round_step((high - low) / max(1, max_ticks - 1))
    step = max(step, 1.0) if counts else step
    while floor(high / step) - ceil(low / step) + 1 > max_ticks:
        step = round_step(step * 2.5)
    ticks = [i * step for i in range(ceil(low / step), floor(high / step) + 1)]
    labels = [count(round(t)) for t in ticks] if counts else tick_labels(ticks, step=step)
    return Axis(low, high, tuple(ticks), tuple(labels))


def thinned(series: Series, x: Axis, y: Axis, columns: int) -> tuple[list[float], list[float]]:
    """The finite part of a series inside the limits, at most two points (min, max) a column."""
    xs, ys = x.positions(series.x), y.positions(series.y)
    keep = np.isfinite(xs) & np.isfinite(ys) & (xs >= x.low) & (xs <= x.high)
    xs, ys = xs[keep], np.clip(ys[keep], y.low, y.high)
    if len(xs) > 2 * columns:
        column = ((xs - x.low) / (x.high - x.low) * (columns - 1)).astype(np.intp)
        order = np.lexsort((ys, column))
        edges = np.flatnonzero(np.diff(column[order])) + 1
        firsts, lasts = np.r_[0, edges], np.r_[edges, len(order)] - 1
        chosen = distinct(np.r_[order[firsts], order[lasts]])
        xs, ys = xs[chosen], ys[chosen]
    return xs.tolist(), ys.tolist()


def draw_plot(
    canvas: Canvas,
    top: int,
    width: int,
    height: int,
    series: Sequence[Series],
    x: Axis,
    y: Axis,
) -> None:
    """Draw series, the last on top, with their axes into columns 0 … width − 1 of a canvas."""
    import plotext  # lazy: after the first paint

    palette = canvas.palette
    plotext.clear_figure()
    plotext.limit_size(False, False)  # by what it takes for the terminal's
    plotext.plot_size(width, height - 1)
    ground = _channels(palette.bg)
    plotext.canvas_color(ground)
    plotext.axes_color(ground)
    plotext.ticks_color(_channels(palette.low))
    for line in series:
        xs, ys = thinned(line, x, y, 2 * width)
        if not xs:
            continue
        colour = _channels(line.ink)
        marker = ("." if line.dotted else "*") if canvas.glyphs.ascii else "braille"
        if line.dotted:
            plotext.scatter(xs, ys, marker=marker, color=colour)
        else:
            plotext.plot(xs, ys, marker=marker, color=colour)
    plotext.xaxes(False, False)
    plotext.yaxes(True, False)
    plotext.grid(False, False)
    plotext.xlim(x.low, x.high)
    plotext.ylim(y.low, y.high)
    plotext.xticks([], [])
    shown = _apart(y, height - 1)
    plotext.yticks([y.ticks[i] for i in shown], [y.labels[i] for i in shown])
    _paint(canvas, top, plotext.build(), palette.low)
    left = 1 + max(len(label) for label in y.labels)
    _draw_ticks(canvas, x, left, width, top + height - 1)


def _apart(y: Axis, rows: int) -> list[int]:
    """The ticks that have a row to themselves, from the lowest on.

    Where two share one, plotext's choice depends on the random seed of Python's hashes.
    """
    shown: dict[int, int] = {}
    for i, position in enumerate(y.ticks):
        shown.setdefault(round((position - y.low) / (y.high - y.low) * (rows - 1)), i)
    return list(shown.values())


def _draw_ticks(canvas: Canvas, x: Axis, left: int, width: int, row: int) -> None:
    """The labels of the x axis, each under its tick, as far as they do not touch.

    plotext's own places depend on the random seed of Python's hashes where there is little room.
    """
    free = 0
    for position, label in zip(x.ticks, x.labels, strict=True):
        middle = left + round((position - x.low) / (x.high - x.low) * (width - left - 1))
        start = min(middle - len(label) // 2, width - len(label))
        if start >= free:
            canvas.text(start, row, label, canvas.palette.low)
            free = start + len(label) + 1


def _channels(rgb: int) -> tuple[int, int, int]:
    return rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255


def _paint(canvas: Canvas, top: int, built: str, ink: int) -> None:
    """Copy plotext's text, coloured by escape sequences, onto the canvas."""
    for row, line in enumerate(built.splitlines()):
        column, colour = 0, ink
        # splitting on a pattern with one group gives text, codes, text, codes, …
        for index, part in enumerate(ESCAPE.split(line)):
            if index % 2 == 0:
                if part.strip():
                    canvas.text(column, top + row, part, ink=colour)
                column += len(part)
            elif part.startswith("38;2;"):
                r, g, b = map(int, part.split(";")[2:5])
                colour = r << 16 | g << 8 | b
            elif part == "0":
                colour = ink
