"""LOWESS: published tables, exact rational arithmetic, and what any such smooth must do."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import load_dataset
from tui.model.linear.lowess import MAX_POINTS, lowess

# The trial data and results in Cleveland's own program: netlib, go/lowess.
TRIAL_X = np.array([1.0, 2, 3, 4, 5, *[6] * 10, 8, 10, 12, 14, 50])
TRIAL_Y = np.array([18.0, 2, 15, 6, 10, 4, 16, 11, 7, 3, 14, 17, 20, 12, 9, 13, 1, 8, 5, 19])
AT_SIX = 10
TRIAL = {
    (0, 0.0): "13.659 11.145 8.701 9.722 10.000 11.300 13.000 6.440 5.596 5.456 18.998",
    (0, 3.0): "13.659 12.347 11.034 9.722 10.511 11.300 13.000 6.440 5.596 5.456 18.998",
    (2, 0.0): "14.811 12.115 8.984 9.676 10.000 11.346 13.000 6.734 5.744 5.415 18.998",
}
# The example of R's help page: lowess(cars) and lowess(cars, f = 0.2), at the distinct speeds.
CARS = {
    2 / 3: """4.965459 13.124495 15.858633 18.579691 21.280313 24.129277 27.119549 30.027276
        32.962506 36.757728 40.435075 43.463492 46.885479 50.793152 56.491224 67.585824 73.079695
        78.643164 84.328698""",
    0.2: """6.030408 12.678893 15.383796 18.668847 22.227571 23.306483 21.525372 34.882735
        47.059947 37.937118 36.805260 46.267862 65.399825 48.982482 51.001919 66.000000 71.873554
        82.353574 92.725141""",
}


@pytest.mark.parametrize(("iterations", "gap"), TRIAL)
def test_the_tables_of_clevelands_program(iterations, gap):
    smooth = lowess(TRIAL_X, TRIAL_Y, 0.25, iterations, gap / 49.0)
    expected = np.array(TRIAL[iterations, gap].split(), dtype=float)
    np.testing.assert_allclose(np.interp(np.unique(TRIAL_X), *smooth), expected, atol=5.1e-4)


@pytest.mark.parametrize("fraction", CARS)
def test_the_example_of_r(fraction):
    cars = load_dataset("cars", data_seed=0, split_seed=0)
    x, y = lowess(cars.X[:, 0], cars.Y[:, 0], fraction)
    np.testing.assert_array_equal(x, np.unique(cars.X))
    np.testing.assert_allclose(y, np.array(CARS[fraction].split(), dtype=float), rtol=4e-7)


def rational_lowess(x, y, fraction, iterations):
    """The definition, in fractions: at each x a weighted line through all points."""
    x, y = [[Fraction(float(v)) for v in values] for values in (x, y)]
    n, span = len(x), max(x) - min(x)
    q = min(max(2, int(fraction * n)), n)
    trust, fitted = [Fraction(1)] * n, [Fraction(0)] * n
    for _ in range(iterations + 1):
        before, fitted = fitted, []
        for i in range(n):
            away = [abs(v - x[i]) for v in x]
            reach = sorted(away)[q - 1]
            near = [
                (1 - (d / reach) ** 3) ** 3 if d < reach else Fraction(d == reach == 0)
                for d in away
            ]
            w = [a * b for a, b in zip(near, trust, strict=True)]
            if not sum(w):
                fitted.append(before[i])
                continue
            mean = sum(a * b for a, b in zip(w, x, strict=True)) / sum(w)
            level = sum(a * b for a, b in zip(w, y, strict=True)) / sum(w)
            square = sum(a * (b - mean) ** 2 for a, b in zip(w, x, strict=True))
            if square / sum(w) > Fraction(1, 10**6) * span**2:
                product = sum(a * (b - mean) * c for a, b, c in zip(w, x, y, strict=True))
                level += product / square * (x[i] - mean)
            fitted.append(level)
        residuals = [abs(a - b) for a, b in zip(y, fitted, strict=True)]
        scale = 3 * (sorted(residuals)[(n - 1) // 2] + sorted(residuals)[n // 2])
        if scale == 0:
            break
        trust = [max(1 - (r / scale) ** 2, Fraction(0)) ** 2 for r in residuals]
        trust = [Fraction(round(t * 2**80), 2**80) for t in trust]  # or they grow without end
    return [float(v) for v in fitted]


@pytest.mark.parametrize("ties", [False, True])
def test_the_smooth_is_its_definition_in_exact_arithmetic(ties):
    rng = np.random.default_rng(3)
    x = rng.integers(0, 12, 25) * 1.0 if ties else rng.uniform(0.0, 12.0, 25)
    y = np.sin(x) + rng.standard_t(2, 25)
    smooth = np.interp(x, *lowess(x, y, 0.5, iterations=2, gap=0.0))
    np.testing.assert_allclose(smooth, rational_lowess(x, y, 0.5, 2), rtol=1e-11, atol=1e-12)


@settings(max_examples=40)
@given(st.integers(12, 60), st.integers(0, 2**32), st.floats(-5.0, 5.0), st.floats(-1e3, 1e3))
def test_it_leaves_a_line_as_it_is_and_moves_with_one_that_is_added(n, seed, slope, level):
    rng = np.random.default_rng(seed)
    x = np.arange(n) + rng.uniform(0.0, 0.5, n)
    np.testing.assert_allclose(
        lowess(x, level + slope * x)[1], level + slope * lowess(x, x)[0], atol=1e-9
    )
    y = rng.normal(size=n)
    at, smooth = lowess(x, y, iterations=0)
    moved = lowess(x, y + level + slope * x, iterations=0)[1]
    np.testing.assert_allclose(moved, smooth + level + slope * at, atol=1e-8)


def test_an_outlier_bends_it_only_without_the_robust_rounds():
    x = np.linspace(0.0, 1.0, 60)
    y = 2.0 * x + 0.01 * (-1.0) ** np.arange(60)
    y[30] += 50.0
    assert np.abs(lowess(x, y, iterations=0)[1] - 2.0 * x).max() > 1.0
    assert np.abs(lowess(x, y)[1] - 2.0 * x).max() < 0.01


def test_of_many_points_neighbours_are_averaged():
    rng = np.random.default_rng(0)
    x = np.sort(rng.uniform(size=2 * MAX_POINTS))
    y = np.sin(6.0 * x) + rng.normal(size=2 * MAX_POINTS)
    pairs = x.reshape(-1, 2).mean(axis=1), y.reshape(-1, 2).mean(axis=1)
    shuffled = rng.permutation(2 * MAX_POINTS)
    for many, few in zip(lowess(x[shuffled], y[shuffled]), lowess(*pairs), strict=True):
        np.testing.assert_allclose(many, few, rtol=1e-12)
        assert len(many) <= 201


def test_where_x_does_not_vary_the_smooth_is_one_point():
    at, smooth = lowess(np.full(5, 3.0), np.arange(5.0), iterations=0)
    assert (at.tolist(), smooth.tolist()) == ([3.0], [2.0])
    assert [len(part) for part in lowess(np.zeros(0), np.zeros(0))] == [0, 0]


def test_values_of_x_that_rounding_has_parted_are_one():
    rng = np.random.default_rng(5)
    x = np.repeat([7.0, 9.0, 12.5], 10)
    y = rng.normal(size=30)
    parted = x * (1.0 + np.finfo(float).eps * rng.integers(-2, 3, 30))
    for near, same in zip(lowess(parted, y), lowess(x, y), strict=True):
        np.testing.assert_allclose(near, same, rtol=1e-12)
