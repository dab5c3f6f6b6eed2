"""Repeated sampling agrees with theory: where OLS's standard errors are right, and where not."""

import numpy as np
import pytest

import engine
from engine.noise import CORRELATION, ERROR_KINDS, growing_sd
from engine.sampling import ols_coverage as module
from engine.sampling.designs import collinear, random_generator

RNG = np.random.default_rng(5)
X = np.column_stack([np.sort(RNG.uniform(-2.0, 3.0, 50)), RNG.normal(size=50)])
BETA = [1.0, -2.0, 0.5]
CASES = (*engine.SAMPLING_CASES,)
REPETITIONS = 4000


@pytest.fixture(scope="module")
def results():
    return {case: engine.ols_coverage(X, BETA, case, 0.7, REPETITIONS) for case in CASES}


def sum_of_squares(x):
    return float(((x - x.mean()) ** 2).sum())


@pytest.mark.parametrize("case", CASES)
def test_every_data_set_is_fitted_as_ols_fits_it(case):
    result = engine.ols_coverage(X, BETA, case, 0.7, repetitions=3, level=0.9, seed=4)
    inputs = collinear(X) if case == "collinear" else X
    kind = ERROR_KINDS["normal" if case == "collinear" else case]
    errors = 0.7 * kind.draw(random_generator(4), X[:, 0], 3)
    mean = inputs @ BETA[1:] + BETA[0]
    for i, e in enumerate(errors):
        fit = engine.ols(inputs, mean + e)
        np.testing.assert_allclose(result.estimates[i], fit.coefficients, atol=1e-11)
        np.testing.assert_allclose(result.standard_errors[i], fit.standard_errors, rtol=1e-11)
        np.testing.assert_allclose(result.intervals[i], fit.confidence_intervals(0.9), atol=1e-10)
        np.testing.assert_allclose(
            result.prediction_errors[i], np.mean((fit.fitted - mean) ** 2), rtol=1e-11
        )


@pytest.mark.parametrize("level", [0.5, 0.95])
@pytest.mark.parametrize("case", ["normal", "collinear"])
def test_with_normal_errors_of_equal_variance_the_intervals_cover_at_their_level(case, level):
    # exact theory (Student): also where the columns are nearly dependent
    result = engine.ols_coverage(X, BETA, case, repetitions=REPETITIONS, level=level, seed=2)
    binomial = np.sqrt(level * (1.0 - level) / REPETITIONS)
    np.testing.assert_allclose(result.coverage, level, atol=4.0 * binomial)
    np.testing.assert_allclose(result.coverage_error, binomial, rtol=0.15)
    np.testing.assert_allclose(result.expected_coverage, level, atol=1e-12)


@pytest.mark.parametrize("case", CASES)
def test_the_estimates_have_no_bias_and_the_exact_sd(case, results):
    result = results[case]
    assert (np.abs(result.bias) < 4.0 * result.bias_error).all()
    # the s.e. of a standard deviation is sd/√(2m), more with heavy tails
    tolerance = 4.0 / np.sqrt(2 * REPETITIONS) * (2.0 if case == "heavy-tails" else 1.0)
    np.testing.assert_allclose(result.sd, result.exact_sd, rtol=tolerance)
    np.testing.assert_allclose(result.standard_error, result.exact_standard_error, rtol=0.03)
    assert result.prediction_error == pytest.approx(result.exact_prediction_error, rel=0.1)


def test_unequal_variances_give_the_slope_the_variance_of_the_sandwich():
    x = X[:, 0]
    result = engine.ols_coverage(x, [0.0, 1.0], "heteroskedastic", 0.7, REPETITIONS)
    variances = (0.7 * growing_sd(x)) ** 2
    sandwich = (((x - x.mean()) ** 2) * variances).sum() / sum_of_squares(x) ** 2
    assert result.exact_sd[1] == pytest.approx(np.sqrt(sandwich), rel=1e-12)
    assert result.exact_sd[1] > 1.2 * result.exact_standard_error[1]
    assert result.coverage[1] < 0.9
    assert variances.mean() == pytest.approx(0.49)


def test_the_mean_of_an_autocorrelated_series_has_the_textbook_variance():
    # Var ȳ = σ²/n · [(1 + ρ)/(1 − ρ) − 2ρ(1 − ρⁿ)/(n(1 − ρ)²)] of an AR(1)
    n, ρ = 30, CORRELATION
    result = engine.ols_coverage(
        np.ones(n), [2.0], "autocorrelated", 1.5, REPETITIONS, intercept=False
    )
    bracket = (1 + ρ) / (1 - ρ) - 2 * ρ * (1 - ρ**n) / (n * (1 - ρ) ** 2)
    assert result.exact_sd[0] == pytest.approx(1.5 * np.sqrt(bracket / n), rel=1e-12)
    # a sample's variance about its mean is, on average, (σ² − Var ȳ) n/(n − 1)
    expected = 1.5**2 * (1 - bracket / n) / (n - 1)
    assert result.exact_standard_error[0] == pytest.approx(np.sqrt(expected), rel=1e-12)
    assert result.coverage[0] < 0.6


def test_collinear_inputs_inflate_the_variance_by_their_vif_and_nothing_else(results):
    inputs = collinear(X)
    assert np.corrcoef(inputs.T)[0, 1] == pytest.approx(0.99, abs=1e-12)
    vif = engine.diagnose(engine.ols(inputs, X[:, 0])).vif
    np.testing.assert_allclose(vif, 1.0 / (1.0 - 0.99**2), rtol=1e-9)
    alone = [0.7 / np.sqrt(sum_of_squares(column)) for column in inputs.T]
    result = results["collinear"]
    np.testing.assert_allclose(result.exact_sd[1:], alone * np.sqrt(vif), rtol=1e-9)
    np.testing.assert_allclose(result.exact_standard_error, result.exact_sd, rtol=1e-9)
    assert result.exact_prediction_error == pytest.approx(0.49 * 3 / 50)  # as without


def test_heavy_tails_leave_standard_errors_right_and_intervals_near_their_level(results):
    for case in ("heavy-tails", "laplace"):
        result = results[case]
        np.testing.assert_allclose(result.exact_sd, results["normal"].exact_sd, rtol=1e-12)
        np.testing.assert_allclose(result.coverage, 0.95, atol=0.02)


@pytest.mark.parametrize("case", ["heteroskedastic", "autocorrelated"])
def test_the_expected_coverage_is_close_to_what_is_counted(case, results):
    result = results[case]
    np.testing.assert_allclose(result.coverage, result.expected_coverage, atol=0.03)


@pytest.mark.parametrize("name", ERROR_KINDS)
def test_errors_have_mean_0_and_the_covariance_that_the_theory_uses(name):
    kind, x, m = ERROR_KINDS[name], np.array([0.0, 1.0, 3.0, 4.0]), 60_000
    errors = kind.draw(np.random.default_rng(1), x, m)
    exact = kind.times_covariance(x, np.eye(4))
    assert np.trace(exact) == pytest.approx(4.0)
    np.testing.assert_allclose(errors.mean(axis=0), 0.0, atol=0.025)
    if name == "heavy-tails":  # no fourth moment: by quantiles of |t₃| from a table instead
        for share, quantile in ((0.5, 0.7649), (0.9, 2.3534), (0.99, 5.8409)):
            assert np.mean(np.abs(errors) * np.sqrt(3.0) < quantile) == pytest.approx(
                share, abs=0.004
            )
    else:
        np.testing.assert_allclose(errors.T @ errors / m, exact, atol=0.05)


def test_steps_add_to_what_was_drawn_and_the_size_of_a_step_changes_nothing(monkeypatch):
    *_, early, last = engine.ols_coverage_steps(X, BETA, "autocorrelated", repetitions=700)
    assert (early.repetitions, last.repetitions, early.total) == (500, 700, 700)
    np.testing.assert_array_equal(last.deviations[:500], early.deviations)
    monkeypatch.setattr(module, "BLOCK", 7)
    other = engine.ols_coverage(X, BETA, "autocorrelated", repetitions=700)
    np.testing.assert_allclose(other.deviations, last.deviations, rtol=1e-9, atol=1e-12)


def test_one_layer_ends_where_ols_does_whatever_the_errors():
    network = engine.Network([2, 1], seed=1)
    for case in ("normal", "autocorrelated"):
        *_, last = engine.network_sampling(
            network, X, BETA, case, 0.7, repetitions=3, steps=2000, batch_size=50
        )
        np.testing.assert_allclose(last.network_errors, last.ols_errors, rtol=1e-6)
        same = engine.ols_coverage(X, BETA, case, 0.7, repetitions=3)
        np.testing.assert_allclose(last.ols_errors, same.prediction_errors, rtol=1e-9)
        assert last.exact_ols_error == pytest.approx(same.exact_prediction_error)


def test_a_training_that_diverges_is_counted_and_left_out():
    network = engine.Network([2, 4, 1], seed=1)
    first, _ = engine.network_sampling(network, X, BETA, repetitions=2, learning_rate=1e3)
    assert first.diverged == 1 and np.isnan(first.network_error)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((X, BETA, "skewed"), "no case 'skewed'; there are: normal"),
        ((X, [1.0]), "the design has 3 columns"),
        ((X[:3], BETA), "3 examples for 3 coefficients"),
        ((X[:, [0, 0]], BETA), "a linear combination of the others"),
        ((X[:, 0], [0.0, 1.0], "collinear"), "collinear inputs are two or more"),
        ((X * np.nan, BETA), "X"),
        ((X, BETA, "normal", -1.0), "sd > 0"),
    ],
)
def test_mistakes_say_what_is_wrong(arguments, says):
    with pytest.raises(engine.EngineError) as error:
        engine.ols_coverage(*arguments)
    assert says in str(error.value)
