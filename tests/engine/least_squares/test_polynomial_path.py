"""Polynomials by degree: each row and each curve is that of a fit of its own."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine


def runge(x):
    return 1.0 / (1.0 + 25.0 * np.asarray(x) ** 2)


@settings(max_examples=12)
@given(
    st.integers(0, 10_000),
    st.sampled_from([0.0, 1990.0, -1e5]),
    st.sampled_from([1.0, 1e-3, 40.0]),
)
def test_each_degree_is_the_exact_fit_of_that_degree_also_beyond_the_data(seed, offset, scale):
    rng = np.random.default_rng(seed)
    x = offset + scale * rng.uniform(-1.0, 1.0, 30)
    y = rng.normal(size=30)
    wide = offset + scale * np.linspace(-1.3, 1.3, 7)
    path = engine.polynomial_path(x, y, [1, 3, 8], test=(wide, np.zeros(7)))
    assert [cost.degree for cost in path.costs] == [1, 3, 8]
    for cost in path.costs:
        fit = engine.polynomial(x, y, cost.degree)
        assert cost.train_cost == pytest.approx(fit.ssr / 30, rel=1e-11)
        assert cost.condition_number == pytest.approx(fit.condition_number, rel=1e-9)
        if offset == 0.0:  # elsewhere rounding of the coefficients alone moves the curve
            powers = [[Fraction(v) ** k for k in range(cost.degree + 1)] for v in wide]
            b = [Fraction(v) for v in fit.coefficients.tolist()]
            exact = [float(sum(p * c for p, c in zip(row, b, strict=True))) for row in powers]
            curve = path.predict(cost.degree, wide)
            np.testing.assert_allclose(curve, exact, rtol=1e-10, atol=1e-10)
            assert cost.test_cost == pytest.approx(np.mean(np.square(exact)), rel=1e-9)


def test_far_from_zero_the_curve_still_passes_through_the_exact_fitted_values():
    x = np.linspace(1950.0, 2030.0, 41)
    path = engine.polynomial_path(x, runge((x - 1990.0) / 40.0))
    for degree in path.degrees:
        fit = engine.polynomial(x, path.y, degree)
        np.testing.assert_allclose(path.predict(degree, x), fit.fitted, atol=1e-13)
    assert path.costs[-1].condition_number > 1e40  # rounded powers would show about 1e17


def test_the_training_cost_never_rises_with_the_degree_and_ends_at_zero():
    x = np.linspace(-1.0, 1.0, 13)
    costs = [cost.train_cost for cost in engine.polynomial_path(x, runge(x)).costs]
    assert (np.diff(costs) <= 1e-15).all()
    assert costs[-1] < 1e-25 and costs[0] > 1e-2


def test_runges_interpolants_get_worse_between_the_points_as_the_degree_rises():
    # Lagrange's formula is the independent method
    fine = np.linspace(-1.0, 1.0, 4001)
    errors = []
    for degree in (4, 10):
        x = np.linspace(-1.0, 1.0, degree + 1)
        path = engine.polynomial_path(x, runge(x), [degree], test=(fine, runge(fine)))
        errors.append(np.abs(path.predict(degree, fine) - runge(fine)).max())
        V = [
            np.prod((fine[:, None] - np.delete(x, j)) / (x[j] - np.delete(x, j)), 1)
            for j in range(degree + 1)
        ]
        np.testing.assert_allclose(path.predict(degree, fine), runge(x) @ V, atol=1e-12)
        assert path.costs[0].test_cost > path.costs[0].train_cost
    assert errors[0] < 0.44 and errors[1] > 1.9


def test_powers_beyond_the_distinct_x_change_nothing_and_have_no_condition_number():
    x, y = np.repeat([1.0, 2.0, 4.0], 4), np.arange(12.0) % 5
    path = engine.polynomial_path(x, y, range(7))
    assert [np.isinf(cost.condition_number) for cost in path.costs] == [False] * 3 + [True] * 4
    assert path.costs[0].train_cost == pytest.approx(y.var())
    for cost in path.costs[2:]:
        assert cost.train_cost == pytest.approx(path.costs[2].train_cost, rel=1e-12)
        assert np.isnan(cost.test_cost)
    np.testing.assert_array_equal(path.predict(6, [3.0]), path.predict(2, [3.0]))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (([1.0, 2.0], [1.0, 2.0], []), "whole numbers from 0"),
        (([1.0, 2.0], [1.0, 2.0], [1, -1]), "whole numbers from 0"),
        (([1.0, 2.0], [1.0, 2.0], [1.5, 3]), "whole numbers from 0"),
        (([1.0, 2.0], [1.0], [1]), "ols takes"),
        (([1.0, 2.0], [1.0, 2.0], [1], ([1.0], [])), "test has 1 x and 0 y"),
        (([1.0, 2.0], [1.0, 2.0], [1], ([1.0], [np.nan])), "test y"),
        (([1e200, 2.0], [1.0, 2.0], [2]), "too large"),
    ],
)
def test_mistakes_say_what_is_wrong(arguments, says):
    with pytest.raises(engine.EngineError) as error:
        engine.polynomial_path(*arguments)
    assert says in str(error.value)
    with pytest.raises(engine.DataError, match="degree 3 is not among"):
        engine.polynomial_path([1.0, 2.0], [1.0, 2.0], [1]).predict(3, [1.0])
