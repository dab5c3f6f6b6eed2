"""The update rules against their published formulas, with any constants."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine.training.optimizers import DECAY, OPTIMIZERS, Constants

STEPS = 6
share = st.floats(0.0, 0.999)


def reference(name, gradients, rate, constants):
    """The parameters after each step from 0, as in the documentation of torch.optim."""
    mu, (beta_1, beta_2), epsilon = constants.momentum, constants.betas, constants.epsilon
    p, velocity, m, v, path = 0.0, 0.0, 0.0, 0.0, []
    for t, g in enumerate(gradients, start=1):
        if name == "sgd":
            p -= rate * g
        elif name in ("momentum", "nesterov"):
            velocity = mu * velocity + g
            p -= rate * (g + mu * velocity if name == "nesterov" else velocity)
        elif name == "rmsprop":
            v = DECAY * v + (1.0 - DECAY) * g**2
            p -= rate * g / (v**0.5 + epsilon)
        else:
            m, v = beta_1 * m + (1.0 - beta_1) * g, beta_2 * v + (1.0 - beta_2) * g**2
            p -= rate * (m / (1.0 - beta_1**t)) / ((v / (1.0 - beta_2**t)) ** 0.5 + epsilon)
        path.append(p)
    return path


@given(
    name=st.sampled_from([*OPTIMIZERS]),
    gradients=st.lists(st.floats(-10.0, 10.0), min_size=STEPS, max_size=STEPS),
    momentum=share,
    betas=st.tuples(share, share),
    epsilon=st.sampled_from([1e-10, 1e-8, 1e-3, 1.0]),
)
@settings(deadline=None)
def test_each_rule_is_torchs_for_any_constants(name, gradients, momentum, betas, epsilon):
    constants = Constants(momentum, betas, epsilon)
    optimizer = OPTIMIZERS[name]
    update = optimizer.rule(constants)
    p, u = np.zeros(1), np.zeros(1)
    slots = [np.zeros(1) for _ in range(optimizer.slots)]
    path = []
    for count, g in enumerate(gradients, start=1):
        update(p, np.array([g]), slots, count, 0.1, u)
        path.append(p[0])
    expected = reference(name, gradients, 0.1, constants)
    assert path == pytest.approx(expected, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"momentum": 1.0}, "momentum = 1.0 is not a number from 0 to below 1"),
        ({"betas": (0.9,)}, "betas = .* is not two numbers from 0 to below 1"),
        ({"betas": (0.9, 1.0)}, "betas = 1.0 is not two numbers from 0 to below 1"),
        ({"epsilon": 0.0}, "epsilon = 0.0 is not a number above 0"),
    ],
)
def test_constants_that_no_rule_can_use_are_refused(wrong, message):
    with pytest.raises(engine.ExperimentError, match=message):
        engine.Experiment(**wrong)


def test_a_change_of_momentum_holds_from_the_next_step_and_is_undone_exactly():
    trainer = engine.Trainer(engine.Experiment(dataset="line", hidden=(), optimizer="momentum"))
    before = trainer.step(5).network.parameters.copy()
    trainer.change(momentum=0.0).step(1)
    gradient_only = trainer.network.parameters.copy()
    trainer.seek(5)
    assert trainer.network.parameters.tobytes() == before.tobytes()
    trainer.seek(6)
    assert trainer.network.parameters.tobytes() == gradient_only.tobytes()
    trainer.undo()
    assert trainer.settings.momentum == 0.9
    assert not np.array_equal(trainer.step(1).network.parameters, gradient_only)
