"""The distributions of the first weights of a layer."""

from collections.abc import Callable
from math import sqrt

import numpy as np

from engine.arrays import Array


def _he(rng: np.random.Generator, n: int, m: int) -> Array:
    """He et al. 2015, eq. 10: N(0, 2/fan-in), for relu."""
    return rng.normal(0.0, sqrt(2.0 / m), (n, m))


def _glorot(rng: np.random.Generator, n: int, m: int) -> Array:
    """Glorot & Bengio 2010, eq. 16: U(±√(6/(fan-in + fan-out))), for tanh."""
    limit = sqrt(6.0 / (n + m))
    return rng.uniform(-limit, limit, (n, m))


def _uniform(rng: np.random.Generator, n: int, m: int) -> Array:
    """U(−½, ½)."""
    return rng.uniform(-0.5, 0.5, (n, m))


def _zeros(rng: np.random.Generator, n: int, m: int) -> Array:
    return np.zeros((n, m))


INITIALISATIONS: dict[str, Callable[[np.random.Generator, int, int], Array]] = {
    "he": _he,
    "glorot": _glorot,
    "uniform": _uniform,
    "zeros": _zeros,
    "playground": _uniform,
}
FIRST_BIAS = {"playground": 0.1}  # of all units, if not 0
