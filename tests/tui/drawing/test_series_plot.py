"""Plots along a run: what is past, what lies ahead, and labels that never share a row."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tui.drawing.canvas import Canvas
from tui.drawing.palette import DARK
from tui.drawing.plot import linear_axis, log_axis
from tui.drawing.series_plot import EndLabel, RunSeries, draw_end_labels, label_rows
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
