"""The negative binomial family: its likelihood, the estimate of θ, and where there is none."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

import engine
from engine.glm.families import LINKS
from engine.glm.negative_binomial import FAMILY, NegativeBinomial, theta_error

X6 = np.arange(6.0)


def log_probabilities(y, mu, theta):
    return stats.nbinom.logpmf(y, theta, theta / (theta + mu))


def drawn(seed, theta=2.0, n=60):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    mu = np.exp(1.5 + 0.4 * x)
    return x, rng.negative_binomial(theta, theta / (theta + mu)).astype(float)


@given(seed=st.integers(0, 2**32 - 1), link=st.sampled_from(["log", "identity"]))
@settings(max_examples=30, deadline=None)
def test_no_other_theta_and_coefficients_have_a_higher_likelihood(seed, link):
    x, y = drawn(seed)
    fit = engine.glm((x - x.mean()) * 0.1, y, "negative_binomial", link)
    if not fit.converged or np.isinf(fit.theta):
        return
    best = log_probabilities(y, fit.fitted, fit.theta).sum()
    assert fit.log_likelihood == pytest.approx(best, rel=1e-9)
    for factor in (0.999, 1.001):
        assert log_probabilities(y, fit.fitted, factor * fit.theta).sum() < best
        for j in range(2):
            b = fit.coefficients.copy()
            b[j] += (factor - 1.0) * fit.standard_errors[j] * 10.0
            mu = fit.model.mean(fit.design @ b)
            assert log_probabilities(y, mu, fit.theta).sum() < best


@pytest.mark.parametrize("theta", [1e-3, 0.7, 40.0, 1e6, 1e12])
def test_deviance_score_and_information_are_those_of_the_distribution(theta):
    model = NegativeBinomial(FAMILY, LINKS["log"], 1.0 / theta, False)
    y, eta = np.array([0.0, 1.0, 5.0, 90.0]), np.array([0.3, 1.0, 2.0, 4.0])
    mu = np.exp(eta)
    saturated = np.array([0.0, *log_probabilities(y[1:], y[1:], theta)])
    deviances = 2.0 * (saturated - log_probabilities(y, mu, theta))
    assert model.deviances(eta, y) == pytest.approx(deviances, rel=1e-5, abs=1e-4 * (theta > 1e5))
    assert model.score(eta, y) == pytest.approx((y - mu) / (1.0 + mu / theta))
    assert model.information(eta) == pytest.approx(mu / (1.0 + mu / theta))


def test_the_error_of_theta_is_from_the_curvature_of_the_likelihood():
    x, y = drawn(5)
    fit = engine.glm(x, y, "negative_binomial")
    f = lambda t: log_probabilities(y, fit.fitted, t).sum()  # noqa: E731
    h = 1e-3 * fit.theta
    curvature = (f(fit.theta + h) - 2.0 * f(fit.theta) + f(fit.theta - h)) / h**2
    assert fit.theta_se == pytest.approx(1.0 / np.sqrt(-curvature), rel=1e-4)


def test_the_error_of_a_large_theta_does_not_cancel():
    # α → 0: −∂²ℓ/∂α² → Σ(y(y − 1)(2y − 1)/6 + 2μ³/3 − yμ²) (from Lawless 1987)
    y, mu, a = np.array([3.0, 9.0, 4.0]), np.array([4.0, 5.0, 6.0]), 1e-9
    information = (y * (y - 1.0) * (2.0 * y - 1.0) / 6.0 + 2.0 * mu**3 / 3.0 - y * mu**2).sum()
    error = 1.0 / (a * a * np.sqrt(information))
    assert theta_error(a, y, mu, np.ones(3)) == pytest.approx(error, rel=1e-6)


def test_a_given_theta_is_kept_and_an_infinite_one_is_poisson():
    x, y = drawn(7)
    fit = engine.glm(x, y, "negative_binomial", theta=1.5)
    assert fit.theta == 1.5 and np.isnan(fit.theta_se)
    assert fit.aic_r == fit.aic  # an estimated θ is counted
    counts, limit = engine.glm(x, y, "poisson"), engine.glm(x, y, "negative_binomial", theta=np.inf)
    assert limit.coefficients == pytest.approx(counts.coefficients, rel=1e-12)
    assert limit.log_likelihood == pytest.approx(counts.log_likelihood, rel=1e-12)
    estimated = engine.glm(x, y, "negative_binomial")
    assert estimated.aic_r == estimated.aic + 2.0
    assert engine.glm(x, y, "poisson").theta is None


def test_counts_that_vary_less_than_poisson_have_no_theta_and_are_told():
    y = [2, 3, 4, 5, 6, 7]
    fit, counts = engine.glm(X6, y, "negative_binomial"), engine.glm(X6, y, "poisson")
    assert fit.theta == np.inf and np.isnan(fit.theta_se) and fit.converged
    assert fit.note.startswith("no over-dispersion: the likelihood rises as θ → ∞")
    assert fit.deviance == pytest.approx(counts.deviance)


@given(counts=st.lists(st.integers(0, 50), min_size=2, max_size=8))
@settings(max_examples=150, deadline=None)
def test_every_table_of_counts_gives_a_fit_or_a_reason(counts):
    fit = engine.glm(np.arange(len(counts)), counts, "negative_binomial")
    if fit.converged:
        assert fit.theta > 0.0
        assert np.isfinite(fit.coefficients).all()
    else:
        assert fit.warning and np.isnan(fit.theta_se)


@pytest.mark.parametrize("y", [[0.5, 1, 2, 3, 4, 5], [-1, 1, 2, 3, 4, 5], [1e9, 1, 2, 3, 4, 5]])
def test_what_is_no_count_is_refused(y):
    with pytest.raises(engine.DataError):
        engine.glm(X6, y, "negative_binomial")


def test_a_negative_binomial_is_a_network_that_has_no_loss_here():
    x, y = drawn(2)
    fit = engine.glm(x, y, "negative_binomial")
    assert fit.network().predict(x[:, None])[:, 0] == pytest.approx(fit.fitted)
    with pytest.raises(engine.ExperimentError, match="no loss"):
        _ = fit.loss


def test_theta_is_the_maximum_of_the_profile_likelihood():
    # an independent method: for each θ the coefficients of that θ
    x, y = drawn(11)
    fit = engine.glm(x, y, "negative_binomial")
    best = optimize.minimize_scalar(
        lambda t: -engine.glm(x, y, "negative_binomial", theta=float(np.exp(t))).log_likelihood,
        bounds=(-3.0, 5.0), method="bounded", options={"xatol": 1e-9},
    )  # fmt: skip
    assert fit.theta == pytest.approx(np.exp(best.x), rel=1e-5)
