"""Normal equations solved in fixed point, with more bits than their conditioning can use up."""

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt, sqrt

import numpy as np

from engine.arrays import Array
from engine.least_squares.gram import Gram

SUSPICIOUS = 40  # bits that a column's square may lose to the others before it is looked at

Rows = list[list[int]]  # upper triangular, row i from its diagonal on


@dataclass(frozen=True)
class Elimination:
    """Least squares of a Gram matrix's last column, y, on its independent others, ``kept``.

    Integers stand for their 2^-``fraction``-th, of columns scaled to lengths in [½, 1] by dividing
    them by ``units`` · 2^``lengths``. ``rows``: those of U, U' D⁻¹ U the scaled Gram matrix, D the
    diagonal of U. ``solved``: the coefficients. ``total``: y's sum of squares, about the mean if
    the first column is an intercept; ``ssr``: of the residuals.
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
        """Numerators and denominators, of the kept columns."""
        y = self.units[-1]
        found = []
        for j, value in zip(self.kept, self.solved, strict=True):
            unit, shift = self.units[j], self.lengths[-1] - self.lengths[j] - self.fraction
            value *= y.numerator * unit.denominator
            whole = y.denominator * unit.numerator
            found.append((value << max(shift, 0), whole << max(-shift, 0)))
        return found

    def in_own_unit(self, square: int) -> Fraction:
        """A sum of squares of y."""
        return self.units[-1] ** 2 * Fraction(square << 2 * self.lengths[-1], 1 << self.fraction)

    def factor(self) -> Array:
        """S (k, k), upper triangular, with S S' the inverse Gram matrix of the kept columns."""
        one = 1 << self.fraction
        inverse: Rows = []  # of the unit lower triangular factor of the Gram matrix
        S = np.zeros((len(self.kept), len(self.kept)))
        for k, column in enumerate(self.kept):
            row = [0] * k + [one]
            for earlier, known in zip(self.kept, inverse, strict=False):
                pivots = self.rows[earlier]
                share = (pivots[column - earlier] << self.fraction) // pivots[0]
                for i, value in enumerate(known):
                    row[i] -= share * value >> self.fraction
            inverse.append(row)
            length = sqrt(self.rows[column][0] / one)
            for i, value in enumerate(row):
                unit, shift = self.units[self.kept[i]], self.lengths[self.kept[i]] + self.fraction
                S[i, k] = value * unit.denominator / (unit.numerator << shift) / length
        return S


def eliminate(gram: Gram, intercept: bool, bits: int) -> Elimination:
    """Symmetric elimination, columns in their order, y last.

    A column is dependent where its distance from those before it is within 2^(3 - ``bits``) of the
    lengths of its and their terms: where rounding them to ``bits`` bits might have made all of it.
    Distances of the others cost at most about 2 · ``bits`` of the 6 · ``bits`` that are carried;
    answers are rounded to 3 · ``bits``, so that what ought to be zero is zero.
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
            others = _combination(rows, kept, k, fraction)
            terms = sum(abs(a) * norms[j] >> fraction for a, j in zip(others, kept, strict=True))
            if pivot <= 0 or isqrt(pivot << fraction) << (bits - 3) <= norms[k] + terms:
                continue
        kept.append(k)
        for i in range(k + 1, y + 1):
            share = (row[i - k] << fraction) // pivot
            rows[i] = [
                a - (share * b >> fraction) for a, b in zip(rows[i], row[i - k :], strict=True)
            ]
        if intercept and k == 0:
            total = rows[y][0]
    drop = fraction - 3 * bits

    def rounded(value: int) -> int:
        return (value + (1 << drop - 1)) >> drop << drop

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
    """With a diagonal in [¼, 1], or 0."""
    scaled = []
    for i, row in enumerate(rows):
        shifts = [fraction - lengths[i] - length for length in lengths[i:]]
        scaled.append([a << s if s >= 0 else a >> -s for a, s in zip(row, shifts, strict=True)])
    return scaled


def _combination(rows: Rows, kept: list[int], column: int, fraction: int) -> list[int]:
    """Coefficients of the kept columns in their best combination to ``column``."""
    found: list[int] = []
    for position in reversed(range(len(kept))):
        row, j = rows[kept[position]], kept[position]
        rest = row[column - j] << fraction
        for later, a in zip(kept[position + 1 :], reversed(found), strict=True):
            rest -= row[later - j] * a
        found.append(rest // row[0])
    return found[::-1]
