"""The confusion matrix in words: how many examples of each class were taken for which."""

import numpy as np
from numpy.typing import NDArray

from tui.frame import Frame
from tui.panes.grid import cut
from tui.target import class_names, scores_of

LONGEST_NAME = 12
GAP = 2


def confusion_lines(frame: Frame) -> list[str]:
    """The accuracy and the matrix of the training data, then those of the test data if there are
    any: a row for each class, a column for what it was taken for. Of no classes: no lines."""
    found, names = scores_of(frame), class_names(frame)
    if found.confusion is None:
        return []
    lines = _matrix("training data", found.train, found.confusion, names)
    if found.test is None or found.test_confusion is None:
        return lines
    return [*lines, "", *_matrix("test data", found.test, found.test_confusion, names)]


def _matrix(
    of: str, accuracy: float, confusion: NDArray[np.intp], names: tuple[str, ...]
) -> list[str]:
    n = int(confusion.sum())
    labels = [cut(name, LONGEST_NAME) for name in names]
    left = 3 + max(map(len, labels))  # "is " and the name
    cells = GAP + max(len(str(confusion.max())), *map(len, labels))
    rows = [
        f"is {label}".ljust(left) + "".join(str(count).rjust(cells) for count in row)
        for label, row in zip(labels, confusion.tolist(), strict=True)
    ]
    return [
        f"{of}: {100.0 * accuracy:.1f} % right, {int(np.trace(confusion))} of {n}",
        "taken for".ljust(left) + "".join(label.rjust(cells) for label in labels),
        *rows,
    ]
