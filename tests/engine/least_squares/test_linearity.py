"""Linear in what? One layer in both, features in the weights, identities in x, relu in neither."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine.network.parameter_linearity import z_rounding

X = np.random.default_rng(3).normal(size=(60, 2))
TABLE = {
    "one layer": (True, True),
    "polynomial features": (False, True),
    "identity stack": (True, False),
    "relu stack": (False, False),
}


@settings(max_examples=30)
@given(
    seed=st.integers(0, 10_000),
    d=st.integers(1, 4),
    hidden=st.lists(st.integers(1, 5), min_size=1, max_size=3),
    outputs=st.integers(1, 2),
    scale=st.sampled_from([1e-3, 1.0, 1e3]),
    offset=st.sampled_from([0.0, 5.0]),
)
def test_the_four_networks_are_linear_in_what_their_names_say(
    seed, d, hidden, outputs, scale, offset
):
    x = scale * (np.random.default_rng(seed).normal(size=(40, d)) + offset)
    networks = engine.reference_networks(x, tuple(hidden), outputs, seed)
    assert networks.keys() == TABLE.keys()
    for name, (network, inputs) in networks.items():
        in_x, in_weights = engine.linear_in(network, inputs, x)
        assert (in_x.is_zero, in_weights.is_zero) == TABLE[name], name
        for bend, zero in zip((in_x, in_weights), TABLE[name], strict=True):
            assert zero or bend.size > 100.0 * bend.rounding, (name, bend)


def test_in_x_it_is_the_largest_deviation_from_the_best_affine_map():
    for activation in ("relu", "tanh"):
        network = engine.Network([2, 5, 3], activation, output="sigmoid", seed=2)
        best = engine.best_affine(network, X, of_z=True)
        in_x = engine.linear_in(network, X).in_x
        assert in_x.size == pytest.approx(best.largest_deviation, rel=1e-9)


def test_equal_and_constant_columns_change_no_answer():
    x = np.column_stack([X, X[:, 0], np.full(len(X), 7.0)])
    for name, (network, inputs) in engine.reference_networks(x, seed=1).items():
        in_x, in_weights = engine.linear_in(network, inputs, x)
        assert (in_x.is_zero, in_weights.is_zero) == TABLE[name], name


def test_the_square_of_x_on_three_points_deviates_by_a_third():
    # x² at −1, 0, 1: the best affine map is 2/3, off by 1/3 at the ends and 2/3 in the middle
    x = np.array([[-1.0], [0.0], [1.0]])
    square = engine.Network.from_arrays([[[0.0, 1.0]]])
    in_x, in_weights = engine.linear_in(square, np.column_stack([x, x**2]), x)
    assert in_x.size == pytest.approx(2.0 / 3.0) and in_weights.is_zero


def test_in_the_weights_it_is_the_sum_over_pairs_of_two_identity_layers():
    # z(θ + td) is a polynomial of degree 2 in t: the second difference is exact
    network = engine.Network([2, 3, 1], "identity", bias=False, seed=4)
    d = network.with_parameters(engine.random_direction(network, [1, 2])).weights
    exact = 2.0 * np.abs(X @ d[0].T @ d[1].T).max()
    assert engine.linear_in(network, X).in_weights.size == pytest.approx(exact, rel=1e-9)


@pytest.mark.parametrize("skips", [(), [(1, 2), (0, 3)]])
def test_the_rounding_of_z_is_within_its_bound_and_the_bound_not_far_above(skips):
    network = engine.Network([3, 3, 3, 3], "relu", skips=skips, seed=5, init_bias=0.3)
    x = X[:5] @ np.array([[1.0, 2.0, -1.0], [0.5, 1.0, 1.0]])
    z = network.forward(x).z[-1]
    worst = 0.0
    for row, got in zip(x.tolist(), z, strict=True):
        a = [[Fraction(v) for v in row]]
        for layer, (W, b) in enumerate(zip(network.weights, network.biases, strict=True), 1):
            z_exact = [
                sum((Fraction(w) * v for w, v in zip(r, a[-1], strict=True)), Fraction(c))
                for r, c in zip(W.tolist(), b.tolist(), strict=True)
            ]
            for s in network.skips_into(layer):
                z_exact = [u + v for u, v in zip(z_exact, a[s], strict=True)]
            a.append([max(v, Fraction(0)) for v in z_exact])
        worst = max(
            worst,
            *(abs(float(Fraction(g) - e)) for g, e in zip(got.tolist(), z_exact, strict=True)),
        )
    assert worst <= z_rounding(network, x) < 1e-12


def test_a_diverged_network_is_neither_and_shapes_must_fit():
    network = engine.Network([2, 3, 1], seed=1)
    with pytest.raises(engine.ShapeError, match="columns must be"):
        engine.linear_in(network, X, X[:3])
    network.parameters[0] = np.nan
    in_x, in_weights = engine.linear_in(network, X)
    assert in_x.is_zero is None and in_weights.is_zero is None
    with pytest.raises(engine.ShapeError, match="hidden layers"):
        engine.reference_networks(X, hidden=())
