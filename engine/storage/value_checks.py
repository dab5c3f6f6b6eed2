"""Checks of values from a file: it may be damaged or forged, so nothing in it is trusted.

Each check returns the value; otherwise it raises a DataError with the ``message``.
"""

from collections.abc import Callable, Collection
from math import isfinite
from typing import Any, TypeVar

from engine.errors import DataError

T = TypeVar("T")
MAX_STEPS = 1 << 53  # of a run: float64 holds every integer up to it


def damaged(message: str) -> DataError:
    """The error for a damaged file; the message says what is damaged."""
    return DataError(f"the file is damaged: {message}")


def require(condition: object, message: str) -> None:
    """DataError unless the condition holds."""
    if not condition:
        raise damaged(message)


def whole(value: Any, message: str, minimum: int = 0, maximum: int = MAX_STEPS) -> int:
    """A whole number from ``minimum`` to ``maximum``."""
    require(type(value) is int and minimum <= value <= maximum, message)
    return int(value)


def number(value: Any, message: str, finite: bool = True) -> float:
    """A number; NaN and ±∞, which Python's JSON allows, only if not ``finite``."""
    require(type(value) in (int, float), message)
    try:
        result = float(value)
    except OverflowError:
        raise damaged(message) from None
    require(isfinite(result) or not finite, message)
    return result


def flag(value: Any, message: str) -> bool:
    """True or False."""
    require(type(value) is bool, message)
    return bool(value)


def text(value: Any, message: str) -> str:
    """A text."""
    require(type(value) is str, message)
    return str(value)


def one_of(value: Any, message: str, names: Collection[str]) -> str:
    """One of these names."""
    require(type(value) is str and value in names, message)
    return str(value)


def items(value: Any, message: str, count: int | None = None) -> list[Any]:
    """A list; of ``count`` items, unless that is None."""
    require(type(value) is list and count in (None, len(value)), message)
    return list(value)


def each(value: Any, message: str, check: Callable[[Any, str], T]) -> tuple[T, ...]:
    """A list whose items all pass a check."""
    return tuple(check(item, message) for item in items(value, message))


def table(value: Any, message: str, *keys: str) -> dict[str, Any]:
    """A table that has at least these keys."""
    require(type(value) is dict and all(key in value for key in keys), message)
    return dict(value)
