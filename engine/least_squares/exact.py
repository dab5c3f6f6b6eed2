"""Least squares without rounding: exact Gram matrices and an elimination that loses no digit."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Protocol

import numpy as np

from engine.arrays import Array
from engine.least_squares.doubledouble import subtract_combination
from engine.least_squares.exact_solve import Elimination, eliminate
from engine.least_squares.gram import Gram, gram_of_floats, gram_of_integers, scale

FLOAT_BITS = 53
TEXT_BITS = 106  # what text says is not rounded: only what is dependent by rights is taken for it


class Columns(Protocol):
    """The design's columns and y, with weights: whatever holds their numbers exactly."""

    def gram(self) -> Gram: ...

    def residuals(self, kept: Sequence[int], coefficients: Sequence[Fraction]) -> Array: ...


@dataclass(frozen=True)
class ExactSolution:
    """Least squares, all of it right to the last digit of what it is rounded to."""

    columns: Columns
    elimination: Elimination
    method = "exact"

    @property
    def kept(self) -> list[int]:
        return self.elimination.kept

    @property
    def coefficients(self) -> Array:
        return np.array([over / under for over, under in self.elimination.coefficients()])

    @cached_property
    def total(self) -> Fraction:
        return self.elimination.in_own_unit(self.elimination.total)

    @cached_property
    def ssr(self) -> Fraction:
        return self.elimination.in_own_unit(self.elimination.ssr)

    @property
    def explained(self) -> Fraction:
        return self.total - self.ssr

    def factor(self) -> Array:
        return self.elimination.factor()

    def residuals(self) -> Array:
        coefficients = [Fraction(*ratio) for ratio in self.elimination.coefficients()]
        return self.columns.residuals(self.kept, coefficients)


def solve_exactly(columns: Columns, intercept: bool, bits: int = FLOAT_BITS) -> ExactSolution:
    """Least squares in integers; ``bits`` as in ``eliminate``."""
    return ExactSolution(columns, eliminate(columns.gram(), intercept, bits))


@dataclass(frozen=True)
class FloatColumns:
    """``columns`` (m, n) in float64, y the last; ``weights`` (n,)."""

    columns: Array
    weights: Array | None

    def gram(self) -> Gram:
        return gram_of_floats(self.columns, self.weights)

    def residuals(self, kept: Sequence[int], coefficients: Sequence[Fraction]) -> Array:
        scaled, exponents = scale(self.columns)
        shifts = [int(exponents[j] - exponents[-1]) for j in kept]
        units = [b * Fraction(2) ** shift for b, shift in zip(coefficients, shifts, strict=True)]
        high = np.array([float(b) for b in units])
        low = np.array([float(b - Fraction(h)) for b, h in zip(units, high, strict=True)])
        rest = subtract_combination(scaled[-1], scaled[kept], high, low)
        residuals: Array = np.ldexp(rest, exponents[-1])
        return residuals


@dataclass(frozen=True)
class IntegerColumns:
    """Column j is ``columns[j]`` (n integers) times ``units[j]``, y the last; ``weights`` (n,)."""

    columns: list[list[int]]
    units: list[Fraction]
    weights: list[Fraction] | None

    @classmethod
    def of(
        cls,
        columns: Sequence[tuple[list[int], Fraction]],
        intercept: bool,
        weights: list[Fraction] | None,
    ) -> "IntegerColumns":
        """Of columns and their units, after an intercept if there is one."""
        if intercept:
            columns = [([1] * len(columns[-1][0]), Fraction(1)), *columns]
        return cls([column for column, _ in columns], [unit for _, unit in columns], weights)

    def basis(self, intercept: bool) -> Array:
        """X (n, d) rounded to float64 only after an intercept has taken up what offsets it can."""
        basis = []
        for column in self.columns[intercept:-1]:
            shift = column[0] if intercept else 0
            largest = max(abs(value - shift) for value in column) or 1
            basis.append([(value - shift) / largest for value in column])
        return np.array(basis).reshape(len(basis), len(self.columns[-1])).T

    def gram(self) -> Gram:
        if self.weights is None:
            return gram_of_integers(self.columns, self.units, None)
        unit = Fraction(1, lcm(*(w.denominator for w in self.weights)))
        weights = [int(w / unit**2) for w in self.weights]  # so each column takes one unit
        return gram_of_integers(self.columns, [unit * u for u in self.units], weights)

    def residuals(self, kept: Sequence[int], coefficients: Sequence[Fraction]) -> Array:
        shares = [
            b * self.units[j] / self.units[-1] for j, b in zip(kept, coefficients, strict=True)
        ]
        common = lcm(*(share.denominator for share in shares))
        rest = [common * value for value in self.columns[-1]]
        for j, share in zip(kept, shares, strict=True):
            factor = int(share * common)
            rest = [r - factor * x for r, x in zip(rest, self.columns[j], strict=True)]
        unit = self.units[-1] / common
        return np.array([r * unit.numerator / unit.denominator for r in rest])
