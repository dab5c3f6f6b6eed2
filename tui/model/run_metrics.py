"""Metrics of a run: gradient check, scores, and the least-squares baseline."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine import (
    BackwardPass,
    Dataset,
    GradientCheck,
    Network,
    gradient_check,
)
from engine.arrays import Array, Ints
from engine.data.metrics import accuracy, confusion_matrix, r_squared
from engine.least_squares.line_cost import line_cost
from engine.network.losses import loss_named
from engine.training.prepare import Prepared

CHECKED_PARAMETERS = 500  # above this the gradient check takes a rotating sample
CHECK_ROWS = 10  # the least number of examples of the batch that it uses
CHECK_WORK = 5_000_000  # limit, about, for its multiplications: bounds sample and examples
CHECK_LAYERS = 1000  # limit, about, for passes through a layer: bounds the sample of deep networks


class Scores(NamedTuple):
    """The quality of the predictions on the training data and the test data (None without any).

    For classes the accuracy, with the confusion matrices (k, k) of the finite predictions: a row
    for each class, a column for each predicted class. Else R². A score is NaN where it cannot be
    said: a prediction is not finite, there is no example, or, for R², all targets are the same.
    """

    name: str  # "accuracy" or "R²"
    train: float
    test: float | None
    confusion: NDArray[np.intp] | None = None
    test_confusion: NDArray[np.intp] | None = None


def scores(data: Dataset, predicted: Array) -> Scores:
    """The scores of ŷ (n, k) for all rows of the data; Y and ŷ must have the same coding."""
    test = data.test if len(data.test) else None
    if data.task == "regression":
        with np.errstate(all="ignore"):
            train_score = r_squared(data, predicted, data.train)
            test_score = None if test is None else r_squared(data, predicted, test)
        return Scores("R²", train_score, test_score)
    finite: NDArray[np.bool_] = np.logical_and.reduce(np.isfinite(predicted), axis=1)
    confusion, right = _confusion(data, predicted, data.train, finite)
    if test is None:
        return Scores("accuracy", right, None, confusion)
    test_confusion, test_right = _confusion(data, predicted, test, finite)
    return Scores("accuracy", right, test_right, confusion, test_confusion)


def _confusion(
    data: Dataset, predicted: Array, rows: NDArray[np.intp], finite: NDArray[np.bool_]
) -> tuple[NDArray[np.intp], float]:
    """The confusion matrix of the rows whose predictions are finite, and the accuracy of all: NaN
    if there is a prediction that is not finite."""
    finite_rows = rows[finite[rows]]
    confusion = confusion_matrix(data, predicted, finite_rows)
    return confusion, accuracy(confusion) if len(finite_rows) == len(rows) else np.nan


def check_gradient(
    prepared: Prepared, network: Network, step: int, rows: Ints, batch: BackwardPass
) -> GradientCheck:
    """The gradient check over the next batch; with many parameters, of a sample that rotates with
    the step."""
    total, layers = network.parameter_count, len(network.weights)
    max_sample = min(CHECKED_PARAMETERS, max(1, CHECK_WORK // (CHECK_ROWS * total)))
    if layers * layers > CHECK_LAYERS:  # each needs a pass through those above
        max_sample = min(max_sample, max(1, CHECK_LAYERS // layers))
    sample, size = None, total
    if total > max_sample:
        size = max_sample
        sample = np.arange(step * size, (step + 1) * size) % total
        sample = network.once(np.arange(network.parameters.size))[sample]
    rows = rows[: max(CHECK_ROWS, CHECK_WORK // (size * total))]
    is_whole_batch = len(rows) == len(batch.example_losses)
    return gradient_check(
        network,
        prepared.inputs[rows],
        prepared.targets[rows],
        str(prepared.experiment.loss),
        sample,
        batch if is_whole_batch else None,
    )


def least_squares(prepared: Prepared) -> tuple[str, float] | None:
    """The cost of the least-squares line on the same training data; None for another cost than a
    multiple of the squares."""
    if loss_named(str(prepared.experiment.loss)).squares is None:
        return None
    return "OLS", line_cost(prepared)
