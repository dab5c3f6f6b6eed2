"""Cutting the faces of a complex by all units of a layer at once.

On each face a unit is affine, so its zero set crosses the face along a chord or not at all. A
*crossing* is where a unit changes sign on an edge, a *chord* joins the two crossings of a unit
around a face, and a *meeting* is where two chords of a face cross. All of it follows from the
signs at the vertices and the order of the crossings along each edge. A sign or an order that
rounding could change raises Doubtful.
"""

from functools import cached_property
from math import inf
from typing import NamedTuple

import numpy as np

from engine.arrays import Array, Bools, Ints, distinct
from engine.regions.cells.bit_patterns import WORD, Words, packed, prefixes, set_bits, single_bits

PATTERNS, NUMBERS = 8, 24  # stored for each crossing and each meeting during a cut
MEETINGS = 1_000_000  # checked at a time, approximate


class Doubtful(Exception):
    """A sign or an order is too close to call here; cutting unit by unit decides it.

    ``faces`` (F,) marks the faces concerned, ``units`` holds the numbers of the units concerned.
    The list need not be complete.
    """

    def __init__(self, faces: Bools, units: Ints) -> None:
        super().__init__()
        self.faces, self.units = faces, units

    @classmethod
    def throughout(cls, faces: int) -> "Doubtful":
        """All faces are in doubt, and no unit in particular."""
        return cls(np.ones(faces, dtype=np.bool_), np.empty(0, dtype=np.intp))


class TooMany(Exception):
    """The result of a cut does not fit the memory; with fewer faces it may.

    ``faces`` faces, cut by ``units`` units, need ``needed`` bytes.
    """

    def __init__(self, faces: int, units: int, needed: int) -> None:
        super().__init__()
        self.faces, self.units, self.needed = faces, units, needed


class Crossings(NamedTuple):
    """K crossings, edge by edge, in the order from u to v."""

    edge: Ints
    unit: Ints
    u: Ints  # the ends of the edge
    v: Ints
    t: Array  # position on the edge, 0 … 1
    rising: Bools  # whether z is > 0 at v
    first: Bools  # whether the crossing is the first on its edge
    before: Words  # (K, w): the pattern just before the crossing


class Chords(NamedTuple):
    """C chords, each from the crossing ``start`` to ``end``; its unit is > 0 to the left."""

    face: Ints
    unit: Ints
    start: Ints
    end: Ints
    across: Words  # (C, w): the units whose chords cross it


class Meetings(NamedTuple):
    """M points on chords where another chord crosses, chord by chord, from start to end."""

    chord: Ints
    unit: Ints  # of the other chord
    s: Array  # position on the chord, 0 … 1
    first: Bools  # whether the meeting is the first on its chord


class Cut:
    """The cut of a complex with ``edges`` (≥ 4, E) and ``faces`` faces by units with z (V, n).

    Doubtful if |z| ≤ ``doubt`` (n,) at a vertex. ``numbers`` (n,): the numbers of the units.
    TooMany if the crossings, or later the new faces, need more than ``memory`` bytes.
    """

    def __init__(
        self, z: Array, doubt: Array, numbers: Ints, edges: Ints, faces: int, memory: float = inf
    ) -> None:
        self.z, self.doubt, self.numbers, self.edges, self.faces = z, doubt, numbers, edges, faces
        self._memory = memory
        near = np.abs(z) <= doubt
        if near.any():
            vertex, unit = np.nonzero(near)
            touched: Bools = np.logical_or(*np.isin(edges[:2], vertex))
            raise self._doubt_at(touched, unit)
        self.bits = packed(z > 0.0)
        u, v = edges[:2]
        flips = self.bits.take(u, axis=0) ^ self.bits.take(v, axis=0)
        crossings = int(np.bitwise_count(flips).sum(dtype=np.int64))
        self._check_fits(faces + crossings // 2, crossings)
        self.crossings = self._crossings(flips)
        self.chords = self._chords()

    @property
    def face_count(self) -> int:
        """The number of faces after the cut: each chord and each meeting adds one (Euler)."""
        return self.faces + self.chords.face.size + self.meeting_count

    @cached_property
    def meeting_count(self) -> int:
        """Pairs of chords that cross within a face."""
        return int(np.bitwise_count(self.chords.across).sum(dtype=np.int64)) // 2

    def check_meetings(self) -> None:
        """Doubtful if three chords may meet in a point. Checks MEETINGS at a time."""
        crossed = np.bitwise_count(self.chords.across).sum(axis=1, dtype=np.intp)
        several = np.flatnonzero(crossed > 1)
        block = crossed[several].cumsum() // MEETINGS
        doubts: list[tuple[Bools, Ints]] = []
        for chords in np.split(several, np.flatnonzero(np.diff(block)) + 1):
            try:
                self._meetings_on(chords)
            except Doubtful as doubt:
                # not the exception: its traceback keeps all arrays of that check
                doubts.append((doubt.faces, doubt.units))
        if doubts:
            faces, units = zip(*doubts, strict=True)
            raise Doubtful(np.logical_or.reduce(faces), distinct(np.concatenate(units)))

    def meetings(self) -> Meetings:
        """All meetings. Each is listed twice, once on each of its chords."""
        return self._meetings_on(None)

    def check_memory(self) -> None:
        """TooMany if the faces after the cut, with their patterns, do not fit the memory."""
        # each meeting divides two chords, each crossing divides one edge
        self._check_fits(self.face_count, 2 * self.meeting_count + self.crossings.edge.size)

    def _check_fits(self, faces: int, points: int) -> None:
        """TooMany if so many points on edges and chords do not fit the memory."""
        n = self.z.shape[1]
        if (needed := _bytes_needed(points, n)) > self._memory:
            raise TooMany(faces, n, needed)

    def _crossings(self, flips: Words) -> Crossings:
        """All crossings; ``flips`` (E, w): which units change sign along each edge."""
        u, v = self.edges[:2]
        edge, unit = set_bits(flips)
        first = np.ones(edge.size, dtype=np.bool_)
        np.not_equal(edge[1:], edge[:-1], out=first[1:])
        u, v = u.take(edge), v.take(edge)
        before = self.bits.take(u, axis=0)
        n = self.z.shape[1]
        z = self.z.ravel()
        low, high = z.take(u * n + unit), z.take(v * n + unit)
        t = low / (low - high)
        shared = ~first
        if shared.any():
            shared[:-1] |= shared[1:]
            several = np.flatnonzero(shared)
            order = several[_order(edge[several], t[several])]
            unit[several], t[several] = unit[order], t[order]
            low[several], high[several] = low[order], high[order]
            slope = np.abs(high[several] - low[several])
            near = self._too_near(t[several], slope, unit[several], first[several])
            if near.any():
                raise self._doubt_at(edge[several[near]], unit[several[near]])
            flips = single_bits(unit[several], before.shape[1])
            before[several] ^= prefixes(flips, first[several])
        return Crossings(edge, unit, u, v, t, high > 0.0, first, before)

    def _chords(self) -> Chords:
        """The chord of each unit in each face that it crosses.

        Anticlockwise around a face, z of a unit changes sign twice: once it rises, once it falls.
        The chord joins these two crossings. A table by (face, unit) finds the pairs.
        """
        crossings, n = self.crossings, self.z.shape[1]
        left, right = self.edges[2].take(crossings.edge), self.edges[3].take(crossings.edge)
        rises_in = np.where(crossings.rising, left, right)  # the face around which z rises here
        falls_in = left + right - rises_in
        rises, falls = np.flatnonzero(rises_in >= 0), np.flatnonzero(falls_in >= 0)
        table = np.zeros(self.faces * n, dtype=np.int32)
        table[rises_in[rises] * n + crossings.unit[rises]] = rises
        face, unit = falls_in.take(falls), crossings.unit.take(falls)
        end = table.take(face * n + unit).astype(np.intp)
        if (
            rises.size != falls.size
            or (rises_in[end] != face).any()
            or (crossings.unit[end] != unit).any()
        ):
            raise Doubtful.throughout(self.faces)
        # chords cross inside a convex face if the other unit differs between the chord's ends
        across = crossings.before.take(falls, axis=0) ^ crossings.before.take(end, axis=0)
        across &= ~single_bits(unit, across.shape[1])
        return Chords(face, unit, falls, end, across)

    def _meetings_on(self, chosen: Ints | None) -> Meetings:
        chords = self.chords
        chord, unit = set_bits(chords.across if chosen is None else chords.across[chosen])
        if chosen is not None:
            chord = chosen[chord]
        low = self._z_at(chords.start.take(chord), unit)
        high = self._z_at(chords.end.take(chord), unit)
        s = low / (low - high)
        order = _order(chord, s)
        unit, s = unit.take(order), s.take(order)
        first = np.ones(chord.size, dtype=np.bool_)
        np.not_equal(chord[1:], chord[:-1], out=first[1:])
        near = self._too_near(s, np.abs(high - low).take(order), unit, first)
        if near.any():
            faces = np.zeros(self.faces, dtype=np.bool_)
            faces[chords.face[chord[near]]] = True
            involved = np.concatenate([unit[near], chords.unit[chord[near]]])
            raise Doubtful(faces, self.numbers[distinct(involved)])
        return Meetings(chord, unit, s, first)

    def _z_at(self, crossing: Ints, unit: Ints) -> Array:
        """z of units at crossings of other units."""
        z, n, crossings = self.z.ravel(), self.z.shape[1], self.crossings
        low = z.take(crossings.u.take(crossing) * n + unit)
        high = z.take(crossings.v.take(crossing) * n + unit)
        between: Array = low + crossings.t.take(crossing) * (high - low)
        return between

    def _too_near(self, t: Array, slope: Array, unit: Ints, first: Bools) -> Bools:
        """Whether a neighbour on the edge or chord is so near that rounding could swap the two."""
        gap = t[1:] - t[:-1]
        gap[first[1:]] = np.inf
        reach = self.doubt.take(unit) / slope
        near = np.zeros(t.size, dtype=np.bool_)
        near[1:] = gap <= np.maximum(reach[1:], reach[:-1])
        near[:-1] |= near[1:]
        return near

    def _doubt_at(self, edges: Ints | Bools, units: Ints) -> Doubtful:
        """Doubtful, for the faces on both sides of these edges."""
        faces = np.zeros(self.faces + 1, dtype=np.bool_)
        faces[self.edges[2:4, edges]] = True
        return Doubtful(faces[:-1], self.numbers[distinct(units)])


def _bytes_needed(points: int, units: int) -> int:
    """Bytes for so many points, crossings or meetings, and the patterns at them."""
    return points * 8 * (PATTERNS * -(-units // WORD) + NUMBERS)


def _order(group: Ints, t: Array) -> Ints:
    """The order by group, which ascends already, and within a group by t in 0 … 1.

    Sorting the sums is fast. It could swap values of t that differ by rounding only, and those
    ``_too_near`` reports.
    """
    return np.argsort(group + t, kind="stable")
