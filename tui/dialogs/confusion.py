"""The confusion matrix: how many examples of each class were predicted as which class."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from engine.wording import noun_for, plural
from tui.dialogs.base import Page
from tui.drawing.grid import cut
from tui.drawing.numbers import NONE, percent
from tui.model.frame import Frame
from tui.model.target_scale import class_names, scores_of

LONGEST_NAME = 12
GAP = 2


class Confusion(Page):
    """The confusion matrices of the training and of the test data."""

    APP_ACTIONS: ClassVar[Mapping[str, str]] = {"confusion": "dismiss"}


def confusion_lines(frame: Frame) -> list[str]:
    """Accuracy and matrix of the training data, then of the test data if there are any: a row for
    each class, a column for each prediction. Empty if there are no classes."""
    scores, names = scores_of(frame), class_names(frame)
    if scores.confusion is None:
        return []
    data = frame.data
    lines = _matrix("training data", len(data.train), scores.train, scores.confusion, names)
    if scores.test is None or scores.test_confusion is None:
        return lines
    test_lines = _matrix("test data", len(data.test), scores.test, scores.test_confusion, names)
    return [*lines, "", *test_lines]


def _matrix(
    title: str, n: int, accuracy: float, confusion: NDArray[np.intp], names: tuple[str, ...]
) -> list[str]:
    """The lines for ``n`` examples; those whose predictions are not finite are in no cell."""
    missing = n - int(confusion.sum())
    labels = [cut(name, LONGEST_NAME) for name in names]
    label_cells = 3 + max(map(len, labels))  # "is " and the name
    cells = GAP + max(len(str(confusion.max())), *map(len, labels))
    rows = [
        f"is {label}".ljust(label_cells) + "".join(str(cell).rjust(cells) for cell in row)
        for label, row in zip(labels, confusion.tolist(), strict=True)
    ]
    right = f"{percent(accuracy)} right, {int(np.trace(confusion))} of {n}"
    if isnan(accuracy):
        verb = noun_for(missing, "is", "are")
        right = f"{NONE} right; {plural(missing, 'prediction')} of {n} {verb} not finite"
    return [
        f"{title}: {right}",
        "taken for".ljust(label_cells) + "".join(label.rjust(cells) for label in labels),
        *rows,
    ]
