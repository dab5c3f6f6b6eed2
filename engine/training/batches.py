"""Mini-batches: every epoch takes each training example once, in a new random order.

The order of an epoch is a function of the seed and the epoch alone, so where training stands is
two numbers, and looking ahead changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Array

DRAWN_ROWS = 8192  # whose order is drawn at once: a generator takes a while to set up
# what is laid out at once, many small epochs or a part of a large one, stays in the cache
BLOCK_ROWS = 2048
BLOCK_BYTES = 1 << 18
LAYOUTS = 8  # kinds of layout whose views are kept
WHOLE = 64  # epochs of a single batch handed out at once

Batch = tuple[int, Array, Array, Array]  # rows, then x (d + 1, rows), its transpose, and y


@dataclass(frozen=True)
class BatchState:
    """Where the order of examples stands: ``cursor`` examples of the epoch are taken."""

    epoch: int
    cursor: int


class Batches:
    """Batches of the rows of inputs (n, d + 1) and targets (n, k), laid out contiguously.

    An epoch that is one batch has the order of the data: another would change but rounding.
    """

    def __init__(self, inputs: Array, targets: Array, seed: np.random.SeedSequence) -> None:
        self._n = len(inputs)
        self._inputs = inputs
        self._targets = targets[:, 0] if targets.shape[1] == 1 else targets
        self._seed = seed
        row_bytes = 8 * (inputs.shape[1] + targets.shape[1])
        rows = max(1, min(BLOCK_ROWS, BLOCK_BYTES // row_bytes))
        self._epochs = max(1, DRAWN_ROWS // self._n)  # whose orders are drawn at once
        self._drawn = (-1, np.arange(0))  # which epochs, and their orders end to end
        self._reserve(min(self._epochs * self._n, rows))
        self._whole = [(self._n, inputs.T, inputs, self._targets)] * WHOLE
        self.restore(BatchState(epoch=0, cursor=0))

    @property
    def state(self) -> BatchState:
        """Where the order stands now, to be given to ``restore``."""
        return BatchState(self.epoch, self._cursor)

    def restore(self, state: BatchState) -> None:
        """Go back (or on) to a state."""
        self.epoch, self._cursor = state.epoch, state.cursor
        self._batches: list[Batch] = []
        self._used = self._batch_size = 0

    def upcoming(self, batch_size: int, most: int) -> Sequence[Batch]:
        """The next batches, 1 to ``most``: views of buffers, valid until the next call.

        Those that are used are to be counted by ``advance``.
        """
        if batch_size >= self._n and self._cursor == 0:
            self._batch_size = 0  # what is laid out is not what comes after
            return self._whole[:most]
        if self._used == len(self._batches) or batch_size != self._batch_size:
            self._lay_out(batch_size)
        return self._batches[self._used : self._used + most]

    def next_rows(self, batch_size: int) -> NDArray[np.intp]:
        """Which training rows the next batch holds."""
        if batch_size >= self._n and self._cursor == 0:
            return np.arange(self._n)
        start, order = self._position()
        rows = min(batch_size, self._n - self._cursor)
        return order[start : start + rows].copy()

    def advance(self, batches: Sequence[Batch]) -> None:
        """Count upcoming batches as taken."""
        self._used += len(batches)
        taken = sum([batch[0] for batch in batches])
        epochs, self._cursor = divmod(self._cursor + taken, self._n)
        self.epoch += epochs

    def _position(self) -> tuple[int, NDArray[np.intp]]:
        """Where the next example is in the orders of the epochs around, and these orders."""
        block, offset = divmod(self.epoch, self._epochs)
        if self._drawn[0] != block:
            key = (*self._seed.spawn_key, block)
            stream = np.random.SeedSequence(self._seed.entropy, spawn_key=key)
            rows = np.broadcast_to(np.arange(self._n), (self._epochs, self._n))
            order = np.random.Generator(np.random.PCG64(stream)).permuted(rows, axis=1)
            self._drawn = (block, order.reshape(-1))
        return offset * self._n + self._cursor, self._drawn[1]

    def _lay_out(self, batch_size: int) -> None:
        """Copy the rows of the coming batches into the buffers."""
        first, order = self._position()
        if batch_size >= self._n:  # the rest of this epoch; the next one is a batch by itself
            order = order[: first - self._cursor + self._n]
        if min(batch_size, self._n) > len(self._x):
            self._reserve(min(batch_size, self._n))
        key = (self._cursor, min(len(order) - first, len(self._x)), batch_size)
        if key not in self._views:
            if len(self._views) == LAYOUTS:
                self._views.clear()
            self._views[key] = self._cut(*key)
        taken, self._batches = self._views[key]
        self._used, self._batch_size = 0, batch_size
        chosen = order[first : first + taken]
        # the indices are in range: "clip" only spares NumPy a buffer it needs in order to raise
        np.take(self._inputs, chosen, axis=0, out=self._x[:taken], mode="clip")
        np.take(self._targets, chosen, axis=0, out=self._y[:taken], mode="clip")

    def _cut(self, cursor: int, room: int, batch_size: int) -> tuple[int, list[Batch]]:
        """The buffers as batches from ``cursor`` on, within ``room`` rows: so many rows, and they.

        A batch ends with its epoch.
        """
        ends = [0]
        while ends[-1] < room:
            left_in_epoch = self._n - (cursor + ends[-1]) % self._n
            end = ends[-1] + min(batch_size, left_in_epoch)
            if end > room:
                break
            ends.append(end)
        views = [(j - i, self._x[i:j].T, self._x[i:j], self._y[i:j]) for i, j in pairwise(ends)]
        return ends[-1], views

    def _reserve(self, rows: int) -> None:
        self._x = np.empty((rows, self._inputs.shape[1]))
        self._y = np.empty((rows, *self._targets.shape[1:]))
        self._views: dict[tuple[int, int, int], tuple[int, list[Batch]]] = {}
