"""Numbers as text of fixed width, so that columns stay in place when a value changes."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from math import floor, inf, isnan, log10

import numpy as np
from numpy.typing import ArrayLike

from engine.wording import count

CELLS = 6
WIDE_BELOW = 1e-99  # negative numbers nearer to 0 take a cell more
NONE = "–"  # for a number that does not exist
MINUS = "−"  # U+2212, as wide and as high as the plus


def num(x: float) -> str:
    """x in 6 cells, signed: ``+0.412 +12.41 +123.4 +4e−5``; only exact zero is `` 0.000``.

    Beside an exponent of three digits and a minus there is no room for the plus: ``4e−300``. A
    negative number keeps its sign and its figure, and takes a seventh cell, that of the gap:
    ``−4e−300``. ``cells_of`` tells where that has to be reckoned with.
    """
    return _fitted(float(x), "+", 3)


def norm(x: float) -> str:
    """A norm, a cost or an error in 6 cells, unsigned when positive: ``0.0426 2.0e−9``."""
    return _fitted(float(x), "-", 4)


def known(x: float, spell: Callable[[float], str]) -> str:
    """x as formatted by ``spell``, or – for NaN, a value that does not exist."""
    return NONE if isnan(x) else spell(x)


def cells_of(values: ArrayLike) -> int:
    """The cells that the widest of these numbers takes as ``num`` and ``norm`` write them."""
    x = np.asarray(values)
    return CELLS + bool(((x < 0.0) & (x > -WIDE_BELOW)).any())


def large(n: int) -> str:
    """n as by ``count``, or from ten digits on in short: ``1.3e12``."""
    return count(n) if abs(n) < 10**9 else f"{Decimal(n):.1e}".replace("+", "")


def _fitted(x: float, sign: str, decimals: int) -> str:
    spellings = [*_spellings(x, sign, decimals)]
    text = next((text for text in spellings if len(text) <= CELLS), spellings[-1])
    return text.replace("-", MINUS).rjust(CELLS)


def _spellings(x: float, sign: str, decimals: int) -> Iterator[str]:
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
                if float(text := f"{x:{sign}.{places}f}"):  # a minus may leave no room for a figure
                    yield text
        for places in (2, 1, 0):
            mantissa, exponent = f"{x:{sign}.{places}e}".split("e")
            yield f"{mantissa}e{int(exponent)}"
        yield f"{mantissa.lstrip('+')}e{int(exponent)}"


def round_step(step: float) -> float:
    """The largest of 1, 2, 5 times a power of ten that is not above ``step``."""
    power = 10.0 ** floor(log10(step))
    return max(factor for factor in (1.0, 2.0, 5.0) if factor * power <= step * 1.0001) * power
