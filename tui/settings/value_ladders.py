"""Values of settings: numbers and lists read and written, names in cyclic order."""

from collections.abc import Sequence
from typing import Any

from engine.wording import count
from tui.drawing.numbers import MINUS, setting

NOTHING = ("", "none", "never", "–", "-")  # typed, if a setting may be None


def others_from(names: Sequence[str], value: str, by: int) -> list[str]:
    """The other names in the cyclic order of steps on (by > 0) or back from a name."""
    ordered = [*names][:: 1 if by > 0 else -1]
    at = ordered.index(value) + 1 if value in ordered else 0
    return [name for name in ordered[at:] + ordered[:at] if name != value]


def number_text(value: float | None, nothing: str = "") -> str:
    """``0.03``, ``1e−5``, ``3 000``; ``nothing`` for None."""
    if value is None:
        return nothing
    if isinstance(value, int):
        return count(value)
    return setting(value)


def comma_list(values: Sequence[Any]) -> str:
    """``8, 8, 4``"""
    return ", ".join(map(str, values))


def read_number(text: str) -> float:
    """The number that was typed; ValueError if it is none. The engine checks its range."""
    try:
        return float(_plain(text))
    except ValueError:
        raise ValueError(f"{text or 'nothing'}: type a number such as 0.5 or 2e-3") from None


def read_integer(text: str) -> int:
    """The whole number that was typed."""
    try:
        return int(_plain(text))
    except ValueError:
        raise ValueError(f"{text or 'nothing'}: type a whole number such as 30") from None


def read_share(text: str) -> float:
    """A share: ``0.8`` or ``80 %``."""
    number, percent, rest = text.partition("%")
    if rest.strip():
        raise ValueError(f"{text}: type a share such as 0.8 or 80 %")
    return read_number(number) / 100.0 if percent else read_number(number)


def read_list(text: str) -> tuple[str, ...]:
    """The items of a list, separated by commas or, if there are none, by blanks."""
    items = text.split(",") if "," in text else text.split()
    return tuple(item.strip() for item in items if item.strip())


def _plain(text: str) -> str:
    """Without blanks, such as those between thousands, and with an ASCII minus."""
    return "".join(text.replace(MINUS, "-").split())
