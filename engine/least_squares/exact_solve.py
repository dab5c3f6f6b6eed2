"""Normal equations solved in fixed-point arithmetic, with enough bits for any conditioning."""

from fractions import Fraction
from math import isqrt, sqrt
from typing import NamedTuple

import numpy as np

from engine.arrays import Array
from engine.least_squares.gram import Gram

SUSPICIOUS = 40  # bits of a column's square lost to the others, before dependence is checked

Rows = list[list[int]]  # upper triangular, row i from its diagonal on


class Elimination(NamedTuple):
    """The least-squares solution for the last column of a Gram matrix, y.

    Numbers are fixed-point: an integer i stands for i · 2^-``fraction``. Column j is divided by
    ``units[j]`` · 2^``lengths[j]``, so that its length is in [½, 1]. ``kept`` are the independent
    columns. ``rows`` are those of U, where U'D⁻¹U is the scaled Gram matrix and D the diagonal of
    U. ``solved`` are the coefficients, ``total`` is y's sum of squares, about the mean if the first
    column is an intercept, and ``ssr`` the sum of squared residuals.
    """

    units: list[Fraction]
    lengths: list[int]
    fraction: int
    rows: Rows
    kept: list[int]
    solved: list[int]
    total: int
    ssr: int

    def coefficients(self) -> list[tuple[int, int]]:
        """Numerators and denominators of the coefficients of the kept columns."""
        y = self.units[-1]
        ratios = []
        for j, value in zip(self.kept, self.solved, strict=True):
            unit, shift = self.units[j], self.lengths[-1] - self.lengths[j] - self.fraction
            numerator = value * y.numerator * unit.denominator
            denominator = y.denominator * unit.numerator
            ratios.append((numerator << max(shift, 0), denominator << max(-shift, 0)))
        return ratios

    def in_y_units(self, square: int) -> Fraction:
        """A scaled sum of squares in the original units of y."""
        return self.units[-1] ** 2 * Fraction(square << 2 * self.lengths[-1], 1 << self.fraction)

    def factor(self) -> Array:
        """S (k, k), upper triangular, with S S' the inverse Gram matrix of the kept columns."""
        one = 1 << self.fraction
        inverse: Rows = []  # of the unit lower triangular factor of the Gram matrix
        S = np.zeros((len(self.kept), len(self.kept)))
        for k, column in enumerate(self.kept):
            row = [0] * k + [one]
            for earlier, inverse_row in zip(self.kept, inverse, strict=False):
                pivots = self.rows[earlier]
                factor = (pivots[column - earlier] << self.fraction) // pivots[0]
                for i, value in enumerate(inverse_row):
                    row[i] -= factor * value >> self.fraction
            inverse.append(row)
            length = sqrt(self.rows[column][0] / one)
            for i, value in enumerate(row):
                unit, shift = self.units[self.kept[i]], self.lengths[self.kept[i]] + self.fraction
                S[i, k] = value * unit.denominator / (unit.numerator << shift) / length
        return S


def eliminate(gram: Gram, intercept: bool, bits: int) -> Elimination:
    """Symmetric elimination of the columns in order; y is the last.

    A column counts as dependent if its distance from the span of the earlier ones is at most
    2^(3 - ``bits``) times the lengths of the terms involved, so that rounding the data to ``bits``
    bits could explain it. Other columns lose at most about 2 · ``bits`` of the 6 · ``bits`` that
    are carried. Results are rounded to 3 · ``bits``, so that what should be zero is zero.
    """
    fraction = 6 * bits
    lengths = [(row[0].bit_length() + 1) // 2 for row in gram.rows]
    rows = _scaled(gram.rows, lengths, fraction)
    norms = [isqrt(row[0] << fraction) for row in rows]
    y = len(rows) - 1
    total = rows[y][0]
    kept: list[int] = []
    for k in range(y):
        row = rows[k]
        pivot = row[0]
        if pivot << SUSPICIOUS <= norms[k] ** 2 >> fraction:
            nearest = _combination(rows, kept, k, fraction)
            terms = sum(abs(a) * norms[j] >> fraction for a, j in zip(nearest, kept, strict=True))
            if pivot <= 0 or isqrt(pivot << fraction) << (bits - 3) <= norms[k] + terms:
                continue
        kept.append(k)
        for i in range(k + 1, y + 1):
            factor = (row[i - k] << fraction) // pivot
            rows[i] = [
                a - (factor * b >> fraction) for a, b in zip(rows[i], row[i - k :], strict=True)
            ]
        if intercept and k == 0:
            total = rows[y][0]
    dropped_bits = fraction - 3 * bits

    def rounded(value: int) -> int:
        return (value + (1 << dropped_bits - 1)) >> dropped_bits << dropped_bits

    return Elimination(
        units=gram.units,
        lengths=lengths,
        fraction=fraction,
        rows=rows,
        kept=kept,
        solved=[rounded(value) for value in _combination(rows, kept, y, fraction)],
        total=rounded(total),
        ssr=max(rounded(rows[y][0]), 0),
    )


def _scaled(rows: Rows, lengths: list[int], fraction: int) -> Rows:
    """The rows of a Gram matrix, scaled so that its diagonal is in [¼, 1], or 0."""
    scaled = []
    for i, row in enumerate(rows):
        shifts = [fraction - lengths[i] - length for length in lengths[i:]]
        scaled.append([a << s if s >= 0 else a >> -s for a, s in zip(row, shifts, strict=True)])
    return scaled


def _combination(rows: Rows, kept: list[int], column: int, fraction: int) -> list[int]:
    """Coefficients of the linear combination of the kept columns that is nearest to ``column``."""
    solved: list[int] = []  # back substitution, so the last coefficient first
    for position in reversed(range(len(kept))):
        row, j = rows[kept[position]], kept[position]
        right_side = row[column - j] << fraction
        for later, a in zip(kept[position + 1 :], reversed(solved), strict=True):
            right_side -= row[later - j] * a
        solved.append(right_side // row[0])
    return solved[::-1]
