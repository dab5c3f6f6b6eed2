"""The confusion matrix in words: how many examples of each class were taken for which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from tui.dialogs.base import Page
from tui.drawing.grid import cut
from tui.model.frame import Frame
from tui.model.target_scale import class_names, scores_of

LONGEST_NAME = 12
GAP = 2


class Confusion(Page):
    """The confusion matrices of the training and of the test data."""

    OF_TABLE: ClassVar[Mapping[str, str]] = {"confusion": "dismiss"}


def confusion_lines(frame: Frame) -> list[str]:
    """The accuracy and the matrix of the training data, then those of the test data if there are
    any: a row for each class, a column for what it was taken for. Of no classes: no lines."""
    found, names = scores_of(frame), class_names(frame)
    if found.confusion is None:
        return []
    data = frame.data
    lines = _matrix("training data", len(data.train), found.train, found.confusion, names)
    if found.test is None or found.test_confusion is None:
        return lines
    of_test = _matrix("test data", len(data.test), found.test, found.test_confusion, names)
    return [*lines, "", *of_test]


def _matrix(
    of: str, n: int, accuracy: float, confusion: NDArray[np.intp], names: tuple[str, ...]
) -> list[str]:
    """``n`` examples, those among them whose predictions are not finite in no cell."""
    lost = n - int(confusion.sum())
    labels = [cut(name, LONGEST_NAME) for name in names]
    left = 3 + max(map(len, labels))  # "is " and the name
    cells = GAP + max(len(str(confusion.max())), *map(len, labels))
    rows = [
        f"is {label}".ljust(left) + "".join(str(cell).rjust(cells) for cell in row)
        for label, row in zip(labels, confusion.tolist(), strict=True)
    ]
    unknown = f"; {lost} predictions are not finite" if lost else ""
    return [
        f"{of}: {100.0 * accuracy:.1f} % right, {int(np.trace(confusion))} of {n}{unknown}",
        "taken for".ljust(left) + "".join(label.rjust(cells) for label in labels),
        *rows,
    ]
