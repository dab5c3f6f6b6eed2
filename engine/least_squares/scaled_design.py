"""A scaled and centred design and y, read in blocks of rows."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from engine.arrays import Array

BLOCK = 8192  # rows, so that a block fits the processor's cache


class ScaledDesign(NamedTuple):
    """A design and y, scaled and centred.

    X (n, d) and y (n,) are already divided by ``units`` (d + 1,), the last of which is y's;
    ``centre`` (d + 1,) is subtracted as they are read. ``columns`` are the fitted columns of the
    design; column 0 is the intercept if there is one.
    """

    X: Array
    y: Array
    weights: Array | None
    intercept: bool
    columns: list[int]
    units: Array | None = None
    centre: Array | None = None

    @property
    def x_columns(self) -> list[int]:
        """The fitted columns of X."""
        return [column - self.intercept for column in self.columns[self.intercept :]]

    @property
    def is_original(self) -> bool:
        """Whether X and y are neither scaled nor centred."""
        return self.units is None and self.centre is None

    def blocks(self) -> Iterator[tuple[Array, Array, Array | None]]:
        """The fitted columns of X (m, ·), y (m,) and weights (m,) of each block."""
        subset = self.x_columns if len(self.columns) - self.intercept < self.X.shape[1] else None
        centre = self.centre
        if centre is not None and subset is not None:
            centre = centre[[*subset, -1]]
        for start in range(0, len(self.y), BLOCK):
            rows = slice(start, start + BLOCK)
            x, y = self.X[rows], self.y[rows]
            if subset is not None:
                x = x[:, subset]
            if centre is not None:
                x, y = x - centre[:-1], y - centre[-1]
            yield x, y, None if self.weights is None else self.weights[rows]

    def designs(self) -> Iterator[tuple[Array, Array | None]]:
        """[1, x, y] (m, k + 1) and weights of each block; the next block overwrites them."""
        k = len(self.columns)
        buffer = np.empty((min(BLOCK, len(self.y)), k + 1))
        buffer[:, 0] = 1.0  # overwritten without an intercept
        for x, y, weights in self.blocks():
            design = buffer[: len(y)]
            design[:, self.intercept : k] = x
            design[:, k] = y
            yield design, weights

    def residuals(self, x: Array, y: Array, b: Array) -> Array:
        """The residuals (m,) of a block with coefficients b (k,)."""
        residuals = y - x @ b[self.intercept :]
        return residuals - b[0] if self.intercept else residuals

    def in_x_units(self, b: Array) -> Array:
        """Coefficients b (k, …) converted to those of the original columns of X, for scaled y."""
        b = b.copy()
        if self.intercept and self.centre is not None:
            b[0] -= self.centre[self.x_columns] @ b[1:]
        if self.units is not None:
            b[self.intercept :] = (b[self.intercept :].T / self.units[self.x_columns]).T
        return b
