"""Links of TensorFlow Playground."""

from dataclasses import replace

import numpy as np
import pytest

import engine
from engine.storage.file_kind import Kind, kind_of
from engine.storage.playground_link import experiment_of_link

LINK = (
    "https://playground.tensorflow.org/#activation=relu&regularization=L2&batchSize=5"
    "&dataset=spiral&regDataset=reg-plane&learningRate=0.3&regularizationRate=0.01&noise=20"
    "&networkShape=6,5&seed=0.53868&showTestData=false&discretize=true&percTrainData=70&x=true"
    "&y=true&xTimesY=false&xSquared=true&ySquared=false&cosX=false&sinX=true&cosY=false&sinY=false"
    "&collectStats=false&problem=classification&initZero=false&hideText=false"
)


def test_a_link_gives_each_setting_of_playground():
    assert experiment_of_link(LINK) == engine.Experiment(
        dataset="spiral",
        hidden=(6, 5),
        activation="relu",
        output="tanh",
        loss="half_quadratic",
        learning_rate=0.3,
        batch_size=5,
        l2=0.01,
        noise=20.0,
        train_fraction=0.7,
        features=("x1", "x2", "x1^2", "sin(x1)"),
        init="playground",
        seed=53868,
    )


def test_what_a_link_leaves_out_is_as_in_playground():
    # source: the initial values of class State in state.ts
    experiment = experiment_of_link("http://playground.tensorflow.org/")
    assert experiment.hidden == (4, 2)
    assert (experiment.dataset, experiment.activation) == ("circle", "tanh")
    assert (experiment.learning_rate, experiment.batch_size) == (0.03, 10)
    assert (experiment.l1, experiment.l2, experiment.noise) == (0.0, 0.0, 0.0)
    assert experiment.features == ("x1", "x2")
    assert experiment.train_fraction == 0.5


def test_a_regression_has_its_own_data_and_a_linear_output():
    experiment = experiment_of_link(
        "playground.tensorflow.org/#problem=regression&regDataset=reg-gauss&networkShape="
    )
    assert (experiment.dataset, experiment.output) == ("reg-gauss", "identity")
    assert experiment.hidden == ()


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ("learningRate=fast", "learningRate=fast; it takes a number"),
        ("networkShape=4,x", "networkShape=4,x; it takes the units of each layer, such as 4,2"),
        ("batchSize=1.5", "batchSize=1.5; it takes a whole number"),
        ("dataset=moons", "dataset=moons; it takes one of circle, xor, gauss, spiral"),
        ("x=false&y=false", "x=false; it takes at least one input: x=true"),
    ],
)
def test_a_part_that_playground_does_not_have_is_named(part, message):
    with pytest.raises(engine.DataError) as error:
        experiment_of_link(f"https://playground.tensorflow.org/#{part}")
    assert message in str(error.value).replace("'", "")


def playground_step(weights, biases, rows, targets, rate, l2):
    """One update as nn.ts does it, unit by unit: tanh units, cost ½(a − y)²."""
    d_weights = [np.zeros_like(W) for W in weights]
    d_biases = [np.zeros_like(b) for b in biases]
    for x, y in zip(rows, targets, strict=True):
        outputs = [x]
        for W, b in zip(weights, biases, strict=True):
            outputs.append(np.tanh(W @ outputs[-1] + b))
        derivative = outputs[-1] - y
        for layer in reversed(range(len(weights))):
            derivative = derivative * (1.0 - outputs[layer + 1] ** 2)
            d_weights[layer] += np.outer(derivative, outputs[layer])
            d_biases[layer] += derivative
            derivative = weights[layer].T @ derivative
    count = len(rows)
    return (
        [W - rate / count * d - rate * l2 * W for W, d in zip(weights, d_weights, strict=True)],
        [b - rate / count * d for b, d in zip(biases, d_biases, strict=True)],
    )


def test_a_step_is_playgrounds_with_its_learning_rate_and_penalty():
    experiment = replace(experiment_of_link(LINK), activation="tanh")
    trainer = engine.Trainer(experiment)
    prepared, network = trainer.prepared, trainer.network
    weights, biases = (
        [array.copy() for array in arrays] for arrays in (network.weights, network.biases)
    )
    train = prepared.dataset.train[trainer.next_rows()]
    expected = playground_step(
        weights, biases, prepared.inputs[train], prepared.targets[train], 0.3, 0.01
    )
    trainer.step(1)
    for name, arrays in zip(("weights", "biases"), expected, strict=True):
        for ours, theirs in zip(getattr(trainer.network, name), arrays, strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-14)


def test_other_texts_are_no_links():
    assert kind_of("https://playground.tensorflow.org") is Kind.LINK
    assert kind_of("playground.tensorflow.org/#seed=0.5") is Kind.LINK
    assert kind_of("playground.csv") is Kind.DATA
    assert kind_of("https://example.org/#playground.tensorflow.org") is Kind.DATA
