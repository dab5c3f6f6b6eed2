"""Explanations of the gradient: of one example, of the batch, and with penalties."""

from collections.abc import Sequence

import numpy as np

from engine.explain.explanation import Definition, Explanation, Matrix, Part
from engine.explain.expression import (
    Expression,
    Function,
    Product,
    Quotient,
    Sum,
    Symbol,
    number,
)
from engine.explain.quantity import (
    Example,
    Quantity,
    batch_in_words,
    of_example,
    of_rows,
    weight,
)
from engine.explain.step.parameter_parts import (
    PENALISED,
    layer_matrix,
    layer_row,
    parameter_name,
    part_of,
)
from engine.explain.step.shared_gradient import explain_shared_gradient
from engine.notation import Name
from engine.training.microsteps import TrainingStep


def explain_example_gradient(
    step: TrainingStep, quantity: Quantity, example: Example
) -> Explanation:
    """∂C_x/∂W = δ aᵀ and ∂C_x/∂b = δ."""
    layer, unit, k = quantity.layer, quantity.unit, quantity.input
    if step.network.kernel_length(layer):
        return explain_shared_gradient(step, quantity, example)
    values = of_example(example)
    symbol, matrix = part_of(step.network, example.backward.gradient, "∂C_x/∂", quantity)
    delta = values.symbol("δ", layer, unit)
    assert delta.name is not None
    equation: tuple[Part, ...] = (matrix, "=", values.column("δ", layer, unit))
    if k is None:
        definition = Definition(symbol, delta)
        start = "A bias is multiplied by 1: its gradient is "
        meaning: tuple[Name | str, ...] = (start, delta.name, ".")
        code = f"db[{layer - 1}] = delta[{layer - 1}][0]"
    else:
        a = values.symbol("a", layer - 1, k)
        assert a.name is not None
        definition = Definition(symbol, Product((delta, a)))
        equation += (layer_row(values.a[layer - 1], layer - 1, k),)
        meaning = (delta.name, " of the unit that the weight leads to, times the number that it ")
        meaning += ("carried, ", a.name)
        meaning += (", which is 0 here." if a.value == 0.0 else ".",)
        code = f"dW[{layer - 1}] = np.outer(delta[{layer - 1}], a[{layer - 1}])"
    return Explanation(symbol, equation, (definition,), meaning, code)


def explain_gradient(
    step: TrainingStep, quantity: Quantity, numbers: Sequence[int] | None = None
) -> Explanation:
    """∂C/∂W and ∂C/∂b: means over the batch, whose examples have these ``numbers``."""
    layer, unit, k = quantity.layer, quantity.unit, quantity.input
    if step.network.kernel_length(layer):
        return explain_shared_gradient(step, quantity, None, numbers)
    n = len(step.targets)
    symbol, matrix = part_of(step.network, step.gradient, "∂C/∂", quantity)
    terms: list[Expression] = []
    for row in of_rows(step, numbers):
        delta = row.symbol("δ", layer, unit)
        terms.append(delta if k is None else Product((delta, row.symbol("a", layer - 1, k))))
    # one column of δ and one row of aᵀ for each example: the product is the sum over examples
    deltas = Matrix(Name("δ", layer), step.batch.deltas[layer - 1].T, unit)
    equation: tuple[Part, ...] = (matrix, "=", Name(f"1/{n}"))
    if k is None:
        equation += (Name("Σ"), deltas)
        code = f"db[{layer - 1}] = delta[{layer - 1}].mean(axis=0)"
    else:
        a = step.batch.forward.a[layer - 1]
        equation += (deltas, Matrix(layer_matrix(layer - 1), a, column=k))
        code = f"dW[{layer - 1}] = delta[{layer - 1}].T @ a[{layer - 1}] / {n}"
    return Explanation(
        symbol=symbol,
        equation=equation,
        definitions=(Definition(symbol, Quotient(Sum(tuple(terms)), number(n))),),
        meaning=(
            f"The mean over {batch_in_words(n)}: how fast ",
            *(Name("C"), " would rise if ", parameter_name("", quantity), " rose."),
        ),
        code=code,
    )


def explain_penalty(step: TrainingStep, quantity: Quantity) -> Explanation:
    """∂(C + R)/∂W with R = l1 Σ|w| + ½ l2 Σw². Biases have no penalty."""
    layer, unit, k = quantity.layer, quantity.unit, quantity.input
    network, settings = step.network, step.settings
    symbol, matrix = part_of(network, step.penalised, PENALISED, quantity)
    g, G = part_of(network, step.gradient, "∂C/∂", quantity)
    terms: list[Expression] = [g]
    equation: list[Part] = [matrix, "=", G]
    letter = "b" if k is None else "W"
    code = f"d{letter}[{layer - 1}]"
    line = f"{code} = {code}"
    if k is not None:
        w, W = weight(network, layer, unit, k), network.weights[layer - 1]
        if settings.l2:
            l2 = Symbol(Name("l2"), settings.l2)
            terms.append(Product((l2, w)))
            equation += ["+", Name("l2"), "·", Matrix(Name("W", layer), W, unit, k)]
            line += f" + {settings.l2:.12g} * W[{layer - 1}]"
        if settings.l1:
            l1 = Symbol(Name("l1"), settings.l1)
            terms.append(Product((l1, Function("sign", w))))
            sign = Matrix(Name("W", layer, function="sign"), np.sign(W), unit, k)
            equation += ["+", Name("l1"), "·", sign]
            line += f" + {settings.l1:.12g} * np.sign(W[{layer - 1}])"
    return Explanation(
        symbol=symbol,
        equation=tuple(equation),
        definitions=(Definition(symbol, Sum(tuple(terms)) if len(terms) > 1 else g),),
        meaning=(
            "The penalties leave biases alone."
            if k is None
            else "The penalties pull every weight towards 0: l2 in proportion to its size, l1 by "
            "the same amount for all.",
        ),
        code=line,
    )
