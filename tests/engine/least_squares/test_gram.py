"""Exact Gram matrices against rational arithmetic, and elimination in fixed point."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.least_squares.exact_solve import eliminate
from engine.least_squares.gram import gram_of_floats, gram_of_integers

entries = st.one_of(
    st.integers(-9, 9).map(float), st.floats(-1e3, 1e3), st.floats(-(2.0**-20), 2.0**-20)
).map(lambda a: a if abs(a) > 1e-9 else 0.0)


@st.composite
def tables(draw):
    m, n = draw(st.integers(1, 4)), draw(st.integers(1, 7))
    rows = draw(st.lists(st.lists(entries, min_size=n, max_size=n), min_size=m, max_size=m))
    return np.array(rows)


def as_fractions(gram):
    return [
        [value * gram.units[i] * gram.units[i + k] for k, value in enumerate(row)]
        for i, row in enumerate(gram.rows)
    ]


def by_fractions(columns, weights):
    A = [[Fraction(float(a)) for a in column] for column in columns]
    w = [Fraction(float(value)) for value in weights]
    return [
        [sum(x * y * z for x, y, z in zip(a, b, w, strict=True)) for b in A[i:]]
        for i, a in enumerate(A)
    ]


@given(tables(), st.integers(-1000, 1000))
def test_sums_of_products_of_floats_are_exact_whatever_their_scale(table, exponent):
    columns = np.ldexp(table, exponent)
    assert as_fractions(gram_of_floats(columns)) == by_fractions(columns, np.ones(table.shape[1]))


@given(tables(), st.randoms(use_true_random=False))
def test_weighted_sums_are_exact(table, random):
    weights = np.array([random.choice([0.0, 0.3, 1.0, 1e-3, 7.25]) for _ in range(table.shape[1])])
    got = as_fractions(gram_of_floats(table, weights))
    assert got == by_fractions(table, weights)


def test_many_rows_are_still_summed_exactly():
    rng = np.random.default_rng(0)
    columns, weights = rng.normal(size=(2, 5000)), rng.uniform(size=5000)
    assert as_fractions(gram_of_floats(columns, weights)) == by_fractions(columns, weights)


@pytest.mark.parametrize("bits", [53, 106])
def test_an_exact_fit_leaves_exactly_nothing(bits):
    columns = [[1, 1, 1, 1], [0, 1, 2, 3], [0, 1, 4, 9], [5, 8, 17, 32]]  # 5 + 3x²
    answer = eliminate(gram_of_integers(columns, [Fraction(1)] * 4, None), True, bits)
    assert [Fraction(*ratio) for ratio in answer.coefficients()] == [5, 0, 3]
    assert answer.ssr == 0
