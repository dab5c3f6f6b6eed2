"""The last piece of a ray, against walks and the map at far points."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Network, ShapeError, affine_at, far_piece, walk

CASES = [
    ([2, 8, 6, 2], "relu", ()),
    ([1, 9, 7, 1], "relu", ()),
    ([5, 12, 6, 12, 3], "leaky_relu", ((1, 3),)),
]


@settings(max_examples=50)
@given(
    seed=st.integers(0, 10**6),
    case=st.sampled_from(CASES),
    whole=st.booleans(),
)
def test_it_begins_at_the_last_crossing_of_a_walk_and_its_map_is_in_force_far_away(
    seed, case, whole
):
    rng = np.random.default_rng(seed)
    sizes, activation, skips = case
    network = Network(sizes, activation, skips=skips, seed=seed)
    network.parameters[:] = rng.normal(size=network.parameters.size)
    x, direction = rng.normal(size=(2, sizes[0]))
    if whole:
        network.parameters[:] = np.round(network.parameters)
        x, direction = np.round(4.0 * x) / 4.0, np.round(2.0 * direction)
        direction[0] += 0.5
    far = far_piece(network, x, direction)
    length = 2.0 * far.start + 8.0
    walked = walk(network, x, x + length * direction)
    np.testing.assert_allclose(far.start, length * walked.t.max(initial=0.0), atol=1e-9)
    np.testing.assert_allclose(far.slope, walked.slopes[-1] / length, atol=1e-9)
    np.testing.assert_array_equal(far.pattern, walked.patterns[-1])
    np.testing.assert_allclose(far.point, x + far.start * direction, atol=1e-12)
    np.testing.assert_allclose(far.map.W @ direction, far.slope, atol=1e-9)
    there = x + 3.0 * (far.start + 1.0) * direction
    np.testing.assert_allclose(far.map([there]), network.forward([there]).z[-1], atol=1e-8)
    if not whole:
        np.testing.assert_allclose(far.map.W, affine_at(network, there).W, atol=1e-9)


def test_along_a_border_the_bias_decides_and_without_hidden_layers_it_begins_at_once():
    along = far_piece(Network.from_arrays([[[1, 0]], [[1]]], [[0.5], [0]]), [0, 0], [0, 1])
    assert (along.start, along.slope.tolist(), along.pattern.tolist()) == (0.0, [0.0], [True])
    plain = far_piece(Network.from_arrays([[[2.0]]], [[1.0]]), [3.0], [-1.0])
    assert (plain.start, plain.slope.tolist(), plain.pattern.size) == (0.0, [-2.0], 0)


def test_a_ray_that_leads_nowhere_is_refused():
    with pytest.raises(ShapeError, match="must not be 0"):
        far_piece(Network([2, 3, 1]), [0, 0], [0, 0])
    with pytest.raises(ShapeError, match=r"direction has shape \(3,\)"):
        far_piece(Network([2, 3, 1]), [0, 0], [0, 0, 1])
