"""The exact tail of a sum of weighted squares of independent normal variables."""

import numpy as np

from engine.arrays import Array

STEP = 1.0 / 8.0  # the trapezoidal rule's error is below e^(−2π·0.77/STEP)
NEGLIGIBLE = 1e-18  # relative to the integrand at the saddle point
T_MAX = 90.0  # there even the slowest integrand, e^(−t/2), is negligible


def upper_tail(eigenvalues: Array) -> float:
    """P(Σ λᵢzᵢ² > 0), zᵢ independent standard normal, to nearly full relative precision.

    This is the inversion integral (1/2πi)∫ M(s)/s ds of the moment generating function
    M(s) = Π(1 − 2sλᵢ)^(−½), along the vertical line through its saddle point c, where the
    integrand does not oscillate or cancel (Rice 1980). With s = c + ih·sinh t the trapezoidal
    rule converges exponentially.
    """
    largest = eigenvalues.max()
    if largest <= 0.0:
        return 0.0
    if eigenvalues.min() >= 0.0:
        return 1.0
    mu = eigenvalues / largest  # s in units of 1/(2·largest): the strip is 0 < s < 1
    saddle = _saddle(mu)
    at_saddle = 1.0 - saddle * mu
    width = 1.0 / np.sqrt(0.5 * np.sum((mu / at_saddle) ** 2) + 1.0 / saddle**2)
    total = 0.0
    for t in np.arange(0.0, T_MAX, STEP):
        s = saddle + 1j * width * np.sinh(t)
        height = np.exp(-0.5 * np.log((1.0 - s * mu) / at_saddle).sum()) / s * np.cosh(t)
        total += height.real if t > 0.0 else 0.5 * height.real
        if abs(height) * saddle < NEGLIGIBLE:
            break
    tail = float(np.exp(-0.5 * np.log(at_saddle).sum()) * total * width * STEP / np.pi)
    return min(tail, 1.0)


def _saddle(mu: Array) -> float:
    """The minimum of log M(s) − log s on 0 < s < 1, by bisection of its derivative."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        slope = 0.5 * np.sum(mu / (1.0 - middle * mu)) - 1.0 / middle
        low, high = (low, middle) if slope > 0.0 else (middle, high)
    return 0.5 * (low + high)
