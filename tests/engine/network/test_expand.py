"""Expanding an affine map into a deep linear network is the inverse of collapsing it."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import AffineMap, EngineError, Network, NotAffineError, collapse
from engine.network.collapse import embed_affine


@given(
    d=st.integers(1, 5),
    k=st.integers(1, 3),
    spare=st.lists(st.integers(0, 3), max_size=4),
    bias=st.booleans(),
    seed=st.integers(0, 1 << 30),
)
def test_the_expanded_network_collapses_to_the_map_to_the_last_bit(d, k, spare, bias, seed):
    draw = np.random.default_rng(seed)
    network = Network((d, *(k + more for more in spare), k), "identity", bias=bias, seed=seed)
    target = AffineMap(draw.normal(size=(k, d)), draw.normal(size=k) * bias)
    W, b = collapse(network.with_parameters(embed_affine(network, target)))
    assert np.array_equal(W, target.W)
    assert np.array_equal(b, target.b)


@pytest.mark.parametrize(
    ("network", "error", "says"),
    [
        (Network([2, 2, 1], "relu"), NotAffineError, "layer 1"),
        (Network([2, 1], output="tanh"), NotAffineError, "layer 1"),
        (Network([2, 1], bias=False), EngineError, "intercept"),
    ],
)
def test_what_cannot_be_the_map_says_why(network, error, says):
    with pytest.raises(error, match=says):
        embed_affine(network, AffineMap(np.ones((1, 2)), np.ones(1)))


def test_a_layer_narrower_than_the_outputs_cannot_pass_them_on():
    with pytest.raises(EngineError, match="1 unit cannot pass on 2"):
        embed_affine(Network([3, 1, 2], "identity"), AffineMap(np.eye(2, 3), np.zeros(2)))


def random_structure(draw):
    """Sizes of 1 to 6 linear layers, some of them convolutions, with some skip connections."""
    d, k = draw.integers(1, 5, 2)
    sizes, kernels = [int(d)], []
    for layer in range(1, draw.integers(1, 7)):
        inputs, m = sizes[-1], int(draw.integers(1, 4))
        if draw.random() < 0.3 and m <= inputs:
            kernels.append((layer, m))
            sizes.append(inputs if m % 2 and draw.random() < 0.7 else inputs - m + 1)
        else:
            sizes.append(int(draw.integers(k, 6)))
    sizes.append(int(k))
    pairs = combinations(range(len(sizes)), 2)
    skips = [(s, t) for s, t in pairs if sizes[s] == sizes[t] and draw.random() < 0.3]
    return sizes, skips, kernels


@given(seed=st.integers(0, 1 << 30))
def test_what_is_solved_collapses_to_the_map_whatever_skips_and_convolutions_there_are(seed):
    draw = np.random.default_rng(seed)
    sizes, skips, kernels = random_structure(draw)
    network = Network(sizes, "identity", skips=skips, convolutions=kernels, seed=seed)
    target = AffineMap(draw.normal(size=(sizes[-1], sizes[0])), draw.normal(size=sizes[-1]))
    try:
        solved = network.with_parameters(embed_affine(network, target))
    except EngineError:  # only where something stands in the way
        assert skips or kernels or min(sizes[1:]) < sizes[-1]
        return
    solved.check_shared(solved.parameters)
    W, b = collapse(solved)
    np.testing.assert_allclose(W, target.W, atol=1e-14)
    np.testing.assert_allclose(b, target.b, atol=1e-14)


@pytest.mark.parametrize(
    ("sizes", "skips", "kernels"),
    [
        ([2, 2, 1], [(0, 1)], []),
        ([3, 3, 3, 1], [(1, 2)], []),
        ([3, 3, 3, 1], [(0, 1)], []),
        ([3, 3, 3, 1], [(0, 2)], []),
        ([3, 3, 3, 1], [(0, 1), (0, 2), (1, 2)], []),
        ([1, 1, 1, 1], [(0, 3)], []),
        ([1, 1, 1, 1], [(0, 1), (1, 2), (2, 3)], []),
        ([3, 8, 8, 8, 1], [(1, 2), (2, 3)], []),
        ([2, 4, 4, 2], [(0, 3), (1, 2)], []),
        ([5, 5, 1], [], [(1, 3)]),
        ([5, 5, 5, 1], [(0, 1), (1, 2)], [(1, 3), (2, 5)]),
        ([2, 6, 4, 1], [], [(2, 3)]),
        ([3, 1], [], [(1, 3)]),
    ],
)
def test_common_residual_and_convolutional_networks_are_solved(sizes, skips, kernels):
    draw = np.random.default_rng(0)
    network = Network(sizes, "identity", skips=skips, convolutions=kernels)
    target = AffineMap(draw.normal(size=(sizes[-1], sizes[0])), draw.normal(size=sizes[-1]))
    W, b = collapse(network.with_parameters(embed_affine(network, target)))
    np.testing.assert_allclose(W, target.W, atol=1e-14)
    np.testing.assert_allclose(b, target.b, atol=1e-14)


@pytest.mark.parametrize(
    ("sizes", "skips", "kernels", "says"),
    [
        ([2, 1, 2, 1], [(0, 2)], [], "skip connection 0 to 2 leads past layer 1; layer 1 of 1 unit "
         "cannot pass on 2 inputs. Without the skip connection 0 to 2 it can be solved"),
        ([3, 3], [], [(1, 3)], "layer 1 is a convolution. Without the convolution of layer 1"),
        ([5, 3, 1], [], [(1, 3)], "layer 1 is a convolution; layer 1 of 3 units cannot pass on 5 "
         "inputs. Without the convolution of layer 1"),
    ],
)  # fmt: skip
def test_what_prevents_a_solution_is_named_and_without_it_there_is_one(sizes, skips, kernels, says):
    draw = np.random.default_rng(0)
    target = AffineMap(draw.normal(size=(sizes[-1], sizes[0])), draw.normal(size=sizes[-1]))
    with pytest.raises(EngineError, match=says):
        embed_affine(Network(sizes, "identity", skips=skips, convolutions=kernels), target)
    embed_affine(Network(sizes, "identity"), target)
