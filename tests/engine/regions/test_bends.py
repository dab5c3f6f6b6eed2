"""Jumps of the slope at borders and knots, against finite differences and integral theorems."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_networks import random_network

from engine import Network, affine_at, knots, linear_regions, walk

BOX = ((-1.0, 2.0), (-0.5, 1.0))


CASES = [
    ([2, 9, 9, 2], "relu", ()),
    ([2, 8, 6, 4, 1], "leaky_relu", ()),
    ([2, 7, 7, 7, 1], ["relu", "identity", "relu"], ()),
    ([2, 6, 3, 6, 6, 1], "relu", ((1, 3), (1, 4), (3, 4))),
]


@pytest.mark.parametrize("case", CASES)
def test_the_jump_is_the_second_difference_across_the_border(case):
    network = random_network(1, *case)
    regions = linear_regions(network, BOX)
    middles, normals = regions.edges.reshape(-1, 2, 2).mean(axis=1), regions.edge_normals
    h = 1e-5
    before, at, after = (network.forward(middles + t * normals).z[-1] for t in (-h, 0.0, h))
    i, j = regions.edge_regions.T
    clear = (regions.locate(middles - h * normals) == i) & (
        regions.locate(middles + h * normals) == j
    )
    assert clear.mean() > 0.9
    difference = (after - 2.0 * at + before) / h
    np.testing.assert_allclose(regions.edge_jumps[clear], difference[clear], atol=1e-8)
    assert (np.sign(regions.edge_jumps) == np.sign(np.round(difference, 8)))[clear].all()


@pytest.mark.parametrize("case", CASES)
def test_the_gradient_jumps_along_the_normal(case):
    regions = linear_regions(random_network(2, *case), BOX)
    i, j = regions.edge_regions.T
    jumps = regions.edge_jumps[:, :, np.newaxis] * regions.edge_normals[:, np.newaxis]
    error = np.abs(regions.maps.W[j] - regions.maps.W[i] - jumps).max(axis=(1, 2))
    assert (error * regions.edge_lengths).max() < 1e-12  # a short border has no exact direction


def flux(network: Network, box) -> np.ndarray:
    """∮ ∂z/∂n (k,) over the sides of a box, from walks along them."""
    (x_lo, x_hi), (y_lo, y_hi) = box
    corners = np.array([[x_lo, y_lo], [x_hi, y_lo], [x_hi, y_hi], [x_lo, y_hi], [x_lo, y_lo]])
    total = np.zeros(network.sizes[-1])
    for start, stop in pairwise(corners):
        along = stop - start
        t = np.concatenate([[0.0], walk(network, start, stop).t, [1.0]])
        for lo, hi in pairwise(t):
            W = affine_at(network, start + (lo + hi) / 2.0 * along).W
            total += (hi - lo) * W @ [along[1], -along[0]]
    return total


@settings(max_examples=25)
@given(seed=st.integers(0, 10**6), case=st.sampled_from(CASES))
def test_the_sum_of_jumps_times_length_is_the_flux_of_the_gradient(seed, case):
    """The theorem of Gauss, as the jumps are the whole of ∇²z."""
    network = random_network(seed, *case)
    regions = linear_regions(network, BOX)
    total = regions.edge_lengths @ regions.edge_jumps
    np.testing.assert_allclose(total, flux(network, BOX), rtol=1e-9, atol=1e-9)
    assert (np.abs(total) <= regions.curvature * (1.0 + 1e-12)).all()


@pytest.mark.parametrize(("activation", "low"), [("relu", 0.0), ("leaky_relu", 0.01)])
def test_one_unit_makes_one_jump_its_weight_times_the_length_of_w(activation, low):
    """x + y = 0.5 cuts the unit box from (−0.5, 1) to (1, −0.5): 1.5·√2."""
    network = Network.from_arrays([[[3, 3]], [[-2], [1]]], [[-1.5], [0, 0]], activation)
    regions = linear_regions(network)
    jump = (1.0 - low) * np.sqrt(18.0) * np.array([-2.0, 1.0])
    np.testing.assert_allclose(regions.edge_jumps, [jump], rtol=1e-14)
    np.testing.assert_allclose(regions.curvature, np.abs(jump) * 1.5 * np.sqrt(2.0), rtol=1e-14)
    concave, convex = (regions.edge_jumps < 0.0)[0]
    assert concave and not convex


def test_a_border_without_a_bend_has_a_jump_of_exactly_0():
    network = Network.from_arrays([[[0.3, 0.7], [-0.3, -0.7]], [[0.1, -0.1]]])  # 0.1·(w·x)
    regions = linear_regions(network)
    assert regions.activation_count == 2 and regions.linear_count == 1
    assert regions.edge_jumps.tolist() == [[0.0]] and regions.curvature.tolist() == [0.0]


@settings(max_examples=25)
@given(seed=st.integers(0, 10**6), outputs=st.integers(1, 2))
def test_in_one_dimension_the_jumps_add_up_to_the_change_of_slope(seed, outputs):
    network = random_network(seed, [1, 9, 7, outputs])
    found = knots(network, (-2.0, 3.0))
    left, right = (affine_at(network, [x]).W[:, 0] for x in (-2.0, 3.0))
    np.testing.assert_allclose(
        np.sum(found.jumps, axis=0), np.squeeze(right - left), rtol=1e-9, atol=1e-12
    )
    assert found.curvature.shape == found.slopes.shape[1:]
    assert (found.curvature >= np.abs(np.squeeze(right - left)) - 1e-12).all()
