"""Errors against width: rates that theory promises, and steps that can be shown and stopped."""

import numpy as np
import pytest

import engine
from engine.approximation.sweep import METHODS, errors, fitted_exponent
from engine.approximation.targets import TARGETS, data_target, formula_target

WIDTHS = [16, 24, 32, 48, 64, 96, 128]


def last(sweep):
    *_, complete = sweep
    return complete


def largest(points, method):
    chosen = [point for point in points if point.method == method]
    return [point.width for point in chosen], [point.largest for point in chosen]


@pytest.mark.parametrize("name", ["sine", "runge"])
def test_the_errors_of_constructed_networks_fall_as_theory_says(name):
    widths = [width * (4 if name == "runge" else 1) for width in WIDTHS]
    points = last(
        engine.width_sweep(TARGETS[name], widths, ["interpolant", "steps", "bumps"])
    ).points
    for method in ("interpolant", "steps", "bumps"):
        assert fitted_exponent(*largest(points, method)) == pytest.approx(
            METHODS[method].exponent, abs=0.1
        )
    assert all(point.largest <= point.bound * (1.0 + 1e-9) for point in points)


def test_least_squares_with_even_knots_falls_as_width_to_the_minus_2():
    target = formula_target(np.sin, (-6.0, 6.0), 1.0, 1.0, points=4001)
    points = last(engine.width_sweep(target, [16, 32, 64, 128], ["even"])).points
    assert fitted_exponent(*largest(points, "even")) == pytest.approx(-2.0, abs=0.1)


def test_each_method_has_a_point_for_each_width_that_it_can_have():
    sweep = list(engine.width_sweep(TARGETS["sine"], [0, 1, 3, 6]))
    done = [step.done for step in sweep]
    assert done == sorted(done) and done[-1] == 1.0
    counts = [len(step.points) for step in sweep]
    assert counts == sorted(counts)
    widths = {m: [p.width for p in sweep[-1].points if p.method == m] for m in METHODS}
    assert widths == {
        "polynomial": [0, 1, 3, 6],
        "interpolant": [3, 6],
        "even": [3, 6],
        "best": [3, 6],
        "steps": [1, 3, 6],
        "bumps": [3, 6],
    }
    parameters = {(p.method, p.width): p.parameters for p in sweep[-1].points}
    assert parameters["polynomial", 6] == 7
    assert parameters["interpolant", 6] == parameters["even", 6] == 19  # w, b and v of 6, and b
    mean_squares = {(p.method, p.width): p.mean_square for p in sweep[-1].points}
    assert mean_squares["best", 6] < mean_squares["even", 6] < mean_squares["interpolant", 6]


def test_the_error_of_a_polynomial_is_that_of_its_fitted_values():
    target = TARGETS["runge"]
    point = last(engine.width_sweep(target, [9], ["polynomial"])).points[0]
    fit = engine.polynomial(target.x, target.y, 9)
    assert point.largest == pytest.approx(np.abs(fit.residuals).max(), rel=1e-9)
    assert point.mean_square == pytest.approx(fit.ssr / len(target.x), rel=1e-9)


def test_no_continuous_curve_is_nearer_than_half_the_jump_of_a_step():
    for point in last(engine.width_sweep(TARGETS["step"], [4, 8, 12])).points:
        assert point.largest > 0.999


def test_the_largest_error_of_a_given_network_is_at_its_knot_or_where_the_target_bends_away():
    network = engine.Network.from_arrays([[[1.0]], [[1.0]]], [[-0.3], [0.0]])  # relu(x − 0.3)
    found = errors(formula_target(lambda x: 0.0 * x + 0.2, (0.0, 0.4)), network)
    assert (found.largest, found.at) == (pytest.approx(0.2), 0.0)
    kink = errors(formula_target(lambda x: np.abs(x - 0.3), (0.0, 1.0), points=3), network)
    assert (kink.largest, kink.at) == (pytest.approx(0.3), 0.0)


def test_the_largest_error_in_the_middle_of_a_piece_is_found():
    target = formula_target(np.square, (0.0, 1.0), 2.0, 2.0, points=2)
    (point,) = last(engine.width_sweep(target, [5], ["interpolant"])).points
    assert point.largest == point.bound == 2.0 / 4.0**2 / 8.0


@pytest.mark.parametrize("hidden", [(3,), (3, 3)])
def test_a_network_that_has_diverged_has_no_finite_error(hidden):
    network = engine.Network([1, *hidden, 1], "relu")
    for value in (np.nan, np.inf, 1e200):
        network.parameters[:] = value
        assert not np.isfinite(errors(TARGETS["sine"], network).largest)


def test_the_largest_error_of_a_deep_network_is_found_at_a_knot_between_the_points_of_the_sample():
    network = engine.Network.from_arrays([[[1.0]], [[1.0]], [[1.0]]], [[0.0], [-1.0], [0.0]])
    target = formula_target(lambda x: np.minimum(x, 1.0), (0.0, 4.0), points=2)  # kink at 1
    assert errors(target, network)[:2] == (2.0, 4.0)
    hat = formula_target(
        lambda x: 9.0 - 9.0 * np.minimum(np.abs(x - 1.0), 1.0), (0.0, 4.0), points=2
    )
    assert errors(hat, network)[:2] == (9.0, 1.0)


def test_on_data_errors_are_those_at_the_data():
    x = [0.0, 1.0, 1.0, 2.0, 3.0, 4.0]
    y = [0.0, 1.0, 3.0, 1.0, 5.0, 0.0]
    points = last(engine.width_sweep(data_target(x, y), [2, 4, 5, 9])).points
    found = {(point.method, point.width): point for point in points}
    assert {point.bound for point in points} == {np.inf}  # f is not known between the data
    # through the means: only the two y at x = 1 are missed
    assert found["interpolant", 5].largest == pytest.approx(1.0)
    assert found["best", 4].mean_square == pytest.approx(2.0 / 6.0)
    assert ("best", 9) not in found and ("polynomial", 5) not in found


def test_targets_know_their_largest_slope_and_curvature():
    for name, target in TARGETS.items():
        if name == "step":
            continue
        x = np.linspace(*target.interval, 20001)
        slopes = np.gradient(target.function(x), x)
        assert np.abs(slopes).max() == pytest.approx(target.steepest, rel=1e-3)
        bends = np.gradient(slopes, x)[2:-2]
        assert np.abs(bends).max() == pytest.approx(target.curvature, rel=1e-3, abs=1e-6)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: engine.width_sweep(TARGETS["sine"], [3], ["spline"]), "there are: polynomial"),
        (lambda: engine.width_sweep(TARGETS["sine"], [-3]), "width of -3"),
        (lambda: data_target([1.0, 1.0], [1.0, 2.0]), "one value only"),
        (lambda: formula_target(np.sin, (1.0, 1.0)), "lo < hi"),
        (lambda: data_target([], []), "n ≥ 1"),
        (lambda: data_target([0.0, 1.0], [1e308, -1e308]), "do not fit float64"),
    ],
)
def test_mistakes_say_what_is_wrong(call, says):
    with pytest.raises(engine.EngineError, match=says):
        call()
