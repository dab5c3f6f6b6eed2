"""Exact least squares: Gram matrices and residuals without rounding errors."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import NamedTuple, Protocol

import numpy as np

from engine.arrays import Array
from engine.least_squares.doubledouble import subtract_combination
from engine.least_squares.exact_solve import Elimination, eliminate
from engine.least_squares.gram import Gram, gram_of_floats, gram_of_integers, scale

FLOAT_BITS = 53
TEXT_BITS = 106  # decimals are not rounded, so only exactly dependent columns count as dependent
ZERO_BITS = 3 * TEXT_BITS - 40  # coefficients have 3 · TEXT_BITS; 40 are for sums over columns


class Columns(Protocol):
    """The columns of a design and y, with weights, in an exact representation."""

    def gram(self) -> Gram: ...

    def residuals(self, kept: Sequence[int], coefficients: Sequence[Fraction]) -> Array: ...

    def combination(self, kept: Sequence[int], coefficients: Sequence[float]) -> Array: ...


@dataclass(frozen=True)
class ExactSolution:
    """A least-squares solution whose results are exact up to the final rounding to float64."""

    columns: Columns
    elimination: Elimination
    method = "exact"

    @property
    def kept(self) -> list[int]:
        return self.elimination.kept

    @property
    def coefficients(self) -> Array:
        ratios = self.elimination.coefficients()
        return np.array([numerator / denominator for numerator, denominator in ratios])

    @cached_property
    def total(self) -> Fraction:
        return self.elimination.in_y_units(self.elimination.total)

    @cached_property
    def ssr(self) -> Fraction:
        return self.elimination.in_y_units(self.elimination.ssr)

    @property
    def explained(self) -> Fraction:
        return self.total - self.ssr

    def factor(self) -> Array:
        return self.elimination.factor()

    def residuals(self) -> Array:
        """y − ŷ (n,), 0 where it is 0 up to the rounding of the coefficients."""
        coefficients = [Fraction(*ratio) for ratio in self.elimination.coefficients()]
        return self.columns.residuals(self.kept, coefficients)

    def orthonormal(self) -> Array:
        """A·S (n, k): columns that span those of the design, and orthonormal up to the rounding of
        S, however nearly dependent the design's own are."""
        return np.column_stack([self.columns.combination(self.kept, s) for s in self.factor().T])


def solve_exactly(columns: Columns, intercept: bool, bits: int = FLOAT_BITS) -> ExactSolution:
    """Solve least squares in integer arithmetic; ``bits`` as in ``eliminate``."""
    return ExactSolution(columns, eliminate(columns.gram(), intercept, bits))


class FloatColumns(NamedTuple):
    """``columns`` (m, n) in float64, the last of which is y, and ``weights`` (n,)."""

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
        scaled_residuals = subtract_combination(scaled[-1], scaled[kept], high, low)
        residuals: Array = np.ldexp(scaled_residuals, exponents[-1])
        return residuals

    def combination(self, kept: Sequence[int], coefficients: Sequence[float]) -> Array:
        scaled, exponents = scale(self.columns)
        factors = np.ldexp(-np.asarray(coefficients), exponents[list(kept)])
        zeros = np.zeros_like(scaled[0])
        return subtract_combination(zeros, scaled[kept], factors, np.zeros_like(factors))


class IntegerColumns(NamedTuple):
    """Column j is ``columns[j]`` (n integers) times ``units[j]``; the last column is y."""

    columns: list[list[int]]
    units: list[Fraction]
    weights: list[Fraction] | None

    @classmethod
    def make(
        cls,
        columns: Sequence[tuple[list[int], Fraction]],
        intercept: bool,
        weights: list[Fraction] | None,
    ) -> "IntegerColumns":
        """The given columns and units, with an intercept first if there is one."""
        if intercept:
            columns = [([1] * len(columns[-1][0]), Fraction(1)), *columns]
        return cls([column for column, _ in columns], [unit for _, unit in columns], weights)

    def basis(self, intercept: bool) -> Array:
        """Float64 columns (n, d) with the span of X; with an intercept, offsets are removed."""
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
        weights = [
            int(w / unit**2) for w in self.weights
        ]  # each of two columns has a factor ``unit``
        return gram_of_integers(self.columns, [unit * u for u in self.units], weights)

    def residuals(self, kept: Sequence[int], coefficients: Sequence[Fraction]) -> Array:
        factors = [
            b * self.units[j] / self.units[-1] for j, b in zip(kept, coefficients, strict=True)
        ]
        common = lcm(*(factor.denominator for factor in factors))
        residuals = [common * value for value in self.columns[-1]]
        for j, factor in zip(kept, factors, strict=True):
            whole = int(factor * common)
            residuals = [r - whole * x for r, x in zip(residuals, self.columns[j], strict=True)]
        # multiples of 1/common of y's unit: those below 2^-ZERO_BITS of the largest |y| are 0
        largest = common * max(map(abs, self.columns[-1]))
        residuals = [0 if abs(r) << ZERO_BITS <= largest else r for r in residuals]
        unit = self.units[-1] / common
        return np.array([r * unit.numerator / unit.denominator for r in residuals])

    def combination(self, kept: Sequence[int], coefficients: Sequence[float]) -> Array:
        factors = [
            Fraction(float(b)) * self.units[j] for j, b in zip(kept, coefficients, strict=True)
        ]
        common = lcm(*(factor.denominator for factor in factors))
        total = [0] * len(self.columns[-1])
        for j, factor in zip(kept, factors, strict=True):
            whole = int(factor * common)
            total = [t + whole * x for t, x in zip(total, self.columns[j], strict=True)]
        return np.array([value / common for value in total])
