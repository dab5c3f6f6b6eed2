"""The linear regions of a network in a box: their number, polygons and affine maps."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array, Bools, Ints, lengths
from engine.errors import EngineError, ShapeError
from engine.network.affine import AffineMap
from engine.network.network import Network
from engine.regions.cells.assemble import NetworkComplex
from engine.regions.cells.geometry import areas_and_centres, components, nearest_polygon
from engine.regions.cells.part import MEMORY, Part
from engine.regions.cells.power_of_two_scaling import TOLERANCE, ScaledNetwork
from engine.regions.cells.unit_cut import OUTSIDE, Subdivision
from engine.regions.hidden_units import Inequality, unit_names
from engine.regions.plane import UNIT_BOX, Plane, network_in_box
from engine.wording import plural

if TYPE_CHECKING:
    from engine.regions.decisions import DecisionMap


def linear_regions(
    network: Network,
    box: ArrayLike = UNIT_BOX,
    plane: Plane | None = None,
    memory: float = MEMORY,
) -> "RegionMap":
    """Find the activation regions and the linear regions of z⁽ᴸ⁾ in a box.

    Linear regions are activation regions joined across borders of positive length where the map is
    the same: exact up to rounding, by cutting the box by the units of one layer after another.

    Arguments:
        network: with two inputs, or any number with ``plane``; the hidden activations must be
            piecewise linear.
        box: ((x_lo, x_hi), (y_lo, y_hi)) of the inputs, or of the plane's coordinates (s, t).
        plane: the plane to look at; None: the two inputs.
        memory: the limit on the bytes used, approximate; default 1 GiB.

    Returns:
        A RegionMap.

    Raises:
        ShapeError: if the box or the plane does not fit the network.
        NotPiecewiseLinearError: if a hidden layer is curved.
        MemoryBoundError: if the regions do not fit the memory.

    Example:
        >>> import engine
        >>> weights = [[[1, 0], [0, 1], [1, 1]], [[1, 1, 1]]]
        >>> network = engine.Network.from_arrays(weights, [[0, 0, 0.5], [0]])
        >>> engine.linear_regions(network)
        RegionMap(7 activation, 7 linear regions)
    """
    scaled, lower, upper = network_in_box(network, box, plane)
    cut = NetworkComplex(Part.box(lower, upper, memory), scaled)
    values = cut.complex.values
    rows = np.concatenate([values[:, 2:].T, values[:, :2].T])
    faces = Subdivision(rows, cut.complex.edges, cut.complex.faces)
    return RegionMap(scaled, np.array(box, dtype=np.float64), faces, cut)


@dataclass(frozen=True, eq=False, repr=False)
class RegionMap:
    """The R activation regions 0, 1, … of a box, and the linear regions that they form.

    All points are in the network's inputs, or in the coordinates (s, t) of the plane. Each
    property is computed on first access.

    Example:
        >>> import engine
        >>> network = engine.Network.from_arrays([[[1, 0]], [[3]]], [[0], [1]])
        >>> regions = engine.linear_regions(network)
        >>> right = int(regions.locate([[0.5, 0]])[0])
        >>> regions.affine(right).W.tolist(), float(regions.areas[right])
        ([[3.0, 0.0]], 2.0)
    """

    _scaled: ScaledNetwork
    _box: Array
    _subdivision: Subdivision
    _cut: NetworkComplex

    def __repr__(self) -> str:
        linear = plural(self.linear_count, "linear region")
        return f"RegionMap({self.activation_count} activation, {linear})"

    @property
    def activation_count(self) -> int:
        """R, the number of open cells of the box on which no hidden unit changes sign."""
        return self._subdivision.face_count

    @cached_property
    def patterns(self) -> Bools:
        """Which hidden units are on in each region (R, units), layer by layer."""
        return self._cut.patterns()

    @property
    def close_calls(self) -> int:
        """How often a vertex was so near a border that its side is uncertain: see RegionCount."""
        return self._cut.close_calls

    @cached_property
    def linear_count(self) -> int:
        """The number of linear regions."""
        return int(self.linear_ids.max()) + 1

    @cached_property
    def linear_ids(self) -> Ints:
        """The linear region 0, 1, … (R,) that each activation region belongs to."""
        same = ~self._slope_changes.any(axis=(1, 2))  # if W is equal, b is too: z⁽ᴸ⁾ is continuous
        i, j = self.edge_regions[same & self._long_edges].T
        return components(self.activation_count, i, j)

    @cached_property
    def polygons(self) -> tuple[Array, ...]:
        """The corners (m, 2) of each region, anticlockwise; some lie on straight sides."""
        return tuple(np.split(self.vertices[self._corners[0]], self._starts[1:]))

    @property
    def areas(self) -> Array:
        """The area of each region (R,), in the units of the coordinates."""
        return self._areas_and_centres[0]

    @property
    def centres(self) -> Array:
        """The centroid of each region (R, 2), a point inside it."""
        return self._areas_and_centres[1]

    @cached_property
    def vertices(self) -> Array:
        """The corners of all regions (V, 2)."""
        return self._scaled.unscale(self._subdivision.values[-2:])

    @cached_property
    def edges(self) -> Array:
        """The borders between regions as segments (m, 4): x, y of one end, x, y of the other."""
        u, v = self._inner_edges[:2]
        return np.concatenate([self.vertices[u], self.vertices[v]], axis=1)

    @property
    def edge_units(self) -> Ints:
        """Layer (from 1) and unit (from 0) of the hidden unit that makes each border (m, 2)."""
        units: Ints = unit_names(self._scaled.hidden)[self._inner_edges[4]]
        return units

    @property
    def edge_layers(self) -> Ints:
        """The hidden layer 1, 2, … (m,) of the unit that makes each border."""
        return self.edge_units[:, 0]

    @property
    def edge_regions(self) -> Ints:
        """The regions on both sides of each border (m, 2)."""
        return self._inner_edges[2:4].T

    @property
    def edge_lengths(self) -> Array:
        """The length of each border (m,), in the units of the coordinates."""
        return lengths(self.edges[:, 2:] - self.edges[:, :2])

    @property
    def edge_normals(self) -> Array:
        """The unit normal (m, 2) of each border, from the first of its ``edge_regions`` into the
        second; 0 for a border no longer than rounding."""
        dx, dy = (self.edges[:, 2:] - self.edges[:, :2]).T  # the first region is on the left
        normals = np.column_stack([dy, -dx]) * self._long_edges[:, np.newaxis]
        size = lengths(normals)[:, np.newaxis]
        units: Array = np.divide(normals, size, out=np.zeros_like(normals), where=size > 0.0)
        return units

    @cached_property
    def edge_jumps(self) -> Array:
        """The jump of the slope of z⁽ᴸ⁾ across each border (m, k), along its normal.

        It is the same from both sides: > 0 where z⁽ᴸ⁾ is convex across the border, < 0 where it is
        concave, exactly 0 where both maps are the same up to rounding. The gradient jumps by it
        times ``edge_normals``. The unit that makes it is in ``edge_units`` (if the lines of several
        units coincide, the first).

        Example:
            >>> import engine
            >>> network = engine.Network.from_arrays([[[3, 4], [1, 0]], [[1, -1]]], [[0, 3], [0]])
            >>> regions = engine.linear_regions(network)
            >>> regions.edge_jumps.tolist(), regions.edge_units.tolist()
            ([[5.0]], [[1, 0]])
        """
        scaled = self._slope_changes
        exponents = self._scaled.layers[-1].exponents[:, np.newaxis] - self._scaled.input_exponents
        with np.errstate(over="ignore"):  # a slope too large for a float is inf
            changes = np.ldexp(scaled, exponents)
        u, v = self._inner_edges[:2]
        xy = self._subdivision.values[-2:]
        dx, dy = (xy[:, v] - xy[:, u]) * self._long_edges
        rises = scaled[:, :, 0] * dy[:, np.newaxis] - scaled[:, :, 1] * dx[:, np.newaxis]
        jumps: Array = np.sign(rises) * lengths(changes)
        return jumps

    @cached_property
    def curvature(self) -> Array:
        """Σ|jump|·length over all borders (k,): the total curvature of z⁽ᴸ⁾ in the box.

        It is the total variation of the gradient, and the Hessian-Schatten total variation of a
        piecewise linear function (Aziznejad, Campos & Unser 2023, Measuring Complexity of Learning
        Schemes Using Hessian-Schatten Total Variation).
        """
        total: Array = self.edge_lengths @ np.abs(self.edge_jumps)
        return total

    @cached_property
    def neighbours(self) -> tuple[Ints, ...]:
        """For each region the regions that share a border of positive length with it."""
        one_way = self.edge_regions[self._long_edges]
        pairs = np.unique(np.concatenate([one_way, one_way[:, ::-1]]), axis=0)
        starts = np.searchsorted(pairs[:, 0], np.arange(1, self.activation_count))
        return tuple(np.split(pairs[:, 1], starts))

    def affine(self, i: int) -> AffineMap:
        """The map of z⁽ᴸ⁾ in region i: W (k, 2), b (k,). EngineError if there is no region i."""
        self._check_exists(i)
        W, b = self._scaled.affine(self.patterns[[i]])
        return AffineMap(W[0], b[0])

    @cached_property
    def maps(self) -> AffineMap:
        """The maps of z⁽ᴸ⁾ in all regions: W (R, k, 2), b (R, k)."""
        return self._scaled.affine(self.patterns)

    def inequalities(self, i: int) -> tuple[Inequality, ...]:
        """The inequalities of region i: one for each side that a hidden unit makes.

        With the box they define exactly the region. In the order of layers and units. EngineError
        if there is no region i.
        """
        self._check_exists(i)
        sides = self._long_edges & (self.edge_regions == i).any(axis=1)
        chosen = np.unique(self._inner_edges[4, sides])
        names = unit_names(self._scaled.hidden)[chosen].tolist()
        on = self.patterns[i]
        z = self._scaled.unit_maps(on)
        return tuple(
            Inequality(layer, unit, z.W[n], float(z.b[n]), bool(on[n]))
            for n, (layer, unit) in zip(chosen, names, strict=True)
        )

    def _check_exists(self, i: int) -> None:
        if not 0 <= i < self.activation_count:  # −1 means outside, and as an index the last region
            raise EngineError(
                f"there is no region {i}: they are 0 to {self.activation_count - 1}; locate "
                "gives -1 for a point outside the box"
            )

    def locate(self, points: ArrayLike) -> Ints:
        """The region (n,) of each point (n, 2); −1 outside the box."""
        points = np.asarray(points, dtype=np.float64)
        if points.ndim != 2 or points.shape[1] != 2:
            raise ShapeError(f"points have shape {points.shape}; they must be (n, 2)")
        inside = (points >= self._box[:, 0]) & (points <= self._box[:, 1])
        regions = np.full(len(points), -1)
        in_box = np.flatnonzero(inside.all(axis=1))
        keys = np.packbits(self._scaled.patterns(points[in_box]), axis=1)
        by_pattern = self._regions_by_pattern
        regions[in_box] = [by_pattern.get(key.tobytes(), -1) for key in keys]
        for i in in_box[regions[in_box] < 0]:  # at a corner, rounding can give a pattern of none
            point = self._scaled.scale(points[i])
            regions[i] = nearest_polygon(self._scaled_corners, self._starts, point)
        return regions

    def examples(self, points: ArrayLike) -> tuple[Ints, ...]:
        """For each region the indices of the points (n, 2) in it; points outside are in none."""
        ids = self.locate(points)
        order = np.argsort(ids, kind="stable")
        starts = np.searchsorted(ids[order], np.arange(self.activation_count))
        return tuple(np.split(order, starts)[1:])

    def decisions(self, level: float = 0.0, output: int | None = None) -> "DecisionMap":
        """Pieces with one decision: of several outputs that with the largest z⁽ᴸ⁾, of one (or of
        ``output``) whether z⁽ᴸ⁾ exceeds the level."""
        from engine.regions.decisions import DecisionMap, Heights

        heights = Heights.compared(self._scaled, self._cut.magnitudes, level, output)
        return DecisionMap(self._scaled, self._subdivision, heights)

    def zero_segments(self, output: int = 0) -> Array:
        """The segments (m, 4) on which z⁽ᴸ⁾ of one output changes sign: x, y, x, y of the ends."""
        whole = self._subdivision
        cut = Subdivision(whole.values.copy(), whole.edges.copy(), whole.face_count)
        cut.cut_by_row(output, TOLERANCE * float(self._cut.magnitudes[output]), unit=OUTSIDE)
        z, (u, v, left, right) = cut.values[output], cut.edges[:4]
        plus, minus = cut.faces_with(np.stack([z > 0.0, z < 0.0])).T
        on_line = (z[u] == 0.0) & (z[v] == 0.0) & (left != OUTSIDE) & (right != OUTSIDE)
        changes = (plus[left] & minus[right]) | (minus[left] & plus[right])
        chosen = on_line & changes
        xy = self._scaled.unscale(cut.values[-2:])
        return np.concatenate([xy[u[chosen]], xy[v[chosen]]], axis=1)

    @cached_property
    def _corners(self) -> tuple[Ints, Ints]:
        return self._subdivision.corners()

    @cached_property
    def _starts(self) -> Ints:
        """The position (R,) of each region's first corner in ``_corners``."""
        return np.flatnonzero(np.diff(self._corners[1], prepend=-1))

    @cached_property
    def _scaled_corners(self) -> Array:
        """The corners of all regions (C, 2), scaled so that products of lengths cannot overflow."""
        return self._subdivision.values[-2:, self._corners[0]].T

    @cached_property
    def _areas_and_centres(self) -> tuple[Array, Array]:
        areas, centres = areas_and_centres(self._scaled_corners, self._starts)
        with np.errstate(over="ignore"):  # an area beyond float64 is inf
            areas = np.ldexp(areas, self._scaled.input_exponents.sum(dtype=np.int32))
        return areas, self._scaled.unscale(centres.T)

    @cached_property
    def _inner_edges(self) -> Ints:
        edges = self._subdivision.edges
        return edges[:, (edges[2:4] != OUTSIDE).all(axis=0)]

    @cached_property
    def _long_edges(self) -> Bools:
        """Whether each border (m,) is longer than rounding."""
        u, v = self._inner_edges[:2]
        xy = self._subdivision.values[-2:]
        lengths: Array = np.abs(xy[:, u] - xy[:, v]).max(axis=0)
        return lengths > TOLERANCE

    @cached_property
    def _slope_changes(self) -> Array:
        """W of the second region − W of the first at each border (m, k, 2), scaled; an output whose
        W is the same up to rounding has exactly 0."""
        A, magnitude = (M[:, :, :-1] for M in self._scaled.maps(self.patterns))
        i, j = self.edge_regions.T
        changes: Array = A[j] - A[i]
        same = np.abs(changes) <= TOLERANCE * (magnitude[i] + magnitude[j])
        changes[same.all(axis=2)] = 0.0
        return changes

    @cached_property
    def _regions_by_pattern(self) -> dict[bytes, int]:
        keys = np.packbits(self.patterns, axis=1)
        return {key.tobytes(): i for i, key in enumerate(keys)}
