"""Explanations of C_x and C, by the formula with which each loss is computed."""

from collections.abc import Sequence

import numpy as np

from engine.explain.explanation import Definition, Explanation, Matrix, Part
from engine.explain.expression import Quotient, Sum, Symbol, number
from engine.explain.quantity import Values, batch_in_words, of_rows
from engine.explain.step.activations import of_layer_code
from engine.explain.step.log_likelihood import LOG, LOG_COMPLEMENT
from engine.explain.step.losses import LOSS_FORMULAS, Form, Output
from engine.network.losses import loss_named
from engine.network.network import Network
from engine.notation import Name
from engine.training.microsteps import TrainingStep

SIGNS = ("=", "(", ")", "⊙", "+", "−", "·")


def explain_example_cost(network: Network, loss: str, values: Values) -> Explanation:
    """C_x; from z if the engine computes it from z, which avoids overflow."""
    formula = LOSS_FORMULAS[loss]
    form = formula.cost_form(loss_named(loss), network.output)
    outputs = [output_of(network, form, values, k) for k in range(network.sizes[-1])]
    definitions = [log for output in outputs for log in output.logs.values()]
    terms = form.terms(outputs)
    expression = Sum(terms) if len(terms) > 1 else terms[0]
    symbol, note = values.cost_symbol(), ""
    if np.isinf(symbol.value) and not np.isinf(expression.value):
        expression, note = number(symbol.value), "an output is no possible mean"
    definitions.append(Definition(symbol, expression, note))
    return Explanation(
        symbol=symbol,
        equation=equation_of(symbol, form.equation, len(network.weights), values),
        definitions=tuple(definitions),
        meaning=(
            f"What this example costs: {formula.meaning}. ",
            *("It depends on the weights through the outputs ", Name("a", len(network.weights))),
            " alone.",
        ),
        code=f"C_x = {code_of(network, form.code)}.sum(axis=1)",
    )


def equation_of(symbol: Symbol, text: str, layer: int, values: Values) -> tuple[Part, ...]:
    """The equation C_x = text: the words z, a and y become matrices, other words names."""
    assert symbol.name is not None
    parts: list[Part] = [Matrix(symbol.name, np.array([[symbol.value]])), "="]
    return (*parts, *parts_of(text, layer, values))


def parts_of(text: str, layer: int, values: Values, unit: int | None = None) -> tuple[Part, ...]:
    """A formula as parts of an equation."""
    return tuple(
        values.column(word, layer, unit)
        if word in ("z", "a", "y")
        else word
        if word in SIGNS
        else Name(word)
        for word in text.split()
    )


def code_of(network: Network, code: str) -> str:
    """The code with z, a and the logarithms of the output layer filled in."""
    layer, output = len(network.weights), network.output
    log, complement = LOG.get(output), LOG_COMPLEMENT.get(output)
    code = (
        code.replace("{log}", log.value_code if log else "")
        .replace("{complement}", complement.value_code if complement else "")
        .replace("{log_slope}", log.slope_code if log else "")
        .replace("{complement_slope}", complement.slope_code if complement else "")
    )
    return of_layer_code(code, layer)


def explain_cost(step: TrainingStep, numbers: Sequence[int] | None = None) -> Explanation:
    """C: the mean of C_x over the batch, whose examples have these ``numbers``."""
    n = len(step.targets)
    symbol = Symbol(Name("C"), step.batch.loss)
    costs = step.batch.example_losses
    terms = tuple(row.cost_symbol() for row in of_rows(step, numbers))
    return Explanation(
        symbol=symbol,
        equation=(
            *(Matrix(Name("C"), np.array([[symbol.value]])), "="),
            *(Name(f"1/{n}"), Name("Σ"), Matrix(Name("C_x"), costs[None, :])),
        ),
        definitions=(Definition(symbol, Quotient(Sum(terms), number(n))),),
        meaning=(
            "C is a mean over the examples",
            f", here over {batch_in_words(n)}. This step is to make it smaller.",
        ),
        code="C = C_x.mean()",
    )


def output_of(
    network: Network, form: Form, values: Values, unit: int, slope: bool = False
) -> Output:
    """The symbols of an output unit, with the logarithms in a form or their slopes (``slope``).

    Without those that the form multiplies by 0.
    """
    layer = len(network.weights)
    z, a, y = (values.symbol(letter, layer, unit) for letter in ("z", "a", "y"))
    logs = {}
    for log, factor in form.factors(y.value).items():
        if factor != 0.0:
            entry = (LOG if log == "ln a" else LOG_COMPLEMENT)[network.output]
            expression = (entry.slope if slope else entry.value)(z)
            if slope:
                name = Name(f"∂{log}/∂z", layer, (unit + 1,))
            else:
                name = Name("a" if log == "ln a" else "1 − a", layer, (unit + 1,), function="ln")
            logs[log] = Definition(Symbol(name, expression.value), expression)
    return Output(z, a, y, logs)
