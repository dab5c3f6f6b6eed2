"""Where regions are looked for: a box of the plane, and the plane within more dimensions."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from engine.activations import Array
from engine.affine import AffineMap
from engine.errors import ShapeError
from engine.network import Network
from engine.regions.scaled import ScaledNetwork, scaled_network


@dataclass(frozen=True, eq=False)
class Plane:
    """The points origin + s·u + t·v, all three (d,)."""

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

    def points(self, coordinates: ArrayLike) -> Array:
        """The points (n, d) at coordinates (s, t), (n, 2)."""
        return self.entry(coordinates)

    @property
    def entry(self) -> AffineMap:
        return AffineMap(np.column_stack([self.u, self.v]), self.origin)


def network_in_box(
    network: Network, box: ArrayLike, plane: Plane | None
) -> tuple[ScaledNetwork, Array, Array]:
    """z⁽ᴸ⁾ as a function of the box's two coordinates, and the box's corners in scaled ones."""
    corners = _checked_box(box)
    d = network.sizes[0]
    if plane is None and d == 1:
        raise ShapeError("this network has one input: its pieces are found by knots(net, interval)")
    if plane is None and d != 2:
        raise ShapeError(
            f"this network has {d} inputs: pass plane=Plane(origin, u, v), the plane to look at"
        )
    if plane is not None and plane.origin.size != d:
        raise ShapeError(f"the plane lies in {plane.origin.size} dimensions, the inputs in {d}")
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
