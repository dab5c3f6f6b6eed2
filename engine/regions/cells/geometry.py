"""Convex polygons, many at once: their corners one after another in one array (C, 2)."""

import numpy as np

from engine.arrays import Array, Ints


def following_corners(starts: Ints, count: int) -> Ints:
    """(C,): the corner after each one; polygon i begins at starts[i], the last ends at count."""
    following = np.arange(1, count + 1)
    following[np.append(starts[1:], count) - 1] = starts
    return following


def areas_and_centres(corners: Array, starts: Ints) -> tuple[Array, Array]:
    """The areas (R,) and centroids (R, 2) of anticlockwise convex polygons.

    From triangles about the mean of the corners. Rounding could turn a triangle over, which
    counts as nothing: so the centroid is always a mean of points within.
    """
    sizes = np.diff(starts, append=len(corners))
    middle = np.add.reduceat(corners, starts) / sizes[:, np.newaxis]
    p = corners - np.repeat(middle, sizes, axis=0)
    q = p[following_corners(starts, len(corners))]
    doubled = np.maximum(p[:, 0] * q[:, 1] - p[:, 1] * q[:, 0], 0.0)
    moments = np.add.reduceat(doubled[:, np.newaxis] * (p + q), starts) / 3.0
    total = np.add.reduceat(doubled, starts)
    shift = np.divide(
        moments, total[:, np.newaxis], out=np.zeros_like(moments), where=total[:, np.newaxis] > 0.0
    )
    return total / 2.0, middle + shift


def nearest_polygon(corners: Array, starts: Ints, point: Array) -> int:
    """The polygon that the point (2,) lies in, or is least outside of."""
    side = corners[following_corners(starts, len(corners))] - corners
    away = point - corners
    depth = side[:, 0] * away[:, 1] - side[:, 1] * away[:, 0]
    depth /= np.maximum(np.hypot(side[:, 0], side[:, 1]), np.finfo(np.float64).tiny)
    return int(np.argmax(np.minimum.reduceat(depth, starts)))


def components(count: int, a: Ints, b: Ints) -> Ints:
    """The connected components 0, 1, … (count,) of a graph with edges a[i] – b[i]."""
    label = np.arange(count)
    while True:
        low = np.minimum(label[a], label[b])
        lower = label.copy()
        np.minimum.at(lower, label[a], low)
        np.minimum.at(lower, label[b], low)
        lower = lower[lower]
        if np.array_equal(lower, label):
            return np.unique(label, return_inverse=True)[1]
        label = lower
