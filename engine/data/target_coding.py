"""Targets of two classes as a loss wants them."""

from dataclasses import replace

import numpy as np

from engine.arrays import read_only
from engine.data.dataset import Dataset
from engine.errors import DataError


def coded_for(loss: str | None, data: Dataset) -> Dataset:
    """The data with one column of targets for each output: for the cross-entropies ±1 becomes
    0 and 1, of two outputs the first for the lower class. DataError for numbers as classes."""
    if loss == "cross_entropy" and data.task == "regression":
        raise DataError(
            f"cross_entropy needs classes, but the target of {data.name} is numeric; "
            "if its numbers are labels, say so: classes = true, --classes"
        )
    if data.task != "binary" or loss not in ("binary_cross_entropy", "cross_entropy"):
        return data
    upper = (data.Y > 0.0).astype(np.float64)
    Y = upper if loss == "binary_cross_entropy" else np.hstack([1.0 - upper, upper])
    return replace(data, Y=read_only(Y), levels=(0.0, 1.0))
