"""Explanation of δ at a softmax output with quadratic cost, where each a depends on every z."""

import numpy as np

from engine.explain.explanation import Definition, Explanation, Matrix
from engine.explain.expression import (
    ONE,
    Expression,
    Minus,
    Product,
    Sum,
    Symbol,
    difference,
    number,
)
from engine.explain.quantity import Values
from engine.network.network import Network
from engine.notation import Name


def explain_softmax_delta(network: Network, values: Values, unit: int) -> Explanation:
    """J_σ(z)ᵀ ∇_a C_x with J = diag(a) − a aᵀ."""
    layer, outputs = len(network.weights), range(network.sizes[-1])
    a, y = values.a[-1], values.y
    shares = [values.symbol("a", layer, k) for k in outputs]
    targets = [values.symbol("y", layer, k) for k in outputs]
    gradients = [
        _defined(
            values,
            "∂C_x/∂a",
            (k,),
            Product((number(2.0), difference(shares[k], targets[k]))),
        )
        for k in outputs
    ]
    # a larger z_j makes a_j larger and all other a smaller
    slopes = [
        _defined(
            values,
            "∂a/∂z",
            (k, unit),
            Product((shares[k], difference(ONE, shares[k])))
            if k == unit
            else Minus(Product((shares[k], shares[unit]))),
        )
        for k in outputs
    ]
    terms = tuple(
        Product((slope.symbol, gradient.symbol))
        for slope, gradient in zip(slopes, gradients, strict=True)
    )
    symbol = values.symbol("δ", layer, unit)
    J = Matrix(Name("J", layer, mark="ᵀ"), np.diag(a) - np.outer(a, a), unit)
    cost, z = values.cost_symbol().name, values.symbol("z", layer, unit).name
    assert cost is not None and z is not None
    g = f"2 * (a[{layer}] - Y)"
    return Explanation(
        symbol=symbol,
        equation=(
            *(values.column("δ", layer, unit), "=", J),
            Matrix(Name("∂C_x/∂a", layer), 2.0 * (a - y)[:, None]),
        ),
        definitions=(*slopes, *gradients, Definition(symbol, Sum(terms))),
        meaning=(
            *("How fast ", cost, " would rise if ", z, " rose: softmax gives output "),
            f"{unit + 1} a larger share then, and takes it from all others.",
        ),
        code=f"g = {g}; delta[{layer - 1}] = "
        f"a[{layer}] * (g - (a[{layer}] * g).sum(axis=1, keepdims=True))",
    )


def _defined(values: Values, base: str, units: tuple[int, ...], e: Expression) -> Definition:
    indices = tuple(unit + 1 for unit in units)
    name = Name(base, len(values.z), indices, example=values.number)
    return Definition(Symbol(name, e.value), e)
