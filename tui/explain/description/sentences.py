"""The facts of a run as plain sentences, one about each subject."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite, isnan

from engine.data.source import source
from engine.network.gradient_check import TOLERANCE
from engine.network.network import Network
from engine.wording import count, listed, noun_for, plural
from tui.drawing.numbers import cost_text, large, magnitude, norm, num, penalties, percent, setting
from tui.explain.description.facts import Facts, Score
from tui.explain.description.screens import screen_sentences
from tui.model.frame import Frame

MAX_NAMES = 6
NONE_TO_COUNT = {
    "curved": "There are no linear regions to count: a hidden layer is curved.",
    "curved features": "There are no linear regions to count: the network sees curved features.",
    "diverged": "There are no regions to count: the run has diverged.",
    "counting": "The linear regions are still being counted.",
}


def sentences(frame: Frame, facts: Facts, screen: str, keys: Mapping[str, str]) -> tuple[str, ...]:
    """What is to be said of a frame and its facts, on a screen of this name. ``keys`` are those of
    the actions by id, for the advice."""
    texts = [
        _data(facts, frame),
        _network(facts, frame.network),
        _training(facts),
        _moment(facts),
        _costs(facts),
        _scores(facts),
        *_weights(facts),
        *_check(facts),
        _units(facts, frame.network),
        _regions(facts, frame),
        _collapse(facts),
        _model(facts),
        _advice(frame, keys),
        *screen_sentences(frame, screen),
    ]
    return tuple(filter(None, texts))


def _data(facts: Facts, frame: Frame) -> str:
    n, test, inputs = facts.train_examples, facts.test_examples, len(facts.inputs)
    examples = plural(n, "training example")
    if test:
        examples += f" and {plural(test, 'test example')}"
    names = f" ({listed(facts.inputs, MAX_NAMES)})"
    if facts.classes:
        target = f"{plural(len(facts.classes), 'class', 'classes')}: {listed(facts.classes, 10)}"
    elif facts.sizes[-1] > 1:
        target = f"{plural(facts.sizes[-1], 'number')} to predict"
    else:
        target = f"the number to predict is {facts.target}"
    name = source(facts.data).short_name
    scales = frame.data.x_scale, frame.data.y_scale
    seen = "" if all(s.is_identity for s in scales) else "; the network sees them standardised"
    return f"Data: {name}, {examples} with {plural(inputs, 'input')}{names}; {target}{seen}."


def _network(facts: Facts, network: Network) -> str:
    inputs, *hidden, outputs = facts.sizes
    if hidden:
        units = " and ".join([", ".join(map(count, hidden[:-1])), count(hidden[-1])]).removeprefix(
            " and "
        )
        noun = noun_for(hidden[-1] if len(hidden) == 1 else 2, "unit")
        names = ", ".join(dict.fromkeys(facts.activations))
        layers = f"{noun_for(len(hidden), 'a hidden layer', 'hidden layers')} of {units} {noun}"
        middle = f"{layers} ({names})"
    else:
        middle = "no hidden layer"
    parameters = plural(facts.parameters, "weight", "weights and biases")
    if not network.bias:
        parameters = f"{plural(facts.parameters, 'weight')}, without biases"
    extras = [f"a skip connection from layer {s} to layer {t}" for s, t in network.skips]
    extras += [f"a convolution in layer {layer}" for layer, _ in network.convolutions]
    return (
        f"Network: {plural(inputs, 'input')}, {middle}, {plural(outputs, 'output')} "
        f"({facts.output}); {'; '.join([parameters, *extras])}."
    )


def _training(facts: Facts) -> str:
    whole = facts.batch_size >= facts.train_examples
    batch = "all training examples" if whole else plural(facts.batch_size, "example")
    pulls = "".join(f", {penalty}" for penalty in penalties(facts.l1, facts.l2))
    optimizer = "SGD" if facts.optimizer == "sgd" else facts.optimizer
    return (
        f"Training: {optimizer} with learning rate {setting(facts.learning_rate)}{pulls}, {batch} "
        f"a step; the loss is {facts.loss.replace('_', ' ')}."
    )


def _moment(facts: Facts) -> str:
    if facts.diverged:
        return f"The run has diverged: {facts.diverged}."
    if not facts.latest_step:
        return "The run is at its first weights, before the first step."
    later = facts.latest_step - facts.step
    back = f", {plural(later, 'step')} before the latest one" if later else ""
    epochs = plural(facts.epoch, "whole epoch")
    return f"The run is at step {count(facts.step)}{back}, after {epochs}."


def _costs(facts: Facts) -> str:
    text = f"The cost C is {_cost(facts.cost)} on the training data"
    if facts.test_cost is not None:
        text += f", {_cost(facts.test_cost)} on the test data"
    if facts.penalty is not None:
        text += f"; the penalty R adds {_cost(facts.penalty)} to it"
    if facts.least_squares_cost is not None:
        text += f"; the least-squares fit has {_cost(facts.least_squares_cost)}"
    return f"{text}."


def _cost(value: float) -> str:
    return cost_text(value) if isfinite(value) else "not finite"


def _scores(facts: Facts) -> str:
    """Accuracy or R² on the training data and, if there are any, the test data."""
    train, test = facts.train_score, facts.test_score
    if isnan(train.value):
        is_sound = isfinite(facts.cost) and not facts.diverged
        why = "all targets are the same" if is_sound else "the predictions are not finite"
        return f"No {facts.score} can be given: {why}."
    if train.right is None:
        text = f"R² is {norm(train.value).strip()} on the training data"
        if test is not None and isfinite(test.value):
            text += f", {norm(test.value).strip()} on the test data"
        return f"{text}."
    text = _share(train, "training")
    if test is not None and test.right is not None:
        text += f", and {_share(test, 'test')}"
    return f"Classified correctly: {text}."


def _share(score: Score, which: str) -> str:
    examples = plural(score.examples, f"{which} example")
    return f"{count(score.right or 0)} of {examples} ({percent(score.value)})"


def _weights(facts: Facts) -> list[str]:
    weight, gradient = facts.largest_weight, facts.largest_gradient
    if weight is None:
        return ["Some weights are not finite."]
    texts = [f"The largest weight is {weight.name} = {_signed(weight.value)}."]
    rows = facts.gradient_rows
    batch = f"the next batch, of {plural(rows, 'example')},"
    if gradient is None:
        texts.append(f"The gradient over {batch} is not finite.")
    elif not gradient.value:
        texts.append(f"Every gradient over {batch} is 0.")
    else:
        texts.append(
            f"The largest gradient over {batch} is {gradient.name} = {_signed(gradient.value)}."
        )
    return texts


def _signed(value: float) -> str:
    return num(value).strip()


def _check(facts: Facts) -> list[str]:
    if isnan(facts.gradient_check) or not facts.gradient_check:
        return []
    error = f"the largest relative difference is {magnitude(facts.gradient_check)}"
    if not facts.gradient_check_passed:
        return [f"Backpropagation does not agree with central differences: {error}."]
    if facts.gradient_check >= TOLERANCE:
        return ["Rounding hides whether backpropagation agrees with central differences."]
    return [f"Backpropagation agrees with central differences: {error}."]


def _units(facts: Facts, network: Network) -> str:
    if facts.dead is None or facts.saturated is None:
        return ""
    texts = []
    for units, what in (
        (facts.dead, "off on every training example, and cannot learn"),
        (facts.saturated, "saturated: the slope is near 0 on nearly every example"),
    ):
        if units:
            names = listed(units, MAX_NAMES)
            noun, verb = noun_for(len(units), "Unit"), noun_for(len(units), "is", "are")
            texts.append(f"{noun} {names} {verb} {what}.")
    return " ".join(texts) or "No unit is dead, and none is saturated."


def _regions(facts: Facts, frame: Frame) -> str:
    if facts.activation_regions is None:
        reason = facts.regions_reason
        return NONE_TO_COUNT.get(reason, f"The linear regions are not counted: {reason}.")
    names = " and ".join(frame.view.names)
    where = f"In the plane of {names}" if frame.view.flat else f"Along {names}"
    regions = f"{plural(facts.activation_regions, 'activation region')}"
    if facts.knots is not None:
        pieces = facts.knots + 1
        kinds = plural(facts.knots, "knot"), plural(pieces, "straight piece")
        text = f"{where} the network has {kinds[0]}, and so {kinds[1]}"
    elif facts.linear_regions is None:
        text = f"{where} the network has {regions}, too many to draw"
    else:
        linear = plural(facts.linear_regions, "linear region")
        text = f"{where} the network has {regions} and {linear}"
    if facts.regions_of_step != facts.step:
        text += f", at step {count(facts.regions_of_step)}"
    bound = facts.region_bound
    if bound is not None and facts.knots is None and bound > facts.activation_regions:
        text += f"; no weights of these layers make more than {large(bound)}"
    return f"{text}."


def _collapse(facts: Facts) -> str:
    if facts.collapses is None:
        return "Whether the layers collapse into one affine map cannot be said."
    if not facts.collapses:
        return f"The layers do not collapse into one affine map: {facts.bends}."
    of_z = "ŷ" if facts.output == "identity" else "z of the last layer"
    if len(facts.sizes) == 2:
        return f"There is one layer, and {of_z} is an affine map of the inputs."
    layers = plural(len(facts.sizes) - 1, "layer")
    return f"All {layers} collapse: {of_z} is one affine map of the inputs."


def _model(facts: Facts) -> str:
    model = facts.model
    name = f"the generalised linear model ({model.family}, {model.link})"
    if model.is_network is None:
        return f"Whether the network is {name} cannot be said: its numbers are not finite."
    if not model.is_network:
        if model.other_model:
            return f"As a model of statistics the network is {model.other_model}."
        return f"The network is not {name}: {'; '.join(model.differences)}.".replace("_", " ")
    text = f"The network has the form of {name}"
    if model.deviance is not None and model.fit_deviance is not None:
        deviances = _cost(model.deviance), _cost(model.fit_deviance)
        text += f"; its deviance is {deviances[0]}, that of the fit {deviances[1]}"
    return f"{text}."


def _advice(frame: Frame, keys: Mapping[str, str]) -> str:
    if frame.advice is None:
        return "Advice: none."
    return f"Advice: {frame.advice.texts(keys)[0]}."
