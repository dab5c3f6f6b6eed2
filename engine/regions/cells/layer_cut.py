"""Where all units of a layer cut the faces of a complex: crossings, chords and their meetings.

On each face a unit is affine, so its zero set crosses the face along a chord or not at all. A
*crossing* is where a unit changes sign on an edge, a *chord* joins the two crossings of a unit
around a face, and a *meeting* is where two chords of a face cross. All of it follows from the
signs at the vertices and the order of the crossings along each edge.
"""

from dataclasses import dataclass
from functools import cached_property
from math import inf

import numpy as np

from engine.arrays import Array, Bools, Ints
from engine.regions.cells.bit_patterns import WORD, Words, packed, prefixes, set_bits, single_bits

PATTERNS, NUMBERS = 8, 24  # kept of each crossing and each meeting while a cut is made
MEETINGS = 1_000_000  # about so many are looked at together


class Doubtful(Exception):
    """A sign or an order is too close to call: unit by unit it can be decided with care.

    ``faces`` (F,) and the numbers of ``units`` say where, as far as it has been seen.
    """

    def __init__(self, faces: Bools, units: Ints) -> None:
        super().__init__()
        self.faces, self.units = faces, units

    @classmethod
    def throughout(cls, faces: int) -> "Doubtful":
        """All faces are in doubt, of no unit in particular."""
        return cls(np.ones(faces, dtype=np.bool_), np.empty(0, dtype=np.intp))


class TooMany(Exception):
    """What a cut makes does not fit the memory: so many ``faces``, of so many ``units``, take
    ``needed`` bytes. Fewer faces at once may do."""

    def __init__(self, faces: int, units: int, needed: int) -> None:
        super().__init__()
        self.faces, self.units, self.needed = faces, units, needed


@dataclass(frozen=True, eq=False)
class Crossings:
    """K crossings, edge by edge in the order from u to v."""

    edge: Ints
    unit: Ints
    u: Ints  # the ends of the edge
    v: Ints
    t: Array  # how far along, 0 … 1
    rising: Bools  # whether z is > 0 at v
    first: Bools  # whether it is the first on its edge
    before: Words  # (K, w): the pattern just before it


@dataclass(frozen=True, eq=False)
class Chords:
    """C chords, each from the crossing ``start`` to ``end``; its unit is > 0 to the left."""

    face: Ints
    unit: Ints
    start: Ints
    end: Ints
    across: Words  # (C, w): the units whose chords cross it


@dataclass(frozen=True, eq=False)
class Meetings:
    """M places on chords where another chord crosses, chord by chord from start to end."""

    chord: Ints
    unit: Ints  # of the other chord
    s: Array  # how far along, 0 … 1
    first: Bools  # whether it is the first on its chord


class Cut:
    """The cut of a complex with ``edges`` (≥ 4, E) and so many ``faces`` by units z (V, n).

    ``doubt`` (n,) is how near to 0 they may be before their signs are Doubtful; ``numbers`` (n,)
    are the units' own. TooMany where the crossings, or later the new faces, take more than
    ``memory`` bytes.
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
        self._refuse(faces + crossings // 2, crossings)
        self.crossings = self._crossings(flips)
        self.chords = self._chords()

    @property
    def face_count(self) -> int:
        """The faces after the cut: every chord makes one more, and so does every meeting."""
        return self.faces + self.chords.face.size + self.meeting_count

    @cached_property
    def meeting_count(self) -> int:
        """Pairs of chords that cross within a face."""
        return int(np.bitwise_count(self.chords.across).sum(dtype=np.int64)) // 2

    def check_meetings(self) -> None:
        """Doubtful where three chords may meet in a point. It looks at some chords at a time."""
        crossed = np.bitwise_count(self.chords.across).sum(axis=1, dtype=np.intp)
        several = np.flatnonzero(crossed > 1)
        block = crossed[several].cumsum() // MEETINGS
        doubts = []
        for some in np.split(several, np.flatnonzero(np.diff(block)) + 1):
            try:
                self._meetings_on(some)
            except Doubtful as doubt:
                doubts.append(doubt)
        if doubts:
            faces = np.logical_or.reduce([doubt.faces for doubt in doubts])
            raise Doubtful(faces, np.unique(np.concatenate([doubt.units for doubt in doubts])))

    def meetings(self) -> Meetings:
        """All meetings: each is listed on both of its chords."""
        return self._meetings_on(None)

    def check_memory(self) -> None:
        """TooMany where the faces after the cut, with their patterns, do not fit the memory."""
        # a piece of a chord on both sides of each meeting, one of an edge at each crossing
        self._refuse(self.face_count, 2 * self.meeting_count + self.crossings.edge.size)

    def _refuse(self, faces: int, places: int) -> None:
        """TooMany where so many faces and places on edges and chords do not fit."""
        n = self.z.shape[1]
        if (needed := _needed(places, n)) > self._memory:
            raise TooMany(faces, n, needed)

    def _crossings(self, flips: Words) -> Crossings:
        """``flips`` (E, w): which units change sign along each edge."""
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
        """Going round a face at the left, a unit is entered once and left once."""
        at, n = self.crossings, self.z.shape[1]
        left, right = self.edges[2].take(at.edge), self.edges[3].take(at.edge)
        entered = np.where(at.rising, left, right)
        left_behind = left + right - entered
        enters, leaves = np.flatnonzero(entered >= 0), np.flatnonzero(left_behind >= 0)
        table = np.zeros(self.faces * n, dtype=np.int32)
        table[entered[enters] * n + at.unit[enters]] = enters
        face, unit = left_behind.take(leaves), at.unit.take(leaves)
        end = table.take(face * n + unit).astype(np.intp)
        if (
            enters.size != leaves.size
            or (entered[end] != face).any()
            or (at.unit[end] != unit).any()
        ):
            raise Doubtful.throughout(self.faces)
        across = at.before.take(leaves, axis=0) ^ at.before.take(end, axis=0)
        across &= ~single_bits(unit, across.shape[1])
        return Chords(face, unit, leaves, end, across)

    def _meetings_on(self, chosen: Ints | None) -> Meetings:
        chords = self.chords
        chord, unit = set_bits(chords.across if chosen is None else chords.across[chosen])
        if chosen is not None:
            chord = chosen[chord]
        low = self._at(chords.start.take(chord), unit)
        high = self._at(chords.end.take(chord), unit)
        s = low / (low - high)
        order = _order(chord, s)
        unit, s = unit.take(order), s.take(order)
        first = np.ones(chord.size, dtype=np.bool_)
        np.not_equal(chord[1:], chord[:-1], out=first[1:])
        near = self._too_near(s, np.abs(high - low).take(order), unit, first)
        if near.any():
            faces = np.zeros(self.faces, dtype=np.bool_)
            faces[chords.face[chord[near]]] = True
            met = np.concatenate([unit[near], chords.unit[chord[near]]])
            raise Doubtful(faces, self.numbers[np.unique(met)])
        return Meetings(chord, unit, s, first)

    def _at(self, crossing: Ints, unit: Ints) -> Array:
        """z of a unit at a crossing of others."""
        z, n, at = self.z.ravel(), self.z.shape[1], self.crossings
        low = z.take(at.u.take(crossing) * n + unit)
        high = z.take(at.v.take(crossing) * n + unit)
        between: Array = low + at.t.take(crossing) * (high - low)
        return between

    def _too_near(self, t: Array, slope: Array, unit: Ints, first: Bools) -> Bools:
        """Whether the next one along, or the one before, is so near that one's z there may be 0."""
        gap = t[1:] - t[:-1]
        gap[first[1:]] = np.inf
        reach = self.doubt.take(unit) / slope
        near = np.zeros(t.size, dtype=np.bool_)
        near[1:] = gap <= np.maximum(reach[1:], reach[:-1])
        near[:-1] |= near[1:]
        return near

    def _doubt_at(self, edges: Ints | Bools, units: Ints) -> Doubtful:
        faces = np.zeros(self.faces + 1, dtype=np.bool_)
        faces[self.edges[2:4, edges]] = True
        return Doubtful(faces[:-1], self.numbers[np.unique(units)])


def _needed(places: int, units: int) -> int:
    """Bytes for so many places, crossings and meetings, and the patterns at them."""
    return places * 8 * (PATTERNS * -(-units // WORD) + NUMBERS)


def _order(group: Ints, t: Array) -> Ints:
    """By group, which ascends already, and then by t in 0 … 1.

    A sort of the sums is quick; where it is too coarse, ``_too_near`` finds out.
    """
    return np.argsort(group + t, kind="stable")
