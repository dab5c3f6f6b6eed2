"""The best free-knot linear spline: where K knots should be, by least squares."""

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from engine.approximation.knot_fit import KnotFit, fit_knots
from engine.approximation.moving_knots import refined, squared_error
from engine.approximation.segments import best_splits, segment_sums
from engine.approximation.targets import sample
from engine.arrays import Array, distinct
from engine.errors import DataError

CANDIDATES = 64  # intervals between neighbouring candidates, unless more knots are wanted


def best_knots(x: ArrayLike, y: ArrayLike, count: int) -> KnotFit:
    """The continuous curve of straight pieces with K free knots that fits data best.

    In two parts. Exact: the best knots among candidates, by dynamic programming (``best_splits``).
    The candidates are the distinct x between the first and the last; of more than 63, 63 spread
    evenly by rank (2K − 1 if K > 32). Local: from these knots, from evenly spaced ones, and from
    the best K − 1 with one more in the widest gap, the knots are moved by Levenberg–Marquardt steps
    on heights and knots (Jupp 1978, "Approximation to data by splines with free knots", SIAM J.
    Numer. Anal. 15), and the best of the three is taken. It need not be the global minimum. C is
    never larger, but for rounding, than with evenly spaced knots, with the best candidates, or with
    fewer knots.

    Arguments:
        x, y: data (n,).
        count: K, 0 or more; at most the number of distinct x between the first and the last.

    Returns:
        The fit. ``searching_knots`` yields it for 0, 1, …, K knots, one after another.

    Raises:
        ShapeError: x and y are not (n,).
        DataError: a number is not finite, or K is not possible.

    Example:
        >>> import engine
        >>> fit = engine.best_knots([0, 1, 2, 3, 4, 5], [0, 1, 2, 1, 0, -1], count=1)
        >>> fit.knots.round(6).tolist(), round(fit.cost, 6)
        ([2.0], 0.0)
    """
    (last,) = deque(searching_knots(x, y, count), maxlen=1)
    return last.fits[-1]


class KnotSearch(NamedTuple):
    """The best fits with 0, 1, 2, … knots so far, and the share ``done`` (0 … 1) of the knots."""

    fits: tuple[KnotFit, ...]
    done: float


def searching_knots(x: ArrayLike, y: ArrayLike, count: int) -> Iterator[KnotSearch]:
    """Search as ``best_knots`` does, and yield what is found; the last has 0 … ``count`` knots.

    C does not rise with the number of knots, but for rounding. With some hundreds of examples it
    yields every few ms to tens of ms, so that a caller can show progress and stop.
    """
    x, y = sample(x, y)
    limit = max_knots(x)
    if not 0 <= count <= limit:
        raise DataError(f"{count} knots: with these x there can be 0 to {limit}")
    t, u = _scaled(x), _scaled(y)
    fits: tuple[KnotFit, ...] = ()
    for knots in _placed(t, u, count):
        if knots is not None:
            placed = np.clip(x[0] * (1.0 - knots) + x[-1] * knots, x[0], x[-1])
            fits = (*fits, fit_knots(x, y, placed, method="fast"))
        yield KnotSearch(fits, len(fits) / (count + 1))


def max_knots(x: ArrayLike) -> int:
    """How many free knots data can have: as many as distinct x between the first and the last."""
    return max(len(distinct(np.asarray(x, dtype=np.float64))) - 2, 0)


def even_knots(low: float, high: float, count: int) -> Array:
    """``count`` knots that cut an interval into equal pieces."""
    return np.linspace(low, high, count + 2)[1:-1]


def _scaled(values: Array) -> Array:
    """Values moved and scaled to 0 … 1, without overflow; 0 if all are equal."""
    values = values / (float(np.abs(values).max()) or 1.0)
    values = values - values.min()
    return values / (float(values.max()) or 1.0)


def _placed(t: Array, u: Array, count: int) -> Iterator[Array | None]:
    """The knots for data scaled to 0 ≤ t, u ≤ 1; None between two results."""
    yield np.zeros(0)
    if not count:
        return
    places = distinct(t)
    intervals = min(max(CANDIDATES, 2 * count), len(places) - 1)
    candidates = places[np.linspace(0, len(places) - 1, intervals + 1).round().astype(np.intp)]
    even = [even_knots(0.0, 1.0, k) for k in range(count + 1)]
    # even knots need not be candidates, so the limits are of candidates near them
    limits = np.array([squared_error(t, u, _nearest(candidates, knots)) for knots in even])
    limits = limits * (1.0 + 1e-9) + 1e-9 * len(t)
    best = np.zeros(0)
    for split in best_splits(segment_sums(t, u, candidates), limits):
        if split is None:
            yield None
        elif k := len(split):
            ends = []
            for start in (candidates[split], even[k], _with_one_more(best)):
                ends.append(refined(t, u, start))
                yield None
            best = min(ends, key=lambda knots: squared_error(t, u, knots))
            yield best


def _nearest(candidates: Array, knots: Array) -> Array:
    """As many distinct inner candidates as knots, near them."""
    inner = candidates[1:-1]
    index = np.searchsorted(inner, knots)
    order = np.arange(len(knots))
    index = np.maximum.accumulate(index - order) + order  # ascending, each larger than before
    return inner[np.minimum(index, len(inner) - len(knots) + order)]


def _with_one_more(knots: Array) -> Array:
    """The knots, and one in the middle of the widest gap of 0 … 1."""
    ends = np.concatenate([[0.0], knots, [1.0]])
    gap = int(np.diff(ends).argmax())
    return np.insert(knots, gap, (ends[gap] + ends[gap + 1]) / 2.0)
