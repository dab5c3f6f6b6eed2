"""A part of the plane on its way through the layers: its faces, and what the next layer takes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from engine.arrays import Array, Bools, Ints
from engine.errors import MemoryBoundError
from engine.memory import gigabytes
from engine.regions.cells.bit_patterns import Words, packed, unpacked
from engine.regions.cells.cell_complex import Complex, box_complex
from engine.regions.cells.layer_cut import Cut, Doubtful, TooMany
from engine.regions.cells.active_units import Inputs, Units
from engine.regions.cells.refine import refined
from engine.regions.cells.power_of_two_scaling import TOLERANCE, ScaledLayer
from engine.regions.cells.unit_cut import Subdivision

MEMORY = 1 << 30  # bytes that counting may take, about
PART = 256_000  # faces times units that are looked at together
LEAST_PART = 500  # faces
CAREFUL_UNITS = 32  # up to so many, where a part is in doubt, cut it one by one at once
MANY_FACES = 16  # in parts with more of them, more units do too

Result = TypeVar("Result")


@dataclass(frozen=True, eq=False)
class Stage:
    """Units of a layer, ``rows``, that cut together: all that bend, where nothing is in doubt.

    ``first_unit`` is the layer's first among all hidden units. A layer may be cut in several
    stages, one of them its ``first`` and one its ``last``.
    """

    layer: ScaledLayer
    first_unit: int
    rows: Ints
    first: bool = True
    last: bool = True

    def split(self, later: Bools) -> tuple["Stage", "Stage"]:
        """First the other rows, then those that are to come later (rows,)."""
        one, other = self.rows[~later], self.rows[later]
        return replace(self, rows=one, last=False), replace(self, rows=other, first=False)


def stages(layers: tuple[ScaledLayer, ...]) -> list[Stage]:
    """One for each layer."""
    first_units = np.cumsum([0, *(layer.units for layer in layers)]).tolist()
    return [
        Stage(layer, first, np.flatnonzero(layer.bends))
        for layer, first in zip(layers, first_units, strict=False)
    ]


@dataclass(frozen=True, eq=False)
class Piece:
    """A complex, and ``inputs``: what the next layer takes at its vertices.

    Where a layer is ``pending``, they are what that one takes: its units are computed wherever
    they are wanted. In the first layer, with nothing but coordinates, that is cheaper than to carry
    them. ``share`` is the part of the whole that the piece stands for. ``close_calls``: see
    Subdivision; of the parts of a piece the first one answers for those that made it. A cut may
    take about ``memory`` bytes.
    """

    complex: Complex
    inputs: Inputs
    share: float = 1.0
    pending: ScaledLayer | None = None
    close_calls: int = 0
    memory: float = MEMORY

    @classmethod
    def box(cls, lower: Array, upper: Array, memory: float = MEMORY) -> "Piece":
        """One face: the rectangle between two corners (2,)."""
        reach = np.abs([lower, upper]).max(axis=0)
        return cls(box_complex(lower, upper), Inputs.coordinates(reach), memory=memory)

    def parts(self, faces: int) -> Iterator["Piece"]:
        """Compact parts of at most so many faces each."""
        yield from self._with(self.complex.parts(faces))

    def split(self, part: Ints) -> Iterator["Piece"]:
        """The faces of part (F,) 0, and those of part 1."""
        yield from self._with(self.complex.split(part))

    def _with(self, parts: Iterator[Complex]) -> Iterator["Piece"]:
        close_calls = self.close_calls
        for part in parts:
            share = self.share * part.faces / self.complex.faces
            yield replace(self, complex=part, share=share, close_calls=close_calls)
            close_calls = 0

    def settled(self) -> "Piece":
        """The same with no layer pending, and without values that are nothing here."""
        if self.pending is None:
            inputs, values = self.inputs.without_zeros(self.complex.values)
        else:
            units = Units(self.pending, self.inputs, self.complex.values)
            values, inputs = units.carried()
            units.activate(values)
        complex = replace(self.complex, values=values)
        return replace(self, complex=complex, inputs=inputs, pending=None)

    def cut_by(self, stage: Stage, signs: bool = False, carefully: bool = False) -> "Piece":
        """All faces cut by all units of a stage; with ``signs`` they remember which are on.

        Doubtful where that is too close to call, unless it is done ``carefully``, unit by unit.
        """
        here = self.settled()
        before, units = here.complex, Units(stage.layer, here.inputs, here.complex.values)
        cutting = units.among(stage.rows)
        pending = before.values.shape[1] == 2 or not (stage.first and stage.last)
        carried, inputs = (before.values, here.inputs) if pending else units.carried()
        drawn_by = stage.first_unit + units.active[cutting]
        if carefully:
            after, close_calls = _cut_carefully(
                before, units, cutting, drawn_by, carried, pending, self.memory
            )
        else:
            cut = _cut(before, units, cutting, self.memory)
            cut.check_memory()
            after, close_calls = refined(before, cut, carried, not pending, drawn_by), 0
        if not pending:
            units.activate(after.values)
        if signs:
            after = replace(after, signs=_with_signs(after, stage, units, cutting))
        layer = stage.layer if pending and stage.last else None
        close_calls += self.close_calls
        return replace(self, complex=after, inputs=inputs, pending=layer, close_calls=close_calls)

    def count_after(self, stage: Stage, carefully: bool = False) -> tuple[int, int]:
        """The faces after one more stage, which need not be made to be counted; close calls."""
        here = self.settled()
        faces, units = here.complex, Units(stage.layer, here.inputs, here.complex.values)
        cutting = units.among(stage.rows)
        if carefully:
            subdivision, tolerances = _for_care(faces, units, cutting, faces.values[:, :2])
            count, close_calls = subdivision.count_after(tolerances)
            return count, self.close_calls + close_calls
        cut = _cut(faces, units, cutting, self.memory)
        cut.check_meetings()
        return cut.face_count, self.close_calls


def in_parts(
    piece: Piece, stage: Stage, do: Callable[[Piece, Stage, bool], Result], signs: bool
) -> Iterator[Result]:
    """Do something with one part of a piece after another.

    Faces in doubt are parted from the others, and units in doubt come later than the others. What
    is in doubt for the most part is done carefully (the third argument). With ``signs`` pieces
    remember which units are on. What does not fit the memory is done by halves; MemoryBoundError
    where one face alone does not.
    """
    for part in piece.parts(max(LEAST_PART, PART // len(stage.layer.b))):
        try:
            yield do(part, stage, False)
        except TooMany as much:
            if part.complex.faces > 1:
                for half in part.parts(-(-part.complex.faces // 2)):
                    yield from in_parts(half, stage, do, signs)
            elif stage.rows.size > CAREFUL_UNITS:
                yield from _one_after_another(part, stage, _second_half(stage), do, signs)
            else:
                raise too_many(much.faces, much.units, much.needed, part.memory) from None
        except Doubtful as doubt:
            if doubt.faces.mean() <= 0.5:
                for other in part.split(doubt.faces.astype(np.intp)):
                    yield from in_parts(other, stage, do, signs)
            elif (later := _later(part, stage, doubt)) is not None:
                yield from _one_after_another(part, stage, later, do, signs)
            else:
                yield do(part, stage, True)


def cut_through(
    piece: Piece, stages: Sequence[Stage], cut: Callable[[Piece, Stage, bool], Piece], signs: bool
) -> Iterator[Piece]:
    """Part after part of a piece, cut by all stages in order: depth first, so that few are held.

    A stack and not recursion: there may be a thousand layers.
    """
    open_parts: list[Iterator[Piece]] = [iter((piece,))]
    while open_parts:
        part = next(open_parts[-1], None)
        if part is None:
            open_parts.pop()
        elif len(open_parts) > len(stages):
            yield part
        else:
            open_parts.append(in_parts(part, stages[len(open_parts) - 1], cut, signs))


def _one_after_another(
    part: Piece,
    stage: Stage,
    later: Bools,
    do: Callable[[Piece, Stage, bool], Result],
    signs: bool,
) -> Iterator[Result]:
    """Cut by the other units (rows,) of a stage first, then do it with those that come later."""
    one, rest = stage.split(later)
    for finer in in_parts(part, one, lambda p, s, c: p.cut_by(s, signs, c), signs):
        yield from in_parts(finer, rest, do, signs)


def _second_half(stage: Stage) -> Bools:
    return np.arange(stage.rows.size) >= stage.rows.size // 2


def _later(part: Piece, stage: Stage, doubt: Doubtful) -> Bools | None:
    """Which units (rows,) had better wait; None where the part is best done carefully at once.

    In one face the few in doubt come first: all others together would make it very many faces.
    """
    if stage.rows.size <= CAREFUL_UNITS:
        return None
    in_doubt = np.isin(stage.rows, doubt.units)
    if 0 < np.count_nonzero(in_doubt) <= stage.rows.size // 2:
        return ~in_doubt if part.complex.faces == 1 else in_doubt
    if part.complex.faces > MANY_FACES:
        return None
    return _second_half(stage)


def too_many(regions: int, units: int, needed: float, memory: float) -> MemoryBoundError:
    """What is said where regions, with the signs of so many units in each, do not fit."""
    return MemoryBoundError(
        f"too many for the memory: {regions:,} regions of {units:,} units take "
        f"{gigabytes(needed)}, and {gigabytes(memory)} is the most"
    )


def _cut(faces: Complex, units: Units, cutting: Ints, memory: float) -> Cut:
    z, numbers = units.z_of(cutting), units.active[cutting]
    return Cut(z, units.doubt[cutting], numbers, faces.edges, faces.faces, memory)


def _with_signs(after: Complex, stage: Stage, units: Units, cutting: Ints) -> Words:
    """The signs so far, and those of a stage's units."""
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


def _cut_carefully(
    before: Complex,
    units: Units,
    cutting: Ints,
    drawn_by: Ints,
    carried: Array,
    pending: bool,
    memory: float,
) -> tuple[Complex, int]:
    n = cutting.size
    rest = carried if pending else carried[:, : carried.shape[1] - n]
    faces, tolerances = _for_care(before, units, cutting, rest)
    for row, (tolerance, unit) in enumerate(zip(tolerances, drawn_by, strict=True)):
        if 2 * faces.values.nbytes > memory:
            raise too_many(faces.face_count, n, 2 * faces.values.nbytes, memory)
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


def _for_care(
    before: Complex, units: Units, cutting: Ints, values: Array
) -> tuple[Subdivision, Array]:
    """The faces to be cut unit by unit: a row of z for each unit, and its tolerance.

    More rows are the ``values`` (V, ≥ 2) of each vertex, the coordinates last.
    """
    rows = np.concatenate([units.z_of(cutting).T, values[:, 2:].T, values[:, :2].T])
    faces = Subdivision(rows, before.edges.copy(), before.faces)
    return faces, TOLERANCE * units.magnitudes[units.active[cutting]]
