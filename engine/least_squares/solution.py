"""The common interface of least-squares solutions, and numbers beyond the range of float64."""

from collections.abc import Callable
from fractions import Fraction
from math import inf, ldexp, log, sqrt
from typing import Protocol

import numpy as np

from engine.arrays import Array
from engine.errors import DataError

Square = Fraction | float  # a sum of squares; a fraction if it is exact


class Solution(Protocol):
    """A least-squares solution on the k independent columns of a design A, the intercept first."""

    @property
    def method(self) -> str:
        """ "exact", "gram" (normal equations) or "qr"."""

    @property
    def kept(self) -> list[int]:
        """The indices of the k columns."""

    @property
    def coefficients(self) -> Array:
        """The coefficients of the k columns (k,)."""

    @property
    def total(self) -> Square:
        """Σwy² = ``explained`` + ``ssr``; about the mean of y if there is an intercept."""

    @property
    def explained(self) -> Square:
        """Σwŷ²; about the mean of y if there is an intercept."""

    @property
    def ssr(self) -> Square:
        """The residual sum of squares Σw(y − ŷ)²."""

    def factor(self) -> Array:
        """S (k, k), upper triangular, with S S' = (A'WA)⁻¹."""

    def residuals(self) -> Array:
        """y − ŷ (n,)."""


def in_float64(name: str, compute: Callable[[], Array]) -> Array:
    """The result of ``compute``; DataError, with ``name``, if a number does not fit float64."""
    try:
        values = compute()
    except OverflowError:
        values = np.array(inf)
    if np.count_nonzero(np.isfinite(values)) < values.size:
        raise DataError(f"ols: {name} is too large for float64: scale X or y")
    return values


def number(value: Square) -> float:
    """A number rounded to float64; inf if it is too large."""
    try:
        return float(value)
    except OverflowError:
        return inf


def root(square: Square) -> float:
    """√ of a number, also of a fraction that does not fit float64."""
    mantissa, exponent = _mantissa_and_exponent(square)
    return ldexp(sqrt(mantissa), exponent)


def log_root(square: Square) -> float:
    """log √ of a number above 0, also if √ does not fit float64."""
    mantissa, exponent = _mantissa_and_exponent(square)
    return log(mantissa) / 2 + exponent * log(2.0)


def _mantissa_and_exponent(square: Square) -> tuple[float, int]:
    """m and e of a number m · 4^e, with m near 1 if it is a fraction."""
    if not isinstance(square, Fraction):
        return square, 0
    exponent = (square.numerator.bit_length() - square.denominator.bit_length()) // 2
    return float(square / Fraction(4) ** exponent), exponent
