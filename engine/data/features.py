"""Features: inputs made of the data's columns, such as x₁², x₁x₂ and sin x₁."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from unicodedata import normalize

import numpy as np

from engine.arrays import Array
from engine.errors import DataError

MOST_EXPONENT = 12
WAVES: dict[str, Callable[[Array], Array]] = {"sin": np.sin, "cos": np.cos}

_TO_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_WAVE = re.compile(r"(sin|cos)\s*(?:\((.+)\)|\s(.+))")
_POWER = re.compile(r"(.+?)(?:\^(\d+)|([⁰¹²³⁴⁵⁶⁷⁸⁹]+))")
_FROM_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


@dataclass(frozen=True)
class Feature:
    """A product of columns (counted from 0; one that comes twice is squared), or a wave of one."""

    name: str
    columns: tuple[int, ...]
    wave: str = ""  # of ``WAVES``

    @property
    def is_column(self) -> bool:
        """Whether it is a column as it stands."""
        return len(self.columns) == 1 and not self.wave

    def __call__(self, rows: Array) -> Array:
        """Its values (n,) for rows (n, d) of the columns."""
        factors = rows[:, list(self.columns)]
        if self.wave:
            return WAVES[self.wave](factors[:, 0])
        values: Array = factors.prod(axis=1)
        return values


def feature_named(text: str, names: Sequence[str]) -> Feature | None:
    """What a text means among columns of these names, None where nothing: ``x1^2``, ``x₁²``,
    ``x1*x2``, ``sin(x1)``, ``cos x₁``; x1 will do for x₁."""
    return features_named([text], names)[0]


def features_named(texts: Sequence[str], names: Sequence[str]) -> list[Feature | None]:
    """What each of these texts means; the names, which may be many, are looked through once."""
    known = {normalize("NFKC", name): j for j, name in enumerate(names)}
    known |= {name: j for j, name in enumerate(names)}
    return [_named(text.strip(), names, known) for text in texts]


def _named(text: str, names: Sequence[str], known: Mapping[str, int]) -> Feature | None:
    if text in known:
        return Feature(names[known[text]], (known[text],))
    feature = _made(text, names, known)
    if feature is not None and feature.name in known:  # a column has its name
        return replace(feature, name=text)
    return feature


def _made(text: str, names: Sequence[str], known: Mapping[str, int]) -> Feature | None:
    """The feature that is no column."""
    if wave := _WAVE.fullmatch(text):
        column = known.get((wave[2] or wave[3]).strip())
        return None if column is None else Feature(f"{wave[1]} {names[column]}", (column,), wave[1])
    if power := _POWER.fullmatch(text):
        column = known.get(power[1].strip())
        digits = power[2] or power[3].translate(_FROM_SUPERSCRIPT)
        exponent = int(digits) if len(digits) < 5 else MOST_EXPONENT + 1
        if column is not None and 1 <= exponent <= MOST_EXPONENT:
            return _power(names, column, exponent)
    product = _factors(text, known)
    return None if product is None else _product(names, *sorted(product))


def _power(names: Sequence[str], column: int, exponent: int) -> Feature:
    above = "" if exponent == 1 else str(exponent).translate(_TO_SUPERSCRIPT)
    return Feature(names[column] + above, (column,) * exponent)


def _product(names: Sequence[str], first: int, second: int) -> Feature:
    if first == second:
        return _power(names, first, 2)
    together = all(re.fullmatch(r"[a-z][₀-₉]*", names[j]) for j in (first, second))
    return Feature(("" if together else "·").join((names[first], names[second])), (first, second))


def _factors(text: str, known: Mapping[str, int]) -> tuple[int, int] | None:
    """The two columns whose product a text is: with a sign between their names, or without."""
    for sign in "*·×":
        first, found, second = text.partition(sign)
        if found and first.strip() in known and second.strip() in known:
            return known[first.strip()], known[second.strip()]
    for at in range(1, len(text)):
        if text[:at] in known and text[at:] in known:
            return known[text[:at]], known[text[at:]]
    return None


def checked_values(features: Sequence[Feature], rows: Array, largest: float) -> Array:
    """The features (n, m) of rows (n, d); DataError where one is beyond ``largest``."""
    with np.errstate(all="ignore"):
        values = np.column_stack([feature(rows) for feature in features])
        beyond = ~(np.abs(values).max(axis=0) <= largest)
    if beyond.any():
        name = features[int(beyond.argmax())].name
        raise DataError(f"{name} goes beyond {largest:g}: choose a lower power, or leave it out")
    return values
