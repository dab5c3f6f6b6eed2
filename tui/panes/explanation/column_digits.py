"""How many decimals the numbers of a column have, so that as printed they make its result."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from math import floor, inf, isfinite, log10, prod

from engine.explain import Expression
from engine.explain.expression import Minus, Product, Symbol
from engine.explain.rounding import HALF, is_count
from engine.notation import Name
from tui.drawing.numbers import CELLS, MINUS, TOO_LARGE, WIDE, num

MAX_MORE = 4  # decimals more than usual
USUAL = 3  # decimals of a number
SMALL = 1e-4  # below it numbers in formulas have exponents
TINY = 1e-9  # below it numbers have exponents in any case


@dataclass(frozen=True)
class ColumnDigits:
    """Decimals of the factors of a term, of the terms, of their sum and of the factors by which it
    is multiplied; None: as ``num`` writes them. ``exact``: the sum and the result are those of the
    printed numbers."""

    factors: int | None = None
    terms: int | None = None
    total: int | None = None
    operations: int | None = None
    exact: bool = True


AS_USUAL = ColumnDigits()
Fits = Callable[[int | None, int | None], bool]
"""Whether there is room for so many decimals of the factors and of the terms."""


@lru_cache(4096)  # the search for the fewest digits asks for the same ones again
def spelled(value: float, decimals: int | None) -> str:
    """With so many decimals; None, or too few for a figure: as ``num`` writes it, but with an
    exponent only where formulas have one."""
    usual = num(value, WIDE if TOO_LARGE <= abs(value) < inf else CELLS)
    if decimals is None and SMALL <= abs(value) < 10.0**-USUAL:
        decimals = USUAL + 2
    if decimals is None or not isfinite(value):
        return usual
    text = f"{value + 0.0:{'+' if value else ' '}.{decimals}f}"  # −0 is 0
    return usual if value and not float(text) else text.replace("-", MINUS)


def is_cost(name: Name | None) -> bool:
    """Whether it is C or C_x, which have no plus sign anywhere."""
    return name is not None and name.base in ("C", "C_x") and not name.function


def unsigned(text: str) -> str:
    """The text of a number with a blank for its plus sign."""
    return text.replace("+", " ", 1) if text.lstrip().startswith("+") else text


def printed(value: float, decimals: int | None) -> float:
    """The number that is read where a value is printed."""
    return float(spelled(value, decimals).replace(MINUS, "-"))


def printed_factor(factor: Expression, decimals: int | None) -> float:
    """The number that is read where a factor is printed; plain whole numbers are exact."""
    if isinstance(factor, Symbol) and is_count(factor):
        return factor.value
    return printed(factor.value, decimals)


def factor_text(factor: Expression, value: str, decimals: int | None) -> str:
    """A factor of a product that is printed as ``value``: both with exponents, or both without;
    plain whole numbers are exact."""
    if isinstance(factor, Symbol) and is_count(factor):
        return f"{factor.value:.0f}".replace("-", MINUS)
    size = abs(factor.value)
    if 0.0 < size < 10.0**-USUAL and "e" in value:
        return num(factor.value, CELLS if decimals is None else WIDE)
    if TINY <= size < 10.0**-USUAL:
        decimals = max(decimals or 0, 1 - floor(log10(size)))
    return spelled(factor.value, decimals)


def makes(found: float, value: float, decimals: int | None) -> bool:
    """Whether a number computed from printed ones is the value as printed; half way, either."""
    if not isfinite(value):
        return True
    text = spelled(value, decimals)
    return any(spelled(found * near, decimals) == text for near in (1.0, 1.0 - HALF, 1.0 + HALF))


def term_is_exact(term: Expression, digits: ColumnDigits) -> bool:
    """Whether the factors of a product, as printed, make the product as printed."""
    sign, inner = (-1.0, term.operand) if isinstance(term, Minus) else (1.0, term)
    if not isinstance(inner, Product):
        return True
    value = spelled(term.value, digits.terms)
    found = sign * prod(
        float(factor_text(factor, value, digits.factors).replace(MINUS, "-"))
        for factor in inner.factors
    )
    return makes(found, term.value, digits.terms)


@dataclass(frozen=True)
class TermColumn:
    """What a column shows: terms, what the others come to together (0.0 if there are none), the
    operations on the sum, and the result, with ``decimals`` (None: as ``num`` writes it)."""

    terms: Sequence[Expression]
    others: float
    operations: Sequence[tuple[str, Expression | None]]
    result: float
    decimals: int | None

    def usual_digits(self) -> ColumnDigits:
        """Those that need no search: they stay as they are from one step to the next."""
        usual = ColumnDigits(None, self.decimals, self.decimals)
        return usual if self._is_exact(usual) else replace(usual, exact=False)

    def digits(self, fits: Fits) -> ColumnDigits:
        """The fewest digits with which all is exact and that ``fits``; else those for the sum, for
        the terms, or the usual ones."""
        start = next(self._of_sum(fits), None) or self.usual_digits()
        for factors in (None, *range(USUAL + 1, USUAL + 2 * MAX_MORE)):
            digits = replace(start, factors=factors)
            if all(term_is_exact(term, digits) for term in self.terms):
                return digits if factors is None or fits(factors, digits.terms) else start
        return start

    def _of_sum(self, fits: Fits) -> Iterator[ColumnDigits]:
        """Digits of terms, sum and operations that fit and make the sum and the result."""
        more = [
            self.decimals,
            *range((self.decimals or USUAL) + 1, (self.decimals or USUAL) + 1 + MAX_MORE),
        ]
        single = len(self.terms) == 1 and not self.others
        for total, operations, terms in product(
            more if self.operations else more[:1],
            (None, *range(USUAL + 1, USUAL + MAX_MORE)) if self.operations else (None,),
            more,
        ):
            digits = ColumnDigits(None, terms, terms if single else total, operations)
            if (single and total != terms) or (terms or USUAL) < (total or USUAL):
                continue
            usual = (total, operations, terms) == (self.decimals, None, self.decimals)
            if (usual or fits(None, terms)) and self._is_exact(digits):
                yield digits

    def _is_exact(self, digits: ColumnDigits) -> bool:
        total = sum(term.value for term in self.terms) + self.others
        found = sum(printed(term.value, digits.terms) for term in self.terms)
        found += printed(self.others, digits.terms) if self.others else 0.0
        if not isfinite(total):
            return True
        if not self.operations:
            return makes(found, self.result, self.decimals)
        if len(self.terms) > 1 or self.others:
            if not makes(found, total, digits.total):
                return False
            found = printed(total, digits.total)
        for sign, factor in self.operations:
            if factor is None:
                found = -found
                continue
            by = printed_factor(factor, digits.operations)
            if sign == "÷" and by == 0.0:
                return True
            found = found / by if sign == "÷" else found * by
        return makes(found, self.result, self.decimals)
