"""½Σ(a − y)² at twice the learning rate is Σ(a − y)²: what is said of one is said of the other."""

from dataclasses import replace

import numpy as np
import pytest
from frames import drawn, framed
from numpy.testing import assert_allclose

from engine import Experiment
from tui.commands.models.glm import choice_in_force
from tui.commands.models.linear import solve
from tui.experiments.library import built_in
from tui.model.glm.model import glm_experiment
from tui.panes.explore.layers import LayersPane
from tui.session.session import Session

CASES = {
    "line": Experiment("line", hidden=(), learning_rate=0.01, batch_size=1000),
    "cars": replace(built_in("cars"), hidden=()),
    "identities": Experiment("mtcars", hidden=(3,), activation="identity", learning_rate=0.01),
    "circle": built_in("circle"),
    "diverging": Experiment("reg-plane", output="identity", learning_rate=1000.0),
}


def both(experiment: Experiment, steps: int) -> tuple[Session, Session]:
    eta = experiment.learning_rate
    half = replace(experiment, loss="half_quadratic", output=experiment.output)
    sessions = (
        Session(replace(experiment, loss="quadratic")),
        Session(replace(half, output=Session(experiment).experiment.output, learning_rate=2 * eta)),
    )
    for session in sessions:
        session.time.step(steps)
    return sessions


@pytest.mark.parametrize("steps", [0, 40])
@pytest.mark.parametrize("name", CASES)
def test_half_the_cost_at_twice_the_rate_is_the_same_run_and_is_judged_alike(name, steps):
    whole, half = both(CASES[name], steps)
    a, b = (framed(session, "linear") for session in (whole, half))
    assert_allclose(b.network.parameters, a.network.parameters, rtol=1e-9, atol=1e-12)
    assert_allclose(b.cost, a.cost / 2, rtol=1e-9)
    assert_allclose(b.baseline[1], a.baseline[1] / 2, rtol=1e-12)
    assert (b.advice and b.advice.code) == (a.advice and a.advice.code)
    one, other = a.linear, b.linear
    assert (one.rates is None, one.exact, one.collapses) == (
        other.rates is None,
        other.exact,
        other.collapses,
    )
    if one.rates:
        assert_allclose(other.rates.factors, one.rates.factors, rtol=1e-9, atol=1e-12)
        assert_allclose(other.rates.largest_rate, 2 * one.rates.largest_rate, rtol=1e-9)


@pytest.mark.parametrize("name", ["line", "cars", "identities"])
def test_the_deviance_and_the_model_are_those_of_least_squares_with_either_factor(name):
    whole, half = (framed(session, "glm").glm for session in both(CASES[name], 40))
    assert whole.is_model == half.is_model
    assert_allclose(half.deviance, whole.deviance, rtol=1e-9)
    assert_allclose(half.deviances, whole.deviances, rtol=1e-9)
    assert whole.other_model == half.other_model
    assert half.delta.factor == 1.0 and whole.delta.factor == 2.0 and half.delta.holds


def test_solving_and_becoming_the_glm_keep_the_loss_and_reach_the_least_squares_line():
    _, half = both(CASES["cars"], 3)
    solve(half)
    frame = framed(half, "linear")
    assert_allclose(frame.cost, frame.baseline[1], rtol=1e-9)
    data = half.prepared.dataset
    model = glm_experiment(half.experiment, data, choice_in_force(half))
    assert model.loss == "half_quadratic"
    session = Session(model)
    session.time.step(300)
    frame = framed(session, "linear")
    assert_allclose(frame.cost, frame.baseline[1], rtol=1e-3)


def test_the_layers_pane_writes_the_half():
    _, half = both(CASES["line"], 3)
    frame = framed(half)
    shown = "\n".join(drawn(LayersPane(), frame, (80, 20)))
    assert "C_x = ½(ŷ − y)² = " in shown
    y_hat, y = float(frame.prediction[0]), float(frame.target[0])
    assert np.isclose(frame.example_cost, 0.5 * (y_hat - y) ** 2)
