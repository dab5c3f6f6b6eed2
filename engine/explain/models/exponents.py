"""The exponent of a power law, by least squares of the logarithms."""

import numpy as np

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
    slope = Quotient(
        Sum(tuple(Product((d, log)) for d, log in zip(away, log_errors, strict=True))),
        Sum(tuple(Power(d, 2) for d in away)),
    )
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
            Name("Σ(ln n − m)²"),
        ),
        definitions=(Definition(m, mean), Definition(symbol, slope)),
        meaning=(
            f"The slope of ln E by ln n: {error} E of the curve with n units falls as n to the e. "
            f"Theory promises {fit.promised:+.0f}.".replace("-", "−"),
        ),
        code="e, _ = np.polyfit(np.log(n), np.log(E), 1)",
    )
