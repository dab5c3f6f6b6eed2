"""A sum written as a column of terms, and the operations applied to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10

import numpy as np

from engine.explain.expression import Expression, Minus, Product, Quotient, Sum, Symbol

MAX_DECIMALS = 9


@dataclass(frozen=True)
class SumColumn:
    """A sum to be written as a column; ``operations`` apply to it: × factor, ÷ divisor, −."""

    terms: Sequence[Expression]
    operations: tuple[tuple[str, Expression | None], ...] = ()

    @property
    def total(self) -> float:
        """The sum of the terms, before the operations."""
        return float(np.sum([term.value for term in self.terms]))

    @property
    def decimals(self) -> int | None:
        """Decimals that show two digits of the smallest term, 0 for counts; None if three are
        enough, or if it would take too many."""
        sizes = [abs(term.value) for term in self.terms]
        if max(sizes) > 1 and all(
            isinstance(t, Symbol) and float(t.value).is_integer() for t in self.terms
        ):
            return 0
        smallest = min((size for size in sizes if size), default=1.0)
        if not smallest < 1e-3 or not max(sizes) < 1e3:
            return None
        decimals = 1 - floor(log10(smallest))
        return decimals if decimals <= MAX_DECIMALS else None


def sum_column(expression: Expression) -> SumColumn | None:
    """An expression as a sum of terms with operations; a product is a sum of one term."""
    match expression:
        case Sum(terms) if terms:
            return SumColumn(terms)
        case Product(factors):
            for i, factor in enumerate(factors):
                inner = None if isinstance(factor, Product) else sum_column(factor)
                if inner is not None:
                    others = (("×", other) for other in (*factors[:i], *factors[i + 1 :]))
                    return SumColumn(inner.terms, (*inner.operations, *others))
            return SumColumn((expression,))
        case Quotient(over, under):
            inner = sum_column(over)
            return inner and SumColumn(inner.terms, (*inner.operations, ("÷", under)))
        case Minus(of):
            inner = sum_column(of)
            return inner and SumColumn(inner.terms, (*inner.operations, ("−", None)))
    return None
