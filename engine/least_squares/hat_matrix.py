"""Leverage and robust covariances, from an orthonormal basis of the design."""

import numpy as np

from engine.arrays import Array
from engine.errors import DataError

COVARIANCES = ("classic", "hc0", "hc1", "hc2", "hc3")


def orthonormal(columns: Array, roots: Array, intercept: bool) -> Array:
    """Q (n, k) of the QR decomposition of [1, columns] · ``roots``; the hat matrix is QQ'.

    ``columns`` (n, ·) are independent, also of an intercept; ``roots`` (n,) are √w. The diagonal of
    R is positive.
    """
    columns = columns / np.abs(columns).max(axis=0)
    if intercept:
        for _ in range(2):  # subtract the mean, then the mean of the rounding errors
            columns = columns - (roots**2 @ columns) / (roots @ roots)
    Q, R = np.linalg.qr(columns * roots[:, None])
    Q *= np.where(R.diagonal() < 0.0, -1.0, 1.0)
    return np.column_stack([roots / np.linalg.norm(roots), Q]) if intercept else Q


def row_lengths(S: Array) -> Array:
    """√ of the diagonal of SS' (k,), also where squares do not fit float64."""
    unit = np.abs(S).max(axis=1, initial=0.0)
    unit[unit == 0.0] = 1.0
    result: Array = unit * np.linalg.norm(S / unit[:, None], axis=1)
    return result


def unexplained(Q: Array) -> Array:
    """1 - h (n,) with the leverages h; NaN where it is 0 up to rounding."""
    complement = 1.0 - (Q**2).sum(axis=1)
    return np.where(complement > 64.0 * np.finfo(float).eps, complement, np.nan)


def robust_half(S: Array, Q: Array, residuals: Array, kind: str, inflation: float) -> Array:
    """H (k, n), where HH' is the robust covariance (A'A)⁻¹ A' diag(v) A (A'A)⁻¹, A = Q S⁻¹.

    HC0: v = e² (White 1980). HC1: v = e² · ``inflation``, which is n/(n - k) (Hinkley 1977). HC2:
    v = e²/(1 - h) (Horn, Horn and Duncan 1975). HC3: v = e²/(1 - h)² (MacKinnon and White 1985).
    """
    if kind == "hc0":
        scaled = residuals
    elif kind == "hc1":
        scaled = residuals * np.sqrt(inflation)
    elif kind == "hc2":
        scaled = residuals / np.sqrt(unexplained(Q))
    elif kind == "hc3":
        scaled = residuals / unexplained(Q)
    else:
        raise DataError(f"covariance {kind!r}: there are {', '.join(COVARIANCES)}")
    return S @ (Q * scaled[:, None]).T
