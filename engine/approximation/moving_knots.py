"""Least squares of a curve of straight pieces by sums over its pieces, and moving its knots.

The curve is known by its heights at the nodes: both ends of the data, and the knots between.
"""

from typing import NamedTuple, Self

import numpy as np

from engine.arrays import Array

TRIALS = 40  # steps of the refinement, at most
LEAST_GAIN = 1e-6  # of the error in a step, relative; the refinement ends below it
RIDGE = 1e-13  # added to the diagonal of normal equations: heights without data become 0


class Points(NamedTuple):
    """Data (n,) sorted by x, each example with a weight."""

    x: Array
    y: Array
    weights: Array

    def nodes(self, knots: Array) -> Array:
        """The ends of the data, and ascending knots between them."""
        return np.concatenate([self.x[:1], knots, self.x[-1:]])


class Pieces(NamedTuple):
    """Weighted sums over the data of each piece (p,): of (1 − t)², (1 − t)·t, t², (1 − t)·y, t·y.

    t is 0 at the piece's left node and 1 at its right one. Names as in ``Segments``.
    """

    A: Array
    B: Array
    D: Array
    E: Array
    F: Array

    @classmethod
    def between(cls, points: Points, nodes: Array) -> Self:
        """The sums of the pieces between neighbouring nodes."""
        x, y, w = points
        count = len(nodes) - 1
        piece = np.minimum(np.searchsorted(nodes, x, side="right") - 1, count - 1)
        t = (x - nodes[piece]) / (nodes[piece + 1] - nodes[piece])
        rest = 1.0 - t
        products = (rest * rest, rest * t, t * t, rest * y, t * y)
        return cls(*(np.bincount(piece, w * each, count).astype(np.float64) for each in products))


def refined(points: Points, knots: Array) -> Array:
    """The knots moved towards a local minimum of the squared error, which never rises.

    A step solves for the heights and the moves at once. If knot j moves by d, ŷ changes by −d·β_j·
    (1 − t) on the piece after it, β_j the change of slope there, and by what other heights can
    undo. The moves are damped (Levenberg–Marquardt), more so after a step that does not help.
    """
    cost, gap, damping = squared_error(points, knots), 1e-6 * (points.x[-1] - points.x[0]), 1e-3
    gram, right = _normal_equations(points, knots, moving=True)
    for _ in range(TRIALS):
        step = _solved(gram, right, len(knots), damping)
        moved = knots + step[len(knots) + 2 :]
        moved_cost = np.inf
        if (np.diff(points.nodes(moved)) > gap).all():
            moved_cost = squared_error(points, moved)
        if moved_cost < cost:
            gain, knots, cost = cost - moved_cost, moved, moved_cost
            if gain < LEAST_GAIN * cost:
                break
            gram, right = _normal_equations(points, knots, moving=True)
            damping /= 5.0
        elif damping > 1e6:
            break
        else:
            damping *= 5.0
    return knots


def squared_error(points: Points, knots: Array) -> float:
    """Σw(y − ŷ)² of least squares with ascending knots between x₁ and x_n."""
    x, y, w = points
    residuals = y - np.interp(x, points.nodes(knots), _heights(points, knots))
    return float(w @ (residuals * residuals))


def _heights(points: Points, knots: Array) -> Array:
    """The best heights of the curve at the nodes."""
    return _solved(*_normal_equations(points, knots, moving=False), len(knots))


def _normal_equations(points: Points, knots: Array, moving: bool) -> tuple[Array, Array]:
    """The matrix and the right side for the heights, and with ``moving`` for the knots' moves."""
    nodes = points.nodes(knots)
    A, B, D, E, F = Pieces.between(points, nodes)
    p, size = len(A), len(A) + 1 + moving * len(knots)
    gram, right, left = np.zeros((size, size)), np.zeros(size), np.arange(p)
    gram[left, left] += A
    gram[left + 1, left + 1] += D
    gram[left, left + 1] = gram[left + 1, left] = B
    right[:p] += E
    right[1 : p + 1] += F
    if moving and len(knots):
        heights = _solved(gram[: p + 1, : p + 1], right[: p + 1], len(knots))
        factor = -np.diff(np.diff(heights) / np.diff(nodes))
        node, move = left[1:], left[1:] + p
        gram[move, node] = gram[node, move] = factor * A[1:]
        gram[move, node + 1] = gram[node + 1, move] = factor * B[1:]
        gram[move, move] = factor * factor * A[1:]
        right[move] = factor * E[1:]
    return gram, right


def _solved(gram: Array, right: Array, knots: int, damping: float = 0.0) -> Array:
    """The solution of normal equations; what follows the heights, the moves, is damped."""
    diagonal = gram.diagonal()
    more = RIDGE * (diagonal + diagonal.max())
    more[knots + 2 :] += damping * diagonal[knots + 2 :]
    return np.asarray(np.linalg.solve(gram + np.diag(more), right))
