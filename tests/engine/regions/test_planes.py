"""Planes made from inputs, points or data, and coordinates on them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import Plane, ShapeError


def test_along_two_inputs_the_coordinates_are_those_inputs():
    plane = Plane.along([1.0, 2.0, 3.0, 4.0], 3, 1)
    np.testing.assert_array_equal(plane.points([[7.0, 8.0]]), [[1.0, 8.0, 3.0, 7.0]])
    np.testing.assert_array_equal(plane.coordinates([[0.0, -2.0, 9.0, 5.0]]), [[5.0, -2.0]])


def test_through_three_points_they_are_at_the_corners():
    a, b, c = np.random.default_rng(0).normal(size=(3, 5))
    plane = Plane.through(a, b, c)
    np.testing.assert_allclose(plane.points([[0, 0], [1, 0], [0, 1]]), [a, b, c], atol=1e-15)
    np.testing.assert_allclose(plane.coordinates([a, b, c]), [[0, 0], [1, 0], [0, 1]], atol=1e-14)


@given(
    seed=st.integers(0, 10**6),
    d=st.integers(2, 8),
    scales=st.tuples(st.floats(1e-9, 1e9), st.floats(1e-9, 1e9)),
)
def test_coordinates_undo_points_and_are_the_foot_of_the_perpendicular(seed, d, scales):
    rng = np.random.default_rng(seed)
    origin, u, v = rng.normal(size=(3, d))
    if abs(u @ v) > 0.99 * np.linalg.norm(u) * np.linalg.norm(v):
        return
    plane = Plane(origin, u * scales[0], v * scales[1])
    at = rng.normal(size=(6, 2))
    reach = np.abs(at) @ np.abs([plane.u, plane.v]).max(axis=1) + np.abs(origin).max()
    again = plane.coordinates(plane.points(at))
    error = np.abs(again - at) * scales  # in the units of the points
    assert (error < 1e-12 * reach[:, None]).all()
    X = rng.normal(size=(6, d))
    away = X - plane.points(plane.coordinates(X))
    size = np.abs(X).max() + np.abs(origin).max()
    for direction in (u, v):
        assert np.abs(away @ direction).max() < 1e-11 * size * np.linalg.norm(direction)


def test_principal_components_are_the_directions_of_most_variance():
    rng = np.random.default_rng(1)
    X = rng.normal(size=(200, 4)) * [0.1, 5.0, 0.2, 2.0] @ np.linalg.qr(rng.normal(size=(4, 4)))[0]
    plane = Plane.principal(X)
    variances, directions = np.linalg.eigh(np.cov(X.T))  # ascending
    np.testing.assert_allclose(plane.origin, X.mean(axis=0))
    for w, w2 in ((plane.u, directions[:, -1]), (plane.v, directions[:, -2])):
        assert abs(w @ w2) == pytest.approx(1.0, abs=1e-12)
        assert np.linalg.norm(w) == pytest.approx(1.0, abs=1e-14)
        assert w[np.abs(w).argmax()] > 0.0
    spread = plane.coordinates(X).T
    np.testing.assert_allclose(np.cov(spread), np.diag(variances[:-3:-1]), atol=1e-12)


@given(st.permutations(range(6)))
def test_principal_signs_do_not_depend_on_the_order_of_rows_or_on_reflection(order):
    X = np.random.default_rng(2).normal(size=(6, 3))
    plane = Plane.principal(X)
    for other in (Plane.principal(X[order]), Plane.principal(-X)):
        np.testing.assert_allclose([other.u, other.v], [plane.u, plane.v], atol=1e-12)


def test_what_spans_no_plane_says_why():
    for points in ([[0, 0], [1, 1], [3, 3]], [[0.1, 0.2], [0.3, 0.6], [0.7, 1.4]], [[1, 2]] * 3):
        with pytest.raises(ShapeError, match="one line"):
            Plane.through(*points)
    far = np.full(3, 1e6)  # where b − a and c − a are parallel but for rounding
    with pytest.raises(ShapeError, match="one line"):
        Plane.through(far, far + np.array([0.1, 0.3, 0.0]), far + np.array([0.3, 0.9, 0.0]))
    Plane.through([0, 0], [1, 0], [1, 1e-12])  # flat, but a triangle
    with pytest.raises(ShapeError, match="one line"):
        Plane.through([0.0], [1.0], [2.0])
    with pytest.raises(ShapeError, match="equally long"):
        Plane.through([0, 0], [1, 0], [0, 1, 2])
    for i, j in ((0, 0), (0, 3), (-1, 0)):
        with pytest.raises(ShapeError, match="two different ones of 0 … 2"):
            Plane.along([0, 0, 0], i, j)
    for X in ([[1.0, 2.0]], [[0, 0], [1, 2], [2, 4]], [[1.0], [2.0], [4.0]], np.ones((4, 3))):
        with pytest.raises(ShapeError, match="fewer than two directions"):
            Plane.principal(X)
    for X in ([1.0, 2.0], [[1.0, np.inf]], np.zeros((0, 2))):
        with pytest.raises(ShapeError, match="finite rows"):
            Plane.principal(X)
    with pytest.raises(ShapeError, match="parallel"):
        Plane([0, 0], [1, 2], [2, 4]).coordinates([[0, 0]])
    with pytest.raises(ShapeError, match=r"must be \(n, 2\)"):
        Plane([0, 0], [1, 0], [0, 1]).coordinates([0, 0])
    for coordinates in ([1, 2], [[1, 2, 3]], 0.0):
        with pytest.raises(ShapeError, match=r"must be \(n, 2\)"):
            Plane([0, 0], [1, 0], [0, 1]).points(coordinates)
