"""Numbers as text."""

import re
from decimal import Decimal
from math import isfinite

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.wording import count
from tui.drawing.numbers import (
    COST_CELLS,
    MINUS,
    WIDE,
    cells_of,
    cost_text,
    criterion,
    difference_text,
    exact,
    large,
    magnitude,
    norm,
    num,
    percent,
    probability,
    setting,
    tick,
    tick_labels,
    total_text,
)


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


def read(text: str) -> float:
    return float(text.strip().removeprefix("<").replace(MINUS, "-").removesuffix(" %"))


@given(st.floats(allow_nan=False, allow_infinity=False))
@example(-1e-5)
@example(3.9e5)
@example(1e22)
@example(-7.186e4)
def test_exponents_have_one_spelling(x: float) -> None:
    """No plus and no zero after the e, and U+2212 as the minus."""
    texts = [num(x), num(x, WIDE), norm(x), norm(x, WIDE), cost_text(x), tick(x), tick(x, True)]
    texts += [setting(x), magnitude(x), criterion(x), exact(x), large(int(x))]
    for text in texts:
        assert "-" not in text and "e+" not in text, text
        assert not re.search(r"e−?0\d", text), text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_all_digits_read_back_as_the_same_number(x: float) -> None:
    assert read(exact(x)) == x


@given(st.floats(1e5, 1e7), st.sampled_from([-1.0, 1.0]))
@example(356391.4, 1.0)
@example(999999.9, -1.0)
def test_house_prices_have_four_digits_where_there_is_room(x: float, sign: float) -> None:
    for text in (num(sign * x, WIDE), tick(sign * x, signed=True)):
        assert len(text) <= WIDE
        assert read(text) == pytest.approx(sign * x, rel=0.0006)
    assert len(cost_text(x)) <= COST_CELLS
    assert read(cost_text(x)) == pytest.approx(x, rel=0.0006)


@pytest.mark.parametrize("x", [0.0, 0.412, -12.41, 4312.0, 99_999.0, -0.001])
def test_other_numbers_are_the_same_in_a_wider_field(x: float) -> None:
    assert num(x, WIDE).strip() == num(x).strip()
    assert norm(x, WIDE).strip() == norm(x).strip()


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (0.0, "0"),
        (0.5, "0.5"),
        (-6.0, "−6"),
        (2500.0, "2500"),
        (767187.4, "767187"),
        (7_671_870.0, "7.672e6"),
        (1e7, "1e7"),
        (0.00025, "2.5e−4"),
        (-1e-12, "−1e−12"),
    ],
)
def test_ticks_are_spelt_like_this(x: float, text: str) -> None:
    assert tick(x) == text


@given(st.floats(-1e9, 1e9), st.integers(-3, 6))
def test_ticks_a_step_apart_are_told_apart(x: float, exponent: int) -> None:
    step = 10.0**exponent
    assert tick(x, step=step) != tick(x + step, step=step)


@given(st.floats(1e-3, 1e7), st.floats(1e-6, 1e4))
@example(0.04264, 0.01104)
def test_a_total_is_what_its_terms_make_as_printed(cost: float, penalty: float) -> None:
    texts = cost_text(cost), cost_text(penalty)
    total = total_text(*texts, cost + penalty)
    digits = Decimal(total.replace(MINUS, "-"))
    last = Decimal(10) ** int(digits.as_tuple().exponent)
    printed = sum(Decimal(text.replace(MINUS, "-")) for text in texts)
    for sum_ in (printed, Decimal(cost) + Decimal(penalty)):
        assert abs(sum_ - digits) <= last * Decimal("0.500001")


def test_an_excess_is_what_the_costs_make_as_printed() -> None:
    assert difference_text("182172", "52277", 129895.6) == "1.299e5"
    assert difference_text("101.06", "4.6092", 96.4533) == "96.45"
    assert difference_text("4.6092", "4.6092", 3e-9) == "3e−9"
    assert difference_text("20.315", "20.315", 0.0) == "0.0000"
    assert total_text("0.0000", "0.0000", 0.0) == "0.0000"
    assert difference_text("4.0052", "4.6092", -0.60402) == "−0.6040"
    assert difference_text("inf", "4.6092", float("inf")) == "–"


def test_shares_p_values_and_criteria() -> None:
    assert [percent(0.96), percent(0.9986, 2), percent(1.0, 0)] == ["96.0 %", "99.86 %", "100 %"]
    assert [probability(0.03123), probability(1e-9)] == ["0.0312", "<0.0001"]
    assert [criterion(24.3151), criterion(-1234.5)] == ["24.32", "−1234.50"]
    assert [setting(0.03), setting(1e-5), magnitude(4.2e-10), magnitude(0.0)] == [
        "0.03",
        "1e−5",
        "4e−10",
        "0",
    ]


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ((0.0, 500_000.0, 1e6), ["0", "5e5", "1e6"]),
        ((1e5, 1e6, 1e7), ["1e5", "1e6", "1e7"]),
        ((1e-6, 1e-3, 1.0, 1e3), ["1e−6", "1e−3", "1", "1e3"]),
        ((0.0, 2500.0, 5000.0), ["0", "2500", "5000"]),
        ((0.05, 0.1, 0.2), ["0.05", "0.1", "0.2"]),
    ],
)
def test_the_large_numbers_of_an_axis_have_one_form(values, texts) -> None:
    assert tick_labels(values) == texts
