"""Steps, bumps and staircases of sigmoids.

σ(wx + b) with a large w > 0 is a step from 0 to 1 at s = −b/w. Its height is the output weight h.
Two steps of heights h and −h are a bump. One bump for each piece of the interval follows a curve
(Nielsen 2015, "Neural Networks and Deep Learning", ch. 4).
"""

from math import exp, log
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from engine.approximation.relu import checked_knots, one_hidden_layer
from engine.approximation.targets import Target
from engine.arrays import Array
from engine.errors import DataError, ShapeError
from engine.network.network import Network

RELATIVE_STEEPNESS = 20.0  # w times the width of a piece: the step takes a fifth of a piece or so


def sigmoid_steps(
    positions: ArrayLike, heights: ArrayLike, steepness: float, base: float = 0.0
) -> Network:
    """A sum of sigmoid steps: ŷ(x) = base + Σ_j h_j·σ(w(x − s_j)).

    Unit j has the weight w and the bias b_j = −w·s_j, so that s_j = −b_j/w.

    Arguments:
        positions: s (m,), m ≥ 1, in any order.
        heights: h (m,).
        steepness: w > 0. At a distance of t from s the step differs from the perfect one by
            h/(1 + e^(w·t)).
        base: ŷ to the left of all steps, if w is large.

    Returns:
        The network, with one hidden layer of m sigmoid units.

    Raises:
        ShapeError: the arrays are not of one length, or empty.
        DataError: a number is not finite, or w is not above 0.

    Example:
        >>> import engine
        >>> network = engine.sigmoid_steps([0.4], [0.8], steepness=1000)
        >>> network.predict([[0.3], [0.4], [0.5]]).round(6).ravel().tolist()
        [0.0, 0.4, 0.8]
    """
    s, h = (np.asarray(values, dtype=np.float64) for values in (positions, heights))
    if s.ndim != 1 or s.shape != h.shape or not len(s):
        raise ShapeError(f"steps need positions and heights (m,), m ≥ 1; got {s.shape}, {h.shape}")
    if not (np.isfinite(s).all() and np.isfinite(h).all() and np.isfinite(base)):
        raise DataError("a position or a height is not finite")
    check_steepness(steepness)
    return one_hidden_layer(np.full(len(s), float(steepness)), -steepness * s, h, base, "sigmoid")


def bumps(edges: ArrayLike, heights: ArrayLike, steepness: float) -> Network:
    """Bumps side by side: h_j between the edges e_j and e_j+1, and 0 outside.

    Units 2j and 2j + 1 are the two sides of bump j (from 0): steps of h_j and −h_j.

    Arguments:
        edges: e (m + 1,), m ≥ 1, ascending.
        heights: h (m,).
        steepness: w > 0, as in ``sigmoid_steps``.

    Returns:
        The network, with one hidden layer of 2m sigmoid units.

    Raises:
        ShapeError: there is not one edge more than heights, or no height.
        DataError: the edges are not ascending, a number is not finite, or w is not above 0.

    Example:
        >>> import engine
        >>> network = engine.bumps([0, 1, 2], [3, -1], steepness=200)
        >>> network.predict([[-0.5], [0.5], [1.5], [2.5]]).round(6).ravel().tolist()
        [0.0, 3.0, -1.0, 0.0]
    """
    e, h = checked_knots(edges), np.asarray(heights, dtype=np.float64)
    if h.ndim != 1 or len(e) != len(h) + 1 or not len(h):
        raise ShapeError(f"bumps need edges (m + 1,) and heights (m,); got {e.shape}, {h.shape}")
    sides = np.column_stack([e[:-1], e[1:]]).ravel()
    return sigmoid_steps(sides, np.column_stack([h, -h]).ravel(), steepness)


class Construction(NamedTuple):
    """A network that follows a target, and a bound of |ŷ − f| on the target's interval."""

    network: Network
    bound: float


def staircase(target: Target, pieces: int, steepness: float | None = None) -> Construction:
    """A sigmoid staircase that follows a target: its value in the middle of each of m pieces.

    The pieces are equally wide, h = (hi − lo)/m, with inner edges s_j and middles m_j; a step of
    f(m_j+1) − f(m_j) at each s_j: m − 1 units (1 of height 0 if m = 1). ``steepness`` is w; None:
    ``RELATIVE_STEEPNESS``/h.

    The bound: |ŷ(x) − f(x)| ≤ M·(h/2 + 2·ln 2/w) for x in the interval, M = max|f′|. Proof: let ξ
    have the logistic distribution function σ, so that σ(w(x − s)) = P(x − ξ/w ≥ s). Summed by
    parts, ŷ(x) = E f(m_J), where J is the piece in which x − ξ/w lies; outside the interval, the
    first or the last. Let u be x − ξ/w, moved to the nearest point of the interval. Then
    |m_J − u| ≤ h/2 and |u − x| ≤ |ξ|/w, so that |f(m_J) − f(x)| ≤ M·(h/2 + |ξ|/w). The mean of
    |ξ| is 2·ln 2.

    Example:
        >>> from engine.approximation.bumps import staircase
        >>> from engine.approximation.targets import TARGETS
        >>> stairs = staircase(TARGETS["line"], pieces=12)
        >>> stairs.network.sizes, round(stairs.bound, 4)
        ((1, 11, 1), 0.2847)
    """
    edges, middles, w = _pieces(target, pieces, steepness)
    inner = edges[1:-1] if pieces > 1 else edges[:1]
    heights = np.diff(middles) if pieces > 1 else np.zeros(1)
    network = sigmoid_steps(inner, heights, w, float(middles[0]))
    return Construction(network, _staircase_bound(target, edges, w))


def bump_train(target: Target, pieces: int, steepness: float | None = None) -> Construction:
    """Bumps that follow a target: as ``staircase``, with a bump of two units for each of m pieces.

    2m units, and ŷ → 0 outside. The outermost edges are h outside the interval: a side at its end
    would halve ŷ there.

    The bound is the staircase's, plus 2·max(|c₁|, |c_m|)·σ(−wh), c the heights of the first and the
    last bump. Proof: inner steps of neighbouring bumps add up to those of the staircase. What is
    missing are the staircase's ends beyond the outermost edges, c₁·σ(−w(x − lo + h)) and
    c_m·σ(w(x − hi − h)), and in the interval each of these sigmoids is at most σ(−wh).

    Example:
        >>> from engine.approximation.bumps import bump_train
        >>> from engine.approximation.targets import TARGETS
        >>> bump_train(TARGETS["line"], pieces=12).network.sizes
        (1, 24, 1)
    """
    edges, middles, w = _pieces(target, pieces, steepness)
    width = float(edges[1] - edges[0])
    bound = _staircase_bound(target, edges, w)
    bound += 2.0 * float(np.abs(middles[[0, -1]]).max()) / (1.0 + exp(min(w * width, 700.0)))
    edges[0], edges[-1] = edges[0] - width, edges[-1] + width
    return Construction(bumps(edges, middles, w), bound)


def _pieces(target: Target, pieces: int, steepness: float | None) -> tuple[Array, Array, float]:
    """The edges (m + 1,), the target's values in the middles (m,), and w."""
    if pieces < 1:
        raise DataError(f"pieces = {pieces!r}: 1 or more are needed")
    edges = np.linspace(*target.interval, pieces + 1)
    w = RELATIVE_STEEPNESS / float(edges[1] - edges[0]) if steepness is None else steepness
    return edges, target.function((edges[:-1] + edges[1:]) / 2.0), w


def _staircase_bound(target: Target, edges: Array, w: float) -> float:
    check_steepness(w)
    return float(target.steepest * (np.diff(edges).max() / 2.0 + 2.0 * log(2.0) / w))


def check_steepness(w: float) -> None:
    """DataError unless w is finite and above 0."""
    if not 0.0 < w < np.inf:
        raise DataError(f"steepness = {w!r}: it must be finite and above 0")
