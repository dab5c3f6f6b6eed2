"""The test that several coefficients are 0 together."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, nan

import numpy as np

from engine.arrays import Array
from engine.errors import DataError
from engine.least_squares.inference.tails import p_of_chi2, p_of_f


@dataclass(frozen=True)
class JointTest:
    """A Wald test that some coefficients are all 0.

    Attributes:
        statistic: F, or χ² where the dispersion is known.
        freedom: the number of coefficients tested, without those that were left out.
        residual_freedom: the second degrees of freedom of F; None for χ².
        p_value: the upper tail; NaN where there is no test.

    Example:
        >>> import engine
        >>> test = engine.glm([0, 1, 2, 3], [1, 3, 4, 8], "poisson").joint_test([0])
        >>> round(test.statistic, 2), test.freedom, test.residual_freedom
        (5.48, 1, None)
    """

    statistic: float
    freedom: int
    residual_freedom: int | None
    p_value: float


def tested(columns: Sequence[int], d: int, intercept: bool) -> list[int]:
    """The places among all coefficients of columns of X (n, d); DataError unless they are there."""
    places = [int(column) for column in columns]
    if not places or len(set(places)) < len(places) or not all(0 <= j < d for j in places):
        raise DataError(f"columns {places}: name different columns of X, from 0 to {d - 1}")
    return [j + intercept for j in places]


def wald_test(
    coefficients: Array, half: Array, scale: float, residual_freedom: int | None
) -> JointTest:
    """The Wald test of coefficients (q,) with the covariance scale²·HHᵀ, H = ``half`` (q, ·).

    χ² = bᵀ(scale²·HHᵀ)⁻¹b, and F = χ²/q (Seber & Lee 2003, Linear Regression Analysis, §4.3).
    """
    q = len(coefficients)
    if not q or residual_freedom == 0 or not np.isfinite(half).all() or np.isnan(scale):
        return JointTest(nan, q, residual_freedom, nan)
    lengths = np.linalg.norm(half, axis=1)
    if not lengths.all():
        return JointTest(nan, q, residual_freedom, nan)
    R = np.asarray(np.linalg.qr((half / lengths[:, None]).T, mode="r"))
    if len(R) < q or np.abs(R.diagonal()).min() <= 1e-13:  # fewer examples than coefficients
        return JointTest(nan, q, residual_freedom, nan)
    length = float(np.linalg.norm(np.linalg.solve(R.T, coefficients / lengths)))
    chi2 = (length / scale) ** 2 if scale else (inf if length else nan)
    if residual_freedom is None:
        return JointTest(chi2, q, None, p_of_chi2(chi2, q))
    return JointTest(chi2 / q, q, residual_freedom, p_of_f(chi2 / q, q, residual_freedom))
