"""Dynamic programming for the best continuous curve of straight pieces, with knots from a list.

The state is (last knot, height v of the curve there). Its least cost is the minimum of finitely
many parabolas in v, which are carried along exactly (Fearnhead, Maidstone & Letchford 2019,
"Detecting changes in slope with an L0 penalty", J. Comput. Graph. Stat. 28, §3: there with a price
a knot and the heights on all points; here with the number of knots given).
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from engine.arrays import Array, Ints

BREAK = 16  # candidates


class Segments(NamedTuple):
    """Sums over the data between each two candidates i < j, (M + 1, M + 1) each.

    The line from height u at k_i to v at k_j has the squared error A·u² + 2B·uv + D·v² − 2E·u −
    2F·v + G on the points with k_i < x ≤ k_j (with i = 0 also those at k₀).
    """

    A: Array
    B: Array
    D: Array
    E: Array
    F: Array
    G: Array


class Parabolas(NamedTuple):
    """Parabolas a·v² + b·v + c (p,): costs up to a knot, ordered by ``knot``, its candidate.

    ``parent`` (p,) is the index of the parabola of the previous knot.
    """

    knot: Ints
    a: Array
    b: Array
    c: Array
    parent: Ints


def segment_sums(x: Array, y: Array, weights: Array, candidates: Array) -> Segments:
    """The sums for data (n,) sorted by x, and ascending candidates (M + 1,) from x₁ to x_n."""
    m = len(candidates)
    sums = np.zeros((6, m, m))
    stops = np.searchsorted(x, candidates, side="right")
    for i in range(m - 1):
        start = stops[i] if i else 0
        d, values = x[start:] - candidates[i], y[start:]
        rows = np.stack([np.ones_like(d), d, d * d, values, values * d, values * values])
        rows *= weights[start:]
        totals = np.concatenate([np.zeros((6, 1)), rows.cumsum(axis=1)], axis=1)
        n, sd, sdd, sy, syd, syy = totals[:, stops[i + 1 :] - start]
        length = candidates[i + 1 :] - candidates[i]
        t, tt, yt = sd / length, sdd / length**2, syd / length
        A, B = np.maximum(n - 2.0 * t + tt, 0.0), np.maximum(t - tt, 0.0)
        sums[:, i, i + 1 :] = A, B, tt, sy - yt, yt, syy
    return Segments(*sums)


def best_splits(sums: Segments, limits: Array) -> Iterator[Ints | None]:
    """The best knots among the candidates 1 … M − 1, with 0, 1, 2, … knots: indices (k,).

    ``limits`` (K + 1,) are costs that k = 0 … K knots can reach: costs above need not be followed.
    Each result is exact up to rounding: no other k candidates have a smaller squared error.
    Between two results None is yielded after each ``BREAK`` candidates, so that a caller can stop.
    """
    last = len(sums.A) - 1
    zero, none = np.zeros(1), np.zeros(1, dtype=np.intp)
    layers = [Parabolas(none, zero, zero, zero, none)]
    for k in range(len(limits)):
        closed = _extended(layers[-1], sums, last, np.inf)
        yield _knots(layers, int(closed.parent[_least_values(closed).argmin()]))
        if k + 1 < len(limits):
            parts = []
            for j in range(k + 1, last):
                parts.append(_extended(layers[-1], sums, j, limits[k + 1]))
                if len(parts) % BREAK == 0:
                    yield None
            layers.append(Parabolas(*map(np.concatenate, zip(*parts, strict=True))))


def _knots(layers: list[Parabolas], index: int) -> Ints:
    knots = []
    for layer in reversed(layers[1:]):
        knots.append(layer.knot[index])
        index = layer.parent[index]
    return np.array(knots[::-1], dtype=np.intp)


def _extended(layer: Parabolas, sums: Segments, j: int, limit: float) -> Parabolas:
    """The costs at candidate j after one more segment from any earlier knot, lowest ones only.

    For each parabola of u: min over u of itself and the segment's error, a parabola of v.
    """
    count = int(np.searchsorted(layer.knot, j))
    i, a, b, c, _ = (array[:count] for array in layer)
    A, B, D, E, F, G = (table[i, j] for table in sums)
    curved, p = a + A, b - 2.0 * E
    # without data that fix u, the cost does not depend on it
    share = np.where(curved > 1e-12, 1.0 / np.where(curved > 1e-12, curved, 1.0), 0.0)
    new = Parabolas(
        np.full(count, j),
        np.maximum(D - B * B * share, 0.0),
        -2.0 * F - p * B * share,
        c + G - p * p * share / 4.0,
        np.arange(count),
    )
    if np.isfinite(limit):
        low = np.flatnonzero(_least_values(new) <= limit)
        new = _some(new, low)
    return _some(new, _lower_envelope(new.a, new.b, new.c))


def _some(parabolas: Parabolas, index: Ints) -> Parabolas:
    knot, a, b, c, parent = parabolas
    return Parabolas(knot[index], a[index], b[index], c[index], parent[index])


def _least_values(parabolas: Parabolas) -> Array:
    """The minimum of each parabola (p,); of a line, which is then constant, its value."""
    _, a, b, c, _ = parabolas
    result: Array = c - np.where(a > 1e-12, b * b / np.where(a > 1e-12, 4.0 * a, 1.0), 0.0)
    return result


def _lower_envelope(a: Array, b: Array, c: Array) -> Ints:
    """The parabolas that are the lowest somewhere, by a walk along the envelope from −∞."""
    if len(a) < 2:
        return np.arange(len(a))
    current, v = int(np.lexsort((c, -b, a))[0]), -np.inf
    kept = {current}
    with np.errstate(all="ignore"):
        for _ in range(2 * len(a)):  # two parabolas cross twice at most
            da, db, dc = a - a[current], b - b[current], c - c[current]
            root = np.sqrt(db * db - 4.0 * da * dc)
            # where another parabola falls below this one
            crossing = np.where(db > 0.0, (-db - root) / (2.0 * da), 2.0 * dc / (root - db))
            crossing[~(crossing > v) | ~np.isfinite(crossing)] = np.inf
            current = int(crossing.argmin())
            v = crossing[current]
            if v == np.inf:
                break
            kept.add(current)
    return np.array(sorted(kept))
