"""Which knots of a curve have moved, appeared and vanished from one moment to another."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from engine import Knots
from engine.data.dataset import Scale
from engine.notation import Name
from tui.model.value_change import Moved

Unit = tuple[int, int]


@dataclass(frozen=True)
class KnotChanges:
    """Knots by the units that bend there, in the data's own units: those that are there at both
    moments, the farthest moved first, and those that are there only after, only before."""

    moved: tuple[Moved, ...] = ()
    appeared: tuple[tuple[str, float], ...] = ()
    vanished: tuple[tuple[str, float], ...] = ()


def knot_changes(before: Knots, after: Knots, scale: Scale) -> KnotChanges:
    """The knots of each unit at two moments, paired from left to right so that they move as
    little as can be. ``scale`` is that of the input.

    Where several units bend at one place, each has a knot there.
    """
    old, new = (_by_unit(knots, scale) for knots in (before, after))
    moved, appeared, vanished = [], [], []
    for layer, unit in sorted({*old, *new}):
        name = Name("a", layer, (unit + 1,))
        for x, y in paired(old[layer, unit], new[layer, unit]):
            if x is not None and y is not None:
                moved.append(Moved(name, x, y))
            elif y is not None:
                appeared.append((name.written(), y))
            elif x is not None:
                vanished.append((name.written(), x))
    moved.sort(key=lambda m: -abs(m.by))
    return KnotChanges(tuple(moved), tuple(appeared), tuple(vanished))


def paired(
    before: Sequence[float], after: Sequence[float]
) -> list[tuple[float | None, float | None]]:
    """Ascending places paired in their order, as many as can be, with the least sum of distances;
    with None those that are left over."""
    if len(before) > len(after):
        return [(x, y) for y, x in paired(after, before)]
    few, many = before, after
    # least[i][j]: of pairing the first i of the few with some of the first j of the many
    least = [[0.0] * (len(many) + 1)]
    for i, x in enumerate(few):
        row = [inf] * (i + 1)
        for j, y in enumerate(many[i:], start=i):
            row.append(min(row[j], least[i][j] + abs(x - y)))
        least.append(row)
    pairs: list[tuple[float | None, float | None]] = []
    i, j = len(few), len(many)
    while j:
        j -= 1
        if i and least[i][j] > least[i][j + 1]:  # y is the partner of the last of the few
            i -= 1
            pairs.append((few[i], many[j]))
        else:
            pairs.append((None, many[j]))
    return pairs[::-1]


def _by_unit(knots: Knots, scale: Scale) -> defaultdict[Unit, list[float]]:
    places: defaultdict[Unit, list[float]] = defaultdict(list)
    for x, units in zip(scale.undo(knots.x[:, None])[:, 0].tolist(), knots.units, strict=True):
        for unit in units:
            places[unit].append(x)
    return places
