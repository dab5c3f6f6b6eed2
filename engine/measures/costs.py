"""Measures of the cost: C, its mean, what it depends on, and how good the predictions are."""

import numpy as np

from engine.data.metrics import accuracy, confusion_matrix, r_squared
from engine.errors import EngineError
from engine.least_squares.line_cost import line_cost
from engine.measures.measure import ROUNDING, UNITS, WITH_TEST, Measure, Measures
from engine.measures.moment import Moment
from engine.network.backprop import backpropagate
from engine.network.network import Network
from engine.training.postmortem import penalty_of

SEED = 0  # of the order in which hidden units change places
ALONE = 500  # examples, at most, that have a pass of their own


def mean_gap(moment: Moment) -> float:
    """|C − (1/n)Σ C_x|: C of the first examples at once, and C_x of each in a pass of its own."""
    network, loss = moment.network, moment.loss
    X, Y = moment.inputs[:ALONE], moment.targets[:ALONE]
    alone = [
        backpropagate(network, x, y, loss).loss for x, y in zip(X[:, None], Y[:, None], strict=True)
    ]
    together = backpropagate(network, X, Y, loss).loss
    return abs(together - float(np.mean(alone))) * moment.prepared.cost_scale


def outputs_gap(moment: Moment) -> float:
    """The change of C when the units of every hidden layer change places, with their weights.

    Every weight matrix is then another one, and every output the same.
    """
    network = moment.network
    if not network.activations or network.skips or network.convolutions:
        raise EngineError("units change places in hidden layers without skips and convolutions")
    rng, before = np.random.default_rng(SEED), np.arange(network.sizes[0])
    weights, biases = [], []
    for layer, (W, b) in enumerate(zip(network.weights, network.biases, strict=True), start=1):
        is_last = layer == len(network.weights)
        order = np.arange(len(W)) if is_last else rng.permutation(len(W))
        weights.append(W[order][:, before])
        biases.append(b[order])
        before = order
    moved = Network.from_arrays(
        weights, biases if network.bias else None, network.activations, network.output
    )
    cost = backpropagate(moved, moment.inputs, moment.targets, moment.loss).loss
    return abs(moment.backward.loss - cost) * moment.prepared.cost_scale


def penalty_in_use(moment: Moment) -> float:
    """R = l1·Σ|w| + ½·l2·Σw², in the units of C."""
    return penalty_of(moment.network, moment.settings) * moment.prepared.cost_scale


def _test_cost(moment: Moment) -> float:
    moment.check_test()
    return moment.cost(of_test=True)


def _accuracy(moment: Moment, of_test: bool = False) -> float:
    data = moment.prepared.dataset
    if data.task == "regression":
        raise EngineError("the accuracy is of classes; these targets are numbers: take r_squared")
    if of_test:
        moment.check_test()
    rows = data.test if of_test else data.train
    return accuracy(confusion_matrix(data, moment.predicted(), rows))


def _r_squared(moment: Moment) -> float:
    data = moment.prepared.dataset
    return r_squared(data, moment.predicted(), data.train)


SHARE = "a share from 0 to 1"

COSTS: Measures = {
    "cost": Measure("C over the training examples", Moment.cost, UNITS),
    "test_cost": Measure("C over the test examples", _test_cost, UNITS, WITH_TEST),
    "line_cost": Measure(
        "C of least squares on the inputs",
        lambda moment: line_cost(moment.prepared),
        UNITS,
        "with a quadratic loss",
    ),
    "accuracy": Measure(
        "share of training examples whose class is right", _accuracy, SHARE, "on classes"
    ),
    "test_accuracy": Measure(
        "share of test examples whose class is right",
        lambda moment: _accuracy(moment, True),
        SHARE,
        "on classes, with test examples",
    ),
    "r_squared": Measure(
        "R² over the training examples",
        _r_squared,
        "1 is perfect, 0 as good as the mean, below 0 worse",
        "on several training examples",
    ),
    "penalty": Measure(
        "penalty R = l1·Σ|w| + ½·l2·Σw²", penalty_in_use, "in the unit of C; 0 without penalties"
    ),
    "mean_gap": Measure("difference between C and the mean of the C_x", mean_gap, ROUNDING),
    "outputs_gap": Measure(
        "change of C when hidden units change places, and no output does",
        outputs_gap,
        ROUNDING,
        "with hidden layers, without skips and convolutions",
    ),
}
"""By name."""
