"""SpanWriter: writes expressions and values as parts of lines, with names or with numbers."""

from collections.abc import Collection
from dataclasses import dataclass

from engine.explain import Expression, numeric, symbolic, symbols
from engine.explain.expression import Minus, Product, Symbol
from engine.explain.rounding import reproduces, significant
from engine.notation import Name
from tui.drawing.grid import cut
from tui.drawing.numbers import CELLS, MINUS
from tui.drawing.table import Sheet
from tui.drawing.text_lines import Line, Span, width_of
from tui.panes.explanation.column_digits import (
    AS_USUAL,
    ColumnDigits,
    factor_text,
    is_cost,
    spelled,
    term_is_exact,
    unsigned,
)
from tui.panes.explanation.equation_layout import UNKNOWN, Lit
from tui.panes.explanation.view_state import ViewState

DIGITS = (4, 3)  # of the numbers of a formula, as many as there is room for
MORE_DIGITS = (4, 5, 6, 7, 8, 3, 9, 10)  # in the order in which they are tried
FEW_LINES, MANY_LINES = 2, 6  # of a formula, where room is short and where it is not
EQUALS = "  = "  # before the numbers, below the names
RULE = 8  # cells of the rule above a sum


@dataclass(frozen=True)
class SpanWriter:
    """``unknown``: what the quantities are called that are hidden with the result.
    ``decimals``: of the results of a column; None: as many as fit into six cells. ``digits``: of
    its terms and their factors."""

    sheet: Sheet
    state: ViewState
    unknown: Collection[Name | None] = ()
    decimals: int | None = None
    digits: ColumnDigits = AS_USUAL
    formula_lines: int = FEW_LINES  # at most

    def text(self, expression: Expression, digits: int | None = None) -> str:
        """With names, or with numbers of so many digits."""
        text = symbolic(expression) if digits is None else numeric(expression, digits=digits)
        return self.sheet.glyphs.formula(text)

    def numbers(
        self, expression: Expression, room: int, value: float, decimals: int | None = None
    ) -> tuple[str, bool]:
        """With numbers of as many digits as it takes to make the value as it is printed, and
        whether they do: there may not be room for so many."""
        if self.hides(expression):
            return UNKNOWN, True
        for cells in (room, FEW_LINES * room, self.formula_lines * room):
            for digits in MORE_DIGITS:
                if reproduces(
                    expression, value, significant(digits), lambda x: spelled(x, decimals)
                ):
                    text = self.text(expression, digits)
                    if len(text) <= cells:
                        return text, True
        texts = [self.text(expression, digits) for digits in DIGITS]
        return next((text for text in texts if len(text) <= room), texts[0]), False

    def equals(self, exact: bool, sign: str = EQUALS) -> str:
        """``=``, or ``≈`` before what the printed numbers do not make to its last digit; as it is
        spelt, for it is aligned by its cells."""
        return sign if exact else self.sheet.glyphs.text(sign.replace("=", "≈"))

    @property
    def nearly(self) -> Line:
        """``≈`` before a sum that the printed terms do not make to its last digit."""
        if self.digits.exact:
            return []
        return [Span(self.equals(False, "= "), self.sheet.palette.low)]

    def hides(self, expression: Expression) -> bool:
        """Whether its numbers would reveal hidden results of this micro-step."""
        names = {symbol.name for symbol in symbols(expression)} - {None}
        return self.state.hidden and not names.isdisjoint(self.unknown)

    def label(self, expression: Expression) -> Line:
        """In names, lit where the chosen quantity is among them."""
        text, palette = self.text(expression), self.sheet.palette
        chosen = self.state.chosen
        if chosen and any(symbol.name == chosen for symbol in symbols(expression)):
            return [Lit(text, palette.hi)]
        return [Span(text, palette.low)]

    def term(self, term: Expression) -> Line:
        """A term of a sum in numbers: ``+0.062 × −0.123 = −0.008``; of −0.030 × g the first factor
        has the minus, and −y is its value alone: two signs never meet."""
        palette = self.sheet.palette
        decimals = self.digits.terms
        minus, inner = isinstance(term, Minus), term.operand if isinstance(term, Minus) else term
        if isinstance(inner, Symbol):
            known, cost = not self.hides(term), is_cost(inner.name)
            return self.value(term.value, known=known, decimals=decimals, cost=cost)
        value, exact = self.value(term.value, decimals=decimals), term_is_exact(term, self.digits)
        line: Line = []
        if isinstance(inner, Product):
            for i, factor in enumerate(inner.factors):
                times = [Span(" × ", palette.low)] if i else []
                negated = minus and not i
                line += [*times, self.factor(factor, spelled(term.value, decimals), negated)]
        else:
            room = self.sheet.width - 3 - width_of(value)
            text, exact = self.numbers(term, room, term.value, decimals)
            line.append(Span(text, palette.mid))
        return [*line, Span(self.equals(exact, " = "), palette.low), *value]

    def factor(self, factor: Expression, value: str, negated: bool = False) -> Span:
        """A number in the ink of its sign, in a product that is printed as ``value``; ``negated``:
        as its opposite."""
        palette, sign = self.sheet.palette, -1.0 if negated else 1.0
        if self.hides(factor):
            return Span((MINUS * negated + UNKNOWN).rjust(CELLS), palette.hi)
        opposite = Symbol(factor.name if isinstance(factor, Symbol) else None, sign * factor.value)
        text = factor_text(opposite if negated else factor, value, self.digits.factors)
        return Span(text.rjust(CELLS), palette.ink(sign * factor.value))

    def value(
        self,
        value: float,
        bold: bool = False,
        known: bool = False,
        decimals: int | None = None,
        cost: bool = False,
    ) -> Line:
        """A value, or ? while it is hidden; without a plus sign if it is a ``cost``."""
        palette = self.sheet.palette
        if self.state.hidden and not known:
            return [Span(UNKNOWN.rjust(CELLS), palette.hi, bold)]
        text = spelled(value, self.decimals if decimals is None else decimals)
        if cost:
            return [Span(unsigned(text), palette.hi, bold)]
        return [Span(text, palette.ink(value), bold)]

    def spread(self, left: Line, right: Line) -> Line:
        """One at either side; the left one is cut where there is no room for both."""
        room = self.sheet.width - width_of(right)
        if width_of(left) >= room:
            text = cut("".join(span.text for span in left), max(0, room - 1))
            left = [Span(text, left[0].ink if left else 0)]
        return [*left, Span(" " * max(0, room - width_of(left)), 0), *right]

    def rule(self) -> Line:
        return self.spread([], [Span("─" * RULE, self.sheet.palette.low)])

    def ending(self, numbers: Line) -> list[Line]:
        """Numbers at the right of lines of their own; if they are long, the value goes below."""
        if width_of(numbers) <= self.sheet.width:
            return [self.spread([], numbers)]
        text = "".join(span.text for span in numbers[:-2])
        return [*self.broken(text, self.sheet.palette.mid), self.spread([], numbers[-2:])]

    def broken(self, text: str, ink: int) -> list[Line]:
        """A formula broken at its blanks, the lines after the first indented; at most so many."""
        width = self.sheet.width
        indent = len(text) - len(text.lstrip())
        lines = [" " * indent]
        for word in text.split():
            if len(lines[-1]) + 1 + len(word) > width and lines[-1].strip():
                lines.append(" " * min(indent + 2, width // 4))
            lines[-1] += f"{' ' if lines[-1].strip() else ''}{word}"
        most = self.formula_lines
        if len(lines) > most:
            lines = [*lines[: most - 1], f"{lines[most - 1][: width - 2]} …"]
        return [[Span(cut(line, width), ink)] for line in lines]
