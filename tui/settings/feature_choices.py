"""Features that the settings panel offers, made of the columns of a data set."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, count
from math import comb
from typing import TYPE_CHECKING

from engine import DataError
from engine.terms.limits import MAX_EXPONENT
from engine.terms.lists import split_list

if TYPE_CHECKING:
    from engine.terms.features import FeatureReader

MAX_OFFERED = 12  # columns, each with a switch of its own
MAX_INPUTS = 100  # of all powers up to a degree


def candidates(names: Sequence[str]) -> tuple[str, ...]:
    """The features with a switch of their own.

    For one or two columns these are x, x², the product, sin and cos; for more columns the columns
    themselves, unless there are too many.
    """
    if len(names) > 2:
        return tuple(names) if len(names) <= MAX_OFFERED else ()
    products = [f"{a}*{b}" for a, b in combinations(names, 2)]
    waves = [f"{wave}({name})" for wave in ("sin", "cos") for name in names]
    return _made(names, [*names, *(f"{name}^2" for name in names), *products, *waves])


def powers(names: Sequence[str], degree: int) -> tuple[str, ...]:
    """Every power of every column up to a degree, and from degree 2 on all products of two columns.

    () if the degree is not allowed, or there are too many.
    """
    if not 1 <= degree <= MAX_EXPONENT:
        return ()
    if degree == 1:
        return _made(names, names)
    if degree * len(names) + comb(len(names), 2) >= MAX_INPUTS:
        return ()
    texts = [*names, *(f"{name}^{k}" for k in range(2, degree + 1) for name in names)]
    return _made(names, [*texts, *(f"{a}*{b}" for a, b in combinations(names, 2))])


def degree_of(names: Sequence[str], features: Sequence[str] | None) -> int | None:
    """The degree d for which these features are ``powers(names, d)`` in any order, or None."""
    if features is None:
        return 1
    for degree in count(1):
        made = powers(names, degree)
        if not made or len(made) > len(features):
            return None
        if {*made} == {*features} and len(made) == len(features):
            return degree
    return None


def toggled(names: Sequence[str], features: Sequence[str] | None, name: str) -> tuple[str, ...]:
    """The features with one of the candidates added, in the order of the candidates, or removed."""
    now = [*(names if features is None else features)]
    if name in now:
        return tuple(feature for feature in now if feature != name)
    order = [*candidates(names)]
    later = (i for i, f in enumerate(now) if f in order and order.index(f) > order.index(name))
    now.insert(next(later, len(now)), name)
    return tuple(now)


def read_inputs(names: Sequence[str], text: str) -> tuple[str, ...]:
    """The inputs of a list that was typed, separated by commas or, if there are none, by blanks;
    named as the screen shows them. A text that is no input stays as it is."""
    items = split_list(text)
    if len(items) == 1 and not _read(_reader(names), text):
        items = split_list(text, " ")
    return feature_names(names, [item for item in items if item])


def feature_names(names: Sequence[str], texts: Sequence[str]) -> tuple[str, ...]:
    """The names of features as the screen shows them; a text that is none stays as it is."""
    reader = _reader(names)
    return tuple(name for text in texts for name in _read(reader, text) or (text,))


def _made(names: Sequence[str], texts: Sequence[str]) -> tuple[str, ...]:
    reader = _reader(names)
    return tuple(name for text in texts for name in _read(reader, text))


def _reader(names: Sequence[str]) -> FeatureReader:
    from engine.terms.features import FeatureReader  # lazy: no screen needs it at the start

    return FeatureReader(names)


def _read(reader: FeatureReader, text: str) -> tuple[str, ...]:
    """The names of the inputs that a text stands for; () for none, or if only the data tell."""
    try:
        return tuple(feature.name for feature in reader.read(text))
    except DataError:
        return ()
