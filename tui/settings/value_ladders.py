"""Values of settings: the ladders that keys step through; numbers read and written."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tui.drawing.numbers import MINUS, count

NOTHING = ("", "none", "never", "–", "-")  # typed, if a setting may be None


@dataclass(frozen=True)
class Ladder:
    """Numbers in ascending order that ← and → step through; any other number can be typed.

    ``nothing`` is how None is shown, if the value may be None; it comes before the first rung.
    + and − multiply and divide by ``factor``, or add and subtract ``unit``; without these two they
    step as well.
    """

    rungs: Sequence[float]
    nothing: str = ""
    factor: float = 0.0
    unit: int = 0

    def step(self, value: float | None, by: int) -> float | None:
        """The next rung above the value (by > 0) or below it; at the end the value itself."""
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
WARM_UP_STEPS = (0, 10, 30, 100, 300, 1000, 3000)
NATURAL_NUMBERS = Ladder(range(1 << 31), unit=1)


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
    mantissa, _, exponent = f"{value:g}".partition("e")
    return f"{mantissa}e{int(exponent)}".replace("-", MINUS) if exponent else mantissa


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
