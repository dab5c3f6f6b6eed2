"""Rows of a design in blocks, less an origin and in units of their own."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.arrays import Array

BLOCK = 8192  # rows at a time: they stay in the processor's cache


@dataclass(frozen=True)
class Rows:
    """A design and y as they enter the arithmetic, in blocks of rows.

    ``columns`` are the design's that are fitted, 0 the intercept if there is one. X (n, d) and y
    (n,) have been divided by ``units`` (d + 1,), y's the last, and are seen less ``centre``.
    """

    X: Array
    y: Array
    weights: Array | None
    intercept: bool
    columns: list[int]
    units: Array | None = None
    centre: Array | None = None

    @property
    def chosen(self) -> list[int]:
        """The fitted columns of X."""
        return [column - self.intercept for column in self.columns[self.intercept :]]

    @property
    def as_it_is(self) -> bool:
        """Whether X is neither scaled nor centred."""
        return self.units is None and self.centre is None

    def blocks(self) -> Iterator[tuple[Array, Array, Array | None]]:
        """The fitted x (m, ·), y (m,) and weights (m,)."""
        some = self.chosen if len(self.columns) - self.intercept < self.X.shape[1] else None
        centre = self.centre if self.centre is None or some is None else self.centre[[*some, -1]]
        for start in range(0, len(self.y), BLOCK):
            rows = slice(start, start + BLOCK)
            x, y = self.X[rows], self.y[rows]
            if some is not None:
                x = x[:, some]
            if centre is not None:
                x, y = x - centre[:-1], y - centre[-1]
            yield x, y, None if self.weights is None else self.weights[rows]

    def designs(self) -> Iterator[tuple[Array, Array | None]]:
        """Rows of [1, x, y] (m, k + 1) and weights; each block overwrites the last."""
        k = len(self.columns)
        buffer = np.empty((min(BLOCK, len(self.y)), k + 1))
        buffer[:, 0] = 1.0  # stays only under an intercept
        for x, y, weights in self.blocks():
            design = buffer[: len(y)]
            design[:, self.intercept : k] = x
            design[:, k] = y
            yield design, weights

    def rest(self, x: Array, y: Array, b: Array) -> Array:
        """y less the fit b (k,) on a block, (m,)."""
        rest = y - x @ b[self.intercept :]
        return rest - b[0] if self.intercept else rest

    def own(self, b: Array) -> Array:
        """Coefficients b (k, …) of the columns as seen, as those of the columns as they are."""
        b = b.copy()
        if self.intercept and self.centre is not None:
            b[0] -= self.centre[self.chosen] @ b[1:]
        if self.units is not None:
            b[self.intercept :] = (b[self.intercept :].T / self.units[self.chosen]).T
        return b
