"""Boxes and planes in the input space, and the network restricted to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import index
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.errors import ShapeError
from engine.network.affine import AffineMap
from engine.network.network import Network
from engine.regions.cells.power_of_two_scaling import ScaledNetwork, scaled_network
from engine.wording import plural

PARALLEL = 2e-14
"""If the sine of the angle between two directions is at most this, they count as parallel."""

UNIT_BOX = ((-1.0, 1.0), (-1.0, 1.0))


@dataclass(frozen=True, eq=False)
class Plane:
    """A plane in the input space: the points origin + s·u + t·v.

    Arguments:
        origin: the point with coordinates (0, 0), (d,).
        u, v: the directions of the coordinates s and t, (d,) each.

    Raises:
        ShapeError: if these are not finite vectors of the same length.

    Example:
        >>> import engine
        >>> plane = engine.Plane(origin=[0, 0, 1], u=[1, 0, 0], v=[0, 1, 0])
        >>> plane.points([[0.5, -0.5]]).tolist()
        [[0.5, -0.5, 1.0]]
        >>> network = engine.Network.from_arrays([[[1, 0, 0], [0, 1, 1]], [[1, 1]]])
        >>> engine.count_regions(network, plane=plane)
        2
    """

    origin: Array
    u: Array
    v: Array

    def __init__(self, origin: ArrayLike, u: ArrayLike, v: ArrayLike) -> None:
        for name, value in (("origin", origin), ("u", u), ("v", v)):
            array = np.array(value, dtype=np.float64)
            if array.ndim != 1 or not np.isfinite(array).all():
                raise ShapeError(f"{name} of a plane must be a vector of finite numbers")
            object.__setattr__(self, name, array)
        if not self.origin.size == self.u.size == self.v.size:
            raise ShapeError(
                "origin, u and v of a plane must be equally long, "
                f"but have {self.origin.size}, {self.u.size} and {self.v.size} entries"
            )

    @classmethod
    def along(cls, base: ArrayLike, i: int, j: int) -> Self:
        """The plane in which inputs i and j vary and the others stay as in ``base`` (d,).

        Its coordinates (s, t) are the two inputs. ShapeError unless i and j are two different
        inputs 0 … d − 1.
        """
        origin = np.array(base, dtype=np.float64)
        d, axes = origin.size, [index(i), index(j)]
        if origin.ndim != 1 or i == j or min(axes) < 0 or max(axes) >= d:
            raise ShapeError(f"inputs {i} and {j}: they must be two different ones of 0 … {d - 1}")
        origin[axes] = 0.0
        return cls(origin, *unit_vectors(d, axes))

    @classmethod
    def through(cls, a: ArrayLike, b: ArrayLike, c: ArrayLike) -> Self:
        """The plane through three points (d,): a at (0, 0), b at (1, 0), c at (0, 1).

        ShapeError if they are on one line, up to rounding.
        """
        points = cls(a, b, c)  # checks that they are finite and of the same length
        origin, u, v = points.origin, points.u - points.origin, points.v - points.origin
        shortest = min(np.abs(u).max(initial=0.0), np.abs(v).max(initial=0.0))
        largest = np.abs([points.origin, points.u, points.v]).max(initial=0.0)
        if _sine(u, v) * shortest <= PARALLEL * largest:
            raise ShapeError("the three points lie on one line: a plane needs three corners")
        return cls(origin, u, v)

    @classmethod
    def principal(cls, X: ArrayLike) -> Self:
        """The plane of the first two principal components of the rows of X (n, d).

        The origin is their mean. u and v are orthogonal and of length 1, with signs that make
        their largest entry positive (Pearson 1901). ShapeError if the rows vary in fewer than two
        directions.
        """
        X = np.asarray(X, dtype=np.float64)
        if X.ndim != 2 or X.size == 0 or not np.isfinite(X).all():
            raise ShapeError(f"X has shape {X.shape}; principal components need finite rows (n, d)")
        mean = X.mean(axis=0)
        _, lengths, directions = np.linalg.svd(X - mean, full_matrices=False)
        rounding = max(X.shape) * np.finfo(np.float64).eps * np.linalg.norm(X)
        if np.count_nonzero(lengths > rounding) < 2:
            raise ShapeError("the rows of X vary in fewer than two directions: they span no plane")
        first_two = directions[:2]
        largest = np.abs(first_two).argmax(axis=1)
        return cls(mean, *(first_two * np.sign(first_two[[0, 1], largest])[:, np.newaxis]))

    def points(self, coordinates: ArrayLike) -> Array:
        """The points (n, d) at coordinates (s, t), (n, 2)."""
        coordinates = np.asarray(coordinates, dtype=np.float64)
        if coordinates.ndim != 2 or coordinates.shape[1] != 2:
            raise ShapeError(f"coordinates have shape {coordinates.shape}; they must be (n, 2)")
        return self.entry(coordinates)

    def coordinates(self, X: ArrayLike) -> Array:
        """The coordinates (s, t) of the plane's points nearest to the rows of X (n, d): (n, 2).

        For points of the plane the inverse of ``points``. ShapeError if u and v are parallel.
        """
        X = np.asarray(X, dtype=np.float64)
        if X.ndim != 2 or X.shape[1] != self.origin.size:
            raise ShapeError(f"X has shape {X.shape}; it must be (n, {self.origin.size})")
        if _sine(self.u, self.v) <= PARALLEL:
            raise ShapeError("u and v of the plane are parallel: it is a line, without coordinates")
        lengths = np.array([np.abs(self.u).max(), np.abs(self.v).max()])
        Q, R = np.linalg.qr(self.entry.W / lengths)
        coordinates: Array = np.linalg.solve(R, Q.T @ (X - self.origin).T).T / lengths
        return coordinates

    @property
    def entry(self) -> AffineMap:
        """The map from (s, t) to the d inputs: W (d, 2) with columns u and v, and b the origin."""
        return AffineMap(np.column_stack([self.u, self.v]), self.origin)


def unit_vectors(d: int, axes: Sequence[int]) -> Array:
    """The unit vector (d,) of each of these axes, as rows: for many inputs np.eye(d) is large."""
    rows = np.zeros((len(axes), d))
    rows[np.arange(len(axes)), axes] = 1.0
    return rows


def network_in_box(
    network: Network, box: ArrayLike, plane: Plane | None
) -> tuple[ScaledNetwork, Array, Array]:
    """z⁽ᴸ⁾ as a function of the two coordinates, and the box's corners in scaled coordinates."""
    corners = _checked_box(box)
    d = network.sizes[0]
    if plane is None and d == 1:
        raise ShapeError("this network has one input: its pieces are found by knots(net, interval)")
    if plane is None and d != 2:
        raise ShapeError(
            f"this network has {d} inputs: pass plane=Plane(origin, u, v), the plane to look at"
        )
    if plane is not None and plane.origin.size != d:
        raise ShapeError(
            f"the plane lies in {plural(plane.origin.size, 'dimension')}, the inputs in {d}"
        )
    entry = None if plane is None else plane.entry
    scaled = scaled_network(network, np.abs(corners).max(axis=0), entry)
    lower, upper = scaled.scale(corners).T
    return scaled, lower, upper


def _checked_box(box: ArrayLike) -> Array:
    """The lower and the upper corner of ((x_lo, x_hi), (y_lo, y_hi)), as rows."""
    try:
        sides = np.asarray(box, dtype=np.float64)
    except (TypeError, ValueError):
        sides = np.empty(0)
    if sides.shape != (2, 2) or not np.isfinite(sides).all() or (sides[:, 0] >= sides[:, 1]).any():
        raise ShapeError(f"box {box!r}: it must be ((x_lo, x_hi), (y_lo, y_hi)), finite, lo < hi")
    return sides.T


def _sine(u: Array, v: Array) -> float:
    """|sin| of the angle between two vectors (d,); 0 if one of them is 0."""
    if not (u.any() and v.any()):
        return 0.0
    e, v = u / np.abs(u).max(), v / np.abs(v).max()
    e /= np.linalg.norm(e)
    across = v - (v @ e) * e
    return float(np.linalg.norm(across) / np.linalg.norm(v))
