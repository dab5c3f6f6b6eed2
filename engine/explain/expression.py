"""Expressions: the calculation of one number, as a tree of symbols with their values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import TypeGuard

import numpy as np

from engine.arrays import length
from engine.explain.functions import value_of
from engine.notation import Name


@dataclass(frozen=True)
class Symbol:
    """A quantity with its value. Without a name it is a plain number, such as 2 in 2(a − y)."""

    name: Name | None
    value: float


@dataclass(frozen=True)
class Sum:
    """The terms, from left to right."""

    terms: tuple[Expression, ...]

    @property
    def value(self) -> float:
        return float(np.sum([term.value for term in self.terms]))


@dataclass(frozen=True)
class Minus:
    """−x."""

    operand: Expression

    @property
    def value(self) -> float:
        return -self.operand.value


@dataclass(frozen=True)
class Product:
    """The factors, from left to right."""

    factors: tuple[Expression, ...]

    @property
    def value(self) -> float:
        return prod(factor.value for factor in self.factors)


@dataclass(frozen=True)
class Quotient:
    """``numerator`` / ``denominator``."""

    numerator: Expression
    denominator: Expression

    @property
    def value(self) -> float:
        with np.errstate(all="ignore"):  # ±inf and nan, as in the engine's arrays
            return float(np.float64(self.numerator.value) / self.denominator.value)


@dataclass(frozen=True)
class Power:
    """``base`` to a whole exponent."""

    base: Expression
    exponent: int

    @property
    def value(self) -> float:
        with np.errstate(all="ignore"):
            return float(np.float64(self.base.value) ** self.exponent)


@dataclass(frozen=True)
class Maximum:
    """The larger of two, such as relu's max(0, z)."""

    first: Expression
    second: Expression

    @property
    def value(self) -> float:
        return float(np.maximum(self.first.value, self.second.value))


@dataclass(frozen=True)
class Function:
    """A key of ``functions.FUNCTIONS``, or an activation (with ′: its slope), of an argument."""

    name: str
    argument: Expression

    @property
    def value(self) -> float:
        if self.name == "sqrt" and isinstance(self.argument, Sum):
            roots = [term.base.value for term in self.argument.terms if _is_square(term)]
            if len(roots) == len(self.argument.terms):
                return length(roots)  # the squares may overflow where the root does not
        return value_of(self.name, self.argument.value)


def _is_square(term: Expression) -> TypeGuard[Power]:
    return isinstance(term, Power) and term.exponent == 2


Expression = Symbol | Sum | Minus | Product | Quotient | Power | Maximum | Function


def symbols(expression: Expression) -> Iterator[Symbol]:
    """All symbols of an expression, from left to right."""
    parts: tuple[Expression, ...]
    match expression:
        case Symbol():
            yield expression
            return
        case Sum(parts) | Product(parts):
            pass
        case Quotient(first, second) | Maximum(first, second):
            parts = (first, second)
        case Power(inner, _) | Minus(inner) | Function(_, inner):
            parts = (inner,)
    for part in parts:
        yield from symbols(part)


def number(value: float) -> Symbol:
    """A plain number."""
    return Symbol(None, float(value))


def exp(x: Expression) -> Function:
    """eˣ."""
    return Function("exp", x)


def difference(x: Expression, y: Expression) -> Sum:
    """x − y."""
    return Sum((x, Minus(y)))


ONE = number(1.0)
