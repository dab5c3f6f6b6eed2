"""A calculation as a column: terms below each other, their sum, and what is done to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10

import numpy as np

from engine.explain.expression import Expression, Minus, Product, Quotient, Sum, Symbol

MOST_DECIMALS = 9


@dataclass(frozen=True)
class Column:
    """A sum to be written in a column, and what is done to it: × a factor, ÷ a divisor, −."""

    terms: Sequence[Expression]
    then: tuple[tuple[str, Expression | None], ...] = ()

    @property
    def total(self) -> float:
        """The sum of the terms, before what is done to it."""
        return float(np.sum([term.value for term in self.terms]))

    @property
    def decimals(self) -> int | None:
        """How many show two digits of the smallest term, and none of counts; None where three
        do, or where they would be too many."""
        sizes = [abs(term.value) for term in self.terms]
        if max(sizes) > 1 and all(
            isinstance(t, Symbol) and float(t.value).is_integer() for t in self.terms
        ):
            return 0
        smallest = min((size for size in sizes if size), default=1.0)
        if not smallest < 1e-3 or not max(sizes) < 1e3:
            return None
        decimals = 1 - floor(log10(smallest))
        return decimals if decimals <= MOST_DECIMALS else None


def column_of(expression: Expression) -> Column | None:
    """An expression as a sum of terms with what follows; a product is a sum of one."""
    match expression:
        case Sum(terms) if terms:
            return Column(terms)
        case Product(factors):
            for i, factor in enumerate(factors):
                inner = None if isinstance(factor, Product) else column_of(factor)
                if inner is not None:
                    others = (("×", other) for other in (*factors[:i], *factors[i + 1 :]))
                    return Column(inner.terms, (*inner.then, *others))
            return Column((expression,))
        case Quotient(over, under):
            inner = column_of(over)
            return inner and Column(inner.terms, (*inner.then, ("÷", under)))
        case Minus(of):
            inner = column_of(of)
            return inner and Column(inner.terms, (*inner.then, ("−", None)))
    return None
