"""Inputs that can be made of a data set's columns: what the panel offers, by their names."""

from collections.abc import Sequence
from itertools import combinations, count
from math import comb

from engine.data.features import MAX_EXPONENT, read_features

MOST_OFFERED = 12  # columns that are offered one by one
MOST_INPUTS = 100  # that a degree may make


def candidates(names: Sequence[str]) -> tuple[str, ...]:
    """The inputs offered one by one: of one or two columns x, x², the product, sin and cos; of
    more the columns themselves, unless they are too many."""
    if len(names) > 2:
        return tuple(names) if len(names) <= MOST_OFFERED else ()
    products = [f"{a}*{b}" for a, b in combinations(names, 2)]
    waves = [f"{wave}({name})" for wave in ("sin", "cos") for name in names]
    return _made(names, [*names, *(f"{name}^2" for name in names), *products, *waves])


def powers(names: Sequence[str], degree: int) -> tuple[str, ...]:
    """Every power of every column up to a degree, from 2 on also the products of two; () where
    there is no such degree, or they are too many."""
    if not 1 <= degree <= MAX_EXPONENT:
        return ()
    if degree == 1:
        return _made(names, names)
    if degree * len(names) + comb(len(names), 2) >= MOST_INPUTS:
        return ()
    texts = [*names, *(f"{name}^{k}" for k in range(2, degree + 1) for name in names)]
    return _made(names, [*texts, *(f"{a}*{b}" for a, b in combinations(names, 2))])


def degree_of(names: Sequence[str], features: Sequence[str] | None) -> int | None:
    """The degree whose powers these features are, in any order; None where of none."""
    if features is None:
        return 1
    for degree in count(1):
        made = powers(names, degree)
        if not made or len(made) > len(features):
            return None
        if {*made} == {*features} and len(made) == len(features):
            return degree
    return None


def switched(names: Sequence[str], features: Sequence[str] | None, name: str) -> tuple[str, ...]:
    """The features with one of the candidates added in its place, or taken away."""
    now = [*(names if features is None else features)]
    if name in now:
        return tuple(feature for feature in now if feature != name)
    order = [*candidates(names)]
    later = (i for i, f in enumerate(now) if f in order and order.index(f) > order.index(name))
    now.insert(next(later, len(now)), name)
    return tuple(now)


def named(names: Sequence[str], texts: Sequence[str]) -> tuple[str, ...]:
    """Features as they are spelt on the screen; what means nothing is left to the engine."""
    found = read_features(texts, names)
    return tuple(f.name if f else text for f, text in zip(found, texts, strict=True))


def _made(names: Sequence[str], texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(f.name for f in read_features(texts, names) if f is not None)
