"""Sigmoid steps, bumps, staircases and towers: each within the bound of its construction."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine.approximation.bumps import bump_train, staircase
from engine.approximation.targets import TARGETS, formula_target
from engine.approximation.towers import tower_bound, towers
from engine.approximation.units import unit_positions


def predicted(network, x):
    return network.predict(np.asarray(x)[:, np.newaxis])[:, 0]


def test_a_step_is_at_minus_b_over_w_and_as_high_as_its_output_weight():
    network = engine.sigmoid_steps([0.4, -1.5], [0.8, -2.0], steepness=50.0)
    assert unit_positions(network).tolist() == pytest.approx([0.4, -1.5])
    assert predicted(network, [-9.0, 0.0, 9.0]) == pytest.approx([0.0, -2.0, -1.2], abs=1e-8)
    assert predicted(network, [0.4])[0] == pytest.approx(-2.0 + 0.4)
    # at a distance t, off by h/(1 + e^wt)
    assert predicted(engine.sigmoid_steps([1.0], [3.0], 5.0), [0.5])[0] == pytest.approx(
        3.0 / (1.0 + np.exp(2.5))
    )


def test_nielsens_bump_has_two_units_of_opposite_height():
    network = engine.bumps([0.4, 0.6], [0.6], steepness=1000.0)
    assert network.weights[1].tolist() == [[0.6, -0.6]]
    assert predicted(network, [0.3, 0.5, 0.7]) == pytest.approx([0.0, 0.6, 0.0], abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["sine", "line", "runge"]),
    st.sampled_from([staircase, bump_train]),
    st.integers(1, 60),
    st.floats(0.01, 1000.0),
)
def test_stairs_and_bumps_stay_within_their_bound(name, construct, pieces, relative):
    target = TARGETS[name]
    low, high = target.interval
    built = construct(target, pieces, relative * pieces / (high - low))
    x = np.linspace(low, high, 2003)
    error = np.abs(predicted(built.network, x) - target.function(x)).max()
    assert error <= built.bound * (1.0 + 1e-12)


def test_the_bound_of_steep_stairs_is_reached_on_a_line():
    built = staircase(TARGETS["line"], 12, steepness=1e6)
    x = np.linspace(-6.0, 6.0, 2403)
    error = np.abs(predicted(built.network, x) - TARGETS["line"].function(x)).max()
    assert built.bound == pytest.approx(0.25, rel=1e-4)
    assert error > 0.99 * built.bound


def test_the_mean_distance_of_the_logistic_distribution_is_twice_log_2():
    # with infinitely many infinitely thin pieces of |x|, ŷ(0) is the mean of |ξ|/w
    target = formula_target(np.abs, (-60.0, 60.0), 1.0)
    built = staircase(target, 6001, steepness=1.0)
    assert predicted(built.network, [0.0])[0] == pytest.approx(2.0 * np.log(2.0), rel=1e-4)


@settings(max_examples=40, deadline=None)
@given(st.floats(5.0, 300.0), st.floats(5.0, 80.0), st.floats(0.02, 0.3), st.integers(0, 999))
def test_towers_stay_within_their_bound_away_from_their_edges(steepness, sharpness, gap, seed):
    rng = np.random.default_rng(seed)
    boxes = np.sort(rng.uniform(-1.0, 1.0, (3, 2, 2)), axis=2).reshape(3, 4)
    heights, X = rng.normal(size=3), rng.uniform(-1.5, 1.5, (500, 2))
    network = towers(boxes, heights, steepness, sharpness)
    assert network.sizes == (2, 12, 3, 1)
    far = (np.abs(X[:, [0, 0, 1, 1]] - boxes[:, np.newaxis]) >= gap).all(axis=(0, 2))
    x, y = X[far].T
    inside = [(a < x) & (x < b) & (c < y) & (y < d) for a, b, c, d in boxes]
    error = np.abs(network.predict(X[far])[:, 0] - heights @ np.array(inside, dtype=float))
    limit = np.abs(heights).sum() * tower_bound(steepness, sharpness, gap)
    assert (error <= limit * (1.0 + 1e-9) + 1e-12).all()


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: engine.sigmoid_steps([1], [2, 3], 9.0), "positions and heights"),
        (lambda: engine.sigmoid_steps([1], [np.inf], 9.0), "not finite"),
        (lambda: engine.sigmoid_steps([1], [2], 0.0), "above 0"),
        (lambda: engine.bumps([1, 2, 3], [2], 9.0), "edges"),
        (lambda: staircase(TARGETS["sine"], 0), "pieces = 0"),
        (lambda: towers([[1, 0, 0, 1]], [1], 9.0), "from < to"),
        (lambda: towers([[1, 0, 0]], [1], 9.0), r"boxes \(m, 4\)"),
    ],
)
def test_mistakes_say_what_is_wrong(call, says):
    with pytest.raises(engine.EngineError, match=says):
        call()
