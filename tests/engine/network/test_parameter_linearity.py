"""One layer is linear in its parameters, a stack of layers is not: and which weights make it so."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine.network.parameter_linearity import largest_mixed_derivative

X = np.random.default_rng(0).normal(size=(20, 3))
ROUNDING = 1e-10  # of η of order 1, with h = 2⁻⁶
SEEDS = st.integers(0, 10_000)


def measured(network, layers, seed=1):
    direction = engine.random_direction(network, layers, seed)
    return np.abs(engine.second_difference(network, X, direction)).max()


@pytest.mark.parametrize("output", ["identity", "sigmoid", "exp", "probit"])
def test_one_layer_is_linear_in_its_parameters_whatever_its_link(output):
    assert measured(engine.Network([3, 2], output=output), [1]) < ROUNDING


def test_a_stack_of_identities_is_linear_in_each_layer_and_in_no_two_together():
    network = engine.Network([3, 4, 4, 4, 2], "identity", skips=[(1, 3)], seed=2)
    for layer in (1, 2, 3, 4):
        assert measured(network, [layer]) < ROUNDING
    for pair in combinations((1, 2, 3, 4), 2):
        assert measured(network, pair) > 1e-3


def test_a_curved_unit_makes_the_first_layer_alone_curve_and_relu_does_not_within_a_piece():
    assert measured(engine.Network([3, 4, 1], "tanh", seed=1), [1]) > 1e-3
    relu = engine.Network([3, 4, 1], "relu", seed=1)
    direction = engine.random_direction(relu, [1])
    near = engine.second_difference(relu, X, direction, h=2.0**-12)
    assert np.abs(near).max() < 1e-7
    assert measured(relu, [1, 2]) > 1e-3


@given(SEEDS)
@settings(max_examples=25)
def test_along_a_direction_the_second_difference_is_the_sum_over_pairs_of_weights(seed):
    # three identity layers make a polynomial of degree 3 in t: exact for every h, here 1
    rng = np.random.default_rng(seed)
    skips = [(1, 3)] if seed % 2 else []
    network = engine.Network([3, 2, 4, 2], "identity", bias=False, skips=skips, seed=seed)
    direction = rng.normal(size=network.parameters.size)
    d = network.with_parameters(direction).weights
    total = np.zeros((len(X), 2))
    for a, b in product((1, 2, 3), repeat=2):
        for row, x in zip(total, X, strict=True):
            mixed = engine.mixed_derivatives(network, x, a, b)
            row += np.einsum("ijmqp,jm,qp->i", mixed, d[a - 1], d[b - 1])
    difference = engine.second_difference(network, X, direction, h=1.0)
    np.testing.assert_allclose(difference, total, rtol=0, atol=1e-12 * np.abs(total).max())


@given(SEEDS)
@settings(max_examples=25)
def test_mixed_derivatives_are_the_mixed_differences_of_two_weights(seed):
    rng = np.random.default_rng(seed)
    skips = [(1, 3), (2, 3)] if seed % 2 else []
    network = engine.Network([3, 4, 4, 4, 2], ["relu", "identity", "leaky_relu"], skips=skips)
    network.parameters[...] = rng.normal(size=network.parameters.size)
    x = rng.normal(size=3)
    if min(np.abs(z).min() for z in network.forward(x[None]).z) < 0.01:
        return  # a kink within ±h
    a, b = (int(layer) for layer in rng.integers(1, 5, 2))
    mixed, h = engine.mixed_derivatives(network, x, a, b), 2.0**-12
    for _ in range(5):
        (j, m), (q, p) = (tuple(rng.integers(0, network.weights[l - 1].shape)) for l in (a, b))
        estimate = np.zeros(2)
        for s, t in product((h, -h), repeat=2):
            moved = network.copy()
            moved.weights[a - 1][j, m] += s
            moved.weights[b - 1][q, p] += t
            estimate += np.sign(s * t) * moved.forward(x[None]).z[-1][0] / (4.0 * h * h)
        np.testing.assert_allclose(mixed[:, j, m, q, p], estimate, rtol=0, atol=1e-6)


@settings(max_examples=40)
@given(
    seed=st.integers(0, 10**6),
    sizes=st.lists(st.integers(1, 4), min_size=2, max_size=5),
    skips=st.booleans(),
)
def test_the_largest_mixed_derivative_is_the_largest_of_all(seed, sizes, skips):
    rng = np.random.default_rng(seed)
    skips = skips and len(sizes) > 3
    if skips:
        sizes[2] = sizes[0]
    network = engine.Network(sizes, "leaky_relu", skips=[(0, 2)] if skips else [], seed=seed)
    x = rng.normal(size=sizes[0])
    found = largest_mixed_derivative(network, x)
    pairs = [*combinations(range(1, len(sizes)), 2)]
    if not pairs:
        assert found is None
        return
    every = {(a, b): engine.mixed_derivatives(network, x, a, b) for a, b in pairs}
    assert found is not None
    assert abs(found.value) == pytest.approx(max(np.abs(m).max() for m in every.values()))
    assert every[found.layers][found.indices] == pytest.approx(found.value)


def test_pairs_of_layers_with_too_many_weights_are_left_out():
    network = engine.Network([2, 3, 3, 1], "relu", seed=1)
    # there are 6 · 9, 6 · 3 and 9 · 3 pairs
    found = largest_mixed_derivative(network, [1.0, 2.0], max_pairs=26)
    assert found is not None and found.layers == (1, 3)
    assert largest_mixed_derivative(network, [1.0, 2.0], max_pairs=17) is None


def test_two_weights_bend_together_only_where_an_active_path_leads_through_both():
    network = engine.Network.from_arrays(
        [[[1.0], [-1.0]], [[3.0, 5.0]]], [[0.0, 0.0], [0.0]], activation="relu"
    )
    mixed = engine.mixed_derivatives(network, [2.0], 1, 2)  # unit 1 is on, unit 2 is off
    assert mixed[0, :, 0, 0, :].tolist() == [[2.0, 0.0], [0.0, 0.0]]
    assert not engine.mixed_derivatives(network, [2.0], 1, 1).any()


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda n: engine.second_difference(n, X, [1.0]), "direction has shape (1,)"),
        (lambda n: engine.second_difference(n, X, n.parameters, h=0.0), "h = 0.0 must be between"),
        (
            lambda n: engine.second_difference(n, X, n.parameters, h=1e-200),
            "h = 1e-200 must be between",
        ),
        (lambda n: engine.second_difference(n, X, n.parameters + np.inf), "not finite"),
        (lambda n: engine.random_direction(n, [3]), "no layer 3: layers are 1 to 2"),
        (lambda n: engine.random_direction(n, []), "must change at least one layer"),
        (lambda n: engine.mixed_derivatives(n, X[0], 0, 1), "layers are 1 to 2"),
        (lambda n: engine.mixed_derivatives(n, X[0], 1, 2), "hidden layer 1 is curved (tanh)"),
    ],
)
def test_mistakes_say_what_is_wrong(make, says):
    with pytest.raises(engine.EngineError) as error:
        make(engine.Network([3, 4, 1], "tanh"))
    assert says in str(error.value)
