"""Metrics of predictions: accuracy, confusion matrix, R²."""

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Array, length
from engine.data.dataset import Dataset


def classes_of(data: Dataset, values: Array) -> NDArray[np.intp]:
    """The classes (n,) of targets or predictions (n, k), both in the data's own units.

    With one column 1 above the mean of the two levels, else 0; with several the column of the
    largest value.
    """
    if values.shape[1] > 1:
        classes: NDArray[np.intp] = values.argmax(axis=1)
    else:
        classes = (values[:, 0] > sum(data.levels) / 2.0).astype(np.intp)
    return classes


def confusion_matrix(data: Dataset, predicted: Array, rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """(c, c): the number of these rows that are of class i, the row, and predicted to be of j.

    ``predicted`` (n, k) is ŷ for all examples, in the data's own units.
    """
    classes = max(2, data.Y.shape[1])
    matrix = np.zeros((classes, classes), dtype=np.intp)
    np.add.at(matrix, (classes_of(data, data.Y[rows]), classes_of(data, predicted[rows])), 1)
    return matrix


def accuracy(confusion: NDArray[np.intp]) -> float:
    """The share of rows whose class is predicted; NaN where there are none."""
    total = int(confusion.sum())
    return float(np.trace(confusion) / total) if total else float("nan")


def r_squared(data: Dataset, predicted: Array, rows: NDArray[np.intp]) -> float:
    """R² = 1 − Σ(y − ŷ)² / Σ(y − ȳ)² over these rows and all outputs.

    NaN where the targets are constant, as those of one row are, or a prediction is not finite.
    """
    y = data.Y[rows]
    if not len(y):
        return float("nan")
    deviation = length(y - y.mean(axis=0))
    with np.errstate(all="ignore"):
        share = np.square(length(y - predicted[rows]) / np.float64(deviation))
    return float(1.0 - share) if deviation > 0.0 and np.isfinite(share) else float("nan")
