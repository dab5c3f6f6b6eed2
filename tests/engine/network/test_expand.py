"""Expanding an affine map into a deep linear network is the inverse of collapsing it."""

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
        (Network([2, 2, 1], "identity", skips=[(0, 1)]), EngineError, "skip"),
        (Network([2, 1], bias=False), EngineError, "intercept"),
    ],
)
def test_what_cannot_be_the_map_says_why(network, error, says):
    with pytest.raises(error, match=says):
        embed_affine(network, AffineMap(np.ones((1, 2)), np.ones(1)))


def test_a_layer_narrower_than_the_outputs_cannot_pass_them_on():
    with pytest.raises(EngineError, match="1 unit cannot pass on 2"):
        embed_affine(Network([3, 1, 2], "identity"), AffineMap(np.eye(2, 3), np.zeros(2)))
