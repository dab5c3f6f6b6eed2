"""The filter of regions: words separated by blanks or commas, which must all be true.

``data`` has examples, ``empty`` has none, ``zero`` the decision boundary passes through, ``near``
the selected region and its neighbours, ``area>1`` (percent), ``n>=3``, ``slope>2``, ``corners>4``,
``on:1.3`` and ``off:1.3`` unit 3 of layer 1.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine import EngineError
from engine.arrays import Bools
from engine.wording import plural
from tui.model.frame import Frame
from tui.model.regions.list import RegionList, all_regions

Test = Callable[["RegionList", Sequence[int]], Bools]  # for a list and the network's sizes

ALLOWED = "data, empty, zero, near, area>1, n>=3, slope>2, corners>4, on:1.3, off:1.3"


class FilterError(EngineError):
    """A word that is no filter."""


@dataclass(frozen=True)
class Filter:
    """The conditions of a filter; without conditions every region passes."""

    text: str
    tests: tuple[Test, ...]

    def matches(self, regions: RegionList, sizes: Sequence[int]) -> Bools:
        """(R,) by rank: whether each region of a network with these layer sizes passes."""
        passed = np.ones(len(regions), dtype=np.bool_)
        for test in self.tests:
            passed &= test(regions, sizes)
        return passed


def region_list(frame: Frame) -> RegionList | None:
    """The regions of a frame, with those that its filter shows; None if there is no map."""
    listed = all_regions(frame)
    if listed is None or not frame.region_filter:
        return listed
    return replace(listed, shown=parse(frame.region_filter).matches(listed, frame.network.sizes))


def parse(text: str, sizes: Sequence[int] | None = None) -> Filter:
    """The filter in a text. FilterError, with the word, if it is no filter, or names a unit that a
    network with these layer sizes (None: any network) does not have."""
    words = [word for word in _BETWEEN.split(_AROUND.sub(r"\1", text)) if word]
    return Filter(text, tuple(_test(word, sizes) for word in words))


_WORDS: dict[str, Test] = {
    "data": lambda regions, sizes: regions.examples > 0,
    "empty": lambda regions, sizes: regions.examples == 0,
    "zero": lambda regions, sizes: regions.zero,
    "near": lambda regions, sizes: _near(regions),
}
_SIZES: dict[str, Callable[[RegionList], NDArray[np.generic]]] = {
    "area": lambda regions: 100.0 * regions.share,
    "n": lambda regions: regions.examples,
    "slope": lambda regions: regions.steepness,
    "corners": lambda regions: regions.corners,
}
_COMPARISONS: dict[str, Callable[[NDArray[np.generic], float], Bools]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
}
_AROUND = re.compile(r"\s*([<>=]+)\s*(?=[\d.])")  # a comparison with a number
_BETWEEN = re.compile(r"\s+|,(?!\d)")  # words, none of which begins with a digit
_COMPARED = re.compile(r"([a-z]+)(>=|<=|>|<|=)(\d+\.?\d*|\.\d+)", re.ASCII)
_UNIT = re.compile(r"(on|off):(\d{1,9})\.(\d{1,9})", re.ASCII)


def _test(word: str, sizes: Sequence[int] | None) -> Test:
    """The condition in one word."""
    if word in _WORDS:
        return _WORDS[word]
    compared, unit = _COMPARED.fullmatch(word), _UNIT.fullmatch(word)
    if compared and compared[1] in _SIZES:
        size, comparison = _SIZES[compared[1]], _COMPARISONS[compared[2]]
        limit = float(compared[3])
        return lambda regions, sizes: comparison(size(regions), limit)
    if unit and int(unit[2]) > 0 and int(unit[3]) > 0:
        on, layer, number = unit[1] == "on", int(unit[2]), int(unit[3])
        if sizes is not None:
            _require(word, sizes, layer, number)
        return lambda regions, sizes: _switched(regions, sizes, layer, number, on)
    raise FilterError(f"{word!r} is not a filter; there are: {ALLOWED}")


def _require(word: str, sizes: Sequence[int], layer: int, unit: int) -> None:
    """FilterError if there is no such hidden unit."""
    hidden = sizes[1:-1]
    if layer > len(hidden):
        raise FilterError(f"{word!r}: the network has {plural(len(hidden), 'hidden layer')}")
    if unit > hidden[layer - 1]:
        raise FilterError(f"{word!r}: layer {layer} has {plural(hidden[layer - 1], 'unit')}")


def _near(regions: RegionList) -> Bools:
    """The selected region and its neighbours."""
    near = np.zeros(len(regions), dtype=np.bool_)
    if regions.selected is not None:
        near[regions.selected] = True
        near[regions.neighbours(regions.selected)] = True
    return near


def _switched(regions: RegionList, sizes: Sequence[int], layer: int, unit: int, on: bool) -> Bools:
    """Where a hidden unit, counted from 1.1, is on or off; nowhere if it does not exist."""
    if layer > len(sizes) - 2 or unit > sizes[layer]:
        return np.zeros(len(regions), dtype=np.bool_)
    column = sum(sizes[1:layer]) + unit - 1
    switched: Bools = regions.map.patterns[regions.ids, column] == on
    return switched
