"""What every way of solving least squares tells of its answer."""

from collections.abc import Callable
from fractions import Fraction
from math import inf, ldexp, log, sqrt
from typing import Protocol

import numpy as np

from engine.arrays import Array
from engine.errors import DataError

Square = Fraction | float  # sums of squares: fractions where they are exact


class Solution(Protocol):
    """Least squares on the k independent columns, ``kept``, of a design A, the intercept first."""

    @property
    def method(self) -> str:
        """exact, gram (normal equations) or qr."""

    @property
    def kept(self) -> list[int]:
        """The numbers of the k columns."""

    @property
    def coefficients(self) -> Array:
        """(k,)."""

    @property
    def total(self) -> Square:
        """Σwy², about y's mean if there is an intercept; ``explained`` + ``ssr``."""

    @property
    def explained(self) -> Square:
        """Σwŷ², about y's mean if there is an intercept."""

    @property
    def ssr(self) -> Square:
        """Σw(y − ŷ)²."""

    def factor(self) -> Array:
        """S (k, k), upper triangular, with S S' = (A'WA)⁻¹."""

    def residuals(self) -> Array:
        """y - ŷ, (n,)."""


def in_float64(name: str, compute: Callable[[], Array]) -> Array:
    """What that computes; DataError, by name, where a number of it does not fit float64."""
    try:
        values = compute()
    except OverflowError:
        values = np.array(inf)
    if np.count_nonzero(np.isfinite(values)) < values.size:
        raise DataError(f"ols: {name} is too large for float64: scale X or y")
    return values


def number(value: Square) -> float:
    """Rounded to float64; inf beyond it."""
    try:
        return float(value)
    except OverflowError:
        return inf


def root(square: Square) -> float:
    """√, also of a fraction that does not fit float64 itself."""
    near_one, half = _by_powers_of_four(square)
    return ldexp(sqrt(near_one), half)


def log_root(square: Square) -> float:
    """log √, of a number above 0, even where √ does not fit float64."""
    near_one, half = _by_powers_of_four(square)
    return log(near_one) / 2 + half * log(2.0)


def _by_powers_of_four(square: Square) -> tuple[float, int]:
    """The f and k of a square f · 4^k, f near 1 if it is a fraction."""
    if not isinstance(square, Fraction):
        return square, 0
    half = (square.numerator.bit_length() - square.denominator.bit_length()) // 2
    return float(square / Fraction(4) ** half), half
