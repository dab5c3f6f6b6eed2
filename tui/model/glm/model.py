"""A generalised linear model fitted to a data set, and the equivalent one-layer network."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from engine import (
    AffineMap,
    Dataset,
    EngineError,
    Experiment,
    GlmFit,
    Network,
    glm,
    saturated_cost,
)
from engine.arrays import Array
from engine.data.categories import coded_columns
from engine.data.dataset import Scale
from engine.errors import RowError
from engine.network.losses import loss_named
from tui.model.glm.choice import GlmChoice, loss_of, targets, why_impossible

ADDED_UNITS = 4  # of a hidden layer that is added
ACTIVATIONS = ("identity", "relu", "tanh")  # of the hidden layers, one after the other


@dataclass(frozen=True, eq=False)
class Fitted:
    """A fit to the training rows, in the data's own units (None: see ``note``).

    ``y`` (n,) are their targets, ``inputs`` (n, d) the network's inputs. ``network`` is the model
    as a network with these inputs; ``data`` are the data with the model's targets, unscaled.
    ``saturated`` is the loss's C for a = y. With grouped data every trial is an example, as for
    the network; ``grouped`` is the fit to the groups, which only differs in its deviance.
    ``columns`` are the inputs that have a term: all but the indicator of each reference
    category.
    """

    choice: GlmChoice
    y: Array
    inputs: Array
    data: Dataset
    fit: GlmFit | None = None
    grouped: GlmFit | None = None
    network: Network | None = None
    saturated: float = 0.0
    note: str = ""
    columns: tuple[int, ...] = ()


def fitted_to(data: Dataset, choice: GlmChoice) -> Fitted:
    """The model fitted to a data set's training rows; cached for the same data."""
    return _fitted(data, choice)


def coefficients_in_data_units(affine: AffineMap, output: str, data: Dataset) -> Array:
    """The coefficients (1 + d,) of z for the first output, in the data's own units, the intercept
    first, from the map in the network's units."""
    with np.errstate(all="ignore"):
        slopes = affine.W[0] / data.x_scale.sd
        beta = np.concatenate([[affine.b[0] - slopes @ data.x_scale.mean], slopes])
        if output == "identity":
            beta = beta * data.y_scale.sd[0]
            beta[0] += data.y_scale.mean[0]
    return beta


# other networks on the same data


def glm_experiment(experiment: Experiment, data: Dataset, choice: GlmChoice) -> Experiment:
    """The experiment with the one-layer network equivalent to this model, trained like IRLS: on
    all examples at once, from the model without inputs, at a stable rate.

    EngineError if there is no fit.
    """
    model = fitted_to(data, choice)
    if model.fit is None or model.network is None:
        raise EngineError(model.note)
    one_layer = replace(
        experiment,
        hidden=(),
        skips=(),
        convolutions=(),
        frozen=(),
        activation=_first_activation(experiment),
        output=choice.output,
        loss=loss_of(choice, experiment),
        bias=True,
        l1=0.0,
        l2=0.0,
        optimizer="sgd",
        batch_size=len(model.y),
        learning_rate=_stable_rate(model.fit, model.inputs, loss_of(choice, experiment)),
        weights=None,
        biases=None,
    )
    level = float(model.fit.null_coefficients[0])
    if choice.output == "identity" or not np.isfinite(level):
        return one_layer
    zeros = np.zeros_like(model.network.weights[0]).tolist()
    return replace(one_layer, weights=(zeros,), biases=([level],))


def with_layer(experiment: Experiment) -> Experiment:
    """The experiment with one more hidden layer before the output; a first one has identities."""
    activation = _first_activation(experiment) if experiment.hidden else ACTIVATIONS[0]
    hidden = (*experiment.hidden, ADDED_UNITS)
    return _reshaped(experiment, hidden, activation)


def without_layer(experiment: Experiment) -> Experiment:
    """The experiment without its last hidden layer; unchanged if there is none."""
    if not experiment.hidden:
        return experiment
    return _reshaped(experiment, experiment.hidden[:-1], _first_activation(experiment))


def next_activation(experiment: Experiment) -> Experiment:
    """The experiment with the next of ``ACTIVATIONS`` in all hidden layers, if there are any."""
    current = _first_activation(experiment)
    index = ACTIVATIONS.index(current) if current in ACTIVATIONS else -1
    activation = ACTIVATIONS[(index + 1) % len(ACTIVATIONS)]
    return replace(experiment, activation=activation) if experiment.hidden else experiment


def _reshaped(experiment: Experiment, hidden: tuple[int, ...], activation: str) -> Experiment:
    """Another number of layers: what is set for single weights or layers goes."""
    return replace(
        experiment,
        hidden=hidden,
        activation=activation,
        skips=(),
        convolutions=(),
        frozen=(),
        weights=None,
        biases=None,
    )


def _first_activation(experiment: Experiment) -> str:
    names = experiment.activation
    return names if isinstance(names, str) else next(iter(names), ACTIVATIONS[0])


def _stable_rate(fit: GlmFit, inputs: Array, loss: str) -> float:
    """1/λ for the largest eigenvalue λ of the cost's curvature, with the larger of each example's
    weights in the null model and in the fit; rounded down to 1, 2 or 5 times 10ⁱ."""
    Z = np.column_stack([np.ones(len(inputs)), inputs])
    with np.errstate(all="ignore"):
        null = fit.design @ fit.null_coefficients
        weights = np.fmax(fit.model.information(null), fit.model.information(fit.linear_predictor))
    weights = np.where(np.isfinite(weights), weights, 0.0)
    curvature = (Z * weights[:, None]).T @ Z / len(Z) * 2.0 * (loss_named(loss).squares or 0.5)
    largest = float(np.linalg.eigvalsh(curvature)[-1])
    if not largest > 0.0:
        return 0.1
    decade = 10.0 ** np.floor(-np.log10(largest))
    factor = max(f for f in (1, 2, 5) if f == 1 or f * decade * largest <= 1.0)
    return float(f"{factor * decade:.0e}")


# the fit


@lru_cache(maxsize=4)
def _fitted(data: Dataset, choice: GlmChoice) -> Fitted:
    coded = targets(data, choice.family)
    k = coded.shape[1]
    binary = choice.family == "binomial" and np.isin(coded, (0.0, 1.0)).all()
    task = "binary" if binary else data.task
    levels = (0.0, 1.0) if binary else data.levels
    unscaled = replace(data, Y=coded, y_scale=Scale.identity(k), task=task, levels=levels)
    y, inputs = coded[data.train, 0], data.x_scale.apply(data.X[data.train])
    nothing = Fitted(choice, y, inputs, unscaled)
    if note := why_impossible(data, choice.family):
        return replace(nothing, note=note)
    columns, coding = coded_columns(data.X[data.train], data.feature_names, intercept=True)
    model, names = (choice.family, choice.link), [data.feature_names[j] for j in columns]

    def example(row: int) -> str:
        return f"example {data.train[row] + 1}"

    grouped = None
    try:
        fit = glm(data.X[data.train][:, columns], y, *model, names=names)
        if data.groups is not None and choice.family == "binomial":
            X, successes, trials = data.grouped(data.train)
            grouped = glm(X[:, columns], successes, *model, trials=trials, names=names)
    except RowError as error:
        return replace(nothing, note=error.at(f"{error.subject}, {example(error.row)}"))
    except EngineError as error:
        return replace(nothing, note=str(error))
    slopes = np.zeros(data.X.shape[1])
    slopes[columns] = fit.coefficients[1:]
    bias = fit.coefficients[0] + slopes @ data.x_scale.mean
    network = Network.from_arrays([(slopes * data.x_scale.sd)[None]], [[bias]], output=fit.output)
    return replace(
        nothing,
        fit=fit,
        grouped=grouped,
        network=network,
        saturated=saturated_cost(choice.loss, y),
        note="; ".join(filter(None, (fit.note_naming(example), *coding))),
        columns=tuple(columns),
    )
