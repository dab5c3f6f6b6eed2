"""What a frame says of a run beside its own numbers: gradient check, advice, scores, the line to
beat."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine import (
    BackwardPass,
    Dataset,
    Divergence,
    GradientCheck,
    Network,
    gradient_check,
    ols,
)
from engine.arrays import Array, Ints
from engine.data.metrics import accuracy, confusion_matrix, r_squared
from engine.training.prepare import Prepared
from tui.model.advice import advise

CHECKED_PARAMETERS = 500  # above this the gradient check takes a rotating sample
CHECK_ROWS = 10  # examples of the batch it takes at the least
CHECK_WORK = 5_000_000  # about its products of numbers: they bound the sample and the examples
CHECK_LAYERS = 1000  # about its passes through one layer, which bound the sample in deep networks
ADVICE_ROWS = 2000


@dataclass(frozen=True, eq=False)
class Scores:
    """How good the predictions are on the training and on the test data (None: there are none).

    The accuracy of classes, where a prediction that is not finite is wrong, with the confusion
    matrices (k, k): a row for each class, a column for what it was taken for. Else R².
    """

    name: str  # "accuracy" or "R²"
    train: float
    test: float | None
    confusion: NDArray[np.intp] | None = None
    test_confusion: NDArray[np.intp] | None = None


def scores(data: Dataset, predicted: Array) -> Scores:
    """The scores of ŷ (n, k), of all rows of the data; Y and ŷ must be coded alike."""
    test = data.test if len(data.test) else None
    if data.task == "regression":
        with np.errstate(all="ignore"):
            of_train = r_squared(data, predicted, data.train)
            of_test = None if test is None else r_squared(data, predicted, test)
        return Scores("R²", of_train, of_test)
    finite: NDArray[np.bool_] = np.logical_and.reduce(np.isfinite(predicted), axis=1)
    confusion, right = _confusion(data, predicted, data.train, finite)
    if test is None:
        return Scores("accuracy", right, None, confusion)
    test_confusion, test_right = _confusion(data, predicted, test, finite)
    return Scores("accuracy", right, test_right, confusion, test_confusion)


def _confusion(
    data: Dataset, predicted: Array, rows: NDArray[np.intp], finite: NDArray[np.bool_]
) -> tuple[NDArray[np.intp], float]:
    """The confusion matrix of the rows whose predictions are finite, and the accuracy of all."""
    known = rows[finite[rows]]
    confusion = confusion_matrix(data, predicted, known)
    return confusion, accuracy(confusion) * len(known) / len(rows) if len(known) else 0.0


def checked(
    prepared: Prepared, network: Network, step: int, rows: Ints, batch: BackwardPass
) -> GradientCheck:
    """The gradient check over the next batch; of many parameters, a sample that rotates with the
    step."""
    total, layers = network.parameters.size, len(network.weights)
    most = min(CHECKED_PARAMETERS, max(1, CHECK_WORK // (CHECK_ROWS * total)))
    if layers * layers > CHECK_LAYERS:  # each layer that is sampled is a pass through those above
        most = min(most, max(1, CHECK_LAYERS // layers))
    sample, size = None, total
    if total > most:
        size = most
        sample = np.arange(step * size, (step + 1) * size) % total
    rows = rows[: max(CHECK_ROWS, CHECK_WORK // (size * total))]
    whole = len(rows) == len(batch.example_losses)
    return gradient_check(
        network,
        prepared.inputs[rows],
        prepared.targets[rows],
        str(prepared.experiment.loss),
        sample,
        batch if whole else None,
    )


def advice(
    prepared: Prepared, network: Network, divergence: Divergence | None, costs: Array
) -> str:
    """What is wrong with a run whose recorded costs so far are these, and what mends it, as in
    ``advise``; "" where nothing is."""
    if divergence:
        return f"{divergence}: {{postmortem}}, post-mortem"
    rows = prepared.dataset.train[:ADVICE_ROWS]
    return advise(network, network.forward(prepared.inputs[rows]), costs)


def least_squares(prepared: Prepared) -> tuple[str, float] | None:
    """The cost of the least-squares line on the same training data (quadratic cost only)."""
    if prepared.experiment.loss != "quadratic":
        return None
    rows = prepared.dataset.train
    X, Y = prepared.inputs[rows], prepared.targets[rows]
    ssr = sum(ols(X, y, intercept=prepared.experiment.bias).ssr for y in Y.T)
    return "OLS", ssr / len(rows) * prepared.cost_scale
