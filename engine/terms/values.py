"""The values of expressions, row by row."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from operator import mul
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Array, Bools, distinct
from engine.errors import DataError, RowError
from engine.quoting import MAX_CHARACTERS
from engine.terms.expressions import (
    Call,
    Expression,
    Indicator,
    Number,
    Power,
    Product,
    Sum,
    Variable,
    text_of,
    variables_of,
)
from engine.wording import listed

Texts = NDArray[np.str_]
Columns = Mapping[str, Array | Texts]

COMPUTED: dict[str, Callable[[Array], Array]] = {
    "log": np.log,
    "exp": np.exp,
    "sqrt": np.sqrt,
    "sin": np.sin,
    "cos": np.cos,
}
MAX_LISTED = 4  # columns in a message
DOMAINS = {"log": "log takes numbers above 0", "sqrt": "sqrt takes no number below 0"}


def is_text(column: Array | Texts) -> bool:
    """Whether a column is one of texts."""
    return column.dtype.kind == "U"


def labels_of(column: Array | Texts) -> list[str]:
    """The levels of a column: texts in alphabetical order, or numbers in theirs, as text."""
    if is_text(column):
        return sorted({*column.tolist()})
    return [f"{int(x)}" if x.is_integer() and abs(x) < 1e15 else repr(x)
            for x in distinct(column).tolist()]  # fmt: skip


def has_level(column: Array | Texts, level: str) -> Bools:
    """In which rows (n,) a column has a level: this text, or this number."""
    if is_text(column):
        rows: Bools = column == level
        return rows
    try:
        equal: Bools = column == float(level)
    except ValueError:
        return np.zeros(len(column), dtype=bool)
    return equal


def evaluated(expression: Expression, columns: Columns) -> Array:
    """The values (n,) of an expression; NaN or ±inf where it has none. DataError for a column of
    texts in arithmetic."""
    with np.errstate(all="ignore"):
        return np.asarray(_float_values(expression, columns), dtype=np.float64)


def _float_values(expression: Expression, columns: Columns) -> Any:
    match expression:
        case Number(text):
            return float(text)
        case Variable(name):
            return _numbers(name, columns)
        case Indicator(column, level):
            return has_level(columns[column], level).astype(np.float64)
        case Call(function, argument):
            return COMPUTED[function](_float_values(argument, columns))
    return _combined(expression, lambda inner: _float_values(inner, columns))


def _combined(expression: Expression, value: Callable[[Expression], Any]) -> Any:
    """A power, sum or product of values, from left to right."""
    match expression:
        case Power(base, exponent):
            return reduce(mul, [value(base)] * exponent)
        case Sum(((sign, first), *rest)):
            total = -value(first) if sign == "-" else value(first)
            for sign, part in rest:
                total = total - value(part) if sign == "-" else total + value(part)
            return total
        case Product(((_, first), *rest)):
            result = value(first)
            for sign, part in rest:
                result = result / value(part) if sign == "/" else result * value(part)
            return result
    raise AssertionError(expression)


def _numbers(name: str, columns: Columns) -> Array:
    column = columns[name]
    if is_text(column):
        raise DataError(
            f"{name} is a column of texts: it is a term by itself or in a product of terms, "
            "and no number to compute with"
        )
    return column.astype(np.float64, copy=False)


def checked(expression: Expression, columns: Columns) -> Array:
    """``evaluated``; RowError, with the row and the value there, where it is not finite."""
    values = evaluated(expression, columns)
    values = np.broadcast_to(values, (len(next(iter(columns.values()))),))
    faulty = ~np.isfinite(values)
    if faulty.any():
        raise _fault(expression, columns, faulty)
    return values


def _fault(expression: Expression, columns: Columns, faulty: Bools) -> RowError:
    """The error of the innermost expression that is not finite in the first faulty row."""
    rows = np.flatnonzero(faulty)
    one = {name: columns[name][rows[:1]] for name in variables_of(expression)}
    inner = _innermost(expression, one)
    shown = []
    for name in variables_of(inner):
        value = one[name][0]
        shown.append(f"{name} is {value if is_text(one[name]) else f'{float(value):.6g}'}")
    if isinstance(inner, Variable):
        why = "not a finite number"
    elif isinstance(inner, Call) and inner.function in DOMAINS:
        why = DOMAINS[inner.function]
    elif isinstance(inner, Product) and any(sign == "/" for sign, _ in inner.parts):
        why = "its quotient is not a finite number"
    else:
        why = "the result is beyond the range of float64"
    subject = inner.name if isinstance(inner, Variable) else text_of(expression)
    return RowError(cut(subject), rows.tolist(), f"{listed(shown, MAX_LISTED)}; {why}")


def cut(text: str) -> str:
    """A text, cut to the length that a message may quote."""
    return text if len(text) <= MAX_CHARACTERS else f"{text[: MAX_CHARACTERS - 1]}…"


def _innermost(expression: Expression, row: Columns) -> Expression:
    parts: Sequence[Expression] = ()
    match expression:
        case Call(_, inner) | Power(inner, _):
            parts = (inner,)
        case Sum(several) | Product(several):
            parts = tuple(part for _, part in several)
    for part in parts:
        if not np.isfinite(evaluated(part, row)).all():
            return _innermost(part, row)
    return expression


def exact_values(
    expression: Expression, columns: Mapping[str, NDArray[np.object_]]
) -> NDArray[np.object_] | None:
    """The values (n,) of an expression as Fractions, for columns (n,) of Fractions; None where
    they are irrational: of functions, and of a quotient by 0.

    Indicators are read off the texts or numbers that ``evaluated`` takes, so they are None too.
    """
    try:
        result: NDArray[np.object_] = np.asarray(_fractions(expression, columns), dtype=object)
    except (ZeroDivisionError, _Irrational):
        return None
    return result


class _Irrational(Exception):
    """A function of numbers has no exact value."""


def _fractions(expression: Expression, columns: Mapping[str, NDArray[np.object_]]) -> Any:
    match expression:
        case Number(text):
            return Fraction(text)
        case Variable(name):
            return columns[name]
        case Indicator() | Call():
            raise _Irrational
    return _combined(expression, lambda inner: _fractions(inner, columns))
