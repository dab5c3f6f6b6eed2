"""The complex of all hidden layers of a network: cut in parts, which are then joined."""

from collections.abc import Iterator, Sequence

import numpy as np

from engine.arrays import Array, Bools, Ints
from engine.regions.cells.active_units import Units
from engine.regions.cells.bit_patterns import WORD, Words, unpacked
from engine.regions.cells.cell_complex import Complex
from engine.regions.cells.depth_first import cut_through
from engine.regions.cells.geometry import components
from engine.regions.cells.part import Part, Stage, memory_error, stages
from engine.regions.cells.power_of_two_scaling import ScaledLayer, ScaledNetwork
from engine.regions.cells.unit_cut import OUTSIDE

FACE_BYTES = 300  # memory of a face without its pattern, approximate
BORDER_TOLERANCE = 1e-9
"""How far apart the two copies of a border may be, relative to the box."""


class NetworkComplex:
    """A box cut by all hidden layers of a network.

    ``complex``: the values of its vertices are the coordinates and z of the output layer.
    ``magnitudes`` (k,): the sizes of the sums that z is computed from. ``close_calls``: see
    Subdivision.
    """

    def __init__(self, box: Part, scaled: ScaledNetwork) -> None:
        self._layers, self.close_calls = scaled.layers, 0
        self._stages = stages(scaled.hidden)
        leaves = self._within_memory(self._leaves(box, in_parts=True), box.memory)
        whole = join([part for part, _ in leaves])
        if whole is None:  # the two sides of a border differ by rounding: cut without parts
            self.close_calls = 0
            leaves = self._within_memory(self._leaves(box, in_parts=False), box.memory)
            ((whole, _),) = leaves
        self.complex = whole
        self.magnitudes: Array = np.max([magnitudes for _, magnitudes in leaves], axis=0)

    def _within_memory(
        self, leaves: Iterator[tuple[Complex, Array]], memory: float
    ) -> list[tuple[Complex, Array]]:
        """All leaves; MemoryBoundError as soon as their faces and patterns do not fit."""
        units, faces, kept = sum(layer.units for layer in self._layers[:-1]), 0, []
        for leaf in leaves:
            faces += leaf[0].faces
            if (needed := faces * (units + FACE_BYTES)) > memory:
                raise memory_error(faces, units, needed, memory)
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

    def _leaves(self, box: Part, in_parts: bool) -> Iterator[tuple[Complex, Array]]:
        """One part of the final complex after another, with its magnitudes."""
        parts = cut_through(box, self._stages, _cut, True) if in_parts else [self._whole(box)]
        for part in parts:
            self.close_calls += part.close_calls
            yield _with_outputs(part.settled(), self._layers[-1])

    def _whole(self, part: Part) -> Part:
        for stage in self._stages:
            part = _cut(part, stage, True)
        return part


def _cut(part: Part, stage: Stage, unit_by_unit: bool) -> Part:
    return part.cut_by(stage, True, unit_by_unit)


def _with_outputs(part: Part, layer: ScaledLayer) -> tuple[Complex, Array]:
    values = part.complex.values
    output = Units(layer, part.inputs, values)
    with_z = np.concatenate([values[:, :2], output.z], axis=1)
    return part.complex._replace(values=with_z), output.magnitudes


def join(parts: Sequence[Complex]) -> Complex | None:
    """One complex from parts that were cut separately; None if their borders do not match.

    Both parts at a border have cut it at the same points up to rounding. Their edges along it are
    matched in order, and the vertices at their ends identified.
    """
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

    # each edge on a border exists twice, once with the face on its left, once on its right
    border = edges[5] >= 0
    with_left = _in_order(np.flatnonzero(border & (edges[2] != OUTSIDE)), edges, values)
    with_right = _in_order(np.flatnonzero(border & (edges[2] == OUTSIDE)), edges, values)
    if with_left.size != with_right.size or (edges[5, with_left] != edges[5, with_right]).any():
        return None
    gap = values[edges[:2, with_left], :2] - values[edges[:2, with_right], :2]
    if (np.abs(gap) > BORDER_TOLERANCE * np.ptp(values[:, :2], axis=0)).any():
        return None
    edges[3, with_left] = edges[3, with_right]
    vertex = components(len(values), edges[:2, with_left].ravel(), edges[:2, with_right].ravel())
    edges[:2] = vertex[edges[:2]]
    edges[5] = -1
    kept = np.ones(edges.shape[1], dtype=np.bool_)
    kept[with_right] = False
    return Complex(
        values[np.unique(vertex, return_index=True)[1]],
        edges[:, kept],
        int(first_face[-1]),
        np.concatenate([part.origins for part in parts]),
        np.zeros((int(first_face[-1]), 0), dtype=np.uint64),
        np.concatenate([part.signs for part in parts]),
    )


def _in_order(chosen: Ints, edges: Ints, values: Array) -> Ints:
    """The chosen edges sorted by border, and along each border by x or y, its longer side."""
    chosen = chosen[np.argsort(edges[5, chosen], kind="stable")]
    if not chosen.size:
        return chosen
    ends = values[edges[:2, chosen], :2]
    middle, first = ends.mean(axis=0), np.flatnonzero(np.diff(edges[5, chosen], prepend=-1))
    size = np.maximum.reduceat(ends.max(axis=0), first) - np.minimum.reduceat(
        ends.min(axis=0), first
    )
    lengths = np.diff(first, append=chosen.size)
    position = np.where(np.repeat(size[:, 0] >= size[:, 1], lengths), middle[:, 0], middle[:, 1])
    return chosen[np.lexsort((position, np.repeat(np.arange(first.size), lengths)))]
