"""Target: the targets of the shown output, with the fixed scale of its colours."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine import Dataset
from engine.arrays import Array
from engine.data.metrics import classes_of
from engine.data.target_coding import coded_for
from tui.drawing.numbers import tick
from tui.model.frame import Frame
from tui.model.run_metrics import Scores, scores

SPAN = 1.25  # half-width of the scale / largest distance of a target from its centre

BOUNDED = ("tanh", "sigmoid", "softmax", "probit", "cloglog")  # outputs between two classes


class Target(NamedTuple):
    """One output unit's targets (n,), in the units of ŷ, and the scale centre ± half.

    The scale depends on the data alone, so that colours do not jump while training plays.
    """

    unit: int
    values: Array
    centre: float
    half: float
    reach: float = 1.0  # the part of the scale that ŷ can take: a probability has no more than 1

    def fraction(self, y: Array) -> Array:
        """y on the scale, whose ends are −1 and 1."""
        result: Array = (y - self.centre) / self.half
        return result


def target_of(frame: Frame) -> Target:
    """The target of the selected output unit, or of the first one."""
    layer, unit = frame.unit
    unit = unit if layer == len(frame.network.sizes) - 1 else 0
    data = coded(frame)
    values = data.Y[:, unit]
    train = values[frame.data.train]
    if frame.data.task != "regression":
        centre = sum(data.levels) / 2.0
    elif train.min() < 0.0 < train.max():
        centre = 0.0
    else:
        centre = float(train.mean())
    half = SPAN * float(np.abs(train - centre).max()) or 1.0
    bounded = frame.data.task != "regression" and frame.network.output in BOUNDED
    return Target(unit, values, centre, half, 1.0 / SPAN if bounded else 1.0)


def decision(frame: Frame, target: Target, outputs: Sequence[Array]) -> Array | None:
    """From ŷ of all output units, each (…,): positive where the unit's class is predicted. The
    decision boundary is where it crosses 0. None if there is no decision."""
    y_hat = outputs[target.unit]
    if len(outputs) > 1 and frame.data.task != "regression":
        others = [y for unit, y in enumerate(outputs) if unit != target.unit]
        margin: Array = y_hat - np.max(others, axis=0)
        return margin
    if frame.data.task == "regression" and target.centre != 0.0:
        return None
    return y_hat - target.centre


def decisions(frame: Frame, target: Target, outputs: Sequence[Array]) -> list[Array]:
    """The decisions that cross 0 at a decision boundary: for more than two classes one for each
    class, else that of the target's unit; empty if there is no decision."""
    several = len(outputs) > 2 and frame.data.task != "regression"
    units = range(len(outputs)) if several else [target.unit]
    margins = [decision(frame, target._replace(unit=unit), outputs) for unit in units]
    return [margin for margin in margins if margin is not None]


def wrong(frame: Frame) -> NDArray[np.bool_]:
    """(n,): whether an example is misclassified; False for a regression, and where the prediction
    is not finite: then no class is predicted."""
    if frame.data.task == "regression":
        return np.zeros(len(frame.data.X), dtype=np.bool_)
    data, predicted = coded(frame), frame.predicted
    mistaken = predicts_class(frame)
    mistaken[classes_of(data, predicted) == classes_of(data, data.Y)] = False
    return mistaken


def predicts_class(frame: Frame) -> NDArray[np.bool_]:
    """(n,): whether the prediction of an example is finite, and the network's numbers are."""
    finite = np.isfinite(frame.predicted) & frame.is_sound
    known: NDArray[np.bool_] = np.logical_and.reduce(finite, axis=1)
    return known


def scores_of(frame: Frame) -> Scores:
    """The scores of the network's predictions."""
    predicted = frame.predicted
    return scores(coded(frame), predicted if frame.is_sound else np.full_like(predicted, np.nan))


def class_names(frame: Frame) -> tuple[str, ...]:
    """The names of the classes, in the order of a confusion matrix."""
    data = frame.data
    if data.target_names:
        return data.target_names
    if data.Y.shape[1] > 1:
        return tuple(str(unit + 1) for unit in range(data.Y.shape[1]))
    low, high = data.levels
    return tick(low), tick(high, signed=low < 0.0)


def coded(frame: Frame) -> Dataset:
    """The data with their targets coded for the loss, one column for each output unit."""
    return coded_for(frame.experiment.loss, frame.data)
