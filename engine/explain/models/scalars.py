"""Explanations of single numbers of a network or a model: costs, lengths, distances, deviance.

``explain_in_words`` is for a number without a single equation.
"""

from collections.abc import Sequence
from math import inf

import numpy as np
from numpy.typing import ArrayLike

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
from engine.network.network import Network
from engine.network.parameter_linearity import STEP, random_direction, second_difference
from engine.network.worked.gradient_vector import GradientVector
from engine.notation import Name
from engine.wording import plural


def explain_in_words(name: Name, value: float, meaning: str, code: str = "") -> Explanation:
    """A number without a single equation; ``meaning`` says how it is computed."""
    symbol = Symbol(name, value)
    return Explanation(symbol, (name,), (Definition(symbol, number(value)),), (meaning,), code)


def explain_lm_test(name: Name, statistic: float, n: int, meaning: str) -> Explanation:
    """A Lagrange multiplier statistic n·R², of the regression of e² on other columns."""
    symbol, share = Symbol(name, statistic), Symbol(Name("R²"), statistic / n)
    expression = Product((number(n), share))
    equation = (name, "=", Name("n"), "·", Name("R²"))
    return Explanation(symbol, equation, (Definition(symbol, expression),), (meaning,), "")


def explain_cost(
    costs: ArrayLike, data: str = "training", numbers: Sequence[int] | None = None
) -> Explanation:
    """C over some data: the mean of C_x (n,) of its examples.

    ``numbers``: the numbers of the examples (None: 1 … n). ShapeError if n = 0, or if there are
    not n numbers.
    """
    each = np.asarray(costs, dtype=np.float64)
    if each.ndim != 1 or not each.size:
        raise ShapeError(f"costs have shape {each.shape}; they must be (n,), n ≥ 1")
    numbers = range(1, each.size + 1) if numbers is None else numbers
    if len(numbers) != each.size:
        raise ShapeError(f"{plural(len(numbers), 'number')} for {plural(each.size, 'example')}")
    named = zip(numbers, each.tolist(), strict=True)
    terms = tuple(Symbol(Name("C_x", example=i), c) for i, c in named)
    mean = Quotient(Sum(terms), number(each.size))
    symbol = Symbol(Name("C"), mean.value)
    return Explanation(
        symbol=symbol,
        equation=(
            Matrix(Name("C"), np.array([[mean.value]])),
            "=",
            Name(f"1/{each.size}"),
            Name("Σ"),
            Matrix(Name("C_x"), each[np.newaxis]),
        ),
        definitions=(Definition(symbol, mean),),
        meaning=("The mean of ", Name("C_x"), _over_all(each.size, data)),
        code="C = C_x.mean()",
    )


def _over_all(n: int, data: str) -> str:
    return f" over all {plural(n, f'{data} example')}." if n > 1 else f" of the one {data} example."


def explain_distance(network: ArrayLike, fit: ArrayLike) -> Explanation:
    """‖β − β̂‖, the Euclidean distance of two arrays of coefficients, (p,) or (p, k) of k outputs.

    Row 0 is the intercept. ShapeError unless both arrays have the same such shape.
    """
    beta, best = (np.asarray(values, dtype=np.float64) for values in (network, fit))
    if beta.shape != best.shape or beta.ndim not in (1, 2) or not beta.size:
        raise ShapeError(f"coefficients have shapes {beta.shape} and {best.shape}: no distance")
    if beta.shape[1:] == (1,):
        beta, best = beta[:, 0], best[:, 0]
    squares = tuple(
        Power(Sum((_entry("β", index, b), Minus(_entry("β̂", index, best[index])))), 2)
        for index, b in np.ndenumerate(beta)
    )
    root = Function("sqrt", Sum(squares))
    symbol = Symbol(Name("‖β − β̂‖"), root.value)
    deviation = (beta - best).reshape(1, -1)
    return Explanation(
        symbol=symbol,
        equation=(
            Name("‖β − β̂‖²"),
            "=",
            Matrix(Name("(β − β̂)ᵀ"), deviation),
            Matrix(Name("(β − β̂)"), deviation.T),
        ),
        definitions=(Definition(symbol, root),),
        meaning=(
            "How far the network's affine map is from that of least squares, the root of the "
            "squared differences of all coefficients; 0 where descent has arrived.",
        ),
        code="np.linalg.norm(beta - beta_ols)",
    )


def _entry(base: str, index: tuple[int, ...], value: Array | float) -> Symbol:
    """β_j; with several outputs, β_jk of output k, from 1."""
    j, *output = index
    return Symbol(Name(base, indices=(j, *(k + 1 for k in output))), float(value))


def explain_gradient_length(gradient: ArrayLike, layer: int, unit: int) -> Explanation:
    """‖∂C/∂w‖ of a unit (from 0), from its layer's ∂C/∂W (n_l, n_{l−1})."""
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


def explain_gradient_norm(vector: GradientVector, bias: bool) -> Explanation:
    """‖∇C‖, from ‖∂C/∂W⁽ˡ⁾‖ and, with ``bias``, ‖∂C/∂b⁽ˡ⁾‖ of each layer."""
    terms = []
    for part in vector.layers:
        parts = [("∂C/∂W", part.of_weights), *([("∂C/∂b", part.of_biases)] * bias)]
        terms += [Symbol(Name(of, part.layer, function="norm"), norm) for of, norm in parts]
    symbol, definitions = _root_of(tuple(Power(term, 2) for term in terms), Name("‖∇C‖"))
    biases = ("+", Name("Σ"), Name("‖∂C/∂b‖²")) if bias else ()
    return Explanation(
        symbol=symbol,
        equation=(Name("‖∇C‖²"), "=", Name("Σ"), Name("‖∂C/∂W‖²"), *biases),
        definitions=definitions,
        meaning=(
            f"The length of the gradient as one vector of {plural(vector.values.size, 'number')}: "
            "how fast C would rise along it, the steepest way there is.",
        ),
        code="np.linalg.norm(gradient)",
    )


def _root_of(squares: tuple[Power, ...], name: Name) -> tuple[Symbol, tuple[Definition, ...]]:
    """√Σ of squares, with their sum S as a step of its own unless S overflows or underflows."""
    total = Sum(squares)
    whole = Function("sqrt", total)
    symbol = Symbol(name, whole.value)
    if total.value in (0.0, inf) and 0.0 < whole.value < inf:
        return symbol, (Definition(symbol, whole),)
    S = Symbol(Name("S"), total.value)
    return symbol, (Definition(S, total), Definition(symbol, Function("sqrt", S)))


def explain_layer_distance(changes: ArrayLike, layer: int, bias: bool) -> Explanation:
    """‖Δ[W b]‖ of a layer, from the ``changes`` of its weights (n_l, n_{l−1}).

    With ``bias``, (n_l, n_{l−1} + 1): the last column is that of the biases.
    """
    D = np.asarray(changes, dtype=np.float64)
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
    """‖Δ‖ of two networks of the same sizes, from ‖Δ[W b]‖ of each layer."""
    layers = enumerate(lengths, start=1)
    terms = [Symbol(Name("Δ[W b]", i, function="norm"), d) for i, d in layers]
    length = Function("sqrt", Sum(tuple(Power(term, 2) for term in terms)))
    symbol = Symbol(Name("‖Δ‖"), length.value)
    return Explanation(
        symbol=symbol,
        equation=(Name("‖Δ‖²"), "=", Name("Σ"), Name("‖Δ[W b]‖²")),
        definitions=(Definition(symbol, length),),
        meaning=("How far all weights and biases of the two networks are apart.",),
        code="np.linalg.norm(second.parameters - first.parameters)",
    )


def explain_deviance(cost: float, n: int, saturated: float | None) -> Explanation:
    """The deviance of a mean cost C over n examples: 2n(C − C of the saturated model).

    ``saturated`` is the latter; None for the quadratic cost, which has no ½: n·C.
    """
    C, count = Symbol(Name("C"), cost), Symbol(Name("n"), n)
    if saturated is None:
        expression: Expression = Product((count, C))
        equation: tuple[Name | str, ...] = (Name("n"), Name("C"))
        code = "n * C"
    else:
        minimum = Symbol(Name("C_saturated"), saturated)
        expression = Product((number(2.0), count, difference(C, minimum)))
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
    expression = difference(first, second)
    symbol = Symbol(name, expression.value)
    equation = (name, "=", first.name or "", "−", second.name or "")
    return Explanation(symbol, equation, (Definition(symbol, expression),), (meaning,), "")


def explain_mean(beta: ArrayLike, x: ArrayLike, output: str) -> Explanation:
    """The mean μ = g⁻¹(z) of a generalised linear model at x (d,), with z = β₀ + Σ β_j x_j.

    ``beta`` (1 + d,): the intercept first. ``output``: the name of the activation g⁻¹.
    """
    b, row = np.asarray(beta, dtype=np.float64), np.append(1.0, np.asarray(x, dtype=np.float64))
    terms: list[Expression] = [Symbol(Name("β", indices=(0,)), float(b[0]))]
    for j in range(1, len(b)):
        factors = (
            Symbol(Name("β", indices=(j,)), float(b[j])),
            Symbol(Name("x", indices=(j,)), float(row[j])),
        )
        terms.append(Product(factors))
    linear = Sum(tuple(terms))
    z = Symbol(Name("z"), linear.value)
    mean: Expression = z if output == "identity" else Function(output, z)
    mu = Symbol(Name("μ"), mean.value)
    inverse = () if output == "identity" else (Name(output),)
    return Explanation(
        symbol=mu,
        equation=(
            *(Name("μ"), "=", *inverse, "("),
            *(Matrix(Name("x"), row[None, :], 0), Matrix(Name("β"), b[:, None], None, 0), ")"),
        ),
        definitions=(Definition(z, linear), Definition(mu, mean)),
        meaning=("The mean that the model gives there: one affine map, then the inverse link.",),
        code="mu = inverse_link(X @ beta)",
    )


@np.errstate(all="ignore")  # an overflow is shown as it is
def explain_bend(
    network: Network, X: ArrayLike, layers: Sequence[int], numbers: Sequence[int] | None = None
) -> Explanation:
    """The largest |second difference| of z⁽ᴸ⁾ over examples X (n, d) and outputs.

    Along the direction of ``random_direction`` that moves these layers. ``numbers``: those of the
    examples (None: 1 … n).
    """
    direction = random_direction(network, layers)
    sizes = np.abs(second_difference(network, X, direction))
    row, output = (int(i) for i in np.unravel_index(int(sizes.argmax()), sizes.shape))
    z = {
        mark: Symbol(Name(f"z{mark}"), _z(network, t * direction, X, (row, output)))
        for mark, t in (("⁺", STEP), ("", 0.0), ("⁻", -STEP))
    }
    rise = Sum((difference(z["⁺"], z[""]), difference(z["⁻"], z[""])))
    number_of_row = row + 1 if numbers is None else numbers[row]
    bend = Function("abs", Quotient(rise, Power(Symbol(Name("h"), STEP), 2)))
    symbol = Symbol(Name("bend", indices=tuple(layers)), bend.value)
    meaning = (
        "Moving the weights of these layers by ±h along a random direction of length 1: where z is "
        "linear in them it rises one way as much as it falls the other, and this is 0 but for "
        f"rounding. Of all examples here number {number_of_row} has the largest, at output "
        f"{output + 1}.",
    )
    return Explanation(
        symbol=symbol,
        equation=(
            Name("bend"),
            "=",
            "|",
            Name("z⁺"),
            "−",
            Name("2z"),
            "+",
            Name("z⁻"),
            "|",
            "/",
            Name("h²"),
        ),
        definitions=(Definition(symbol, bend),),
        meaning=meaning,
        code="engine.second_difference(network, X, engine.random_direction(network, layers))",
    )


def _z(network: Network, change: Array, X: ArrayLike, entry: tuple[int, int]) -> float:
    """z⁽ᴸ⁾ at (row, output). From all rows, as in ``second_difference``, for the same rounding."""
    return float(network.with_parameters(network.parameters + change).forward(X).z[-1][entry])
