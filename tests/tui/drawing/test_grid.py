"""Names cut to a width keep what tells them apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.drawing.grid import cut_names, labels_apart, short, tick_texts


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


FEATURES = ["size of house", "no of bedrooms", "size of house²", "no of bedrooms²"]


@pytest.mark.parametrize("width", [8, 12, 15])
def test_a_column_its_square_and_its_product_are_told_apart(width):
    names = [*FEATURES, "size of house·no of bedrooms", "sin size of house", "cos size of house"]
    assert len(set(cut_names(names, width))) == len(names)


@given(st.permutations(FEATURES), st.integers(6, 12))
def test_a_short_name_differs_from_those_beside_it(names, width):
    shown = [short(name, width, names) for name in names]
    assert len(set(shown)) == len(names) and max(map(len, shown)) <= width


VALUES = st.floats(-1e300, 1e300) | st.floats(-1e6, 1e6)


@given(VALUES, VALUES, st.integers(0, 40), st.booleans())
def test_labels_of_a_scale_never_touch(one, other, width, signed):
    low, high = sorted((one, other))
    placed = labels_apart(tick_texts(low, low / 2.0 + high / 2.0, high, signed), width)
    line = [" "] * width
    for column, text in placed:
        assert column >= 0 and column + len(text) <= width
        assert set(line[max(0, column - 1) : column + len(text) + 1]) <= {" "}
        line[column : column + len(text)] = text
    if width >= 8:
        assert placed and placed[-1][0] + len(placed[-1][1]) == width
        assert float(placed[-1][1].replace("−", "-")) == pytest.approx(high, rel=0.5, abs=1e-300)


def test_the_scale_of_house_prices_has_its_three_values():
    values = 93_920.0, 430_553.0, 767_187.0
    widths = {
        width: labels_apart(tick_texts(*values, False), width) for width in (20, 13, 11, 6, 3)
    }
    shown = {width: [text for _, text in placed] for width, placed in widths.items()}
    assert shown == {
        20: ["93920", "430553", "767187"],
        13: ["93920", "767187"],
        11: ["9.4e4", "7.7e5"],
        6: ["767187"],
        3: [],
    }


def test_both_ends_of_a_scale_have_a_label_before_one_stands_alone():
    ends = 200000.0, 390000.0, 580000.0
    placed = {w: [text for _, text in labels_apart(tick_texts(*ends, False), w)] for w in (13, 12)}
    assert placed == {13: ["200000", "580000"], 12: ["2e5", "5.8e5"]}
