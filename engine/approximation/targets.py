"""Curves to approximate: formulas with the constants that error bounds need, and data."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array, distinct
from engine.data.exact_input import check_finite
from engine.errors import DataError, ShapeError

SAMPLE = 401  # points of a formula's sample


@dataclass(frozen=True, eq=False)
class Target:
    """A curve y = f(x) on an interval, with a sample of it.

    Attributes:
        x, y: the sample (n,), x ascending; least squares is done on it. Of data: the data.
        function: f, from an array of points to one of values. Of data: linear interpolation of the
            means of y at each distinct x.
        steepest: the largest |f′|; inf if f jumps.
        curvature: the largest |f″|; inf if f has a kink or a jump.
        jumps: the points (j,) where f jumps.
        is_formula: whether f is known everywhere, and not at the data alone.

    Example:
        >>> from engine.approximation.targets import TARGETS
        >>> sine = TARGETS["sine"]
        >>> sine.interval, sine.curvature, sine.x.size
        ((-6.0, 6.0), 1.0, 401)
    """

    x: Array
    y: Array
    function: Callable[[Array], Array]
    steepest: float
    curvature: float
    jumps: tuple[float, ...] = ()
    is_formula: bool = True

    @property
    def interval(self) -> tuple[float, float]:
        """The smallest and the largest x of the sample."""
        return float(self.x[0]), float(self.x[-1])


def formula_target(
    function: Callable[[Array], Array],
    interval: tuple[float, float],
    steepest: float = inf,
    curvature: float = inf,
    jumps: tuple[float, ...] = (),
    points: int = SAMPLE,
) -> Target:
    """A target from a formula; the sample has ``points`` evenly spaced points, and the jumps."""
    lo, hi = interval
    if not -inf < lo < hi < inf:
        raise ShapeError(f"interval {interval!r}: it must be (lo, hi), finite, lo < hi")
    x = distinct(np.append(np.linspace(lo, hi, points), jumps))
    y = np.asarray(function(x), dtype=np.float64)
    if y.shape != x.shape:
        raise ShapeError(f"the function gives shape {y.shape} for x of shape {x.shape}")
    check_finite(y, "f(x)")
    return Target(x, y, function, steepest, curvature, jumps)


def data_target(x: ArrayLike, y: ArrayLike) -> Target:
    """A target from data x, y (n,) with at least two distinct x."""
    x, y = sample(x, y)
    places = distinct(x)
    if len(places) < 2:
        raise DataError("x has one value only: a curve needs two or more")
    index = np.searchsorted(places, x)
    with np.errstate(over="ignore", invalid="ignore"):
        means = np.bincount(index, weights=y) / np.bincount(index)
        slopes = np.diff(means) / np.diff(places)
        bends = bool((np.diff(slopes) != 0.0).any())
        spans = float(x[-1] - x[0]), float(np.ptp(y))
    if not np.isfinite([*slopes, *spans]).all():
        raise DataError("differences of x or y, or their ratios, do not fit float64: scale them")
    return Target(
        x,
        y,
        lambda points: np.interp(points, places, means),
        steepest=float(np.abs(slopes).max()),
        curvature=inf if bends else 0.0,
        is_formula=False,
    )


def sample(x: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    """Data x, y (n,) as float64 arrays, sorted by x; ShapeError or DataError if they are not."""
    x, y = (np.asarray(values, dtype=np.float64) for values in (x, y))
    if x.ndim != 1 or x.shape != y.shape or not len(x):
        raise ShapeError(f"x and y must be (n,), n ≥ 1; they have shapes {x.shape} and {y.shape}")
    check_finite(x, "x")
    check_finite(y, "y")
    order = np.argsort(x, kind="stable")
    return x[order], y[order]


TARGETS = {
    "sine": formula_target(np.sin, (-6.0, 6.0), 1.0, 1.0),
    "step": formula_target(np.sign, (-6.0, 6.0), jumps=(0.0,)),
    "line": formula_target(lambda x: 0.5 * x + 1.0, (-6.0, 6.0), 0.5, 0.0),
    # |f′| is largest at 25x² = 1/3, where it is 5·(3√3)/8; |f″| at 0
    "runge": formula_target(
        lambda x: 1.0 / (1.0 + 25.0 * x * x), (-1.0, 1.0), 15.0 * 3.0**0.5 / 8.0, 50.0
    ),
}
"""Targets by name: the formulas of the data sets sine, step and line, and Runge's example (1901),
1/(1 + 25x²), which polynomials through evenly spaced points do not approach."""
