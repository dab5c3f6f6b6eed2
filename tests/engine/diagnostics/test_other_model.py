"""Tests of the residuals of any model: those of a fit where these are its own, and closed forms."""

import numpy as np
import pytest

import engine
from engine import DataError, ShapeError
from engine.diagnostics import TESTS
from engine.diagnostics.other_model import MODEL_TESTS, NEEDS_FIT

RNG = np.random.default_rng(5)
X = RNG.normal(size=(40, 3))
Y = X @ [1.0, -2.0, 0.5] + RNG.standard_t(4, 40)
FIT = engine.ols(X, Y)


def test_each_test_of_a_fit_is_made_or_says_what_it_needs():
    assert {*MODEL_TESTS, "ljung_box", *NEEDS_FIT} >= set(TESTS)
    assert not {*MODEL_TESTS, "ljung_box"} & set(NEEDS_FIT)
    model = engine.diagnose_model(FIT, np.zeros(40))
    for key in NEEDS_FIT:
        assert model.test(key) is None and "least" in model.note(key)


@pytest.mark.parametrize("key", [*MODEL_TESTS, "ljung_box"])
def test_of_the_fits_own_values_the_results_are_those_of_the_fit(key):
    own, model = engine.diagnose(FIT).test(key), engine.diagnose_model(FIT, FIT.fitted).test(key)
    assert model.statistic == pytest.approx(own.statistic, rel=1e-9)
    assert model.freedom == own.freedom
    if key != "durbin_watson":  # its exact p is that of residuals of this fit
        assert model.p_value == pytest.approx(own.p_value, rel=1e-8)


def test_of_two_independent_errors_the_p_of_durbin_and_watson_has_a_closed_form():
    # e = (cos θ, sin θ): d = 1 − sin 2θ, and θ is uniform, so that P(D ≤ d) = ½ − arcsin(1 − d)/π
    fit = engine.ols([0.0, 1.0], [0.3, 0.4], intercept=False)
    for e in ([0.3, 0.4], [0.3, -0.1], [1.0, 0.02]):
        test = engine.diagnose_model(fit, fit.y - e).test("durbin_watson")
        d = (e[1] - e[0]) ** 2 / (e[0] ** 2 + e[1] ** 2)
        lower = 0.5 - np.arcsin(1.0 - d) / np.pi
        assert test.statistic == pytest.approx(d)
        assert test.p_value == pytest.approx(2.0 * min(lower, 1.0 - lower), rel=1e-9)


@pytest.mark.parametrize("n", [30, 501])
def test_of_independent_errors_one_p_in_twenty_is_below_a_twentieth(n):
    rng, x = np.random.default_rng(1), np.arange(float(n))
    below = []
    for _ in range(300):
        fit = engine.ols(x, rng.normal(size=n))
        below.append(engine.diagnose_model(fit, np.zeros(n)).test("durbin_watson").p_value < 0.05)
    assert abs(np.mean(below) - 0.05) < 4.0 * np.sqrt(0.05 * 0.95 / 300)


def test_jarque_and_bera_of_a_model_is_that_of_its_residuals():
    fitted = np.sin(np.arange(40.0))
    e = Y - fitted - (Y - fitted).mean()
    skewness, kurtosis = (np.mean(e**k) / np.mean(e**2) ** (k / 2) for k in (3, 4))
    expected = 40 / 6 * (skewness**2 + (kurtosis - 3.0) ** 2 / 4.0)
    test = engine.diagnose_model(FIT, fitted).test("jarque_bera")
    assert test.statistic == pytest.approx(expected)


@pytest.mark.parametrize(
    ("fitted", "why"),
    [(Y, "a perfect fit"), (np.full(40, np.nan), "not finite"), (np.full(40, np.inf), "not fin")],
)
def test_without_residuals_there_is_no_result_and_it_says_why(fitted, why):
    model = engine.diagnose_model(FIT, fitted)
    for key in [*MODEL_TESTS, "ljung_box"]:
        assert model.test(key) is None and why in model.note(key)


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_of_very_few_examples_nothing_fails(n):
    fit = engine.ols(np.arange(float(n)), np.cos(np.arange(float(n))))
    model = engine.diagnose_model(fit, np.zeros(n))
    for key in [*MODEL_TESTS, "ljung_box"]:
        test = model.test(key)
        assert (test is None) == (model.note(key) != "") or test is not None
        if test is not None:
            assert 0.0 <= test.p_value <= 1.0


def test_huge_residuals_are_tested_in_their_own_unit():
    one, huge = (engine.diagnose_model(FIT, Y - size * X[:, 0]) for size in (1.0, 1e200))
    for key in ("jarque_bera", "durbin_watson", "white", "breusch_pagan"):
        assert huge.test(key).statistic == pytest.approx(one.test(key).statistic)


def test_rows_without_an_order_have_no_test_of_it():
    model = engine.diagnose_model(FIT, np.zeros(40), rows_have_order=False)
    for key in ("durbin_watson", "ljung_box"):
        assert model.test(key) is None and "order of the rows" in model.note(key)


def test_what_cannot_be_a_model_is_refused():
    with pytest.raises(ShapeError):
        engine.diagnose_model(FIT, np.zeros(39))
    with pytest.raises(DataError):
        engine.diagnose_model(engine.ols(X, Y, weights=np.ones(40)), np.zeros(40))
