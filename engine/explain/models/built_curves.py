"""Explanations of curves that are built from units, of what a unit adds, and of their errors."""

from collections.abc import Sequence

import numpy as np

from engine.arrays import Array
from engine.errors import ShapeError
from engine.explain.explanation import Definition, Explanation, Matrix
from engine.explain.expression import (
    Expression,
    Function,
    Minus,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
    difference,
    number,
)
from engine.explain.step.activations import FORMULAS
from engine.network.network import Network
from engine.notation import Name


def explain_built_output(network: Network, x: float) -> Explanation:
    """ŷ = Σ_j v_j·σ(w_j·x + b_j) + b⁽²⁾ of a network with one input, one hidden layer, one output.

    ShapeError if it has other layers.
    """
    _check(network)
    sigma = network.activations[0]
    terms: list[Expression] = []
    for unit in range(network.sizes[1]):
        w, b, v = _parameters(network, unit)
        terms.append(Product((v, Function(sigma, Sum((Product((w, _x(x))), b))))))
    base = Symbol(Name("b", 2, (1,)), float(network.biases[1][0]))
    symbol = Symbol(Name("ŷ"), float(network.predict([[x]])[0, 0]))
    a = network.forward([[x]]).a[1]
    return Explanation(
        symbol=symbol,
        equation=(
            Matrix(Name("ŷ"), np.array([[symbol.value]])),
            "=",
            Matrix(Name("W", 2), network.weights[1]),
            Matrix(Name("a", 1), a.T),
            "+",
            Matrix(Name("b", 2), network.biases[1][:, np.newaxis]),
        ),
        definitions=(Definition(symbol, Sum((*terms, base))),),
        meaning=(
            f"Each hidden unit adds its weight times {sigma} of its own line to ",
            Name("b", 2),
            ".",
        ),
        code=f"y_hat = {_activation_code(network)} @ W[1].T + b[1]",
    )


def explain_built_unit(network: Network, x: float, unit: int) -> Explanation:
    """What a unit adds to ŷ: v_j·σ(w_j·x + b_j). ShapeError as for the output, or without it."""
    _check(network, unit)
    w, b, v = _parameters(network, unit)
    z = Symbol(Name("z", 1, (unit + 1,)), w.value * x + b.value)
    a = Symbol(Name("a", 1, (unit + 1,)), float(network.forward([[x]]).a[1][0, unit]))
    added = Product((v, a))
    formula = FORMULAS[network.activations[0]]
    assert v.name is not None and a.name is not None
    symbol = Symbol(Name(f"{v.name.written()}·{a.name.written()}"), added.value)
    return Explanation(
        symbol=symbol,
        equation=(v.name, "·", a.name, "=", v.name, "·", Name("σ(w·x + b)")),
        definitions=(
            Definition(z, Sum((Product((w, _x(x))), b))),
            Definition(a, formula.value(z), formula.case(z)),
            Definition(symbol, added),
        ),
        meaning=("What this unit adds to ŷ at the cursor.",),
        code=f"({_activation_code(network)} * W[1])[:, {unit}]",
    )


def explain_place(network: Network, unit: int) -> Explanation:
    """s = −b/w, where z of a unit is 0. ShapeError as for the output, or if w = 0."""
    _check(network, unit)
    w, b, _ = _parameters(network, unit)
    if w.value == 0.0:
        raise ShapeError(f"w of unit {unit + 1} is 0: its z is the same everywhere")
    place = Quotient(Minus(b), w)
    symbol = Symbol(Name("s", indices=(unit + 1,)), place.value + 0.0)
    what = "steps, at half its height" if network.activations[0] == "sigmoid" else "bends"
    assert w.name is not None and b.name is not None
    return Explanation(
        symbol=symbol,
        equation=(Name("s"), "=", Name("−b/w")),
        definitions=(Definition(symbol, place),),
        meaning=(f"Where z of this unit is 0: there it {what}.",),
        code=f"-b[0][{unit}] / W[0][{unit}, 0]",
    )


def explain_polynomial_output(
    coefficients: Sequence[float] | Array, x: float, interval: tuple[float, float]
) -> Explanation:
    """ŷ = Σ_k β_k·t^k, t the place of x in an interval from −1 to 1."""
    low, high = interval
    scaled = difference(
        Quotient(
            Product((number(2.0), difference(_x(x), number(low)))),
            difference(number(high), number(low)),
        ),
        number(1.0),
    )
    t = Symbol(Name("t"), scaled.value)
    betas = [Symbol(Name("β", indices=(k,)), float(c)) for k, c in enumerate(coefficients)]
    total = Sum(tuple(Product((c, Power(t, k))) if k else c for k, c in enumerate(betas)))
    symbol = Symbol(Name("ŷ"), total.value)
    return Explanation(
        symbol=symbol,
        equation=(Name("ŷ"), "=", Name("Σ_k"), Name("β_k"), "·", Name("t^k")),
        definitions=(Definition(t, scaled), Definition(symbol, total)),
        meaning=(
            "Least squares on powers of t, which is x moved and scaled to −1 … 1 so that no power "
            "is large.",
        ),
        code="np.polynomial.polynomial.polyval(t, beta)",
    )


def explain_distance_at(x: float, value: float, target: float, meaning: str) -> Explanation:
    """|ŷ − f| at a point x."""
    y_hat, f = Symbol(Name("ŷ"), value), Symbol(Name("f"), target)
    distance = Function("abs", difference(y_hat, f))
    symbol = Symbol(Name("|ŷ − f|"), distance.value)
    return Explanation(
        symbol=symbol,
        equation=(Name("|ŷ − f|"), "=", Name("|ŷ"), "−", Name("f|")),
        definitions=(Definition(symbol, distance),),
        meaning=(meaning,),
        code="np.abs(y_hat - f).max()",
    )


def _check(network: Network, unit: int = 0) -> None:
    sizes = network.sizes
    if len(sizes) != 3 or sizes[0] != 1 or sizes[2] != 1 or network.output != "identity":
        raise ShapeError("this needs one input, one hidden layer and one output, the sum of units")
    if not 0 <= unit < sizes[1]:
        raise ShapeError(f"unit {unit}; they are numbered 0 to {sizes[1] - 1}")


def _x(x: float) -> Symbol:
    return Symbol(Name("x"), float(x))


def _parameters(network: Network, unit: int) -> tuple[Symbol, Symbol, Symbol]:
    """w and b of a hidden unit, and its weight v into the output."""
    j = unit + 1
    return (
        Symbol(Name("w", 1, (j, 1)), float(network.weights[0][unit, 0])),
        Symbol(Name("b", 1, (j,)), float(network.biases[0][unit])),
        Symbol(Name("w", 2, (1, j)), float(network.weights[1][0, unit])),
    )


def _activation_code(network: Network) -> str:
    return FORMULAS[network.activations[0]].value_code.format(z="(X @ W[0].T + b[0])")
