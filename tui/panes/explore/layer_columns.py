"""Where the columns of the layers table are: two blocks, and a third for the weights."""

from functools import lru_cache
from typing import NamedTuple

PITCH = 7  # cells of a number, with the gap before it
NORM = 8  # of ‖∂C/∂w‖, whose head is longer
RULE = 3  # of the rule between two blocks, with a gap at either side
OF_EXAMPLE = ("z", "a", "δ")
OF_BATCH = ("∂C/∂b", "‖∂C/∂w‖")
WITH_BARS = (("δ", *OF_BATCH), ("δ", OF_BATCH[1]), ("δ",))  # best first
LEAST_BARS = (3, 2, 2)  # cells, of each of these
MAX_BAR = 12


class Columns(NamedTuple):
    """``unit``: where the numbers of the units end; ``ends``: where the columns that there is room
    for end, from left to right; ``bars``: the cells of the bar behind a column, if it has one.

    ``rule`` is the column of the rule between the example's block and that of the batch,
    ``weights`` of the one before the block of the weights; None without that.
    """

    unit: int
    ends: dict[str, int]
    bars: dict[str, int]
    rule: int
    weights: int | None


@lru_cache(maxsize=16)
def columns_of(width: int, units: int, weights: int | None) -> Columns:
    """The columns in so many cells, where a layer has at most so many units, and a unit so many
    weights, with the bias; None if these are not wanted."""
    unit = 2 + len(str(units))
    choices = ((*OF_EXAMPLE, *OF_BATCH), (*OF_EXAMPLE, OF_BATCH[0]), ("a", "δ", OF_BATCH[0]))
    names = next((n for n in choices if _cells(unit, n) <= width), ("δ", OF_BATCH[0]))
    spare = max(0, width - _cells(unit, names))
    bars = {} if weights is None else _bars(spare - 2 - PITCH * weights, names)
    has_weights = len(bars) == len(WITH_BARS[0])
    if not has_weights:
        bars = _bars(spare, names)

    ends, end, rule = {}, unit, 0
    for name in names:
        if name == OF_BATCH[0]:
            rule = end + 1
            end += RULE - 1  # a number begins with the gap
        ends[name] = end = end + (NORM if name == OF_BATCH[1] else PITCH)
        if name in bars:
            end += 1 + bars[name]
    return Columns(unit, ends, bars, rule, end + 1 if has_weights else None)


def _cells(unit: int, names: tuple[str, ...]) -> int:
    """The cells that columns take without bars."""
    return unit + PITCH * len(names) + RULE - 1 + (OF_BATCH[1] in names) * (NORM - PITCH)


def _bars(spare: int, names: tuple[str, ...]) -> dict[str, int]:
    """The cells of the bars in so many spare ones, alike: for as many columns as have room. Where
    there is none for ‖∂C/∂w‖, the spare ones are left to the batch's head."""
    for columns, least in zip(WITH_BARS, LEAST_BARS, strict=True):
        cells = min(spare // len(columns) - 1, MAX_BAR)
        if cells >= least and OF_BATCH[1] in names:
            return dict.fromkeys(columns, cells)
    return {}
