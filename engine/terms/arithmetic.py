"""Arithmetic of columns, as in I(wt + 2*hp) and log(wt): a parser by recursive descent.

sum       ["-"] product {("+" | "-") product}
product   signed {("*" | "/") signed}
signed    "-" signed | power
power     atom ["^" whole number]
atom      number | column | column "=" level | function "(" sum ")" | "(" sum ")"
"""

from collections.abc import Sequence

from engine.terms.cursor import Cursor
from engine.terms.expressions import (
    FUNCTIONS,
    Call,
    Expression,
    Indicator,
    Number,
    Product,
    Sum,
    Variable,
    powered,
    variables_of,
)
from engine.terms.limits import MAX_EXPONENT
from engine.terms.tokens import NAME, NUMBER, POWER, Token


def read_expression(text: str, names: Sequence[str], use: str = "the target") -> Expression:
    """The expression that a text stands for, such as ``log(mpg)`` or ``deaths/years``.

    TermError, with the place, for another text, or for a sum outside brackets: ``use`` is one
    expression, not a sum of terms.
    """
    if text in names:
        return Variable(text)
    cursor = Cursor(text, names)
    expression = product(cursor)
    if cursor.at("+", "-"):
        raise cursor.fault(f"{use} is one expression, not a sum of terms; I(a + b) is their sum")
    cursor.expect_end("an operator or the end")
    check_has_column(cursor, expression, cursor.tokens[0])
    return expression


def check_has_column(cursor: Cursor, expression: Expression, token: Token) -> None:
    """TermError, at a token, for an expression that is the same in all rows."""
    if not variables_of(expression):
        raise cursor.fault("there is no column in it", token)


def sum_of_products(cursor: Cursor) -> Expression:
    """The longest sum from here on."""
    sign = "-" if cursor.at("-") else "+"
    if sign == "-":
        cursor.take()
    parts = [(sign, product(cursor))]
    while cursor.at("+", "-"):
        sign = cursor.take().text
        parts.append((sign, product(cursor)))
    return parts[0][1] if len(parts) == 1 and parts[0][0] == "+" else Sum(tuple(parts))


def product(cursor: Cursor) -> Expression:
    """The longest product from here on."""
    parts = [("*", _signed(cursor))]
    while cursor.at("*", "/"):
        sign = cursor.take().text
        parts.append((sign, _signed(cursor)))
    if cursor.at(":"):
        raise cursor.fault("':' stands between terms; a product of numbers is a*b here")
    return parts[0][1] if len(parts) == 1 else Product(tuple(parts))


def _signed(cursor: Cursor) -> Expression:
    if not cursor.at("-"):
        return power_of(cursor, _atom(cursor))
    cursor.take()
    with cursor.nested():
        return Sum((("-", _signed(cursor)),))


def _atom(cursor: Cursor) -> Expression:
    token = cursor.token
    if token.kind == NUMBER:
        return number(cursor)
    if cursor.at("("):
        return bracketed(cursor)
    if is_call(cursor, "C"):
        raise cursor.fault("a category is no number: C() stands alone, or in a product of terms")
    if is_call(cursor, "I"):
        cursor.take()
        return bracketed(cursor)
    if token.kind != NAME:
        raise cursor.fault(f"a column, a number, a function or '(' expected, {cursor.found()}")
    return named(cursor)


def number(cursor: Cursor) -> Number:
    """Take a number; TermError if it is beyond the range of float64."""
    token = cursor.take()
    value = float(token.text)
    digits = token.text.lower().partition("e")[0]
    if value == float("inf") or (value == 0.0 and digits.strip("0.")):
        raise cursor.fault("this number is beyond the range of float64", token)
    return Number(token.text)


def bracketed(cursor: Cursor) -> Expression:
    """Take a sum in round brackets."""
    cursor.expect("(", "here")
    with cursor.nested():
        inner = sum_of_products(cursor)
    cursor.expect(")", "to close the bracket")
    return inner


def is_call(cursor: Cursor, *functions: str) -> bool:
    """Whether one of these names with an opening bracket comes next."""
    token, following = cursor.token, cursor.following
    is_name = token.kind == NAME and not token.quoted and token.text in functions
    return is_name and following.kind == "sign" and following.text == "("


def named(cursor: Cursor) -> Expression:
    """Take a function with its argument, a column, or a level of one."""
    token, following = cursor.token, cursor.following
    is_function = not token.quoted and token.text in FUNCTIONS
    if is_call(cursor, *FUNCTIONS):
        cursor.take()
        start = cursor.following
        argument = bracketed(cursor)
        check_has_column(cursor, argument, start)
        return Call(token.text, argument)
    if is_function and following.kind == NAME:
        cursor.take()
        argument = Variable(cursor.column())
        if cursor.at("^") or cursor.token.kind == POWER:
            name = argument.name
            raise cursor.fault(f"write {token.text}({name})^2, or {token.text}({name}^2)")
        return Call(token.text, argument)
    is_bracket = following.kind == "sign" and following.text == "("
    if is_bracket and not token.quoted and cursor.known(token.text) is None:
        known = ", ".join((*FUNCTIONS, "C", "I"))
        raise cursor.fault(f"no function {token.text[:60]!r}; there are: {known}")
    if following.kind != "sign" or following.text != "=":
        return Variable(cursor.column())
    cursor.take()
    cursor.take()
    level = cursor.level()
    exact = cursor.known(f"{token.text}={level}")  # an indicator that is a column of the data
    if exact is not None:
        return Variable(exact)
    column = cursor.known(token.text)
    if column is None:
        raise cursor.no_column(token)
    return Indicator(column, level)


def power_of(cursor: Cursor, base: Expression) -> Expression:
    """A base with the power that follows it, if one does."""
    exponent = exponent_of(cursor)
    if cursor.at("^") or cursor.token.kind == POWER:
        raise cursor.fault("a power of a power: write one exponent, or brackets")
    return powered(base, exponent)


def exponent_of(cursor: Cursor) -> int:
    """Take an exponent; 1 if there is none. TermError unless it is a whole number from 1 to 12."""
    if cursor.token.kind == POWER:
        token = cursor.take()
    elif cursor.at("^"):
        cursor.take()
        if cursor.token.kind != NUMBER:
            raise cursor.fault(_wanted_exponent(cursor.found()))
        token = cursor.take()
    else:
        return 1
    digits = token.text.lstrip("0")
    if digits.isdecimal() and len(digits) <= 2 and int(digits) <= MAX_EXPONENT:
        return int(digits)
    raise cursor.fault(_wanted_exponent(f"not {token.text[:20]}"), token)


def _wanted_exponent(found: str) -> str:
    return f"a power is a whole number from 1 to {MAX_EXPONENT}, {found}"
