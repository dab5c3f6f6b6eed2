"""Explanations of numbers of constructed networks: an error's exponent, a tower's height."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from engine.approximation.rates import FittedRate
from engine.explain.explanation import Definition, Explanation, Matrix
from engine.explain.expression import (
    Function,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
    difference,
    number,
)
from engine.notation import Name

M = Name("m")


def explain_exponent(fit: FittedRate, error: str) -> Explanation:
    """e of E = c·nᵉ, the slope of ln E by ln n; ``error`` says in words what E is."""
    logs = [
        Function("ln", Symbol(Name("n", indices=(i,)), float(n)))
        for i, n in enumerate(fit.widths, start=1)
    ]
    log_errors = [
        Function("ln", Symbol(Name("E", indices=(i,)), value))
        for i, value in enumerate(fit.errors, start=1)
    ]
    mean = Quotient(Sum(tuple(logs)), number(len(logs)))
    m = Symbol(M, mean.value)
    away = [difference(log, m) for log in logs]
    squares = Sum(tuple(Power(d, 2) for d in away))
    S = Symbol(Name("S"), squares.value)
    products = zip(away, log_errors, strict=True)
    slope = Quotient(Sum(tuple(Product((d, log)) for d, log in products)), S)
    symbol = Symbol(Name("e"), slope.value)
    distances = np.log(np.array(fit.widths, dtype=np.float64))[np.newaxis] - mean.value
    column = np.log(np.array(fit.errors))[:, np.newaxis]
    return Explanation(
        symbol=symbol,
        equation=(
            Name("e"),
            "=",
            Matrix(Name("(ln n − m)ᵀ"), distances),
            Matrix(Name("ln E"), column),
            "/",
            Name("S"),
        ),
        definitions=(Definition(m, mean), Definition(S, squares), Definition(symbol, slope)),
        meaning=(
            f"The slope of ln E by ln n: {error} E of the curve with n units falls as n to the e. "
            "S is Σ(ln n − m)². "
            f"Theory promises {fit.promised:+.0f}.".replace("-", "−"),
        ),
        code="e, _ = np.polyfit(np.log(n), np.log(E), 1)",
    )


def explain_height(targets: ArrayLike, numbers: Sequence[int], box: int) -> Explanation:
    """h of the tower on a box (numbered from 1): the mean of the targets (m,) in it, 0 if m = 0.

    ``numbers`` (m,): those of the examples in the box, from 1.
    """
    y = np.asarray(targets, dtype=np.float64)
    name = Name("h", indices=(box,))
    if not y.size:
        meaning = "The height of the tower: 0, as no training example is in its box."
        symbol = Symbol(name, 0.0)
        return Explanation(
            symbol, (name, "=", "0"), (Definition(symbol, number(0.0)),), (meaning,), ""
        )
    terms = tuple(
        Symbol(Name("y", example=i), value) for i, value in zip(numbers, y.tolist(), strict=True)
    )
    mean = Quotient(Sum(terms), number(y.size))
    symbol = Symbol(name, mean.value)
    return Explanation(
        symbol=symbol,
        equation=(name, "=", Name(f"1/{y.size}"), Name("Σ"), Matrix(Name("y"), y[np.newaxis])),
        definitions=(Definition(symbol, mean),),
        meaning=("The height of the tower: the mean target of the training examples in its box.",),
        code="h = y[in_box].mean()",
    )
