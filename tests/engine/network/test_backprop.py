"""Backpropagation against an independent autograd, and the laws its pieces obey."""

import json
from pathlib import Path

import numpy as np
import pytest

import engine
from engine.network.activations import ACTIVATIONS, OUTPUTS
from engine.network.losses import LOSSES

CASES = json.loads(
    (Path(__file__).parents[2] / "reference" / "autograd.json").read_text(encoding="utf-8")
)


def relative(actual, expected):
    actual, expected = np.asarray(actual), np.asarray(expected)
    assert actual.shape == expected.shape
    return np.abs(actual - expected).max() / np.abs(expected).max()


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_losses_deltas_and_gradients_equal_autograd(case):
    # source: PyTorch 2.13 float64 autograd (see the file)
    network = engine.Network.from_arrays(
        case["weights"], case["biases"], case["activations"], case["output"]
    )
    result = engine.backpropagate(network, case["X"], case["Y"], case["loss"])
    assert relative(result.forward.prediction, case["predictions"]) < 1e-12
    assert relative(result.example_losses, case["example_losses"]) < 1e-12
    assert result.loss == pytest.approx(case["mean_loss"], rel=1e-12)
    for name in ("deltas", "weight_gradients", "bias_gradients"):
        for actual, expected in zip(getattr(result, name), case[name], strict=True):
            assert relative(actual, expected) < 1e-12


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("output", [*OUTPUTS])
def test_gradient_agrees_with_central_differences_for_every_output_and_loss(output, bias):
    rng = np.random.default_rng(3)
    for loss in LOSSES.values():
        if loss.outputs is not None and output not in (loss.canonical, *loss.outputs):
            continue
        network = engine.Network([3, 5, 4, 2], ["tanh", "softplus"], output, bias=bias, seed=1)
        # every output a possible mean: 0 < z < 1, and for exp z < 0
        network.weights[-1][...] = np.abs(network.weights[-1]) * (-0.1 if output == "exp" else 0.1)
        X = rng.normal(size=(9, 3))
        Y = 0.1 + 0.8 * np.eye(2)[rng.integers(0, 2, 9)]
        check = engine.gradient_check(network, X, Y, loss.name)
        assert check.error < 1e-6
        assert check.checked + check.kinks == network.parameters.size


@pytest.mark.parametrize("name", [*ACTIVATIONS])
def test_gradient_agrees_with_central_differences_for_every_hidden_activation(name):
    rng = np.random.default_rng(5)
    network = engine.Network([2, 6, 5, 1], name, seed=2)
    network.parameters[...] += rng.normal(0, 0.3, network.parameters.size)
    X, Y = rng.normal(size=(12, 2)), rng.normal(size=(12, 1))
    assert engine.gradient_error(network, X, Y) < 1e-6


def test_a_wrong_gradient_fails_the_check():
    rng = np.random.default_rng(7)
    network = engine.Network([2, 4, 1], "tanh", seed=0)
    X, Y = rng.normal(size=(8, 2)), rng.normal(size=(8, 1))
    right = engine.backpropagate(network, X, Y)
    wrong = engine.BackwardPass(**{**right.__dict__, "gradient": right.gradient * 1.00001})
    assert engine.gradient_check(network, X, Y, backward=right).passed
    assert not engine.gradient_check(network, X, Y, backward=wrong).passed


def test_parameters_beside_a_kink_are_counted_apart():
    # z = w·1 + b = 0 on the only example: w and b stand on the kink of relu, v does not
    network = engine.Network.from_arrays([[[1.0]], [[1.0]]], [[-1.0], [0.0]])
    check = engine.gradient_check(network, [[1.0]], [[2.0]])
    assert (check.kinks, check.checked, check.total) == (2, 2, 4)
    assert check.passed


def test_at_a_minimum_the_check_passes_though_the_gradient_vanishes():
    X = np.linspace(-1, 1, 9)[:, None]
    network = engine.Network.from_arrays([[[2.0]]], [[0.5]])
    check = engine.gradient_check(network, X, 2.0 * X + 0.5)
    assert check.passed


def test_activations_that_saturate_are_flat_on_both_sides():
    z = np.array([-20.0, 20.0])
    flat = {
        name for name, sigma in ACTIVATIONS.items() if (abs(sigma.slope(z, sigma(z))) < 0.01).all()
    }
    assert flat == {name for name, sigma in ACTIVATIONS.items() if sigma.saturates}


@pytest.mark.parametrize("loss", [name for name, loss in LOSSES.items() if loss.factor])
def test_canonical_pairs_have_delta_a_minus_y(loss):
    rule = LOSSES[loss]
    rng = np.random.default_rng(1)
    network = engine.Network([3, 3], output=rule.canonical, seed=4)
    X, Y = rng.normal(size=(6, 3)), 0.1 + 0.7 * np.eye(3)[rng.integers(0, 3, 6)]
    result = engine.backpropagate(network, X, Y, loss)
    expected = rule.factor * (result.forward.prediction - Y)
    np.testing.assert_array_equal(result.deltas[-1], expected)
    # the gamma's canonical parameter is −1/a = −z
    assert rule.factor == {"quadratic": 2.0, "gamma": -1.0}.get(loss, 1.0)


@pytest.mark.parametrize(
    ("loss", "z", "y", "expected"),
    [
        ("binary_cross_entropy", [[800.0]], [[1.0]], 0.0),
        ("binary_cross_entropy", [[-800.0]], [[1.0]], 800.0),
        ("cross_entropy", [[900.0, -900.0]], [[0.0, 1.0]], 1800.0),
        ("poisson", [[-800.0]], [[0.0]], 0.0),
    ],
)
def test_costs_from_z_do_not_overflow(loss, z, y, expected):
    network = engine.Network.from_arrays([np.diag(z[0])], None, output=LOSSES[loss].canonical)
    result = engine.backpropagate(network, np.ones((1, len(z[0]))), y, loss)
    assert result.loss == expected
    assert np.isfinite(result.gradient).all()


def test_gradient_is_the_weight_and_bias_gradients_laid_out_like_the_parameters():
    network = engine.Network([2, 3, 1], seed=0)
    rng = np.random.default_rng(0)
    result = engine.backpropagate(network, rng.normal(size=(5, 2)), rng.normal(size=(5, 1)))
    laid_out = network.with_parameters(result.gradient)
    for l in range(2):
        np.testing.assert_array_equal(laid_out.weights[l], result.weight_gradients[l])
        np.testing.assert_array_equal(laid_out.biases[l], result.bias_gradients[l])


def test_weights_and_biases_are_views_of_the_parameters():
    network = engine.Network([2, 3, 1], seed=0)
    network.parameters[...] = np.arange(network.parameters.size)
    assert network.weights[0].tolist() == [[0, 1], [3, 4], [6, 7]]
    assert network.biases[0].tolist() == [2, 5, 8]
    network.weights[1][0, 2] = -1.0
    assert -1.0 in network.parameters


def test_without_bias_the_parameters_are_the_weights_alone():
    network = engine.Network([2, 3, 1], bias=False, seed=0)
    assert network.parameters.size == 9
    result = engine.backpropagate(network, [[1.0, 2.0]], [[1.0]])
    assert all((b == 0.0).all() for b in (*network.biases, *result.bias_gradients))


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: engine.Network([2, 3, 1], "rleu"), "unknown activation 'rleu'; there are: ident"),
        (lambda: engine.Network([2, 3, 1], ["relu", "tanh"]), "2 activations for 1 hidden layer"),
        (lambda: engine.Network([2]), "at least two are needed"),
        (
            lambda: engine.Network([2, 10**12, 1]),
            "has 4 000 000 000 001 parameters: they take",
        ),
        (lambda: engine.Network([2, 1], output="softmax"), "softmax needs two or more outputs"),
        (lambda: engine.Network.from_arrays([[[1, 2], [3]]]), "rows of one length"),
        (lambda: engine.Network([2, 1]).predict([1.0, 2.0]), "X has shape (2,)"),
        (lambda: engine.Network.from_arrays([[[1, 2]], [[1, 2]]]), "W of layer 2 has 2 columns"),
        (
            lambda: engine.backpropagate(engine.Network([2, 1]), [[1, 2]], [[1], [2]]),
            "Y has shape (2, 1); it must be (1, 1)",
        ),
        (
            lambda: engine.backpropagate(engine.Network([1, 1]), [[1]], [[1]], "cross_entropy"),
            "loss cross_entropy goes with output softmax, not identity",
        ),
        (
            lambda: engine.backpropagate(
                engine.Network([1, 1], output="sigmoid"), [[1]], [[2]], "binary_cross_entropy"
            ),
            "takes targets between 0 and 1",
        ),
    ],
)
def test_mistakes_say_what_is_wrong(make, says):
    with pytest.raises(engine.EngineError) as error:
        make()
    assert says in str(error.value)
