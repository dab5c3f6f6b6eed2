"""Units that cannot learn have the gradients that say so."""

import numpy as np

from engine import Network, backpropagate
from engine.network.backprop import gradient_variance
from engine.network.unit_states import dead_units, identical_layers, saturated_units

X = np.random.default_rng(0).normal(size=(40, 2))
Y = np.sin(X.sum(axis=1, keepdims=True))


def test_a_dead_unit_of_any_layer_gives_0_and_its_weights_have_no_gradient():
    network = Network([2, 3, 1], "relu", "relu", seed=1)
    network.biases[0][1] = -100.0
    network.biases[1][0] = 100.0
    backward = backpropagate(network, X, Y)
    assert dead_units(network, backward.forward) == [(1, 1)]
    assert not backward.weight_gradients[0][1].any()
    assert backward.weight_gradients[0][0].any()
    network.biases[1][0] = -100.0
    backward = backpropagate(network, X, Y)
    assert dead_units(network, backward.forward) == [(1, 1), (2, 0)]
    assert not backward.gradient.any()


def test_a_saturated_unit_of_any_layer_has_nearly_no_gradient():
    network = Network([2, 2, 1], "tanh", "tanh", seed=1)
    network.biases[0][0] = 20.0
    backward = backpropagate(network, X, Y)
    assert saturated_units(network, backward.forward) == [(1, 0)]
    small, large = (np.abs(row).max() for row in backward.weight_gradients[0])
    assert small < 1e-12 < 1e-3 < large
    network.biases[1][0] = 20.0
    backward = backpropagate(network, X, Y)
    assert saturated_units(network, backward.forward) == [(1, 0), (2, 0)]
    assert np.abs(backward.gradient).max() < 1e-12


def test_identical_units_have_equal_gradients_and_one_other_weight_ends_that():
    weights = [np.full((3, 2), 0.5), np.full((2, 3), -1.0)], [np.full(3, 0.1), np.zeros(2)]
    network = Network.from_arrays(*weights, activation="tanh")
    targets = np.hstack([Y, Y**2])
    assert identical_layers(network) == (1,)
    gradient = backpropagate(network, X, targets).weight_gradients[0]
    assert (gradient == gradient[0]).all() and gradient.any()
    for layer, place in ((0, (1, 1)), (1, (0, 2))):
        other = network.copy()
        other.weights[layer][place] = 0.7
        assert identical_layers(other) == ()
    assert identical_layers(Network([2, 1, 1], seed=0)) == ()  # one unit differs from none


def test_the_variance_of_the_gradient_is_that_over_single_examples():
    for bias in (True, False):
        network = Network([2, 4, 3, 1], "tanh", bias=bias, seed=2)
        backward = backpropagate(network, X, Y)
        gradients = [
            backpropagate(network, x[None], y[None]).gradient for x, y in zip(X, Y, strict=True)
        ]
        expected = ((np.array(gradients) - backward.gradient) ** 2).sum(axis=1).mean()
        assert np.isclose(gradient_variance(network, backward), expected, rtol=1e-10)
