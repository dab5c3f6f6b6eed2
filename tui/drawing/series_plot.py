"""Plots of quantities along a run: split at the present step, with names at the lines' ends."""

from collections.abc import Sequence
from functools import lru_cache
from math import ceil, floor, log10
from typing import NamedTuple

import numpy as np

from engine.arrays import Array
from engine.regions.box import round_step
from tui.drawing.canvas import Canvas
from tui.drawing.numbers import tick_labels
from tui.drawing.plot import SMALLEST_LOG, Axis, Series, linear_axis, log_axis
from tui.drawing.text_lines import Span, draw_line

MIN_STEPS = 10  # that the x axis shows
ROUND_STEPS = 4  # of a linear y axis, at the least
JUST_BELOW = 0.9
ROUNDING = 1e-9  # of the ends of a log axis
ON_ROW = 0.4  # rows from a tick to the row that it is drawn on, at most
FILLED = 0.75  # of an axis of decades, at the least
Y_LABEL = 5  # cells for the labels of the y axis at the least


class RunSeries(NamedTuple):
    """Values (m,) at steps (m,) of a run, and the value at its present step (NaN: unknown)."""

    steps: Array
    values: Array
    step: float
    value: float

    def past(self, ink: int) -> Series:
        """The line up to the present step."""
        past = self.steps < self.step
        values = np.append(self.values[past], self.value)
        return Series(np.append(self.steps[past], self.step), values, ink)

    def ahead(self, ink: int) -> Series:
        """The line from the present step on, as far as its values are known."""
        ahead = self.steps >= self.step
        return Series(self.steps[ahead], self.values[ahead], ink)


class EndLabel(NamedTuple):
    """The name of a line and its last value, for the row nearest to ``height`` on the y axis.

    ``height`` is a position on the axis: on a log axis the log10 of the value.
    """

    height: float
    name: Span
    value: Span


def step_axis(last: float, width: int) -> Axis:
    """The x axis of a plot of so many cells, from step 0 to the last one or beyond: its end is one
    of 10, 30, 100, 300, …, so that lines grow in a plot that keeps its place."""
    return linear_axis(0.0, step_end(last), 2 + width // 16, counts=True)


def step_end(last: float) -> float:
    """The first of 10, 30, 100, 300, … that is not below the last step."""
    end = MIN_STEPS
    while end < last:
        end = end * 3 if str(end)[0] == "1" else end // 3 * 10
    return float(end)


def falling_axis(low: float, high: float, rows: int) -> Axis:
    """A log axis, in so many rows of cells, for values that fall during a run.

    If it is longer than a decade it goes down to a power of ten at least, so that it seldom
    changes, and its ticks, as many decades apart, are the same number of rows apart.
    """
    low = min(low, JUST_BELOW * high)  # of a single value too it ends above, and goes on below
    axis = log_axis(low, high)
    if axis.high - axis.low <= 1.0 + ROUNDING:
        shares = (np.array(axis.ticks) - axis.low) / (axis.high - axis.low)
        if len({*np.rint(shares * (rows - 1)).tolist()}) < len(shares):  # only the ends
            between = len(shares) - 1
            return axis._replace(ticks=axis.ticks[::between], labels=axis.labels[::between])
        return axis
    top, bottom = log10(max(high, SMALLEST_LOG)), floor(axis.low + ROUNDING)
    every, high_end, decades = _decades(top, bottom, max(rows - 1, 2))
    low_end = high_end - decades
    near = ON_ROW * decades / max(rows - 1, 2)  # a tick so far below the end still has its row
    first, last = ceil((low_end - near) / every - ROUNDING), floor(high_end / every + ROUNDING)
    ticks = [every * k for k in range(first, last + 1)]
    low_end = min(low_end, float(ticks[0]))
    # each label for itself: it stays when the axis grows
    labels = tuple(tick_labels([10.0**tick])[0] for tick in ticks)
    return Axis(low_end, high_end, tuple(map(float, ticks)), labels, log=True)


@lru_cache(maxsize=16)
def _decades(top: float, bottom: int, last: int) -> tuple[int, float, float]:
    """How many decades from tick to tick, the upper end and the length of an axis, in decades,
    whose ticks are at rows 0 … ``last``, at whole ones or all as far from them.

    The fewest decades with which it is not much longer than it need be.
    """
    choices: list[tuple[float, int, float]] = []
    for every in range(1, max(2, ceil(top) - bottom) + 1):
        tick = every * floor(top / every)  # the highest
        for rows in range(last, min(1, last // 8), -1):  # from tick to tick
            above = max(0, ceil((top - tick) * rows / every - ON_ROW))
            end, length = max(top, tick + above * every / rows), last * every / rows
            if above + rows <= last and end - bottom <= length + ROUNDING:  # two ticks at least
                choices.append((length, every, end))
                break
        if choices and FILLED * choices[-1][0] <= top - bottom:
            return every, end, length
    length, every, end = min(choices)
    return every, end, length


def rising_axis(low: float, high: float, max_ticks: int) -> Axis:
    """A linear axis with 0 from one round number to another."""
    low, high = min(0.0, low), max(0.0, high)
    if not high > low:
        high = low + 1.0
    step = round_step((high - low) / ROUND_STEPS)
    return linear_axis(floor(low / step) * step, ceil(high / step) * step, max_ticks)


def with_fixed_labels(y: Axis) -> Axis:
    """The axis with labels of one width, so that the plot keeps its place."""
    return y._replace(labels=tuple(label.rjust(Y_LABEL) for label in y.labels))


def draw_end_labels(
    canvas: Canvas,
    labels: Sequence[EndLabel],
    y: Axis,
    name_x: int,
    value_end: int,
    rows: range,
) -> None:
    """Write each label near its line's end, none over another: names from column ``name_x`` on,
    values up to column ``value_end``."""
    heights = np.array([label.height for label in labels])
    for row, label in zip(label_rows(heights, y, len(rows)), labels, strict=True):
        draw_line(canvas, rows[row], [label.name], name_x)
        value = label.value
        canvas.right(value_end, rows[row], value.text, value.ink, bold=value.bold)


def label_rows(heights: Array, y: Axis, rows: int) -> list[int]:
    """Distinct rows 0 … rows − 1 for labels (m,) at these heights, as near to them as the labels
    above allow; −∞ goes to the bottom, NaN to the top."""
    shares = np.where(np.isnan(heights), 1.0, (heights - y.low) / (y.high - y.low))
    shares = np.clip(shares, 0.0, 1.0)
    dots = np.rint(shares * (4 * rows - 1))  # from below, as plotext has them
    wanted = rows - 1 - dots // 4
    placed = [0] * len(wanted)
    above = -1
    for index, i in enumerate(np.argsort(-shares, kind="stable").tolist()):
        lowest = rows - (len(wanted) - index)  # leave room for the labels below
        above = placed[i] = max(0, above + 1, min(int(wanted[i]), lowest))
    return placed
