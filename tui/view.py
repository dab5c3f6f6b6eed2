"""View: the line or plane through the inputs that a map shows, and how it lies in the network."""

from dataclasses import dataclass
from math import ceil, floor, log10

import numpy as np

from engine import Dataset, Plane
from engine.activations import Array

PADDING = 0.05  # of the data's range, before the box is rounded outwards


@dataclass(frozen=True)
class View:
    """``axes`` are one or two input columns, ``box`` their ranges in the data's own units.

    All other inputs are held at ``base`` (d,), the means of the training data.
    """

    axes: tuple[int, ...]
    box: tuple[tuple[float, float], ...]
    base: Array

    def inputs(self, coordinates: Array) -> Array:
        """Input rows (m, d) for points (m, len(axes)) of the view."""
        rows = np.repeat(self.base[None, :], len(coordinates), axis=0)
        rows[:, list(self.axes)] = coordinates
        return rows

    @property
    def centre(self) -> Array:
        """The middle of the box (len(axes),)."""
        return np.array([(low + high) / 2.0 for low, high in self.box])

    def network_box(self, data: Dataset) -> tuple[tuple[float, float], ...]:
        """``box`` as the network sees it: scaled where the data are."""
        mean, sd = data.x_scale.mean, data.x_scale.sd
        return tuple(
            (float((low - mean[axis]) / sd[axis]), float((high - mean[axis]) / sd[axis]))
            for axis, (low, high) in zip(self.axes, self.box, strict=True)
        )

    def network_plane(self, data: Dataset) -> Plane | None:
        """The plane in the network's inputs; None where the inputs are just the two axes."""
        d = len(self.base)
        if self.axes == tuple(range(d)):
            return None
        origin = data.x_scale.apply(self.base)
        origin[list(self.axes)] = 0.0
        return Plane(origin, *np.eye(d)[list(self.axes)])


def view_of(data: Dataset, axes: tuple[int, ...] | None = None) -> View:
    """The view along the given input columns (None: the two that tell most about the target)."""
    axes = leading_inputs(data)[:2] if axes is None else axes
    box = tuple(rounded_range(data.X[:, axis]) for axis in axes)
    return View(axes, box, data.X[data.train].mean(axis=0))


def leading_inputs(data: Dataset) -> tuple[int, ...]:
    """All inputs; with more than two, the one most correlated with the target comes first, then
    the one that explains most of what the first leaves (forward selection, two steps)."""
    d = data.X.shape[1]
    if d <= 2:
        return tuple(range(d))
    X = data.x_scale.apply(data.X[data.train])
    X = X - X.mean(axis=0)
    rest = data.Y[data.train, 0] - data.Y[data.train, 0].mean()
    first = _best(X, rest)
    direction = X[:, first] / (np.linalg.norm(X[:, first]) or 1.0)
    X = X - np.outer(direction, direction @ X)
    second = _best(X, rest - direction * (direction @ rest), excluded=first)
    return (first, second, *(i for i in range(d) if i not in (first, second)))


def _best(X: Array, y: Array, excluded: int = -1) -> int:
    lengths = np.linalg.norm(X, axis=0)
    share = np.abs(X.T @ y) / np.where(lengths > 1e-9 * lengths.max(), lengths, np.inf)
    if excluded >= 0:
        share[excluded] = -1.0
    return int(share.argmax())


def rounded_range(values: Array) -> tuple[float, float]:
    """The range of values, padded and rounded outwards to a round step."""
    low, high = float(values.min()), float(values.max())
    padding = PADDING * (high - low) or max(1.0, abs(high)) / 2.0
    low, high = low - padding, high + padding
    step = round_step((high - low) / 10.0)
    return floor(low / step) * step, ceil(high / step) * step


def round_step(step: float) -> float:
    """The largest of 1, 2, 5 times a power of ten that is not above ``step``."""
    power = 10.0 ** floor(log10(step))
    return max(factor for factor in (1.0, 2.0, 5.0) if factor * power <= step * 1.0001) * power
