"""Explanation of δ at a softmax output where each a depends on every z."""

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
)
from engine.explain.quantity import Values
from engine.explain.step.activations import of_layer_code
from engine.explain.step.losses import Gradient
from engine.network.network import Network
from engine.notation import Name


def explain_softmax_delta(
    network: Network, gradient: Gradient, values: Values, unit: int
) -> Explanation:
    """J_σ(z)ᵀ ∇_a C_x with J = diag(a) − a aᵀ."""
    layer, outputs = len(network.weights), range(network.sizes[-1])
    a = values.a[-1]
    shares = [values.symbol("a", layer, k) for k in outputs]
    targets = [values.symbol("y", layer, k) for k in outputs]
    gradients = [
        _defined(values, "∂C_x/∂a", (k,), gradient.expression(shares[k], targets[k]))
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
        Product((slope.symbol, by_share.symbol))
        for slope, by_share in zip(slopes, gradients, strict=True)
    )
    symbol = values.symbol("δ", layer, unit)
    J = Matrix(Name("J", layer, mark="ᵀ"), np.diag(a) - np.outer(a, a), unit)
    cost, z = values.cost_symbol().name, values.symbol("z", layer, unit).name
    assert cost is not None and z is not None
    column = np.array([[by_share.symbol.value] for by_share in gradients])
    return Explanation(
        symbol=symbol,
        equation=(
            *(values.column("δ", layer, unit), "=", J),
            Matrix(Name("∂C_x/∂a", layer), column),
        ),
        definitions=(*slopes, *gradients, Definition(symbol, Sum(terms))),
        meaning=(
            *("How fast ", cost, " would rise if ", z, " rose: softmax gives output "),
            f"{unit + 1} a larger share then, and takes it from all others.",
        ),
        code=f"g = {of_layer_code(gradient.code, layer)}; delta[{layer - 1}] = "
        f"a[{layer}] * (g - (a[{layer}] * g).sum(axis=1, keepdims=True))",
    )


def _defined(values: Values, base: str, units: tuple[int, ...], e: Expression) -> Definition:
    indices = tuple(unit + 1 for unit in units)
    name = Name(base, len(values.z), indices, example=values.number)
    return Definition(Symbol(name, e.value), e)
