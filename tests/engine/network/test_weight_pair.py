"""Two weights on a path multiply: the table, the chain rule and the paths say the same number."""

from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine.network.parameter_linearity import MixedDerivative, pair_factors


def drawn_network(seed):
    rng = np.random.default_rng(seed)
    skips = [(1, 3), (2, 3)] if seed % 2 else []
    network = engine.Network([3, 4, 4, 4, 2], ["relu", "identity", "leaky_relu"], skips=skips)
    network.parameters[...] = rng.normal(size=network.parameters.size)
    return network, rng.normal(size=3), rng


def drawn_pair(network, rng):
    a, b = sorted(rng.choice(np.arange(1, 5), 2, replace=False).tolist())
    shapes = network.weights[a - 1].shape, network.weights[b - 1].shape
    limits = network.sizes[-1], *shapes[0], *shapes[1]
    return MixedDerivative((a, b), tuple(int(rng.integers(limit)) for limit in limits), 0.0)


@settings(max_examples=40)
@given(st.integers(0, 10_000))
def test_the_mixed_difference_the_chain_rule_and_the_sum_over_paths_are_one_number(seed):
    network, x, rng = drawn_network(seed)
    for _ in range(3):
        result = engine.weight_pair(network, x, drawn_pair(network, rng))
        (a, b), indices = result.pair.layers, result.pair.indices
        value = engine.mixed_derivatives(network, x, a, b)[indices]
        assert result.pair.value == pytest.approx(value, rel=1e-12, abs=1e-13)
        assert sum(prod(f.value for f in path) for path in result.paths) == pytest.approx(
            value, rel=1e-10, abs=1e-12
        )
        if result.one_piece:  # exact for every step, as z is linear in each weight
            rounding = 1e-13 * np.abs(result.table).max() / prod(result.steps)
            assert result.mixed_difference == pytest.approx(value, abs=rounding + 1e-12)
        # along one weight alone the table is straight
        if result.one_piece:
            bends = [np.diff(lines, 2, axis=0) for lines in (result.table, result.table.T)]
            np.testing.assert_allclose(bends, 0.0, atol=1e-12 * (1 + np.abs(result.table).max()))


@settings(max_examples=40)
@given(st.integers(0, 10_000))
def test_no_unit_changes_its_sign_anywhere_on_a_table_of_one_piece(seed):
    network, x, rng = drawn_network(seed)
    pair = drawn_pair(network, rng)
    result = engine.weight_pair(network, x, pair, steps=(0.3, 0.2))
    (a, b), (_, j, m, q, p) = pair.layers, pair.indices
    patterns = set()
    for s, t in rng.uniform(-1.0, 1.0, (60, 2)) * result.steps:
        moved = network.copy()
        moved.weights[a - 1][j, m] += s
        moved.weights[b - 1][q, p] += t
        z = moved.forward(x[None]).z
        patterns.add((*(z[0][0] > 0.0), *(z[2][0] > 0.0)))  # layer 2 is the identity
    assert len(patterns) == 1 or not result.one_piece


def test_two_weights_of_one_path_have_x_times_on_as_their_product():
    network = engine.Network.from_arrays([[[2.0], [-1.0]], [[5.0, 7.0]]])  # relu; unit 2 is off
    on = engine.weight_pair(network, [3.0])
    assert on.pair == MixedDerivative((1, 2), (0, 0, 0, 0, 0), 3.0)
    assert on.shared == 3.0 * 2.0 * 1.0 * 5.0 == network.predict([[3.0]]).item()
    assert on.table[1, 1] == 30.0
    off = engine.weight_pair(network, [3.0], MixedDerivative((1, 2), (0, 1, 0, 0, 1), 0.0))
    assert (off.pair.value, off.mixed_difference, off.paths) == (0.0, 0.0, ())
    across = engine.weight_pair(network, [3.0], MixedDerivative((1, 2), (0, 1, 0, 0, 0), 0.0))
    assert (across.pair.value, across.mixed_difference) == (0.0, 0.0)  # on no common path


def test_steps_across_a_kink_are_told_and_the_default_avoids_it():
    network = engine.Network.from_arrays([[[0.125]], [[1.0]]])  # off where w₁ < 0
    wide = engine.weight_pair(network, [1.0], steps=(0.5, 0.5))
    assert not wide.one_piece and wide.mixed_difference == pytest.approx(0.625)
    narrow = engine.weight_pair(network, [1.0])
    assert narrow.one_piece and narrow.steps == (0.125, 0.125)
    assert narrow.mixed_difference == narrow.pair.value == 1.0


def test_a_path_may_skip_layers_and_too_many_paths_are_not_listed():
    skipping = engine.Network([2, 2, 2, 2, 1], "identity", skips=[(1, 3)], seed=3)
    result = engine.weight_pair(skipping, [1.0, 2.0], MixedDerivative((1, 4), (0, 1, 0, 0, 1), 0.0))
    weights = sorted(sum(f.kind == "weight" for f in path) for path in result.paths)
    assert weights == [0, 2, 2]  # the skip, and through both units of layer 2
    wide = engine.Network([2, 9, 9, 9, 1], "identity", seed=3)
    result = engine.weight_pair(wide, [1.0, 2.0], MixedDerivative((1, 4), (0, 1, 0, 0, 1), 0.0))
    assert result.paths is not None and len(result.paths) == 9
    deep = engine.Network([2, 9, 9, 9, 9, 1], "identity", seed=3)
    result = engine.weight_pair(deep, [1.0, 2.0], MixedDerivative((1, 5), (0, 1, 0, 0, 1), 0.0))
    assert result.paths is None and result.mixed_difference == pytest.approx(result.pair.value)


def test_one_layer_has_no_pair_and_mistakes_say_what_is_wrong():
    assert engine.weight_pair(engine.Network([2, 1]), [1.0, 2.0]) is None
    network = engine.Network([2, 3, 1], seed=1)
    with pytest.raises(engine.ShapeError, match="the first must come before the second"):
        engine.weight_pair(network, [1.0, 2.0], MixedDerivative((2, 2), (0, 0, 0, 0, 0), 0.0))
    with pytest.raises(engine.ShapeError, match="no weights"):
        pair_factors(network, [1.0, 2.0], (1, 2), (0, 3, 0, 0, 0))
    with pytest.raises(engine.EngineError, match="above 0"):
        engine.weight_pair(network, [1.0, 2.0], steps=(0.0, 1.0))
    with pytest.raises(engine.NotPiecewiseLinearError, match="tanh"):
        engine.weight_pair(engine.Network([2, 3, 1], "tanh"), [1.0, 2.0])
