"""What is measured of a network and of a model as a whole, explained.

Where a number has no single equation, ``stated`` says in words how it is found.
"""

from collections.abc import Sequence
from math import inf

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.explain.explanation import Definition, Explanation, Matrix
from engine.explain.expression import (
    Expression,
    Function,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
    less,
    number,
)
from engine.network.network import Network
from engine.network.parameter_linearity import STEP, random_direction, second_difference
from engine.notation import Name


def stated(name: Name, value: float, meaning: str, code: str = "") -> Explanation:
    """A number with no single equation: ``meaning`` says how it is found."""
    symbol = Symbol(name, value)
    return Explanation(symbol, (name,), (Definition(symbol, number(value)),), (meaning,), code)


def explain_gradient_length(gradient: ArrayLike, layer: int, unit: int) -> Explanation:
    """‖∂C/∂w‖ of a unit (from 0), given its layer's ∂C/∂W (n_l, n_{l−1})."""
    G = np.asarray(gradient, dtype=np.float64)
    squares = tuple(
        Power(Symbol(Name("∂C/∂w", layer, (unit + 1, k)), g), 2)
        for k, g in enumerate(G[unit].tolist(), start=1)
    )
    name = Name("∂C/∂w", layer, (unit + 1,), function="norm")
    symbol, definitions = _root_of(squares, name)
    return Explanation(
        symbol=symbol,
        equation=(name, "=", Name("norm"), "(", Matrix(Name("∂C/∂W", layer), G, unit), ")"),
        definitions=definitions,
        meaning=("How steep the mean cost is along the weights into the unit, all together.",),
        code=f"np.linalg.norm(dC_dW[{layer - 1}], axis=1)",
    )


def _root_of(squares: tuple[Power, ...], name: Name) -> tuple[Symbol, tuple[Definition, ...]]:
    """√Σ of squares, by way of their sum S where that is within the range of numbers."""
    total = Sum(squares)
    whole = Function("sqrt", total)
    symbol = Symbol(name, whole.value)
    if total.value in (0.0, inf) and 0.0 < whole.value < inf:
        return symbol, (Definition(symbol, whole),)
    S = Symbol(Name("S"), total.value)
    return symbol, (Definition(S, total), Definition(symbol, Function("sqrt", S)))


def explain_layer_distance(moved: ArrayLike, layer: int, bias: bool) -> Explanation:
    """‖Δ[W b]‖ of a layer whose weights and biases differ by ``moved`` (n_l, n_{l−1}), with
    ``bias`` (n_l, n_{l−1} + 1): the last column is that of the biases."""
    D = np.asarray(moved, dtype=np.float64)
    last = D.shape[1] - 1 if bias else None
    squares = tuple(
        Power(
            Symbol(
                Name("Δb", layer, (j + 1,)) if k == last else Name("Δw", layer, (j + 1, k + 1)), d
            ),
            2,
        )
        for (j, k), d in np.ndenumerate(D)
    )
    name = Name("Δ[W b]" if bias else "ΔW", layer, function="norm")
    symbol, definitions = _root_of(squares, name)
    whole = Matrix(Name("Δ[W b]" if bias else "ΔW", layer), D)
    return Explanation(
        symbol=symbol,
        equation=(name, "=", Name("norm"), "(", whole, ")"),
        definitions=definitions,
        meaning=(
            f"How far the weights{' and biases' * bias} of the layer are apart, all together.",
        ),
        code=f"np.linalg.norm(second.matrices[{layer - 1}] - first.matrices[{layer - 1}])",
    )


def explain_network_distance(lengths: Sequence[float]) -> Explanation:
    """‖Δ‖ of two networks of the same sizes, from those of their layers."""
    layers = enumerate(lengths, start=1)
    names = [Symbol(Name("Δ[W b]", i, function="norm"), d) for i, d in layers]
    length = Function("sqrt", Sum(tuple(Power(each, 2) for each in names)))
    symbol = Symbol(Name("‖Δ‖"), length.value)
    return Explanation(
        symbol=symbol,
        equation=(Name("‖Δ‖²"), "=", Name("Σ"), Name("‖Δ[W b]‖²")),
        definitions=(Definition(symbol, length),),
        meaning=("How far all weights and biases of the two networks are apart.",),
        code="np.linalg.norm(second.parameters - first.parameters)",
    )


def explain_deviance(cost: float, n: int, saturated: float | None) -> Explanation:
    """The deviance that a mean cost over n examples comes to: 2n(C − C of the saturated model);
    with ``saturated`` None, for the quadratic cost, which has no ½: n·C."""
    C, count = Symbol(Name("C"), cost), Symbol(Name("n"), n)
    if saturated is None:
        expression: Expression = Product((count, C))
        equation: tuple[Name | str, ...] = (Name("n"), Name("C"))
        code = "n * C"
    else:
        best = Symbol(Name("C_saturated"), saturated)
        expression = Product((number(2.0), count, less(C, best)))
        equation = (Name("2"), Name("n"), "(", Name("C"), "−", Name("C_saturated"), ")")
        code = "2 * n * (C - C_saturated)"
    symbol = Symbol(Name("D"), expression.value)
    meaning = (
        "Twice the log-likelihood by which the network falls short of the saturated model, which "
        "predicts every target exactly; for normal errors the sum of squares.",
    )
    definition = Definition(symbol, expression)
    return Explanation(symbol, (Name("D"), "=", *equation), (definition,), meaning, f"D = {code}")


def explain_difference(name: Name, first: Symbol, second: Symbol, meaning: str) -> Explanation:
    """first − second."""
    difference = less(first, second)
    symbol = Symbol(name, difference.value)
    equation = (name, "=", first.name or "", "−", second.name or "")
    return Explanation(symbol, equation, (Definition(symbol, difference),), (meaning,), "")


def explain_mean(beta: ArrayLike, x: ArrayLike, output: str) -> Explanation:
    """The mean μ = g⁻¹(η) of a generalised linear model at x (d,), η = β₁ + Σ β_j x_j with the
    intercept first in ``beta`` (1 + d,); ``output`` is g⁻¹ by the name of its activation."""
    b, row = np.asarray(beta, dtype=np.float64), np.append(1.0, np.asarray(x, dtype=np.float64))
    terms: list[Expression] = [Symbol(Name("β", indices=(1,)), float(b[0]))]
    for j in range(1, len(b)):
        factors = (
            Symbol(Name("β", indices=(j + 1,)), float(b[j])),
            Symbol(Name("x", indices=(j,)), float(row[j])),
        )
        terms.append(Product(factors))
    linear = Sum(tuple(terms))
    eta = Symbol(Name("η"), linear.value)
    mean: Expression = eta if output == "identity" else Function(output, eta)
    mu = Symbol(Name("μ"), mean.value)
    inverse = () if output == "identity" else (Name(output),)
    return Explanation(
        symbol=mu,
        equation=(
            *(Name("μ"), "=", *inverse, "("),
            *(Matrix(Name("x"), row[None, :], 0), Matrix(Name("β"), b[:, None], None, 0), ")"),
        ),
        definitions=(Definition(eta, linear), Definition(mu, mean)),
        meaning=("The mean that the model gives there: one affine map, then the inverse link.",),
        code="mu = inverse_link(X @ beta)",
    )


@np.errstate(all="ignore")  # where numbers overflow, that is what there is to show
def explain_bend(network: Network, X: ArrayLike, layers: Sequence[int]) -> Explanation:
    """The largest |second difference| of η = z⁽ᴸ⁾ over examples X (n, d), along the direction of
    ``random_direction`` that moves these layers: that of one example and one output."""
    direction = random_direction(network, layers)
    sizes = np.abs(second_difference(network, X, direction))
    row, output = (int(i) for i in np.unravel_index(int(sizes.argmax()), sizes.shape))
    at = row, output
    there = {
        mark: Symbol(Name(f"η{mark}"), _eta(network, t * direction, X, at))
        for mark, t in (("⁺", STEP), ("", 0.0), ("⁻", -STEP))
    }
    rise = Sum((less(there["⁺"], there[""]), less(there["⁻"], there[""])))
    bend = Function("abs", Quotient(rise, Power(Symbol(Name("h"), STEP), 2)))
    symbol = Symbol(Name("bend", indices=tuple(layers)), bend.value)
    meaning = (
        "Moving the weights of these layers by ±h along a random direction of length 1: where η is "
        "linear in them it rises one way as much as it falls the other, and this is 0 but for "
        f"rounding. Of all examples here the one with the largest, and output {output + 1}.",
    )
    return Explanation(
        symbol=symbol,
        equation=(
            Name("bend"),
            "=",
            "|",
            Name("η⁺"),
            "−",
            Name("2η"),
            "+",
            Name("η⁻"),
            "|",
            "/",
            Name("h²"),
        ),
        definitions=(Definition(symbol, bend),),
        meaning=meaning,
        code="engine.second_difference(network, X, engine.random_direction(network, layers))",
    )


def _eta(network: Network, moved: Array, X: ArrayLike, at: tuple[int, int]) -> float:
    """η at a row and an output, of all rows as ``second_difference`` takes them: the same sums."""
    return float(network.with_parameters(network.parameters + moved).forward(X).z[-1][at])
