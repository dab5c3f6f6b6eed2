"""Features: inputs computed from the data's columns, such as x₁², x₁x₂ and sin x₁."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from unicodedata import normalize

import numpy as np

from engine.arrays import Array
from engine.errors import DataError

MAX_EXPONENT = 12
WAVES: dict[str, Callable[[Array], Array]] = {"sin": np.sin, "cos": np.cos}

_TO_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_WAVE = re.compile(r"(sin|cos)\s*(?:\((.+)\)|\s(.+))")
_POWER = re.compile(r"(.+?)(?:\^(\d+)|([⁰¹²³⁴⁵⁶⁷⁸⁹]+))")
_FROM_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


@dataclass(frozen=True)
class Feature:
    """A product of columns, or the sine or cosine of one column.

    ``columns`` are counted from 0; a column that is listed twice is squared.
    """

    name: str
    columns: tuple[int, ...]
    wave: str = ""  # a key of ``WAVES``

    @property
    def is_column(self) -> bool:
        """Whether it is a column itself."""
        return len(self.columns) == 1 and not self.wave

    def __call__(self, rows: Array) -> Array:
        """Its values (n,) for rows (n, d) of the columns."""
        factors = rows[:, list(self.columns)]
        if self.wave:
            return WAVES[self.wave](factors[:, 0])
        values: Array = factors.prod(axis=1)
        return values


def read_features(texts: Sequence[str], names: Sequence[str]) -> list[Feature | None]:
    """The features that texts stand for, given the names of the columns; None for a text that
    stands for none.

    Read are ``x1^2``, ``x₁²``, ``x1*x2``, ``sin(x1)``, ``cos x₁``; x1 stands for x₁ too.
    """
    positions = {normalize("NFKC", name): j for j, name in enumerate(names)}
    positions |= {name: j for j, name in enumerate(names)}
    return [_read_feature(text.strip(), names, positions) for text in texts]


def _read_feature(text: str, names: Sequence[str], positions: Mapping[str, int]) -> Feature | None:
    if text in positions:
        return Feature(names[positions[text]], (positions[text],))
    feature = _read_computed(text, names, positions)
    if feature is not None and feature.name in positions:  # the name of a column
        return replace(feature, name=text)
    return feature


def _read_computed(text: str, names: Sequence[str], positions: Mapping[str, int]) -> Feature | None:
    """The wave, power or product that a text stands for."""
    if wave := _WAVE.fullmatch(text):
        column = positions.get((wave[2] or wave[3]).strip())
        return None if column is None else Feature(f"{wave[1]} {names[column]}", (column,), wave[1])
    if power := _POWER.fullmatch(text):
        column = positions.get(power[1].strip())
        digits = power[2] or power[3].translate(_FROM_SUPERSCRIPT)
        exponent = int(digits) if len(digits) < 5 else MAX_EXPONENT + 1
        if column is not None and 1 <= exponent <= MAX_EXPONENT:
            return _power(names, column, exponent)
    factors = _factors(text, positions)
    return None if factors is None else _product(names, *sorted(factors))


def _power(names: Sequence[str], column: int, exponent: int) -> Feature:
    superscript = "" if exponent == 1 else str(exponent).translate(_TO_SUPERSCRIPT)
    return Feature(names[column] + superscript, (column,) * exponent)


def _product(names: Sequence[str], first: int, second: int) -> Feature:
    if first == second:
        return _power(names, first, 2)
    are_short = all(re.fullmatch(r"[a-z][₀-₉]*", names[j]) for j in (first, second))
    return Feature(("" if are_short else "·").join((names[first], names[second])), (first, second))


def _factors(text: str, positions: Mapping[str, int]) -> tuple[int, int] | None:
    """The two columns of a product, whose names are written with a sign between them or without;
    None for another text."""
    for sign in "*·×":
        first, _, second = (part.strip() for part in text.partition(sign))
        if first in positions and second in positions:
            return positions[first], positions[second]
    for split in range(1, len(text)):
        if text[:split] in positions and text[split:] in positions:
            return positions[text[:split]], positions[text[split:]]
    return None


def checked_values(features: Sequence[Feature], rows: Array, largest: float) -> Array:
    """The features (n, m) of rows (n, d); DataError where a value is larger than ``largest``."""
    with np.errstate(all="ignore"):
        values = np.column_stack([feature(rows) for feature in features])
        too_large = ~(np.abs(values).max(axis=0) <= largest)
    if too_large.any():
        name = features[int(too_large.argmax())].name
        raise DataError(f"{name} goes beyond {largest:g}: choose a lower power, or leave it out")
    return values
