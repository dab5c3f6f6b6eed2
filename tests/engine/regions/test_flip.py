"""The nearest flip of a decision, against grids, closed forms and the region map."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import (
    Network,
    NotPiecewiseLinearError,
    Plane,
    ShapeError,
    knots,
    linear_regions,
    nearest_flip,
)

BOX = np.array([[-2.0, 1.0], [-1.0, 3.0]])
TIE = 1e-11


def drawn_network(rng, d: int, k: int) -> Network:
    """Up to two hidden layers; about half have small whole weights: ties, parallels, dead units."""
    sizes = [d, *rng.integers(1, 9, size=rng.integers(0, 3)), k]
    if rng.random() < 0.5:
        weights = [rng.integers(-2, 3, size=(n, m)) for m, n in pairwise(sizes)]
        biases = [rng.integers(-2, 3, size=n) / 2.0 for n in sizes[1:]]
    else:
        weights = [rng.normal(0.0, np.sqrt(2.0 / m), (n, m)) for m, n in pairwise(sizes)]
        biases = [rng.normal(0.0, 0.5, n) for n in sizes[1:]]
    return Network.from_arrays(weights, biases, str(rng.choice(["relu", "leaky_relu"])))


def decide(network: Network, points, level: float = 0.0):
    """The decisions from the forward pass; differences of rounding count as ties."""
    z = network.forward(points).z[-1]
    if z.shape[1] == 1:
        return (z[:, 0] > level + TIE).astype(int)
    return (z >= z.max(axis=1, keepdims=True) - TIE).argmax(axis=1)


def grid(box, count: int):
    axes = [np.linspace(lo, hi, count) for lo, hi in box]
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(box))


@settings(max_examples=150)
@given(
    seed=st.integers(0, 10**6),
    d=st.integers(1, 2),
    k=st.integers(1, 4),
    level=st.sampled_from([0.0, 0.5]),
    whole=st.booleans(),
)
def test_no_grid_point_flips_nearer_and_right_at_the_flip_the_decision_is_another(
    seed, d, k, level, whole
):
    rng = np.random.default_rng(seed)
    network, box = drawn_network(rng, d, k), BOX[:d]
    x = rng.uniform(-2.5, 2.5, d)  # some are outside the box
    x = np.round(2.0 * x) / 2.0 if whole else x
    level = level if k == 1 else 0.0
    flip = nearest_flip(network, x, box if d == 2 else box[0], level=level)
    before = decide(network, [x], level)[0]
    points = grid(box, 101 if d == 2 else 2001)
    others = points[decide(network, points, level) != before]
    limit = np.inf if flip is None else flip.distance - 1e-12
    nearer = others[np.linalg.norm(others - x, axis=1) < limit]
    if len(nearer):  # each may be on a line or a point at which z is the level, but has no area
        beside = [nearer + 1e-8 * (rng.uniform(*box.T, nearer.shape) - nearer) for _ in range(40)]
        assert all((decide(network, near, level) == before).all() for near in beside)
    if flip is None:
        return
    assert flip.before == before != flip.after
    np.testing.assert_allclose(np.linalg.norm(flip.point - x), flip.distance, atol=1e-12)
    assert (flip.point >= box[:, 0] - 1e-12).all() and (flip.point <= box[:, 1] + 1e-12).all()
    near = np.clip(flip.point + rng.uniform(-1e-6, 1e-6, (4000, d)), *box.T)
    assert flip.after in decide(network, near, level)


@settings(max_examples=30)
@given(seed=st.integers(0, 10**6))
def test_without_hidden_layers_it_is_the_distance_to_a_line_anywhere(seed):
    rng = np.random.default_rng(seed)
    w, x = rng.normal(size=(2, 2))
    w[0] += np.copysign(0.1, w[0])
    b = rng.normal() * 10.0 ** rng.integers(-3, 4)
    network = Network.from_arrays([[w]], [[b]])
    flip = nearest_flip(network, x)
    height = w @ x + b
    assert flip.distance == pytest.approx(abs(height) / np.linalg.norm(w), rel=1e-10)
    np.testing.assert_allclose(flip.point, x - height * w / (w @ w), rtol=1e-9, atol=1e-9)
    one = nearest_flip(Network.from_arrays([[w[:1]]], [[b]]), x[:1])
    np.testing.assert_allclose(one.point, [-b / w[0]], rtol=1e-9)


@settings(max_examples=20)
@given(seed=st.integers(0, 10**6), stretch=st.sampled_from([1e-3, 1.0, 1e3]))
def test_in_a_plane_the_distance_is_that_of_the_inputs(seed, stretch):
    """Of w·x + b = 0 the nearest point of a plane is along the projection of w on the plane."""
    rng = np.random.default_rng(seed)
    origin, u, v, w = rng.normal(size=(4, 5))
    b, at = rng.normal(), rng.normal(size=2)
    plane = Plane(origin, u * stretch, v)
    at = at / [stretch, 1.0]
    flip = nearest_flip(Network.from_arrays([[w]], [[b]]), at, plane=plane)
    x, Q = plane.points([at])[0], np.linalg.qr(np.column_stack([u, v]))[0]
    distance = abs(w @ x + b) / np.linalg.norm(Q.T @ w)
    assert flip.distance == pytest.approx(distance, rel=1e-9)
    moved = plane.points([flip.point])[0]
    assert np.linalg.norm(moved - x) == pytest.approx(distance, rel=1e-9)
    assert w @ moved + b == pytest.approx(0.0, abs=1e-9 * (1.0 + np.abs(x).sum()))


@settings(max_examples=40)
@given(seed=st.integers(0, 10**6), k=st.integers(1, 3))
def test_a_sheared_plane_through_more_inputs_has_the_flip_of_the_two_that_it_stands_for(seed, k):
    """With Q orthonormal, x = Qᵀy of the plane y = Q(a + Mc) is a + Mc, and lengths are kept."""
    rng = np.random.default_rng(seed)
    network = drawn_network(rng, 2, k)
    Q, M, a = np.linalg.qr(rng.normal(size=(4, 2)))[0], rng.normal(size=(2, 2)), rng.normal(size=2)
    M += 2.0 * np.eye(2) * np.sign(np.linalg.det(M))
    if abs(np.linalg.det(M)) < 0.3:
        return
    wider = Network.from_arrays(
        [network.weights[0] @ Q.T, *network.weights[1:]], network.biases, network.activations
    )
    c = rng.normal(size=2)
    flip = nearest_flip(network, a + M @ c)
    sheared = nearest_flip(wider, c, plane=Plane(Q @ a, Q @ M[:, 0], Q @ M[:, 1]))
    assert (flip is None) == (sheared is None)
    if flip is not None:
        assert sheared.distance == pytest.approx(flip.distance, rel=1e-9, abs=1e-12)
        assert sheared.before == flip.before


@pytest.mark.parametrize("exponent", [-300, -40, 40, 300])
def test_in_other_units_of_the_inputs_it_is_the_same_point_to_the_last_bit(exponent):
    rng = np.random.default_rng(4)
    sizes = [2, 9, 7, 3]
    weights = [rng.normal(size=(n, m)) for m, n in pairwise(sizes)]
    biases = [rng.normal(size=n) for n in sizes[1:]]
    scaled = [np.ldexp(weights[0], -exponent), *weights[1:]]
    x = np.array([0.3, -0.4])
    flip = nearest_flip(Network.from_arrays(weights, biases), x, BOX)
    other = nearest_flip(
        Network.from_arrays(scaled, biases), np.ldexp(x, exponent), np.ldexp(BOX, exponent)
    )
    np.testing.assert_array_equal(other.point, np.ldexp(flip.point, exponent))
    assert other.distance == np.ldexp(flip.distance, exponent)
    assert other[2:] == flip[2:]


def test_where_z_is_the_level_on_a_whole_region_the_decision_is_0_up_to_its_border():
    network = Network.from_arrays([[[1, 0]], [[1]]])  # relu(x₁)
    from_right = nearest_flip(network, [0.75, 0.5], BOX)
    assert (from_right.point.tolist(), from_right.before, from_right.after) == ([0.0, 0.5], 1, 0)
    assert from_right.units == ((1, 0),)
    from_left = nearest_flip(network, [-0.75, 0.5], BOX)
    assert (from_left.point.tolist(), from_left.before, from_left.after) == ([0.0, 0.5], 0, 1)
    assert from_left.region != from_right.region
    both = Network.from_arrays([[[1, 0]], [[1], [1]]])  # two equal outputs: the first class
    assert nearest_flip(both, [0.5, 0.5], BOX) is None


def test_a_decision_without_area_does_not_count():
    touching = Network.from_arrays([[[1, 0], [-1, 0]], [[1, 1]]])  # |x₁|, 0 on a line
    assert nearest_flip(touching, [0.5, 0.5], BOX) is None
    on_the_line = nearest_flip(touching, [0.0, 0.5], BOX)
    assert (on_the_line.distance, on_the_line.before, on_the_line.after) == (0.0, 0, 1)
    at_the_edge = Network.from_arrays([[[-1, 0]]], [[1]])  # 1 − x₁, 0 on the right edge of the box
    assert nearest_flip(at_the_edge, [0.5, 0.5], BOX) is None
    assert nearest_flip(at_the_edge, [0.5, 0.5]).point.tolist() == [1.0, 0.5]


def test_one_output_of_several_is_compared_with_a_level():
    network = Network.from_arrays([np.eye(2)], [[0, 0]])
    assert nearest_flip(network, [0.5, 0.0], BOX).point.tolist() == [0.25, 0.25]  # x₁ = x₂
    flip = nearest_flip(network, [0.5, 0.0], BOX, level=0.75, output=1)
    assert (flip.point.tolist(), flip.before, flip.after) == ([0.5, 0.75], 0, 1)


@pytest.mark.parametrize("seed", range(5))
def test_the_pieces_agree_with_the_forward_pass_and_their_borders_with_the_zero_segments(seed):
    rng = np.random.default_rng(seed)
    sizes = [2, 8, 6, 1]
    weights = [rng.normal(0.0, np.sqrt(2.0 / m), (n, m)) for m, n in pairwise(sizes)]
    network = Network.from_arrays(weights, [rng.normal(0.0, 0.5, n) for n in sizes[1:]])
    points = rng.uniform(-4.0, 4.0, (500, 2))
    network.biases[-1][:] -= np.median(network.forward(rng.uniform(*BOX.T, (500, 2))).z[-1])
    regions = linear_regions(network, BOX)
    decisions = regions.decisions()
    np.testing.assert_array_equal(decisions.at(points), decide(network, points))
    ends, zeros = decisions.segments.reshape(-1, 2), regions.zero_segments().reshape(-1, 2)
    assert len(zeros) > 0
    np.testing.assert_allclose(np.sort(ends, axis=0), np.sort(zeros, axis=0), atol=1e-12)


def test_with_one_input_the_region_is_the_number_of_the_interval():
    network = Network.from_arrays([[[1], [1], [1]], [[1, -2, 2]]], [[0, -1, -2], [-0.5]])
    assert knots(network, (-1, 4)).x.tolist() == [0.0, 1.0, 2.0]
    flips = [nearest_flip(network, x, (-1.0, 4.0)) for x in (-0.5, 1.25, 2.0)]
    assert [flip.point.tolist() for flip in flips] == [[0.5], [1.5], [1.5]]
    assert [flip.region for flip in flips] == [1, 2, 2]
    assert [flip.after for flip in flips] == [1, 0, 1]


def test_what_has_no_nearest_flip_says_why():
    with pytest.raises(NotPiecewiseLinearError, match="tanh"):
        nearest_flip(Network([2, 3, 1], activation="tanh"), [0, 0])
    with pytest.raises(ShapeError, match=r"3 inputs.*pass plane"):
        nearest_flip(Network([3, 3, 1]), [0, 0, 0])
    with pytest.raises(ShapeError, match=r"one finite point \(2,\)"):
        nearest_flip(Network([2, 3, 1]), [0, np.nan])
    with pytest.raises(ShapeError, match="no output 1: they are 0 to 0"):
        nearest_flip(Network([2, 3, 1]), [0, 0], output=1)
    with pytest.raises(ShapeError, match="level inf"):
        nearest_flip(Network([2, 3, 1]), [0, 0], level=np.inf)
