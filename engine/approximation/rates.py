"""Laws error = c·widthᵉ: what theory promises, and from which width on; and what is measured."""

from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple

import numpy as np

from engine.approximation.sweep import METHODS, SweepPoint, fitted_exponent
from engine.approximation.targets import Target

LEAST_WIDTH = 8  # from which a law is looked for, if the target asks for no more
ROUNDING = 1e-12  # of the largest |y|: errors below it are none of the method
LEAST_POINTS = 3  # of a fitted exponent
CLOSE = 0.1  # a fitted exponent so near to the promised one agrees with it


class Rate(NamedTuple):
    """The largest error falls as width to the ``exponent``, for widths of ``least`` and more."""

    exponent: float
    least: float


def promised_rate(target: Target, method: str) -> Rate | None:
    """The law that theory promises of a method for a target; None if there is none.

    A law is promised for a formula: of relu if f″ is bounded, of sigmoids if f′ is (see
    ``METHODS``). There is none for a polynomial, for data, and where the bound is 0, as for relu
    on a line.

    Its widths: on a piece of width h, f′ changes by max|f″|·h at most. Where that is more than
    max|f′|, the pieces are too few to show how f runs, and the law does not hold yet. With p
    pieces, h = (hi − lo)/p, it holds from p = (hi − lo)·max|f″|/max|f′| on. Bumps have two units a
    piece, the others one, or one more or less.

    Example:
        >>> from engine.approximation.rates import promised_rate
        >>> from engine.approximation.targets import TARGETS
        >>> promised_rate(TARGETS["sine"], "interpolant")
        Rate(exponent=-2.0, least=12.0)
        >>> promised_rate(TARGETS["step"], "interpolant") is None
        True
    """
    exponent = METHODS[method].exponent
    if not target.is_formula or not isfinite(exponent):
        return None
    constant = target.curvature if exponent == -2.0 else target.steepest
    if not (isfinite(constant) and constant > 0.0):
        return None
    low, high = target.interval
    pieces = (high - low) * target.curvature / target.steepest
    least = pieces * (2.0 if method == "bumps" else 1.0)
    return Rate(exponent, max(least, LEAST_WIDTH)) if isfinite(least) else None


class FittedRate(NamedTuple):
    """e of error = c·widthᵉ by least squares of the logarithms, with the points (m,) of the fit.

    ``promised``: what theory says of e.
    """

    exponent: float
    promised: float
    widths: tuple[int, ...]
    errors: tuple[float, ...]

    @property
    def agrees(self) -> bool:
        """Whether the exponents differ by no more than ``CLOSE``."""
        return abs(self.exponent - self.promised) <= CLOSE


def fitted_rate(
    target: Target, points: Sequence[SweepPoint], squared: bool = False
) -> FittedRate | None:
    """The exponent that the points of one method show, over the widths where a law is promised.

    Arguments:
        target: what the curves follow.
        points: those of one method.
        squared: of the mean square instead of the largest error. Its exponent is twice that: it is
            at most the largest error squared, and falls no faster, for f is missed everywhere.

    Returns:
        The fit; None if no law is promised, or if there are fewer than ``LEAST_POINTS`` points
        that are above rounding.

    Example:
        >>> import engine
        >>> from engine.approximation.rates import fitted_rate
        >>> from engine.approximation.targets import TARGETS
        >>> sine = TARGETS["sine"]
        >>> *_, sweep = engine.width_sweep(sine, [8, 16, 32, 64], ["interpolant"])
        >>> fit = fitted_rate(sine, sweep.points)
        >>> fit.widths, round(fit.exponent, 1), fit.agrees
        ((16, 32, 64), -2.1, True)
    """
    rate = promised_rate(target, points[0].method) if points else None
    if rate is None:
        return None
    least = ROUNDING * float(np.abs(target.y).max())
    found = {
        point.width: error
        for point in points
        if point.width >= rate.least
        and isfinite(error := error_of(point, squared))
        and error > (least**2 if squared else least)
    }
    if len(found) < LEAST_POINTS:
        return None
    widths, values = tuple(found), tuple(found.values())
    promised = 2.0 * rate.exponent if squared else rate.exponent
    return FittedRate(fitted_exponent(widths, values), promised, widths, values)


def error_of(point: SweepPoint, squared: bool) -> float:
    """The largest error of a point, or its mean square."""
    return point.mean_square if squared else point.largest
