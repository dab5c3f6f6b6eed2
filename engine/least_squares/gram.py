"""Gram matrices without rounding errors, as integers.

Columns of float64 numbers are split into slices of so few bits that matrix products of slices are
exact (Ozaki, Ogita, Oishi and Rump, Numerical Algorithms 59, 2012). So BLAS does the work, and
Python's integers only add up the p² results.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import islice
from operator import mul
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Array
from engine.least_squares.doubledouble import two_product

# Bits used below a column's largest entry: smaller parts do not change a result of 53 bits, however
# close to dependent the columns may be (see ``eliminate``).
DEPTH = 160


class Gram(NamedTuple):
    """A Gram matrix: Σ w a_i a_j = ``rows[i][j - i]`` · ``units[i]`` · ``units[j]`` for j ≥ i."""

    rows: list[list[int]]
    units: list[Fraction]


def gram_of_integers(
    columns: Sequence[Sequence[int]], units: Sequence[Fraction], weights: Sequence[int] | None
) -> Gram:
    """The Gram matrix of columns of integers, each times its unit."""
    weighted = columns
    if weights is not None:
        weighted = [list(map(mul, column, weights)) for column in columns]
    return Gram(
        [[sum(map(mul, a, b)) for b in weighted[i:]] for i, a in enumerate(columns)], list(units)
    )


def gram_of_floats(columns: Array, weights: Array | None = None) -> Gram:
    """The Gram matrix of columns stored as rows of ``columns`` (m, n), with ``weights`` (n,)."""
    m, n = columns.shape
    scaled, exponents = scale(columns)
    bits = (53 - (n - 1).bit_length()) // 2  # so that n products of slices sum to at most 2^53
    left = right = _slices([scaled], bits)
    weight_exponent = 0
    if weights is not None:
        (scaled_weights,), (weight_exponent,) = scale(weights[None])
        right = _slices(list(two_product(scaled, scaled_weights)), bits)
    entries = iter(_sums_of_products(left, right, bits))
    rows = [list(islice(entries, length)) for length in range(m, 0, -1)]
    exponent = int(weight_exponent) - bits * (len(left) + len(right))
    if exponent % 2:  # make it even: each of two columns gets half
        rows, exponent = [[2 * entry for entry in row] for row in rows], exponent - 1
    return Gram(rows, [_power_of_two(e + exponent // 2) for e in exponents.tolist()])


def scale(columns: Array) -> tuple[Array, NDArray[np.intc]]:
    """Scale each row of ``columns`` by a power of two, which is exact, to a maximum in [½, 1).

    Returns the scaled rows and the exponents e (m,): the original row i is 2^e_i times as large.
    """
    exponents = np.frexp(np.abs(columns).max(axis=1))[1]
    half = exponents // 2  # in two steps, as 2^1074 does not fit float64
    scaled = columns * np.ldexp(1.0, -half)[:, None]
    scaled *= np.ldexp(1.0, half - exponents)[:, None]
    return scaled, exponents


def _slices(terms: list[Array], bits: int) -> Array:
    """Integers s_k (k, m, n), |s_k| ≤ 2^bits, with Σ s_k · 2^(-bits · (k + 1)) = Σ terms.

    The entries of the first term (m, n) are below 1; those of a second one are far smaller.
    """
    slices = np.empty((DEPTH // bits + 1, *terms[0].shape))
    unit = 2.0**bits
    used = 0
    while used < len(slices) and (used == 0 or any(term.any() for term in terms)):
        terms = [term * unit for term in terms]
        piece = np.rint(terms[0], out=slices[used])
        terms[0] -= piece
        for term in terms[1:]:
            whole = np.rint(term)
            term -= whole
            piece += whole
        used += 1
    return slices[:used]


def _sums_of_products(left: Array, right: Array, bits: int) -> list[int]:
    """The upper triangle of Σ_kl left_k · right_l' · 2^(-bits · (k + l + 2)), as integers."""
    (a, m, n), b = left.shape, len(right)
    products = left.reshape(a * m, n) @ right.reshape(b * m, n).T
    blocks = products.astype(np.int64).reshape(a, m, b, m)
    upper = np.triu_indices(m)
    entries = [0] * len(upper[0])
    for significance in range(a + b - 1):
        left_slices = range(max(0, significance - b + 1), min(a, significance + 1))
        digits = np.add.reduce([blocks[k, :, significance - k] for k in left_slices])
        entries = [
            (entry << bits) + digit
            for entry, digit in zip(entries, digits[upper].tolist(), strict=True)
        ]
    return entries


def _power_of_two(exponent: int) -> Fraction:
    return Fraction(1 << exponent) if exponent >= 0 else Fraction(1, 1 << -exponent)
