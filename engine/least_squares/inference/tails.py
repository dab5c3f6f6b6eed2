"""Quantiles and upper tails, with NaN where there is no such test."""

from math import inf, isnan, nan

from engine.errors import DataError


def half_width(level: float, freedom: float = inf) -> float:
    """How many standard errors an interval of this level reaches to each side.

    From Student's t; normal where ``freedom`` is infinite, NaN where it is 0. DataError unless
    0 < level < 1.
    """
    from scipy.special import ndtri, stdtrit  # imported late: SciPy is slow to import

    if not 0.0 < level < 1.0:
        raise DataError(f"level = {level!r} is not between 0 and 1")
    if freedom <= 0:
        return nan
    tail = 0.5 + level / 2.0
    return float(ndtri(tail) if freedom == inf else stdtrit(freedom, tail))


def p_of_f(statistic: float, numerator: int, denominator: int) -> float:
    """The upper tail of F; NaN without degrees of freedom."""
    from scipy.special import fdtrc

    if numerator <= 0 or denominator <= 0 or isnan(statistic):
        return nan
    return float(fdtrc(numerator, denominator, statistic))


def p_of_chi2(statistic: float, freedom: int) -> float:
    """The upper tail of χ²; NaN without degrees of freedom."""
    from scipy.special import chdtrc

    if freedom <= 0 or isnan(statistic):
        return nan
    return float(chdtrc(freedom, statistic))
