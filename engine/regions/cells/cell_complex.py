"""A polyhedral complex in the plane: convex faces, their edges and vertices."""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from engine.arrays import Array, Ints
from engine.regions.cells.bit_patterns import Words, mixed
from engine.regions.cells.unit_cut import OUTSIDE


class Complex(NamedTuple):
    """Vertices, edges and a number of ``faces``.

    ``values`` (V, ≥ 2): of each vertex, its coordinates first. ``edges`` (6, E): as in
    Subdivision. ``origins`` (F,): the face before the last cut that each face is a part of.
    ``patterns`` (F, w): which units of the last cut are on. ``signs`` (F, W): which units of all
    layers are on, if they are stored.
    """

    values: Array
    edges: Ints
    faces: int
    origins: Ints
    patterns: Words
    signs: Words

    def parts(self, faces: int) -> Iterator["Complex"]:
        """All faces, in compact parts with at most ``faces`` faces each."""
        if self.faces <= faces:
            yield self
            return
        count = -(-self.faces // faces)
        part = np.empty(self.faces, dtype=np.intp)
        part[_z_order(self._centres())] = np.arange(self.faces) * count // self.faces
        yield from self.split(part)

    def split(self, part: Ints) -> Iterator["Complex"]:
        """One complex for each number 0, 1, … in ``part`` (F,), with the faces of that number."""
        order = np.argsort(part, kind="stable")
        sizes = np.bincount(part)
        first_face = np.cumsum([0, *sizes])
        place = np.empty(self.faces + 1, dtype=np.intp)  # of each face in its part
        place[order] = np.arange(self.faces) - np.repeat(first_face[:-1], sizes)
        part = np.append(part, -1)  # index OUTSIDE = −1
        left, right = part[self.edges[2]], part[self.edges[3]]
        across = np.flatnonzero((left != right) & (right >= 0))
        inside = np.flatnonzero(left >= 0)
        whole = self._with_borders(across[left[across] >= 0])
        edge = np.concatenate([inside, across])
        owner = np.concatenate([left[inside], right[across]])
        by_part = np.argsort(owner, kind="stable")
        edge = edge[by_part]
        ends = np.searchsorted(owner[by_part], np.arange(sizes.size + 1))
        number = np.empty(len(self.values), dtype=np.intp)
        for p, (a, b) in enumerate(pairwise(ends)):
            chosen = edge[a:b]
            edges = whole[:, chosen]
            # the distinct vertices, without a sort: the last occurrence of each is kept
            uv = edges[:2].ravel()
            number[uv] = np.arange(uv.size)
            last = number[uv]
            kept = np.flatnonzero(last == np.arange(uv.size))
            vertices = uv[kept]
            number[vertices] = np.arange(kept.size)
            edges[:2] = number[edges[:2]]
            for side, of_edge in ((2, left), (3, right)):
                edges[side] = np.where(of_edge[chosen] == p, place[edges[side]], OUTSIDE)
            faces = order[first_face[p] : first_face[p + 1]]
            yield Complex(
                self.values.take(vertices, axis=0),
                edges,
                faces.size,
                self.origins[faces],
                self.patterns[faces],
                self.signs.take(faces, axis=0),
            )

    def _with_borders(self, between_parts: Ints) -> Ints:
        """The edges, with a border number for those between two parts: a hash of their ends.

        Both parts get the same number, by which ``assemble.join`` finds the copies again.
        """
        edges = self.edges.copy()
        ends = [self.values[edges[end, between_parts], :2].view(np.uint64).T for end in (0, 1)]
        number = mixed(mixed(mixed(mixed(ends[0][0]) ^ ends[0][1]) ^ ends[1][0]) ^ ends[1][1])
        edges[5, between_parts] = (number >> np.uint64(1)).astype(np.intp)
        return edges

    def _centres(self) -> Array:
        """The mean of the corners of each face (F, 2)."""
        u, v, left, right = self.edges[:4]
        xy = self.values[:, :2]
        middle = xy[u] + xy[v]
        sums = np.zeros((self.faces + 1, 3))
        for face in (left, right):
            sums[:, 0] += np.bincount(face + 1, middle[:, 0], self.faces + 1)
            sums[:, 1] += np.bincount(face + 1, middle[:, 1], self.faces + 1)
            sums[:, 2] += np.bincount(face + 1, minlength=self.faces + 1)
        centres: Array = sums[1:, :2] / (2.0 * sums[1:, 2:])
        return centres


def box_complex(lower: Array, upper: Array) -> Complex:
    """One face: the rectangle between two corners (2,)."""
    (x0, y0), (x1, y1) = lower, upper
    xy = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])
    edges = np.array(
        [[0, 1, 2, 3], [1, 2, 3, 0], [0] * 4, [OUTSIDE] * 4, [-1] * 4, [-1] * 4], np.intp
    )
    none = np.zeros((1, 0), dtype=np.uint64)
    return Complex(xy, edges, 1, np.zeros(1, np.intp), none, none)


def _z_order(points: Array) -> Ints:
    """An order in which near points (n, 2) are mostly near: along Morton's Z-order curve."""
    low = points.min(axis=0)
    size = np.maximum(points.max(axis=0) - low, np.finfo(np.float64).tiny)
    cells = ((points - low) / size * 1023.0).astype(np.uint32)
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        cells = (cells | (cells << np.uint32(shift))) & np.uint32(mask)
    return np.argsort(cells[:, 0] | (cells[:, 1] << np.uint32(1)), kind="stable")
