"""The first weights and biases."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import engine
from engine.network.structure.initialisation import INITIALISATIONS


@given(init=st.sampled_from([*INITIALISATIONS]), seed=st.integers(0, 99), spread=st.floats(0.1, 9))
def test_a_spread_of_the_first_biases_leaves_the_first_weights_alone(init, seed, spread):
    plain, spread_out = (
        engine.Network([3, 5, 2], init=init, seed=seed, init_bias=s) for s in (0.0, spread)
    )
    for first, second in zip(plain.weights, spread_out.weights, strict=True):
        assert first.tobytes() == second.tobytes()
    assert all((b != 0.0).all() for b in spread_out.biases)


def test_the_first_biases_have_the_standard_deviation_that_was_asked_for():
    (b,) = engine.Network([1, 20_000], init_bias=0.5, seed=1).biases
    # the standard error of a standard deviation is σ/√(2n)
    assert b.std() == pytest.approx(0.5, abs=5 * 0.5 / np.sqrt(2 * b.size))
    assert b.mean() == pytest.approx(0.0, abs=5 * 0.5 / np.sqrt(b.size))


def test_playground_begins_with_weights_within_a_half_and_biases_of_a_tenth():
    # source: nn.ts of TensorFlow Playground: weight Math.random() − 0.5, bias 0.1
    network = engine.Network([2, 8, 8, 1], init="playground", seed=3)
    assert all((np.abs(W) <= 0.5).all() for W in network.weights)
    assert all((b == 0.1).all() for b in network.biases)


def test_a_network_without_biases_has_none_to_spread():
    network = engine.Network([2, 3, 1], init="playground", bias=False, init_bias=1.0)
    assert all((b == 0.0).all() for b in network.biases)


def test_the_scale_multiplies_the_first_weights_and_not_the_biases():
    one, two = (
        engine.Trainer(engine.Experiment(init_bias=1.0, init_scale=scale)).network
        for scale in (1.0, 2.0)
    )
    for before, after in zip(one.weights, two.weights, strict=True):
        assert (after == 2.0 * before).all()
    assert all((a == b).all() for a, b in zip(one.biases, two.biases, strict=True))
