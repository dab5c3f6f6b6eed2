"""Mini-batches: every epoch uses each training example once, in a new random order.

The order depends only on the seed and the epoch. So two numbers, the epoch and a position in it,
describe the state, and reading ahead does not change it.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Array

DRAWN_ROWS = 8192  # rows whose order is drawn at once, as a generator takes long to set up
# a block, many small epochs or a part of a large one, is copied at once and fits the cache
BLOCK_ROWS = 2048
BLOCK_BYTES = 1 << 18
LAYOUTS = 8  # layouts of a block whose views are kept
WHOLE = 64  # batches returned at once if each is a whole epoch

Batch = tuple[int, Array, Array, Array]  # rows, then x (d + 1, rows), its transpose, and y


class BatchState(NamedTuple):
    """A position in the order of examples: ``cursor`` examples of the epoch have been used."""

    epoch: int
    cursor: int


class Batches:
    """Batches of the rows of inputs (n, d + 1) and targets (n, k), copied into contiguous blocks.

    If a batch is a whole epoch, its rows are in the order of the data: another order would only
    change rounding.
    """

    def __init__(self, inputs: Array, targets: Array, seed: np.random.SeedSequence) -> None:
        self._n = len(inputs)
        self._inputs = inputs
        self._targets = targets[:, 0] if targets.shape[1] == 1 else targets
        self._seed = seed
        row_bytes = 8 * (inputs.shape[1] + targets.shape[1])
        rows = max(1, min(BLOCK_ROWS, BLOCK_BYTES // row_bytes))
        self._epochs = max(1, DRAWN_ROWS // self._n)  # how many orders are drawn at once
        self._drawn = (-1, np.arange(0))  # number of the block of epochs, and their joined orders
        self._reserve(min(self._epochs * self._n, rows))
        self._whole = [(self._n, inputs.T, inputs, self._targets)] * WHOLE
        self.restore(BatchState(epoch=0, cursor=0))

    @property
    def state(self) -> BatchState:
        """The current position, for ``restore``."""
        return BatchState(self.epoch, self._cursor)

    def restore(self, state: BatchState) -> None:
        """Go to a position."""
        self.epoch, self._cursor = state.epoch, state.cursor
        self._batches: list[Batch] = []
        self._used = self._batch_size = 0

    def upcoming(self, batch_size: int, max_batches: int) -> Sequence[Batch]:
        """The next batches, 1 to ``max_batches``: views of buffers, valid until the next call.

        Call ``advance`` with those that have been used.
        """
        if batch_size >= self._n and self._cursor == 0:
            self._batch_size = 0  # the copied block does not continue after these
            return self._whole[:max_batches]
        if self._used == len(self._batches) or batch_size != self._batch_size:
            self._copy_block(batch_size)
        return self._batches[self._used : self._used + max_batches]

    def next_rows(self, batch_size: int) -> NDArray[np.intp]:
        """The training rows of the next batch."""
        if batch_size >= self._n and self._cursor == 0:
            return np.arange(self._n)
        start, order = self._position()
        rows = min(batch_size, self._n - self._cursor)
        return order[start : start + rows].copy()

    def advance(self, batches: Sequence[Batch]) -> None:
        """Move the position past these batches."""
        self._used += len(batches)
        rows = sum([batch[0] for batch in batches])
        epochs, self._cursor = divmod(self._cursor + rows, self._n)
        self.epoch += epochs

    def _position(self) -> tuple[int, NDArray[np.intp]]:
        """The index of the next example in the joined orders of its block of epochs, and these."""
        block, offset = divmod(self.epoch, self._epochs)
        if self._drawn[0] != block:
            key = (*self._seed.spawn_key, block)
            stream = np.random.SeedSequence(self._seed.entropy, spawn_key=key)
            rows = np.broadcast_to(np.arange(self._n), (self._epochs, self._n))
            order = np.random.Generator(np.random.PCG64(stream)).permuted(rows, axis=1)
            self._drawn = (block, order.reshape(-1))
        return offset * self._n + self._cursor, self._drawn[1]

    def _copy_block(self, batch_size: int) -> None:
        """Copy the rows of the next batches into the buffers."""
        first, order = self._position()
        if batch_size >= self._n:  # until the end of this epoch; the next one is a single batch
            order = order[: first - self._cursor + self._n]
        if min(batch_size, self._n) > len(self._x):
            self._reserve(min(batch_size, self._n))
        key = (self._cursor, min(len(order) - first, len(self._x)), batch_size)
        if key not in self._views:
            if len(self._views) == LAYOUTS:
                self._views.clear()
            self._views[key] = self._split(*key)
        rows, self._batches = self._views[key]
        self._used, self._batch_size = 0, batch_size
        examples = order[first : first + rows]
        # the indices are valid: "clip" only saves a buffer that NumPy needs to raise an error
        np.take(self._inputs, examples, axis=0, out=self._x[:rows], mode="clip")
        np.take(self._targets, examples, axis=0, out=self._y[:rows], mode="clip")

    def _split(self, cursor: int, max_rows: int, batch_size: int) -> tuple[int, list[Batch]]:
        """Split the buffers into batches that start at ``cursor``; returns their rows, and them.

        A batch does not cross the end of an epoch.
        """
        ends = [0]
        while ends[-1] < max_rows:
            rows_in_epoch = self._n - (cursor + ends[-1]) % self._n
            end = ends[-1] + min(batch_size, rows_in_epoch)
            if end > max_rows:
                break
            ends.append(end)
        views = [(j - i, self._x[i:j].T, self._x[i:j], self._y[i:j]) for i, j in pairwise(ends)]
        return ends[-1], views

    def _reserve(self, rows: int) -> None:
        self._x = np.empty((rows, self._inputs.shape[1]))
        self._y = np.empty((rows, *self._targets.shape[1:]))
        self._views: dict[tuple[int, int, int], tuple[int, list[Batch]]] = {}
