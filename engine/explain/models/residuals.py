"""Explanations of the numbers in diagnostic plots: e, t, √|t|, h and Cook's distance."""

from dataclasses import dataclass
from typing import Literal

from engine.explain.explanation import Definition, Explanation
from engine.explain.expression import (
    ONE,
    Expression,
    Function,
    Power,
    Product,
    Quotient,
    Symbol,
    difference,
    number,
)
from engine.notation import Name

Kind = Literal["residual", "standardised", "spread", "leverage", "cook"]
KINDS: tuple[Kind, ...] = ("residual", "standardised", "spread", "leverage", "cook")


@dataclass(frozen=True)
class Case:
    """An example of a fit: its number from 1, y, ŷ and leverage h; the fit's s and rank p."""

    number: int
    y: float
    fitted: float
    leverage: float
    sd: float
    rank: int

    def symbol(self, base: str, value: float) -> Symbol:
        """A quantity of this example."""
        return Symbol(Name(base, indices=(self.number,)), value)


def explain_residual(case: Case, kind: Kind) -> Explanation:
    """e = y − ŷ; t = e/(s√(1 − h)); √|t|; h; or Cook's D = t² h/((1 − h)p)."""
    definitions = _definitions(case)
    requires: dict[Kind, tuple[Kind, ...]] = {
        "standardised": ("residual",),
        "spread": ("residual", "standardised"),
        "cook": ("residual", "standardised"),
    }
    needed = tuple(definitions[step] for step in (*requires.get(kind, ()), kind))
    equation, meaning, code = _TEXTS[kind]
    parts = (part if part in _SIGNS else Name(part) for part in equation.split())
    return Explanation(needed[-1].symbol, tuple(parts), needed, (meaning,), code)


def _definitions(case: Case) -> dict[Kind, Definition]:
    y, fitted = case.symbol("y", case.y), case.symbol("ŷ", case.fitted)
    e = case.symbol("e", case.y - case.fitted)
    h, s, p = (
        case.symbol("h", case.leverage),
        Symbol(Name("s"), case.sd),
        Symbol(Name("p"), case.rank),
    )
    one_minus_h = difference(ONE, h)
    standardised = Quotient(e, Product((s, Function("sqrt", one_minus_h))))
    t = case.symbol("t", standardised.value)
    expressions: dict[Kind, tuple[str, Expression]] = {
        "residual": ("e", difference(y, fitted)),
        "standardised": ("t", standardised),
        "spread": ("√|t|", Function("sqrt", Function("abs", t))),
        "leverage": ("h", number(case.leverage)),
        "cook": ("D", Quotient(Product((Power(t, 2), h)), Product((one_minus_h, p)))),
    }
    return {
        kind: Definition(case.symbol(base, expression.value), expression)
        for kind, (base, expression) in expressions.items()
    }


_SIGNS = ("=", "−", "(", ")", "/", "√", "|")
_TEXTS: dict[Kind, tuple[str, str, str]] = {  # equation, meaning, code
    "residual": ("e = y − ŷ", "What is left of y without the fitted value.", "e = y - fitted"),
    "standardised": (
        "t = e / ( s √ ( 1 − h ) )",
        "The residual in units of its own standard deviation: s is that of the errors, and where "
        "h is large the fit goes so near the example that little of its error is left in e.",
        "t = e / (s * np.sqrt(1 - h))",
    ),
    "spread": (
        "√ | t | = √ | e / ( s √ ( 1 − h ) ) |",
        "The root of the size of the standardised residual: where the spread is constant, its "
        "smooth is level.",
        "np.sqrt(np.abs(t))",
    ),
    "leverage": (
        "h = x ᵀ ( X ᵀ X ) ⁻¹ x",
        "How strongly the example draws the fit to itself: its entry on the diagonal of "
        "H = X(XᵀX)⁻¹Xᵀ, between 0 and 1. All entries together are p.",
        "h = np.diag(X @ np.linalg.pinv(X))",
    ),
    "cook": (
        "D = t ² h / ( ( 1 − h ) p )",
        "Cook's distance: how far all fitted values would move without the example.",
        "D = t**2 * h / ((1 - h) * p)",
    ),
}
