"""What is measured of networks and fits: the explained numbers are those of other methods."""

import numpy as np
import pytest
from scipy import stats

import engine
from engine.explain import Name, Symbol, equation_text, numeric
from engine.explain.models.distributions import explain_density, explain_spread
from engine.explain.models.residuals import KINDS, Case, explain_residual
from engine.explain.models.scalars import (
    explain_bend,
    explain_deviance,
    explain_difference,
    explain_gradient_length,
    explain_gradient_norm,
    explain_in_words,
    explain_lm_test,
    explain_mean,
)
from engine.network.parameter_linearity import random_direction, second_difference

RNG = np.random.default_rng(5)
X = RNG.normal(size=(20, 3))
HITS = (RNG.random(20) < 1.0 / (1.0 + np.exp(-X[:, 0]))).astype(float)
Y = X @ [1.0, -2.0, 0.5] + RNG.normal(size=20)


def value(explanation):
    """The result, which its terms make in names and, as Python, in numbers."""
    for definition in explanation.definitions:
        assert definition.expression.value == pytest.approx(definition.symbol.value, rel=1e-12)
    names = {name: getattr(np, name) for name in ("sqrt", "abs", "exp")}
    names["sigmoid"] = lambda z: 1.0 / (1.0 + np.exp(-z))
    text = numeric(explanation.definitions[-1].expression, "ascii", 17)
    assert eval(text, names) == pytest.approx(explanation.symbol.value, rel=1e-12)
    return explanation.symbol.value


def test_a_gradient_s_length_is_numpy_s_norm_of_the_row():
    G = RNG.normal(size=(4, 3))
    for unit, length in enumerate(np.linalg.norm(G, axis=1)):
        assert value(explain_gradient_length(G, 2, unit)) == pytest.approx(length, rel=1e-15)


@pytest.mark.parametrize("bias", [True, False])
def test_the_length_of_the_gradient_is_its_slope_along_itself(bias):
    network = engine.Network([3, 4, 1], "tanh", bias=bias, seed=1)
    gradient = engine.backpropagate(network, X, Y).gradient
    norm = value(explain_gradient_norm(engine.gradient_vector(network, gradient), bias))
    assert norm == pytest.approx(np.linalg.norm(gradient), rel=1e-14)
    h = 1e-5 * gradient / norm
    up, down = (network.with_parameters(network.parameters + s * h) for s in (1, -1))
    costs = [engine.backpropagate(n, X, Y).loss for n in (up, down)]
    assert (costs[0] - costs[1]) / 2e-5 == pytest.approx(norm, rel=1e-7)


def test_residuals_are_those_of_the_fit_s_own_diagnostics():
    fit = engine.ols(X, Y)
    t = engine.diagnose(fit).studentised_internal
    truths = (fit.residuals, t, np.sqrt(np.abs(t)), fit.leverage, fit.cooks_distance)
    for i in range(len(Y)):
        sd = float(fit.residual_sd)
        case = Case(i + 1, Y[i], fit.fitted[i], fit.leverage[i], sd, fit.rank)
        for kind, truth in zip(KINDS, truths, strict=True):
            found = value(explain_residual(case, kind))
            assert found == pytest.approx(truth[i], rel=1e-9, abs=1e-14)


def test_the_mean_of_a_model_is_its_fitted_value():
    fit = engine.glm(X, HITS, family="binomial")
    for row, fitted in zip(X, fit.fitted, strict=True):
        found = value(explain_mean(fit.coefficients, row, "sigmoid"))
        assert found == pytest.approx(fitted, rel=1e-12)


def test_a_cost_s_deviance_is_the_fit_s():
    fit = engine.glm(X, HITS, family="binomial")
    p = fit.fitted
    cost = -np.mean(HITS * np.log(p) + (1.0 - HITS) * np.log(1.0 - p))
    assert value(explain_deviance(cost, 20, 0.0)) == pytest.approx(fit.deviance, rel=1e-10)
    line = engine.ols(X, Y)
    assert value(explain_deviance(line.ssr / 20, 20, None)) == pytest.approx(line.ssr, rel=1e-14)


def test_a_bend_is_the_largest_second_difference():
    network = engine.Network([3, 4, 2], seed=3)
    for layers in ((1,), (2,), (1, 2)):
        differences = second_difference(network, X, random_direction(network, layers))
        assert value(explain_bend(network, X, layers)) == np.abs(differences).max()


def test_a_difference_and_a_number_without_an_equation():
    two = Symbol(Name("a"), 3.0), Symbol(Name("b"), 5.0)
    assert value(explain_difference(Name("d"), *two, "how far")) == -2.0
    assert value(explain_in_words(Name("W"), 0.25, "counted")) == 0.25


def test_a_lagrange_multiplier_statistic_is_n_times_the_r_squared_of_its_regression():
    fit = engine.ols(X, Y)
    statistic = engine.diagnose(fit).breusch_pagan.statistic
    squares = (Y - fit.fitted) ** 2
    of_squares = engine.ols(X, squares)
    r_squared = 1.0 - of_squares.ssr / ((squares - squares.mean()) ** 2).sum()
    found = explain_lm_test(Name("LM"), statistic, len(Y), "tests")
    assert value(found) == pytest.approx(len(Y) * r_squared, rel=1e-8)
    product = found.definitions[-1].expression
    assert [factor.value for factor in product.factors] == pytest.approx([len(Y), r_squared])


@pytest.mark.parametrize("family", ["gaussian", "binomial", "poisson", "gamma"])
@pytest.mark.parametrize("mu", [0.0, 0.3, 0.9])
def test_the_spread_and_the_density_are_those_of_scipy(family, mu):
    for phi, trials, y in [(0.5, 1, 1.0), (2.0, 7, 0.0), (1.0, 300, 4.0)]:
        y = y or float(family == "gamma")
        scipys = {
            "gaussian": stats.norm(mu, np.sqrt(phi)),
            "binomial": stats.binom(trials, mu),
            "poisson": stats.poisson(mu),
            "gamma": stats.gamma(1.0 / phi, scale=mu * phi) if mu else None,
        }[family]
        if scipys is None:
            continue
        spread = explain_spread(family, mu, phi, trials)
        assert value(spread) == pytest.approx(scipys.std(), rel=1e-12)
        found = explain_density(family, y, mu, phi, trials)
        whole = family in ("binomial", "poisson")
        expected = (scipys.pmf if whole else scipys.pdf)(y)
        assert value(found) == pytest.approx(expected, rel=1e-9, abs=1e-300)
        for notation in ("unicode", "ascii", "latex"):
            assert equation_text(found, notation)
