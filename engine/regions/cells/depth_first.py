"""Cutting a part of the box by all layers, part after part and depth first.

A part with many faces is divided, and each part goes through all layers before the next one
starts: so only a few parts are in memory at a time. If a cut raises Doubtful, the faces or units
in doubt are separated from the others, and cut unit by unit if need be. If it raises TooMany, the
part is halved.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import numpy as np

from engine.arrays import Bools
from engine.regions.cells.layer_cut import Doubtful, TooMany
from engine.regions.cells.part import Part, Stage, memory_error

PART_SIZE = 256_000  # faces times units of a part that is cut at once
MIN_FACES = 500  # parts with fewer faces are not divided because of their size
FEW_UNITS = 32  # up to this number of units, a doubtful part is cut unit by unit
MANY_FACES = 16  # in a doubtful part with more faces, more units are cut unit by unit too

Result = TypeVar("Result")
Action = Callable[[Part, Stage, bool], Result]
"""Takes a part, a stage, and whether to cut unit by unit."""


def for_each_part(
    whole: Part, stage: Stage, action: Action[Result], signs: bool
) -> Iterator[Result]:
    """The results of an action on the parts of a part.

    ``signs``: whether faces store which units are on when the stage has to be divided.
    MemoryBoundError if a single face and a few units do not fit the memory.
    """
    for part in whole.parts(max(MIN_FACES, PART_SIZE // len(stage.layer.b))):
        try:
            yield action(part, stage, False)
        except TooMany as excess:
            if part.complex.faces > 1:
                for half in part.parts(-(-part.complex.faces // 2)):
                    yield from for_each_part(half, stage, action, signs)
            elif stage.rows.size > FEW_UNITS:
                yield from _in_two_stages(part, stage, _second_half(stage), action, signs)
            else:
                raise memory_error(excess.faces, excess.units, excess.needed, part.memory) from None
        except Doubtful as doubt:
            if doubt.faces.mean() <= 0.5:
                for group in part.split(doubt.faces.astype(np.intp)):
                    yield from for_each_part(group, stage, action, signs)
            elif (later := _later_units(part, stage, doubt)) is not None:
                yield from _in_two_stages(part, stage, later, action, signs)
            else:
                yield action(part, stage, True)


def cut_through(
    part: Part, stages: Sequence[Stage], cut: Action[Part], signs: bool
) -> Iterator[Part]:
    """Part after part, cut by all stages in order.

    With a stack, not by recursion, as there may be a thousand layers.
    """
    stack: list[Iterator[Part]] = [iter((part,))]
    while stack:
        current = next(stack[-1], None)
        if current is None:
            stack.pop()
        elif len(stack) > len(stages):
            yield current
        else:
            stack.append(for_each_part(current, stages[len(stack) - 1], cut, signs))


def _in_two_stages(
    part: Part, stage: Stage, later: Bools, action: Action[Result], signs: bool
) -> Iterator[Result]:
    """Cut by the units of a stage that are not ``later`` (rows,), then act with the later ones."""
    first, second = stage.split(later)
    for finer in for_each_part(part, first, lambda p, s, u: p.cut_by(s, signs, u), signs):
        yield from for_each_part(finer, second, action, signs)


def _second_half(stage: Stage) -> Bools:
    return np.arange(stage.rows.size) >= stage.rows.size // 2


def _later_units(part: Part, stage: Stage, doubt: Doubtful) -> Bools | None:
    """Which units (rows,) to cut with later; None if all should cut unit by unit at once.

    In a single face the few units in doubt come first: after all others there would be very many
    faces to cut unit by unit.
    """
    if stage.rows.size <= FEW_UNITS:
        return None
    in_doubt = np.isin(stage.rows, doubt.units)
    if 0 < np.count_nonzero(in_doubt) <= stage.rows.size // 2:
        return ~in_doubt if part.complex.faces == 1 else in_doubt
    if part.complex.faces > MANY_FACES:
        return None
    return _second_half(stage)
