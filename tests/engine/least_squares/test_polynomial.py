"""Polynomial regression: its powers are exact, in whatever basis it works."""

from fractions import Fraction

import numpy as np
import pytest
from exact import least_squares
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import engine


def powers(x, degree):
    return [[Fraction(value) ** k for value in x] for k in range(degree + 1)]


@settings(max_examples=50)
@given(
    st.lists(st.floats(-50.0, 80.0), min_size=6, max_size=9, unique=True),
    st.integers(0, 4),
    st.sampled_from([0.0, 1e3, -1e6, 1.7e9]),
)
def test_every_coefficient_is_the_float64_nearest_to_the_truth(x, degree, offset):
    x = [value + offset if abs(value) > 1e-9 else offset for value in x]
    assume(len(set(x)) > degree + 1)
    y = [((7 * i) % 5) / 3 for i in range(len(x))]
    fit = engine.polynomial(x, y, degree)
    truth, ssr, diagonal = least_squares(powers(x, degree), y)
    assert fit.coefficients.tolist() == [float(b) for b in truth]
    assert fit.ssr == float(ssr)
    spread = [float(ssr / fit.freedom * d) ** 0.5 for d in diagonal]
    np.testing.assert_allclose(fit.standard_errors, spread, rtol=2e-15)


def test_residuals_and_leverage_are_those_of_a_well_conditioned_basis():
    rng = np.random.default_rng(0)
    x = np.sort(rng.uniform(1950.0, 2030.0, size=60))
    y = np.sin(x / 9.0) + rng.normal(size=60)
    fit = engine.polynomial(x, y, 9)
    Q = np.linalg.qr(np.polynomial.legendre.legvander((x - 1990.0) / 40.0, 9))[0]
    np.testing.assert_allclose(fit.residuals, y - Q @ (Q.T @ y), atol=1e-12)
    np.testing.assert_allclose(fit.leverage, (Q**2).sum(axis=1), rtol=1e-10)


def test_in_float64_it_is_the_same_fit():
    rng = np.random.default_rng(1)
    x, weights = rng.uniform(2.0, 9.0, size=3000), rng.uniform(0.5, 2.0, size=3000)
    y = x**3 - 4.0 * x + rng.normal(size=3000)
    exact = engine.polynomial(x, y, 4, weights=weights)
    fast = engine.polynomial(x, y, 4, weights=weights, method="fast")
    assert (exact.method, fast.method) == ("exact", "gram")
    np.testing.assert_allclose(fast.coefficients, exact.coefficients, rtol=1e-10)
    np.testing.assert_allclose(fast.standard_errors, exact.standard_errors, rtol=1e-11)
    np.testing.assert_allclose(fast.residuals, exact.residuals, atol=1e-11)
    assert fast.r_squared == pytest.approx(exact.r_squared, rel=1e-12)


@pytest.mark.parametrize("method", ["exact", "fast"])
def test_powers_too_many_for_the_distinct_x_are_dropped(method):
    x = np.repeat([1.0, 2.0, 4.0], 5)
    y = np.arange(15.0) % 7
    fit = engine.polynomial(x, y, 4, method=method)
    assert fit.dropped == ("x^3", "x^4")
    assert fit.names == ("intercept", "x", "x^2", "x^3", "x^4")
    means = [y[x == value].mean() for value in x]
    np.testing.assert_allclose(fit.fitted, means, atol=1e-12)


def test_of_degree_0_it_is_the_mean_and_of_degree_1_the_line():
    x, y = np.array([1.0, 2.0, 4.0, 8.0]), np.array([1.0, 3.0, 2.0, 6.0])
    assert engine.polynomial(x, y, 0).coefficients.tolist() == [3.0]
    line = engine.polynomial(x, y, 1)
    assert line.coefficients.tolist() == engine.ols(x, y).coefficients.tolist()
    with pytest.raises(engine.DataError, match="degree = -1"):
        engine.polynomial(x, y, -1)


def test_text_of_more_digits_than_float64_has_keeps_them():
    x = [f"1000000000000000000.{i}" for i in range(6)]  # all the same in float64
    y = [str(i * i) for i in range(6)]
    fit = engine.polynomial(x, y, 2)
    assert fit.rank == 3
    assert fit.coefficients[2] == 100.0
    assert fit.ssr == 0.0
    np.testing.assert_allclose(fit.leverage, engine.polynomial(range(6), y, 2).leverage, rtol=1e-12)


@pytest.mark.parametrize(
    ("x", "degree", "says"),
    [
        ([1.0, 2.0], -1, "degree = -1 is not a whole number"),
        ([1.0, 2.0], 1.5, "degree = 1.5 is not a whole number"),
        ([1e100, 2e100, 3e100, 4e100, 5e100], 4, "x^4 is too large for float64: scale x"),
        ([1e-100, 2e-100, 3e-100, 4e-100, 5e-100], 4, "a coefficient is too large for float64"),
    ],
)
@pytest.mark.parametrize("method", ["exact", "fast"])
def test_mistakes_say_what_is_wrong(x, degree, says, method):
    y = [float(i * i % 3) for i in range(len(x))]
    with pytest.raises(engine.DataError) as error:
        _ = engine.polynomial(x, y, degree, method=method).coefficients
    assert says in str(error.value)
