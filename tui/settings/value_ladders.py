"""How values of settings are written, stepped through and read."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tui.drawing.numbers import MINUS, count

NOTHING = ("", "none", "never", "–", "-")  # typed, where a setting may be left open


@dataclass(frozen=True)
class Ladder:
    """Numbers in ascending order that ← and → step through; any other can be typed.

    ``nothing`` is what None is called, where the value may be None: the rung below the first.
    + and − multiply and divide by ``factor``, or add and subtract ``unit``, or else step too.
    """

    rungs: Sequence[float]
    nothing: str = ""
    factor: float = 0.0
    unit: int = 0

    def step(self, value: float | None, by: int) -> float | None:
        """The next rung above the value (by > 0) or below it; the value itself at the end."""
        if value is None:
            return self.rungs[0] if by > 0 else None
        at = bisect_right(self.rungs, value) if by > 0 else bisect_left(self.rungs, value) - 1
        if 0 <= at < len(self.rungs):
            return self.rungs[at]
        return None if at < 0 and self.nothing else value

    def nudge(self, value: float | None, by: int) -> float | None:
        """The value a little larger (by > 0) or smaller."""
        if value is None or not (self.factor or self.unit):
            return self.step(value, by)
        if self.unit:
            return max(self.rungs[0], value + by * self.unit)
        return value * self.factor if by > 0 else value / self.factor


RATES = (1e-5, 1e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
PENALTIES = (0.0, 1e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
STEPS = (100, 300, 1000, 3000, 10_000, 30_000, 100_000)
BATCHES = (1, 2, 5, 10, 15, 20, 25, 30, 50, 100, 200, 500, 1000)
SCALES = (0.0, 0.01, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 10.0)
PERCENT = tuple(float(p) for p in range(0, 51, 5))
SHARES = tuple(p / 10 for p in range(1, 11))
COSTS = (1e-6, 1e-5, 1e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3)
WARMING = (0, 10, 30, 100, 300, 1000, 3000)
COUNTED = Ladder(range(1 << 31), unit=1)


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
