"""The key that makes any network linear: at a rate that holds, said as it is, and taken back."""

from dataclasses import replace

import numpy as np
import pytest
from frames import framed
from screen import press, running, text

from engine import EngineError
from tui.commands.models.identity import switch_identity
from tui.experiments.library import built_in, entry
from tui.session.session import Session

MADE_LINEAR = (
    ("reg-plane", 0.03), ("anscombe-2", 0.1), ("circle", 0.03), ("two-relu", 0.1), ("sine", 0.01),
    ("step", 0.03), ("runge", 0.1), ("mtcars", 0.03), ("dead-relu", 0.03), ("saturated", 0.3),
    ("overfitting", 0.01), ("mazur", 0.5), ("prakash", 0.01), ("cosine", 0.05),
)  # fmt: skip
"""Entries of the gallery with hidden layers that bend, and their learning rates."""


def session_at(step, name):
    session = Session(entry(name).experiment)
    session.time.seek(step)
    return session


@pytest.mark.parametrize("step", [0, 200])
@pytest.mark.parametrize(("name", "rate"), MADE_LINEAR)
def test_500_steps_of_the_linear_network_lower_its_cost(name, rate, step):
    session = session_at(step, name)
    assert session.experiment.learning_rate == rate
    before = session.trainer.network
    forms = switch_identity(session)
    assert set(session.trainer.network.activations) == {"identity"}
    assert np.array_equal(session.trainer.network.parameters, before.parameters)
    held = session.experiment.learning_rate
    assert held <= rate
    change = f"η {rate:g} → {held:g} holds" if held < rate else f"η {rate:g} holds"
    assert change in forms[0] and "for 500 steps" in forms[0]
    facts = framed(session, "linear").linear
    assert facts.equals_product and not facts.why
    start = session.trainer.costs()[0]
    session.time.step(500)
    assert session.trainer.divergence is None
    assert session.trainer.costs()[0] <= 1.5 * start


def test_at_the_rate_before_some_of_them_would_have_diverged():
    for name in ("reg-plane", "sine", "step", "dead-relu"):
        session = session_at(200, name)
        activations = ("identity",) * len(session.trainer.network.activations)
        session.begin_from(session.trainer.network, activation=activations)
        with np.errstate(all="ignore"):
            session.time.step(500)
        assert session.trainer.divergence, name


def test_pressed_again_the_activations_and_the_rate_are_back():
    session = session_at(100, "step")
    switch_identity(session)
    assert session.experiment.learning_rate < 0.03
    session.time.step(50)
    weights = session.trainer.network.parameters
    (said, *_) = switch_identity(session)
    assert said == "hidden layers are tanh again, η 0.03: a new run from these weights"
    assert session.trainer.network.activations == ("tanh",)
    assert session.experiment.learning_rate == 0.03
    assert np.array_equal(session.trainer.network.parameters, weights)


def test_undo_brings_back_the_run_with_its_steps():
    session = session_at(100, "circle")
    run = session.trainer
    switch_identity(session)
    session.undo()
    assert session.trainer is run and session.trainer.step_count == 100
    session.redo()
    assert session.trainer.network.activations == ("identity", "identity")


@pytest.mark.parametrize(
    ("output", "loss", "said"),
    [
        ("identity", "quadratic", "ŷ = W_z x + b_z"),
        ("tanh", "quadratic", "z = W_z x + b_z is linear, ŷ = tanh(z) is not"),
        ("sigmoid", "binary_cross_entropy", "ŷ = sigmoid(z): logistic regression"),
        ("sigmoid", "quadratic", "ŷ = sigmoid(z) is not"),
    ],
)
def test_an_output_that_is_not_identity_is_named_with_what_it_means(output, loss, said):
    session = Session(replace(built_in("circle"), output=output, loss=loss))
    assert said in switch_identity(session)[0]


def test_what_cannot_be_made_linear_says_why():
    with pytest.raises(EngineError, match="one layer has no hidden activation"):
        switch_identity(Session(entry("line").experiment))
    with pytest.raises(EngineError, match="identity already"):
        switch_identity(Session(entry("deep-linear").experiment))
    diverged = Session(replace(entry("sine").experiment, learning_rate=50.0))
    with np.errstate(all="ignore"):
        diverged.time.step(100)
    with pytest.raises(EngineError, match="go back before you change anything"):
        switch_identity(diverged)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 20)])
async def test_i_on_linear_says_what_was_done_in_one_line(size):
    async with running(entry("step").experiment, size) as (app, pilot):
        await press(app, pilot, "4", "i")
        assert app.message.endswith("i brings tanh back")
        assert "η 0.03 → 0.005 holds" in text(app).splitlines()[-1]
        await press(app, pilot, "i")
        assert app.message.startswith("hidden layers are tanh again, η 0.03")
        await press(app, pilot, "i", "u")
        assert app.session.trainer.network.activations == ("tanh",)
