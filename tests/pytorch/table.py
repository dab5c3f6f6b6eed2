"""The table of a drawn experiment as a network takes it: classes coded, columns standardised."""

import numpy as np

from tests.drawn_experiments import Drawn


class Table:
    """Inputs ``X`` and targets ``Y`` of all rows, scaled by those of ``train``.

    ``undone`` are outputs in the units of the table.
    """

    def __init__(self, drawn: Drawn, train: np.ndarray) -> None:
        self.X, self.Y = drawn.X, coded(drawn.Y, drawn.labels, drawn.loss)
        self._mean, self._sd = 0.0, 1.0
        if not drawn.experiment.standardize:
            return
        mean, sd, _ = statistics(self.X, train)
        self.X = (self.X - mean) / sd
        if drawn.labels or (drawn.loss.removeprefix("half_"), drawn.output) != (
            "quadratic",
            "identity",
        ):
            return
        self._mean, sd, varies = statistics(self.Y, train)
        if varies.any():  # one sd, so that C is a multiple of that in the units of the table
            self._sd = np.sqrt(np.mean(sd[varies] ** 2))
        self.Y = (self.Y - self._mean) / self._sd

    def undone(self, outputs):
        return outputs * self._sd + self._mean


def coded(Y, labels, loss):
    """Labels of classes as targets: ±1 and 0/1 of two classes as one column, else one-hot."""
    if not labels or (labels == (-1, 1) and loss.endswith("quadratic")):
        return Y
    one_hot = (np.array(labels, float) == Y).astype(float)
    return one_hot[:, 1:] if len(labels) == 2 and loss != "cross_entropy" else one_hot


def statistics(columns, train):
    """Mean and sd of the training rows, and which columns vary; constant ones have 0 and 1."""
    varies = (columns != columns[0]).any(axis=0)
    mean, sd = columns[train].mean(axis=0), columns[train].std(axis=0)
    return np.where(varies, mean, 0.0), np.where(varies & (sd > 0.0), sd, 1.0), varies
