"""What a deep linear network collapses to, and how far others are from it."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine.network.activations import OUTPUTS


@given(st.integers(0, 10_000), st.booleans(), st.booleans())
@settings(max_examples=100)
def test_a_linear_network_is_what_it_collapses_to(seed, bias, skipping):
    rng = np.random.default_rng(seed)
    sizes = [int(n) for n in rng.integers(1, 6, rng.integers(2, 8))]
    pairs = [(s, t) for s, t in combinations(range(len(sizes)), 2) if sizes[s] == sizes[t]]
    skips = [pair for pair in pairs if skipping and rng.random() < 0.5]
    network = engine.Network(sizes, "identity", bias=bias, skips=skips)
    network.parameters[...] = rng.normal(size=network.parameters.size)
    X = rng.normal(size=(30, sizes[0]))
    collapsed, expected = engine.collapse(network), network.predict(X)
    scale = np.abs(expected).max()
    assert np.abs(collapsed(X) - expected).max() <= 1e-12 * scale
    assert skips or collapsed.rank <= min(sizes)
    best = engine.best_affine(network, X)
    assert best.largest_deviation <= 1e-10 * scale
    assert best.r_squared == pytest.approx(1.0, abs=1e-10) or np.abs(collapsed.W).max() < 1e-10


def test_the_collapse_is_the_product_of_the_matrices():
    rng = np.random.default_rng(0)
    A, B, C = rng.normal(size=(3, 4, 4))
    a, b, c = rng.normal(size=(3, 4))
    network = engine.Network.from_arrays([A, B, C], [a, b, c], "identity", skips=[(1, 3)])
    collapsed = engine.collapse(network)
    np.testing.assert_allclose(collapsed.W, (C @ B + np.eye(4)) @ A, rtol=0, atol=1e-13)
    np.testing.assert_allclose(collapsed.b, C @ (B @ a + b) + c + a, rtol=0, atol=1e-13)
    sigma = np.sqrt(np.linalg.eigvalsh(collapsed.W.T @ collapsed.W))[::-1]
    np.testing.assert_allclose(collapsed.singular_values, sigma, rtol=1e-6)


def test_a_narrow_layer_bounds_the_rank():
    network = engine.Network([6, 2, 5, 4], "identity", seed=1)
    assert engine.collapse(network).rank == 2
    assert engine.AffineMap(np.zeros((2, 3)), np.zeros(2)).rank == 0


@pytest.mark.parametrize(
    ("activation", "layer"),
    [
        (["identity", "relu", "tanh"], "layer 2 is not linear (relu)"),
        (["leaky_relu", "relu", "tanh"], "layer 1 is not linear (leaky_relu)"),
        (["identity", "identity", "sin"], "layer 3 is not linear (sin)"),
    ],
)
def test_the_first_layer_inside_that_is_not_linear_is_named(activation, layer):
    for output in ("identity", "sigmoid"):
        network = engine.Network([2, 3, 3, 3, 1], activation, output)
        for of_z in (True, False):
            with pytest.raises(engine.NotAffineError) as error:
                engine.collapse(network, of_z)
            assert layer in str(error.value)


@pytest.mark.parametrize("output", sorted(set(OUTPUTS) - {"identity"}))
@pytest.mark.parametrize("hidden", [(), (4,), (5, 3)])
def test_under_a_last_sigma_z_is_one_affine_map_and_the_output_is_not(output, hidden):
    network = engine.Network([2, *hidden, 3], "identity", output, seed=3)
    X = np.random.default_rng(1).normal(size=(50, 2))
    collapsed, z = engine.collapse(network), network.forward(X).z[-1]
    assert np.abs(z - collapsed(X)).max() <= 1e-13 * np.abs(z).max()
    sigma = OUTPUTS[output]
    np.testing.assert_allclose(network.predict(X), sigma(collapsed(X)), rtol=1e-10)
    layer = f"layer {len(hidden) + 1} is not linear ({output}), so the network is not one affine"
    with pytest.raises(engine.NotAffineError) as error:
        engine.collapse(network, of_z=False)
    assert layer in str(error.value)


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 0), (1, 2), (3, 1)])
def test_a_convolution_is_a_toeplitz_layer(stride, padding):
    rng = np.random.default_rng(stride + padding)
    kernel, X = rng.normal(size=4), rng.normal(size=(5, 11))
    W = engine.toeplitz(kernel, 11, stride, padding)
    padded = np.pad(X, ((0, 0), (padding, padding)))
    expected = [np.correlate(row, kernel, "valid")[::stride] for row in padded]
    network = engine.Network.from_arrays([W, np.eye(len(W))], activation="identity")
    np.testing.assert_allclose(network.predict(X), expected, rtol=0, atol=1e-13)
    np.testing.assert_allclose(engine.collapse(network).W, W)
    if stride == 1:  # constant along every diagonal
        assert all(np.ptp(np.diagonal(W, i)) == 0.0 for i in range(-len(W) + 1, 11))


def test_the_best_affine_map_of_a_parabola_is_the_least_squares_line():
    # x² on a symmetric grid: the mean of x², and slope 0
    x = np.linspace(-1.0, 1.0, 21)[:, None]
    relu = engine.Network.from_arrays([[[1.0], [-1.0]], [[1.0, 1.0]]], [[0, 0], [0]])  # |x|
    best = engine.best_affine(relu, x)
    assert best.map.W[0, 0] == pytest.approx(0.0, abs=1e-15)
    assert best.map.b[0] == pytest.approx(np.abs(x).mean(), rel=1e-14)
    assert best.r_squared == pytest.approx(0.0, abs=1e-14)
    assert best.largest_deviation == pytest.approx(np.abs(x).mean(), rel=1e-14)


def test_no_affine_map_is_nearer_than_the_best():
    rng = np.random.default_rng(4)
    network, X = engine.Network([2, 8, 3], "tanh", "sigmoid", seed=4), rng.normal(size=(50, 2))
    best = engine.best_affine(network, X)
    residuals = network.predict(X) - best.map(X)
    design = np.column_stack([np.ones(50), X])
    np.testing.assert_allclose(design.T @ residuals, 0.0, atol=1e-12)
    assert 0.0 < best.r_squared < 1.0
    assert best.largest_deviation == pytest.approx(np.abs(residuals).max(), rel=1e-12)


def test_the_share_of_the_best_affine_map_does_not_depend_on_units():
    network = engine.Network([3, 4, 2], activation="relu", seed=1)  # without biases to begin with
    X = np.random.default_rng(0).normal(size=(20, 3))
    share = engine.best_affine(network, X).r_squared
    assert 0.5 < share < 0.95
    for unit in (2.0**-700, 2.0**700):
        assert engine.best_affine(network, X * unit).r_squared == pytest.approx(share, rel=1e-12)


def test_a_constant_network_is_affine():
    network = engine.Network.from_arrays([[[0.0, 0.0]]], [[0.1]], output="sigmoid")
    best = engine.best_affine(network, np.random.default_rng(0).normal(size=(7, 2)))
    assert best.r_squared == 1.0
    assert best.largest_deviation < 1e-15


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: engine.toeplitz([1.0, 2.0, 3.0], 2), "no convolution of length 2"),
        (lambda: engine.toeplitz([1.0], 2, stride=0), "stride 0"),
        (
            lambda: engine.collapse(engine.Network.from_arrays([[[np.inf]]])),
            "layer 1 has weights or biases that are not finite",
        ),
        (
            lambda: engine.best_affine(engine.Network.from_arrays([[[np.nan]]]), [[1.0], [2.0]]),
            "on these data are not finite",
        ),
    ],
)
def test_mistakes_say_what_is_wrong(make, says):
    with pytest.raises(engine.EngineError) as error:
        make()
    assert says in str(error.value)
