"""A part of the box: its faces after some layers, and how the next layer cuts them."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from engine.arrays import Array, Bools, Ints
from engine.errors import MemoryBoundError
from engine.memory import gigabytes
from engine.regions.cells.active_units import Inputs, Units
from engine.regions.cells.bit_patterns import Words, packed, unpacked
from engine.regions.cells.cell_complex import Complex, box_complex
from engine.regions.cells.layer_cut import Cut
from engine.regions.cells.power_of_two_scaling import TOLERANCE, ScaledLayer
from engine.regions.cells.refine import refine
from engine.regions.cells.unit_cut import Subdivision

MEMORY = 1 << 30  # default limit on the bytes of a count, approximate


class Stage(NamedTuple):
    """The units ``rows`` of a layer, which cut the faces at the same time.

    Usually these are all units of the layer that bend. Units whose signs are in doubt are moved to
    a later stage, so a layer may have several, of which one is ``first`` and one is ``last``.
    ``first_unit``: the number of the layer's first unit among all hidden units.
    """

    layer: ScaledLayer
    first_unit: int
    rows: Ints
    first: bool = True
    last: bool = True

    def split(self, later: Bools) -> tuple["Stage", "Stage"]:
        """Two stages: the other rows, then those marked as ``later`` (rows,)."""
        return (
            self._replace(rows=self.rows[~later], last=False),
            self._replace(rows=self.rows[later], first=False),
        )


def stages(layers: tuple[ScaledLayer, ...]) -> list[Stage]:
    """One stage for each layer."""
    first_units = np.cumsum([0, *(layer.units for layer in layers)]).tolist()
    return [
        Stage(layer, first, np.flatnonzero(layer.bends))
        for layer, first in zip(layers, first_units, strict=False)
    ]


class Part(NamedTuple):
    """A complex, and ``inputs``: the inputs of the next layer at its vertices.

    ``pending``: a layer that has cut the complex, but whose units are not yet among the values of
    the vertices. ``inputs`` are then those of this layer, and ``settled`` computes its units. For
    the first layer, with two values a vertex, that is cheaper than to interpolate its units.
    ``share``: this part's share (0 … 1) of the work. ``close_calls``: see Subdivision; when a
    part is split, its first part keeps the count, so that the sum is right. ``memory``: the limit
    on the bytes of a cut, approximate.
    """

    complex: Complex
    inputs: Inputs
    share: float = 1.0
    pending: ScaledLayer | None = None
    close_calls: int = 0
    memory: float = MEMORY

    @classmethod
    def box(cls, lower: Array, upper: Array, memory: float = MEMORY) -> "Part":
        """One face: the rectangle between two corners (2,)."""
        reach = np.abs([lower, upper]).max(axis=0)
        return cls(box_complex(lower, upper), Inputs.coordinates(reach), memory=memory)

    def parts(self, faces: int) -> Iterator["Part"]:
        """Compact parts with at most ``faces`` faces each."""
        yield from self._with(self.complex.parts(faces))

    def split(self, number: Ints) -> Iterator["Part"]:
        """One part of the faces with ``number`` (F,) 0, and one of those with number 1."""
        yield from self._with(self.complex.split(number))

    def _with(self, complexes: Iterator[Complex]) -> Iterator["Part"]:
        close_calls = self.close_calls
        for complex in complexes:
            share = self.share * complex.faces / self.complex.faces
            yield self._replace(complex=complex, share=share, close_calls=close_calls)
            close_calls = 0

    def settled(self) -> "Part":
        """The same part with no layer pending, and without values that are 0 at every vertex."""
        if self.pending is None:
            inputs, values = self.inputs.without_zeros(self.complex.values)
        else:
            units = Units(self.pending, self.inputs, self.complex.values)
            values, inputs = units.carried()
            units.activate(values)
        complex = self.complex._replace(values=values)
        return self._replace(complex=complex, inputs=inputs, pending=None)

    def cut_by(self, stage: Stage, signs: bool = False, unit_by_unit: bool = False) -> "Part":
        """All faces cut by all units of a stage; with ``signs`` each face stores which are on.

        Doubtful if a sign or an order is too close to call, unless they cut ``unit_by_unit``.
        """
        settled = self.settled()
        before, units = settled.complex, Units(stage.layer, settled.inputs, settled.complex.values)
        cutting = units.among(stage.rows)
        pending = before.values.shape[1] == 2 or not (stage.first and stage.last)
        carried, inputs = (before.values, settled.inputs) if pending else units.carried()
        drawn_by = stage.first_unit + units.active[cutting]
        if unit_by_unit:
            after, close_calls = _cut_unit_by_unit(
                before, units, cutting, drawn_by, carried, pending, self.memory
            )
        else:
            cut = _cut(before, units, cutting, self.memory)
            cut.check_memory()
            after, close_calls = refine(before, cut, carried, not pending, drawn_by), 0
        if not pending:
            units.activate(after.values)
        if signs:
            after = after._replace(signs=_with_signs(after, stage, units, cutting))
        layer = stage.layer if pending and stage.last else None
        close_calls += self.close_calls
        return self._replace(complex=after, inputs=inputs, pending=layer, close_calls=close_calls)

    def count_after(self, stage: Stage, unit_by_unit: bool = False) -> tuple[int, int]:
        """The number of faces after one more stage, without making them; and close calls."""
        settled = self.settled()
        before, units = settled.complex, Units(stage.layer, settled.inputs, settled.complex.values)
        cutting = units.among(stage.rows)
        if unit_by_unit:
            subdivision, tolerances = _subdivision(before, units, cutting, before.values[:, :2])
            count, close_calls = subdivision.count_after(tolerances)
            return count, self.close_calls + close_calls
        cut = _cut(before, units, cutting, self.memory)
        cut.check_meetings()
        return cut.face_count, self.close_calls


def memory_error(regions: int, units: int, needed: float, memory: float) -> MemoryBoundError:
    """The error if regions, with the signs of ``units`` units in each, do not fit the memory."""
    return MemoryBoundError(
        f"too many for the memory: {regions:,} regions of {units:,} units take "
        f"{gigabytes(needed)}, and {gigabytes(memory)} is the most"
    )


def _cut(faces: Complex, units: Units, cutting: Ints, memory: float) -> Cut:
    z, numbers = units.z_of(cutting), units.active[cutting]
    return Cut(z, units.doubt[cutting], numbers, faces.edges, faces.faces, memory)


def _with_signs(after: Complex, stage: Stage, units: Units, cutting: Ints) -> Words:
    """The signs of each face (F, W), extended by those of the stage's units."""
    layer = stage.layer
    on = np.zeros((after.faces, len(layer.b)), dtype=np.bool_)
    on[:, stage.rows] = units.on[stage.rows]
    on[:, units.active[cutting]] = unpacked(after.patterns, cutting.size)
    if stage.last:
        on |= ~layer.bends
    words = packed(on[:, : layer.units])
    if stage.first:
        return np.concatenate([after.signs, words], axis=1)
    signs = after.signs.copy()
    signs[:, -words.shape[1] :] |= words
    return signs


def _cut_unit_by_unit(
    before: Complex,
    units: Units,
    cutting: Ints,
    drawn_by: Ints,
    carried: Array,
    pending: bool,
    memory: float,
) -> tuple[Complex, int]:
    n = cutting.size
    values_without_z = carried if pending else carried[:, : carried.shape[1] - n]
    faces, tolerances = _subdivision(before, units, cutting, values_without_z)
    for row, (tolerance, unit) in enumerate(zip(tolerances, drawn_by, strict=True)):
        if 2 * faces.values.nbytes > memory:
            raise memory_error(faces.face_count, n, 2 * faces.values.nbytes, memory)
        faces.cut_by_row(row, float(tolerance), int(unit))
    z, values = faces.values[:n], np.concatenate([faces.values[-2:], faces.values[n:-2]])
    after = Complex(
        np.ascontiguousarray(values.T if pending else np.concatenate([values, z]).T),
        faces.edges.copy(),
        faces.face_count,
        faces.origins,
        packed(faces.faces_with(z > 0.0)),
        before.signs.take(faces.origins, axis=0),
    )
    return after, faces.close_calls


def _subdivision(
    before: Complex, units: Units, cutting: Ints, values: Array
) -> tuple[Subdivision, Array]:
    """The faces as a Subdivision, whose first rows are z of the cutting units, and tolerances.

    The other rows are the ``values`` (V, ≥ 2) of each vertex, the coordinates last.
    """
    rows = np.concatenate([units.z_of(cutting).T, values[:, 2:].T, values[:, :2].T])
    faces = Subdivision(rows, before.edges.copy(), before.faces)
    return faces, TOLERANCE * units.magnitudes[units.active[cutting]]
