"""Knots of networks with one input."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import knots
from engine.errors import NotPiecewiseLinearError, ShapeError
from engine.network.network import Network


def tent(folds: int) -> Network:
    """x ↦ 1 − |2x − 1| on [0, 1], composed with itself: 2 relu(x) − 4 relu(x − ½) a layer."""
    first = np.array([[1.0], [1.0]])
    again = np.array([[2.0, -4.0], [2.0, -4.0]])
    weights = [first, *[again] * (folds - 1), again[:1]]
    return Network.from_arrays(weights, [np.array([0.0, -0.5])] * folds + [np.zeros(1)])


def exact_pieces(network: Network) -> tuple[int, list[Fraction], list[Fraction]]:
    """Activation intervals in [−1, 1], knots and slopes of a relu net with one output, exactly."""
    one, zero = Fraction(1), Fraction(0)
    pieces = [(-one, one, [(one, zero)])]  # from, to, and (slope, constant) of every input
    for layer, (W, b) in enumerate(zip(network.weights, network.biases, strict=True), start=1):
        after = []
        for lo, hi, inputs in pieces:
            rows = []
            for w, bias in zip(W, b, strict=True):
                a = sum((Fraction(v) * s for v, (s, _) in zip(w, inputs, strict=True)), zero)
                c = sum((Fraction(v) * d for v, (_, d) in zip(w, inputs, strict=True)), zero)
                rows.append((a, c + Fraction(bias)))
            if layer == len(network.weights):
                after.append((lo, hi, rows))
                continue
            zeros = {-c / a for a, c in rows if a != 0 and lo < -c / a < hi}
            for left, right in pairwise([lo, *sorted(zeros), hi]):
                middle = (left + right) / 2
                kept = [(a, c) if a * middle + c > 0 else (zero, zero) for a, c in rows]
                after.append((left, right, kept))
        pieces = after
    slopes = [rows[0][0] for _, _, rows in pieces]
    bends = [i for i in range(1, len(pieces)) if slopes[i] != slopes[i - 1]]
    return len(pieces), [pieces[i][0] for i in bends], [slopes[0], *(slopes[i] for i in bends)]


@given(
    w=st.lists(st.floats(0.1, 3.0), min_size=1, max_size=6),
    v=st.floats(0.1, 3.0),
    flip=st.booleans(),
    activation=st.sampled_from([("relu", 0.0), ("leaky_relu", 0.01)]),
)
def test_one_hidden_layer_bends_at_minus_b_over_w(
    w: list[float], v: float, flip: bool, activation: tuple[str, float]
) -> None:
    name, leak = activation
    places = np.linspace(-0.9, 0.8, len(w))
    W = np.array(w) * np.where(np.arange(len(w)) % 2, -1.0, 1.0)
    V = np.full(len(w), -v if flip else v)
    network = Network.from_arrays([W[:, None], V[None]], [-W * places, np.zeros(1)], name)
    found = knots(network)
    np.testing.assert_allclose(found.x, places, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(found.jumps, (1 - leak) * V * np.abs(W), rtol=1e-12)
    assert found.units == tuple(((1, i),) for i in range(len(w)))
    values = network.forward(found.x[:, None]).z[-1][:, 0]
    np.testing.assert_allclose(found.values, values, rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("folds", [1, 2, 3, 6, 10])
def test_tent_maps_have_two_to_the_k_pieces(folds: int) -> None:
    found = knots(tent(folds), (0.0, 1.0))
    np.testing.assert_array_equal(found.x, np.arange(1, 2**folds) / 2**folds)
    np.testing.assert_array_equal(found.slopes, 2.0**folds * (-1.0) ** np.arange(2**folds))
    np.testing.assert_array_equal(found.values, np.arange(1, 2**folds) % 2)
    assert found.activation_count == 2**folds


@pytest.mark.parametrize("seed", range(50))
def test_small_integer_nets_agree_with_rational_arithmetic(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sizes = [1, *rng.integers(1, 8, size=rng.integers(1, 4)), 1]
    weights = [rng.integers(-2, 3, size=(n, m)) for m, n in pairwise(sizes)]
    biases = [rng.integers(-4, 5, size=n) / 4 for n in sizes[1:]]
    network = Network.from_arrays(weights, biases)
    count, places, slopes = exact_pieces(network)
    found = knots(network)
    np.testing.assert_allclose(found.x, np.array(places, dtype=float), atol=1e-13)
    np.testing.assert_array_equal(found.slopes, np.array(slopes, dtype=float))
    assert found.activation_count == count


@pytest.mark.parametrize("seed", range(5))
def test_deep_nets_are_straight_between_knots_on_a_dense_grid(seed: int) -> None:
    rng = np.random.default_rng(seed)
    network = Network([1, 20, 20, 20, 2], activation="leaky_relu", seed=seed)
    for b in network.biases:
        b[...] = rng.normal(0.0, 0.5, b.shape)
    found = knots(network, (-2.0, 3.0))
    x = np.linspace(-2.0, 3.0, 40_001)
    z = network.forward(x[:, None]).z[-1]
    bend = np.abs(np.diff(z, n=2, axis=0)).max(axis=1) > 1e-9
    near = np.abs(found.x[:, None] - x[1:-1]).min(axis=0) < x[1] - x[0]
    assert len(found.x) > 20
    assert not (bend & ~near).any()
    piece = np.searchsorted(found.x, x)
    start = np.append(found.x[:1], found.x)[piece]  # a knot on each piece
    height = np.vstack([found.values[:1], found.values])
    np.testing.assert_allclose(
        z, height[piece] + found.slopes[piece] * (x - start)[:, None], atol=1e-11
    )


def test_units_that_bend_at_one_place_share_a_knot() -> None:
    network = Network.from_arrays([[[1.0], [2.0], [3.0]], [[1, 1, 1]]], [[0.3, 0.6, 0.5], [0]])
    found = knots(network)
    np.testing.assert_allclose(found.x, [-0.3, -0.5 / 3])
    assert found.units == (((1, 0), (1, 1)), ((1, 2),))
    assert found.activation_count == 3


def test_where_bends_cancel_there_is_no_knot_but_two_intervals() -> None:
    """relu(x) − relu(−x) = x."""
    found = knots(Network.from_arrays([[[1.0], [-1.0]], [[1.0, -1.0]]]))
    assert found.x.size == 0
    assert found.units == ()
    assert list(found.slopes) == [1.0]
    assert found.activation_count == 2


@pytest.mark.parametrize("size", [1e-200, 1.0, 1e200])
def test_knots_do_not_depend_on_the_size_of_a_units_weights(size: float) -> None:
    W, b = np.array([[size], [-size]]), np.array([0.25, 0.5]) * size
    found = knots(Network.from_arrays([W, np.array([[1.0, 1.0]]) / size], [b, np.zeros(1)]))
    np.testing.assert_allclose(found.x, [-0.25, 0.5], rtol=1e-15)
    np.testing.assert_allclose(found.slopes, [-1.0, 0.0, 1.0], rtol=0, atol=4e-16)  # of 1 − 1


def test_dead_and_missing_hidden_layers_have_no_knots() -> None:
    dead = Network.from_arrays([[[1.0]], [[1.0]]], [[-5.0], [2.0]])
    assert list(knots(dead).slopes) == [0.0]
    line = knots(Network.from_arrays([[[3.0]]], [[1.0]]))
    assert list(line.slopes) == [3.0]
    assert line.activation_count == 1


def test_what_has_no_knots_says_why() -> None:
    with pytest.raises(NotPiecewiseLinearError, match=r"hidden layer 1 .*sin"):
        knots(Network([1, 3, 1], activation="sin"))
    with pytest.raises(ShapeError, match="linear_regions"):
        knots(Network([2, 3, 1]))
    for interval in ((1, -1), (0, np.nan), (0, 1, 2), (0, 0)):
        with pytest.raises(ShapeError, match="interval"):
            knots(Network([1, 3, 1]), interval)
