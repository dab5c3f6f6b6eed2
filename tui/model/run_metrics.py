"""What a frame says of a run beside its own numbers: gradient check, advice, scores, the line to
beat."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine import BackwardPass, Dataset, GradientCheck, Network, Trainer, gradient_check, ols
from engine.arrays import Array
from engine.data.metrics import accuracy, confusion_matrix, r_squared
from engine.training.experiment import Prepared
from tui.drawing.glyphs import Glyphs
from tui.model.advice import advise
from tui.model.measured import Curve

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
    trainer: Trainer, network: Network, train_rows: NDArray[np.intp], batch: BackwardPass
) -> GradientCheck:
    """The gradient check over the next batch; of many parameters, a rotating sample."""
    prepared = trainer.prepared
    assert prepared is not None
    total, layers = network.parameters.size, len(network.weights)
    most = min(CHECKED_PARAMETERS, max(1, CHECK_WORK // (CHECK_ROWS * total)))
    if layers * layers > CHECK_LAYERS:  # each layer that is sampled is a pass through those above
        most = min(most, max(1, CHECK_LAYERS // layers))
    sample, size = None, total
    if total > most:
        size = most
        sample = np.arange(trainer.step_count * size, (trainer.step_count + 1) * size) % total
    examples = max(CHECK_ROWS, CHECK_WORK // (size * total))
    rows = prepared.dataset.train[train_rows[:examples]]
    whole = len(rows) == len(batch.example_losses)
    return gradient_check(
        network,
        prepared.inputs[rows],
        prepared.targets[rows],
        trainer.loss,
        sample,
        batch if whole else None,
    )


def advice(trainer: Trainer, network: Network, curve: Curve, glyphs: Glyphs) -> str:
    """What is wrong with the run, and what mends it, as in ``advise``; "" where nothing is."""
    if trainer.divergence:
        return f"{trainer.divergence}: {{postmortem}}, post-mortem"
    assert trainer.prepared is not None
    rows = trainer.prepared.dataset.train[:ADVICE_ROWS]
    forward = network.forward(trainer.prepared.inputs[rows])
    past = curve.train[curve.steps <= trainer.step_count]
    return advise(network, forward, past, glyphs)


def least_squares(prepared: Prepared) -> tuple[str, float] | None:
    """The cost of the least-squares line on the same training data (quadratic cost only)."""
    if prepared.experiment.loss != "quadratic":
        return None
    rows = prepared.dataset.train
    X, Y = prepared.inputs[rows], prepared.targets[rows]
    ssr = sum(ols(X, y, intercept=prepared.experiment.bias).ssr for y in Y.T)
    return "OLS", ssr / len(rows) * prepared.cost_scale
