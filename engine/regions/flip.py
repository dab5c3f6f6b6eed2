"""The smallest change of a network's input that changes its decision."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array, length
from engine.errors import ShapeError
from engine.network.network import Network
from engine.regions.cells.part import MEMORY
from engine.regions.decisions import Flip
from engine.regions.plane import Plane
from engine.regions.region_map import linear_regions
from engine.wording import plural

GROWTH, BOXES = 4.0, 11
"""Without a box, boxes around x of half-width 1, 4, … 4¹⁰ (times ‖x‖ if above 1) are searched."""


def nearest_flip(
    network: Network,
    x: ArrayLike,
    box: ArrayLike | None = None,
    plane: Plane | None = None,
    level: float = 0.0,
    output: int | None = None,
    memory: float = MEMORY,
) -> Flip | None:
    """The smallest Euclidean change of the input x that flips the decision, exact up to rounding.

    With several outputs the decision is the class with the largest z⁽ᴸ⁾, of equal ones the first;
    with one it is whether z⁽ᴸ⁾ exceeds a level. In every activation region z⁽ᴸ⁾ is affine, so
    that the places with another decision are convex polygons: the nearest point of their sides is
    found. Places without area do not count.

    To ask for many points of one network, call ``linear_regions(…).decisions()`` once, then its
    ``nearest(x)``.

    Arguments:
        network: with one or two inputs, or any number with ``plane``; the hidden activations must
            be piecewise linear.
        x: the input (d,); with ``plane`` its coordinates (s, t).
        box: where to search: ((x_lo, x_hi), (y_lo, y_hi)), (lo, hi) for one input; x may be
            outside. None: everywhere, in boxes around x that grow until the answer is certain, up
            to about 10⁶ from x (10⁶·‖x‖ if ‖x‖ > 1).
        plane: the plane of the inputs to stay in; points are in its coordinates, the distance is
            in the inputs.
        level: for one output, the z⁽ᴸ⁾ at which the decision flips. 0 is ŷ = 0.5 with sigmoid and
            probit and ŷ = 0 with tanh; ŷ = 0.5 with cloglog is log(log 2).
        output: compare z⁽ᴸ⁾ of this one of several outputs with the level, instead of classes.
        memory: the limit on the bytes used, approximate; default 1 GiB.

    Returns:
        A Flip; None if no point searched has another decision. Its ``region`` is that of
        ``linear_regions`` in the same box, the number of the interval from the left for one input,
        and −1 without a box.

    Raises:
        ShapeError: if x, the box or the plane does not fit the network, or there is no such output.
        NotPiecewiseLinearError: if a hidden layer is curved.
        MemoryBoundError: if the regions do not fit the memory.

    Example:
        >>> import engine
        >>> network = engine.Network.from_arrays([[[1, 0], [0, 1]], [[1, 1]]], [[0, 0], [-1]])
        >>> flip = engine.nearest_flip(network, [2.0, -0.5], box=((-3, 3), (-3, 3)))
        >>> flip.point.tolist(), flip.distance, flip.after
        ([1.0, -0.5], 1.0, 0)
    """
    point = _checked_point(network, x, plane)
    if network.sizes[0] > 1 or plane is not None:
        return _search(network, point, box, plane, level, output, memory)
    # one input: in a strip whose second coordinate does not matter
    strip, point = Plane([0.0], [1.0], [0.0]), np.append(point, 0.0)
    box = None if box is None else _strip(box)
    flip = _search(network, point, box, strip, level, output, memory)
    return None if flip is None else flip._replace(point=flip.point[:1])


def _search(
    network: Network,
    x: Array,
    box: ArrayLike | None,
    plane: Plane | None,
    level: float,
    output: int | None,
    memory: float,
) -> Flip | None:
    """The nearest flip in a box, or in the first of several that reaches as far as the flip."""
    entry = None if plane is None else plane.entry
    shrinks = 1.0 if entry is None else float(entry.singular_values[-1])
    for sides, half in _boxes(x, box):
        regions = linear_regions(network, sides, plane, memory)
        flip = regions.decisions(level, output).nearest(x, entry)
        if flip is not None and flip.distance <= half * shrinks:
            break
    if flip is None:
        return None
    if box is None:
        return flip._replace(region=-1)
    if network.sizes[0] == 1:
        left = np.count_nonzero(regions.centres[:, 0] < regions.centres[flip.region, 0])
        return flip._replace(region=int(left))
    return flip


def _strip(interval: ArrayLike) -> Array:
    """The box over an interval (lo, hi)."""
    ends = np.asarray(interval, dtype=np.float64)
    if ends.size != 2:
        raise ShapeError(f"interval {interval!r}: it must be (lo, hi)")
    return np.stack([ends.ravel(), [-1.0, 1.0]])


def _boxes(x: Array, box: ArrayLike | None) -> Iterator[tuple[ArrayLike, float]]:
    """The boxes to search, and how far they reach around x; inf for a given box."""
    if box is not None:
        yield box, np.inf
        return
    for i in range(BOXES):
        half = max(1.0, length(x)) * GROWTH**i
        yield np.column_stack([x - half, x + half]), half


def _checked_point(network: Network, x: ArrayLike, plane: Plane | None) -> Array:
    """x as (d,), or the coordinates (2,)."""
    d = network.sizes[0] if plane is None else 2
    if d > 2:
        raise ShapeError(
            f"this network has {plural(d, 'input')}, and a flip is found among one or two: "
            "pass plane=Plane(origin, u, v), the plane to stay in"
        )
    point = np.atleast_1d(np.asarray(x, dtype=np.float64))
    if point.shape != (d,) or not np.isfinite(point).all():
        raise ShapeError(f"x is {x!r}; it must be one finite point ({d},)")
    return point
