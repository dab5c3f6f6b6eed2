"""Towers over two inputs: bumps in x and in y, and a second hidden layer that takes both."""

from math import exp

import numpy as np
from numpy.typing import ArrayLike

from engine.approximation.bumps import check_steepness
from engine.errors import DataError, ShapeError
from engine.network.network import Network


def towers(
    boxes: ArrayLike, heights: ArrayLike, steepness: float, sharpness: float = 20.0
) -> Network:
    """A tower on each box of the plane: ŷ ≈ the sum of the heights of the boxes that hold x.

    Four sigmoid units a tower step up and down in x₁ and in x₂; their sum is about 2 in the box,
    and 1 or 0 outside. A unit of the second hidden layer, σ(H·(sum − 3/2)), makes 1 and 0 of it
    (Nielsen 2015, "Neural Networks and Deep Learning", ch. 4, "Many input variables"; H is his h).
    Where four boxes meet the sum is 1: a hole, the smaller the larger w. See ``tower_bound``.

    Arguments:
        boxes: (m, 4), m ≥ 1: from x₁, to x₁, from x₂, to x₂ of each.
        heights: (m,).
        steepness: w > 0 of the first layer.
        sharpness: H > 0 of the second.

    Returns:
        The network 2-4m-m-1, of sigmoids.

    Raises:
        ShapeError: the arrays are not (m, 4) and (m,).
        DataError: a box is empty, a number is not finite, or w or H is not above 0.

    Example:
        >>> from engine.approximation.towers import towers
        >>> network = towers([[0, 1, 0, 2]], [3], steepness=100, sharpness=40)
        >>> network.predict([[0.5, 1.0], [0.5, 2.5], [-1.0, 3.0]]).round(6).ravel().tolist()
        [3.0, 0.0, 0.0]
    """
    edges, h = (np.asarray(values, dtype=np.float64) for values in (boxes, heights))
    if edges.shape != (len(h) if h.ndim == 1 else 0, 4) or not h.size:
        raise ShapeError(f"towers need boxes (m, 4) and heights (m,); got {edges.shape}, {h.shape}")
    if not (np.isfinite(edges).all() and np.isfinite(h).all()):
        raise DataError("a box or a height is not finite")
    if (edges[:, [0, 2]] >= edges[:, [1, 3]]).any():
        raise DataError("a box must be (from x₁, to x₁, from x₂, to x₂), from < to")
    check_steepness(steepness)
    check_steepness(sharpness)
    m = len(h)
    axes = np.repeat(np.eye(2), 2, axis=0)  # two steps in x₁, two in x₂
    first = steepness * np.tile(axes, (m, 1))
    second = np.kron(np.eye(m), sharpness * np.array([[1.0, -1.0, 1.0, -1.0]]))
    biases = [-steepness * edges.ravel(), np.full(m, -1.5 * sharpness), np.zeros(1)]
    return Network.from_arrays([first, second, h[np.newaxis]], biases, "sigmoid")


def tower_bound(steepness: float, sharpness: float, distance: float) -> float:
    """The largest error of a tower of height 1, at ``distance`` t or more from its four edge lines.

    It is σ(−H·(½ − 2ε)) with ε = 2σ(−wt). Proof: a step differs from the perfect one by σ(−wt) at
    most, so a bump by ε, and the sum of two bumps by 2ε. The perfect sum is 2 in the box and 1 or 0
    outside, so that H·(sum − 3/2) ≥ H·(½ − 2ε) in the box and ≤ −H·(½ − 2ε) outside.

    Example:
        >>> from engine.approximation.towers import tower_bound
        >>> tower_bound(steepness=100, sharpness=40, distance=0.1) < 1e-8
        True
    """
    epsilon = 2.0 / (1.0 + exp(min(steepness * distance, 700.0)))
    return 1.0 / (1.0 + exp(min(sharpness * (0.5 - 2.0 * epsilon), 700.0)))
