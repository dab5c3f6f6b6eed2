"""Names cut to a width keep what tells them apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.drawing.grid import cut_names


@pytest.mark.parametrize(
    ("names", "width", "shown"),
    [
        (["age", "passengerClass=2nd"], 16, ["age", "passengerCl…=2nd"]),
        (["passengerClass=2nd", "passengerClass=3rd"], 7, ["pa…=2nd", "pa…=3rd"]),
        (["a_long_name_one_x", "a_long_name_two_x"], 12, ["a_long…one_x", "a_long…two_x"]),
        (["concentration"], 9, ["concentr…"]),
        (["country=United States of America"], 12, ["…=United St…"]),
    ],
)
def test_what_tells_names_apart_stays(names, width, shown):
    assert cut_names(names, width) == shown


@given(
    st.lists(st.text("ab=", min_size=1, max_size=12), unique=True, max_size=6), st.integers(1, 12)
)
def test_no_name_is_wider_and_a_short_one_is_whole(names, width):
    shown = cut_names(names, width)
    assert all(len(text) <= width for text in shown)
    assert all(a == b for a, b in zip(names, shown, strict=True) if len(a) <= width)


@given(st.lists(st.text("ab", min_size=2, max_size=2), unique=True, min_size=2, max_size=4))
def test_names_of_one_beginning_are_told_apart(ends):
    shown = cut_names([f"a_name_that_is_long_{end}" for end in ends], 9)
    assert len(set(shown)) == len(ends)
