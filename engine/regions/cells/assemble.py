"""Building the whole complex of a network: part by part, and then the parts put together."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from engine.arrays import Array, Bools, Ints
from engine.regions.cells.bit_patterns import WORD, Words, unpacked
from engine.regions.cells.cell_complex import Complex
from engine.regions.cells.active_units import Units
from engine.regions.cells.geometry import components
from engine.regions.cells.part import Piece, Stage, cut_through, stages, too_many
from engine.regions.cells.power_of_two_scaling import ScaledLayer, ScaledNetwork
from engine.regions.cells.unit_cut import OUTSIDE

FACE = 300  # bytes of a face beside its pattern, about
TORN = 1e-9
"""The two copies of a border are no further apart than this part of the box."""


class Builder:
    """Cuts a box by all hidden layers of a network.

    ``complex``: its values are the coordinates and z of the output layer. ``magnitudes`` (k,): how
    large the sums behind z get. ``close_calls``: see Subdivision.
    """

    def __init__(self, box: Piece, scaled: ScaledNetwork) -> None:
        self._layers, self.close_calls = scaled.layers, 0
        self._stages = stages(scaled.hidden)
        leaves = self._fitting(self._leaves(box, apart=True), box.memory)
        whole = put_together([part for part, _ in leaves])
        if whole is None:  # rounding has torn a border
            self.close_calls = 0
            leaves = self._fitting(self._leaves(box, apart=False), box.memory)
            ((whole, _),) = leaves
        self.complex = whole
        self.magnitudes: Array = np.max([magnitudes for _, magnitudes in leaves], axis=0)

    def _fitting(
        self, leaves: Iterator[tuple[Complex, Array]], memory: float
    ) -> list[tuple[Complex, Array]]:
        """All parts; MemoryBoundError as soon as the patterns of their faces do not fit."""
        units, faces, kept = sum(layer.units for layer in self._layers[:-1]), 0, []
        for leaf in leaves:
            faces += leaf[0].faces
            if (needed := faces * (units + FACE)) > memory:
                raise too_many(faces, units, needed, memory)
            kept.append(leaf)
        return kept

    def patterns(self) -> Bools:
        """(F, units): which hidden units are on in each face, layer by layer."""
        on, word = [np.zeros((self.complex.faces, 0), dtype=np.bool_)], 0
        for layer in self._layers[:-1]:
            end = word + -(-layer.units // WORD)
            words: Words = np.ascontiguousarray(self.complex.signs[:, word:end])
            on.append(unpacked(words, layer.units))
            word = end
        return np.concatenate(on, axis=1)

    def _leaves(self, box: Piece, apart: bool) -> Iterator[tuple[Complex, Array]]:
        """Part after part of the final complex, with its magnitudes."""
        for piece in self._parts(box) if apart else [self._whole(box)]:
            self.close_calls += piece.close_calls
            yield _with_outputs(piece.settled(), self._layers[-1])

    def _parts(self, box: Piece) -> Iterator[Piece]:
        return cut_through(box, self._stages, _cut, True)

    def _whole(self, piece: Piece) -> Piece:
        for stage in self._stages:
            piece = _cut(piece, stage, True)
        return piece


def _cut(piece: Piece, stage: Stage, carefully: bool) -> Piece:
    return piece.cut_by(stage, True, carefully)


def _with_outputs(piece: Piece, layer: ScaledLayer) -> tuple[Complex, Array]:
    values = piece.complex.values
    output = Units(layer, piece.inputs, values)
    carried = np.concatenate([values[:, :2], output.z], axis=1)
    return replace(piece.complex, values=carried), output.magnitudes


def put_together(parts: Sequence[Complex]) -> Complex | None:
    """One complex of parts that were cut apart; None where their borders do not match."""
    if len(parts) == 1:
        return parts[0]
    edges = np.concatenate([part.edges for part in parts], axis=1)
    part_of = np.repeat(np.arange(len(parts)), [part.edges.shape[1] for part in parts])
    first_vertex = np.cumsum([0, *(len(part.values) for part in parts)])
    first_face = np.cumsum([0, *(part.faces for part in parts)])
    edges[:2] += first_vertex[part_of]
    sides = edges[2:4]
    sides += np.where(sides == OUTSIDE, 0, first_face[part_of])
    values = np.concatenate([part.values for part in parts])

    # each piece of a border is there twice, with a face on one side each time
    border = edges[5] >= 0
    one = _in_order(np.flatnonzero(border & (edges[2] != OUTSIDE)), edges, values)
    other = _in_order(np.flatnonzero(border & (edges[2] == OUTSIDE)), edges, values)
    if one.size != other.size or (edges[5, one] != edges[5, other]).any():
        return None
    gap = values[edges[:2, one], :2] - values[edges[:2, other], :2]
    if (np.abs(gap) > TORN * np.ptp(values[:, :2], axis=0)).any():
        return None
    edges[3, one] = edges[3, other]
    vertex = components(len(values), edges[:2, one].ravel(), edges[:2, other].ravel())
    edges[:2] = vertex[edges[:2]]
    edges[5] = -1
    kept = np.ones(edges.shape[1], dtype=np.bool_)
    kept[other] = False
    return Complex(
        values[np.unique(vertex, return_index=True)[1]],
        edges[:, kept],
        int(first_face[-1]),
        np.concatenate([part.origins for part in parts]),
        np.zeros((int(first_face[-1]), 0), dtype=np.uint64),
        np.concatenate([part.signs for part in parts]),
    )


def _in_order(pieces: Ints, edges: Ints, values: Array) -> Ints:
    """Pieces of borders, border by border and along each."""
    pieces = pieces[np.argsort(edges[5, pieces], kind="stable")]
    if not pieces.size:
        return pieces
    ends = values[edges[:2, pieces], :2]
    middle, first = ends.mean(axis=0), np.flatnonzero(np.diff(edges[5, pieces], prepend=-1))
    size = np.maximum.reduceat(ends.max(axis=0), first) - np.minimum.reduceat(
        ends.min(axis=0), first
    )
    lengths = np.diff(first, append=pieces.size)
    along = np.where(np.repeat(size[:, 0] >= size[:, 1], lengths), middle[:, 0], middle[:, 1])
    return pieces[np.lexsort((along, np.repeat(np.arange(first.size), lengths)))]
