"""Error-free arithmetic: sums and products equal to those of rational arithmetic."""

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.least_squares.doubledouble import subtract_combination, two_product, two_sum

# products of these neither overflow nor lose bits below the smallest float64
moderate = st.floats(-1e140, 1e140).filter(lambda a: a == 0.0 or abs(a) > 1e-130)


def exactly(pair):
    high, low = pair
    return Fraction(float(high[0])) + Fraction(float(low[0]))


@given(moderate, moderate)
def test_a_sum_and_its_error_are_the_exact_sum(a, b):
    pair = two_sum(np.array([a]), np.array([b]))
    assert pair[0][0] == a + b
    assert exactly(pair) == Fraction(a) + Fraction(b)


@given(moderate, moderate)
def test_a_product_and_its_error_are_the_exact_product(a, b):
    pair = two_product(np.array([a]), np.array([b]))
    assert pair[0][0] == a * b
    assert exactly(pair) == Fraction(a) * Fraction(b)


def test_what_cancels_to_its_last_digits_keeps_them():
    rng = np.random.default_rng(0)
    columns, b = rng.normal(size=(5, 40)), rng.normal(size=5)
    low = 1e-17 * rng.normal(size=5)
    y = b @ columns  # what is left is the rounding of this
    truth = [
        Fraction(float(y[i]))
        - sum((Fraction(b[j]) + Fraction(low[j])) * Fraction(columns[j, i]) for j in range(5))
        for i in range(40)
    ]
    got = subtract_combination(y, columns, b, low)
    np.testing.assert_allclose(got, [float(t) for t in truth], rtol=1e-11)
