"""A box of the plane cut into convex faces, one unit at a time.

On each face of the subdivision the inputs of a layer are affine, so a unit's zero set crosses the
face along a chord or not at all. Vertices carry the value of every unit of the current layer; a
value is never computed twice, so faces that share a vertex agree about its sign, and no rounding
can tear the subdivision apart.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Array, Bools, Ints

OUTSIDE = -1  # the face beyond the box

MANY_VALUES = 2**22
"""Faces with more values than that are counted by halves."""

CLOSE = 50.0
"""Within this factor of the tolerance, whether a vertex is on a line is too close to be certain."""


class Rim(NamedTuple):
    """The R edges with one end > 0 in a row of the values, ``high``, and one that is not, ``low``.

    Going round a face with it at the left, the vertices > 0 follow each other: ``starts`` and
    ``ends`` (F + 1,) say where in the rim they begin and end, −1 for nowhere; the last is
    OUTSIDE's.
    """

    edge: Ints
    rising: Bools  # whether v is the high end
    low: Ints
    high: Ints
    faces: Ints  # with vertices > 0 and others
    starts: Ints
    ends: Ints
    touches: Bools  # (E,): of every edge, whether it has an end > 0


class Subdivision:
    """Vertices, edges and faces; faces are numbers, known by the edges around them.

    ``values`` (rows, V) of each vertex, in the last two rows its coordinates. ``edges`` (6, E): the
    ends u and v, the faces left and right of u → v, and the hidden unit that drew the edge, counted
    0, 1, … through all layers, −1 for the box; last, the name of the border between two parts that
    the edge is a piece of, −1 for none.
    ``origins`` (F,): the face that each one was part of at first. ``close_calls``: how often a
    vertex was neither clearly on a line nor clearly off it.
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

        Vertices within the tolerance are on the line: they become exactly 0 and serve as the
        chord's ends. The new face takes the edges that touch vertices > 0, the old one keeps the
        rest.
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
        beyond = self._part_edges(rim.edge[crossed], rim.rising[crossed], points[crossed])
        self._hand_over(rim, faces)
        self._append_edges(np.concatenate([beyond, chords], axis=1))
        self.face_count += faces.size
        self.origins = np.concatenate([self.origins, self.origins[faces]])

    def count_after(self, tolerances: Array, first: int = 0) -> tuple[int, int]:
        """How many faces there are after cuts by the rows from ``first`` on, and close calls.

        Memory stays bounded: where there are many faces, each half is cut on its own.
        """
        for row in range(first, len(tolerances)):
            if self.values.size > MANY_VALUES and self.face_count > 1:
                counts = [half.count_after(tolerances, row) for half in self.halves()]
                faces, close_calls = np.sum(counts, axis=0).tolist()
                return faces, self.close_calls + close_calls
            self.cut_by_row(row, float(tolerances[row]), unit=OUTSIDE)
        return self.face_count, self.close_calls

    def faces_with(self, marked: Bools) -> Bools:
        """(F, rows): whether some vertex of the face is marked in that row of marked (rows, V)."""
        vertex, face = self.corners()
        starts = np.flatnonzero(np.diff(face, prepend=-1))
        packed = np.packbits(marked.T, axis=1)
        faces = np.bitwise_or.reduceat(packed[vertex], starts, axis=0)
        return np.unpackbits(faces, axis=1, count=len(marked)).view(np.bool_)

    def corners(self) -> tuple[Ints, Ints]:
        """(vertex, face) of every corner: face after face, anticlockwise within each."""
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
        walk, here = np.empty_like(face), first
        for step in range(sizes.max()):
            longer = sizes > step
            walk[first[longer] + step] = here[longer]
            here = following[here]
        return start[walk], face

    def halves(self) -> Iterator["Subdivision"]:
        """Two subdivisions with half the faces each, parted across the longer way."""
        vertex, face = self.corners()
        counts = np.bincount(face)
        x, y = (np.bincount(face, row[vertex]) / counts for row in self.values[-2:])
        along = x if np.ptp(x) > np.ptp(y) else y
        order = np.argsort(along)
        for faces in np.array_split(order, 2):
            yield self._part(faces)

    def _part(self, faces: Ints) -> "Subdivision":
        renamed = np.full(self.face_count + 1, OUTSIDE)
        renamed[faces] = np.arange(faces.size)
        u, v, left, right = self.edges[:4]
        left, right = renamed[left], renamed[right]
        kept = np.flatnonzero((left != OUTSIDE) | (right != OUTSIDE))
        vertices, ends = np.unique(np.stack([u[kept], v[kept]]), return_inverse=True)
        edges = np.stack([*ends.reshape(2, -1), left[kept], right[kept], *self.edges[4:, kept]])
        return Subdivision(self.values[:, vertices], edges, faces.size)

    def _rim(self, z: Array, distance: Array, tolerance: float) -> Rim | None:
        """The edges between vertices > 0 and others, once those within the tolerance are 0."""
        u, v, left, right = self.edges[:4]
        while True:
            z[distance <= tolerance] = 0.0
            plus = z > 0.0
            plus_u, plus_v = plus[u], plus[v]
            edge = np.flatnonzero(plus_u != plus_v)
            if edge.size == 0:
                return None
            rising = plus_v[edge]
            entered = np.where(rising, left[edge], right[edge])
            starts = self._by_face(entered)
            faces = np.flatnonzero(starts[:-1] >= 0)
            if faces.size == np.count_nonzero(entered != OUTSIDE):
                break
            tolerance *= 4.0  # two runs of plus in one convex face: rounding, not geometry
        low, high = np.where(rising, u[edge], v[edge]), np.where(rising, v[edge], u[edge])
        ends = self._by_face(np.where(rising, right[edge], left[edge]))
        return Rim(edge, rising, low, high, faces, starts, ends, plus_u | plus_v)

    def _by_face(self, faces: Ints) -> Ints:
        """(F + 1,): where each face stands among these, −1 for nowhere; the last is OUTSIDE's."""
        places = np.full(self.face_count + 1, -1)
        places[faces] = np.arange(faces.size)
        return places

    def _crossed_faces(self, rim: Rim, z: Array) -> Ints:
        """The faces with vertices > 0 and < 0."""
        if z.all():
            return rim.faces
        return rim.faces[self._touched(z < 0.0)[rim.faces]]  # others only touch the line

    def _touched(self, marked: Bools) -> Bools:
        """(F,): whether the face has marked vertices beside others; marked is (V,)."""
        u, v, left, right = self.edges[:4]
        rim = marked[u] != marked[v]
        touched = np.zeros(self.face_count + 1, dtype=np.bool_)
        touched[left[rim]] = touched[right[rim]] = True
        return touched[:-1]

    def _points_on(self, rim: Rim, row: int) -> tuple[Ints, Ints]:
        """A point of the line on every edge of the rim, its low end or a new vertex between the
        ends; and where in the rim the new ones are."""
        points, z = rim.low.copy(), self.values[row]
        crossed = np.flatnonzero(z[rim.low] < 0.0)
        points[crossed] = self._new_vertices(row, rim.low[crossed], rim.high[crossed])
        return points, crossed

    def _new_vertices(self, row: int, low: Ints, high: Ints) -> Ints:
        """The numbers of new vertices between low and high, where this row's value is 0."""
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
        """An edge (6, faces) across each of the faces, with the new face at its left."""
        chords = np.empty((6, faces.size), dtype=np.intp)
        chords[0], chords[1] = points[rim.ends[faces]], points[rim.starts[faces]]
        chords[2], chords[3] = self._new_faces(faces), faces
        chords[4], chords[5] = unit, -1
        return chords

    def _new_faces(self, faces: Ints) -> Ints:
        return np.arange(self.face_count, self.face_count + faces.size)

    def _part_edges(self, edge: Ints, rising: Bools, new: Ints) -> Ints:
        """Let each edge end at its new vertex, on the plus side; return the parts beyond."""
        beyond = self.edges[:, edge]
        u, v = beyond[:2]
        self._edges[0, edge] = np.where(rising, new, u)
        self._edges[1, edge] = np.where(rising, v, new)
        beyond[0], beyond[1] = np.where(rising, u, new), np.where(rising, new, v)
        return beyond

    def _hand_over(self, rim: Rim, faces: Ints) -> None:
        """Give the edges of these faces that touch vertices > 0 to the new faces."""
        owner = np.arange(-1, self.face_count)  # by face + 1, so that OUTSIDE maps to itself
        owner[faces + 1] = self._new_faces(faces)
        for side in self.edges[2:4]:
            side[:] = np.where(rim.touches, owner[side + 1], side)

    def _append_edges(self, new: Ints) -> None:
        first, count = self.edge_count, new.shape[1]
        self._edges = _with_room(self._edges, first, count)
        self._edges[:, first : first + count] = new
        self.edge_count += count


def _close_calls(distance: Array, tolerance: float) -> int:
    """How many vertices are neither clearly on the line nor clearly off it."""
    near = (distance > tolerance / CLOSE) & (distance <= CLOSE * tolerance)
    return int(np.count_nonzero(near))


def _with_room(array: NDArray[Any], used: int, extra: int) -> NDArray[Any]:
    """The array, or a copy twice as wide if its columns do not suffice."""
    if used + extra <= array.shape[1]:
        return array
    wider = np.empty((len(array), 2 * (used + extra)), dtype=array.dtype)
    wider[:, :used] = array[:, :used]
    return wider
