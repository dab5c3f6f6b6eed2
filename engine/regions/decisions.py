"""The decision of a network over a box: pieces with one class each, and the nearest other class."""

from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array, Ints, distinct
from engine.errors import ShapeError
from engine.network.affine import AffineMap
from engine.regions.cells.power_of_two_scaling import TOLERANCE, ScaledNetwork
from engine.regions.cells.unit_cut import OUTSIDE, Subdivision
from engine.regions.hidden_units import unit_names


class Flip(NamedTuple):
    """The nearest point at which a decision changes.

    Attributes:
        point: the point (d,) on the decision boundary; just behind it the decision is ``after``.
        distance: from x to the point, Euclidean, in the network's inputs.
        before, after: the decisions: with several outputs a class 0 … k − 1, else 1 where z⁽ᴸ⁾ is
            above the level and 0 where it is not.
        region: the activation region of the map in which ``after`` holds next to the point.
        units: the hidden units (layer from 1, unit from 0) on whose borders the point lies; ()
            inside a region.

    Example:
        >>> import engine
        >>> network = engine.Network.from_arrays([[[1, 0]], [[1]]], [[0], [-0.5]])
        >>> flip = engine.nearest_flip(network, [0.75, 0.0])
        >>> flip.point.tolist(), flip.distance, flip.before, flip.after, flip.units
        ([0.5, 0.0], 0.25, 1, 0, ())
    """

    point: Array
    distance: float
    before: int
    after: int
    region: int
    units: tuple[tuple[int, int], ...]


class Heights(NamedTuple):
    """What is compared in a decision: the class of the largest row wins, of equal rows the first.

    The rows are z⁽ᴸ⁾ of all outputs, or the level and z⁽ᴸ⁾ of one, all with the same scale: scaled
    z times 2^``shifts``. ``levels``: one, or none. ``tolerances`` (k,): for each row, the
    difference from the rows before that counts as 0.
    """

    outputs: Ints
    levels: Array
    shifts: Ints
    tolerances: Array

    @classmethod
    def compared(
        cls, scaled: ScaledNetwork, magnitudes: Array, level: float, output: int | None
    ) -> "Heights":
        """For z⁽ᴸ⁾ computed from sums of these (scaled) magnitudes (k,)."""
        exponents, k = scaled.layers[-1].exponents, len(magnitudes)
        if output is None and k == 1:
            output = 0
        if output is not None and not 0 <= output < k:
            raise ShapeError(f"there is no output {output}: they are 0 to {k - 1}")
        if not np.isfinite(level):
            raise ShapeError(f"level {level}: it must be finite")
        chosen = np.arange(k) if output is None else np.array([output])
        levels = np.array([] if output is None else [level])
        largest = max([*exponents[chosen].tolist(), *np.frexp(levels[levels != 0.0])[1].tolist()])
        shifts, levels = exponents[chosen] - largest, np.ldexp(levels, -largest)
        sizes = np.concatenate([np.abs(levels), np.ldexp(magnitudes[chosen], shifts)])
        tolerances = TOLERANCE * (sizes + np.maximum.accumulate(sizes))
        return cls(chosen, levels, shifts, tolerances)

    def __call__(self, z: Array) -> Array:
        """The rows (k, n) at points with scaled z⁽ᴸ⁾ (outputs, n)."""
        levels = np.repeat(self.levels[:, np.newaxis], z.shape[1], axis=1)
        return np.concatenate([levels, np.ldexp(z[self.outputs], self.shifts[:, np.newaxis])])


class DecisionMap:
    """The decision in each piece of a box, exact up to rounding: see ``RegionMap.decisions``.

    The activation regions are cut where z⁽ᴸ⁾ crosses the level, or where the largest z⁽ᴸ⁾ becomes
    that of another output: then each piece has one decision. Points and lines with a decision
    that no piece has do not count.

    Example:
        >>> import engine
        >>> network = engine.Network.from_arrays([[[1, 0]], [[1]]], [[0], [-0.5]])
        >>> decisions = engine.linear_regions(network).decisions()
        >>> decisions.at([[0.9, 0.0], [-0.9, 0.0]]).tolist(), decisions.segments.tolist()
        ([1, 0], [[0.5, 1.0, 0.5, -1.0]])
    """

    def __init__(self, scaled: ScaledNetwork, whole: Subdivision, heights: Heights) -> None:
        self._scaled, self._heights, k = scaled, heights, len(heights.tolerances)
        rows, first = heights(whole.values[:-2]), np.zeros((1, whole.vertex_count))
        values = np.concatenate([first, rows[:1], rows, whole.values[-2:]])
        cut = self._cut = Subdivision(values, whole.edges.copy(), whole.face_count)
        self.classes = np.zeros(whole.face_count, dtype=np.intp)
        """The decision in each piece."""
        self.regions = np.arange(whole.face_count)
        """The activation region of each piece."""
        for j in range(1, k):  # row 0 is the lead of class j over the classes before, row 1 theirs
            cut.values[0] = cut.values[2 + j] - cut.values[1]
            cut.origins = np.arange(cut.face_count)
            cut.cut_by_row(0, float(heights.tolerances[j]), unit=OUTSIDE)
            self.classes, self.regions = self.classes[cut.origins], self.regions[cut.origins]
            self.classes[cut.faces_with(cut.values[:1] > 0.0)[:, 0]] = j
            np.maximum(cut.values[1], cut.values[2 + j], out=cut.values[1])

    @cached_property
    def vertices(self) -> Array:
        """The corners of all pieces (V, 2)."""
        return self._scaled.unscale(self._cut.values[-2:])

    @cached_property
    def segments(self) -> Array:
        """The decision boundary as segments (m, 4): x, y of one end, x, y of the other."""
        u, v, left, right = self._cut.edges[:4]
        inside = (left != OUTSIDE) & (right != OUTSIDE)
        chosen = inside & (self.classes[left] != self.classes[right])
        return np.concatenate([self.vertices[u[chosen]], self.vertices[v[chosen]]], axis=1)

    def at(self, points: ArrayLike) -> Ints:
        """The decision (n,) at points (n, 2), also outside the box."""
        points = np.asarray(points, dtype=np.float64)
        if points.ndim != 2 or points.shape[1] != 2 or not np.isfinite(points).all():
            raise ShapeError(f"points have shape {points.shape}; they must be finite (n, 2)")
        rows = self._rows(points)
        classes, best = np.zeros(len(points), dtype=np.intp), rows[0]
        for j in range(1, len(rows)):
            classes[rows[j] - best > self._heights.tolerances[j]] = j
            best = np.maximum(best, rows[j])
        return classes

    def _rows(self, points: Array) -> Array:
        """What is compared (k, n) at points (n, 2)."""
        A, _ = self._scaled.maps(self._scaled.patterns(points))
        z = np.einsum("nkd,dn->kn", A[:, :, :-1], self._scaled.scale(points)) + A[:, :, -1].T
        return self._heights(z)

    def _is_tied(self, x: Array) -> bool:
        """Whether two of what is compared are equal at x (2,), so that it may lie in no piece."""
        rows = self._rows(x[np.newaxis])[:, 0]
        away = np.abs(rows[:, np.newaxis] - rows)[np.triu_indices(len(rows), 1)]
        return bool((away <= self._heights.tolerances.max()).any())

    def nearest(self, x: ArrayLike, entry: AffineMap | None = None) -> Flip | None:
        """The nearest point (2,) of the box to x (2,) at which the decision changes; or None.

        ``entry`` is that of the map's plane, if it has one (``plane.entry``): then distances are
        those between the points of the plane.
        """
        x = np.asarray(x, dtype=np.float64)
        before = int(self.at(x[np.newaxis])[0])
        u, v, left, right = self._cut.edges[:4]
        differs = np.append(self.classes != before, False)  # the last is that of OUTSIDE
        here, there = differs[left], differs[right]
        # inside of what is decided otherwise none is nearer, unless x itself is on a line there
        edges = np.flatnonzero(here | there if self._is_tied(x) else here != there)
        if not edges.size:
            return None
        metric = np.eye(2) if entry is None else np.linalg.qr(entry.W)[1]
        t, distances, exponent = _distances(
            (self.vertices[u[edges]] - x) @ metric.T, (self.vertices[v[edges]] - x) @ metric.T
        )
        nearest = int(distances.argmin())
        edge, t_near = edges[nearest], float(t[nearest])
        a, b = self.vertices[u[edge]], self.vertices[v[edge]]
        face = left[edge] if differs[left[edge]] else right[edge]
        return Flip(
            b.copy() if t_near == 1.0 else a + t_near * (b - a),
            float(np.ldexp(distances[nearest], exponent)),
            before,
            int(self.classes[face]),
            int(self.regions[face]),
            self._units(int(edge), t_near),
        )

    def _units(self, edge: int, t: float) -> tuple[tuple[int, int], ...]:
        """The hidden units that make borders through the point at t (0 … 1) of an edge."""
        u, v, _, _, units, _ = self._cut.edges
        numbers = units[[edge]]
        if t in (0.0, 1.0):
            vertex = v[edge] if t else u[edge]
            numbers = units[(u == vertex) | (v == vertex)]
        names = unit_names(self._scaled.hidden)[distinct(numbers[numbers >= 0])].tolist()
        return tuple((layer, unit) for layer, unit in names)


def _distances(a: Array, b: Array) -> tuple[Array, Array, int]:
    """The nearest points to 0 on segments from a to b (m, 2), as shares t of the way (m,), and
    their distances (m,)·2^exponent."""
    exponent = int(np.frexp(max(np.abs(a).max(), np.abs(b).max()))[1])
    a, step = np.ldexp(a, -exponent), np.ldexp(b - a, -exponent)
    squares = (step * step).sum(axis=1)
    along = -(a * step).sum(axis=1)
    t = np.clip(np.divide(along, squares, out=np.zeros_like(along), where=squares > 0.0), 0.0, 1.0)
    points = a + t[:, np.newaxis] * step
    return t, np.sqrt(np.square(points).sum(axis=1)), exponent
