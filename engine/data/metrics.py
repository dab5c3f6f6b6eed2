"""Metrics: how good the predictions are, in the terms of the task."""

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Array, length
from engine.data.dataset import Dataset


def classes_of(data: Dataset, values: Array) -> NDArray[np.intp]:
    """The class (n,) that targets or predictions (n, k) stand for, in the data's own units.

    Of one column: 1 above the middle between the two levels, else 0; of several the largest.
    """
    if values.shape[1] > 1:
        classes: NDArray[np.intp] = values.argmax(axis=1)
    else:
        classes = (values[:, 0] > sum(data.levels) / 2.0).astype(np.intp)
    return classes


def confusion_matrix(data: Dataset, predicted: Array, rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """How many of these rows of the data are of class i (a row each) and were taken for j.

    ``predicted`` (n, k) is ŷ of all rows of the data, in its own units.
    """
    classes = max(2, data.Y.shape[1])
    matrix = np.zeros((classes, classes), dtype=np.intp)
    np.add.at(matrix, (classes_of(data, data.Y[rows]), classes_of(data, predicted[rows])), 1)
    return matrix


def accuracy(confusion: NDArray[np.intp]) -> float:
    """The share of rows taken for what they are; NaN where there are none."""
    total = int(confusion.sum())
    return float(np.trace(confusion) / total) if total else float("nan")


def r_squared(data: Dataset, predicted: Array, rows: NDArray[np.intp]) -> float:
    """R² = 1 − Σ(y − ŷ)² / Σ(y − ȳ)² over these rows, all outputs together.

    NaN where the targets do not differ.
    """
    y = data.Y[rows]
    if not len(y):
        return float("nan")
    away = length(y - y.mean(axis=0))
    with np.errstate(all="ignore"):
        share = np.square(length(y - predicted[rows]) / np.float64(away))
    return float(1.0 - share) if away > 0.0 else float("nan")
