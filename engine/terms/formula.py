"""The text of a model, such as ``wt*hp + log(disp) - 1``, as a list of terms.

    model     ["-"] crossing {("+" | "-") crossing}
    crossing  interaction {"*" interaction}         a*b is a + b + a:b
    interaction  factor {":" factor}
    factor    column | function | C(column) | I(arithmetic) | "." | "(" model ")", each with ^k

The order of operations is R's (``help(formula)``); wt^2 is the square of a number, not R's
crossing of a group with itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from engine.terms.arithmetic import (
    bracketed,
    check_has_column,
    exponent_of,
    is_call,
    named,
)
from engine.terms.cursor import Cursor
from engine.terms.expressions import (
    Category,
    Expression,
    Variable,
    factor_text,
    powered,
)
from engine.terms.limits import MAX_TERMS
from engine.terms.tokens import END, NAME, NUMBER, POWER

Factor: TypeAlias = Expression | Category
Term: TypeAlias = tuple[Factor, ...]


@dataclass(frozen=True)
class Formula:
    """The terms of a model, each a product of factors, in the order of the text.

    ``intercept``: True for ``1``, False for ``0`` or ``-1``, None where the text does not say.
    ``notes`` say which terms were named twice.
    """

    terms: tuple[Term, ...]
    intercept: bool | None
    notes: tuple[str, ...]


def term_text(term: Term) -> str:
    """A term as it may be typed: ``wt:C(cyl)``."""
    return ":".join(factor_text(factor) for factor in term)


def formula_text(formula: Formula) -> str:
    """A formula as it may be typed; ``read_formula`` of it gives the same terms."""
    intercept = {None: [], True: ["1"], False: ["0"]}[formula.intercept]
    return " + ".join([*intercept, *(term_text(term) for term in formula.terms)])


def read_formula(text: str, names: Sequence[str], rest: Sequence[str] | None = None) -> Formula:
    """The terms that a text stands for; TermError, with the place, for a text without a meaning.

    Arguments:
        text: a sum of terms. A text that is the name of a column stands for the column.
        names: of the columns.
        rest: the columns that ``.`` stands for; None: all.

    Returns:
        The formula.

    Example:
        >>> read_formula("a*b - b + a^2", ("a", "b")).terms[1]
        (Variable(name='a'), Variable(name='b'))
    """
    if text in names:
        return Formula(((Variable(text),),), None, ())
    reader = _Reader(Cursor(text, names), names if rest is None else rest)
    terms = reader.model(outermost=True)
    reader.cursor.expect_end("'+', '-', '*', ':' or the end")
    if not terms and reader.intercept is not True:
        raise reader.cursor.fault("no term is left", reader.cursor.tokens[0])
    return Formula(tuple(terms.values()), reader.intercept, tuple(reader.notes))


Terms: TypeAlias = dict[frozenset[Factor], Term]


class _Reader:
    def __init__(self, cursor: Cursor, rest: Sequence[str]) -> None:
        self.cursor, self.rest = cursor, rest
        self.intercept: bool | None = None
        self.notes: dict[str, None] = {}
        self.limit = MAX_TERMS

    def model(self, outermost: bool = False) -> Terms:
        terms: Terms = {}
        sign = self.cursor.take().text if self.cursor.at("-", "+") else "+"
        while True:
            if self._is_intercept():
                self._read_intercept(sign, outermost)
            elif sign == "+":
                self._add(terms, self.crossing().values(), tell=True)
            else:
                self._remove(terms)
            if not self.cursor.at("+", "-"):
                return terms
            sign = self.cursor.take().text

    def crossing(self) -> Terms:
        left = self.interaction()
        while self.cursor.at("*"):
            self.cursor.take()
            right = self.interaction()
            both = self._products(left, right)
            self._add(left, right.values())
            self._add(left, both.values())
        if self.cursor.at("/"):
            raise self.cursor.fault("'/' stands inside I(): I(a/b) is a divided by b")
        return left

    def interaction(self) -> Terms:
        left = self.power()
        while self.cursor.at(":"):
            self.cursor.take()
            left = self._products(left, self.power())
        return left

    def power(self) -> Terms:
        start = self.cursor.token
        terms = self.primary()
        if not (self.cursor.at("^") or self.cursor.token.kind == POWER):
            return terms
        sign = self.cursor.token
        exponent = exponent_of(self.cursor)
        if self.cursor.at("^") or self.cursor.token.kind == POWER:
            raise self.cursor.fault("a power of a power: write one exponent")
        if len(terms) > 1 or start.text == ".":
            some = [term_text(term) for term in terms.values()][:2]
            cross = "*".join(some) if len(some) == 2 else "a*b"
            raise self.cursor.fault(
                f"a power is of one number; {cross[:60]} has both terms and their product", sign
            )
        (factors,) = terms.values() or [()]
        if len(factors) != 1 or isinstance(factors[0], Category):
            raise self.cursor.fault("a power is of one number", sign)
        return self._one(powered(factors[0], exponent))

    def primary(self) -> Terms:
        cursor, token = self.cursor, self.cursor.token
        if cursor.at("."):
            cursor.take()
            self.limit = MAX_TERMS + len(self.rest)
            return {frozenset([Variable(name)]): (Variable(name),) for name in self.rest}
        if cursor.at("("):
            cursor.take()
            with cursor.nested():
                terms = self.model()
            cursor.expect(")", "to close the bracket")
            return terms
        if is_call(cursor, "I"):
            cursor.take()
            inner = bracketed(cursor)
            check_has_column(cursor, inner, token)
            return self._one(inner)
        if is_call(cursor, "C"):
            return self._one(category(cursor))
        if token.kind == NAME:
            return self._one(named(cursor))
        if token.kind == NUMBER:
            raise cursor.fault("a number stands inside I(); 0 and 1 alone are for the intercept")
        raise cursor.fault(f"a column, a function or '(' expected, {cursor.found()}")

    def _one(self, factor: Factor) -> Terms:
        return {frozenset([factor]): (factor,)}

    def _is_intercept(self) -> bool:
        token, following = self.cursor.token, self.cursor.following
        ends = following.kind == END or (following.kind == "sign" and following.text in "+-)")
        return token.kind == NUMBER and token.text in ("0", "1") and ends

    def _read_intercept(self, sign: str, outermost: bool) -> None:
        token = self.cursor.take()
        if not outermost:
            raise self.cursor.fault("0 and 1 are for the intercept: outside brackets", token)
        if sign + token.text == "-0":
            raise self.cursor.fault("write + 1 for an intercept, + 0 or - 1 for none", token)
        self.intercept = sign + token.text == "+1"

    def _add(self, terms: Terms, more: Iterable[Term], tell: bool = False) -> None:
        for term in more:
            key = frozenset(term)
            if tell and key in terms:
                self.notes[f"{term_text(term)} is named twice; it counts once"] = None
            terms.setdefault(key, term)
        if len(terms) > self.limit:
            raise self.cursor.fault(f"more than {self.limit} terms")

    def _remove(self, terms: Terms) -> None:
        start = self.cursor.token
        for key, term in self.crossing().items():
            if key not in terms:
                text = term_text(term)[:60]
                raise self.cursor.fault(f"{text} is no term before this, so none goes", start)
            del terms[key]

    def _products(self, left: Terms, right: Terms) -> Terms:
        """a:b for each a and b; of equal factors one is left, as in R."""
        products: Terms = {}
        for a in left.values():
            for b in right.values():
                if a == b and len(a) == 1:
                    text = term_text(a)
                    square = "" if isinstance(a[0], Category) else f" ({text}^2 is its square)"
                    self.notes[f"{text}:{text} is {text}{square}"] = None
                product = tuple(dict.fromkeys((*a, *b)))
                products.setdefault(frozenset(product), product)
            if len(products) > self.limit:
                raise self.cursor.fault(f"more than {self.limit} terms")
        return products


def category(cursor: Cursor) -> Category:
    """Take C(column), or C(column, ref=level)."""
    cursor.take()
    cursor.take()
    column = cursor.column()
    reference = None
    if cursor.at(","):
        cursor.take()
        token = cursor.token
        if token.kind != NAME or token.text != "ref":
            raise cursor.fault(f"'ref=' and a level expected, {cursor.found()}")
        cursor.take()
        cursor.expect("=", "after ref")
        reference = cursor.level()
    cursor.expect(")", "to close C(")
    return Category(column, reference)
