"""Two weights on one path: a table of z⁽ᴸ⁾ when both move, and the factors of their product.

On one linear piece z⁽ᴸ⁾ is c + αw₁ + βw₂ + γw₁w₂ in weights w₁, w₂ of two layers. So the mixed
second difference of the table is γ = ∂²z⁽ᴸ⁾/∂w₁∂w₂ for any steps. γ is the sum, over all paths
through both weights, of the product of everything else on the path.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.errors import EngineError
from engine.network.affine import piecewise_slopes
from engine.network.network import Network
from engine.network.parameter_linearity import (
    MixedDerivative,
    PairFactors,
    largest_mixed_derivative,
    pair_factors,
)

FIRST_STEP, LAST_STEP = 0.5, 2.0**-12
MAX_PATHS = 64


class PathFactor(NamedTuple):
    """One factor of a path.

    ``kind`` is "input" (a⁽ˡ⁾ of a unit, of x for l = 0), "slope" (σ′(z) of a unit) or "weight". The
    layer counts from 1 (from 0 for an input), the indices from 0: of the unit, or (to, from).
    """

    kind: str
    layer: int
    indices: tuple[int, ...]
    value: float


Path = tuple[PathFactor, ...]
"""The factors of a path from the input of the first weight to z⁽ᴸ⁾, without the two weights."""


@dataclass(frozen=True, eq=False)
class WeightPairTable:
    """z⁽ᴸ⁾_i when two weights move, and why it bends.

    Attributes:
        pair: the two weights, the output i, and ∂²z⁽ᴸ⁾_i/∂w₁∂w₂ by the chain rule (``value``).
        factors: those of ``value``: ∂z⁽ᴸ⁾_i/∂z of the second weight's unit, the derivative of what
            enters the second weight by z of the first weight's unit, and the first one's input.
        weights: w₁ and w₂.
        steps: s and t.
        table: z⁽ᴸ⁾_i (3, 3) at w₁ − s, w₁, w₁ + s (rows) and w₂ − t, w₂, w₂ + t (columns).
        one_piece: whether every hidden unit keeps its sign on the whole table; if not, the table
            also bends at kinks, and ``mixed_difference`` is not exact.
        paths: the factors of ``value`` along each open path, without w₁ and w₂; ``value`` is the
            sum of their products. None if there are more than 64.

    Example:
        >>> import engine
        >>> network = engine.Network.from_arrays([[[2.0]], [[5.0]]])  # z = w₂ relu(w₁ x)
        >>> result = engine.weight_pair(network, [3.0])
        >>> result.table.tolist()
        [[20.25, 22.5, 24.75], [27.0, 30.0, 33.0], [33.75, 37.5, 41.25]]
        >>> result.mixed_difference, [(f.kind, f.value) for f in result.paths[0]]
        (3.0, [('input', 3.0), ('slope', 1.0)])
        >>> result.shared  # of z = 30, what the weights make together
        30.0
    """

    pair: MixedDerivative
    factors: PairFactors
    weights: tuple[float, float]
    steps: tuple[float, float]
    table: Array
    one_piece: bool
    paths: tuple[Path, ...] | None

    @property
    def mixed_difference(self) -> float:
        """(z₊₊ − z₊₋ − z₋₊ + z₋₋)/(4st), which is ∂²z/∂w₁∂w₂ on one piece, for any steps."""
        T, (s, t) = self.table, self.steps
        return float(((T[2, 2] - T[2, 0]) - (T[0, 2] - T[0, 0])) / (4.0 * s * t))

    @property
    def shared(self) -> float:
        """w₁w₂ · ∂²z/∂w₁∂w₂: what the paths through both weights contribute to z⁽ᴸ⁾_i."""
        return self.weights[0] * self.weights[1] * self.pair.value


def weight_pair(
    network: Network,
    x: ArrayLike,
    pair: MixedDerivative | None = None,
    steps: tuple[float, float] | None = None,
) -> WeightPairTable | None:
    """The table of z⁽ᴸ⁾ for two weights, and the factors of its mixed derivative.

    Arguments:
        network: with piecewise linear hidden layers.
        x: one input (d,).
        pair: the two weights, of layers a < b; None: those with the largest mixed derivative at x.
        steps: s and t, above 0. None: both 2⁻¹, halved, down to 2⁻¹² if need be, until no hidden
            unit changes its sign on the table; of 2⁻¹ if that does not help.

    Returns:
        The table; None if no pair is given and there is none, as with one layer.

    Raises:
        NotPiecewiseLinearError: a hidden activation is curved.
        ShapeError: x or the pair does not fit the network.
        EngineError: a parameter or a step is invalid.

    Example:
        >>> import engine
        >>> network = engine.Network([2, 3, 2, 1], seed=1)
        >>> result = engine.weight_pair(network, [1.0, -0.5])
        >>> result.one_piece, abs(result.mixed_difference / result.pair.value - 1.0) < 1e-9
        (True, True)
    """
    point = network.checked_inputs(np.asarray(x, dtype=np.float64)[None])
    if pair is None:
        pair = largest_mixed_derivative(network, point[0])
        if pair is None:
            return None
    (a, b), (i, j, m, q, p) = pair.layers, pair.indices
    factors = pair_factors(network, point[0], pair.layers, pair.indices)
    if steps is None:
        halvings = int(np.log2(FIRST_STEP / LAST_STEP)) + 1
        sizes = [FIRST_STEP / 2.0**k for k in range(halvings)]
        size = next((h for h in sizes if _is_one_piece(network, point, pair, (h, h))), FIRST_STEP)
        steps = size, size
    if not all(0.0 < step < np.inf for step in steps):
        raise EngineError(f"steps {steps} must be above 0")
    offsets = [(k * steps[0], l * steps[1]) for k in (-1, 0, 1) for l in (-1, 0, 1)]
    values = [_moved(network, point, pair, offset)[-1][0, i] for offset in offsets]
    return WeightPairTable(
        MixedDerivative(pair.layers, pair.indices, factors.value),
        factors,
        (float(network.weights[a - 1][j, m]), float(network.weights[b - 1][q, p])),
        steps,
        np.array(values).reshape(3, 3),
        _is_one_piece(network, point, pair, steps),
        _paths(network, point, pair),
    )


def _moved(
    network: Network, point: Array, pair: MixedDerivative, offset: tuple[float, float]
) -> tuple[Array, ...]:
    """z of every layer at one input (1, d), when the two weights are moved."""
    (a, b), (_, j, m, q, p) = pair.layers, pair.indices
    moved = network.copy()
    moved.weights[a - 1][j, m] += offset[0]
    moved.weights[b - 1][q, p] += offset[1]
    return moved.forward(point).z


def _is_one_piece(
    network: Network, point: Array, pair: MixedDerivative, steps: tuple[float, float]
) -> bool:
    """Whether all hidden units keep their signs on the rectangle of the two weights.

    Its corners decide: as long as the units before it keep their signs, z of a unit is linear in
    each of the two weights, so its extremes are at the corners.
    """
    corners = [(s * steps[0], t * steps[1]) for s in (-1, 1) for t in (-1, 1)]
    zs = [_moved(network, point, pair, corner)[:-1] for corner in corners]
    return all(
        name == "identity"
        or bool(((np.array(z) >= 0.0).all(axis=0) | (np.array(z) <= 0.0).all(axis=0)).all())
        for z, name in zip(zip(*zs, strict=True), network.activations, strict=True)
    )


def _paths(network: Network, point: Array, pair: MixedDerivative) -> tuple[Path, ...] | None:
    """All open paths through both weights; None if there are too many."""
    (a, b), (i, j, m, q, p) = pair.layers, pair.indices
    forward = network.forward(point)
    slopes = [
        np.where(z[0] > 0.0, high, low)
        for z, (low, high) in zip(forward.z, piecewise_slopes(network), strict=False)
    ]
    between = _Segment(network, slopes, (b - 1, p))
    after = _Segment(network, slopes, (len(network.weights), i))
    last = slopes[b - 2][p]
    count = between.counts(a)[j] * after.counts(b)[q] if last else 0.0
    if count > MAX_PATHS:
        return None
    if not count:
        return ()
    first = PathFactor("input", a - 1, (m,), float(forward.a[a - 1][0, m]))
    final = between.slope(b - 1, p)
    return tuple(
        (first, *head, *final, *tail)
        for head in between.paths((a, j))
        for tail in after.paths((b, q))
    )


@dataclass(frozen=True, eq=False)
class _Segment:
    """The open paths to z of one unit, ``end`` = (layer, unit), from z of units in earlier layers.

    A path is open if no slope and no weight on it is 0.
    """

    network: Network
    slopes: list[Array]
    end: tuple[int, int]

    def counts(self, layer: int) -> Array:
        """The numbers of open paths (n_l,) from the units of a layer."""
        return self._counts[layer]

    @cached_property
    def _counts(self) -> dict[int, Array]:
        last, unit = self.end
        counts = {last: np.eye(self.network.sizes[last])[unit]}
        for layer in range(last - 1, 0, -1):
            total = (self.network.weights[layer] != 0.0).T @ counts[layer + 1]
            for t in self.network.skips_from(layer):
                if t <= last:
                    total = total + counts[t]
            counts[layer] = total * (self.slopes[layer - 1] != 0.0)
        return counts

    def slope(self, layer: int, unit: int) -> Path:
        """σ′ of a unit; nothing for an identity, where it is always 1."""
        if self.network.activations[layer - 1] == "identity":
            return ()
        return (PathFactor("slope", layer, (unit,), float(self.slopes[layer - 1][unit])),)

    def paths(self, start: tuple[int, int]) -> Iterator[Path]:
        """The factors of each open path from z of a unit, without the slope of the end."""
        if start == self.end:
            yield ()
            return
        layer, unit = start
        if layer >= self.end[0]:
            return
        slope, W = self.slope(layer, unit), self.network.weights[layer]
        for k in np.flatnonzero((W[:, unit] != 0.0) & (self._counts[layer + 1] > 0.0)).tolist():
            weight = PathFactor("weight", layer + 1, (k, unit), float(W[k, unit]))
            yield from ((*slope, weight, *rest) for rest in self.paths((layer + 1, k)))
        for t in self.network.skips_from(layer):
            if t <= self.end[0] and self._counts[t][unit]:
                yield from ((*slope, *rest) for rest in self.paths((t, unit)))
