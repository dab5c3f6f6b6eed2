"""Error-free sums and products: what float64 rounds off, kept as a second float64.

A double-double is a pair (high, low) of which high is the sum rounded; it carries 106 bits.
Knuth 1969 (the sum), Dekker 1971 (the product); no fused multiply-add is needed.
"""

import numpy as np

from engine.arrays import Array

SPLITTER = 2.0**27 + 1.0


def two_sum(a: Array, b: Array) -> tuple[Array, Array]:
    """a + b as (rounded, error), exactly, whichever is the larger."""
    total = a + b
    other = total - a
    return total, (a - (total - other)) + (b - other)


def two_product(a: Array, b: Array) -> tuple[Array, Array]:
    """a · b as (rounded, error), exactly unless a factor passes 2^995 or the error underflows."""
    product = a * b
    a_high, a_low = halves(a)
    b_high, b_low = halves(b)
    error = a_high * b_high - product
    error += a_high * b_low
    error += a_low * b_high
    error += a_low * b_low
    return product, error


def halves(a: Array) -> tuple[Array, Array]:
    """a = high + low, each of at most 26 bits, so that products of halves are exact."""
    spread = SPLITTER * a
    high = spread - (spread - a)
    return high, a - high


def subtract_combination(y: Array, columns: Array, high: Array, low: Array) -> Array:
    """y (n,) less Σ (high_j + low_j) · columns_j, columns (p, n): in double-double, then rounded.

    No intermediate may pass 2^995: scale first, by powers of two.
    """
    rest, error = y, np.zeros_like(y)
    for column, b, b_low in zip(columns, high, low, strict=True):
        product, product_error = two_product(column, b)
        rest, sum_error = two_sum(rest, -product)
        error += sum_error - product_error - b_low * column
    return rest + error
