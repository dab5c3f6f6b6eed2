"""How values of settings are written and read, and which name follows another."""

from collections.abc import Sequence
from typing import Any

from tui.drawing.numbers import MINUS, count

NOTHING = ("", "none", "never", "–", "-")  # typed, where a setting may be left open


def following(names: Sequence[str], value: str, by: int) -> list[str]:
    """The other names in the order in which a step on or back comes to them, round and round."""
    around = [*names][:: 1 if by > 0 else -1]
    at = around.index(value) + 1 if value in around else 0
    return [name for name in around[at:] + around[:at] if name != value]


def written(value: float | None, nothing: str = "") -> str:
    """``0.03``, ``1e−5``, ``3 000``; None by its name."""
    if value is None:
        return nothing
    if isinstance(value, int):
        return count(value)
    mantissa, _, exponent = f"{value:g}".partition("e")
    return f"{mantissa}e{int(exponent)}".replace("-", MINUS) if exponent else mantissa


def listed(values: Sequence[Any]) -> str:
    """``8, 8, 4``"""
    return ", ".join(map(str, values))


def read_number(text: str) -> float:
    """The number that a text means; ValueError where it is none. The engine judges its size."""
    try:
        return float(_plain(text))
    except ValueError:
        raise ValueError(f"{text or 'nothing'}: type a number such as 0.5 or 2e-3") from None


def read_whole(text: str) -> int:
    """The whole number that a text means."""
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
    """The items of a list, between commas; without a comma between blanks."""
    items = text.split(",") if "," in text else text.split()
    return tuple(item.strip() for item in items if item.strip())


def _plain(text: str) -> str:
    """Without blanks, as between thousands, and with a plain minus."""
    return "".join(text.replace(MINUS, "-").split())
