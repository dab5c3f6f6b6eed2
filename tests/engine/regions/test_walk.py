"""Straight walks through the input space, against exact rational arithmetic and the region map."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_networks import random_network

from engine import (
    Network,
    NotPiecewiseLinearError,
    ShapeError,
    Walk,
    affine_at,
    knots,
    linear_regions,
    walk,
)

LOW = {"relu": Fraction(0), "leaky_relu": Fraction(0.01), "identity": Fraction(1)}


def small_integer_network(rng) -> Network:
    """Up to 3-6-6-6-2, weights −2 … 2: parallels, meetings, copies; some with a skip connection."""
    n = int(rng.integers(1, 7))
    sizes = [int(rng.integers(1, 4)), n, *rng.integers(1, 7, size=rng.integers(0, 2)), n, 2]
    weights = [rng.integers(-2, 3, size=(n, m)) for m, n in pairwise(sizes)]
    biases = [rng.integers(-2, 3, size=n) / 2.0 for n in sizes[1:]]
    activations = [str(rng.choice(list(LOW))) for _ in sizes[1:-1]]
    skips = [(1, len(sizes) - 2)] if rng.random() < 0.5 else []
    return Network.from_arrays(weights, biases, activations, skips=skips)


def exact_walk(network: Network, start, stop) -> list[tuple[Fraction, list[bool], list[Fraction]]]:
    """Where each piece begins, the pattern on it and dz⁽ᴸ⁾/dt, in exact rationals."""
    line = [(Fraction(q) - Fraction(p), Fraction(p)) for p, q in zip(start, stop, strict=True)]
    pieces = [(Fraction(0), Fraction(1), [], [line])]  # from, to, pattern, (slope, constant) of a
    for l, (W, b) in enumerate(zip(network.weights, network.biases, strict=True), start=1):
        low = LOW[(*network.activations, "identity")[l - 1]]
        after = []
        for lo, hi, pattern, before in pieces:
            z = [
                (
                    sum(
                        (Fraction(w) * s for w, (s, _) in zip(row, before[-1], strict=True)),
                        skip[0],
                    ),
                    sum(
                        (Fraction(w) * c for w, (_, c) in zip(row, before[-1], strict=True)),
                        skip[1],
                    )
                    + Fraction(bias),
                )
                for row, bias, skip in zip(W, b, carried(network, l, before), strict=True)
            ]
            bending = z if low != 1 else []
            zeros = {-c / s for s, c in bending if s != 0 and lo < -c / s < hi}
            for left, right in pairwise([lo, *sorted(zeros), hi]):
                on = [low == 1 or s * (left + right) / 2 + c > 0 for s, c in z]
                a = [(s, c) if o else (low * s, low * c) for o, (s, c) in zip(on, z, strict=True)]
                after.append((left, right, pattern + on, [*before, a]))
        pieces = after
    outputs = network.sizes[-1]
    return [(lo, on[:-outputs], [s for s, _ in before[-1]]) for lo, _, on, before in pieces]


def carried(network: Network, layer: int, before) -> list[tuple[Fraction, Fraction]]:
    """What skip connections add to z of the layer."""
    total = [(Fraction(0), Fraction(0))] * network.sizes[layer]
    for source in network.skips_into(layer):
        total = [(s + u, c + v) for (s, c), (u, v) in zip(total, before[source], strict=True)]
    return total


@pytest.mark.parametrize("seed", range(60))
def test_small_integer_nets_agree_with_rational_arithmetic(seed):
    rng = np.random.default_rng(seed)
    network = small_integer_network(rng)
    start, stop = rng.integers(-8, 9, size=(2, network.sizes[0])) / 4.0
    stop[0] += 0.125  # never at the start
    found = walk(network, start, stop)
    exact = exact_walk(network, start, stop)
    np.testing.assert_allclose(found.t, np.array([t for t, _, _ in exact[1:]], float), atol=1e-13)
    np.testing.assert_array_equal(found.patterns, [on for _, on, _ in exact])
    slopes = np.array([s for _, _, s in exact], dtype=float)
    np.testing.assert_allclose(found.slopes, slopes, rtol=1e-13, atol=1e-13)


def assert_consistent(network: Network, found: Walk, start, stop) -> None:
    """Shapes, order, flips against patterns, values against slopes and the forward pass."""
    count, hidden = len(found.t), sum(network.sizes[1:-1])
    assert found.points.shape == (count, network.sizes[0])
    assert found.values.shape == (count, network.sizes[-1])
    assert found.slopes.shape == (count + 1, network.sizes[-1])
    assert found.patterns.shape == (count + 1, hidden)
    assert (np.diff(found.t, prepend=0.0, append=1.0) > 0.0).all()
    first = np.cumsum([0, *network.sizes[1:-1]])
    for flips, before, after in zip(
        found.flips, found.patterns[:-1], found.patterns[1:], strict=True
    ):
        units = [first[layer - 1] + unit for layer, unit, _ in flips]
        assert units == list(np.flatnonzero(before != after)) != []
        assert [on for _, _, on in flips] == list(after[units])
    ends = network.forward([start, stop]).z[-1]
    heights = np.vstack([ends[:1], found.values, ends[1:]])
    rises = found.slopes * np.diff(found.t, prepend=0.0, append=1.0)[:, None]
    np.testing.assert_allclose(np.diff(heights, axis=0), rises, atol=1e-9)
    zs = network.forward(found.points).z
    for i, flips in enumerate(found.flips):
        for layer, unit, _ in flips:
            assert abs(zs[layer - 1][i, unit]) < 1e-9


CASES = [
    ([2, 8, 8, 1], "relu", ()),
    ([5, 12, 6, 12, 3], "leaky_relu", ()),
    ([3, 9, 4, 9, 9, 2], ["relu", "identity", "leaky_relu", "relu"], [(1, 3), (1, 4)]),
    ([1, 20, 20, 1], "relu", ()),
    ([4, 3], "relu", ()),
]


@settings(max_examples=25)
@given(seed=st.integers(0, 10**6), case=st.sampled_from(CASES))
def test_walks_are_consistent_and_a_walk_back_is_the_mirror_image(seed, case):
    sizes, activation, skips = case
    network = random_network(seed, sizes, activation, skips)
    start, stop = np.random.default_rng(seed + 1).normal(size=(2, sizes[0])) * 3
    there, back = walk(network, start, stop), walk(network, stop, start)
    assert_consistent(network, there, start, stop)
    np.testing.assert_allclose(back.t[::-1], 1.0 - there.t, atol=1e-12)
    np.testing.assert_allclose(back.points[::-1], there.points, atol=1e-11)
    np.testing.assert_array_equal(back.patterns[::-1], there.patterns)
    np.testing.assert_allclose(back.slopes[::-1], -there.slopes, rtol=1e-11, atol=1e-11)
    mirrored = [[(l, u, not on) for l, u, on in flips] for flips in there.flips]
    assert [list(flips) for flips in back.flips[::-1]] == mirrored


@pytest.mark.parametrize("seed", range(5))
def test_pieces_are_the_regions_of_the_map_that_the_walk_goes_through(seed):
    network = random_network(seed, [2, 10, 10, 2])
    regions = linear_regions(network)
    start, stop = np.random.default_rng(seed).uniform(-1, 1, (2, 2))
    found = walk(network, start, stop)
    t = np.concatenate([[0.0], found.t, [1.0]])
    middles = start + ((t[1:] + t[:-1]) / 2)[:, None] * (stop - start)
    ids = regions.locate(middles)
    np.testing.assert_array_equal(regions.patterns[ids], found.patterns)
    for i, slope, middle in zip(ids, found.slopes, middles, strict=True):
        np.testing.assert_allclose(regions.affine(i).W @ (stop - start), slope, atol=1e-12)
        np.testing.assert_allclose(affine_at(network, middle).W @ (stop - start), slope, atol=1e-12)
    names = {tuple(name) for name in regions.edge_units.tolist()}
    for (i, j), flips in zip(pairwise(ids), found.flips, strict=True):
        assert j in regions.neighbours[i]
        assert {(layer, unit) for layer, unit, _ in flips} <= names


def test_in_one_dimension_the_knots_are_those_crossings_where_the_slope_changes():
    network = random_network(3, [1, 12, 12, 1])
    found, walked = knots(network, (-2.0, 3.0)), walk(network, [-2.0], [3.0])
    bends = np.flatnonzero(np.abs(np.diff(walked.slopes[:, 0])) > 1e-9)
    assert found.activation_count == len(walked.slopes) > len(found.x)
    np.testing.assert_allclose(walked.points[bends, 0], found.x, atol=1e-12)
    np.testing.assert_allclose(np.diff(walked.slopes[:, 0])[bends] / 5.0, found.jumps, atol=1e-12)


def test_borders_are_crossed_even_where_nothing_bends():
    """relu(x) − relu(−x) = x: at 0 one unit turns on and one off, and the slope stays."""
    network = Network.from_arrays([[[1, 0], [-1, 0]], [[1, -1]]])
    found = walk(network, [-1.0, 5.0], [3.0, 5.0])
    np.testing.assert_array_equal(found.t, [0.25])
    np.testing.assert_array_equal(found.points, [[0.0, 5.0]])
    assert found.flips == (((1, 0, True), (1, 1, False)),)
    np.testing.assert_array_equal(found.values, [[0.0]])
    np.testing.assert_array_equal(found.slopes, [[4.0], [4.0]])


def test_along_a_border_and_to_a_border_there_is_no_crossing():
    network = Network.from_arrays([[[1, 0]], [[1]]])
    assert walk(network, [0.0, -1.0], [0.0, 1.0]).flips == ()
    assert walk(network, [-1.0, 0.0], [0.0, 0.0]).patterns.tolist() == [[False]]
    assert walk(network, [0.0, 0.0], [1.0, 0.0]).patterns.tolist() == [[True]]


def test_what_is_no_walk_says_why():
    network = Network([2, 3, 1])
    with pytest.raises(ShapeError, match="same point"):
        walk(network, [1.0, 2.0], [1.0, 2.0])
    with pytest.raises(ShapeError, match=r"stop has shape \(3,\).*\(2,\)"):
        walk(network, [1.0, 2.0], [1.0, 2.0, 3.0])
    with pytest.raises(ShapeError, match="start of a walk must be finite"):
        walk(network, [np.nan, 2.0], [1.0, 2.0])
    with pytest.raises(ShapeError, match="so far apart"):
        walk(network, [-1.7e308, 0.0], [1.7e308, 0.0])
    with pytest.raises(NotPiecewiseLinearError, match="tanh"):
        walk(Network([2, 3, 1], activation="tanh"), [0, 0], [1, 1])
