"""Networks with one hidden layer of relu that are a given piecewise linear curve."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.errors import DataError, ShapeError
from engine.network.network import Network

BEYOND = ("constant", "linear")


def relu_interpolant(knots: ArrayLike, values: ArrayLike, beyond: str = "constant") -> Network:
    """The relu network with one hidden layer that goes through given points, straight between them.

    With slopes s_j = (v_j+1 − v_j)/(k_j+1 − k_j) between the knots, and 0 beyond them, it is
    ŷ(x) = v₁ + Σ_j (s_j − s_j−1)·relu(x − k_j): each unit changes the slope at its own knot, and
    at nothing else. It equals ``numpy.interp`` up to rounding, on the whole line.

    Arguments:
        knots: the knots (m,), m ≥ 1, ascending.
        values: ŷ at the knots (m,).
        beyond: "constant": the curve keeps its first and last value outside the knots, as
            ``numpy.interp`` does (m units). "linear": the first and last piece go on (m − 1 units,
            2 if m = 2); m ≥ 2.

    Returns:
        The network. If v_j = f(k_j), and h is the largest distance of neighbours, then |ŷ − f| ≤
        max|f″|·h²/8 between the knots: see ``interpolation_bound``.

    Raises:
        ShapeError: the arrays are not of one length, or there are too few knots.
        DataError: the knots are not ascending, or a number is not finite.

    Example:
        >>> import engine
        >>> network = engine.relu_interpolant([0, 1, 3], [0, 2, 1])
        >>> network.predict([[-5.0], [0.5], [2.0], [9.0]]).ravel().tolist()
        [0.0, 1.0, 1.5, 1.0]
    """
    k, v = checked_knots(knots), np.asarray(values, dtype=np.float64)
    if beyond not in BEYOND:
        raise DataError(f"beyond = {beyond!r}; there are: {', '.join(BEYOND)}")
    if k.shape != v.shape or len(k) < 1 + (beyond == "linear"):
        raise ShapeError(
            f"relu_interpolant takes knots and values (m,), m ≥ {1 + (beyond == 'linear')}; "
            f"it got {k.shape} and {v.shape}"
        )
    if not np.isfinite(v).all():
        raise DataError("a value at a knot is not finite")
    with np.errstate(over="ignore", invalid="ignore"):
        slopes = np.diff(v) / np.diff(k)
        if not np.isfinite(np.diff(slopes)).all() or not np.isfinite(slopes).all():
            raise DataError("a slope between two knots is too large for float64: scale them")
    if beyond == "constant":
        return relu_spline(k, float(v[0]), np.concatenate([[0.0], slopes, [0.0]]))
    if len(k) == 2:
        return relu_spline(k[:1], float(v[0]), np.repeat(slopes, 2))
    return relu_spline(k[1:-1], float(v[1]), slopes)


def relu_spline(knots: Array, value: float, slopes: Array) -> Network:
    """The relu network with given knots (m,), m ≥ 1, and slopes (m + 1,) of the pieces.

    ``value`` is ŷ at the first knot. Unit j is relu(x − k_j). If the first slope is not 0, one more
    unit, the first, is relu(k₁ − x), for the piece on the left: m + 1 units in all.
    """
    w, b, v = np.ones(len(knots)), -knots, np.diff(slopes)
    v[0] = slopes[1]
    if slopes[0] != 0.0:
        w, b, v = np.append(-1.0, w), np.append(knots[0], b), np.append(-slopes[0], v)
    return one_hidden_layer(w, b, v, value, "relu")


def one_hidden_layer(w: Array, b: Array, v: Array, constant: float, activation: str) -> Network:
    """ŷ = constant + Σ_j v_j·σ(w_j·x + b_j), one input and one output; all arrays (units,)."""
    weights: Sequence[Array] = (w[:, np.newaxis], v[np.newaxis])
    return Network.from_arrays(weights, [b, np.array([constant])], activation)


def interpolation_bound(knots: ArrayLike, curvature: float) -> float:
    """The largest error of linear interpolation between knots (m,): max|f″|·h²/8.

    h is the largest distance of neighbouring knots, and f has two derivatives (de Boor 1978, "A
    Practical Guide to Splines", ch. III). With m knots spread evenly it falls as m⁻².

    Example:
        >>> from engine.approximation.relu import interpolation_bound
        >>> interpolation_bound([0.0, 1.0, 3.0], curvature=1.0)
        0.5
    """
    gaps = np.diff(checked_knots(knots))
    return float(curvature * gaps.max() ** 2 / 8.0) if len(gaps) and curvature else 0.0


def checked_knots(knots: ArrayLike) -> Array:
    """Knots (m,) as a float64 array; ShapeError or DataError unless finite and ascending."""
    k = np.asarray(knots, dtype=np.float64)
    if k.ndim != 1:
        raise ShapeError(f"knots must be (m,); they have shape {k.shape}")
    if not np.isfinite(k).all() or (k[1:] <= k[:-1]).any():
        raise DataError("knots must be finite and ascending, each larger than the one before")
    return k
