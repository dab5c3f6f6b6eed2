"""Which generalised linear model a target suggests: one rule, for every place that fits one.

Two classes, 0 and 1, and successes of trials are binomial; any other number is fitted by least
squares. Whole numbers from 0 may be counts, which only their owner knows: a hint says so.
"""

from typing import NamedTuple

import numpy as np

from engine.arrays import Array
from engine.data.dataset import Dataset
from engine.data.published import PUBLICATIONS


class DefaultModel(NamedTuple):
    """The family, with its canonical link; why; and what else may suit ("" if nothing)."""

    family: str
    reason: str
    hint: str = ""


def default_model(
    data: str, target: str, y: Array, two_classes: bool = False, trials: str | None = None
) -> DefaultModel:
    """The model of a target.

    Arguments:
        data: the name of the data set, or the path of a file.
        target: the name of the target column.
        y: its numbers (n,), of all examples.
        two_classes: whether they stand for two classes.
        trials: the name of the column of trials, if y counts successes or is a share of them.
    """
    publication = PUBLICATIONS.get(data)
    if trials is not None:
        return DefaultModel("binomial", f"{target} is given with its trials, {trials}")
    if two_classes:
        left = "" if (y != y[:1]).any() else ", of which one is left"
        return DefaultModel("binomial", f"{target} has two classes{left}")
    if publication is not None and target == publication.target and publication.family:
        counts = publication.family == "poisson"
        reason = f"{target} counts events" if counts else f"{target} is a number"
        return DefaultModel(publication.family, reason)
    if np.isin(y, (0.0, 1.0)).all():
        return DefaultModel("binomial", f"every {target} is 0 or 1")
    whole = bool((y >= 0.0).all() and (y == np.round(y)).all())
    hint = f"if {target} counts events, poisson may suit it better"
    return DefaultModel("gaussian", f"{target} is a number", hint if whole else "")


def default_model_of(data: Dataset) -> DefaultModel:
    """The same of a loaded data set; of several columns of targets there is no model, family ""."""
    if data.Y.shape[1] > 1:
        return DefaultModel("", f"{data.target} is {data.Y.shape[1]} columns of numbers")
    publication = PUBLICATIONS.get(data.name)
    trials = None if publication is None or data.groups is None else publication.trials
    return default_model(data.name, data.target, data.Y[:, 0], data.task == "binary", trials)
