"""Explanations of where a piecewise linear z⁽ᴸ⁾ bends: the jump of its slope at a border, and the
curvature, which is the sum of all jumps.

At the border of unit u of layer l the gradient of z⁽ᴸ⁾_o changes by v·(σ′(on) − σ′(off))·∇z⁽ˡ⁾_u,
where v = ∂z⁽ᴸ⁾_o/∂a⁽ˡ⁾_u: the slope along the normal jumps by v·(σ′(on) − σ′(off))·‖∇z⁽ˡ⁾_u‖.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import isclose, isfinite

import numpy as np

from engine.arrays import Array, Ints
from engine.explain.explanation import Definition, Explanation
from engine.explain.expression import Expression, Function, Power, Product, Sum, Symbol, number
from engine.explain.models.linear_pieces import MapOperands
from engine.explain.models.scalars import explain_in_words
from engine.explain.models.weight_pairs import UnitDerivatives
from engine.explain.quantity import weight
from engine.network.affine import affine_at, piecewise_slopes
from engine.network.network import Network
from engine.notation import Name
from engine.wording import plural

AGREE = 1e-6  # relative: the formula and the measured jump are the same


@dataclass(frozen=True, eq=False)
class Border:
    """A place on a border: the input x (d,), the unit (layer from 1, unit from 0) that switches
    there, the output (from 0), and the ``jump`` of its slope that was found.

    ``directions`` (k, d): one step along each axis in the network's inputs; None: the inputs are
    the axes. ``scale``: of the output, in units of z⁽ᴸ⁾.
    """

    x: Array
    layer: int
    unit: int
    output: int
    jump: float
    directions: Array | None = None
    scale: float = 1.0

    @property
    def name(self) -> Name:
        """jump⁽ˡ⁾_u."""
        return Name("jump", self.layer, (self.unit + 1,))


def explain_jump(network: Network, border: Border) -> Explanation:
    """The jump of the slope of z⁽ᴸ⁾ at a border, along its normal: v·(σ′(on) − σ′(off))·‖w‖.

    In words if that is not the jump which was found: several units switch at that place.
    """
    bend = "convex: the slope rises across it" if border.jump > 0.0 else "concave: it falls"
    v, gradient = _passed_on(network, border), _gradient(network, border)
    low, high = piecewise_slopes(network)[border.layer - 1]
    w = Symbol(Name("‖w‖"), Function("sqrt", gradient.expression).value)
    factors: list[Expression] = [v.symbol, w]
    names: list[Name | str] = [v.symbol.name or "", "·", Name("‖w‖")]
    if (low, high) != (0.0, 1.0):
        factors.insert(1, number(high - low))
    if border.scale != 1.0:
        factors.append(Symbol(Name("s"), border.scale))
        names += ["·", Name("s")]
    product = Product(tuple(factors))
    if not isclose(product.value, border.jump, rel_tol=AGREE):
        about = "Several units switch at this border, and the slope along its normal jumps by what "
        return explain_in_words(border.name, border.jump, f"{about}they add together: {bend}.")
    symbol = Symbol(border.name, product.value)
    is_given = v.symbol == v.expression
    S = Symbol(Name("S"), gradient.expression.value)
    definitions = [] if is_given else [v]
    definitions += [Definition(S, gradient.expression), Definition(w, Function("sqrt", S))]
    return Explanation(
        symbol=symbol,
        equation=(border.name, "=", *names),
        definitions=(*definitions, Definition(symbol, product)),
        meaning=(
            *("On one side of the border ", Name("a", border.layer, (border.unit + 1,))),
            f" is on, on the other it is off. w is the gradient of its z, along which the slope of "
            f"the output changes by this much{_of_leak(low, high)}; {bend}."
            f"{_of_scale(border)}",
        ),
        code=f"v * {f'{high - low:g} * ' if len(factors) > 2 + (border.scale != 1.0) else ''}"
        f"np.linalg.norm(w){' * s' if border.scale != 1.0 else ''}",
    )


def _of_leak(low: float, high: float) -> str:
    return "" if (low, high) == (0.0, 1.0) else f" (its slopes are {low:g} and {high:g})"


def _of_scale(border: Border) -> str:
    text = " w is along the axes, in their units." if border.directions is not None else ""
    return f"{text} s is the standard deviation of y." if border.scale != 1.0 else text


def _passed_on(network: Network, border: Border) -> Definition:
    """v = ∂z⁽ᴸ⁾_o/∂a⁽ˡ⁾_u: the weight itself in front of the output, else a sum over the units of
    the next layer and skip connections."""
    last, l, u, o = len(network.weights), border.layer, border.unit, border.output
    terms: list[Expression] = []
    derivatives = UnitDerivatives(network, border.x, last, o)
    if l + 1 == last:
        terms.append(weight(network, last, o, u))
    else:
        for k in range(network.sizes[l + 1]):
            of_z = derivatives.definition(l + 1, k).symbol
            terms.append(Product((of_z, weight(network, l + 1, k, u))))
    for t in network.skips_from(l):
        if t == last:
            terms += [number(1.0)] if u == o else []
        elif t < last:
            terms.append(derivatives.definition(t, u).symbol)
    if len(terms) == 1 and isinstance(terms[0], Symbol) and terms[0].name:
        return Definition(terms[0], terms[0])
    total = Sum(tuple(terms))
    name = Name(f"∂{Name('z', last, (o + 1,)).written()}/∂a", l, (u + 1,))
    return Definition(Symbol(name, total.value), total)


def _gradient(network: Network, border: Border) -> Definition:
    """S = Σ w_k², with w the gradient of the unit's z along the axes."""
    l, u = border.layer, border.unit
    slopes = affine_at(_up_to(network, l), border.x).W[u]
    if border.directions is None:
        base = ("w", 1) if l == 1 else ("A", l)
        names = [Name(*base, (u + 1, k + 1)) for k in range(len(slopes))]
    else:
        slopes = border.directions @ slopes
        names = [Name("w", indices=(k + 1,)) for k in range(len(slopes))]
    squares = (Power(Symbol(name, s), 2) for name, s in zip(names, slopes.tolist(), strict=True))
    total = Sum(tuple(squares))
    return Definition(Symbol(Name("S"), total.value), total)


def _up_to(network: Network, layer: int) -> Network:
    """The network of the layers 1 … l, up to z⁽ˡ⁾."""
    return Network.from_arrays(
        network.weights[:layer],
        network.biases[:layer] if network.bias else None,
        network.activations[: layer - 1],
        skips=[(s, t) for s, t in network.skips if t <= layer],
    )


@dataclass(frozen=True, eq=False)
class BorderOperands:
    """Finds how to explain a number in the explanation of a jump, by its name."""

    network: Network
    border: Border

    def __call__(self, name: Name) -> Callable[[], Explanation] | None:
        """Explains a derivative of the output, or an entry of A; None for others."""
        last, output = len(self.network.weights), self.border.output
        derivatives = UnitDerivatives(self.network, self.border.x, last, output)
        if name.layer and name.indices and name.base.startswith("∂"):
            at = name.layer, name.indices[0] - 1
            if derivatives.name(*at) == name:
                return partial(derivatives.explain, *at)
        return MapOperands(self.network, self.border.x)(name) if name.base == "A" else None


@dataclass(frozen=True, eq=False)
class Curvature:
    """The borders of a map: the jumps of one output (m,), the lengths of the borders (m,), and the
    unit that makes each (m, 2), layer from 1 and unit from 0. Without lengths, a curve's knots."""

    jumps: Array
    units: Ints
    lengths: Array | None = None

    def explain(self) -> Explanation:
        """Σ|jump|·length, as the sum of what each unit's borders come to."""
        made = [tuple(unit) for unit in self.units.tolist()]
        parts = [
            Symbol(self._name(layer, unit), self._part(layer, unit).value)
            for layer, unit in sorted(set(made))
        ]
        total = Sum(tuple(parts)) if parts else number(0.0)
        symbol = Symbol(Name("curvature"), total.value)
        border = "knot" if self.lengths is None else "border"
        most = max(
            parts, key=lambda part: part.value if isfinite(part.value) else 0.0, default=None
        )
        prose: list[Name | str] = [
            f"The sum over {plural(len(made), border)} of |jump|"
            f"{'' if self.lengths is None else ' times length'}, by the unit that makes them; 0 "
            "where nothing bends."
        ]
        if most is not None and most.name and most.value > 0.0:
            layer, (unit, *_) = most.name.layer, most.name.indices
            prose += [" Most comes from ", Name("a", layer, (unit,)), "."]
        of_length = () if self.lengths is None else ("·", Name("length"))
        return Explanation(
            symbol=symbol,
            equation=(Name("curvature"), "=", Name("Σ"), Name("|jump|"), *of_length),
            definitions=(Definition(symbol, total),),
            meaning=tuple(prose),
            code="knots.curvature" if self.lengths is None else "regions.curvature",
        )

    def follow(self, name: Name) -> Callable[[], Explanation] | None:
        """Explains what the borders of a unit come to."""
        if name.base != "curvature" or not name.layer:
            return None
        return partial(self._explain_part, name.layer, name.indices[0] - 1)

    def _explain_part(self, layer: int, unit: int) -> Explanation:
        name, part = self._name(layer, unit), self._part(layer, unit)
        symbol = Symbol(name, part.value)
        prose = ("What the borders of ", Name("a", layer, (unit + 1,)), " come to.")
        return Explanation(symbol, (name,), (Definition(symbol, part),), prose, "")

    def _name(self, layer: int, unit: int) -> Name:
        return Name("curvature", layer, (unit + 1,))

    def _part(self, layer: int, unit: int) -> Sum:
        at = np.flatnonzero((self.units == [layer, unit]).all(axis=1))
        sizes: list[Expression] = [
            Function("abs", number(jump)) for jump in self.jumps[at].tolist()
        ]
        if self.lengths is None:
            return Sum(tuple(sizes))
        each = zip(sizes, self.lengths[at].tolist(), strict=True)
        return Sum(tuple(Product((size, number(length))) for size, length in each))
