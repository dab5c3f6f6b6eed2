"""The penalty is that of its formula, and its gradient what training adds."""

import numpy as np
import pytest

from engine import Experiment, Trainer
from engine.network.penalty import penalties, penalty, penalty_gradient, weight_mask


@pytest.mark.parametrize("bias", [True, False])
def test_the_penalty_is_of_the_weights_and_not_of_the_biases(bias: bool) -> None:
    network = Trainer(Experiment(bias=bias)).step(50).network
    w = np.concatenate([W.ravel() for W in network.weights])
    expected = 0.3 * np.abs(w).sum() + 0.5 * 0.2 * (w**2).sum()
    mask = weight_mask(network)
    assert penalty(network.parameters, mask, 0.3, 0.2) == pytest.approx(expected, rel=1e-12)
    both = penalties(np.stack([network.parameters, 2.0 * network.parameters]), mask, 0.3, 0.0)
    assert both[1] == pytest.approx(2.0 * both[0], rel=1e-12)


def test_its_gradient_is_what_training_adds() -> None:
    step = Trainer(Experiment(l1=0.3, l2=0.2)).step(50).take_apart()
    parameters = step.network.parameters
    added = penalty_gradient(parameters, weight_mask(step.network), 0.3, 0.2)
    np.testing.assert_allclose(step.penalised, step.gradient + added, rtol=1e-12, atol=1e-15)


def test_a_penalty_that_is_too_large_a_number_is_inf() -> None:
    assert penalty(np.array([1e200]), np.ones(1), 0.0, 1.0) == np.inf
    assert penalty(np.array([1e200]), np.ones(1), 1.0, 0.0) == 1e200
