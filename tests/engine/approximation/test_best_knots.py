"""The best free knots."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine.approximation.knot_search import even_knots, searching_knots
from engine.approximation.moving_knots import Points, refined, squared_error
from engine.approximation.segments import best_splits, segment_sums
from engine.approximation.targets import TARGETS


def found(x, y, count):
    """The fits with 0, 1, …, count knots."""
    return list({search.knot_count: search.fit for search in searching_knots(x, y, count)}.values())


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(-9, 9)), min_size=5, max_size=25).filter(
        lambda pairs: len({x for x, _ in pairs}) > 3
    ),
    st.integers(3, 8),
)
def test_no_other_choice_of_candidates_has_a_smaller_error(pairs, count):
    x, y = np.array(sorted(pairs), dtype=float).T
    points = Points(x, y, 1.0 + np.arange(len(x)) % 3)
    candidates = np.linspace(x[0], x[-1], count + 1)
    least = np.array(
        [
            min(
                squared_error(points, np.array(knots))
                for knots in combinations(candidates[1:-1], k)
            )
            for k in range(min(4, count))
        ]
    )
    for limits in (np.full(len(least), np.inf), least + 1e-7):  # costs that can be reached
        splits = [
            s for s in best_splits(segment_sums(*points, candidates), limits) if s is not None
        ]
        reached = [squared_error(points, candidates[split]) for split in splits]
        np.testing.assert_allclose(reached, least, atol=1e-7)


@pytest.mark.parametrize("name", ["sine", "step", "runge"])
def test_more_knots_are_never_worse_and_none_are_worse_than_even_ones(name):
    target = TARGETS[name]
    fits = found(target.x, target.y, 10)
    costs = np.array([fit.cost for fit in fits])
    even = [
        engine.fit_knots(target.x, target.y, even_knots(*target.interval, k)).cost
        for k in range(11)
    ]
    assert [len(fit.knots) for fit in fits] == list(range(11))
    assert (np.diff(costs) <= 1e-12).all()
    assert (costs <= np.array(even) + 1e-12).all()
    assert costs[10] < 0.5 * even[10]


@pytest.mark.parametrize(("size", "count"), [(12, 8), (20, 12)])
def test_on_noise_where_the_search_alone_gets_worse_more_knots_are_never_worse(size, count):
    rng = np.random.default_rng(11)
    x = np.sort(rng.uniform(0.0, 1.0, size))
    costs = [fit.cost for fit in found(x, rng.normal(size=size), count)]
    assert (np.diff(costs) <= 1e-12).all()


def test_knots_between_the_data_are_found_again():
    rng = np.random.default_rng(4)
    x = rng.uniform(-2.0, 3.0, 150)
    knots, heights = [-2.0, -0.731, 0.4142, 1.9, 3.0], [0.0, 2.0, -1.0, 0.5, -3.0]
    fit = engine.best_knots(x, np.interp(x, knots, heights), 3)
    np.testing.assert_allclose(fit.knots, knots[1:-1], atol=1e-7)
    assert fit.cost < 1e-15


def test_with_noise_they_are_better_than_the_knots_of_the_truth():
    rng = np.random.default_rng(7)
    x = rng.uniform(0.0, 10.0, 300)
    y = np.interp(x, [0.0, 3.0, 4.0, 8.0, 10.0], [0.0, 2.0, 0.0, 1.0, 3.0])
    y += 0.2 * rng.normal(size=300)
    assert engine.best_knots(x, y, 3).cost < engine.fit_knots(x, y, [3.0, 4.0, 8.0]).cost


def test_the_best_piecewise_linear_approximation_of_a_parabola_has_even_knots():
    x = np.linspace(0.0, 1.0, 1001)
    fit = engine.best_knots(x, x * x, 4)
    np.testing.assert_allclose(fit.knots, even_knots(0.0, 1.0, 4), atol=2e-3)
    # on a piece of length h the best line's mean-square error is h⁴/180; these lines meet
    assert fit.cost == pytest.approx(0.2**4 / 180.0, rel=1e-2)


def test_moving_knots_never_raises_the_error():
    rng = np.random.default_rng(1)
    x = np.sort(rng.uniform(0.0, 1.0, 80))
    for _ in range(20):
        y, knots = rng.normal(size=80), np.sort(rng.uniform(x[0], x[-1], 5))
        points = Points(x, y, np.ones(80))
        assert squared_error(points, refined(points, knots)) <= squared_error(points, knots)


def test_the_squared_error_is_that_of_weighted_least_squares():
    rng = np.random.default_rng(2)
    x, y, w = np.sort(rng.uniform(0.0, 1.0, 40)), rng.normal(size=40), rng.uniform(0.5, 2.0, 40)
    knots = np.array([0.3, 0.5, 0.52])
    fit = engine.ols(np.column_stack([x, np.maximum(x[:, None] - knots, 0.0)]), y, weights=w)
    assert squared_error(Points(x, y, w), knots) == pytest.approx(fit.ssr, rel=1e-11)


def test_with_many_examples_the_knots_are_still_found_and_never_worse_than_even_ones():
    rng = np.random.default_rng(3)
    x = 10.0 * rng.beta(0.3, 2.0, 6000)
    y = np.interp(x, [0.0, 1.0, 4.0, 10.0], [0.0, 2.0, -1.0, 3.0]) + 0.1 * rng.normal(size=6000)
    fits = found(x, y, 4)
    assert fits[2].knots == pytest.approx([1.0, 4.0], abs=0.03)
    costs = [fit.cost for fit in fits]
    assert (np.diff(costs) <= 1e-12).all()
    for fit in fits:
        knots = even_knots(x.min(), x.max(), len(fit.knots))
        assert fit.cost <= engine.fit_knots(x, y, knots).cost + 1e-12


def test_with_a_knot_at_each_inner_x_the_means_are_met():
    x = np.array([0.0, 1.0, 1.0, 4.0, 5.0, 9.0, 9.0])
    y = np.array([3.0, 1.0, 3.0, -4.0, 0.0, 2.0, 6.0])
    assert engine.best_knots(x, y, 3).cost == pytest.approx((1 + 1 + 4 + 4) / 7)
    with pytest.raises(engine.DataError, match="0 to 3"):
        engine.best_knots(x, y, 4)


@pytest.mark.parametrize("size", [2.0**-500, 2.0**500])
def test_the_knots_do_not_depend_on_the_units(size):
    target = TARGETS["runge"]
    fit, scaled = (engine.best_knots(target.x * s, target.y * s, 3) for s in (1.0, size))
    np.testing.assert_allclose(scaled.knots / size, fit.knots, atol=1e-6)


def test_x_that_are_almost_the_same_are_one_place():
    x, y = [-1.0, 1e-20, 2e-20, 1.0], [0.0, 1.0, 3.0, 0.0]
    assert engine.best_knots(x, y, 1).cost == pytest.approx(0.5)
    with pytest.raises(engine.DataError, match="0 to 1"):
        engine.best_knots(x, y, 2)


def test_one_example_or_one_x_has_a_fit_without_knots():
    assert engine.best_knots([2.0], [3.0], 0).cost == 0.0
    assert engine.best_knots([2.0, 2.0], [3.0, 5.0], 0).cost == 1.0
