"""log a, log(1 − a) and their slopes, straight from z: right where a itself has lost its digits."""

from decimal import Decimal, localcontext

import numpy as np
import pytest

import engine
from engine.network.activations import OUTPUTS
from engine.network.losses import LOSSES, loss_for, output_delta
from engine.network.output_logs import MEANS

ZS = np.array([-700.0, -50.0, -37.0, -36.9, -5.0, -0.7, -0.1, -1e-9, 1e-9, 0.2, 0.69, 1.3, 3.0])
DECIMALS = {  # a and 1 − a of z
    "identity": lambda z: (z, 1 - z),
    "sigmoid": lambda z: (1 / (1 + (-z).exp()), 1 / (1 + z.exp())),
    "cloglog": lambda z: (1 - (-z.exp()).exp(), (-z.exp()).exp()),
    "exp": lambda z: (z.exp(), 1 - z.exp()),
    "softplus": lambda z: ((1 + z.exp()).ln(), None),
    "reciprocal": lambda z: (1 / z, None),
}


def logarithm(a):
    return a.ln() if a is not None and a > 0 else None


@pytest.mark.parametrize("output", [*DECIMALS])
def test_logarithms_of_means_are_right_to_the_last_digits(output):
    mean = MEANS[output]
    with localcontext() as context, np.errstate(all="ignore"):
        context.prec = 700  # 1 − exp(−e⁻⁷⁰⁰) has 304 zeros before its first digit
        logs = zip(*[map(logarithm, DECIMALS[output](Decimal(float(z)))) for z in ZS], strict=True)
        for function, exact in zip((mean.log, mean.log_complement), logs, strict=True):
            if function is None:
                continue
            known = np.array([value is not None for value in exact])
            values = [float(value) for value in exact if value is not None]
            np.testing.assert_allclose(function(ZS)[known], values, rtol=5e-15)
            assert not np.isfinite(function(ZS)[~known]).any()


def test_the_tails_of_the_normal_are_those_of_its_asymptotic_series():
    # Φ(−z) ~ φ(z)/z · (1 − 1/z² + 3/z⁴ − 15/z⁶ + …) (Abramowitz & Stegun 26.2.12)
    z = np.array([30.0, 300.0, 3e4])
    series = 1.0 - z**-2 + 3.0 * z**-4 - 15.0 * z**-6 + 105.0 * z**-8
    logs = -0.5 * z**2 - np.log(z * np.sqrt(2.0 * np.pi)) + np.log(series)
    probit = MEANS["probit"]
    np.testing.assert_allclose(probit.log(-z), logs, rtol=1e-14)
    np.testing.assert_allclose(probit.log_complement(z), logs, rtol=1e-14)
    np.testing.assert_allclose(probit.log_slope(-z), z / series, rtol=1e-11)


@pytest.mark.parametrize("output", [*MEANS])
def test_slopes_are_the_derivatives_of_the_logarithms(output):
    mean, z = MEANS[output], np.array([0.05, 0.3, 0.6]) * (-1.0 if output == "exp" else 1.0)
    h = 1e-5
    for f, slope in ((mean.log, mean.log_slope), (mean.log_complement, mean.log_complement_slope)):
        if f is not None:
            difference = (f(z + h) - f(z - h)) / (2.0 * h)
            np.testing.assert_allclose(slope(z), difference, rtol=1e-6)
    a, slope = np.exp(mean.log(z)), OUTPUTS[output].slope(z, OUTPUTS[output](z))
    np.testing.assert_allclose(OUTPUTS[output](z), a, rtol=1e-14)
    np.testing.assert_allclose(mean.log_slope(z) * a, slope, rtol=1e-14)


PAIRS = [
    (name, output)
    for name, loss in LOSSES.items()
    if name != "cross_entropy"  # softmax has a Jacobian
    for output in (loss.canonical, *(loss.outputs or ("tanh", "probit", "reciprocal")))
]


@pytest.mark.parametrize(("name", "output"), PAIRS)
def test_delta_is_the_gradient_by_a_times_the_slope(name, output):
    loss, sigma = loss_for(name, output), OUTPUTS[output]
    z = np.array([[0.1, 0.4, 0.9]]) * (-1.0 if output == "exp" else 1.0)
    a, y = sigma(z), np.array([[0.3, 0.8, 0.5]])
    delta, gradient, scratch = np.empty((3, *z.shape))
    output_delta(loss, sigma)(z, a, delta, scratch, y)
    loss.gradient(a, y, gradient)
    np.testing.assert_allclose(delta, gradient * sigma.slope(z, a), rtol=1e-12)


@pytest.mark.parametrize("output", ["sigmoid", "probit", "cloglog"])
@pytest.mark.parametrize("z", [-600.0, -40.0, 40.0, 600.0])
def test_what_is_nearly_certain_costs_next_to_nothing_and_its_opposite_is_not_lost(output, z):
    network = engine.Network.from_arrays([[[z]]], output=output)
    certain = float(z > 0.0)
    loss = "binary_cross_entropy"
    assert 0.0 <= engine.backpropagate(network, [[1.0]], [certain], loss).loss < 1e-17
    against = engine.backpropagate(network, [[1.0]], [1.0 - certain], loss)
    assert 39.9 < against.loss < np.inf
    assert np.sign(against.deltas[-1]) == np.sign(z)
    assert np.isfinite(against.gradient).all()


@pytest.mark.parametrize(
    ("loss", "output", "z", "y"),
    [
        ("gamma", "reciprocal", -2.0, 1.0),
        ("gamma", "reciprocal", 0.0, 1.0),
        ("gamma", "identity", 0.0, 1.0),
        ("poisson", "identity", -1.0, 0.0),
        ("poisson", "identity", 0.0, 1.0),
        ("binary_cross_entropy", "exp", 0.1, 1.0),
        ("binary_cross_entropy", "identity", 1.1, 1.0),
        ("binary_cross_entropy", "identity", -0.1, 0.0),
    ],
)
def test_an_impossible_mean_costs_infinitely_much_and_stops_training(loss, output, z, y):
    network = engine.Network.from_arrays([[[z]]], output=output)
    assert engine.backpropagate(network, [[1.0]], [y], loss).loss == np.inf
    trainer = engine.Trainer.from_arrays(
        network, np.ones((4, 1)), np.full((4, 1), y), loss, learning_rate=1e-3
    )
    assert trainer.step(3).divergence is not None


def test_the_least_cost_of_every_loss_is_that_of_the_saturated_model():
    rng = np.random.default_rng(0)
    for name, output in PAIRS:
        y = rng.uniform(0.1, 0.9, (5, 1))
        a = np.concatenate([y, y * 1.01, y * 0.99], axis=1)
        z = {"sigmoid": np.log(a / (1 - a)), "exp": np.log(a), "identity": a, "reciprocal": 1 / a}
        if output in z:
            cost = loss_for(name, output).cost
            at, above, below = (cost(z[output][:, [i]], a[:, [i]], y) for i in range(3))
            assert at.mean() == pytest.approx(engine.saturated_cost(name, y), rel=1e-13, abs=1e-30)
            assert (at < np.minimum(above, below)).all()


@pytest.mark.parametrize("Y", [1.0, [], np.ones((2, 2, 2))])
def test_targets_of_another_shape_have_no_deviance(Y):
    with pytest.raises(engine.ShapeError, match=r"targets are \(n, k\) or \(n,\)"):
        engine.deviance(1.0, "quadratic", Y)
