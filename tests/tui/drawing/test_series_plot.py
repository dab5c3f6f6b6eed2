"""Plots along a run: what is past, what lies ahead, and labels that never share a row."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.drawing.canvas import Canvas
from tui.drawing.palette import DARK
from tui.drawing.plot import Series, draw_plot, linear_axis, log_axis
from tui.drawing.series_plot import (
    EndLabel,
    RunSeries,
    draw_end_labels,
    falling_axis,
    label_rows,
    rising_axis,
    step_axis,
)
from tui.drawing.text_lines import Span

STEPS = np.array([0.0, 10.0, 20.0, 30.0])


def test_the_past_ends_at_the_present_step_with_its_own_value():
    line = RunSeries(STEPS, STEPS**2, 20, 7.0)
    past, ahead = line.past(1), line.ahead(2)
    assert (past.x.tolist(), past.y.tolist(), past.ink) == ([0, 10, 20], [0, 100, 7], 1)
    assert (ahead.x.tolist(), ahead.y.tolist(), ahead.ink) == ([20, 30], [400, 900], 2)


def test_a_log_axis_has_no_place_for_what_is_not_above_zero():
    positions = log_axis(1.0, 100.0).positions(np.array([10.0, 0.0, -1.0]))
    np.testing.assert_array_equal(positions, [1.0, np.nan, np.nan])


STEPPED = {factor * 10.0**power for factor in (1, 3) for power in range(1, 12)}


@given(st.integers(0, 10**10), st.integers(0, 10**9), st.integers(12, 200))
def test_the_axis_of_steps_ends_at_one_of_10_30_100_and_grows_with_the_run(last, more, width):
    axis, later = step_axis(last, width), step_axis(last + more, width)
    assert axis.low == 0.0 and axis.high in STEPPED
    assert last <= axis.high <= max(10.0, 10.0 / 3.0 * last)
    assert axis.high <= later.high


def test_a_curve_that_grows_by_a_step_has_the_same_axis_but_for_a_few_steps():
    assert [n for n in range(1, 5000) if step_axis(n, 50) != step_axis(n - 1, 50)] == [
        11, 31, 101, 301, 1001, 3001,
    ]  # fmt: skip


@given(st.floats(-12.0, 3.0), st.floats(0.0, 14.0), st.floats(0.0, 6.0), st.integers(3, 60))
def test_the_axis_of_a_falling_cost_holds_it_and_only_grows_downwards(high, falls, further, rows):
    first = falling_axis(10.0 ** (high - falls), 10.0**high, rows)
    later = falling_axis(10.0 ** (high - falls - further), 10.0**high, rows)
    assert first.low <= high - falls + 1e-6 and high <= first.high + 1e-6
    assert later.low <= first.low + 1e-6
    empty = 2.0 if first.high - first.low <= 1.01 else 0.5 * falls + 4.0
    assert first.high - first.low <= falls + empty


@given(st.floats(-12.0, 3.0), st.floats(0.0, 14.0), st.integers(3, 60))
def test_ticks_as_many_decades_apart_are_as_many_rows_apart(high, falls, rows):
    axis = falling_axis(10.0 ** (high - falls), 10.0**high, rows)
    steps = np.diff(axis.ticks)
    shares = (axis.high - np.array(axis.ticks)) / (axis.high - axis.low)
    gaps = np.diff(np.rint(shares * (rows - 1)))
    assert len(steps) >= 1 and (gaps < 0.0).all(), "two ticks at least, each in a row of its own"
    if axis.high - axis.low > 1.01:  # whole decades
        assert len({*steps.tolist()}) == len({*gaps.tolist()}) == 1


def test_labels_stay_when_the_axis_grows():
    first, later = (falling_axis(low, 0.9, 16) for low in (2e-3, 2e-5))
    assert {*first.labels} < {*later.labels} == {"1", "0.1", "0.01", "0.001", "1e−4", "1e−5"}


def test_a_cost_that_falls_by_four_decades_changes_its_axis_a_few_times():
    axes = [falling_axis(0.9 * 0.99**i, 0.9, 16) for i in range(917)]
    assert sum(a != b for a, b in zip(axes[1:], axes, strict=False)) <= 7


@pytest.mark.parametrize("rows", [3, 9, 16])
def test_a_label_stands_in_the_row_in_which_its_line_is_drawn(rows):
    for share in np.linspace(0.0, 1.0, 23):
        canvas, x = Canvas(30, rows + 1, DARK), linear_axis(0.0, 1.0, 2)
        level = Series(np.array([0.0, 1.0]), np.array([share, share]), DARK.hi)
        draw_plot(canvas, 0, 30, rows + 1, [level], x, x)
        drawn = [any("\u2800" < char < "\u2900" for char in line) for line in canvas.text_lines()]
        assert label_rows(np.array([share]), x, rows) == [drawn.index(True)]


@given(st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9))
def test_a_linear_axis_holds_0_and_all_values_between_round_numbers(a, b):
    low, high = min(a, b) / 1000.0, max(a, b) / 1000.0
    axis, rounding = rising_axis(low, high, 5), 1e-9 * max(abs(low), abs(high))
    assert axis.low <= min(low, 0.0) + rounding and max(high, 0.0) <= axis.high + rounding


def test_ticks_of_one_axis_have_one_spelling():
    assert log_axis(5e4, 2e7).labels == ("1e5", "1e6", "1e7")
    assert log_axis(2e-5, 0.5).labels == ("1e−4", "1e−3", "0.01", "0.1")
    assert log_axis(2e-3, 50.0).labels == ("0.01", "0.1", "1", "10")


@given(st.lists(st.floats(width=16), max_size=8), st.integers(8, 20))
def test_labels_have_rows_of_their_own_in_the_order_of_their_heights(heights, rows):
    placed = label_rows(np.array(heights), linear_axis(0.0, 1.0, 3), rows)
    assert sorted({*placed} & {*range(rows)}) == sorted(placed)
    shown = [1.0 if np.isnan(h) else min(max(h, 0.0), 1.0) for h in heights]
    order = np.argsort([-h for h in shown], kind="stable")
    assert [placed[i] for i in order] == sorted(placed)


def test_a_label_stands_in_the_row_of_its_height():
    canvas, y = Canvas(12, 5, DARK), linear_axis(0.0, 4.0, 5)
    label = EndLabel(1.0, Span("test", DARK.low), Span("0.5", DARK.hi, True))
    draw_end_labels(canvas, [label], y, 1, 12, range(5))
    assert canvas.text_lines()[3] == " test    0.5"
    assert canvas.ink[3, [1, 9]].tolist() == [DARK.low, DARK.hi]
    assert np.flatnonzero(canvas.bold[3]).tolist() == [9, 10, 11]
