"""``explain``: the explanation of any number of a training step."""

from collections.abc import Sequence
from dataclasses import replace
from math import isfinite

import numpy as np

from engine.explain.explanation import CentralDifference, Definition, Explanation, Matrix
from engine.explain.expression import Quotient, Sum, number
from engine.explain.quantity import (
    Example,
    Quantity,
    Values,
    batch_in_words,
    check_quantity,
    means_over,
    of_example,
    of_rows,
)
from engine.explain.step.backward import explain_delta, explain_difference
from engine.explain.step.chain_rule import explain_chain_rule, explain_delta_by_factors
from engine.explain.step.cost import explain_cost, explain_example_cost
from engine.explain.step.forward import explain_a, explain_z
from engine.explain.step.gradient import explain_example_gradient, explain_gradient, explain_penalty
from engine.explain.step.short_meanings import short_meanings
from engine.explain.step.update import explain_update
from engine.network.gradient_check import TOLERANCE, central_difference
from engine.network.losses import loss_named
from engine.notation import Name
from engine.training.microsteps import TrainingStep

CHECKED = ("delta", "example_gradient", "gradient")


def explain(
    step: TrainingStep,
    quantity: Quantity,
    example: Example | None = None,
    numbers: Sequence[int] | None = None,
    by_factors: bool = False,
) -> Explanation:
    """Explain a number of a training step.

    Without an example, z, a, C_x, δ and ∂C_x are means over the batch; C, ∂C and the update always
    belong to the batch. ``numbers``: the numbers of its n examples (None: 1 … n).
    ``by_factors``: ∂C_x of one example as the three factors of the chain rule, not as δ·a; its δ
    as the first two.
    ShapeError if the step has no such number, or the batch does not have n examples.
    """
    check_quantity(step, quantity)
    with np.errstate(all="ignore"):  # an overflow is shown as it is
        explanation = _explained(step, quantity, example, numbers, by_factors)
        forms = short_meanings(step, quantity, example, explanation, by_factors)
        explanation = replace(explanation, short_meanings=forms)
        if quantity.kind not in CHECKED:
            return explanation
        check = _central_difference(step, quantity, example, explanation.symbol.value)
        return replace(explanation, check=check)


def _explained(
    step: TrainingStep,
    quantity: Quantity,
    example: Example | None,
    numbers: Sequence[int] | None,
    by_factors: bool,
) -> Explanation:
    network, layer, unit = step.network, quantity.layer, quantity.unit
    match quantity.kind:
        case "cost":
            return explain_cost(step, numbers)
        case "penalty":
            return explain_penalty(step, quantity)
        case "update":
            return explain_update(step, quantity)
        case "example_gradient" if example is not None:
            explain_one = explain_chain_rule if by_factors else explain_example_gradient
            return explain_one(step, quantity, example)
        case "delta" if by_factors and example is not None:
            return explain_delta_by_factors(step, quantity, example)
        case "example_gradient" | "gradient":
            return explain_gradient(step, quantity, numbers)
    if example is not None:
        return _of_one(step, quantity, of_example(example))
    # a linear equation holds for the means too; other numbers are explained as means of results
    means = means_over(step)
    if quantity.kind == "z":
        return explain_z(network, means, layer, unit)
    is_output = quantity.kind == "delta" and layer == len(network.weights)
    if is_output and loss_named(step.loss).factor_with(network.output) is not None:
        return explain_difference(network, step.loss, means, unit)
    return _mean(step, quantity, means, of_rows(step, numbers))


def _of_one(step: TrainingStep, quantity: Quantity, values: Values) -> Explanation:
    network, layer, unit = step.network, quantity.layer, quantity.unit
    match quantity.kind:
        case "z":
            return explain_z(network, values, layer, unit)
        case "a":
            return explain_a(network, values, layer, unit)
        case "delta":
            return explain_delta(network, step.loss, values, layer, unit)
        case _:
            return explain_example_cost(network, step.loss, values)


def _mean(
    step: TrainingStep, quantity: Quantity, means: Values, rows: Sequence[Values]
) -> Explanation:
    """a, δ or C_x as the mean over the batch."""
    layer, unit, n = quantity.layer, quantity.unit, len(rows)
    if quantity.kind == "example_cost":
        symbol, terms = means.cost_symbol(), tuple(row.cost_symbol() for row in rows)
        result = Matrix(Name("C_x", function="mean"), np.array([[symbol.value]]))
        of_examples = Matrix(Name("C_x"), step.batch.example_losses[None, :])
        code = "C_x.mean()"
    else:
        letter = "δ" if quantity.kind == "delta" else "a"
        symbol = means.symbol(letter, layer, unit)
        terms = tuple(row.symbol(letter, layer, unit) for row in rows)
        result = means.column(letter, layer, unit)
        batch = step.batch.deltas[layer - 1] if letter == "δ" else step.batch.forward.a[layer]
        of_examples = Matrix(Name(letter, layer), batch.T, unit)
        code = f"delta[{layer - 1}]" if letter == "δ" else f"a[{layer}]"
        code += ".mean(axis=0)"
    return Explanation(
        symbol=symbol,
        equation=(result, "=", Name(f"1/{n}"), Name("Σ"), of_examples),
        definitions=(Definition(symbol, Quotient(Sum(terms), number(n))),),
        meaning=(
            f"The mean over {batch_in_words(n)}; each has its own, and the mean of the results is "
            "not the result of the means.",
        ),
        code=code,
    )


def _central_difference(
    step: TrainingStep, quantity: Quantity, example: Example | None, value: float
) -> CentralDifference:
    """A derivative checked against costs at ±h. δ is checked as ∂C/∂b, even without biases."""
    backward, targets = step.batch, step.targets
    if example is not None and quantity.kind != "gradient":
        backward, targets = example.backward, example.target[None, :]
    input = None if quantity.kind == "delta" else quantity.input
    estimate, rounding, smooth = central_difference(
        step.network,
        backward,
        targets,
        step.loss,
        quantity.layer,
        quantity.unit,
        input,
        shared=quantity.kind != "delta",
    )
    difference, largest = abs(value - estimate), max(abs(value), abs(estimate))
    error = difference / largest if largest > 0.0 else difference
    close, within_rounding = error < TOLERANCE, difference <= rounding
    note = ""
    if not isfinite(estimate):
        note = "the cost is not finite here"
    elif not smooth:
        note = "a unit's sign flips within ±h: the cost has a kink there"
    elif within_rounding and not close:
        note = "as close as the rounding of the costs allows"
    return CentralDifference(estimate, error, bool(smooth and (close or within_rounding)), note)
