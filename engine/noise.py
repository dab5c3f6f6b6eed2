"""Random errors of the observations: normal, and kinds that break an assumption of OLS.

All have mean 0 and, over the n observations, mean variance 1.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from engine.arrays import Array

CORRELATION = 0.8  # of an autocorrelated error with the one before
SMALLEST_SD = 0.1  # of a heteroskedastic error, where the largest is 1.1
T_FREEDOM = 3  # the smallest whole number of degrees of freedom with a finite variance


def growing_sd(x: Array) -> Array:
    """The sd (n,) of errors whose spread grows with x: proportional to 0.1 + u².

    u is 0 at the smallest x and 1 at the largest. The mean of the variances is 1.
    """
    start, width = x.min(), float(np.ptp(x)) or 1.0
    sd = SMALLEST_SD + ((x - start) / width) ** 2
    result: Array = sd / np.sqrt(np.mean(sd**2))
    return result


def _normal(rng: np.random.Generator, x: Array, count: int) -> Array:
    return rng.standard_normal((count, len(x)))


def _heteroskedastic(rng: np.random.Generator, x: Array, count: int) -> Array:
    return growing_sd(x) * rng.standard_normal((count, len(x)))


def _autocorrelated(rng: np.random.Generator, x: Array, count: int) -> Array:
    errors = rng.standard_normal((count, len(x))).T.copy()
    errors[1:] *= np.sqrt(1.0 - CORRELATION**2)
    for t in range(1, len(errors)):
        errors[t] += CORRELATION * errors[t - 1]
    return errors.T


def _student(rng: np.random.Generator, x: Array, count: int) -> Array:
    t = rng.standard_t(T_FREEDOM, (count, len(x)))
    result: Array = t / np.sqrt(T_FREEDOM / (T_FREEDOM - 2.0))
    return result


def _laplace(rng: np.random.Generator, x: Array, count: int) -> Array:
    return rng.laplace(scale=np.sqrt(0.5), size=(count, len(x)))


def _same(x: Array, A: Array) -> Array:
    return A


def _unequal(x: Array, A: Array) -> Array:
    result: Array = growing_sd(x)[:, None] ** 2 * A
    return result


def _by_distance(x: Array, A: Array) -> Array:
    earlier, later = A.copy(), A.copy()  # sums of ρ^|s − t| A_s over s ≤ t, and over s ≥ t
    for t in range(1, len(A)):
        earlier[t] += CORRELATION * earlier[t - 1]
        later[-1 - t] += CORRELATION * later[-t]
    result: Array = earlier + later - A
    return result


class ErrorKind(NamedTuple):
    """A kind of random errors, of observations with the first input x (n,), in order.

    ``draw(rng, x, count)`` draws ``count`` vectors of errors, (count, n).
    ``times_covariance(x, A)`` is ΩA (n, p), where Ω (n, n) is the covariance of such a vector.
    """

    description: str
    draw: Callable[[np.random.Generator, Array, int], Array]
    times_covariance: Callable[[Array, Array], Array]


ERROR_KINDS = {
    "normal": ErrorKind("independent and normal, with equal variances", _normal, _same),
    "heteroskedastic": ErrorKind(
        "normal, with an sd that grows with the first input", _heteroskedastic, _unequal
    ),
    "autocorrelated": ErrorKind(
        f"AR(1): correlation {CORRELATION} between one row and the next",
        _autocorrelated,
        _by_distance,
    ),
    "heavy-tails": ErrorKind(f"Student's t with {T_FREEDOM} degrees of freedom", _student, _same),
    "laplace": ErrorKind("Laplace: the density falls like exp(−√2·|e|)", _laplace, _same),
}
