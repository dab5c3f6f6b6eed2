"""Cutting convex faces by one unit at a time: slower than ``layer_cut``, but always possible.

On each face the inputs of a layer are affine, so a unit's zero set crosses the face along a chord
or not at all. Each vertex stores its value of every unit of the layer. A value is computed only
once, so faces that share a vertex agree on its sign, and rounding cannot make the subdivision
inconsistent.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Array, Bools, Ints

OUTSIDE = -1  # the number of the face outside the box or part

MANY_VALUES = 2**22
"""With more values at its vertices, a subdivision is counted in halves."""

CLOSE = 50.0
"""Distances within this factor of the tolerance are close calls: the side is uncertain."""


class Rim(NamedTuple):
    """The R edges with one end > 0 in a row of the values, ``high``, and the other ≤ 0, ``low``.

    Anticlockwise around a convex face the vertices > 0 follow each other. ``starts`` and ``ends``
    (F + 1,): the positions in the rim of the edges where they begin and end, −1 if there are none;
    the last entry is that of OUTSIDE.
    """

    edge: Ints
    rising: Bools  # whether v is the high end
    low: Ints
    high: Ints
    faces: Ints  # those with vertices > 0 and vertices ≤ 0
    starts: Ints
    ends: Ints
    touches: Bools  # (E,): whether each edge has an end > 0


class Subdivision:
    """Vertices, edges and faces. Faces are numbers, stored with the edges around them.

    ``values`` (rows, V): of each vertex; the last two rows are its coordinates. ``edges`` (6, E):
    the ends u and v; the faces left and right of u → v; the hidden unit that made the edge,
    counted from 0 through all layers, −1 for the box; the number of the border between two parts
    that the edge is on, −1 for none. ``origins`` (F,): the face at the start that each face is a
    part of. ``close_calls``: how often a vertex was neither clearly on nor clearly off a line.
    """

    def __init__(self, values: Array, edges: Ints, faces: int) -> None:
        self._values, self._edges = values, edges
        self.vertex_count, self.edge_count, self.face_count = values.shape[1], edges.shape[1], faces
        self.origins = np.arange(faces)
        self.close_calls = 0

    @property
    def values(self) -> Array:
        return self._values[:, : self.vertex_count]

    @property
    def edges(self) -> Ints:
        return self._edges[:, : self.edge_count]

    def cut_by_row(self, row: int, tolerance: float, unit: int) -> None:
        """Cut each face where this row of the values is > 0 at one vertex and < 0 at another.

        Vertices within the tolerance are on the line: their values become exactly 0, and they are
        ends of chords. The new face gets the edges that touch vertices > 0, the old face keeps the
        others.
        """
        z = self.values[row]
        distance = np.abs(z)
        self.close_calls += _close_calls(distance, tolerance)
        rim = self._rim(z, distance, tolerance)
        if rim is None:
            return
        faces = self._crossed_faces(rim, z)
        if faces.size == 0:
            return
        points, crossed = self._points_on(rim, row)
        chords = self._chords(rim, points, faces, unit)
        cut_off = self._shorten_edges(rim.edge[crossed], rim.rising[crossed], points[crossed])
        self._assign_to_new_faces(rim, faces)
        self._append_edges(np.concatenate([cut_off, chords], axis=1))
        self.face_count += faces.size
        self.origins = np.concatenate([self.origins, self.origins[faces]])

    def count_after(self, tolerances: Array, first: int = 0) -> tuple[int, int]:
        """The number of faces after cuts by the rows from ``first`` on, and close calls.

        Above MANY_VALUES each half is cut separately, which bounds the memory.
        """
        for row in range(first, len(tolerances)):
            if self.values.size > MANY_VALUES and self.face_count > 1:
                counts = [half.count_after(tolerances, row) for half in self.halves()]
                faces, close_calls = np.sum(counts, axis=0).tolist()
                return faces, self.close_calls + close_calls
            self.cut_by_row(row, float(tolerances[row]), unit=OUTSIDE)
        return self.face_count, self.close_calls

    def faces_with(self, marked: Bools) -> Bools:
        """Whether a face has a vertex marked in each row (F, rows), for marked (rows, V)."""
        vertex, face = self.corners()
        starts = np.flatnonzero(np.diff(face, prepend=-1))
        packed = np.packbits(marked.T, axis=1)
        faces = np.bitwise_or.reduceat(packed[vertex], starts, axis=0)
        return np.unpackbits(faces, axis=1, count=len(marked)).view(np.bool_)

    def corners(self) -> tuple[Ints, Ints]:
        """The vertices and faces of all corners: face after face, anticlockwise around each."""
        u, v, left, right = self.edges[:4]
        face = np.concatenate([left, right])
        inside = np.flatnonzero(face != OUTSIDE)
        face = face[inside]
        start, end = np.concatenate([u, v])[inside], np.concatenate([v, u])[inside]
        key = face * self.vertex_count + start  # a face leaves each of its vertices once
        order = np.argsort(key)
        key, face, start, end = key[order], face[order], start[order], end[order]
        following = np.searchsorted(key, face * self.vertex_count + end)
        first = np.flatnonzero(np.diff(face, prepend=-1))
        sizes = np.diff(first, append=face.size)
        around, current = np.empty_like(face), first
        for step in range(sizes.max()):
            longer = sizes > step
            around[first[longer] + step] = current[longer]
            current = following[current]
        return start[around], face

    def halves(self) -> Iterator["Subdivision"]:
        """Two subdivisions with half of the faces each, divided along the longer side."""
        vertex, face = self.corners()
        counts = np.bincount(face)
        x, y = (np.bincount(face, row[vertex]) / counts for row in self.values[-2:])
        position = x if np.ptp(x) > np.ptp(y) else y
        order = np.argsort(position)
        for faces in np.array_split(order, 2):
            yield self._part(faces)

    def _part(self, faces: Ints) -> "Subdivision":
        """The subdivision of these faces alone."""
        renamed = np.full(self.face_count + 1, OUTSIDE)
        renamed[faces] = np.arange(faces.size)
        u, v, left, right = self.edges[:4]
        left, right = renamed[left], renamed[right]
        kept = np.flatnonzero((left != OUTSIDE) | (right != OUTSIDE))
        vertices, ends = np.unique(np.stack([u[kept], v[kept]]), return_inverse=True)
        edges = np.stack([*ends.reshape(2, -1), left[kept], right[kept], *self.edges[4:, kept]])
        return Subdivision(self.values[:, vertices], edges, faces.size)

    def _rim(self, z: Array, distance: Array, tolerance: float) -> Rim | None:
        """The edges between vertices > 0 and others; values within the tolerance are set to 0."""
        u, v, left, right = self.edges[:4]
        while True:
            z[distance <= tolerance] = 0.0
            plus = z > 0.0
            plus_u, plus_v = plus[u], plus[v]
            edge = np.flatnonzero(plus_u != plus_v)
            if edge.size == 0:
                return None
            rising = plus_v[edge]
            # the face around which, anticlockwise, z becomes > 0 at this edge
            rises_in = np.where(rising, left[edge], right[edge])
            starts = self._by_face(rises_in)
            faces = np.flatnonzero(starts[:-1] >= 0)
            if faces.size == np.count_nonzero(rises_in != OUTSIDE):
                break
            tolerance *= 4.0  # two runs of plus in one convex face can only be rounding
        low, high = np.where(rising, u[edge], v[edge]), np.where(rising, v[edge], u[edge])
        ends = self._by_face(np.where(rising, right[edge], left[edge]))
        return Rim(edge, rising, low, high, faces, starts, ends, plus_u | plus_v)

    def _by_face(self, faces: Ints) -> Ints:
        """The position of each face (F + 1,) in ``faces``, −1 if absent; the last is OUTSIDE's."""
        positions = np.full(self.face_count + 1, -1)
        positions[faces] = np.arange(faces.size)
        return positions

    def _crossed_faces(self, rim: Rim, z: Array) -> Ints:
        """The faces with vertices > 0 and vertices < 0."""
        if z.all():
            return rim.faces
        return rim.faces[self._touched(z < 0.0)[rim.faces]]  # the others only touch the line

    def _touched(self, marked: Bools) -> Bools:
        """Whether each face (F,) has both marked and other vertices, for marked (V,)."""
        u, v, left, right = self.edges[:4]
        rim = marked[u] != marked[v]
        touched = np.zeros(self.face_count + 1, dtype=np.bool_)
        touched[left[rim]] = touched[right[rim]] = True
        return touched[:-1]

    def _points_on(self, rim: Rim, row: int) -> tuple[Ints, Ints]:
        """The vertex on the line for each edge of the rim: its low end, or a new vertex between its
        ends; and the positions in the rim of the new ones."""
        points, z = rim.low.copy(), self.values[row]
        crossed = np.flatnonzero(z[rim.low] < 0.0)
        points[crossed] = self._new_vertices(row, rim.low[crossed], rim.high[crossed])
        return points, crossed

    def _new_vertices(self, row: int, low: Ints, high: Ints) -> Ints:
        """Make vertices between low and high, where this row's value is 0; their numbers."""
        first, count = self.vertex_count, low.size
        self._values = _with_room(self._values, first, count)
        a, b = self._values[:, low], self._values[:, high]
        t = a[row] / (a[row] - b[row])
        new = a + t * (b - a)
        new[row] = 0.0
        self._values[:, first : first + count] = new
        self.vertex_count += count
        return np.arange(first, first + count)

    def _chords(self, rim: Rim, points: Ints, faces: Ints, unit: int) -> Ints:
        """The edges (6, faces) across these faces, each with the new face on its left."""
        chords = np.empty((6, faces.size), dtype=np.intp)
        chords[0], chords[1] = points[rim.ends[faces]], points[rim.starts[faces]]
        chords[2], chords[3] = self._new_faces(faces), faces
        chords[4], chords[5] = unit, -1
        return chords

    def _new_faces(self, faces: Ints) -> Ints:
        return np.arange(self.face_count, self.face_count + faces.size)

    def _shorten_edges(self, edge: Ints, rising: Bools, new: Ints) -> Ints:
        """Replace the low end of each edge by its new vertex, and return the part cut off."""
        cut_off = self.edges[:, edge]
        u, v = cut_off[:2]
        self._edges[0, edge] = np.where(rising, new, u)
        self._edges[1, edge] = np.where(rising, v, new)
        cut_off[0], cut_off[1] = np.where(rising, u, new), np.where(rising, new, v)
        return cut_off

    def _assign_to_new_faces(self, rim: Rim, faces: Ints) -> None:
        """Assign the edges of these faces that touch vertices > 0 to the new faces."""
        new_face = np.arange(-1, self.face_count)  # by face + 1, so that OUTSIDE maps to itself
        new_face[faces + 1] = self._new_faces(faces)
        for side in self.edges[2:4]:
            side[:] = np.where(rim.touches, new_face[side + 1], side)

    def _append_edges(self, new: Ints) -> None:
        first, count = self.edge_count, new.shape[1]
        self._edges = _with_room(self._edges, first, count)
        self._edges[:, first : first + count] = new
        self.edge_count += count


def _close_calls(distance: Array, tolerance: float) -> int:
    """The number of vertices that are neither clearly on the line nor clearly off it."""
    near = (distance > tolerance / CLOSE) & (distance <= CLOSE * tolerance)
    return int(np.count_nonzero(near))


def _with_room(array: NDArray[Any], used: int, extra: int) -> NDArray[Any]:
    """The array, or a wider copy if there is no room for ``extra`` more columns."""
    if used + extra <= array.shape[1]:
        return array
    wider = np.empty((len(array), 2 * (used + extra)), dtype=array.dtype)
    wider[:, :used] = array[:, :used]
    return wider
