"""Towers on boxes over two inputs: each as high as the mean target of the examples in its box."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from engine import Dataset, Network
from engine.approximation.towers import tower_bound, towers
from engine.arrays import Array, Ints
from tui.model.view import View, view_of

MOST = 8  # boxes along an input
STEEPNESS = 80.0  # w times the shorter side of a box
SHARPNESS = 40.0  # H
FAR = 0.25  # of the shorter side: the distance from the edge lines where the bound holds
ROWS_AT_ONCE = 2000  # examples


@dataclass(frozen=True, eq=False)
class TowerGrid:
    """Towers on m × m equal boxes of the map, with the network that has them.

    ``boxes`` (m², 4): from x₁, to x₁, from x₂, to x₂; ``heights`` and ``counts`` (m²,): the mean
    target, 0 without examples, and how many training examples there are. In the data's own units.
    """

    per_side: int
    view: View
    boxes: Array
    heights: Array
    counts: Ints
    network: Network
    steepness: float
    errors: Array  # ŷ − y of the training examples
    places: Ints  # the box of each of them

    @property
    def side(self) -> float:
        """The shorter side of a box."""
        return float(np.min(self.boxes[0, 1::2] - self.boxes[0, ::2]))

    @property
    def largest(self) -> float:
        """The largest |ŷ − y| of the training examples."""
        return float(np.abs(self.errors).max())

    @property
    def mean_square(self) -> float:
        """The mean of (ŷ − y)² over the training examples."""
        return float(np.square(self.errors).mean())

    @property
    def distance(self) -> float:
        """How far from every edge line ``bound`` holds."""
        return FAR * self.side

    @property
    def bound(self) -> float:
        """By how much ŷ differs at most from the height of the box, at ``distance`` or more from
        all edge lines: the bound of a tower of height 1, times the sum of |heights|."""
        one = tower_bound(self.steepness, SHARPNESS, self.distance)
        return one * float(np.abs(self.heights).sum())

    @cached_property
    def tops(self) -> Array:
        """ŷ (m²,) in the middle of each box."""
        middles = (self.boxes[:, ::2] + self.boxes[:, 1::2]) / 2.0
        return predicted(self.network, middles)


@dataclass(frozen=True, eq=False)
class TowerFacts:
    """The towers on the data, and the index of the selected one."""

    grid: TowerGrid
    box: int


@lru_cache(maxsize=8)
def tower_grid(data: Dataset, per_side: int) -> TowerGrid:
    """Towers on m × m boxes of the map of the data."""
    view = view_of(data, (0, 1))
    X, y = data.columns[data.train], data.Y[data.train, 0]
    edges = [np.linspace(*bounds, per_side + 1) for bounds in view.box]
    column, row = (
        np.clip(np.searchsorted(edge, values, "right") - 1, 0, per_side - 1)
        for edge, values in zip(edges, X.T, strict=True)
    )
    index = column * per_side + row
    counts = np.bincount(index, minlength=per_side**2)
    sums = np.bincount(index, weights=y, minlength=per_side**2)
    heights = np.where(counts > 0, sums / np.maximum(counts, 1), 0.0)
    low = [edge[:-1] for edge in edges]
    high = [edge[1:] for edge in edges]
    x_low, y_low = np.meshgrid(*low, indexing="ij")
    x_high, y_high = np.meshgrid(*high, indexing="ij")
    boxes = np.column_stack([part.ravel() for part in (x_low, x_high, y_low, y_high)])
    steepness = STEEPNESS / float(np.min(boxes[0, 1::2] - boxes[0, ::2]))
    network = towers(boxes, heights, steepness, SHARPNESS)
    errors = predicted(network, X) - y
    return TowerGrid(per_side, view, boxes, heights, counts, network, steepness, errors, index)


def predicted(network: Network, X: Array) -> Array:
    """ŷ (m,) at points (m, 2), some at a time: a network of towers is wide."""
    parts = [X[start : start + ROWS_AT_ONCE] for start in range(0, len(X), ROWS_AT_ONCE)]
    with np.errstate(all="ignore"):
        values: Array = np.concatenate([network.predict(part)[:, 0] for part in parts])
    return values


@lru_cache(maxsize=4)
def raster(grid: TowerGrid, columns: int, rows: int) -> Array:
    """ŷ (rows, columns) at the middles of pixels, the upper row first."""
    (x_low, x_high), (y_low, y_high) = grid.view.box
    across = x_low + (np.arange(columns) + 0.5) / columns * (x_high - x_low)
    up = y_high - (np.arange(rows) + 0.5) / rows * (y_high - y_low)
    x, y = np.meshgrid(across, up)
    points = np.column_stack([x.ravel(), y.ravel()])
    return predicted(grid.network, points).reshape(rows, columns)
