"""Numbers as text: one function for each kind of number.

| kind | function | examples |
| --- | --- | --- |
| signed value: weight, z, a, δ, ŷ, coefficient | ``num`` | ``+0.412``, ``−12.41``, ``+4e−5`` |
| norm, error, statistic | ``norm`` | ``0.0426``, ``2.0e−9`` |
| cost: C, C_x, deviance | ``cost_text`` | ``0.0426``, ``1904729``, ``1.905e9`` |
| a cost and a penalty, added | ``total_text`` | ``0.0536`` |
| a cost minus a cost | ``difference_text`` | ``0.0110`` |
| a printed number divided by another | ``quotient_text`` | ``13.74`` |
| value that may not exist | ``known`` | ``–`` |
| size of an error, one digit | ``magnitude`` | ``4e−10`` |
| tick of an axis, end of a scale | ``tick``, ``tick_labels`` | ``0.5``, ``767187``, ``7.672e6`` |
| setting: learning rate, penalty | ``setting`` | ``0.03``, ``1e−5`` |
| count | ``engine.wording.count``, ``large`` | ``3 000``, ``1.3e12`` |
| share | ``percent`` | ``96.0 %`` |
| p-value | ``probability`` | ``0.0312``, ``<0.0001`` |
| AIC, BIC | ``criterion`` | ``1234.56`` |
| all digits | ``exact`` | ``0.003917829567753581`` |

``num`` and ``norm`` take 6 cells, so that columns stay in place when a value changes; where there
is room for more, a number that would have less than four digits in 6 cells takes them. Exponents
have one spelling: no plus, no zero in front, U+2212 as the minus.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from math import floor, inf, isfinite, isnan, log10

import numpy as np
from numpy.typing import ArrayLike

from engine.wording import count

CELLS = 6
WIDE = 8  # cells for a signed value of any size with four digits
TOO_LARGE = 99_999.5  # from here on ``num`` has less than four digits in 6 cells
COST_CELLS = 7  # likewise for a cost
WIDE_BELOW = 1e-99  # negative numbers nearer to 0 take a cell more
FIXED = 1e-3, 999_999.5  # sizes of ticks between which there is no exponent
FIXED_BESIDE = 2e-3, 999.5  # likewise on an axis that has exponents
SMALLEST_P = 1e-4
NONE = "–"  # for a number that does not exist
MINUS = "−"  # U+2212, as wide and as high as the plus
_EXPONENT = re.compile(r"e\+?(-?)0*(\d)")


def num(x: float, cells: int = CELLS) -> str:
    """x in 6 cells, signed: ``+0.412 +12.41 +123.4 +4e−5``; only exact zero is `` 0.000``.

    Beside an exponent of three digits and a minus there is no room for the plus: ``4e−300``. A
    negative number keeps its sign and its figure, and takes a seventh cell, that of the gap:
    ``−4e−300``. ``cells_of`` tells where that has to be reckoned with.
    """
    return _fitted(float(x), "+", 3, cells)


def norm(x: float, cells: int = CELLS) -> str:
    """A norm or an error in 6 cells, unsigned when positive: ``0.0426 2.0e−9``."""
    return _fitted(float(x), "-", 4, cells)


def cost_text(x: float) -> str:
    """A cost, at most 7 cells: ``0.0426``, ``1.905e9``."""
    return norm(x, COST_CELLS).strip()


def total_text(first: str, second: str, total: float) -> str:
    """The sum of two numbers that are written so, with as many digits as these give: what one adds
    up on the screen is what stands there."""
    return _common(read(first) + read(second), total)


def difference_text(first: str, second: str, difference: float) -> str:
    """Likewise the first number minus the second, to one digit if these do not determine it; – if
    it is not finite."""
    if not isfinite(difference):
        return NONE
    return _common(read(first) - read(second), difference)


def read(text: str) -> Decimal:
    """The number that a text on the screen says."""
    return Decimal(text.replace(MINUS, "-"))


def _common(printed: Decimal, total: float) -> str:
    """Both numbers, with the most digits with which they are written alike."""
    if not (printed.is_finite() and isfinite(total)) or not (printed or total):
        return cost_text(total)
    for places in (4, 3, 2, 1, 0):
        texts = [f"{x:.{places}f}" for x in (printed, total)]
        if texts[0] == texts[1] and float(texts[0]) and len(texts[0]) <= COST_CELLS:
            return texts[0].replace("-", MINUS)
    for places in (3, 2, 1):
        if (text := f"{total:.{places}e}") == f"{float(printed):.{places}e}":
            return spelled(text)
    return magnitude(total)


def quotient_text(first: str, second: str, quotient: float) -> str:
    """Likewise the first number divided by the second."""
    divisor = read(second)
    if not isfinite(quotient) or not divisor:
        return NONE
    return _common(read(first) / divisor, quotient)


def known(x: float, spell: Callable[[float], str]) -> str:
    """x as formatted by ``spell``, or – for NaN, a value that does not exist."""
    return NONE if isnan(x) else spell(x)


def cells_of(values: ArrayLike) -> int:
    """The cells that the widest of these numbers takes as ``num`` and ``norm`` write them."""
    x = np.asarray(values)
    return CELLS + bool(((x < 0.0) & (x > -WIDE_BELOW)).any())


def magnitude(x: float) -> str:
    """The size of an error, to one digit: ``4e−10``, ``0``."""
    return spelled(f"{x:.0e}") if x else "0"


def tick(
    value: float,
    signed: bool = False,
    step: float = inf,
    digits: int = 4,
    fixed: tuple[float, float] = FIXED,
) -> str:
    """A number at an axis or a scale: so many digits, or as many as tell it from one a ``step``
    further, without zeros at the end. Sizes outside ``fixed`` have an exponent."""
    size = abs(value)
    if not size or not isfinite(value):
        return f"{value:.0f}".replace("-0", "0")
    places = digits - 1
    if isfinite(step) and step > 0.0:
        places = min(max(places, floor(log10(size)) - floor(log10(step))), 15)
    sign = "+" if signed else "-"
    low, high = fixed
    if low <= size < high:
        text = f"{value:{sign}.{max(0, places - floor(log10(size)))}f}"
        return spelled(text.rstrip("0").rstrip(".") if "." in text else text)
    mantissa, exponent = f"{value:{sign}.{places}e}".split("e")
    return spelled(f"{mantissa.rstrip('0').rstrip('.')}e{exponent}")


def tick_labels(values: Iterable[float], signed: bool = False, step: float = inf) -> list[str]:
    """The ticks of one axis, in one form: where one has an exponent, other large and small ones
    have it too."""
    ticks = [*values]
    texts = [tick(value, signed, step) for value in ticks]
    if any("e" in text for text in texts):
        texts = [tick(value, signed, step, fixed=FIXED_BESIDE) for value in ticks]
    return texts


def setting(value: float) -> str:
    """A setting to six digits: ``0.03``, ``1e−5``."""
    return spelled(f"{value:g}")


def penalties(l1: float, l2: float) -> list[str]:
    """The penalties that are not 0, with their names: ``L2 0.5``."""
    return [f"{name} {setting(value)}" for name, value in (("L1", l1), ("L2", l2)) if value]


def large(n: int) -> str:
    """n as by ``count``, or from ten digits on in short: ``1.3e12``."""
    return count(n) if abs(n) < 10**9 else spelled(f"{Decimal(n):.1e}")


def percent(share: float, places: int = 1) -> str:
    """A share of 1: ``96.0 %``."""
    return f"{100.0 * share:.{places}f} %"


def probability(p: float) -> str:
    """A p-value: ``0.0312``, ``<0.0001``."""
    return f"<{SMALLEST_P:.4f}" if p < SMALLEST_P else f"{p:.4f}"


def criterion(value: float) -> str:
    """An AIC or BIC, with two decimals, for they are compared by their differences."""
    return spelled(f"{value:.2f}") if abs(value) < 1e9 else norm(value).strip()


def exact(x: float) -> str:
    """x with all its digits, by which it can be typed again."""
    return spelled(repr(float(x)))


def spelled(text: str) -> str:
    """A number by Python with the spelling of exponents and minus of the screens."""
    return _EXPONENT.sub(r"e\1\2", text).replace("-", MINUS)


@lru_cache(4096)  # a frame writes most numbers several times, and most of them again in the next
def _fitted(x: float, sign: str, decimals: int, cells: int) -> str:
    spellings = [*_spellings(x, sign, decimals, cells)]
    text = next((text for text in spellings if len(text) <= cells), spellings[-1])
    return text.replace("-", MINUS).rjust(cells)


def _spellings(x: float, sign: str, decimals: int, cells: int) -> Iterator[str]:
    """Ways to write x, the longest and best first; the last is at most 6 characters, or 7."""
    if isnan(x):
        yield "nan"
    elif x in (inf, -inf):
        yield f"{x:{sign}f}"
    elif x == 0:
        yield f"{0:.{decimals}f}"
    else:
        if abs(x) >= 10.0**-decimals:
            for places in range(decimals, -1, -1):
                text = f"{x:{sign}.{places}f}"
                # a minus may leave no room for a figure; decimals are no reason to be wider
                if float(text) and (len(text) <= CELLS or not places):
                    yield text
        for places in (2, 1, 0) if cells == CELLS else (3, 2, 1, 0):
            mantissa, exponent = f"{x:{sign}.{places}e}".split("e")
            yield f"{mantissa}e{int(exponent)}"
        yield f"{mantissa.lstrip('+')}e{int(exponent)}"
