"""Explanations of the gradient of a convolution: sums over the places of its weights and bias."""

from collections.abc import Sequence

from engine.explain.explanation import Definition, Explanation, Matrix, Part
from engine.explain.expression import Expression, Product, Quotient, Sum, number
from engine.explain.quantity import (
    Example,
    Quantity,
    Values,
    batch_in_words,
    of_example,
    of_rows,
    places_of,
)
from engine.explain.step.parameter_parts import layer_matrix, layer_row, parameter_name, part_of
from engine.network.network import Network
from engine.network.structure.convolutions import padding_of
from engine.notation import Name
from engine.training.microsteps import TrainingStep
from engine.wording import plural


def explain_shared_gradient(
    step: TrainingStep,
    quantity: Quantity,
    example: Example | None,
    numbers: Sequence[int] | None = None,
) -> Explanation:
    """∂C_x/∂k = Σ δ_i a_{i+j} over the places of the weight, and ∂C_x/∂b = Σ δ_i; without an
    example, ∂C/∂k and ∂C/∂b: means over the batch, whose examples have these ``numbers``."""
    network, layer, k = step.network, quantity.layer, quantity.input
    n = len(step.targets) if example is None else 1
    derivative = "∂C/∂" if example is None else "∂C_x/∂"
    vector = step.gradient if example is None else example.backward.gradient
    symbol, matrix = part_of(network, vector, derivative, quantity)
    rows = of_rows(step, numbers) if example is None else [of_example(example)]
    terms = [term for row in rows for term in _terms(network, quantity, row)]
    expression: Expression = Sum(tuple(terms)) if len(terms) > 1 else (*terms, number(0.0))[0]
    if example is None and terms:
        expression = Quotient(expression, number(n))
    return Explanation(
        symbol=symbol,
        equation=(matrix, "=", *_equation(step, quantity, example)),
        definitions=(Definition(symbol, expression),),
        meaning=_meaning(network, quantity, n if example is None else None),
        code=_code(network, layer, n) if k is not None else _bias_code(network, layer, n),
    )


def _terms(network: Network, quantity: Quantity, values: Values) -> list[Expression]:
    """δ_i a_k of one example at every place (i, k), or δ_i of all units for the bias."""
    layer = quantity.layer
    terms: list[Expression] = []
    for unit, column in places_of(network, quantity):
        delta = values.symbol("δ", layer, unit)
        if quantity.input is None:
            terms.append(delta)
        else:
            terms.append(Product((delta, values.symbol("a", layer - 1, column))))
    return terms


def _equation(step: TrainingStep, quantity: Quantity, example: Example | None) -> tuple[Part, ...]:
    """Σ (δ aᵀ): over the diagonals, and of δ over the units and examples."""
    layer = quantity.layer
    if example is not None:
        values = of_example(example)
        column = values.column("δ", layer)
        if quantity.input is None:
            return Name("Σ"), column
        return Name("Σ"), "(", column, layer_row(values.a[layer - 1], layer - 1, None), ")"
    mean = Name(f"1/{len(step.targets)}")
    deltas = Matrix(Name("δ", layer), step.batch.deltas[layer - 1].T)
    if quantity.input is None:
        return mean, Name("Σ"), deltas
    a = step.batch.forward.a[layer - 1]
    return mean, Name("Σ"), "(", deltas, Matrix(layer_matrix(layer - 1), a), ")"


def _meaning(network: Network, quantity: Quantity, n: int | None) -> tuple[Name | str, ...]:
    layer, name = quantity.layer, parameter_name("", quantity)
    places, m = places_of(network, quantity), network.kernel_length(layer)
    assert m is not None
    if not places:
        return (name, " is outside the kernel: it is 0, and stays 0.")
    if quantity.input is None:
        units = plural(len(places), "unit")
        text = f" is the one bias of all {units}: the sum over them of δ"
    else:
        padding = padding_of(network.sizes[layer - 1], network.sizes[layer], m)
        j = quantity.input - quantity.unit + padding + 1
        text = (
            f" is weight {j} of the kernel, which stands at {plural(len(places), 'place')} of W: "
            "the sum over them of δ of the unit, times the number that it takes there"
        )
    return (name, text + ("." if n is None else f"; the mean over {batch_in_words(n)}."))


def _code(network: Network, layer: int, n: int) -> str:
    """δaᵀ summed along each diagonal of the kernel, and put there."""
    inputs, units, m = network.sizes[layer - 1], network.sizes[layer], network.kernel_length(layer)
    assert m is not None
    first = -padding_of(inputs, units, m)
    mean = f" / {n}" if n > 1 else ""
    return (
        f"D = delta[{layer - 1}].T @ a[{layer - 1}]{mean}; dW[{layer - 1}] = sum("
        f"np.trace(D, i) * np.eye(*D.shape, i) for i in range({first}, {first + m}))"
    )


def _bias_code(network: Network, layer: int, n: int) -> str:
    mean = f" / {n}" if n > 1 else ""
    units = network.sizes[layer]
    return f"db[{layer - 1}] = np.full({units}, delta[{layer - 1}].sum(){mean})"
