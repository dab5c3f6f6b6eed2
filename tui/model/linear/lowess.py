"""LOWESS, the smoother of a scatter plot: Cleveland 1979, JASA 74, 829–836."""

import numpy as np

from engine.arrays import Array

MAX_POINTS = 2000  # if there are more points, means of neighbours replace them
TIE = 64.0 * np.finfo(float).eps  # times the largest |x|: smaller differences are rounding
FLAT = 1e-6  # of the squared range of x: a neighbourhood with less variance has no slope
# no outliers are sought if the median residual is below
SETTLED = 1e-7  # times the mean residual, or
ROUNDING = 1e-12  # times the largest deviation of y from its mean


def lowess(
    x: Array, y: Array, fraction: float = 2.0 / 3.0, iterations: int = 3, gap: float = 0.01
) -> tuple[Array, Array]:
    """The smooth of points x, y (n,), finite, as a polyline (m,), (m,) from left to right.

    At each of its points a line is fitted to the nearest ``fraction`` of the points, weighted by
    the tricube of their distance and, ``iterations`` times, by the bisquare of their residual over
    6 medians. As in Cleveland's own program the polyline's points lie at values of x, and no
    closer than ``gap`` of the range if possible; of more than ``MAX_POINTS`` points, neighbours
    are averaged first.
    """
    order = np.argsort(x, kind="stable")
    x, y = _thinned(x[order]), _thinned(y[order])
    n = len(x)
    if n == 0:
        return x, y
    x = _tied(x)
    low, span = x[0], (x[-1] - x[0]) or 1.0
    t = (x - low) / span
    at = _anchors(t, gap)
    near = _tricube(t, at, min(max(2, int(fraction * n + 1e-7)), n))
    level = y.mean()
    rounding = ROUNDING * np.abs(y - level).max()
    fitted = np.zeros(len(at))
    trust = np.ones(n)
    for i in range(iterations + 1):
        fitted = _lines(near, trust, t, y - level, at, fitted)
        residuals = np.abs(y - level - np.interp(t, at, fitted))
        scale = 6.0 * np.median(residuals)
        if i == iterations or scale <= max(SETTLED * residuals.mean(), rounding):
            break
        trust = np.maximum(1.0 - (residuals / scale) ** 2, 0.0) ** 2
    return low + span * at, level + fitted


def _thinned(values: Array) -> Array:
    """At most ``MAX_POINTS`` means of groups of neighbours, whose sizes differ by at most 1."""
    n = len(values)
    if n <= MAX_POINTS:
        return values
    starts = np.arange(MAX_POINTS) * n // MAX_POINTS
    means: Array = np.add.reduceat(values, starts) / np.diff(starts, append=n)
    return means


def _tied(x: Array) -> Array:
    """x (n,), rising; values that differ only by rounding become equal to the lowest of them."""
    first = np.diff(x, prepend=-np.inf) > TIE * np.abs(x).max()
    tied: Array = x[first][np.cumsum(first) - 1]
    return tied


def _anchors(t: Array, gap: float) -> Array:
    """Some of t (n,), rising: the first, then always the farthest within the gap, or the next."""
    values = np.unique(t)
    following = np.searchsorted(values, values + gap, side="right") - 1
    following = np.maximum(following, np.arange(1, len(values) + 1)).tolist()
    chosen, i = [], 0
    while i < len(values):
        chosen.append(i)
        i = following[i]
    return values[chosen]


def _tricube(t: Array, at: Array, q: int) -> Array:
    """Weights (m, n) of t (n,), rising, about ``at`` (m,): 0 from the q-th nearest on."""
    first = np.searchsorted(t[: len(t) - q] + t[q:], 2.0 * at)  # of the q nearest
    reach = np.maximum(at - t[first], t[first + q - 1] - at)
    reach = np.maximum(reach, np.finfo(float).tiny)  # 0 where q of them lie at one place
    away = np.minimum(np.abs(t - at[:, None]) / reach[:, None], 1.0)
    weight = 1.0 - away * away * away
    return weight * weight * weight


def _lines(near: Array, trust: Array, t: Array, y: Array, at: Array, before: Array) -> Array:
    """The heights (m,) at ``at`` of lines fitted to t, y (n,) with weights near · trust (m, n);
    those of ``before`` where all weights are 0."""
    sums = near @ np.column_stack([trust, trust * t, trust * t * t, trust * y, trust * t * y])
    weighted = sums[:, 0] > 0.0
    mass = np.where(weighted, sums[:, 0], 1.0)
    t_mean, t_square, y_mean, product = (sums[:, 1:] / mass[:, None]).T
    variance, covariance = t_square - t_mean**2, product - t_mean * y_mean
    sloped = variance > FLAT
    slope = np.where(sloped, covariance / np.where(sloped, variance, 1.0), 0.0)
    return np.where(weighted, y_mean + slope * (at - t_mean), before)
