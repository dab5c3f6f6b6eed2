"""The columns of the terms of a model, with R's treatment coding of categories."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import TypeAlias, TypeVar

import numpy as np

from engine.arrays import Array
from engine.errors import DataError
from engine.quoting import shown
from engine.terms.expressions import (
    SHOWN,
    Category,
    Expression,
    Power,
    Variable,
    factor_text,
    power_text,
)
from engine.terms.formula import Factor, Term
from engine.terms.values import Columns, checked, has_level, is_text, labels_of
from engine.wording import listed

MAX_LISTED = 8  # levels in a message


@dataclass(frozen=True)
class CodedCategory:
    """A category and the levels that get a column of their own."""

    column: str
    levels: tuple[str, ...]


CodedFactor: TypeAlias = Expression | CodedCategory
Choice = TypeVar("Choice")


@dataclass(frozen=True)
class CodedTerm:
    """A term with its name, its variables and how each factor becomes columns."""

    name: str
    variables: frozenset[str]
    factors: tuple[CodedFactor, ...]

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of its columns; the levels of the first category vary fastest, as in R."""
        return tuple(":".join(names) for names in _crossed([_names(f) for f in self.factors]))

    @property
    def parts(self) -> tuple[tuple[Expression | tuple[str, str], ...], ...]:
        """Of each column the factors: expressions, and categories with their level."""
        return tuple(_crossed([_parts(factor) for factor in self.factors]))

    @property
    def column_count(self) -> int:
        """How many columns it has."""
        counts = [len(f.levels) if isinstance(f, CodedCategory) else 1 for f in self.factors]
        return int(np.prod(counts, dtype=object))


def with_categories(terms: Sequence[Term], columns: Columns) -> tuple[list[Term], dict[str, str]]:
    """The terms with columns of texts as categories and without references, which are returned
    by column; DataError where two terms want other references. Terms that are now equal are one."""
    references: dict[str, str] = {}
    found: dict[frozenset[Factor], Term] = {}
    for term in terms:
        factors: list[Factor] = []
        for factor in term:
            if isinstance(factor, Variable) and is_text(columns[factor.name]):
                factor = Category(factor.name)
            if isinstance(factor, Category) and factor.reference is not None:
                name, level = factor.column, factor.reference
                if references.setdefault(name, level) != level:
                    both = f"{references[name]!r} and {level!r}"
                    raise DataError(f"C({name}) has two references, {both}: choose one")
                factor = replace(factor, reference=None)
            factors.append(factor)
        unique = tuple(dict.fromkeys(factors))
        found.setdefault(frozenset(unique), unique)
    return [*found.values()], references


def levels_of(column: str, columns: Columns, reference: str | None) -> tuple[str, ...]:
    """The levels of a category, the reference first; DataError if it is none of them."""
    levels = labels_of(columns[column])
    if reference is None:
        return tuple(levels)
    rows = has_level(columns[column], reference)
    if not rows.any():
        raise DataError(
            f"C({column}, ref={reference}): {shown(reference)} is no level of {column}; "
            f"there are: {listed(levels, MAX_LISTED)}"
        )
    (level,) = labels_of(columns[column][rows])
    return (level, *(other for other in levels if other != level))


def ordered(terms: Sequence[Term]) -> list[Term]:
    """The terms by their number of factors, otherwise as they were named; the factors of a term in
    the order in which the model first names them. As R does."""
    variables = list(dict.fromkeys(factor for term in terms for factor in term))
    position = {factor: i for i, factor in enumerate(variables)}
    return sorted((tuple(sorted(t, key=position.__getitem__)) for t in terms), key=len)


def coded(
    terms: Sequence[Term],
    levels: Mapping[str, Sequence[str]],
    intercept: bool,
    texts: Collection[str] = (),
) -> list[CodedTerm]:
    """How each of the ``ordered`` terms becomes columns. ``texts`` are the columns of texts, which
    are categories also without C().

    A category in a term has a column for each level but the reference, if an earlier term has all
    the other factors of the term (the intercept is a term without factors); else it has one for
    each level. Without an intercept the first category of the model has all. That is the rule of
    Chambers and Hastie (eds.), Statistical Models in S (1992), section 2.4.1, as R's
    ``terms.formula`` and ``model.matrix`` apply it.
    """
    result = []
    first = not intercept
    for i, term in enumerate(terms):
        factors: list[CodedFactor] = []
        for factor in term:
            if not isinstance(factor, Category):
                factors.append(factor)
                continue
            others = {*term} - {factor}
            is_margin = not others or any(others <= {*earlier} for earlier in terms[:i])
            skipped = 1 if is_margin and not first else 0
            first = False
            factors.append(CodedCategory(factor.column, tuple(levels[factor.column][skipped:])))
        names = [_factor_name(factor, texts) for factor in term]
        result.append(CodedTerm(":".join(names), frozenset(names), tuple(factors)))
    return result


def _factor_name(factor: Factor, texts: Collection[str]) -> str:
    if not isinstance(factor, Category):
        return _expression_name(factor)
    return factor.column if factor.column in texts else factor_text(factor)


def values_of(terms: Sequence[CodedTerm], columns: Columns, rows: int) -> Array:
    """The columns (n, p) of terms; RowError for a value that is not finite."""
    factors = {f: None for term in terms for f in term.factors if not isinstance(f, CodedCategory)}
    computed = {factor: checked(factor, columns) for factor in factors}
    parts = [part for term in terms for part in term.parts]
    X = np.ones((rows, len(parts)))
    with np.errstate(all="ignore"):
        for j, part in enumerate(parts):
            for factor in part:
                if isinstance(factor, tuple):
                    X[:, j] *= has_level(columns[factor[0]], factor[1])
                else:
                    X[:, j] *= computed[factor]
    return X


def _names(factor: CodedFactor) -> list[str]:
    if isinstance(factor, CodedCategory):
        return [f"{factor.column}={level}" for level in factor.levels]
    return [_expression_name(factor)]


def _expression_name(expression: Expression) -> str:
    """As it is shown: a column as the data call it, without backticks."""
    match expression:
        case Variable(name):
            return name
        case Power(Variable(name), exponent):
            return f"{name}{power_text(exponent, SHOWN)}"
    return factor_text(expression, SHOWN)


def _parts(factor: CodedFactor) -> list[Expression | tuple[str, str]]:
    if isinstance(factor, CodedCategory):
        return [(factor.column, level) for level in factor.levels]
    return [factor]


def _crossed(choices: Sequence[Sequence[Choice]]) -> list[tuple[Choice, ...]]:
    """All combinations of one of each, of which the first varies fastest."""
    return [tuple(reversed(one)) for one in product(*reversed(choices))]
