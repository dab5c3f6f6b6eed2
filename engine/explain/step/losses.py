"""C_x of each loss and δ at an output, as expressions, equations and NumPy."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from engine.explain.explanation import Definition
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
from engine.explain.step.activations import softplus
from engine.network.losses import Loss


@dataclass(frozen=True)
class Output:
    """z, a and y of an output unit, and the logarithms by name: ln a, ln(1 − a) or their slopes."""

    z: Symbol
    a: Symbol
    y: Symbol
    logs: dict[str, Definition]


Terms = Callable[[Sequence[Output]], tuple[Expression, ...]]
Factors = Callable[[float], dict[str, float]]


@dataclass(frozen=True)
class Form:
    """A way to compute C_x, or δ at one output.

    ``terms`` are summed. ``equation`` is for ``parts_of``, ``code`` for ``code_of``, that of C_x
    before it is summed over the outputs. ``factors(y)`` has the factors of the logarithms, by name.
    """

    terms: Terms
    equation: str
    code: str
    factors: Factors = lambda y: {}


@dataclass(frozen=True)
class Gradient:
    """∂C_x/∂a of one output: its factors, equation, NumPy (with ``{a}``), and in words."""

    factors: Callable[[Symbol, Symbol], tuple[Expression, ...]]
    equation: str
    code: str
    words: str

    def expression(self, a: Symbol, y: Symbol) -> Expression:
        """The product of the factors."""
        factors = self.factors(a, y)
        return Product(factors) if len(factors) > 1 else factors[0]


@dataclass(frozen=True)
class LossFormula:
    """How a loss is explained.

    ``cost`` is C_x. Where the engine computes cost and δ from log a (``Loss.of_mean``), they are
    ``log_cost`` and ``log_delta``. Else δ follows from ``gradient``, which is needed unless
    δ = factor·(a − y) for every output of the loss; then ``by_a`` is ∂C_x/∂a of one output.
    """

    meaning: str
    cost: Form
    log_cost: Form | None = None
    log_delta: Form | None = None
    gradient: Gradient | None = None
    by_a: Callable[[Symbol, Symbol], Expression] | None = None

    def cost_by_a(self, a: Symbol, y: Symbol) -> Expression:
        """∂C_x/∂a of one output."""
        by_a = self.gradient.expression if self.gradient else self.by_a
        assert by_a is not None
        return by_a(a, y)

    def cost_form(self, loss: Loss, output: str) -> Form:
        """The form of C_x with that output activation."""
        return self.cost if output == loss.canonical or not self.log_cost else self.log_cost


def _each(terms: Callable[[Output], tuple[Expression, ...]]) -> Terms:
    """The terms of every output, given those of one."""
    return lambda outputs: tuple(term for output in outputs for term in terms(output))


def _binary_cross_entropy_of_logs(output: Output) -> tuple[Expression, ...]:
    factors: dict[str, Expression] = {"ln a": output.y, "ln(1 − a)": difference(ONE, output.y)}
    return tuple(Minus(Product((factors[w], log.symbol))) for w, log in output.logs.items())


def _cross_entropy(outputs: Sequence[Output]) -> tuple[Expression, ...]:
    """ln Σ eᶻ − Σ y z, with the largest z subtracted from each z."""
    top = outputs[int(np.argmax([output.z.value for output in outputs]))].z
    total = Sum(tuple(exp(difference(output.z, top)) for output in outputs))
    shares = (Product((output.y, difference(top, output.z))) for output in outputs)
    return (Function("ln", total), *shares)


_Y_LOG = "np.where(Y == 0, 0, Y * {log})"  # if the logarithm is infinite, 0·∞ is 0
_Y_COMPLEMENT = "np.where(Y == 1, 0, (1 - Y) * {complement})"

LOSS_FORMULAS = {
    "quadratic": LossFormula(
        "the squared distances from output to target, added up",
        Form(
            _each(lambda o: (Power(difference(o.a, o.y), 2),)),
            "Σ ( a − y ) ²",
            "(({a} - Y) ** 2)",
        ),
        gradient=Gradient(
            lambda a, y: (number(2.0), difference(a, y)),
            "2 ( a − y )",
            "2 * ({a} - Y)",
            "twice the difference of output and target",
        ),
    ),
    "half_quadratic": LossFormula(
        "half the squared distances from output to target, added up",
        Form(
            _each(lambda o: (Product((number(0.5), Power(difference(o.a, o.y), 2))),)),
            "½ Σ ( a − y ) ²",
            "0.5 * (({a} - Y) ** 2)",
        ),
        gradient=Gradient(
            lambda a, y: (difference(a, y),), "( a − y )", "({a} - Y)", "the output less the target"
        ),
    ),
    "binary_cross_entropy": LossFormula(
        "minus the logarithm of the probability given to what happened",
        Form(
            _each(lambda o: (*softplus(o.z).terms, Minus(Product((o.y, o.z))))),
            "Σ ( softplus ( z ) − y ⊙ z )",
            "(np.logaddexp(0, {z}) - Y * {z})",
        ),
        Form(
            _each(_binary_cross_entropy_of_logs),
            "− Σ ( y ⊙ ln ( a ) + ( 1 − y ) ⊙ ln ( 1 − a ) )",
            f"(-{_Y_LOG} - {_Y_COMPLEMENT})",
            lambda y: {"ln a": y, "ln(1 − a)": 1.0 - y},
        ),
        Form(
            _each(_binary_cross_entropy_of_logs),
            "− y ⊙ log − ( 1 − y ) ⊙ complement",
            "-np.where(Y == 0, 0, Y * {log_slope})"
            " - np.where(Y == 1, 0, (1 - Y) * {complement_slope})",
            lambda y: {"ln a": y, "ln(1 − a)": 1.0 - y},
        ),
        by_a=lambda a, y: Quotient(difference(a, y), Product((a, difference(ONE, a)))),
    ),
    "cross_entropy": LossFormula(
        "minus the logarithm of the probability given to the right class. The largest z is taken "
        "off everywhere: that changes nothing, and nothing can overflow",
        Form(
            _cross_entropy,
            "ln ( Σ exp ( z ) ) − Σ y ⊙ z",
            "(Y * (logsumexp({z}, axis=1, keepdims=True) - {z}))",
        ),
        by_a=lambda a, y: Minus(Quotient(y, a)),
    ),
    "poisson": LossFormula(
        "minus the log-likelihood of a Poisson count, but for what only the target decides",
        Form(
            _each(lambda o: (o.a, Minus(Product((o.y, o.z))))),
            "Σ ( a − y ⊙ z )",
            "({a} - Y * {z})",
        ),
        Form(
            _each(lambda o: (o.a, *(Minus(Product((o.y, log.symbol))) for log in o.logs.values()))),
            "Σ ( a − y ⊙ ln ( a ) )",
            f"({{a}} - {_Y_LOG})",
            lambda y: {"ln a": y},
        ),
        Form(
            _each(lambda o: (Product((difference(o.a, o.y), o.logs["ln a"].symbol)),)),
            "( a − y ) ⊙ log",
            "({a} - Y) * {log_slope}",
            lambda y: {"ln a": 1.0},
        ),
        by_a=lambda a, y: difference(ONE, Quotient(y, a)),
    ),
    "gamma": LossFormula(
        "minus the log-likelihood of a gamma variable, but for its shape and what only the target "
        "decides",
        Form(
            _each(lambda o: (Product((o.y, o.z)), Minus(Function("ln", o.z)))),
            "Σ ( y ⊙ z − ln ( z ) )",
            "(Y * {z} - np.log({z}))",
        ),
        Form(
            _each(lambda o: (Quotient(o.y, o.a), o.logs["ln a"].symbol)),
            "Σ ( y / a + ln ( a ) )",
            "(Y / {a} + {log})",
            lambda y: {"ln a": 1.0},
        ),
        Form(
            _each(
                lambda o: (Product((difference(ONE, Quotient(o.y, o.a)), o.logs["ln a"].symbol)),)
            ),
            "( 1 − y / a ) ⊙ log",
            "(1 - Y / {a}) * {log_slope}",
            lambda y: {"ln a": 1.0},
        ),
        by_a=lambda a, y: Quotient(Quotient(difference(a, y), a), a),
    ),
}
"""By name of the loss."""
