"""Explanation of ∂²z/∂w∂w, the mixed derivative of z⁽ᴸ⁾ by two weights, as sums over paths.

By weights w⁽ᵃ⁾_jm and w⁽ᵇ⁾_qp with a < b it is

    ∂z⁽ᴸ⁾_i/∂z⁽ᵇ⁾_q · ∂a⁽ᵇ⁻¹⁾_p/∂z⁽ᵃ⁾_j · a⁽ᵃ⁻¹⁾_m

where each derivative is the sum over all paths from one unit to the other, of the product of the
weights and slopes on the path.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.errors import ShapeError
from engine.explain.explanation import Definition, Explanation, Matrix
from engine.explain.expression import (
    ONE,
    Expression,
    Product,
    Quotient,
    Sum,
    Symbol,
    difference,
    number,
)
from engine.explain.models.linear_pieces import MapOperands
from engine.explain.quantity import layer_name, weight
from engine.network.affine import piecewise_slopes
from engine.network.linearity.weight_pair import weight_pair
from engine.network.network import Network
from engine.network.parameter_linearity import MixedDerivative
from engine.notation import Name

MAX_PATHS = 200  # of a derivative; with more it is a sum over the units of the next layer


@dataclass(frozen=True, eq=False)
class UnitDerivatives:
    """The derivatives of z of a unit, or with ``of_a`` of its a, by z of units in earlier layers.

    At x (d,), for a network whose hidden layers are piecewise linear. The unit is ``unit`` (from 0)
    of ``layer`` (from 1).
    """

    network: Network
    x: Array
    layer: int
    unit: int
    of_a: bool = False

    def name(self, layer: int, unit: int) -> Name:
        """The name of the derivative by z of a unit."""
        top = Name("a" if self.of_a else "z", self.layer, (self.unit + 1,))
        return Name(f"∂{top.written()}/∂z", layer, (unit + 1,))

    def explain(self, layer: int, unit: int) -> Explanation:
        """The derivative by z of a unit."""
        definition = self.definition(layer, unit)
        name = definition.symbol.name
        assert name is not None
        prose = "The sum over all paths between the two units of the product of the weights and "
        prose += "slopes on each path."
        if self._by_next_layer(layer, unit):
            prose = f"There are more than {MAX_PATHS} paths between the two units: grouped by "
            prose += "their first layer."
        return Explanation(definition.symbol, (name,), (definition,), (prose,), "")

    def definition(self, layer: int, unit: int) -> Definition:
        """The derivative by z of a unit as a sum over paths."""
        terms = [
            factors[0] if len(factors) == 1 else Product(factors)
            for factors in self._terms(layer, unit)
        ]
        total: Expression = Sum(tuple(terms)) if len(terms) > 1 else terms[0] if terms else ZERO
        return Definition(Symbol(self.name(layer, unit), total.value), total)

    def _terms(self, layer: int, unit: int) -> Iterator[tuple[Expression, ...]]:
        last = tuple(self._slope(self.layer, self.unit)) if self.of_a else ()
        if self._by_next_layer(layer, unit):
            for (l, k), factors in self._steps(layer, unit):
                value = float(self._values[l][k])
                if (l, k) != (self.layer, self.unit):
                    factors = (*factors, Symbol(self.name(l, k), value))
                else:
                    factors = (*factors, *last)
                yield factors or (ONE,)
            return
        for path in self._paths(layer, unit):
            yield (*path, *last) or (ONE,)

    def _by_next_layer(self, layer: int, unit: int) -> bool:
        return bool(self._counts[layer][unit] > MAX_PATHS)

    def _paths(self, layer: int, unit: int) -> Iterator[tuple[Expression, ...]]:
        """The slopes and weights of each path to the end; none of the end's own slope."""
        if (layer, unit) == (self.layer, self.unit):
            yield ()
            return
        for (l, k), factors in self._steps(layer, unit):
            for others in self._paths(l, k):
                yield (*factors, *others)

    def _steps(
        self, layer: int, unit: int
    ) -> Iterator[tuple[tuple[int, int], tuple[Expression, ...]]]:
        """The units from which the end can be reached, one connection on, and what leads there."""
        if layer == self.layer:
            return
        slope = tuple(self._slope(layer, unit))
        for k in range(self.network.sizes[layer + 1]):
            if self._reaches(layer + 1, k):
                yield (layer + 1, k), (*slope, weight(self.network, layer + 1, k, unit))
        for t in self.network.skips_from(layer):
            if t <= self.layer and self._reaches(t, unit):
                yield (t, unit), slope

    def _reaches(self, layer: int, unit: int) -> bool:
        return bool(self._counts[layer][unit])

    def _slope(self, layer: int, unit: int) -> Iterator[Symbol]:
        """σ′(z) of a hidden unit, unless it is always 1."""
        if self.network.activations[layer - 1] != "identity":
            name = Name("z", layer, (unit + 1,), function="σ′")
            yield Symbol(name, float(self._slopes[layer - 1][unit]))

    @cached_property
    def _slopes(self) -> list[Array]:
        """σ′ of the hidden units; z = 0 counts as z < 0."""
        z = self.network.forward(self.x[np.newaxis]).z
        both = enumerate(piecewise_slopes(self.network))
        return [np.where(z[i][0] > 0.0, high, low) for i, (low, high) in both]

    @cached_property
    def _values(self) -> dict[int, Array]:
        """The derivatives (n_l,) by z of every unit of the layers up to the unit's own."""
        end = self._slopes[self.layer - 1][self.unit] if self.of_a else 1.0
        return self._backwards(list(self.network.weights), end, True)

    @cached_property
    def _counts(self) -> dict[int, Array]:
        """The numbers of paths (n_l,) from every unit of the layers up to the unit's own."""
        return self._backwards([np.ones_like(W) for W in self.network.weights], 1.0, False)

    def _backwards(self, weights: list[Array], end: float, slopes: bool) -> dict[int, Array]:
        sums = {self.layer: np.zeros(self.network.sizes[self.layer])}
        sums[self.layer][self.unit] = end
        for l in range(self.layer - 1, 0, -1):
            total = weights[l].T @ sums[l + 1]
            for t in self.network.skips_from(l):
                if t <= self.layer:
                    total = total + sums[t]
            sums[l] = total * self._slopes[l - 1] if slopes else total
        return sums


ZERO = number(0.0)


def explain_mixed_derivative(
    network: Network, x: ArrayLike, pair: MixedDerivative, example: int
) -> Explanation:
    """∂²z⁽ᴸ⁾_i/∂w⁽ᵃ⁾_jm∂w⁽ᵇ⁾_qp at x (d,), which is the example of this number.

    NotPiecewiseLinearError if a hidden layer is curved; ShapeError unless a < b.
    """
    (a, b), (i, j, m, q, p) = pair.layers, pair.indices
    if not a < b:
        raise ShapeError(f"layers {a} and {b}: the first must come before the second")
    x = np.asarray(x, dtype=np.float64)
    definitions = [
        derivatives.definition(*start) for derivatives, start in derivatives_of(network, x, pair)
    ]
    input = float(network.forward(x[np.newaxis]).a[a - 1][0, m])
    product = Product(
        (*(d.symbol for d in definitions), Symbol(layer_name("a", a - 1, (m + 1,)), input))
    )
    z = Name("z", len(network.weights), (i + 1,))
    first, second = weight_names(pair)
    name = Name(f"∂²{z.written()}/∂{first.written()}∂w", b, second.indices)
    symbol = Symbol(name, product.value)
    names = [s.name for s in product.factors if isinstance(s, Symbol) and s.name]
    return Explanation(
        symbol=symbol,
        equation=(name, "=", *names),
        definitions=(*definitions, Definition(symbol, product)),
        meaning=(
            *("How much the slope of ", z, " by ", second, " changes with ", first),
            f", at example {example}: the input of the first weight, times the derivatives along "
            "all paths from there to the second, and from there to the output. The weights "
            "multiply, so ",
            *(z, " is not linear in both; 0 would mean that no open path leads through both."),
        ),
        code=f"engine.mixed_derivatives(network, x, {a}, {b})[{i}, {j}, {m}, {q}, {p}]",
    )


def explain_pair_table(
    network: Network, x: ArrayLike, pair: MixedDerivative, example: int
) -> Explanation:
    """z⁽ᴸ⁾_i with both weights moved, and the mixed difference of that table of ``weight_pair``."""
    found = weight_pair(network, x, pair)
    assert found is not None  # a pair was given
    T, (s, t) = found.table, found.steps
    corners = {
        marks: Symbol(Name(f"z{marks}"), float(T[row, column]))
        for marks, row, column in (("⁺⁺", 2, 2), ("⁺⁻", 2, 0), ("⁻⁺", 0, 2), ("⁻⁻", 0, 0))
    }
    rises = (difference(corners["⁺⁺"], corners["⁺⁻"]), difference(corners["⁻⁺"], corners["⁻⁻"]))
    steps = Product((number(4.0), Symbol(Name("s"), s), Symbol(Name("t"), t)))
    mixed = Quotient(difference(*rises), steps)
    z = Name("z", len(network.weights), (pair.indices[0] + 1,))
    first, second = weight_names(pair)
    symbol = Symbol(Name(f"Δ²{z.written()}/4st"), mixed.value)
    result = "is ∂²z/∂w∂w: the weights multiply."
    if not found.one_piece:
        result = "also measures a kink: a hidden unit changes its sign on the table."
    elif found.pair.value == 0.0:
        result = "is 0: no open path leads through both."
    return Explanation(
        symbol=symbol,
        equation=(z, "=", Matrix(Name("z(w ± s, w ± t)"), T)),
        definitions=(Definition(symbol, mixed),),
        meaning=(
            *(z, " with two weights moved. Rows: ", first, " − s, ", first, ", ", first, " + s. "),
            *("Columns: ", second, " − t, ", second, ", ", second, f" + t. s = {s:g}, t = {t:g}. "),
            "Were z linear in both together, all rows would rise by the same. How much more the "
            f"last row rises than the first, divided by 4st, {result}",
        ),
        code=f"engine.weight_pair(network, x).table  # at example {example}",
    )


def weight_names(pair: MixedDerivative) -> tuple[Name, Name]:
    """w⁽ᵃ⁾_jm and w⁽ᵇ⁾_qp."""
    (a, b), (_, j, m, q, p) = pair.layers, pair.indices
    return Name("w", a, (j + 1, m + 1)), Name("w", b, (q + 1, p + 1))


@dataclass(frozen=True, eq=False)
class PairOperands:
    """Finds how to explain a number in the explanation of a pair at x (d,), by its name."""

    network: Network
    x: Array
    pair: MixedDerivative

    def __call__(self, name: Name) -> Callable[[], Explanation] | None:
        """Explains a derivative, a slope σ′(z), z or a; None for others."""
        if name.layer and name.indices:
            for derivatives, _ in derivatives_of(self.network, self.x, self.pair):
                at = name.layer, name.indices[0] - 1
                if derivatives.name(*at) == name:
                    return partial(derivatives.explain, *at)
        return MapOperands(self.network, self.x)(name)


def derivatives_of(
    network: Network, x: Array, pair: MixedDerivative
) -> Iterator[tuple[UnitDerivatives, tuple[int, int]]]:
    """∂z⁽ᴸ⁾_i/∂z⁽ᵇ⁾_q, unless it is 1, and ∂a⁽ᵇ⁻¹⁾_p/∂z⁽ᵃ⁾_j, each with the unit of its z."""
    (a, b), (i, j, _, q, p) = pair.layers, pair.indices
    last = len(network.weights)
    if (b, q) != (last, i):
        yield UnitDerivatives(network, x, last, i), (b, q)
    yield UnitDerivatives(network, x, b - 1, p, of_a=True), (a, j)
