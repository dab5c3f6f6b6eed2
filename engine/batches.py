"""Mini-batches: every epoch takes each training example once, in a new random order."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.activations import Array

# What is laid out at once, many small epochs or a part of a large one, stays in the cache.
BLOCK_ROWS = 2048
BLOCK_BYTES = 1 << 18

Batch = tuple[int, Array, Array, Array]  # rows, then x (d + 1, rows), its transpose, and y


@dataclass(frozen=True)
class BatchState:
    """Where the order of examples stands: enough to go on with the same bits.

    Orders are drawn for a block of whole epochs. ``generator`` is the bit generator's state
    before the block, ``first_epoch`` the block's first, ``position`` the examples of the block
    already taken, ``shuffled`` whether its order was drawn or is that of the data.
    """

    generator: Any
    first_epoch: int
    position: int
    shuffled: bool


class Batches:
    """Batches of the rows of inputs (n, d + 1) and targets (n, k), laid out contiguously.

    An epoch that fits one batch is not shuffled: the order would change nothing but rounding.
    """

    def __init__(self, inputs: Array, targets: Array, seed: np.random.SeedSequence | int) -> None:
        self._n = len(inputs)
        self._inputs = inputs
        self._targets = targets[:, 0] if targets.shape[1] == 1 else targets
        self._bits = np.random.PCG64(seed)
        self._generator = np.random.Generator(self._bits)
        row_bytes = 8 * (inputs.shape[1] + targets.shape[1])
        rows = max(1, min(BLOCK_ROWS, BLOCK_BYTES // row_bytes))
        self._epochs = max(1, rows // self._n)  # in a block
        self._reserve(min(self._epochs * self._n, rows))
        self.restore(BatchState(self._bits.state, first_epoch=0, position=0, shuffled=False))

    @property
    def state(self) -> BatchState:
        """The state as of now, to be given to ``restore``."""
        return BatchState(self._before, self._first_epoch, self._position, self._shuffled)

    def restore(self, state: BatchState) -> None:
        """Go back (or on) to a state; what comes after is the same to the last bit."""
        self._before, self._shuffled = state.generator, state.shuffled
        self._first_epoch, self._position = state.first_epoch, state.position
        self._order: NDArray[np.intp] | None = None
        self._batches: list[Batch] = []
        self._used = self._batch_size = 0

    @property
    def epoch(self) -> int:
        """Epochs completed."""
        return self._first_epoch + self._position // self._n

    def upcoming(self, batch_size: int, most: int) -> Sequence[Batch]:
        """The next batches, 1 to ``most``: views of buffers, valid until the next call.

        Those that are used are to be counted by ``advance``.
        """
        size = min(batch_size, self._n)
        order = self._order_for(size)
        if not self._batches or size != self._batch_size:
            self._lay_out(order, size)
        return self._batches[self._used : self._used + most]

    def next_rows(self, batch_size: int) -> NDArray[np.intp]:
        """Which training rows the next batch holds."""
        order, start = self._order_for(min(batch_size, self._n)), self._position
        return order[start : min(start + batch_size, self._epoch_end(start))].copy()

    def advance(self, batches: Sequence[Batch]) -> None:
        """Count upcoming batches as taken."""
        self._used += len(batches)
        self._position += sum([batch[0] for batch in batches])
        if self._order is not None and self._position == len(self._order):
            self._first_epoch += self._epochs
            self._position = self._used = 0
            if self._shuffled:
                self._before = self._bits.state
                self._order, self._batches = None, []
        elif self._used == len(self._batches):
            self._batches = []

    def _epoch_end(self, position: int) -> int:
        return position - position % self._n + self._n

    def _order_for(self, size: int) -> NDArray[np.intp]:
        """The order of the block, begun anew where an epoch begins and shuffling is to change."""
        shuffle = size < self._n
        at_start = self._position % self._n == 0
        if at_start and self._shuffled != shuffle:
            if self._order is None and self._position > 0:
                self._draw()
            if self._order is not None and self._shuffled:
                self._before = self._bits.state
            self._first_epoch, self._position = self.epoch, 0
            self._shuffled, self._order, self._batches = shuffle, None, []
        if self._order is None:
            self._draw()
        assert self._order is not None
        return self._order

    def _draw(self) -> None:
        rows = np.tile(np.arange(self._n), (self._epochs, 1))
        if self._shuffled:
            self._bits.state = self._before
            rows = self._generator.permuted(rows, axis=1)
        self._order = rows.reshape(-1)

    def _lay_out(self, order: NDArray[np.intp], size: int) -> None:
        """Copy the rows of the coming batches into the buffers."""
        if size > len(self._x):
            self._reserve(size)
        first, ends = self._position, []
        end = first
        while end < len(order):
            after = min(end + size, self._epoch_end(end))
            if after - first > len(self._x):
                break
            ends.append(after)
            end = after
            if not self._shuffled:
                break  # the other epochs of the block are the same batch again
        chosen = order[first:end]
        # the indices are in range: "clip" only spares NumPy a buffer it needs in order to raise
        np.take(self._inputs, chosen, axis=0, out=self._x[: len(chosen)], mode="clip")
        np.take(self._targets, chosen, axis=0, out=self._y[: len(chosen)], mode="clip")
        key = (first % self._n, len(chosen), size)
        if key not in self._views:
            if len(self._views) >= 8:
                self._views.clear()
            starts = [0, *(e - first for e in ends)]
            self._views[key] = [
                (j - i, self._x[i:j].T, self._x[i:j], self._y[i:j]) for i, j in pairwise(starts)
            ]
        repeats = 1 if self._shuffled else (len(order) - first) // self._n
        self._batches, self._used, self._batch_size = self._views[key] * repeats, 0, size

    def _reserve(self, rows: int) -> None:
        self._x = np.empty((rows, self._inputs.shape[1]))
        self._y = np.empty((rows, *self._targets.shape[1:]))
        self._views: dict[tuple[int, int, int], list[Batch]] = {}
