"""Expressions of columns: what is computed for each row, and how it is written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

from engine.terms.limits import MAX_EXPONENT
from engine.terms.tokens import SUPERSCRIPTS, is_number, is_plain

FUNCTIONS = ("log", "exp", "sqrt", "sin", "cos")


@dataclass(frozen=True)
class Number:
    """A number, as it is written: digits, a decimal point, an exponent."""

    text: str


@dataclass(frozen=True)
class Variable:
    """A column of numbers."""

    name: str


@dataclass(frozen=True)
class Indicator:
    """1 in the rows where a column has this level, else 0."""

    column: str
    level: str


@dataclass(frozen=True)
class Call:
    """One of ``FUNCTIONS``, of an expression."""

    function: str
    argument: Expression


@dataclass(frozen=True)
class Power:
    """A product of equal factors; ``exponent`` is 2 to ``MAX_EXPONENT``."""

    base: Expression
    exponent: int


@dataclass(frozen=True)
class Sum:
    """Parts with their signs, + or −."""

    parts: tuple[tuple[str, Expression], ...]


@dataclass(frozen=True)
class Product:
    """Parts with their signs, * or /; that of the first is *."""

    parts: tuple[tuple[str, Expression], ...]


Expression: TypeAlias = Number | Variable | Indicator | Call | Power | Sum | Product


@dataclass(frozen=True)
class Category:
    """A column, each of whose values is a level of its own. ``reference`` is the level that the
    others are compared with, None for the first."""

    column: str
    reference: str | None = None


@dataclass(frozen=True)
class Style:
    """How expressions are written: with ² or with ^2; sin x or sin(x)."""

    superscripts: bool = False
    bare_arguments: bool = False


TYPED = Style()
SHOWN = Style(superscripts=True)
OF_INPUTS = Style(superscripts=True, bare_arguments=True)


def variables_of(expression: Expression) -> tuple[str, ...]:
    """The columns of an expression, each once, as they first occur."""
    match expression:
        case Variable(name) | Indicator(name, _):
            return (name,)
        case Call(_, inner) | Power(inner, _):
            return variables_of(inner)
        case Sum(parts) | Product(parts):
            return tuple(dict.fromkeys(name for _, p in parts for name in variables_of(p)))
    return ()


def degree(expression: Expression) -> int | None:
    """The degree of an expression as a polynomial of its columns; None if it is none."""
    match expression:
        case Number():
            return 0
        case Variable():
            return 1
        case Power(base, exponent):
            inner = degree(base)
            return None if inner is None else inner * exponent
        case Sum(parts):
            degrees = [degree(part) for _, part in parts]
            known = [d for d in degrees if d is not None]
            return max(known) if len(known) == len(degrees) else None
        case Product(parts):
            total = 0
            for sign, part in parts:
                inner = degree(part)
                if inner is None or (sign == "/" and inner):
                    return None
                total += inner
            return total
    return None


def factor_text(factor: Expression | Category, style: Style = TYPED) -> str:
    """A factor of a term: ``wt``, ``log(wt)``, ``C(cyl)``, ``I(wt + hp)``."""
    if isinstance(factor, Category):
        reference = "" if factor.reference is None else f", ref={quoted_level(factor.reference)}"
        return f"C({quoted(factor.column)}{reference})"
    text = text_of(factor, style)
    inner = factor.base if isinstance(factor, Power) else factor
    return f"I({text})" if isinstance(inner, Sum | Product | Number) else text


def powered(base: Expression, exponent: int) -> Expression:
    """A base to a power: (x²)³ is x⁶, and powers of 0 and 1 are 0 and 1."""
    if isinstance(base, Indicator):
        return base
    if isinstance(base, Power) and base.exponent * exponent <= MAX_EXPONENT:
        return Power(base.base, base.exponent * exponent)
    return base if exponent == 1 else Power(base, exponent)


def text_of(expression: Expression, style: Style = TYPED) -> str:
    """An expression as it may be typed, in this style."""
    match expression:
        case Number(text):
            return text
        case Variable(name):
            return quoted(name)
        case Indicator(column, level):
            return f"{quoted(column)}={quoted_level(level)}"
        case Call(function, argument):
            if style.bare_arguments and isinstance(argument, Variable):
                return f"{function} {quoted(argument.name)}"
            return f"{function}({text_of(argument, style)})"
        case Power(base, exponent):
            return _atom(base, style) + power_text(exponent, style)
        case Sum(parts):
            texts = [(s, _inner(part, style, Sum)) for s, part in parts]
            first = f"-{texts[0][1]}" if texts[0][0] == "-" else texts[0][1]
            return first + "".join(f" {s} {text}" for s, text in texts[1:])
        case Product(parts):
            texts = [(s, _inner(part, style, Sum | Product)) for s, part in parts]
            return texts[0][1] + "".join(f"{s}{text}" for s, text in texts[1:])


def power_text(exponent: int, style: Style) -> str:
    """``^2``, or ``²``."""
    if not style.superscripts:
        return f"^{exponent}"
    return "".join(SUPERSCRIPTS[int(digit)] for digit in str(exponent))


def quoted(name: str) -> str:
    """A column's name, in backticks where it needs them."""
    if is_plain(name) and name not in FUNCTIONS and name not in ("C", "I"):
        return name
    return f"`{name.replace('`', '``')}`"


def quoted_level(level: str) -> str:
    """A level, in quotation marks unless it is a plain name or a number."""
    return level if is_plain(level) or is_number(level) else '"' + level.replace('"', '""') + '"'


def _inner(part: Expression, style: Style, bracketed: object) -> str:
    text = text_of(part, style)
    return f"({text})" if isinstance(part, bracketed) else text  # type: ignore[arg-type]


def _atom(base: Expression, style: Style) -> str:
    text = text_of(base, replace(style, bare_arguments=False))
    return text if isinstance(base, Number | Variable | Call) else f"({text})"
