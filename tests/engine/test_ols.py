"""Least squares against published and exact answers, and the laws it obeys."""

import json
from pathlib import Path

import numpy as np
import pytest

import engine

# Anscombe 1973; coefficients in exact rational arithmetic, correctly rounded (see the file)
ANSCOMBE = json.loads(
    (Path(__file__).parents[1] / "reference" / "anscombe.json").read_text(encoding="utf-8")
)["sets"]


@pytest.mark.parametrize("number", range(4))
def test_anscombe_s_four_have_their_exact_coefficients(number):
    data = ANSCOMBE[number]
    fit = engine.ols(data["x"], data["y"], names=["x"])
    np.testing.assert_allclose(fit.coefficients, [data["intercept"], data["slope"]], rtol=1e-13)
    assert fit.r_squared == pytest.approx(data["r_squared"], rel=1e-13)
    assert fit.residual_sd == pytest.approx(data["sigma"], rel=1e-13)
    assert fit.names == ("intercept", "x")


def test_residuals_are_orthogonal_to_every_column_whatever_its_scale():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(50, 4)) * [1e-8, 1.0, 1e6, 1e12]
    fit = engine.ols(X, rng.normal(size=50))
    columns = np.column_stack([np.ones(50), X])
    cosines = columns.T @ fit.residuals / np.linalg.norm(columns, axis=0)
    assert np.abs(cosines).max() < 1e-13 * np.linalg.norm(fit.residuals)


def test_dependent_columns_are_named_and_the_fit_is_that_of_the_others():
    rng = np.random.default_rng(1)
    a, b, y = rng.normal(size=(3, 30))
    full = engine.ols(np.column_stack([a, b, 2 * a - 3 * b]), y, names=["a", "b", "both"])
    assert full.dropped == ("both",)
    assert full.rank == 3
    assert full.coefficients[3] == 0.0
    np.testing.assert_allclose(full.fitted, engine.ols(np.column_stack([a, b]), y).fitted)


def test_a_constant_column_is_dependent_on_the_intercept():
    x = np.arange(10.0)
    fit = engine.ols(np.column_stack([np.full(10, 7.0), x]), 2 * x + 1, names=["seven", "x"])
    assert fit.dropped == ("seven",)
    np.testing.assert_allclose(fit.coefficients, [1.0, 0.0, 2.0], atol=1e-13)


def test_without_intercept_r_squared_is_uncentred():
    x = np.array([1.0, 2.0, 3.0])
    y = np.array([2.0, 4.1, 6.0])
    fit = engine.ols(x, y, intercept=False)
    slope = x @ y / (x @ x)
    assert fit.coefficients.tolist() == pytest.approx([slope])
    assert fit.r_squared == pytest.approx(1 - ((y - slope * x) ** 2).sum() / (y @ y))


def test_descent_on_a_network_with_nothing_hidden_arrives_at_least_squares():
    experiment = engine.Experiment(dataset="mtcars", features=("wt", "hp"), hidden=(),
                                   batch_size=32, learning_rate=0.2)  # fmt: skip
    trainer = engine.Trainer(experiment).step(2000)
    data, prepared = trainer.prepared.dataset, trainer.prepared
    fit = engine.ols(prepared.inputs, prepared.targets)
    network = trainer.network
    np.testing.assert_allclose(network.weights[0][0], fit.coefficients[1:], atol=1e-10)
    # R: lm(mpg ~ wt + hp) gives 37.22727, −3.87783, −0.03177, in the original units
    slopes = network.weights[0][0] * data.y_scale.sd / data.x_scale.sd
    assert np.round(slopes, 5).tolist() == [-3.87783, -0.03177]
    cost = trainer.costs()[0] * prepared.cost_scale
    assert cost == pytest.approx(195.0478 / 32, rel=1e-6)  # R: residual sum of squares / n


@pytest.mark.parametrize(
    ("X", "y", "says"),
    [
        ([[1.0], [2.0]], [1.0], "X (n, d) and y (n,)"),
        ([[1.0], [np.nan]], [1.0, 2.0], "not finite"),
    ],
)
def test_mistakes_say_what_is_wrong(X, y, says):
    with pytest.raises(engine.EngineError) as error:
        engine.ols(X, y)
    assert says in str(error.value)
