"""Likelihoods, AIC and tests as R defines them; shares of trials, and what is said of them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import engine

# p successes of n at x: the data of A2 in the findings
P = np.array([17 / 24, 1.0, 18 / 27, 1.0, 1 / 12, 15 / 16, 0.0, 1 / 4])
N = np.array([24.0, 29.0, 27.0, 20.0, 12.0, 16.0, 28.0, 4.0])
X = np.arange(1.0, 9.0)
# 4 rows of a gamma response at x = 1 … 4: A10 in the findings
S = np.array([5.0, 2.0, 3.0, 1.0])


def r_aic(family, y, mu, weights, deviance, trials=None):
    """The ``aic`` functions of R's families (stats/R/family.R), a direct translation.

    For ``cbind(successes, failures)`` R's n are the trials, and its weights are times n.
    """
    if family == "gaussian":
        n = len(y)
        return n * (np.log(2.0 * np.pi * deviance / n) + 1.0) + 2.0 - np.log(weights).sum()
    if family == "poisson":
        return -2.0 * (stats.poisson.logpmf(y, mu) * weights).sum()
    if family == "gamma":
        dispersion = deviance / weights.sum()
        logs = stats.gamma.logpdf(y, 1.0 / dispersion, scale=mu * dispersion)
        return -2.0 * (logs * weights).sum() + 2.0
    n = np.ones(len(y)) if trials is None else trials
    weights = weights * n
    m = n if (n > 1.0).any() else weights
    logs = stats.binom.logpmf(np.round(m * y), np.round(m), mu)
    return -2.0 * (np.where(m > 0.0, weights / m, 0.0) * logs).sum()


@pytest.mark.parametrize("given_as", ["trials", "weights", "counts"])
def test_shares_of_trials_are_shares_as_in_r_glm_p_x_binomial_weights_n(given_as):
    # R 4.2: glm(p ~ x, binomial, weights = n): slope −0.5544, z −5.79, deviance 85.6,
    # log-likelihood −49.16, AIC 102.31
    y = P * N if given_as == "counts" else P
    fit = engine.glm(X, y, **{"weights" if given_as == "weights" else "trials": N})
    assert f"{fit.coefficients[1]:.4f} {fit.z_values[1]:.2f}" == "-0.5544 -5.79"
    assert f"{fit.deviance:.1f} {fit.log_likelihood:.2f} {fit.aic_r:.2f}" == "85.6 -49.16 102.31"
    read = "y is read as shares of the trials: it is from 0 to 1, and no whole number in row 1 "
    assert fit.note.startswith(read) == (given_as == "trials")
    assert fit.note == "" or fit.note.endswith("(0.708333) and 4 more rows")


def test_products_within_rounding_of_whole_numbers_are_whole():
    # a spreadsheet's p·n of 15 digits
    counts = np.array([0.708333333333333, 1.0, 0.666666666666667]) * [24.0, 29.0, 27.0]
    assert counts[0] != 17.0
    assert engine.glm([1.0, 3.0, 2.0], counts, trials=[24.0, 29.0, 27.0]).note == ""


def test_shares_whose_successes_are_not_whole_are_told():
    # R: "non-integer #successes in a binomial glm!"
    fit = engine.glm(X, P.round(2), trials=N)
    assert "(shares times trials or weights) are not whole in 4 of 8 rows, first in row 1" in str(
        fit.note
    )
    assert "AIC round them, as R does" in engine.glm(X, P).note


def test_a_share_of_less_than_rounding_is_no_count_of_0():
    fit = engine.glm([1.0, 2.0, 3.0, 4.0], [1e-10, 2e-10, 0.0, 1e-10], trials=[1e10] * 4)
    assert fit.note.startswith("y is read as shares")


def test_counts_that_are_not_whole_are_told_and_aic_is_infinite_as_in_r():
    # R: glm(mpg ~ wt, poisson, mtcars)$aic is Inf, with a warning for each such count
    y = np.array([1.0, 2.5, 3.0, 4.25, 7.0])
    fit = engine.glm(range(5), y, "poisson")
    assert fit.aic_r == np.inf and fit.log_likelihood == -np.inf
    assert fit.note.startswith("2 of 5 values of y are not whole numbers, first in row 2 (2.5)")
    assert fit.converged and np.isfinite(fit.standard_errors).all()


@given(seed=st.integers(0, 2**32 - 1), family=st.sampled_from(["gaussian", "poisson", "gamma"]),
       weighted=st.booleans())  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_aic_is_that_of_rs_families(seed, family, weighted):
    # source: R's gaussian()$aic, poisson()$aic and Gamma()$aic; AIC = aic + 2·rank
    rng = np.random.default_rng(seed)
    n = int(rng.integers(8, 30))
    x, mu = rng.normal(size=n), rng.uniform(1.0, 9.0)
    y = {
        "gaussian": lambda: rng.normal(mu, 2.0, n),
        "poisson": lambda: rng.poisson(mu, n).astype(float),
        "gamma": lambda: rng.gamma(3.0, mu / 3.0, n),
    }[family]()
    weights = rng.choice([0.3, 1.0, 2.0, 3.7], n) if weighted else np.ones(n)
    link = "log" if family == "gamma" else None
    fit = engine.glm(x, y, family, link, weights=weights if weighted else None)
    if not fit.converged:  # every count is 0
        return
    r = r_aic(family, y, fit.fitted, weights, fit.deviance) + 2.0 * fit.rank
    assert fit.aic_r == pytest.approx(r, rel=1e-10, abs=1e-8)


KINDS = ("shares", "weighted shares", "trials", "weighted trials", "0 and 1")


@given(seed=st.integers(0, 2**32 - 1), kind=st.sampled_from(KINDS))
@settings(max_examples=100, deadline=None)
def test_aic_of_shares_counts_and_weights_is_that_of_rs_binomial(seed, kind):
    # source: R's binomial()$aic, which rounds m·y and m, m the trials or else the weights
    rng = np.random.default_rng(seed)
    n = int(rng.integers(8, 30))
    x, trials = rng.normal(size=n), rng.integers(1, 12, n).astype(float)
    shares = rng.uniform(size=n)
    weights = rng.choice([0.4, 1.0, 2.5, 6.0], n) if "weighted" in kind else np.ones(n)
    m = trials if "trials" in kind else None
    y = shares if m is None else np.round(shares * m)
    y = np.round(shares) if kind == "0 and 1" else y
    fit = engine.glm(x, y, trials=m, weights=weights if "weighted" in kind else None)
    if not fit.converged:  # separated
        return
    share = y if m is None else y / m
    r = r_aic("binomial", share, fit.fitted, weights, fit.deviance, m) + 2.0 * fit.rank
    assert fit.aic_r == pytest.approx(r, rel=1e-10, abs=1e-8)


def test_the_test_of_all_slopes_is_f_where_the_dispersion_is_estimated():
    # R 4.2: anova(glm(s ~ x, Gamma), test = "F"): F 3.351 on 1 and 2, p 0.2086
    fit = engine.glm(np.arange(1.0, 5.0), S, "gamma")
    assert f"{fit.f_statistic:.3f} {fit.f_p_value:.4f}" == "3.351 0.2086"
    assert fit.f_freedom == (1, 2)


def test_f_of_a_gaussian_model_is_that_of_least_squares():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(20, 3)), rng.normal(size=20)
    fit, line = engine.glm(X, y, "gaussian"), engine.ols(X, y)
    assert fit.f_statistic == pytest.approx(line.f_statistic, rel=1e-9)
    assert fit.f_p_value == pytest.approx(line.f_p_value, rel=1e-9)
    assert fit.f_freedom == line.f_freedom
    assert np.isnan(engine.glm(X, y > 0.0).f_statistic)  # there φ is 1: a likelihood ratio test
