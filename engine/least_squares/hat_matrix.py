"""Leverage and robust covariances, from an orthonormal basis of a design's columns."""

import numpy as np

from engine.arrays import Array
from engine.errors import DataError

COVARIANCES = ("classic", "hc0", "hc1", "hc2", "hc3")


def orthonormal(columns: Array, roots: Array, intercept: bool) -> Array:
    """Q (n, k) of the QR of [1, columns] · ``roots``, R's diagonal positive; the hat matrix is QQ'.

    ``columns`` (n, ·) are independent, of each other and of an intercept; ``roots`` (n,) are √w.
    """
    columns = columns / np.abs(columns).max(axis=0)
    if intercept:
        for _ in range(2):  # about the mean, and about the mean of what rounding left of it
            columns = columns - (roots**2 @ columns) / (roots @ roots)
    Q, R = np.linalg.qr(columns * roots[:, None])
    Q *= np.where(R.diagonal() < 0.0, -1.0, 1.0)
    return np.column_stack([roots / np.linalg.norm(roots), Q]) if intercept else Q


def row_lengths(S: Array) -> Array:
    """√ of the diagonal of SS' (k,), where its squares need not fit float64."""
    unit = np.abs(S).max(axis=1, initial=0.0)
    unit[unit == 0.0] = 1.0
    lengths: Array = unit * np.linalg.norm(S / unit[:, None], axis=1)
    return lengths


def unexplained(Q: Array) -> Array:
    """1 - h (n,), h the leverages; NaN where it is 0 but for rounding: the example fits itself."""
    rest = 1.0 - (Q**2).sum(axis=1)
    return np.where(rest > 64.0 * np.finfo(float).eps, rest, np.nan)


def robust_half(S: Array, Q: Array, residuals: Array, kind: str, inflation: float) -> Array:
    """H (k, n) with HH' the covariance (A'A)⁻¹ A' diag(e² · …) A (A'A)⁻¹, A = Q S⁻¹.

    White 1980 (HC0); Hinkley 1977 (HC1: e² · ``inflation``, n/(n - k)); Horn, Horn and Duncan 1975
    (HC2: e²/(1 - h)); MacKinnon and White 1985 (HC3: e²/(1 - h)²).
    """
    if kind == "hc0":
        spread = residuals
    elif kind == "hc1":
        spread = residuals * np.sqrt(inflation)
    elif kind == "hc2":
        spread = residuals / np.sqrt(unexplained(Q))
    elif kind == "hc3":
        spread = residuals / unexplained(Q)
    else:
        raise DataError(f"covariance {kind!r}: there are {', '.join(COVARIANCES)}")
    return S @ (Q * spread[:, None]).T
