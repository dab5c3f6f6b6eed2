"""Explanations of δ and ∂C_x/∂w by the chain rule, ∂C_x/∂a · ∂a/∂z · ∂z/∂w."""

from math import isfinite

import numpy as np

from engine.explain.explanation import Definition, Explanation, Matrix, Part
from engine.explain.expression import (
    ONE,
    Expression,
    Minus,
    Product,
    Sum,
    Symbol,
    difference,
)
from engine.explain.quantity import Example, Quantity, Values, of_example
from engine.explain.step.backward import explain_delta, passed_back, slope_of
from engine.explain.step.gradient import explain_example_gradient
from engine.explain.step.losses import LOSS_FORMULAS
from engine.explain.step.parameter_parts import parameter_name
from engine.network.network import Network
from engine.notation import Name
from engine.training.microsteps import TrainingStep


def explain_chain_rule(step: TrainingStep, quantity: Quantity, example: Example) -> Explanation:
    """∂C_x/∂w or ∂C_x/∂b of one example, with its factors by name.

    In a convolution it is ``explain_example_gradient``: there is no one a, z and weight. So it is
    where ∂C_x/∂a is not finite, at an output of 0 or 1 whose logarithm the cost takes.
    """
    by_delta = explain_example_gradient(step, quantity, example)
    network, layer, unit, k = step.network, quantity.layer, quantity.unit, quantity.input
    if network.kernel_length(layer):
        return by_delta
    values = of_example(example)
    definitions, pairs = _by_z(network, step.loss, values, layer, unit)
    z_by_w = _defined(
        parameter_name("∂z/∂", quantity), ONE if k is None else values.symbol("a", layer - 1, k)
    )
    symbol = by_delta.symbol
    assert symbol.name is not None and z_by_w.symbol.name is not None
    equation = _product_by_z(values, layer, unit, pairs)
    if len(pairs) == 1:
        expression = Product((*pairs[0], z_by_w.symbol))
    else:
        expression = Product((Sum(tuple(Product(pair) for pair in pairs)), z_by_w.symbol))
        equation = ("(", *equation, ")")
    if not isfinite(expression.value):
        return by_delta
    return Explanation(
        symbol=symbol,
        equation=(symbol.name, "=", *equation, "·", z_by_w.symbol.name),
        definitions=(*definitions, z_by_w, Definition(symbol, expression)),
        meaning=_meaning(quantity, values, len(pairs)),
        code=f"{explain_delta(network, step.loss, values, layer, unit).code}; {by_delta.code}",
    )


def explain_delta_by_factors(
    step: TrainingStep, quantity: Quantity, example: Example
) -> Explanation:
    """δ of one example as ∂C_x/∂a · ∂a/∂z, with the factors by name.

    ``explain_delta`` where ∂C_x/∂a is not finite.
    """
    network, layer, unit = step.network, quantity.layer, quantity.unit
    values = of_example(example)
    whole = explain_delta(network, step.loss, values, layer, unit)
    definitions, pairs = _by_z(network, step.loss, values, layer, unit)
    products = tuple(Product(pair) for pair in pairs)
    expression = products[0] if len(products) == 1 else Sum(products)
    symbol = whole.symbol
    if not isfinite(expression.value):
        return whole
    assert symbol.name is not None
    return Explanation(
        symbol=symbol,
        equation=(symbol.name, "=", *_product_by_z(values, layer, unit, pairs)),
        definitions=(*definitions, Definition(symbol, expression)),
        meaning=_meaning_of_delta(network, values, layer, unit),
        code=whole.code,
    )


def _product_by_z(
    values: Values, layer: int, unit: int, pairs: list[tuple[Symbol, Symbol]]
) -> tuple[Part, ...]:
    """∂C_x/∂a · ∂a/∂z; with softmax Jᵀ ∂C_x/∂a."""
    if len(pairs) == 1:
        cost_by_a, a_by_z = (symbol.name for symbol in pairs[0])
        assert cost_by_a is not None and a_by_z is not None
        return cost_by_a, "·", a_by_z
    a = values.a[-1]
    J = Matrix(Name("J", layer, mark="ᵀ"), np.diag(a) - np.outer(a, a), unit)
    column = np.array([[cost_by_a.value] for cost_by_a, _ in pairs])
    return J, Matrix(Name("∂C_x/∂a", layer), column)


def _by_z(
    network: Network, loss: str, values: Values, layer: int, unit: int
) -> tuple[list[Definition], list[tuple[Symbol, Symbol]]]:
    """∂C_x/∂a and ∂a/∂z_j in pairs, defined: of the unit alone, or with softmax of all outputs."""

    def name(base: str, i: int, *more: int) -> Name:
        return Name(base, layer, tuple(index + 1 for index in (i, *more)))

    is_output = layer == len(network.weights)
    by_softmax = is_output and network.output == "softmax"
    definitions, pairs = [], []
    for i in range(network.sizes[-1]) if by_softmax else (unit,):
        a = values.symbol("a", layer, i)
        cost: Expression = (
            LOSS_FORMULAS[loss].cost_by_a(a, values.symbol("y", layer, i))
            if is_output
            else passed_back(network, values, layer, unit)
        )
        cost_by_a = _defined(name("∂C_x/∂a", i), cost)
        if by_softmax:
            a_j = values.symbol("a", layer, unit)
            slope = Product((a, difference(ONE, a))) if i == unit else Minus(Product((a, a_j)))
            a_by_z = _defined(name("∂a/∂z", i, unit), slope)
            definitions += [cost_by_a, a_by_z]
        else:
            sigma_slope, _, _ = slope_of(network, values, layer, unit)
            a_by_z = _defined(name("∂a/∂z", unit), sigma_slope.symbol)
            definitions += [cost_by_a, sigma_slope, a_by_z]
        pairs.append((cost_by_a.symbol, a_by_z.symbol))
    return definitions, pairs


def _defined(name: Name, expression: Expression) -> Definition:
    return Definition(Symbol(name, expression.value), expression)


def _meaning(quantity: Quantity, values: Values, outputs: int) -> tuple[Name | str, ...]:
    """What each factor says, from the weight to the cost."""
    w, cost = parameter_name("", quantity), values.cost_symbol().name
    z, a = (values.symbol(letter, quantity.layer, quantity.unit).name for letter in ("z", "a"))
    assert cost is not None and z is not None and a is not None
    rate = "1; " if quantity.input is None else "∂z/∂w, the number that it carries; "
    start = ("The rates multiply: ", z, " rises with ", w, " at the rate ", rate)
    then: tuple[Name | str, ...]
    last: tuple[Name | str, ...]
    if outputs > 1:
        then = ("every output a with it, at its rate ∂a/∂z; ",)
        last = (cost, " with each a at the rate ∂C_x/∂a, so the outputs are summed over.")
    else:
        then = (a, " with ", z, " at the rate ∂a/∂z, the slope of σ; ")
        last = (cost, " with ", a, " at the rate ∂C_x/∂a.")
    return (*start, *then, *last)


def _meaning_of_delta(
    network: Network, values: Values, layer: int, unit: int
) -> tuple[Name | str, ...]:
    """What ∂C_x/∂a comes from."""
    start = ("The slope of the cost in ", Name("a", layer), ", times that of ", Name("a", layer))
    if layer == len(network.weights):
        source: tuple[Name | str, ...] = ("The first is known from the cost alone.",)
    else:
        following = layer + 1
        back: list[Name | str] = [Name("W", following, mark="ᵀ"), " ", Name("δ", following)]
        for t in network.skips_from(layer):
            back += [" + ", Name("δ", t)]
        source = ("The first is ", *back, ", what comes back from the units after it.")
    return (*start, " in ", Name("z", layer), ". ", *source)
