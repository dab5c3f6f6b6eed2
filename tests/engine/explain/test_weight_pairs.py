"""∂²z/∂w∂w term by term: path sums, against ``mixed_derivatives`` and differences of z."""

from itertools import combinations

import numpy as np
import pytest

import engine
from engine.errors import ShapeError
from engine.explain import symbolic, symbols, written
from engine.explain.models import weight_pairs
from engine.explain.models.weight_pairs import (
    PairOperands,
    explain_mixed_derivative,
    explain_pair_table,
)
from engine.network.parameter_linearity import MixedDerivative, largest_mixed_derivative

RNG = np.random.default_rng(4)
NETWORKS = [
    engine.Network([2, 4, 3, 1], "relu"),
    engine.Network([2, 3, 3, 3, 2], ["relu", "identity", "leaky_relu"], skips=[(1, 3), (2, 3)]),
    engine.Network([1, 6, 6, 6, 1], "leaky_relu"),
]
for network in NETWORKS:
    network.parameters[...] = RNG.normal(size=network.parameters.size)


@pytest.mark.parametrize("max_paths", [200, 2])
@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: str(network.sizes))
def test_a_mixed_derivative_is_the_sum_over_the_paths_through_both_weights(
    network, max_paths, monkeypatch
):
    monkeypatch.setattr(weight_pairs, "MAX_PATHS", max_paths)
    x = RNG.normal(size=network.sizes[0])
    for layers in combinations(range(1, len(network.sizes)), 2):
        truth = engine.mixed_derivatives(network, x, *layers)
        for _ in range(8):
            indices = tuple(int(RNG.integers(n)) for n in truth.shape)
            pair = MixedDerivative(layers, indices, float(truth[indices]))
            found = explain_mixed_derivative(network, x, pair, 7)
            assert found.symbol.value == pytest.approx(truth[indices], rel=1e-10, abs=1e-12)
            for definition in found.definitions:
                assert definition.expression.value == pytest.approx(
                    definition.symbol.value, rel=1e-10, abs=1e-12
                )
            assert_followed(network, x, pair, found)


def assert_followed(network, x, pair, explanation, depth=0):
    """What the terms name is explained, with the value that it has in the terms."""
    operands = PairOperands(network, x, pair)
    for definition in explanation.definitions if depth < 2 else ():
        for symbol in symbols(definition.expression):
            explain = operands(symbol.name) if symbol.name else None
            if explain is None:
                continue
            found = explain()
            assert found.symbol.name == symbol.name
            assert found.symbol.value == pytest.approx(symbol.value, rel=1e-9, abs=1e-12)
            if symbol.name.base.startswith("∂"):
                assert_followed(network, x, pair, found, depth + 1)


def test_the_terms_are_products_of_slopes_and_weights_with_their_numbers():
    network = engine.Network.from_arrays([[[2.0], [1.0]], [[3.0, -4.0]], [[5.0]]])
    pair = largest_mixed_derivative(network, [1.5])
    found = explain_mixed_derivative(network, [1.5], pair, 12)
    assert pair.layers == (1, 2) and pair.value == 7.5
    ahead, between, product = found.definitions
    assert symbolic(ahead.symbol) == "∂z⁽³⁾₁/∂z⁽²⁾₁"
    assert symbolic(ahead.expression) == "σ′(z⁽²⁾₁) w⁽³⁾₁₁"
    assert symbolic(between.symbol) == "∂a⁽¹⁾₁/∂z⁽¹⁾₁"
    assert symbolic(product.symbol) == "∂²z⁽³⁾₁/∂w⁽¹⁾₁₁∂w⁽²⁾₁₁"
    text = written(found)
    assert "= 5 · 1 · 1.5\n" in text and "= 7.5\n" in text and "at example 12:" in text
    assert written(found, "ascii").isascii()
    assert r"\partial w^{(1)}_{11}\partial w^{(2)}_{11}" in written(found, "latex")


def test_within_a_layer_no_two_weights_multiply():
    with pytest.raises(ShapeError, match="must come before"):
        explain_mixed_derivative(NETWORKS[0], [0.0, 0.0], MixedDerivative((2, 2), (0,) * 5, 0.0), 1)


def prose(explanation):
    return "".join(
        part if isinstance(part, str) else part.written() for part in explanation.meaning
    )


def test_the_table_of_a_pair_measures_its_mixed_derivative():
    network = engine.Network.from_arrays([[[2.0], [1.0]], [[3.0, -4.0]], [[5.0]]])
    pair = largest_mixed_derivative(network, [1.5])
    found = explain_pair_table(network, [1.5], pair, 12)
    assert found.symbol.value == pytest.approx(pair.value, rel=1e-9)
    table = found.equation[-1].values
    assert table.shape == (3, 3) and table[1, 1] == network.forward([[1.5]]).z[-1].item()
    assert "is ∂²z/∂w∂w: the weights multiply" in prose(found)
    assert written(found, "ascii").isascii()


def test_a_table_across_a_kink_is_not_called_the_derivative():
    network = engine.Network.from_arrays([[[1e-6]], [[1.0]]])  # z⁽¹⁾ is almost 0
    pair = largest_mixed_derivative(network, [1.0])
    text = prose(explain_pair_table(network, [1.0], pair, 1))
    assert "also measures a kink" in text and "is ∂²z/∂w∂w" not in text


def test_weights_without_a_path_through_both_do_not_multiply():
    network = engine.Network.from_arrays([[[-2.0]], [[3.0]]])
    pair = largest_mixed_derivative(network, [1.0])
    found = explain_pair_table(network, [1.0], pair, 1)
    assert found.symbol.value == 0.0
    assert "no open path" in prose(found) and "multiply" not in prose(found)
