"""The best free-knot linear spline: where K knots should be, by least squares."""

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from engine.approximation.knot_fit import KnotFit, fit_knots
from engine.approximation.moving_knots import Points, refined, squared_error
from engine.approximation.segments import best_splits, segment_sums
from engine.approximation.targets import sample
from engine.arrays import Array, distinct
from engine.errors import DataError

DIGITS = 9  # of x on 0 … 1, that tell places apart
POINTS = 1000  # to search with, at most; more data are put together
CANDIDATES = 64  # intervals between neighbouring candidates, unless more knots are wanted


def best_knots(x: ArrayLike, y: ArrayLike, count: int) -> KnotFit:
    """The continuous curve of straight pieces with K free knots that fits data best.

    In two parts. Exact: the best knots among candidates, by dynamic programming (``best_splits``).
    The candidates are the distinct x between the first and the last; of more than 63, 63 spread
    evenly by rank (2K − 1 if K > 32). Local: from these knots, from evenly spaced ones, and from
    the best K − 1 with one more in the widest gap, the knots are moved by Levenberg–Marquardt steps
    on heights and knots (Jupp 1978, "Approximation to data by splines with free knots", SIAM J.
    Numer. Anal. 15), and the best of the three is taken. It need not be the global minimum. C is
    never larger, but for rounding, than with evenly spaced knots or with fewer knots. With more
    than ``POINTS`` distinct x, neighbours are put together for the search, but not for C.

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
    return last.fit


class KnotSearch(NamedTuple):
    """The best fit with ``knot_count`` knots, the most so far; ``done`` is 0 … 1 of the work.

    ``fit`` has fewer knots where two of them are the same number.
    """

    fit: KnotFit
    knot_count: int
    done: float


def searching_knots(x: ArrayLike, y: ArrayLike, count: int) -> Iterator[KnotSearch]:
    """Search as ``best_knots`` does, and yield the fits with 0, 1, …, ``count`` knots.

    A fit is yielded again until the next is found: every few ms to some tens of ms, so that a
    caller can show progress and stop. C does not rise with the number of knots, but for rounding.
    """
    x, y = sample(x, y)
    limit = max_knots(x)
    if not 0 <= count <= limit:
        raise DataError(f"count = {count}: with these x it can be 0 to {limit}")
    points, is_rounded = _points(x, y)
    best, fit = np.zeros(0), fit_knots(x, y, [], "fast")
    for knots in _placed(points, count):
        if knots is not None:
            options = [knots]
            if is_rounded:  # compare on all data
                options += [even_knots(0.0, 1.0, len(knots)), _with_one_more(best)]
            fits = [fit_knots(x, y, _in_units(x, option), "fast") for option in options]
            chosen = min(range(len(fits)), key=lambda index: fits[index].cost)
            best, fit = options[chosen], fits[chosen]
        yield KnotSearch(fit, len(best), (len(best) + 1) / (count + 1))


def _in_units(x: Array, knots: Array) -> Array:
    """Knots on 0 … 1 as distinct knots on the range of x, without overflow."""
    return distinct(np.clip(x[0] * (1.0 - knots) + x[-1] * knots, x[0], x[-1]))


def _points(x: Array, y: Array) -> tuple[Points, bool]:
    """Data scaled to 0 … 1, one point with the mean of y for each distinct x.

    Of more than ``POINTS`` distinct x, neighbours are put together; then the second value is True.
    """
    t, u = _scaled(x), _scaled(y)
    places = distinct(t.round(DIGITS))
    group = np.searchsorted(places, t.round(DIGITS))
    is_rounded = len(places) > POINTS
    if is_rounded:
        group = group * POINTS // len(places)
    weights = np.bincount(group).astype(np.float64)
    x, y = (np.bincount(group, values) / weights for values in (t, u))
    return Points(x, y, weights), is_rounded


def max_knots(x: ArrayLike) -> int:
    """How many free knots data can have: as many as distinct x between the first and the last.

    At most ``POINTS`` − 2. x nearer than 10⁻⁹ of the range count as one.
    """
    places = distinct(_scaled(np.asarray(x, dtype=np.float64)).round(DIGITS))
    return max(min(len(places), POINTS) - 2, 0)


def even_knots(low: float, high: float, count: int) -> Array:
    """``count`` knots that cut an interval into equal pieces."""
    return np.linspace(low, high, count + 2)[1:-1]


def _scaled(values: Array) -> Array:
    """Values moved and scaled to 0 … 1, without overflow; 0 if all are equal."""
    values = values / (float(np.abs(values).max()) or 1.0)
    values = values - values.min()
    return values / (float(values.max()) or 1.0)


def _placed(points: Points, count: int) -> Iterator[Array | None]:
    """The best 1, …, ``count`` knots for points with distinct x; None before each result."""
    yield None
    if not count:
        return
    x = points.x
    intervals = min(max(CANDIDATES, 2 * count), len(x) - 1)
    candidates = x[np.linspace(0, len(x) - 1, intervals + 1).round().astype(np.intp)]
    even = [even_knots(float(x[0]), float(x[-1]), k) for k in range(count + 1)]
    # even knots need not be candidates, so the limits are of candidates near them
    limits = np.array([squared_error(points, _nearest(candidates, knots)) for knots in even])
    limits = limits * (1.0 + 1e-9) + 1e-9 * points.weights.sum()
    best = np.zeros(0)
    for split in best_splits(segment_sums(*points, candidates), limits):
        if split is None:
            yield None
        elif k := len(split):
            ends = []
            for start in (candidates[split], even[k], _with_one_more(best, x[0], x[-1])):
                ends.append(refined(points, start))
                yield None
            best = min(ends, key=lambda knots: squared_error(points, knots))
            yield best


def _nearest(candidates: Array, knots: Array) -> Array:
    """As many distinct inner candidates as knots, near them."""
    inner = candidates[1:-1]
    index = np.searchsorted(inner, knots)
    order = np.arange(len(knots))
    index = np.maximum.accumulate(index - order) + order  # ascending, each larger than before
    return inner[np.minimum(index, len(inner) - len(knots) + order)]


def _with_one_more(knots: Array, low: float = 0.0, high: float = 1.0) -> Array:
    """The knots, and one in the middle of the widest gap between ``low`` and ``high``."""
    ends = np.array([low, *knots, high])
    gap = int(np.diff(ends).argmax())
    return np.insert(knots, gap, (ends[gap] + ends[gap + 1]) / 2.0)
