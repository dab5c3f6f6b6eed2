"""Values out of a file of somebody else: each is checked before it is believed."""

from collections.abc import Callable, Collection
from math import isfinite
from typing import Any, TypeVar

from engine.errors import DataError

T = TypeVar("T")
MOST_STEPS = 1 << 53  # that a run may have: as float64 they are exact


def damaged(what: str) -> DataError:
    """The error that a file is not what it should be: what of it."""
    return DataError(f"the file is damaged: {what}")


def require(holds: object, what: str) -> None:
    """DataError unless it holds."""
    if not holds:
        raise damaged(what)


def whole(value: Any, what: str, least: int = 0, most: int = MOST_STEPS) -> int:
    """A whole number from ``least`` to ``most``."""
    require(type(value) is int and least <= value <= most, what)
    return int(value)


def number(value: Any, what: str, finite: bool = True) -> float:
    """A number; JSON knows also NaN and the infinite ones."""
    require(type(value) in (int, float), what)
    try:
        found = float(value)
    except OverflowError:
        raise damaged(what) from None
    require(isfinite(found) or not finite, what)
    return found


def flag(value: Any, what: str) -> bool:
    """True or False."""
    require(type(value) is bool, what)
    return bool(value)


def text(value: Any, what: str) -> str:
    """A text."""
    require(type(value) is str, what)
    return str(value)


def one_of(value: Any, what: str, names: Collection[str]) -> str:
    """One of these names."""
    require(type(value) is str and value in names, what)
    return str(value)


def items(value: Any, what: str, count: int | None = None) -> list[Any]:
    """A list, of so many items."""
    require(type(value) is list and count in (None, len(value)), what)
    return list(value)


def each(value: Any, what: str, check: Callable[[Any, str], T]) -> tuple[T, ...]:
    """A list whose items pass a check."""
    return tuple(check(item, what) for item in items(value, what))


def table(value: Any, what: str, *keys: str) -> dict[str, Any]:
    """A table that has at least these keys."""
    require(type(value) is dict and all(key in value for key in keys), what)
    return dict(value)
