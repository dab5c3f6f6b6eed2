"""The complex after a cut by a layer: its new vertices, edges and faces.

A new face is a pair: the face before the cut, and the pattern of the cutting units in it. Crossings
and meetings divide edges and chords into pieces, and the pattern on either side of each piece is
known. So the faces are found by numbering the distinct pairs, without walking around any face.
"""

from typing import NamedTuple

import numpy as np

from engine.arrays import Array, Ints
from engine.regions.cells.bit_patterns import Words, numbered, prefixes, single_bits
from engine.regions.cells.cell_complex import Complex
from engine.regions.cells.layer_cut import Cut, Doubtful, Meetings
from engine.regions.cells.unit_cut import OUTSIDE

BLOCK = 2048  # vertices that are interpolated at a time, so that they stay in the cache


class NewVertices(NamedTuple):
    """The new vertices of a cut: one at each crossing, and one at each meeting of two chords.

    ``crossing`` (K,) and ``meeting`` (M,): the numbers of the vertices. Meetings are listed twice
    (see ``Cut.meetings``); ``made_by`` holds one of the two for each vertex.
    """

    crossing: Ints
    meeting: Ints
    made_by: Ints


class Pieces(NamedTuple):
    """Pieces of edges or of chords, and their two sides.

    ``left`` and ``right``: faces before the cut. ``left_pattern`` and ``right_pattern`` (_, w):
    which units of the cut are on at that side. ``unit`` and ``border``: as in Subdivision.
    """

    start: Ints
    end: Ints
    left: Ints
    right: Ints
    unit: Ints
    border: Ints
    left_pattern: Words
    right_pattern: Words


def refine(before: Complex, cut: Cut, values: Array, with_z: bool, drawn_by: Ints) -> Complex:
    """The complex after a cut by units with the numbers ``drawn_by`` (n,).

    ``values`` (V, p) are interpolated at new vertices. ``with_z``: their last n columns are z of
    the units. Doubtful if the numbers of vertices or faces disagree with ``cut``.
    """
    meetings = cut.meetings()
    vertices = _new_vertices(cut, meetings, len(values))
    values = _interpolated(values, cut, meetings, vertices)
    if with_z:
        _put_on_lines(values[:, -cut.z.shape[1] :], cut, meetings, vertices)
    pieces = [
        *_pieces_of_edges(before, cut, vertices),
        *_pieces_of_chords(cut, meetings, vertices, drawn_by),
    ]
    sides, origins, patterns = _new_faces(cut, pieces)
    return Complex(
        values,
        _edges(pieces, sides),
        origins.size,
        origins,
        patterns,
        before.signs.take(origins, axis=0),
    )


def _new_vertices(cut: Cut, meetings: Meetings, first: int) -> NewVertices:
    chords, n = cut.chords, cut.z.shape[1]
    first_unit, second_unit = chords.unit[meetings.chord], meetings.unit
    pair = np.minimum(first_unit, second_unit) * n + np.maximum(first_unit, second_unit)
    number, places = numbered(chords.face[meetings.chord], pair[:, np.newaxis].astype(np.uint64))
    if 2 * places.size != number.size:
        raise Doubtful.throughout(cut.faces)
    first_meeting = first + cut.crossings.edge.size
    return NewVertices(np.arange(first, first_meeting), number + first_meeting, places)


def _interpolated(values: Array, cut: Cut, meetings: Meetings, vertices: NewVertices) -> Array:
    """The values (V, p), then those at the crossings, then from these those at the meetings."""
    crossings, chords, crossing = cut.crossings, cut.chords, vertices.crossing
    first, second = len(values), len(values) + crossing.size
    result = np.empty((second + vertices.made_by.size, values.shape[1]))
    result[:first] = values
    _fill_between(result[first:second], values, crossings.u, crossings.v, crossings.t)
    chord = meetings.chord[vertices.made_by]
    start, end = crossing[chords.start[chord]], crossing[chords.end[chord]]
    _fill_between(result[second:], result, start, end, meetings.s[vertices.made_by])
    return result


def _fill_between(new: Array, rows: Array, u: Ints, v: Ints, t: Array) -> None:
    """Write rows[u] + t·(rows[v] − rows[u]) to ``new``."""
    for first in range(0, len(new), BLOCK):
        block = slice(first, first + BLOCK)
        start = rows.take(u[block], axis=0)  # much faster than rows[u]
        end = rows.take(v[block], axis=0)
        end -= start
        end *= t[block, np.newaxis]
        np.add(start, end, out=new[block])


def _put_on_lines(z: Array, cut: Cut, meetings: Meetings, vertices: NewVertices) -> None:
    """Set z (V, n) to exactly 0 at new vertices on the unit's line."""
    z[vertices.crossing, cut.crossings.unit] = 0.0
    chord_unit = cut.chords.unit[meetings.chord]
    z[vertices.meeting, chord_unit] = 0.0  # of both units, as each meeting is listed twice


def _pieces_of_edges(before: Complex, cut: Cut, vertices: NewVertices) -> tuple[Pieces, Pieces]:
    """The pieces up to each crossing, from the one before it or u; and the last pieces, up to v."""
    crossings, crossing = cut.crossings, vertices.crossing
    u, v, left, right, unit, border = before.edges
    last = np.append(crossings.first[1:], True)[: crossing.size]
    remaining = u.copy()
    remaining[crossings.edge[last]] = crossing[last]
    at_v = cut.bits.take(v, axis=0)
    edge = crossings.edge
    to_crossing = Pieces(
        np.where(crossings.first, crossings.u, crossing - 1),
        crossing,
        left[edge],
        right[edge],
        unit[edge],
        border[edge],
        crossings.before,
        crossings.before,
    )
    return to_crossing, Pieces(remaining, v, left, right, unit, border, at_v, at_v)


def _pieces_of_chords(
    cut: Cut, meetings: Meetings, vertices: NewVertices, drawn_by: Ints
) -> tuple[Pieces, Pieces]:
    """The pieces up to each meeting, from the one before it or the start; and the last pieces.

    The unit of the chord is on at its left and off at its right.
    """
    crossings, chords, chord = cut.crossings, cut.chords, meetings.chord
    start, end = vertices.crossing[chords.start], vertices.crossing[chords.end]
    meeting = vertices.meeting
    previous = np.empty_like(meeting)
    previous[1:] = meeting[:-1]
    previous[meetings.first] = start[chord[meetings.first]]
    last = np.append(meetings.first[1:], True)[: meeting.size]
    remaining = start.copy()
    remaining[chord[last]] = meeting[last]

    width = cut.bits.shape[1]
    chord_bit = single_bits(chords.unit, width)
    at_start = crossings.before.take(chords.start, axis=0) & ~chord_bit
    at_end = crossings.before.take(chords.end, axis=0) & ~chord_bit
    met_so_far = prefixes(single_bits(meetings.unit, width), meetings.first)
    at_meeting = at_start.take(chord, axis=0) ^ met_so_far

    face, drawn = chords.face, drawn_by[chords.unit]
    no_border = np.full(chord.size + face.size, -1)  # a chord is never on a border between parts
    to_meeting = Pieces(
        previous,
        meeting,
        face[chord],
        face[chord],
        drawn[chord],
        no_border[: chord.size],
        at_meeting | chord_bit.take(chord, axis=0),
        at_meeting,
    )
    to_end = Pieces(
        remaining, end, face, face, drawn, no_border[chord.size :], at_end | chord_bit, at_end
    )
    return to_meeting, to_end


def _new_faces(cut: Cut, pieces: list[Pieces]) -> tuple[Ints, Ints, Words]:
    """The new faces left and right of each piece (2, E); and for each new face the face before the
    cut (F,) and its pattern (F, w)."""
    faces = np.concatenate([*(p.left for p in pieces), *(p.right for p in pieces)])
    patterns = np.concatenate(
        [*(p.left_pattern for p in pieces), *(p.right_pattern for p in pieces)]
    )
    inside = np.flatnonzero(faces != OUTSIDE)
    faces, patterns = faces.take(inside), patterns.take(inside, axis=0)
    number, places = numbered(faces, patterns)
    if places.size != cut.face_count:
        raise Doubtful.throughout(cut.faces)
    sides = np.full(2 * sum(p.end.size for p in pieces), OUTSIDE)
    sides[inside] = number
    return sides.reshape(2, -1), faces[places], patterns[places]


def _edges(pieces: list[Pieces], sides: Ints) -> Ints:
    """The rows of Subdivision's edges (6, E)."""
    edges = np.empty((6, sides.shape[1]), dtype=np.intp)
    np.concatenate([p.start for p in pieces], out=edges[0])
    np.concatenate([p.end for p in pieces], out=edges[1])
    edges[2:4] = sides
    np.concatenate([p.unit for p in pieces], out=edges[4])
    np.concatenate([p.border for p in pieces], out=edges[5])
    return edges
