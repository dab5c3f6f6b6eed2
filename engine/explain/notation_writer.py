"""Writing expressions as text, with names or with values, in Unicode, ASCII or LaTeX."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.explain.expression import (
    ONE,
    Expression,
    Function,
    Maximum,
    Minus,
    Power,
    Product,
    Quotient,
    Sum,
    Symbol,
    difference,
    exp,
)
from engine.explain.rounding import MAX_DIGITS, is_count
from engine.notation import Name, Notation, decimal, spelt


def symbolic(expression: Expression, notation: Notation = "unicode") -> str:
    """The expression with its names: ``w⁽²⁾₁₃ δ⁽²⁾₁ + …``."""
    return _Writer(notation).write(expression)[0]


def numeric(expression: Expression, notation: Notation = "unicode", digits: int = 4) -> str:
    """The expression with values instead of names: ``0.062 · (−0.123) + …``.

    In ASCII it is Python with NumPy's names (and Phi, phi: the normal distribution function and
    density). With 17 digits it evaluates to ``expression.value``.
    """
    return _Writer(notation, digits).write(expression)[0]


# precedence: a text with a lower one than its place requires is put in parentheses
_SUM, _MINUS, _QUOTIENT, _PRODUCT, _POWER, _ATOM = range(6)
_Text = tuple[str, int]

_PLAIN_DIGITS = 12  # of plain numbers in an expression with names


@dataclass(frozen=True)
class _Writer:
    """Writes expressions, with names if ``digits`` is None."""

    notation: Notation
    digits: int | None = None

    def write(self, e: Expression) -> _Text:
        match e:
            case Symbol(name, value):
                return self._symbol(name, value)
            case Sum(terms):
                return self._sum(terms)
            case Minus(operand):
                return self._minus + self._at_least(_QUOTIENT, operand), _MINUS
            case Product(factors):
                texts = [self._at_least(_PRODUCT, factor) for factor in factors]
                return self._times.join(texts), _PRODUCT if len(texts) > 1 else _POWER
            case Quotient(numerator, denominator):
                if self.notation == "latex":
                    over, under = self.write(numerator)[0], self.write(denominator)[0]
                    return rf"\frac{{{over}}}{{{under}}}", _PRODUCT
                over = self._at_least(_QUOTIENT, numerator)
                return f"{over} / {self._at_least(_POWER, denominator)}", _QUOTIENT
            case Power(base, exponent):
                return self._power(self._at_least(_ATOM, base), exponent), _POWER
            case Maximum(first, second):
                arguments = f"{self.write(first)[0]}, {self.write(second)[0]}"
                return self._applied("max", arguments), _ATOM
            case Function(name, argument):
                return self._function(name, argument)

    def _symbol(self, name: Name | None, value: float) -> _Text:
        if name is not None and self.digits is None:
            # an exponent after a name with indices needs parentheses
            return name.written(self.notation), _ATOM if name == Name(name.base) else _POWER
        digits = self.digits or _PLAIN_DIGITS
        if is_count(Symbol(name, value)):
            digits = MAX_DIGITS
        text = decimal(value, self.notation, digits)
        if text.startswith(self._minus):
            return text, _MINUS
        return text, _PRODUCT if " " in text else _ATOM

    def _sum(self, terms: tuple[Expression, ...]) -> _Text:
        if not terms:
            return "0", _ATOM
        text = self._at_least(_MINUS, terms[0])
        for term in terms[1:]:
            if isinstance(term, Minus):
                text += f" {self._minus} {self._at_least(_QUOTIENT, term.operand)}"
            elif isinstance(term, Symbol) and self.write(term)[0].startswith(self._minus):
                text += f" {self._minus} {self.write(term)[0].removeprefix(self._minus)}"
            else:
                text += f" + {self._at_least(_QUOTIENT, term)}"
        return text, _SUM if len(terms) > 1 else self.write(terms[0])[1]

    def _function(self, name: str, argument: Expression) -> _Text:
        if name in _READABLE and not (self.notation == "ascii" and name in ("log1p", "expm1")):
            return self.write(_READABLE[name](argument))
        inner, precedence = self.write(argument)
        if name == "sqrt" and self.notation == "unicode":
            return f"√{inner}" if precedence >= _POWER else f"√({inner})", _POWER
        if self.notation == "latex":
            forms = {"sqrt": rf"\sqrt{{{inner}}}", "abs": rf"\left|{inner}\right|"}
            if name in forms:
                return forms[name], _ATOM
            if name == "exp":
                return f"e^{{{inner}}}", _POWER
        elif name == "abs" and self.notation == "unicode":
            return f"|{inner}|", _ATOM
        return self._applied(name, inner), _ATOM

    def _applied(self, name: str, inner: str) -> str:
        if self.notation == "ascii":
            name = {"ln": "log", "max": "maximum"}.get(name, name).replace("′", "_slope")
        return spelt(name, self.notation).rstrip() + self._parenthesised(inner)

    def _power(self, base: str, exponent: int) -> str:
        if self.notation == "ascii":
            return f"{base}**{exponent}"
        if self.notation == "latex":
            return f"{base}^{{{exponent}}}"
        return base + str(exponent).translate(_EXPONENTS)

    def _at_least(self, precedence: int, e: Expression) -> str:
        text, actual = self.write(e)
        return text if actual >= precedence else self._parenthesised(text)

    def _parenthesised(self, text: str) -> str:
        return rf"\left({text}\right)" if self.notation == "latex" else f"({text})"

    @property
    def _minus(self) -> str:
        return "−" if self.notation == "unicode" else "-"

    @property
    def _times(self) -> str:
        if self.notation == "ascii":
            return " * "
        if self.digits is None:
            return " " if self.notation == "unicode" else r" \, "
        return " · " if self.notation == "unicode" else r" \cdot "


_EXPONENTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")

# functions that the engine computes by a stable formula, in the form in which one reads them
_READABLE: dict[str, Callable[[Expression], Expression]] = {
    "log1p": lambda x: Function(
        "ln", difference(ONE, x.operand) if isinstance(x, Minus) else Sum((ONE, x))
    ),
    "expm1": lambda x: difference(exp(x), ONE),
    "cloglog": lambda x: difference(ONE, exp(Minus(exp(x)))),
    "ln Φ": lambda x: Function("ln", Function("Φ", x)),
    "ln Φ′": lambda x: Quotient(Function("φ", x), Function("Φ", x)),
    "ln cloglog": lambda x: Function("log1p", Minus(exp(Minus(exp(x))))),
    "ln cloglog′": lambda x: Quotient(exp(x), Function("expm1", exp(x))),
    "ln softplus": lambda x: Function("ln", Function("log1p", exp(x))),
    "ln softplus′": lambda x: Quotient(
        ONE, Product((Sum((ONE, exp(Minus(x)))), Function("log1p", exp(x))))
    ),
    "ln(1 − exp)": lambda x: Function("log1p", Minus(exp(x))),
    "ln(1 − exp)′": lambda x: Quotient(ONE, difference(ONE, exp(Minus(x)))),
}
