"""Double-double arithmetic: sums and products of float64 without rounding errors.

A double-double is a pair (high, low) with 106 bits; high is the sum of both, rounded to float64.
Sums by Knuth 1969, products by Dekker 1971, without fused multiply-add.
"""

import numpy as np

from engine.arrays import Array

SPLITTER = 2.0**27 + 1.0  # splits 53 bits into two halves


def two_sum(a: Array, b: Array) -> tuple[Array, Array]:
    """a + b as (rounded sum, error), exactly."""
    total = a + b
    b_part = total - a
    return total, (a - (total - b_part)) + (b - b_part)


def two_product(a: Array, b: Array) -> tuple[Array, Array]:
    """a · b as (rounded product, error), exactly unless a factor exceeds 2^995 or it underflows."""
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
    """y (n,) − Σ_j (high_j + low_j) · columns_j with columns (p, n), in double-double.

    No intermediate result may exceed 2^995: scale by powers of two before.
    """
    total, error = y, np.zeros_like(y)
    for column, b, b_low in zip(columns, high, low, strict=True):
        product, product_error = two_product(column, b)
        total, sum_error = two_sum(total, -product)
        error += sum_error - product_error - b_low * column
    return total + error
