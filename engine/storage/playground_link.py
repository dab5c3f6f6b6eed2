"""The experiment that a link of TensorFlow Playground describes. The link is read, not fetched.

Playground's cost is ½(a − y)², the loss ``half_quadratic``; its learning rate and penalties are
then those of an ``Experiment``. Two differences remain. The random numbers are others: data and
weights are drawn from the same distributions, by a seed made of Playground's. And a weight that L1
takes across 0 stays 0 in Playground. Source: state.ts and nn.ts of tensorflow/playground.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlsplit

from engine.errors import DataError
from engine.quoting import shown
from engine.training.experiment import Experiment

ACTIVATIONS = {"relu": "relu", "tanh": "tanh", "sigmoid": "sigmoid", "linear": "identity"}
DATASETS = {name: name for name in ("circle", "xor", "gauss", "spiral")}
REGRESSIONS = {name: name for name in ("reg-plane", "reg-gauss")}
PROBLEMS = {"classification": "tanh", "regression": "identity"}  # with the output activation
PENALTIES = ("none", "L1", "L2")
FEATURES = {
    "x": "x1", "y": "x2", "xTimesY": "x1*x2", "xSquared": "x1^2", "ySquared": "x2^2",
    "cosX": "cos(x1)", "sinX": "sin(x1)", "cosY": "cos(x2)", "sinY": "sin(x2)",
}  # fmt: skip
SEED_DIGITS = 100_000  # Playground writes its seeds with five decimals


def experiment_of_link(link: str) -> Experiment:
    """The experiment of a link; what it does not name is as in Playground.

    DataError says which part of the link is wrong.

    Example:
        >>> link = "https://playground.tensorflow.org/#dataset=xor&networkShape=3&learningRate=0.1"
        >>> experiment = experiment_of_link(link)
        >>> experiment.dataset, experiment.hidden, experiment.learning_rate, experiment.loss
        ('xor', (3,), 0.1, 'half_quadratic')
    """
    pairs = [pair.partition("=") for pair in urlsplit(link).fragment.split("&")]
    values = {unquote(name): unquote(value).strip() for name, _, value in pairs}
    penalty = _one_of(values, "regularization", {name: name for name in PENALTIES}, "none")
    rate = _number(values, "regularizationRate", 0.0)
    output = _one_of(values, "problem", PROBLEMS, "classification")
    classes = output == "tanh"
    data = _one_of(values, "dataset", DATASETS, "circle")
    regression = _one_of(values, "regDataset", REGRESSIONS, "reg-plane")
    features = tuple(
        feature
        for name, feature in FEATURES.items()
        if (values[name] != "false" if values.get(name) else name in ("x", "y"))
    )
    if not features:
        raise _wrong("x", "false", "at least one input: x=true")
    return Experiment(
        dataset=data if classes else regression,
        hidden=_units(values),
        activation=_one_of(values, "activation", ACTIVATIONS, "tanh"),
        output=output,
        loss="half_quadratic",
        learning_rate=_number(values, "learningRate", 0.03),
        batch_size=_whole(values, "batchSize", 10),
        l1=rate if penalty == "L1" else 0.0,
        l2=rate if penalty == "L2" else 0.0,
        noise=_number(values, "noise", 0.0),
        train_fraction=_number(values, "percTrainData", 50.0) / 100.0,
        features=features,
        init="zeros" if values.get("initZero", "false") not in ("", "false") else "playground",
        seed=round(_number(values, "seed", 0.0) * SEED_DIGITS),
    )


def _wrong(name: str, value: str, expected: str) -> DataError:
    return DataError(f"the Playground link has {name}={shown(value)}; it takes {expected}")


def _read(
    values: dict[str, str], name: str, default: Any, read: Callable[[str], Any], expected: str
) -> Any:
    text = values.get(name)
    if not text:
        return default
    try:
        return read(text)
    except ValueError:
        raise _wrong(name, text, expected) from None


def _number(values: dict[str, str], name: str, default: float) -> float:
    return float(_read(values, name, default, float, "a number"))


def _whole(values: dict[str, str], name: str, default: int) -> int:
    return int(_read(values, name, default, int, "a whole number"))


def _units(values: dict[str, str]) -> tuple[int, ...]:
    """The hidden layers; none if the link has ``networkShape=`` without units."""
    none = values.get("networkShape") == ""
    expected = "the units of each layer, such as 4,2"
    units: tuple[int, ...] = _read(values, "networkShape", () if none else (4, 2), _parts, expected)
    return units


def _parts(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


def _one_of(values: dict[str, str], name: str, choices: dict[str, str], default: str) -> str:
    value = values.get(name) or default
    if value not in choices:
        raise _wrong(name, value, f"one of {', '.join(choices)}")
    return choices[value]
