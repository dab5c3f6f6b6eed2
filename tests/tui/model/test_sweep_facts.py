"""What the plot of errors says of a sweep: against the engine's own numbers."""

import numpy as np
import pytest

import engine
from engine.approximation.rates import fitted_rate
from engine.approximation.targets import TARGETS, data_target, formula_target
from tui.model.approximation.sweep import BESIDE, SweepFacts, SweepState, why_no_fit

WIDTHS = [2, 4, 8, 16, 32, 64, 91, 128]
METHODS = ["polynomial", "interpolant", "even", "steps", "bumps"]
KINK = formula_target(np.abs, (-1.0, 1.0), steepest=1.0)
DATA = data_target(np.arange(50.0), np.sin(np.arange(50.0)))


def facts_of(target, method="even", squared=False):
    *_, sweep = engine.width_sweep(target, WIDTHS[:6], METHODS)
    return SweepFacts(SweepState(target, sweep.points, None), method, squared)


def test_curves_are_the_points_of_each_method_by_their_parameters():
    for squared in (False, True):
        facts = facts_of(TARGETS["sine"], squared=squared)
        assert [curve.method for curve in facts.curves] == METHODS
        for curve in facts.curves:
            points = [p for p in facts.state.points if p.method == curve.method]
            assert curve.parameters.tolist() == [p.parameters for p in points]
            errors = [p.mean_square if squared else p.largest for p in points]
            assert curve.errors.tolist() == errors
            assert curve.fit == fitted_rate(TARGETS["sine"], points, squared)
            assert bool(curve.why) == (curve.fit is None)


@pytest.mark.parametrize("squared", [False, True])
def test_a_law_is_above_the_points_of_its_method_and_falls_by_its_power_of_n(squared):
    facts = facts_of(TARGETS["sine"], "even", squared)
    relu, sigmoid = facts.laws
    assert (relu.exponent, sigmoid.exponent) == ((-4.0, -2.0) if squared else (-2.0, -1.0))
    units = (relu.parameters - 1) / 3  # of one hidden layer
    constants = relu.errors * units**-relu.exponent
    np.testing.assert_allclose(constants, constants[0])
    even = facts.chosen
    first = even.parameters.tolist().index(relu.parameters[0])
    assert relu.errors[0] == pytest.approx(BESIDE * even.errors[first])


@pytest.mark.parametrize("target", [TARGETS["step"], DATA], ids=["step", "data"])
def test_without_a_law_there_is_none_to_draw_and_no_exponent(target):
    facts = facts_of(target)
    assert facts.laws == () and all(curve.fit is None for curve in facts.curves)


def test_why_there_is_no_exponent():
    assert "jumps" in why_no_fit(TARGETS["step"], "even")
    assert "kink" in why_no_fit(KINK, "even")
    assert "exactly" in why_no_fit(TARGETS["line"], "interpolant")
    assert "data alone" in why_no_fit(DATA, "steps")
    assert "of this kind" in why_no_fit(TARGETS["sine"], "polynomial")
    assert "too few" in why_no_fit(TARGETS["sine"], "best")
