"""The ticks of a log axis stand on whole rows of its plot, equal steps at equal distances."""

from math import log10

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.drawing.plot import log_axis
from tui.drawing.series_plot import falling_axis


def rows_of(axis, rows):
    return (np.array(axis.ticks) - axis.low) / (axis.high - axis.low) * (rows - 1)


@given(st.floats(-13.0, 3.0), st.floats(0.0, 16.0), st.integers(3, 70), st.booleans())
def test_powers_of_ten_have_equal_distances_in_rows_and_no_tick_is_left_out(low, span, rows, falls):
    make = falling_axis if falls else log_axis
    axis = make(10.0**low, 10.0 ** (low + span), rows)
    assert axis.low <= low + 1e-6 and low + span <= axis.high + 1e-6, "it holds the values"
    places = np.rint(rows_of(axis, rows))
    assert len({*places.tolist()}) == len(axis.ticks) >= 2, "each has a row to itself"
    whole = [i for i, tick in enumerate(axis.ticks) if abs(tick - round(tick)) < 1e-9]
    apart = np.diff(places[whole])
    if axis.high - axis.low > 1.1 and len(whole) > 2:
        assert (apart == apart[0]).all()
        assert np.diff(np.rint(np.array(axis.ticks)[whole]), 2).tolist() == [0.0] * (len(whole) - 2)


@pytest.mark.parametrize(
    ("low", "high", "rows", "labels"),
    [
        (1e-4, 0.9, 11, ("1e−4", "0.01", "1")),  # were 1e−4, 1e−3, 0.1, 1 on rows 0, 3, 7, 10
        (0.2, 2.0, 3, ("0.2", "2")),  # were 0.2, 0.5, 2
        (0.2, 2.0, 5, ("0.2", "0.5", "1", "2")),
        (1e-6, 1.0, 13, ("1e−6", "1e−4", "0.01", "1")),
    ],
)
def test_where_rows_do_not_do_for_each_decade_every_k_th_has_a_tick(low, high, rows, labels):
    axis = log_axis(low, high, rows)
    assert axis.labels == labels
    np.testing.assert_allclose(rows_of(axis, rows)[[0, -1]], [0.0, rows - 1.0], atol=1e-9)


@pytest.mark.parametrize(
    ("low", "high", "rows", "labels"),
    [
        (0.0155, 1.05, 3, ("0.001", "1")),  # were only 1: 0.001 lay just below the end
        (22.2, 1240.0, 5, ("1", "1000")),
        (81.6, 6429.9, 6, ("1", "1000")),
    ],
)
def test_a_tick_just_below_the_last_row_of_falling_costs_is_on_it(low, high, rows, labels):
    axis = falling_axis(low, high, rows)
    assert axis.labels == labels
    assert axis.low == axis.ticks[0], "where it can be drawn"


@given(st.floats(-6.0, 3.0), st.floats(1.5, 9.0), st.integers(10, 60))
def test_of_a_plot_that_is_not_low_at_most_a_third_is_beyond_the_values(low, span, rows):
    axis = log_axis(10.0**low, 10.0 ** (low + span), rows)
    assert axis.high - axis.low <= 1.34 * span + 2.0 * log10(2.5)
