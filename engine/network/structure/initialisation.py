"""The first weights and biases of a network, and their distributions."""

from collections.abc import Callable, Mapping, Sequence
from math import sqrt

import numpy as np

from engine.arrays import Array
from engine.errors import ExperimentError
from engine.network.structure.convolutions import padding_of, toeplitz


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


def draw_first(
    weights: Sequence[Array],
    biases: Sequence[Array],
    kernels: Mapping[int, int],
    init: str,
    spread: float,
    rng: np.random.Generator,
) -> None:
    """Draw W of every layer, in order; then the biases, with the standard deviation ``spread``.

    ``kernels``: of layers that are convolutions, counted from 1, how many weights the kernel has.
    """
    if init not in INITIALISATIONS:
        raise ExperimentError(f"unknown init {init!r}; there are: {', '.join(INITIALISATIONS)}")
    for layer, W in enumerate(weights, start=1):
        if m := kernels.get(layer):  # m weights lead into a unit, and m out of one
            kernel = INITIALISATIONS[init](rng, m, m)[0]
            W[...] = toeplitz(kernel, W.shape[1], padding=padding_of(W.shape[1], len(W), m))
        else:
            W[...] = INITIALISATIONS[init](rng, *W.shape)
    for layer, b in enumerate(biases, start=1):
        b[...] = FIRST_BIAS.get(init, 0.0)
        if spread:
            b += rng.normal(0.0, spread, 1 if layer in kernels else b.size)
