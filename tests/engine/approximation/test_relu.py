"""Relu networks through given points, what their units add, and least squares on given hinges."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine.approximation.relu import interpolation_bound
from engine.approximation.units import unit_positions

whole = st.integers(-50, 50)


def points(minimum=1):
    return st.lists(
        st.tuples(whole, whole), min_size=minimum, max_size=12, unique_by=lambda p: p[0]
    )


def column(x):
    return np.asarray(x, dtype=float)[:, np.newaxis]


@given(points())
def test_the_interpolant_is_numpy_interp_also_outside_the_knots(pairs):
    knots, values = np.array(sorted(pairs), dtype=float).T
    x = np.concatenate([np.linspace(-60.0, 60.0, 101), knots])
    network = engine.relu_interpolant(knots, values)
    assert network.sizes == (1, len(knots), 1)
    scale = 1.0 + np.abs(network.weights[1]).sum() * 110.0
    np.testing.assert_allclose(
        network.predict(column(x))[:, 0], np.interp(x, knots, values), atol=1e-15 * scale
    )


def test_on_a_curve_the_interpolant_is_numpy_interp_to_12_digits():
    knots = np.linspace(-6.0, 6.0, 97)
    x = np.linspace(-7.0, 7.0, 1001)
    predicted = engine.relu_interpolant(knots, np.sin(knots)).predict(column(x))[:, 0]
    np.testing.assert_allclose(predicted, np.interp(x, knots, np.sin(knots)), rtol=0, atol=1e-12)


@given(points(minimum=2))
def test_beyond_the_knots_the_first_and_last_piece_can_go_on(pairs):
    knots, values = np.array(sorted(pairs), dtype=float).T
    network = engine.relu_interpolant(knots, values, beyond="linear")
    assert network.sizes[1] == max(len(knots) - 1, 1) + (len(knots) == 2 and values[0] != values[1])
    low, high = np.diff(values)[[0, -1]] / np.diff(knots)[[0, -1]]
    x = np.array([knots[0] - 7.0, *knots, knots[-1] + 7.0])
    expected = [values[0] - 7.0 * low, *values, values[-1] + 7.0 * high]
    np.testing.assert_allclose(network.predict(column(x))[:, 0], expected, atol=1e-9)


def test_the_error_of_the_interpolant_stays_within_the_bound_and_reaches_it_on_a_parabola():
    knots = np.array([-1.0, 0.0, 0.3, 2.0])
    x = np.linspace(-1.0, 2.0, 3001)
    for function, curvature in ((np.square, 2.0), (np.sin, 1.0), (np.exp, np.exp(2.0))):
        predicted = engine.relu_interpolant(knots, function(knots)).predict(column(x))[:, 0]
        ratio = np.abs(predicted - function(x)).max() / interpolation_bound(knots, curvature)
        assert ratio < 1.0 + 1e-12
        assert (function is not np.square) or ratio > 0.999


def test_the_units_of_an_interpolant_bend_at_its_knots_and_add_up_to_it():
    network = engine.relu_interpolant([-2.0, 0.5, 1.0], [1.0, 3.0, -1.0])
    assert unit_positions(network).tolist() == [-2.0, 0.5, 1.0]
    assert engine.knots(network, (-5.0, 5.0)).x.tolist() == [-2.0, 0.5, 1.0]
    x = column(np.linspace(-3.0, 3.0, 31))
    added = engine.contributions(network, x)
    assert added.shape == (31, 3)
    np.testing.assert_allclose(added.sum(axis=1) + network.biases[1], network.predict(x)[:, 0])


def test_the_contributions_to_each_output_of_a_deep_network_add_up_to_z():
    network = engine.Network([2, 5, 4, 3], "tanh", "softmax", init_bias=1.0, seed=3)
    X = np.random.default_rng(0).normal(size=(6, 2))
    z = network.forward(X).z[-1]
    for output in range(3):
        total = engine.contributions(network, X, output).sum(axis=1) + network.biases[-1][output]
        np.testing.assert_allclose(total, z[:, output], atol=1e-14)
    with pytest.raises(engine.ShapeError, match="output 3"):
        engine.contributions(network, X, 3)


@settings(max_examples=30)
@given(points(minimum=6), st.lists(st.integers(-60, 60), max_size=4, unique=True))
def test_with_the_knots_given_the_rest_is_least_squares(pairs, knots):
    x, y = np.array(pairs, dtype=float).T
    fit = engine.fit_knots(x, y, sorted(knots))
    design = np.column_stack([np.ones_like(x), x, *(np.maximum(x - k, 0.0) for k in sorted(knots))])
    residuals = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    assert fit.cost == pytest.approx(np.mean(residuals**2), abs=1e-9)
    predicted = fit.network.predict(column(np.sort(x)))[:, 0]
    np.testing.assert_allclose(predicted, fit.fit.fitted, atol=1e-8)
    assert fit.cost <= engine.ols(x, y).ssr / len(x) + 1e-12


def test_a_curve_with_the_given_knots_is_found_again():
    x = np.linspace(-3.0, 3.0, 50)
    knots, heights = np.array([-3.0, -1.0, 0.5, 3.0]), np.array([2.0, -1.0, 4.0, 4.0])
    fit = engine.fit_knots(x, np.interp(x, knots, heights), knots[1:-1])
    np.testing.assert_allclose(fit.slopes, np.diff(heights) / np.diff(knots), atol=1e-12)
    assert fit.cost < 1e-28
    assert fit.network.sizes == (1, 3, 1)


@pytest.mark.parametrize("skips", [(), ((1, 3), (2, 3))])
def test_no_last_layer_is_better_than_the_fitted_one(skips):
    rng = np.random.default_rng(5)
    network = engine.Network([3, 4, 4, 4], "relu", seed=2, init_bias=0.5, skips=skips)
    X, Y = rng.normal(size=(40, 3)), rng.normal(size=(40, 4))
    best = engine.fit_last_layer(network, X, Y)
    cost = engine.backpropagate(best.network, X, Y)
    assert best.cost == pytest.approx(cost.loss, rel=1e-12)
    np.testing.assert_allclose(cost.weight_gradients[-1], 0.0, atol=1e-13)
    np.testing.assert_allclose(cost.bias_gradients[-1], 0.0, atol=1e-13)
    assert best.cost < engine.backpropagate(network, X, Y).loss
    assert all(
        (a == b).all() for a, b in zip(best.network.weights[:2], network.weights[:2], strict=True)
    )


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: engine.relu_interpolant([0, 0], [1, 2]), "ascending"),
        (lambda: engine.relu_interpolant([0, 1], [1, np.nan]), "not finite"),
        (lambda: engine.relu_interpolant([0], [1], beyond="linear"), "m ≥ 2"),
        (lambda: engine.relu_interpolant([0], [1], beyond="flat"), "constant, linear"),
        (lambda: engine.fit_knots([0, 1], [1], [0.5]), "x and y must be"),
        (lambda: engine.fit_knots([0, np.inf], [1, 2], [0.5]), "x, row 2"),
        (lambda: engine.fit_last_layer(engine.Network([1, 1]), [[0]], [0]), "Y has shape"),
        (lambda: unit_positions(engine.Network([2, 1])), "2 inputs"),
    ],
)
def test_mistakes_say_what_is_wrong(call, says):
    with pytest.raises(engine.EngineError, match=says):
        call()
