"""Areas, centroids and distances of many convex polygons, and components of a graph.

The corners of all polygons follow each other in one array (C, 2).
"""

import numpy as np

from engine.arrays import Array, Ints


def following_corners(starts: Ints, count: int) -> Ints:
    """The next corner (C,) of each corner; polygon i begins at starts[i], ``count`` is C."""
    following = np.arange(1, count + 1)
    following[np.append(starts[1:], count) - 1] = starts
    return following


def areas_and_centres(corners: Array, starts: Ints) -> tuple[Array, Array]:
    """The areas (R,) and centroids (R, 2) of anticlockwise convex polygons.

    From triangles with the mean of the corners. A triangle that rounding has made negative
    counts as 0, so the centroid is always a mean of points inside.
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
    """The polygon that contains the point (2,), or else the nearest one."""
    side = corners[following_corners(starts, len(corners))] - corners
    offset = point - corners
    depth = side[:, 0] * offset[:, 1] - side[:, 1] * offset[:, 0]
    depth /= np.maximum(np.hypot(side[:, 0], side[:, 1]), np.finfo(np.float64).tiny)
    return int(np.argmax(np.minimum.reduceat(depth, starts)))


def components(count: int, a: Ints, b: Ints) -> Ints:
    """The connected components 0, 1, … (count,) of a graph with edges a[i] – b[i]."""
    label = np.arange(count)
    while True:  # take the lowest label among neighbours, then that label's own label
        low = np.minimum(label[a], label[b])
        lower = label.copy()
        np.minimum.at(lower, label[a], low)
        np.minimum.at(lower, label[b], low)
        lower = lower[lower]
        if np.array_equal(lower, label):
            return np.unique(label, return_inverse=True)[1]
        label = lower
