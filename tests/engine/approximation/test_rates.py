"""The laws that theory promises, and where it promises none; exponents against known powers."""

import numpy as np
import pytest

import engine
from engine.approximation.rates import error_of, fitted_rate, promised_rate
from engine.approximation.sweep import METHODS, SweepPoint
from engine.approximation.targets import TARGETS, data_target, formula_target

RELU, SIGMOID = ("interpolant", "even", "best"), ("steps", "bumps")
PROMISED = dict.fromkeys(RELU, -2.0) | dict.fromkeys(SIGMOID, -1.0)
SINE = TARGETS["sine"]
KINK = formula_target(np.abs, (-1.0, 1.0), steepest=1.0)
DATA = data_target(np.arange(50.0), np.sin(np.arange(50.0)))


def points(method, exponent, widths, factor=1.0):
    errors = [factor * width**exponent for width in widths]
    return [SweepPoint(method, w, 3 * w + 1, e, e**2) for w, e in zip(widths, errors, strict=True)]


def test_relu_has_a_law_where_f_bends_boundedly_and_sigmoids_where_it_is_boundedly_steep():
    for method in METHODS:
        found = promised_rate(SINE, method)
        assert (found and found.exponent) == PROMISED.get(method)
        for target in (TARGETS["step"], DATA):
            assert promised_rate(target, method) is None
    for method in RELU:
        assert promised_rate(KINK, method) is None
        assert promised_rate(TARGETS["line"], method) is None  # its error is 0


@pytest.mark.parametrize("name", ["sine", "runge"])
def test_from_the_least_width_on_the_slope_hardly_changes_over_a_piece(name):
    target = TARGETS[name]
    low, high = target.interval
    least = promised_rate(target, "even").least
    piece = (high - low) / least
    x = np.linspace(low, high, 40001)
    slopes = np.gradient(target.function(x), x)
    starts = np.linspace(low, high - piece, 4001)
    changes = np.interp(starts + piece, x, slopes) - np.interp(starts, x, slopes)
    assert np.abs(changes).max() <= target.steepest * (1.0 + 1e-6)
    assert promised_rate(target, "bumps").least == 2.0 * least  # two units a piece


@pytest.mark.parametrize("exponent", [-2.0, -1.5, 0.0])
def test_the_exponent_of_a_power_is_found_and_agrees_if_it_is_near_the_promised_one(exponent):
    widths = [4, 8, 16, 32, 64]
    fit = fitted_rate(SINE, points("interpolant", exponent, widths))
    assert fit.widths == (16, 32, 64)  # 12 is the least
    assert fit.exponent == pytest.approx(exponent, abs=1e-9)
    assert fit.agrees == (exponent == -2.0)
    squared = fitted_rate(SINE, points("interpolant", exponent, widths), squared=True)
    assert squared.exponent == pytest.approx(2.0 * exponent, abs=1e-9)
    assert squared.promised == -4.0


def test_nothing_is_fitted_to_too_few_points_to_rounding_or_without_a_law():
    assert fitted_rate(SINE, []) is None
    assert fitted_rate(SINE, points("interpolant", -2.0, [4, 8, 16, 32])) is None
    assert fitted_rate(SINE, points("interpolant", -2.0, [16, 32, 64], factor=1e-14)) is None
    infinite = [point._replace(largest=np.inf) for point in points("even", -2.0, [16, 32, 64])]
    assert fitted_rate(SINE, infinite) is None
    for target in (TARGETS["step"], DATA, KINK):
        assert fitted_rate(target, points("interpolant", -2.0, [16, 32, 64, 128])) is None
    assert fitted_rate(SINE, points("polynomial", -2.0, [16, 32, 64, 128])) is None


@pytest.mark.parametrize("name", ["sine", "runge"])
def test_what_is_constructed_agrees_with_theory_in_both_errors(name):
    widths = [16, 32, 64, 91, 128, 181, 256]
    *_, sweep = engine.width_sweep(TARGETS[name], widths, ["interpolant", "steps"])
    for method in ("interpolant", "steps"):
        found = [point for point in sweep.points if point.method == method]
        for squared in (False, True):
            fit = fitted_rate(TARGETS[name], found, squared)
            assert fit.agrees
            assert fit.errors == tuple(error_of(p, squared) for p in found if p.width in fit.widths)
