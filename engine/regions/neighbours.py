"""The typical distance between examples: from each to its nearest neighbour."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array, Ints
from engine.errors import ShapeError

WORK = 2.5e8
"""With more pairs of rows times columns than this, only a random sample of rows is compared."""

MIN_SAMPLE = 100  # rows sampled, however many there are
ADJACENT = 24  # rows before and after in the order of one column, for a first bound
BLOCK_ROWS, BLOCK = 128, 2**21  # rows, and distances, computed at a time


class NeighbourDistance(NamedTuple):
    """The median Euclidean distance from a row to the nearest different row.

    ``rows``: how many rows are different. ``sample_size``: how many of them were compared with all;
    if fewer, they are a random sample, and the median is an estimate.

    Example:
        >>> import engine
        >>> engine.neighbour_distance([[0.0], [1.0], [3.0], [3.0], [7.0]])
        NeighbourDistance(median=1.5, sample_size=4, rows=4)
    """

    median: float
    sample_size: int
    rows: int


def neighbour_distance(X: ArrayLike, seed: int = 0) -> NeighbourDistance:
    """The median distance from an example to its nearest neighbour; equal rows count as one.

    Exact if (different rows)²·columns ≤ 2.5·10⁸, for example 10 000 rows of 2. Else only a
    random sample of rows is compared with all.

    Arguments:
        X: the inputs (n, d).
        seed: of the sample.

    Returns:
        A NeighbourDistance; the median is NaN if fewer than two rows are different.

    Raises:
        ShapeError: if X is not a finite matrix.

    Example:
        >>> import engine
        >>> corners = [[0, 0], [0, 1], [1, 0], [1, 1]]
        >>> engine.neighbour_distance(corners).median
        1.0
    """
    points = np.asarray(X, dtype=np.float64)
    if points.ndim != 2 or not np.isfinite(points).all():
        raise ShapeError(f"X has shape {points.shape}; it must be a finite matrix (n, d)")
    if points.size == 0:
        return NeighbourDistance(float("nan"), 0, 0)
    largest = float(np.abs(points).max()) or 1.0
    points = points / largest
    widest = int(np.ptp(points, axis=0).argmax())
    points = points[np.lexsort([*points.T, points[:, widest]])]
    points = points[np.append(True, (points[1:] != points[:-1]).any(axis=1))]
    n, d = points.shape
    if n < 2:
        return NeighbourDistance(float("nan"), 0, n)
    points -= points.mean(axis=0)
    sample_size = min(n, max(MIN_SAMPLE, int(WORK / (n * d))))
    rows = np.arange(n)
    if sample_size < n:
        rows = np.sort(np.random.default_rng(seed).choice(n, sample_size, replace=False))
    squares = _nearest_squares(points, rows, points[:, widest])
    return NeighbourDistance(float(np.median(np.sqrt(squares)) * largest), sample_size, n)


def _nearest_squares(X: Array, rows: Ints, column: Array) -> Array:
    """Squared distances from some rows to their nearest other rows, X sorted by this column.

    Right up to the upper median; above it a distance may be too large, so that the median is right:
    who is further away in the column than the present upper median m is at least m away.
    """
    best, columns = np.full(len(rows), np.inf), np.ascontiguousarray(X.T)
    queries = columns.take(rows, axis=1)
    for offset in range(1, ADJACENT + 1):
        for near in (rows - offset, rows + offset):
            squares = np.square(columns.take(near, axis=1, mode="clip") - queries).sum(axis=0)
            squares[squares == 0.0] = np.inf  # the row itself, as the rows are different
            np.minimum(best, squares, out=best)
    norms = (X * X).sum(axis=1)
    size = max(1, min(BLOCK_ROWS, BLOCK // len(X)))
    for first in range(0, len(rows), size):
        block = rows[first : first + size]
        reach = np.sqrt(np.partition(best, len(best) // 2)[len(best) // 2])
        lo = np.searchsorted(column, column[block[0]] - reach)
        hi = np.searchsorted(column, column[block[-1]] + reach, side="right")
        pairs = norms[lo:hi] - 2.0 * (X[block] @ X[lo:hi].T)  # without the norms of the block
        pairs[np.arange(len(block)), block - lo] = np.inf
        gaps = X[block] - X[lo + pairs.argmin(axis=1)]  # again, as the pairs suffer from rounding
        squares = np.square(gaps).sum(axis=1)
        squares[squares == 0.0] = np.inf
        best[first : first + size] = np.minimum(best[first : first + size], squares)
    return best
