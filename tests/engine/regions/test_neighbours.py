"""The typical distance between examples, against all pairs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import ShapeError, neighbour_distance
from engine.regions import neighbours


def median_of_all_pairs(X) -> float:
    X = np.unique(X, axis=0)
    distances = np.linalg.norm(X[:, None] - X[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    return float(np.median(distances.min(axis=1)))


@settings(max_examples=60)
@given(
    seed=st.integers(0, 10**6),
    n=st.integers(2, 300),
    d=st.integers(1, 5),
    kind=st.sampled_from(["normal", "rounded", "clusters", "outlier", "narrow"]),
)
def test_it_is_the_median_over_all_pairs_of_different_rows(seed, n, d, kind):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    if kind == "rounded":
        X = np.round(X, 1)
    elif kind == "clusters":
        X = 1e-3 * X + rng.integers(0, 5, (n, 1))
    elif kind == "outlier":
        X[0] = 1e4
    elif kind == "narrow":
        X[:, 0] = X[:, 0] * 1e-9 + 1.0
    found = neighbour_distance(X)
    assert found.rows == len(np.unique(X, axis=0))
    if found.rows > 1:
        assert found.median == pytest.approx(median_of_all_pairs(X), rel=1e-6)
        assert found.sample_size == found.rows


def test_on_a_square_lattice_it_is_its_spacing_at_any_scale():
    lattice = np.stack(np.meshgrid(np.arange(100), np.arange(100)), axis=-1).reshape(-1, 2)
    for scale in (1e-200, 1.0, 1e200):
        found = neighbour_distance(lattice * scale + 0.0)
        assert found.median == pytest.approx(scale, rel=1e-12)
        assert found.sample_size == found.rows == 10_000


def test_of_many_rows_a_sample_is_taken_and_the_result_says_so(monkeypatch):
    X = np.random.default_rng(0).normal(size=(3000, 4))
    exact = neighbour_distance(X)
    monkeypatch.setattr(neighbours, "WORK", 6e6)
    sampled = neighbour_distance(X, seed=1)
    assert (exact.sample_size, sampled.sample_size, sampled.rows) == (3000, 500, 3000)
    assert sampled == neighbour_distance(X, seed=1)
    assert sampled.median == pytest.approx(exact.median, rel=0.1)


def test_fewer_than_two_different_rows_have_no_distance():
    assert np.isnan(neighbour_distance([[1.0, 2.0], [1.0, 2.0]]).median)
    assert np.isnan(neighbour_distance(np.empty((0, 2))).median)
    with pytest.raises(ShapeError, match="finite matrix"):
        neighbour_distance([[np.nan]])
