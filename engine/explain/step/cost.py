"""Explanations of C_x and C, by the formula with which each loss is computed."""

from collections.abc import Sequence

import numpy as np

from engine.explain.explanation import Definition, Explanation, Matrix, Part
from engine.explain.expression import (
    ONE,
    Expression,
    Function,
    Minus,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
    difference,
    exp,
    number,
)
from engine.explain.quantity import Values, of_rows
from engine.explain.step.activations import of_layer_code, softplus
from engine.explain.step.log_likelihood import LOG, LOG_COMPLEMENT
from engine.network.losses import loss_named
from engine.network.network import Network
from engine.notation import Name
from engine.training.microsteps import TrainingStep

MEANINGS = {
    "quadratic": "the squared distances from output to target, added up",
    "binary_cross_entropy": "minus the logarithm of the probability given to what happened",
    "cross_entropy": "minus the logarithm of the probability given to the right class. The largest "
    "z is taken off everywhere: that changes nothing, and nothing can overflow",
    "poisson": "minus the log-likelihood of a Poisson count, but for what only the target decides",
    "gamma": "minus the log-likelihood of a gamma variable, but for its shape and what only the "
    "target decides",
}


def explain_example_cost(network: Network, loss: str, values: Values) -> Explanation:
    """C_x; from z if the engine computes it from z, which avoids overflow."""
    definitions: list[Definition] = []
    terms: list[Expression] = []
    if loss == "cross_entropy":
        terms += _cross_entropy(values)
    else:
        for k in range(network.sizes[-1]):
            logs = logarithms(network, loss, values, k)
            definitions += logs.values()
            terms += _terms(loss, is_canonical(network, loss), values, k, logs)
    expression = Sum(tuple(terms)) if len(terms) > 1 else terms[0]
    symbol, note = values.cost_symbol(), ""
    if np.isinf(symbol.value) and not np.isinf(expression.value):
        expression, note = number(symbol.value), "an output is no possible mean"
    definitions.append(Definition(symbol, expression, note))
    equation, code = _FORMS[loss, is_canonical(network, loss)]
    return Explanation(
        symbol=symbol,
        equation=equation_of(symbol, equation, len(network.weights), values),
        definitions=tuple(definitions),
        meaning=(f"What this example costs: {MEANINGS[loss]}.",),
        code=f"C_x = {code_of(network, code)}.sum(axis=1)",
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


def is_canonical(network: Network, loss: str) -> bool:
    """Whether the output activation and the loss are a canonical pair."""
    return network.output == loss_named(loss).canonical


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
            f"The mean cost of the {n} examples in the batch, their numbers in brackets: what this "
            "step makes smaller.",
        ),
        code="C = C_x.mean()",
    )


def logarithms(
    network: Network, loss: str, values: Values, unit: int, slope: bool = False
) -> dict[str, Definition]:
    """ln a and ln(1 − a) in the cost of an output, or their derivatives by z (``slope``).

    Without those that the cost does not contain, or that it multiplies by 0.
    """
    y = float(values.y[unit])
    if loss == "quadratic" or is_canonical(network, loss):
        factors = {}
    elif loss == "binary_cross_entropy":
        factors = {"ln a": y, "ln(1 − a)": 1.0 - y}
    else:
        factors = {"ln a": y if loss == "poisson" and not slope else 1.0}
    layer = len(network.weights)
    z = values.symbol("z", layer, unit)
    definitions = {}
    for log, factor in factors.items():
        if factor != 0.0:
            entry = (LOG if log == "ln a" else LOG_COMPLEMENT)[network.output]
            expression = (entry.slope if slope else entry.value)(z)
            if slope:
                name = Name(f"∂{log}/∂z", layer, (unit + 1,))
            else:
                name = Name("a" if log == "ln a" else "1 − a", layer, (unit + 1,), function="ln")
            definitions[log] = Definition(Symbol(name, expression.value), expression)
    return definitions


def _terms(
    loss: str, canonical: bool, values: Values, k: int, logs: dict[str, Definition]
) -> tuple[Expression, ...]:
    """The terms of C_x for output k."""
    z, a, y = (values.symbol(letter, len(values.z), k) for letter in ("z", "a", "y"))
    match loss, canonical:
        case "quadratic", _:
            return (Power(difference(a, y), 2),)
        case "binary_cross_entropy", True:
            return (*softplus(z).terms, Minus(Product((y, z))))
        case "binary_cross_entropy", False:
            factors: dict[str, Expression] = {"ln a": y, "ln(1 − a)": difference(ONE, y)}
            return tuple(Minus(Product((factors[w], log.symbol))) for w, log in logs.items())
        case "poisson", True:
            return (a, Minus(Product((y, z))))
        case "poisson", False:
            return (a, *(Minus(Product((y, log.symbol))) for log in logs.values()))
        case "gamma", True:
            return (Product((y, z)), Minus(Function("ln", z)))
        case _:
            return (Quotient(y, a), logs["ln a"].symbol)


def _cross_entropy(values: Values) -> tuple[Expression, ...]:
    """ln Σ eᶻ − Σ y z, with the largest z subtracted from each z."""
    layer, z = len(values.z), values.z[-1]
    top = values.symbol("z", layer, int(z.argmax()))
    zs = [values.symbol("z", layer, k) for k in range(len(z))]
    total = Sum(tuple(exp(difference(z_k, top)) for z_k in zs))
    shares = (
        Product((values.symbol("y", layer, k), difference(top, z_k))) for k, z_k in enumerate(zs)
    )
    return (Function("ln", total), *shares)


SIGNS = ("=", "(", ")", "⊙", "+", "−", "·")

# by loss and ``is_canonical``: the equation for ``parts_of``, and the NumPy for ``code_of``,
# summed over the outputs
_Y_LOG = "np.where(Y == 0, 0, Y * {log})"  # if the logarithm is infinite, 0·∞ is 0
_Y_COMPLEMENT = "np.where(Y == 1, 0, (1 - Y) * {complement})"
_QUADRATIC = ("Σ ( a − y ) ²", "(({a} - Y) ** 2)")
_FORMS: dict[tuple[str, bool], tuple[str, str]] = {
    ("quadratic", True): _QUADRATIC,
    ("quadratic", False): _QUADRATIC,
    ("binary_cross_entropy", True): (
        "Σ ( softplus ( z ) − y ⊙ z )",
        "(np.logaddexp(0, {z}) - Y * {z})",
    ),
    ("binary_cross_entropy", False): (
        "− Σ ( y ⊙ ln ( a ) + ( 1 − y ) ⊙ ln ( 1 − a ) )",
        f"(-{_Y_LOG} - {_Y_COMPLEMENT})",
    ),
    ("cross_entropy", True): (
        "ln ( Σ exp ( z ) ) − Σ y ⊙ z",
        "(Y * (logsumexp({z}, axis=1, keepdims=True) - {z}))",
    ),
    ("poisson", True): ("Σ ( a − y ⊙ z )", "({a} - Y * {z})"),
    ("poisson", False): ("Σ ( a − y ⊙ ln ( a ) )", f"({{a}} - {_Y_LOG})"),
    ("gamma", True): ("Σ ( y ⊙ z − ln ( z ) )", "(Y * {z} - np.log({z}))"),
    ("gamma", False): ("Σ ( y / a + ln ( a ) )", "(Y / {a} + {log})"),
}
