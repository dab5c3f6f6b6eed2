"""Predictions, over-dispersion, quasi-likelihoods, failures and ratios of generalised models."""

import numpy as np
import pytest
from scipy import stats

import engine

X6 = np.arange(6.0)
Y = np.array([1.0, 3.0, 2.0, 9.0, 4.0, 7.0])


def test_a_quasi_likelihood_has_the_estimates_and_errors_scaled_by_phi():
    counts, quasi = engine.glm(X6, Y, "poisson"), engine.glm(X6, Y, "quasi_poisson")
    assert quasi.coefficients == pytest.approx(counts.coefficients, rel=1e-12)
    phi = counts.pearson_chi2 / counts.freedom
    assert quasi.standard_errors == pytest.approx(np.sqrt(phi) * counts.standard_errors)
    assert quasi.p_values == pytest.approx(2.0 * stats.t.sf(np.abs(quasi.t_values), 4))
    assert np.isnan([quasi.log_likelihood, quasi.aic, quasi.aic_r, quasi.bic]).all()
    assert (quasi.loss, quasi.output) == (counts.loss, counts.output)
    assert quasi.network().predict(X6[:, None])[:, 0] == pytest.approx(counts.fitted)


def test_failures_beside_successes_are_trials():
    successes, failures = [1, 5, 2, 6], [9, 5, 7, 1]
    trials = np.add(successes, failures)
    one = engine.glm(X6[:4], successes, failures=failures)
    two = engine.glm(X6[:4], successes, trials=trials)
    assert one.coefficients == pytest.approx(two.coefficients, rel=1e-13)
    assert one.aic_r == pytest.approx(two.aic_r, rel=1e-13)


def test_rows_without_successes_and_failures_are_left_out_and_told():
    # R's esoph has such rows: glm gives them weight 0
    fit = engine.glm(X6, [1, 5, 2, 0, 6, 0], failures=[9, 5, 7, 0, 1, 0])
    kept = engine.glm(X6[[0, 1, 2, 4]], [1, 5, 2, 6], failures=[9, 5, 7, 1])
    assert fit.coefficients == pytest.approx(kept.coefficients, rel=1e-12)
    assert fit.freedom == kept.freedom
    assert fit.note == "no successes and no failures in row 4 and 1 more row: left out"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"failures": [1, 2, 3, -1, 2, 2]}, "failures, row 4: it is -1"),
        ({"failures": [1, 2, 3, 0.5, 2, 2]}, "successes and failures are whole numbers"),
        ({"failures": [1, 2, 3, 1, 2, 2], "trials": [9] * 6}, "not both"),
        ({"failures": [1, 2, 3, 1, 2, 2], "family": "poisson"}, "failures go with family binomial"),
        ({"theta": 2.0}, "theta goes with family negative_binomial"),
    ],
)
def test_failures_and_theta_that_make_no_model_are_refused(given, message):
    with pytest.raises(engine.EngineError, match=message):
        engine.glm(X6, Y, **given)


def test_predictions_of_a_normal_model_are_those_of_least_squares():
    fit, line = engine.glm(X6, Y, "gaussian"), engine.ols(X6, Y)
    one, two = fit.predict_intervals([7.0, 2.5], 0.8), line.predict_intervals([7.0, 2.5], 0.8)
    for name in ("fit", "se", "confidence", "prediction"):
        assert getattr(one, name) == pytest.approx(getattr(two, name), rel=1e-11), name


def test_the_standard_error_of_a_mean_is_the_delta_methods():
    fit = engine.glm(X6, Y, "gamma", "log")
    ahead = fit.predict_intervals([2.0])
    assert ahead.se == pytest.approx(ahead.fit * ahead.linear_se)
    margin = stats.t.ppf(0.975, 4) * ahead.linear_se
    assert ahead.confidence[0] == pytest.approx(ahead.fit * np.exp([-margin[0], margin[0]]))


def test_an_offset_is_added_to_the_linear_predictor():
    fit = engine.glm(X6, Y, "poisson", offset=np.log(np.arange(1.0, 7.0)))
    one, five = fit.predict_intervals([2.0, 2.0], offset=[0.0, np.log(5.0)]).fit
    assert five == pytest.approx(5.0 * one)


def test_an_interval_ends_where_means_end():
    # 1/η: an η of 0 or less is beyond an infinite mean
    fit = engine.glm(X6, [1.0, 2.0, 1.0, 2.0, 1.0, 3.0], "gamma")
    low, high = fit.predict_intervals([7.0]).confidence[0]
    assert 0.0 < low < fit.predict([7.0])[0] and high == np.inf
    shares = engine.glm(X6, [0.1, 0.2, 0.2, 0.1, 0.3, 0.2], "binomial", "identity")
    assert shares.predict_intervals([0.0]).confidence.min() == 0.0


@pytest.mark.parametrize("make", [engine.ols, lambda X, y: engine.glm(X, y, "poisson")])
def test_a_row_outside_the_columns_span_has_no_prediction(make):
    # R: "prediction from a rank-deficient fit may be misleading"
    fit = make(np.column_stack([X6, 2.0 * X6 + 1.0]), Y)
    ahead = fit.predict_intervals([[2.0, 5.0], [2.0, 6.0]])
    assert np.isfinite(ahead.fit[0]) and np.isnan(ahead.fit[1])
    assert np.isnan(ahead.confidence[1]).all() and np.isfinite(ahead.confidence[0]).all()
    assert ahead.note == (
        "no prediction for row 2: x2 was left out as a combination of other columns, and is not "
        "the same combination there"
    )


def test_separated_data_have_no_intervals_no_diagnostics_and_no_place_of_one_half():
    fit = engine.glm(X6, [0, 0, 0, 1, 1, 1])
    ahead, half = fit.predict_intervals([2.0]), fit.solve_for(0.5)
    assert np.isnan(ahead.confidence).all() and ahead.note.startswith("no intervals: complete sep")
    assert np.isnan([half.value, half.se]).all() and half.note.startswith("no value: complete")
    assert np.isnan(fit.leverage).all() and np.isnan(fit.cooks_distance).all()
    assert np.isnan(fit.standardised_residuals()).all() and np.isnan(fit.robust_covariance()).all()


def test_a_level_is_between_0_and_1():
    fit = engine.glm(X6, Y, "poisson")
    for call in (lambda: fit.predict_intervals([1.0], level=95), lambda: fit.solve_for(1, level=0)):
        with pytest.raises(engine.DataError, match="not between 0 and 1"):
            call()


def test_the_input_at_a_mean_with_other_columns_held():
    X = np.column_stack([X6, [0, 1, 0, 1, 1, 0]])
    fit = engine.glm(X, Y, "poisson")
    found = fit.solve_for(5.0, column=0, at=[0.0, 1.0])
    assert fit.predict([[found.value, 1.0]])[0] == pytest.approx(5.0)
    # the delta method, by differences
    at = lambda b: (np.log(5.0) - b[0] - b[2]) / b[1]  # noqa: E731
    b, h = fit.coefficients, 1e-6
    slope = np.array([(at(b + h * e) - at(b - h * e)) / (2.0 * h) for e in np.eye(3)])
    assert found.se == pytest.approx(np.sqrt(slope @ fit.covariance @ slope), rel=1e-6)
    with pytest.raises(engine.DataError, match="say for which one"):
        fit.solve_for(5.0)


def test_odds_ratios_are_those_of_the_table():
    # source: a 2 × 2 table a, b, c, d has the odds ratio ad/(bc), and 1/a + … the variance of its
    # logarithm (Agresti 2013, §3.1.1)
    a, b, c, d = 12.0, 5.0, 7.0, 20.0
    fit = engine.glm([1, 0], [a, c], failures=[b, d])
    ratio, low, high = fit.odds_ratios[1]
    margin = stats.norm.ppf(0.975) * np.sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    assert ratio == pytest.approx(a * d / (b * c))
    assert [low, high] == pytest.approx([ratio * np.exp(-margin), ratio * np.exp(margin)])
    with pytest.raises(engine.ExperimentError):
        _ = engine.glm([1, 0, 2], [3, 1, 2], "poisson").odds_ratios
    with pytest.raises(engine.ExperimentError):
        engine.glm(X6, Y, "gaussian").exp_coefficients()


def test_overdispersion_is_told_where_counts_are_large_enough():
    rng = np.random.default_rng(1)
    x = rng.normal(size=80)
    even = engine.glm(x, rng.poisson(20.0, 80), "poisson").overdispersion
    wide = engine.glm(x, rng.negative_binomial(2, 0.1, 80), "poisson").overdispersion
    assert even.p_value > 0.05 and abs(even.ratio - 1.0) < 0.3 and even.reason == ""
    assert wide.p_value < 1e-10 and wide.ratio > 5.0


@pytest.mark.parametrize(
    ("y", "given", "reason"),
    [
        ([0, 1, 0, 1, 0, 1], {}, "each example is one trial"),
        ([0, 1, 0, 1, 2, 1], {"family": "poisson"}, "the fitted counts are too small"),
        ([0, 0, 0, 1, 1, 1], {}, "the fit has not converged"),
        ([9, 30, 12, 50, 11, 80], {"family": "negative_binomial"}, "θ is chosen"),
    ],
)
def test_overdispersion_has_no_p_value_where_chi_square_is_no_test(y, given, reason):
    seen = engine.glm(X6, y, **given).overdispersion
    assert np.isnan(seen.p_value) and seen.reason.startswith(reason)


def test_overdispersion_is_of_counts_alone():
    assert engine.glm(X6, Y, "gamma").overdispersion is None
    assert engine.glm(X6, Y, "gaussian").overdispersion is None


def test_cooks_distance_is_one_step_without_the_example():
    # source: Pregibon 1981; of a normal model the step is the fit without it
    fit, line = engine.glm(X6, Y, "gaussian"), engine.ols(X6, Y)
    assert fit.cooks_distance == pytest.approx(line.cooks_distance, rel=1e-10)
    assert fit.leverage == pytest.approx(line.leverage, rel=1e-12)
    assert fit.standardised_residuals("pearson") == pytest.approx(line.studentised_internal)
    for kind in ("hc0", "hc1", "hc2", "hc3"):
        assert fit.robust_covariance(kind) == pytest.approx(line.covariance(kind), rel=1e-10)
