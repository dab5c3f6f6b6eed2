"""Knots of a curve that have moved, appeared or vanished between two moments."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from engine import Knots
from engine.data.dataset import Scale
from engine.notation import Name
from tui.model.value_change import ValueChange

Unit = tuple[int, int]


@dataclass(frozen=True)
class KnotChanges:
    """Knots with the units that bend there, in the data's own units: those that exist at both
    moments (the largest change first), only after, and only before."""

    moved: tuple[ValueChange, ...] = ()
    appeared: tuple[tuple[str, float], ...] = ()
    vanished: tuple[tuple[str, float], ...] = ()


def knot_changes(before: Knots, after: Knots, scale: Scale) -> KnotChanges:
    """The knots of each unit at two moments, paired from left to right with the least sum of
    distances. ``scale`` is that of the input.

    If several units bend at one place, each has a knot there.
    """
    old, new = (_by_unit(knots, scale) for knots in (before, after))
    moved, appeared, vanished = [], [], []
    for layer, unit in sorted({*old, *new}):
        name = Name("a", layer, (unit + 1,))
        for x, y in paired(old[layer, unit], new[layer, unit]):
            if x is not None and y is not None:
                moved.append(ValueChange(name, x, y))
            elif y is not None:
                appeared.append((name.written(), y))
            elif x is not None:
                vanished.append((name.written(), x))
    moved.sort(key=lambda m: -abs(m.difference))
    return KnotChanges(tuple(moved), tuple(appeared), tuple(vanished))


def paired(
    before: Sequence[float], after: Sequence[float]
) -> list[tuple[float | None, float | None]]:
    """Ascending positions paired in order, as many as possible, with the least sum of distances;
    the others are paired with None."""
    if len(before) > len(after):
        return [(x, y) for y, x in paired(after, before)]
    fewer, more = before, after
    # least[i][j]: the sum when the first i of the fewer are paired with some of the first j
    least = [[0.0] * (len(more) + 1)]
    for i, x in enumerate(fewer):
        row = [inf] * (i + 1)
        for j, y in enumerate(more[i:], start=i):
            row.append(min(row[j], least[i][j] + abs(x - y)))
        least.append(row)
    pairs: list[tuple[float | None, float | None]] = []
    i, j = len(fewer), len(more)
    while j:
        j -= 1
        if i and least[i][j] > least[i][j + 1]:  # y is paired with the last of the fewer
            i -= 1
            pairs.append((fewer[i], more[j]))
        else:
            pairs.append((None, more[j]))
    return pairs[::-1]


def _by_unit(knots: Knots, scale: Scale) -> defaultdict[Unit, list[float]]:
    places: defaultdict[Unit, list[float]] = defaultdict(list)
    for x, units in zip(scale.undo(knots.x[:, None])[:, 0].tolist(), knots.units, strict=True):
        for unit in units:
            places[unit].append(x)
    return places
