"""Numbers as text."""

from decimal import Decimal
from math import isfinite

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.wording import count
from tui.drawing.numbers import cells_of, large, norm, num


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (0.0, " 0.000"),
        (-0.0, " 0.000"),
        (0.4124, "+0.412"),
        (-0.4124, "−0.412"),
        (9.9996, "+10.00"),
        (12.41, "+12.41"),
        (-123.4, "−123.4"),
        (1234.5, " +1234"),
        (99999.4, "+99999"),
        (99999.6, "+1.0e5"),
        (4e-5, " +4e−5"),
        (-4e-12, "−4e−12"),
        (4e-300, "4e−300"),
        (-4e-300, "−4e−300"),
        (-4e300, "−4e300"),
        (float("inf"), "  +inf"),
        (float("-inf"), "  −inf"),
        (float("nan"), "   nan"),
    ],
)
def test_signed_numbers_are_spelt_like_this(x: float, text: str) -> None:
    assert num(x) == text


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (0.0, "0.0000"),
        (0.04256, "0.0426"),
        (0.2555, "0.2555"),
        (12.3456, "12.346"),
        (99999.96, "100000"),
        (3e8, "3.00e8"),
        (2e-9, "2.0e−9"),
        (4e-12, " 4e−12"),
        (-0.25, "−0.250"),
    ],
)
def test_norms_and_costs_are_spelt_like_this(x: float, text: str) -> None:
    assert norm(x) == text


@given(st.floats())
@example(5e-324)
@example(-1.7976931348623157e308)
@example(-9.9999999e-10)
@example(-0.0001)
@example(-9.9999999e-100)
def test_a_number_takes_six_cells_and_is_x_rounded_to_its_last_figure(x: float) -> None:
    for text in (num(x), norm(x)):
        assert len(text) <= cells_of([x]) <= 7
        assert len(text) == 6 or -1e-99 < x < 0.0
        assert (float(text.strip().replace("−", "-")) == 0.0) == (x == 0.0)
        figures = text.strip().replace("−", "-")
        if not isfinite(x):
            continue
        shown = Decimal(figures)
        exponent = shown.as_tuple().exponent
        assert isinstance(exponent, int)
        assert abs(shown - Decimal(x)) <= Decimal(10) ** exponent / 2
        assert (shown > 0) == (x > 0)
        assert (shown < 0) == (x < 0)


def test_thousands_are_set_apart() -> None:
    assert [count(7), count(3000), count(-1_234_567)] == ["7", "3 000", "−1 234 567"]


def test_numbers_of_ten_digits_and_more_are_in_short_whatever_their_size() -> None:
    assert [large(999_999_999), large(10**9), large(1_260 * 10**400)] == [
        "999 999 999",
        "1.0e9",
        "1.3e403",
    ]
