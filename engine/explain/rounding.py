"""How many digits printed numbers need, so that they make the printed result.

A calculation whose numbers are rounded one by one can miss its own rounded result in the last
digit: 0.1·0.5597 − 0.3·0.387 is −0.06013, while from the numbers themselves it is −0.06012. More
digits of the numbers mend that.
"""

from collections.abc import Callable, Iterable
from math import isfinite

from engine.explain.expression import (
    Expression,
    Function,
    Maximum,
    Minus,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
)

HALF = 1e-13  # relative: rounding errors in a number half way between two written ones
MAX_DIGITS = 17

Rounding = Callable[[Symbol], float]
"""The value of a symbol as it is printed."""


def rounded(e: Expression, rounding: Rounding) -> Expression:
    """The expression with the printed values of its symbols."""
    match e:
        case Symbol(name, _):
            return Symbol(name, rounding(e))
        case Sum(terms):
            return Sum(tuple(rounded(term, rounding) for term in terms))
        case Minus(operand):
            return Minus(rounded(operand, rounding))
        case Product(factors):
            return Product(tuple(rounded(factor, rounding) for factor in factors))
        case Quotient(over, under):
            return Quotient(rounded(over, rounding), rounded(under, rounding))
        case Power(base, exponent):
            return Power(rounded(base, rounding), exponent)
        case Maximum(first, second):
            return Maximum(rounded(first, rounding), rounded(second, rounding))
        case Function(name, argument):
            return Function(name, rounded(argument, rounding))


def reproduces(
    e: Expression, value: float, rounding: Rounding, written: Callable[[float], str]
) -> bool:
    """Whether the printed numbers make the result as it is ``written``; true if it is not finite.

    A number half way between two written ones may be written as either.
    """
    if not isfinite(value):
        return True
    found = rounded(e, rounding).value
    return written(value) in [written(found * near) for near in (1.0, 1.0 - HALF, 1.0 + HALF)]


def significant(digits: int) -> Rounding:
    """Rounding to so many significant digits; plain whole numbers are printed as they are."""

    def rounding(symbol: Symbol) -> float:
        if is_count(symbol):
            return symbol.value
        return float(f"{symbol.value:.{digits}g}")

    return rounding


def is_count(symbol: Symbol) -> bool:
    """Whether it is a plain whole number, such as the n of a mean."""
    return symbol.name is None and symbol.value.is_integer() and abs(symbol.value) < 1e15


def digits_needed(
    e: Expression, value: float, written: Callable[[float], str], digits: Iterable[int]
) -> int | None:
    """The first of some numbers of significant digits with which the printed numbers make the
    result as it is ``written``; None if none does."""
    return next((d for d in digits if reproduces(e, value, significant(d), written)), None)
