"""The distribution of y in each family, against SciPy's, and as a distribution."""

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import quad

import engine
from engine.errors import ExperimentError
from engine.glm.density import density, variance

Y = np.array([0.01, 0.3, 1.0, 2.5, 7.0, 40.0])
COUNTS = np.arange(30.0)


@pytest.mark.parametrize("mu", [0.3, 2.0, 11.0])
@pytest.mark.parametrize("phi", [1e-4, 0.2, 1.0, 3.0])
def test_densities_are_those_of_scipy(mu, phi):
    normal = stats.norm(mu, np.sqrt(phi))
    gamma = stats.gamma(1.0 / phi, scale=mu * phi)
    assert density("gaussian", Y, mu, phi) == pytest.approx(normal.pdf(Y), rel=1e-9, abs=1e-300)
    # SciPy's own logarithms cancel for a large shape
    tolerance = 1e-9 if phi > 0.01 else 1e-6
    assert density("gamma", Y, mu, phi) == pytest.approx(gamma.pdf(Y), rel=tolerance, abs=1e-300)
    assert variance("gaussian", mu, phi) == pytest.approx(normal.var())
    assert variance("gamma", mu, phi) == pytest.approx(gamma.var())


@pytest.mark.parametrize("mu", [0.0, 1e-9, 0.3, 2.0, 25.0])
def test_probabilities_of_counts_are_those_of_scipy(mu):
    expected = stats.poisson(mu).pmf(COUNTS)
    assert density("poisson", COUNTS, mu) == pytest.approx(expected, rel=1e-11, abs=1e-300)
    assert variance("poisson", mu) == mu


@pytest.mark.parametrize("mu", [0.0, 1e-9, 0.3, 0.5, 1.0])
@pytest.mark.parametrize("trials", [1, 2, 17])
def test_probabilities_of_successes_are_those_of_scipy(mu, trials):
    expected = stats.binom(trials, mu)
    found = density("binomial", COUNTS, mu, trials=trials)
    assert found == pytest.approx(expected.pmf(COUNTS), rel=1e-11, abs=1e-300)
    assert found[: trials + 1].sum() == pytest.approx(1.0)
    assert variance("binomial", mu, trials=trials) == pytest.approx(expected.var())


@pytest.mark.parametrize(("family", "mu", "phi"), [("gaussian", -2.0, 0.7), ("gamma", 3.0, 0.4)])
def test_the_densities_have_the_area_1_the_mean_mu_and_the_variance(family, mu, phi):
    ends = (0.0, 60.0) if family == "gamma" else (-30.0, 30.0)
    moments = [
        quad(lambda y, k=k: y**k * density(family, y, mu, phi), *ends, limit=200)[0]
        for k in range(3)
    ]
    assert moments[:2] == pytest.approx([1.0, mu], rel=1e-6)
    assert moments[2] - mu**2 == pytest.approx(float(variance(family, mu, phi)), rel=1e-5)


@pytest.mark.filterwarnings("error")
def test_what_no_y_can_be_has_no_probability_and_no_distribution_no_numbers():
    assert density("poisson", [-1.0, 0.5, 2.0], 1.0)[:2].tolist() == [0.0, 0.0]
    assert density("binomial", [-1.0, 0.5, 3.0], 0.5, trials=2).tolist() == [0.0, 0.0, 0.0]
    assert density("gamma", [-1.0, 0.0], 1.0, 0.5).tolist() == [0.0, 0.0]
    for family, mu, phi, trials in [
        ("gaussian", np.nan, 1.0, 1),
        ("gaussian", np.inf, 1.0, 1),
        ("gaussian", 1.0, 0.0, 1),
        ("gaussian", 1.0, np.nan, 1),
        ("binomial", 1.5, 1.0, 3),
        ("binomial", 0.5, 1.0, 0),
        ("poisson", -1.0, 1.0, 1),
        ("gamma", -2.0, 0.1, 1),
        ("gamma", 2.0, np.inf, 1),
    ]:
        assert np.isnan(density(family, 1.0, mu, phi, trials))
        assert np.isnan(variance(family, mu, phi, trials))
    with pytest.raises(ExperimentError, match="unknown family"):
        density("cauchy", 1.0, 0.0)


def test_of_a_fit_the_logarithms_add_up_to_its_log_likelihood():
    """Of the families without dispersion: with one, R's log-likelihood has the dispersion
    deviance/n, which is passed here."""
    rng = np.random.default_rng(3)
    X = rng.normal(size=(40, 2))
    mu = np.exp(0.3 * X[:, 0] + 1.0)
    for family, y in [
        ("poisson", rng.poisson(mu).astype(float)),
        ("binomial", (rng.random(40) < 0.4).astype(float)),
        ("gaussian", X[:, 0] + rng.normal(size=40)),
        ("gamma", rng.gamma(4.0, mu / 4.0)),
    ]:
        fit = engine.glm(X, y, family, "log" if family == "gamma" else None)
        found = np.log(density(family, y, fit.fitted, fit.deviance / 40)).sum()
        assert found == pytest.approx(fit.log_likelihood, rel=1e-9)
