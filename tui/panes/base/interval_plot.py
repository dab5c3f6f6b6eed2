"""Coefficients, their intervals and the network's own on one axis, a row of cells for each."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from engine.arrays import Array
from tui.drawing.plot import Axis, linear_axis
from tui.drawing.table import Sheet
from tui.drawing.text_lines import Line, Span
from tui.model.glm.facts import GlmFacts
from tui.model.linear.facts import LinearFacts

POINT = "●"
MOST_UNLIKE = 50.0  # terms whose reaches differ by more are shown for a sd of their columns
MARGIN = 0.15  # of the axis at both ends, for the network
TIE = 1e-9  # the widest interval is in the middle of the axis: half-way between two cells if even
TICK_CELLS = 9  # a tick at most every so many


@dataclass(frozen=True, eq=False)
class IntervalPlot:
    """``low``, ``ols``, ``high`` and ``network`` (p,) on an axis of so many cells, NaN where
    there is none. ``per_sd``: each multiplied by the standard deviation of its column, so that
    unlike units share an axis; an intercept has none and is not on it."""

    low: Array
    ols: Array
    high: Array
    network: Array
    per_sd: bool
    axis: Axis
    cells: int

    def row(self, i: int, sheet: Sheet) -> Line:
        """The cells of a term."""
        glyphs, palette = sheet.glyphs, sheet.palette
        marks = [Span(" ", palette.low)] * self.cells
        marks[self._cell(0.0)] = Span(glyphs.rule, palette.line)
        low, ols, high, network = (v[i] for v in (self.low, self.ols, self.high, self.network))
        if np.isfinite([low, high]).all():
            ink = palette.ink(ols, 0.0) if low > 0.0 or high < 0.0 else palette.low
            first, last = self._cell(low), self._cell(high)
            marks[first : last + 1] = [Span(glyphs.bar, ink)] * (last + 1 - first)
        if np.isfinite(network):
            beyond = glyphs.left if network < self.axis.low else glyphs.right
            inside = self.axis.low <= network <= self.axis.high
            mark = glyphs.network if inside else beyond
            marks[self._cell(network)] = Span(mark, palette.hi)
        if np.isfinite(ols):
            marks[self._cell(ols)] = Span(POINT, palette.hi)
        runs = groupby(marks, key=lambda mark: mark.ink)
        return [Span("".join(mark.text for mark in run), ink) for ink, run in runs]

    @property
    def tick_line(self) -> str:
        """The labels of the axis, each above its place, as far as they do not touch."""
        line = ""
        for tick, text in zip(self.axis.ticks, self.axis.labels, strict=True):
            label = ("+" if tick > 0.0 else "") + text
            start = min(self._cell(tick) - len(label) // 2, self.cells - len(label))
            if start > len(line) or start == len(line) == 0:
                line = line.ljust(start) + label
        return line.ljust(self.cells)

    def _cell(self, value: float) -> int:
        share = (value - self.axis.low) / (self.axis.high - self.axis.low)
        cell = float(np.clip(share, 0.0, 1.0)) * (self.cells - 1)
        return int(cell + 0.5 + TIE)


def interval_plot(facts: LinearFacts | GlmFacts, cells: int) -> IntervalPlot:
    """The plot of a fit. Its axis depends on the fit alone and so stays while training plays."""
    fit = facts.fit
    assert fit is not None
    kept = ~np.isin(fit.names, fit.dropped)
    low, high = fit.confidence_intervals().T
    ols = np.where(kept, fit.coefficients, np.nan)
    network = np.where(kept, np.nan if facts.network is None else facts.network, np.nan)
    lines = [low, ols, high, network]
    reach = np.abs(np.nan_to_num(lines[:3], posinf=0.0, neginf=0.0)).max(axis=0)
    unlike = _ratio(reach) > MOST_UNLIKE
    if unlike:
        exponent = np.frexp(np.abs(fit.design).max(axis=0))[1]  # squares stay in range
        unit = np.ldexp(np.std(np.ldexp(fit.design, -exponent), axis=0), exponent)
        unit[unit == 0.0] = np.nan
        with np.errstate(all="ignore"):
            lines = [line * unit for line in lines]
    low, ols, high, network = lines
    return IntervalPlot(low, ols, high, network, unlike, _axis(lines[:3], cells), cells)


def _ratio(reach: Array) -> float:
    some = reach[reach > 0.0]
    return float(some.max() / some.min()) if len(some) else 1.0


def _axis(lines: Sequence[Array], cells: int) -> Axis:
    """From the lowest to the highest, 0 included, with room for the network on both sides."""
    ends = np.concatenate([*lines, [0.0]])
    ends = ends[np.isfinite(ends)]
    low, high = float(ends.min()), float(ends.max())
    margin = MARGIN * (high - low)
    return linear_axis(low - margin, high + margin, max(2, cells // TICK_CELLS))
