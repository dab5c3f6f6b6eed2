"""Published bounds on the number of regions, against hand values, nets that attain them, and nets
that must not exceed them."""

from fractions import Fraction
from itertools import combinations, pairwise, product
from math import comb, prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import (
    BOUNDS,
    EngineError,
    Network,
    NotPiecewiseLinearError,
    Plane,
    ShapeError,
    count_regions,
    knots,
    linear_regions,
    region_bounds,
    walk,
)

widths = st.lists(st.integers(1, 6), min_size=0, max_size=3)
SQUARE = ((0.0, 1.0), (0.0, 1.0))


def upper_bounds(network, dimension=None, central=False):
    """The upper bounds that hold for the network."""
    bounds = region_bounds(
        network.sizes,
        network.bias,
        network.activations,
        dimension=dimension,
        central=central,
        skips=network.skips,
    )
    return {name: value for name, value in bounds.items() if BOUNDS[name].kind != "lower"}


def certain_count(network, box, plane=None):
    """The number of regions without those that rounding may have made where many lines cross."""
    regions = linear_regions(network, box, plane)
    return regions.activation_count - regions.close_calls


def test_hand_values():
    assert region_bounds([2, 3, 1]) == {
        "montufar_2014_lower": 7,  # three lines make seven cells
        "zaslavsky_1975": 7,
        "serra_2018_upper": 7,
        "montufar_2017_upper": 7,
        "raghu_2017_upper": 7,
        "montufar_2014_upper": 8,
    }
    # a bottleneck: after the unit of layer 1, four points on a line; while it is off, on a point
    assert region_bounds([2, 1, 4, 1]) == {
        "serra_2018_upper": (1 + 4) + 1,
        "montufar_2017_upper": 2 * (1 + 4),
        "raghu_2017_upper": 2 * (1 + 4 + 6),
        "montufar_2014_upper": 2**5,
    }
    assert region_bounds([2, 8, 8, 1]) == {
        "montufar_2014_lower": 4**2 * (1 + 8 + 28),
        "serra_2018_lower": 5**2 * (1 + 8 + 28),
        "serra_2018_upper": 37**2,  # nothing to lose: two dimensions survive 0, 1 or 2 units off
        "montufar_2017_upper": 37**2,
        "raghu_2017_upper": 37**2,
        "montufar_2014_upper": 2**16,
    }


def test_without_hidden_layers_there_is_one_region():
    assert set(region_bounds([3, 2]).values()) == {1}


@pytest.mark.parametrize(
    ("inputs", "counts"),
    [
        (1, [2, 3, 4, 5, 6, 7]),
        (2, [2, 4, 7, 11, 16, 22]),  # lines in the plane, Steiner 1826: OEIS A000124
        (3, [2, 4, 8, 15, 26, 42]),  # planes in space, Steiner 1826: OEIS A000125
        (4, [2, 4, 8, 16, 31, 57]),  # OEIS A000127
    ],
)
def test_one_layer_makes_as_many_regions_as_hyperplanes_in_general_position(inputs, counts):
    found = [region_bounds([inputs, n, 1])["zaslavsky_1975"] for n in range(1, 7)]
    assert found == counts


@pytest.mark.parametrize(
    ("inputs", "counts"),
    [
        (1, [2, 2, 2, 2, 2, 2]),
        (2, [2, 4, 6, 8, 10, 12]),  # n lines through a point
        (3, [2, 4, 8, 14, 22, 32]),  # Cover 1965, his table of C(N, d)
        (4, [2, 4, 8, 16, 30, 52]),
        (5, [2, 4, 8, 16, 32, 62]),
    ],
)
def test_without_biases_the_hyperplanes_contain_the_origin(inputs, counts):
    found = [region_bounds([inputs, n, 1], bias=False)["zaslavsky_1975"] for n in range(1, 7)]
    assert found == counts


@pytest.mark.parametrize(("d", "n"), [(2, 3), (2, 5), (3, 3), (3, 4), (3, 5), (4, 5)])
def test_random_hyperplanes_through_the_origin_make_the_maximum_of_patterns(d, n):
    rng = np.random.default_rng(4)
    W, X = rng.normal(size=(n, d)), rng.normal(size=(200_000, d))
    patterns = np.unique((X @ W.T > 0.0) @ 2 ** np.arange(n))
    assert len(patterns) == region_bounds([d, n, 1], bias=False)["zaslavsky_1975"]


@given(n0=st.integers(1, 5), hidden=widths)
def test_serras_sum_is_the_sum_over_all_of_j(n0, hidden):
    total = 0
    for off in product(*(range(n + 1) for n in hidden)):
        left = [n0, *(n - j for n, j in zip(hidden, off, strict=True))]
        if all(j <= min(left[:l]) for l, j in enumerate(off, start=1)):
            total += prod(comb(n, j) for n, j in zip(hidden, off, strict=True))
    assert region_bounds([n0, *hidden, 1])["serra_2018_upper"] == total


layers = st.lists(st.tuples(st.integers(1, 6), st.sampled_from(["relu", "identity"])), max_size=4)


def serra(d, hidden, bias, whole):
    """Region by region: those of an image of d dimensions, ``whole`` if it may surround 0."""
    if not hidden:
        return 1
    (n, name), *rest = hidden
    if name == "identity":
        return serra(min(d, n), rest, bias, whole or (not bias and n < d))
    room = d if bias else max(0, d - 1)
    off = [(j, comb(n, j)) for j in range(min(room, n) + 1)]
    if whole and not bias and n >= d:
        off.append((d, comb(n - 1, d - 1)))
    return sum(cells * serra(min(d, n - j), rest, bias, False) for j, cells in off)


@given(n0=st.integers(1, 5), hidden=layers, bias=st.booleans(), dimension=st.integers(1, 5))
def test_serras_sum_goes_on_without_biases_and_through_identity_layers(n0, hidden, bias, dimension):
    sizes, names = [n0, *(n for n, _ in hidden), 1], [name for _, name in hidden]
    d = min(dimension, n0)
    bounds = region_bounds(sizes, bias, names, dimension=d)
    rank = d + (not bias and d < n0)  # a slice that misses 0 spans a dimension more
    assert bounds["serra_2018_upper"] == serra(rank, hidden, bias, d == n0)
    values = list(bounds.values())
    assert values == sorted(values)
    with_bias = region_bounds(sizes, True, names, dimension=d)
    for name in bounds:
        assert bounds[name] <= with_bias[name]


@given(n0=st.integers(1, 5), hidden=widths, outputs=st.integers(1, 4))
def test_bounds_come_from_below_to_above_and_ignore_the_output_layer(n0, hidden, outputs):
    bounds = region_bounds([n0, *hidden, outputs])
    values = list(bounds.values())
    assert list(bounds) == [name for name in BOUNDS if name in bounds]
    assert values == sorted(values)
    assert bounds == region_bounds([n0, *hidden, 1])
    assert ("montufar_2014_lower" in bounds) == all(n >= n0 for n in hidden)
    assert ("serra_2018_lower" in bounds) == all(n >= 3 * n0 for n in hidden)
    for dimension in range(1, n0 + 1):  # a slice is the whole of a narrower network
        assert region_bounds([n0, *hidden, 1], dimension=dimension) == region_bounds(
            [dimension, *hidden, 1]
        )


@pytest.mark.parametrize("n0", [2, 64, 1024])
def test_wide_and_deep_networks_have_exact_bounds_at_once(n0):
    bounds = region_bounds([n0, *[1024] * 8, 1])
    assert bounds["montufar_2014_upper"] == 2**8192
    assert bounds["serra_2018_upper"] <= bounds["montufar_2017_upper"] <= 2**8192


def random_network(rng, sizes, activation="relu", skips=(), bias=True):
    weights = [rng.normal(size=(n, m)) for m, n in pairwise(sizes)]
    biases = [rng.normal(size=n) for n in sizes[1:]] if bias else None
    return Network.from_arrays(weights, biases, activation, skips=skips)


@settings(max_examples=100)
@given(
    seed=st.integers(0, 10**6),
    hidden=st.lists(
        st.tuples(st.integers(1, 6), st.sampled_from(["relu", "relu", "leaky_relu", "identity"])),
        max_size=3,
    ),
    bias=st.booleans(),
)
def test_no_network_in_a_box_exceeds_an_upper_bound(seed, hidden, bias):
    rng = np.random.default_rng(seed)
    widths, names = [n for n, _ in hidden], [name for _, name in hidden]
    box = ((-9.0, 9.0), (-9.0, 9.0))
    flat = random_network(rng, [2, *widths, 1], names, bias=bias)
    assert certain_count(flat, box) <= min(upper_bounds(flat).values())
    line = random_network(rng, [1, *widths, 1], names, bias=bias)
    found = knots(line, (-9.0, 9.0))
    assert len(found.slopes) <= found.activation_count
    assert found.activation_count <= min(upper_bounds(line).values())
    deep = random_network(rng, [4, *widths, 1], names, bias=bias)
    origin, u, v = rng.normal(size=(3, 4))
    for plane in (Plane(origin, u, v), Plane(np.zeros(4), u, v)):
        central = not plane.origin.any()
        assert certain_count(deep, box, plane) <= min(upper_bounds(deep, 2, central).values())
    ends = rng.normal(size=(2, 4)) * 9
    assert len(walk(deep, *ends).slopes) <= min(upper_bounds(deep, 1).values())


@settings(max_examples=40)
@given(seed=st.integers(0, 10**6), n=st.integers(1, 6), bias=st.booleans())
def test_a_skip_round_a_narrow_layer_keeps_to_the_bounds_that_allow_skips(seed, n, bias):
    rng = np.random.default_rng(seed)
    for names in (["relu"] * 3, ["identity", "relu", "relu"], ["identity", "identity", "relu"]):
        network = random_network(rng, [2, 1, 2, n, 1], names, skips=[(0, 2)], bias=bias)
        bounds = upper_bounds(network)
        assert {"serra_2018_upper", "montufar_2017_upper"}.isdisjoint(bounds)
        assert certain_count(network, ((-9.0, 9.0), (-9.0, 9.0))) <= min(bounds.values())


@pytest.mark.parametrize("seed", range(5))
def test_one_layer_without_biases_attains_the_maximum_in_every_box_around_0(seed):
    rng = np.random.default_rng(seed)
    for n in (1, 3, 8):
        network = random_network(rng, [2, n, 1], bias=False)
        bounds = upper_bounds(network)
        assert count_regions(network, ((-1.0, 2.0), (-3.0, 1.0))) == 2 * n
        assert bounds["zaslavsky_1975"] == min(bounds.values()) == 2 * n


def test_a_plane_that_misses_0_is_cut_by_a_layer_without_biases_as_by_one_with():
    """Its lines are in general position: 1 + n + C(n, 2), more than the 2n of a plane through 0."""
    W, b = crossing_lines(6, [0.0, 0.0])
    network = Network.from_arrays([np.column_stack([W, b]), np.ones((1, 6))])
    assert not network.bias
    box, u, v = ((-4.0, 4.0), (-4.0, 4.0)), [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]
    assert count_regions(network, box, Plane([0.0, 0.0, 1.0], u, v)) == 1 + 6 + 15
    assert upper_bounds(network, 2)["zaslavsky_1975"] == 1 + 6 + 15
    assert count_regions(network, box, Plane([0.0, 0.0, 0.0], u, v)) == 12


@pytest.mark.parametrize("d", [1, 2, 3])
@pytest.mark.parametrize("seed", range(4))
def test_a_slice_through_0_is_cut_by_a_layer_without_biases_as_often_as_cover_says(seed, d):
    """The signs of W x for x in a random subspace of d dimensions: 2 Σ_{j<d} C(n − 1, j), Cover
    1965, Theorem 1. With biases it makes no difference that a slice contains 0."""
    rng = np.random.default_rng(seed)
    n, W, basis = 5, rng.normal(size=(5, 6)), rng.normal(size=(d, 6))
    signs = np.unique(rng.normal(size=(20_000, d)) @ basis @ W.T > 0.0, axis=0)
    bounds = region_bounds([6, n, 1], False, dimension=d, central=True)
    attained = 2 * sum(comb(n - 1, j) for j in range(d))
    assert bounds["zaslavsky_1975"] == min(bounds.values()) == attained
    assert len(signs) == attained if d < 3 else len(signs) <= attained  # a thin cone may be missed
    assert bounds == region_bounds([d, n, 1], False)  # as of a network of these d dimensions
    missing = region_bounds([6, n, 1], False, dimension=d)
    assert missing["zaslavsky_1975"] == sum(comb(n, j) for j in range(d + 1)) > attained
    with_biases = region_bounds([6, n, 1], dimension=d)
    assert with_biases == region_bounds([6, n, 1], dimension=d, central=True)


@pytest.mark.parametrize("bias", [True, False])
def test_identity_layers_bend_nothing(bias):
    network = random_network(np.random.default_rng(0), [2, 5, 4, 1], "identity", bias=bias)
    assert count_regions(network, SQUARE) == 1
    assert set(region_bounds(network.sizes, bias, "identity").values()) == {1}
    bent = region_bounds([2, 5, 4, 3, 1], bias, ["relu", "identity", "relu"])
    assert bent == region_bounds([2, 5, 3, 1], bias)  # 4 pass on two dimensions
    # one unit passes on one dimension, in which 3 units bend at three places, or all at 0
    narrow = region_bounds([2, 1, 3, 1], bias, ["identity", "relu"])
    assert narrow["zaslavsky_1975"] == (4 if bias else 2)


def test_a_maximum_is_only_claimed_where_some_weights_attain_it():
    assert "zaslavsky_1975" not in region_bounds([2, 3, 3, 1])
    assert "zaslavsky_1975" in region_bounds([2, 3, 3, 1], True, ["identity", "relu"])
    # the skip may lead both inputs round the narrow layer, or not: no general claim
    skipping = region_bounds([2, 1, 2, 4, 1], True, ["identity"] * 2 + ["relu"], skips=[(0, 2)])
    assert "zaslavsky_1975" not in skipping
    assert skipping["raghu_2017_upper"] == 1 + 4 + 6
    for lower in ("montufar_2014_lower", "serra_2018_lower"):
        for arguments in ((False,), (True, "leaky_relu")):
            assert lower in region_bounds([2, 6, 6, 1])
            assert lower not in region_bounds([2, 6, 6, 1], *arguments)
        assert lower not in region_bounds([2, 6, 6, 1], skips=[(1, 2)])
        assert lower in region_bounds([2, 6, 2, 6, 1], True, ["relu", "identity", "relu"])
        assert lower not in region_bounds([2, 6, 1, 6, 1], True, ["relu", "identity", "relu"])


def test_a_skip_round_a_narrow_layer_breaks_the_bounds_that_do_not():
    """Layer 1 lets one dimension through, but x reaches layer 3 whole: a₂ = x + 9."""
    W, b = crossing_lines(14, [0.0, 0.0])
    weights = [np.ones((1, 2)), np.zeros((2, 1)), W, np.ones((1, 14))]
    biases = [[9.0], [9.0, 9.0], b - W @ [9.0, 9.0], [0.0]]
    network = Network.from_arrays(weights, biases, skips=[(0, 2)])
    bounds = region_bounds(network.sizes)
    count = count_regions(network, ((-4.0, 4.0), (-4.0, 4.0)))
    assert count == 1 + 14 + comb(14, 2)
    assert bounds["serra_2018_upper"] < bounds["montufar_2017_upper"] < count
    assert count < bounds["raghu_2017_upper"]


def crossing_lines(n: int, centre: list[float]) -> tuple[np.ndarray, np.ndarray]:
    """n lines W x + b = 0 in general position that all cross near the centre."""
    angles = 0.1 + np.arange(n) * np.pi / n
    W = np.column_stack([np.cos(angles), np.sin(angles)])
    return W, 0.01 * (-1.0) ** np.arange(n) * (1 + np.arange(n)) - W @ centre


def fold(n: int, copies: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Montúfar et al. 2014, section 3.2: n units fold each of so many inputs n times onto [0, 1].

    W and b of the units, and V that sums up what they say: relu(nx) − 2 relu(nx − 1) + ….
    """
    W = np.kron(np.eye(copies), np.full((n, 1), float(n)))
    b = np.tile(-np.arange(n, dtype=float), copies)
    V = np.kron(np.eye(copies), np.append(1.0, 2.0 * (-1.0) ** np.arange(1, n)))
    return W, b, V


def zigzag(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Serra et al. 2018: n ≥ 3 units fold the line n + 1 times so that each piece covers (0, 1).

    Slopes −2, 1, −1, 1, …, times n, between bends at k/(n + 1), one unit looking left.
    """
    bends = np.append([3.0, -2.0, 2.0], 2.0 * (-1.0) ** np.arange(3, n))
    side = np.where(np.arange(n) == 2, -1.0, 1.0)
    places = np.arange(1, n + 1)
    W, b = (side * (n + 1))[:, np.newaxis], -side * places
    at_first = float(np.maximum(W[:, 0] / (n + 1) + b, 0.0) @ bends)
    return W, b, bends[np.newaxis], -at_first


def composed(layers, W, b) -> Network:
    """The network of several foldings (W, b, V, c), then one layer (W, b) and a generic sum."""
    weights, biases, V, c = [], [], np.eye(W.shape[1]), 0.0
    for weight, bias, fold_together, shift in [*layers, (W, b, None, 0.0)]:
        weights.append(weight @ V)
        biases.append(bias + (weight @ np.full(weight.shape[1], c)))
        V, c = fold_together, shift
    out = np.random.default_rng(0).uniform(1.0, 2.0, (1, len(b)))
    return Network.from_arrays([*weights, out], [*biases, np.zeros(1)])


@pytest.mark.parametrize("hidden", [[3, 4], [2, 5, 3], [4, 4, 4], [5]])
def test_montufars_foldings_attain_their_lower_bound_on_a_line(hidden):
    *folding, n = hidden
    network = composed(
        [(*fold(m, 1), 0.0) for m in folding], np.ones((n, 1)), -np.arange(1, n + 1) / (n + 1)
    )
    found = knots(network, (0.0, 1.0))
    bound = region_bounds(network.sizes)["montufar_2014_lower"]
    assert found.activation_count == prod(folding) * (n + 1) == bound


@pytest.mark.parametrize("hidden", [[4, 4], [4, 6, 5], [8, 3]])
def test_montufars_foldings_attain_their_lower_bound_in_the_plane(hidden):
    *folding, n = hidden
    W, b = crossing_lines(n, [0.5, 0.5])
    network = composed([(*fold(m // 2, 2), 0.0) for m in folding], W, b)
    bound = region_bounds(network.sizes)["montufar_2014_lower"]
    assert count_regions(network, SQUARE) == bound


@pytest.mark.parametrize("hidden", [[3], [3, 3], [4, 3, 5], [3, 4, 4, 3], [7, 6]])
def test_in_one_dimension_serras_bounds_meet_and_a_zigzag_attains_them(hidden):
    *folding, n = hidden
    network = composed(
        [zigzag(m) for m in folding], np.ones((n, 1)), -np.arange(1, n + 1) / (n + 1)
    )
    bounds = region_bounds(network.sizes)
    assert bounds["serra_2018_lower"] == bounds["serra_2018_upper"] == prod(m + 1 for m in hidden)
    assert knots(network, (-2.0, 3.0)).activation_count == bounds["serra_2018_upper"]


@pytest.mark.parametrize("seed", range(5))
def test_one_hidden_layer_attains_the_maximum_where_the_box_holds_every_crossing(seed):
    rng = np.random.default_rng(seed)
    network = random_network(rng, [2, 12, 1])
    W, b = network.weights[0], network.biases[0]
    lines = [[Fraction(v) for v in (*w, c)] for w, c in zip(W, b, strict=True)]
    corners = []
    for (a, b1, c), (d, e, f) in combinations(lines, 2):
        det = a * e - b1 * d
        corners += [(b1 * f - c * e) / det, (c * d - a * f) / det]
    r = float(max(map(abs, corners))) * 1.01
    assert count_regions(network, ((-r, r), (-r, r))) == region_bounds([2, 12, 1])["zaslavsky_1975"]


def test_what_has_no_bounds_says_why():
    for sizes in ([2], [], [2, 0, 1], [2, 1.5, 1], [-1, 2]):
        with pytest.raises(ShapeError, match="layer sizes"):
            region_bounds(sizes)
    for dimension in (0, 3, 1.5):
        with pytest.raises(ShapeError, match=r"dimension .* 2 inputs"):
            region_bounds([2, 4, 1], dimension=dimension)
    with pytest.raises(EngineError, match=r"bias must be True or False, not 2; name dimension="):
        region_bounds([2, 4, 1], 2)
    with pytest.raises(ShapeError, match="2 activations for 1 hidden layer"):
        region_bounds([2, 4, 1], True, ["relu", "relu"])
    with pytest.raises(NotPiecewiseLinearError, match=r"hidden layer 2 is curved \(tanh\)"):
        region_bounds([2, 4, 3, 1], True, ["relu", "tanh"])
