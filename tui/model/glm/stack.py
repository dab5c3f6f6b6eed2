"""Measures whether z⁽ᴸ⁾ of a stack of layers is linear in its weights."""

from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np

from engine import (
    EngineError,
    Network,
    random_direction,
    second_difference,
)
from engine.arrays import Array
from engine.network.parameter_linearity import (
    STEP,
    MixedDerivative,
    difference_rounding,
    largest_mixed_derivative,
    z_rounding,
)

MAX_ROWS = 200  # examples at which second differences are computed
MAX_WORK = 5_000_000  # multiplications in a frame: with more, fewer examples are used
MAX_PAIRS = 20_000  # of weights of two layers, among which the largest is sought
MOVED_LAYERS = 10  # if there are more, only the first and the last are moved
MOVED_WORK = 3000  # limit, about, for the passes through a layer
PAIRED_LAYERS = 128  # layers up to which the largest pair is sought
ALL_PAIRS = 4  # layers up to which all pairs are moved together, not only neighbours


@dataclass(frozen=True)
class Bend:
    """The largest |second difference| of z along a direction that moves these layers (from 1).

    ``straight``: it is no larger than ``rounding`` errors; None if the second difference overflows.
    """

    layers: tuple[int, ...]
    size: float
    rounding: float

    @property
    def straight(self) -> bool | None:
        return self.size <= self.rounding if np.isfinite(self.size) else None


@dataclass(frozen=True)
class WeightPair:
    """Two weights w⁽ᵃ⁾_jm and w⁽ᵇ⁾_qp, all counted from 1, and ∂²z/∂w⁽ᵃ⁾∂w⁽ᵇ⁾ at an example;
    ``found`` is the same as the engine has it."""

    layers: tuple[int, int]
    first: tuple[int, int]
    second: tuple[int, int]
    value: float
    found: MixedDerivative


@dataclass(frozen=True)
class Stack:
    """``bends`` for single layers and for pairs, at ``rows`` training examples; ``largest`` is the
    pair of weights with the largest mixed derivative of z at the selected example (None: see
    ``note``). If only some of very many layers are moved, ``moved`` says which."""

    bends: tuple[Bend, ...]
    rows: int
    largest: WeightPair | None
    note: str
    moved: str = ""


def measure_stack(network: Network, inputs: Array, x: Array) -> Stack:
    """Measure a network at training inputs (n, d), and at the selected input (d,)."""
    if not np.isfinite(network.parameters).all():
        return Stack((), 0, None, "the weights are not finite")
    count = len(network.weights)
    layers = _moved_layers(count)
    single = [(l,) for l in layers]
    neighbours = [(a, b) for a, b in pairwise(layers) if b == a + 1]
    moved = [*single, *(combinations(layers, 2) if count <= ALL_PAIRS else neighbours)]
    rows = min(MAX_ROWS, len(inputs), MAX_WORK // (3 * network.parameters.size * len(moved)))
    bends: tuple[Bend, ...] = ()
    with np.errstate(all="ignore"):  # a diverging network's numbers may overflow
        if rows:
            at_theta = z_rounding(network, inputs[:rows])
            bends = tuple(_bend(network, inputs[:rows], to, at_theta) for to in moved)
        largest, note = _largest_pair(network, x)
    if not rows:
        return Stack((), 0, largest, "too many weights to measure in a frame")
    which = f"the first and the last of {count} layers" if len(layers) < count else ""
    return Stack(bends, rows, largest, note, which)


def _moved_layers(count: int) -> list[int]:
    """The layers that are moved: all, or the first and the last of many."""
    limit = max(4, min(MOVED_LAYERS, MOVED_WORK // count))
    if count <= limit:
        return [*range(1, count + 1)]
    half = limit // 2
    return [*range(1, half + 1), *range(count - half + 1, count + 1)]


def _bend(network: Network, X: Array, layers: tuple[int, ...], at_theta: float) -> Bend:
    """The bend along a direction in these layers; ``at_theta``: ``z_rounding`` of the network."""
    direction = random_direction(network, layers)
    sizes = np.abs(second_difference(network, X, direction)).max(axis=1)
    row = int(sizes.argmax())
    size, rounding = float(sizes[row]), 4.0 * at_theta / STEP**2
    if size > rounding:  # the bound of that row decides whether it bends there
        rounding = difference_rounding(network, X[row : row + 1], direction, at_theta)
    return Bend(layers, size, rounding)


def _largest_pair(network: Network, x: Array) -> tuple[WeightPair | None, str]:
    """The pair of weights with the largest mixed derivative, or why there is none."""
    count = len(network.weights)
    if count == 1:
        return None, "one layer: no two weights multiply"
    if count > PAIRED_LAYERS:
        return None, "too many pairs of layers to look through"
    try:
        largest = largest_mixed_derivative(network, x, MAX_PAIRS)
    except EngineError as error:
        return None, str(error)
    if largest is None:
        return None, "too many pairs of weights to look through"
    _, j, m, q, p = (index + 1 for index in largest.indices)
    return WeightPair(largest.layers, (j, m), (q, p), largest.value, largest), ""
