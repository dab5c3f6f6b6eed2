"""Lengths: against exact arithmetic, over the whole range of float64."""

from decimal import Decimal, localcontext
from math import inf, isfinite, isnan, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.arrays import length, lengths

numbers = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0.0, 5e-324, -1e-310, 1e-200, -1e160, 1.7976931348623157e308]),
)


@given(st.lists(numbers, min_size=1, max_size=9))
def test_a_length_is_the_exact_one_rounded_and_0_for_zeros_alone(values: list[float]) -> None:
    with localcontext() as context:
        context.prec = 60
        exact = sum(Decimal(x) ** 2 for x in values).sqrt()
    found = length(values)
    assert (found == 0.0) == (not any(values))
    if isfinite(found):
        assert abs(Decimal(found) - exact) <= exact * Decimal("1e-14") + Decimal("5e-324")
    else:
        assert exact > Decimal("1.797693134862315e308")


@pytest.mark.parametrize(
    ("values", "expected"),
    [([], 0.0), ([inf, 1.0], inf), ([-inf, 0.0], inf), ([3e200, 4e200], 5e200),
     ([3e-200, 4e-200], 5e-200), ([5e-324], 5e-324)],
)  # fmt: skip
def test_lengths_at_the_ends_of_the_range(values: list[float], expected: float) -> None:
    assert length(values) == pytest.approx(expected, rel=1e-15, abs=0.0)


def test_what_is_not_a_number_has_no_length() -> None:
    assert isnan(length([1.0, nan]))


def test_rows_and_columns_have_lengths_of_their_own() -> None:
    matrix = np.array([[3e300, 4e300], [3e-300, 4e-300], [0.0, 0.0]])
    np.testing.assert_allclose(lengths(matrix), [5e300, 5e-300, 0.0], rtol=1e-15)
    np.testing.assert_allclose(lengths(matrix, axis=0), [3e300, 4e300], rtol=1e-15)
