"""Inputs of a network, computed from the data's columns: x₁², x₁x₂, log x₁, C(x).

The terms are those of a model (``engine.terms.formula``), each an input of its own, so that * is
the product alone. A category becomes an input for each level.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from unicodedata import normalize

import numpy as np

from engine.arrays import Array
from engine.errors import DataError
from engine.terms.arithmetic import bracketed, check_has_column, is_call, named, power_of
from engine.terms.coding import levels_of
from engine.terms.cursor import Cursor
from engine.terms.expressions import (
    OF_INPUTS,
    Category,
    Expression,
    Indicator,
    Power,
    Product,
    Variable,
    degree,
    factor_text,
    power_text,
    powered,
    variables_of,
)
from engine.terms.formula import Factor, category
from engine.terms.limits import MAX_CHARACTERS, MAX_COLUMNS, MAX_EXPONENT, MAX_LEVELS
from engine.terms.short_forms import read_short_form
from engine.terms.tokens import NAME, NUMBER
from engine.terms.values import checked, cut, evaluated
from engine.wording import count, plural


@dataclass(frozen=True)
class Feature:
    """An expression of columns.

    ``columns`` are the positions, counted from 0, of the ``variables`` that it names.
    """

    name: str
    columns: tuple[int, ...]
    variables: tuple[str, ...]
    expression: Expression

    @property
    def is_column(self) -> bool:
        """Whether it is a column itself."""
        return isinstance(self.expression, Variable)

    @property
    def is_step(self) -> bool:
        """Whether it is 1 for one level of a column and 0 for the others."""
        return isinstance(self.expression, Indicator)

    def __call__(self, rows: Array) -> Array:
        """Its values (n,) for rows (n, d) of the columns; NaN or ±inf where it has none."""
        values = evaluated(self.expression, self._table(rows))
        return np.array(np.broadcast_to(values, (len(rows),)))

    def check(self, rows: Array) -> None:
        """RowError for the first of the rows (n, d) where it has no value."""
        checked(self.expression, self._table(rows))

    def _table(self, rows: Array) -> dict[str, Array]:
        # contiguous: functions of strided arrays can differ in their last bits
        return {
            name: np.ascontiguousarray(rows[:, column])
            for name, column in zip(self.variables, self.columns, strict=True)
        }


class FeatureReader:
    """Reads the inputs that can be computed from columns of these ``names``.

    ``rows`` (n, d) are their values; without them C(x) of a column of numbers cannot be read. A
    column of texts is given as its indicators, named "column=level".
    """

    def __init__(self, names: Sequence[str], rows: Array | None = None) -> None:
        self.names, self.rows = tuple(names), rows
        self.positions = {normalize("NFKC", name): j for j, name in enumerate(names)}
        self.positions |= {name: j for j, name in enumerate(names)}
        self.levels: dict[str, list[str]] = {}
        for name in names:
            column, equals, level = name.partition("=")
            if equals and column:
                self.levels.setdefault(column, []).append(level)
        self.levels = {
            column: levels
            for column, levels in self.levels.items()
            if len(levels) > 1 and column not in self.positions
        }

    def read(self, text: str) -> tuple[Feature, ...]:
        """The inputs that a text stands for: one, or one for each level of a category.

        DataError, saying what is wrong, for a text that stands for none.
        """
        text = text.strip()
        if text in self.positions:
            column = self.positions[text]
            name = self.names[column]
            return (Feature(name, (column,), (name,), Variable(name)),)
        if len(text) <= MAX_CHARACTERS:
            short = read_short_form(text, self.names, self.positions)
            if short is not None:
                return (self._feature(text, short),)
        cursor = Cursor(text, (*self.names, *self.levels))
        choices = [self._choices(factor) for factor in _factors(cursor)]
        check_count(prod(len(factors) for factors in choices))
        combinations = [_product(cursor, one, self.names) for one in product(*choices)]
        if len(combinations) == 1:
            return (self._feature(text, combinations[0]),)
        return tuple(self._feature("", expression) for expression in combinations)

    def _feature(self, text: str, expression: Expression) -> Feature:
        texts = [name for name in variables_of(expression) if name in self.levels]
        if texts:
            raise DataError(
                f"{cut(text)}: {texts[0]} is a column of texts, no number to compute with"
            )
        found = degree(expression)
        if found is not None and found < 2 and not isinstance(expression, Variable):
            raise DataError(
                f"{cut(text)} is a weighted sum of columns, which the first layer makes itself: "
                "name the columns"
            )
        name = name_of(expression)
        if text and name in self.positions and not isinstance(expression, Variable):
            name = text  # the name is that of a column
        if len(name) > MAX_CHARACTERS:  # it could not be read again
            raise DataError(f"its name is too long: {MAX_CHARACTERS} characters at most")
        variables = variables_of(expression)
        return Feature(name, tuple(map(self.names.index, variables)), variables, expression)

    def _choices(self, factor: Factor) -> list[Expression]:
        """A factor, or the indicators of the levels of a category."""
        if isinstance(factor, Variable) and factor.name in self.levels:
            factor = Category(factor.name)
        if not isinstance(factor, Category):
            return [factor]
        column, reference = factor.column, factor.reference
        if column in self.levels:
            levels = self.levels[column]
            if reference is not None and reference not in levels:
                there = ", ".join(levels[:8])
                raise DataError(f"{reference!r} is no level of {column}; there are: {there}")
            return [Variable(f"{column}={level}") for level in levels if level != reference]
        if self.rows is None:
            raise DataError(f"the levels of C({column}) are those of the data")
        values = {column: self.rows[:, self.positions[column]]}
        numbers = levels_of(column, values, reference)
        if len(numbers) > MAX_LEVELS:
            many = plural(len(numbers), "different number")
            raise DataError(f"C({column}): {column} has {many}, more than {MAX_LEVELS}")
        kept = numbers if reference is None else numbers[1:]
        return [Indicator(column, level) for level in kept]


def check_count(inputs: int) -> None:
    """DataError for too many inputs that are computed from columns."""
    if inputs > MAX_COLUMNS:
        many = plural(inputs, "input")
        raise DataError(f"{many}, more than {count(MAX_COLUMNS)}: take products of categories out")


def _factors(cursor: Cursor) -> list[Factor]:
    """The factors of the product that is the whole text."""
    factors = [_factor(cursor)]
    while cursor.at("*", ":"):
        cursor.take()
        factors.append(_factor(cursor))
    if cursor.at("+", "-"):
        raise cursor.fault("inputs stand in a list, with commas; I(a + b^2) is the value of a sum")
    if cursor.at("/"):
        raise cursor.fault("'/' stands inside I(): I(a/b) is a divided by b")
    cursor.expect_end("'*', ':' or the end")
    return factors


def _factor(cursor: Cursor) -> Factor:
    token = cursor.token
    if is_call(cursor, "C"):
        return category(cursor)
    if cursor.at("("):
        cursor.take()
        with cursor.nested():
            inner = _factor(cursor)
        cursor.expect(")", "to close the bracket; sums stand inside I()")
        if isinstance(inner, Category):
            return inner
    elif is_call(cursor, "I"):
        cursor.take()
        inner = bracketed(cursor)
        check_has_column(cursor, inner, token)
    elif token.kind in (NAME, NUMBER):
        if token.kind == NUMBER:
            raise cursor.fault("a number stands inside I()")
        inner = named(cursor)
    else:
        raise cursor.fault(f"a column or a function expected, {cursor.found()}")
    return power_of(cursor, inner)


def _product(cursor: Cursor, factors: Sequence[Expression], names: Sequence[str]) -> Expression:
    """The product of factors, columns first in their order, equal ones as powers."""
    exponents: dict[Expression, int] = {}
    for factor in factors:
        base, exponent = (
            (factor.base, factor.exponent) if isinstance(factor, Power) else (factor, 1)
        )
        exponents[base] = exponents.get(base, 0) + exponent
        if exponents[base] > MAX_EXPONENT:
            raise cursor.fault(f"a power above {MAX_EXPONENT}", cursor.tokens[0])
    columns = [base for base in exponents if isinstance(base, Variable)]
    columns.sort(key=lambda variable: names.index(variable.name))
    others = [base for base in exponents if not isinstance(base, Variable)]
    parts = [powered(base, exponents[base]) for base in (*columns, *others)]
    return parts[0] if len(parts) == 1 else Product(tuple(("*", part) for part in parts))


def name_of(expression: Expression) -> str:
    """The name of an input on the screens; read again, it is the same input."""
    match expression:
        case Variable(name):
            return name
        case Power(Variable(name), exponent):
            return name + power_text(exponent, OF_INPUTS)
        case Indicator(column, level):
            return f"{column}={level}"
        case Product(((_, Variable(first)), ("*", Variable(second)))):
            return ("" if _is_short(first) and _is_short(second) else "·").join((first, second))
        case Product(parts) if all(sign == "*" for sign, _ in parts):
            return "·".join(factor_text(part, OF_INPUTS) for _, part in parts)
    return factor_text(expression, OF_INPUTS)


def _is_short(name: str) -> bool:
    """Whether a name is a letter, with or without an index: x₁."""
    return "a" <= name[:1] <= "z" and not name[1:].strip("₀₁₂₃₄₅₆₇₈₉")


def checked_values(features: Sequence[Feature], rows: Array, largest: float) -> Array:
    """The features (n, m) of rows (n, d); DataError where a value is larger than ``largest``, or
    where there is none."""
    with np.errstate(all="ignore"):
        values = np.column_stack([feature(rows) for feature in features])
        too_large = ~(np.abs(values).max(axis=0) <= largest)
    if too_large.any():
        feature = features[int(too_large.argmax())]
        if degree(feature.expression) is None:
            feature.check(rows)
        raise DataError(
            f"{feature.name} goes beyond {largest:g}: choose a lower power, or leave it out"
        )
    return values


def moved(feature: Feature, position: dict[int, int]) -> Feature:
    """The same feature of other rows, with the columns at these positions."""
    return replace(feature, columns=tuple(position[column] for column in feature.columns))
