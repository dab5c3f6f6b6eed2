"""One component term by term: each product with its numbers, the sum, what follows, the check."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.explain import Definition, Explanation, Expression, Symbol, symbols
from tui.drawing.numbers import CELLS, norm, num
from tui.drawing.sum_layout import Column, column_of
from tui.drawing.table import Sheet
from tui.drawing.text_lines import Line, Span, width_of, words
from tui.panes.explanation.equation_layout import UNKNOWN, Lit
from tui.panes.explanation.expression_spans import DIGITS, Pen
from tui.panes.explanation.view_state import OPEN, Reading

FEWEST = 5  # terms of a long sum for which blank lines and rules are kept
SHORT = 4  # terms of a sum whose labels may take lines of their own
LONG = 3  # terms from which on a quantity on the way is worked out in a column
EQUALS = "  = "  # before the numbers, below the names

FULL, RULED, PLAIN, BRIEF = range(4)  # ever fewer lines for the same


def term_lines(explanation: Explanation, sheet: Sheet, reading: Reading = OPEN) -> list[Line]:
    """The component worked out on at most ``sheet.height`` lines: blank lines, rules and names go
    first, then the smallest terms of long sums."""
    columns = [column for d in explanation.definitions if (column := column_of(d.expression))]
    longest = max((len(column.terms) for column in columns), default=0)
    writer = _writer(explanation, sheet, reading)
    if longest <= sheet.height:
        # a short sum is whole before it has a head of its own: the pane's title names it too
        for level in (FULL, RULED, PLAIN, *(() if writer.on_the_way else (BRIEF,))):
            lines = replace(writer, level=level).lines()
            if len(lines) <= sheet.height:
                return lines
    for level, fewest in ((RULED, FEWEST), (PLAIN, FEWEST), (PLAIN, 2), (BRIEF, 1)):
        lines = replace(writer, level=level, most=1).lines()
        most = 1 + max(0, sheet.height - len(lines)) // max(1, len(columns))
        if most >= min(fewest, longest) and len(lines) <= sheet.height:
            lines = replace(writer, level=level, most=most).lines()
            if len(lines) <= sheet.height:
                return lines
    return lines[-sheet.height :]


def least_height(explanation: Explanation, sheet: Sheet, most: int = FEWEST) -> int:
    """The lines below which what matters of the component would be lost: its formulas, and the
    ``most`` largest terms of a long sum."""
    writer = _writer(explanation, sheet)
    level = PLAIN if writer.on_the_way else BRIEF
    return len(replace(writer, level=level, most=most).lines())


def natural_width(explanation: Explanation, sheet: Sheet, most: int) -> int:
    """The cells that the widest term or formula takes on one line, of those that take at most so
    many."""
    writer = _writer(explanation, sheet)
    formulas = [writer.pen.text(d.expression, DIGITS[-1]) for d in writer.on_the_way]
    widths = [len(EQUALS) + len(formula) + 1 + CELLS for formula in formulas]
    column = writer.column
    if column is not None:
        pen = _aligned(writer.pen, column)
        some = (*column.terms[: sheet.height], *column.terms[-1:])
        widths += [width_of(pen.label(term)) + 2 + width_of(pen.term(term)) for term in some]
    return max((width for width in widths if width <= most), default=0)


def _writer(explanation: Explanation, sheet: Sheet, reading: Reading = OPEN) -> "_Writer":
    unknown = [definition.symbol.name for definition in explanation.definitions[:-1]]
    return _Writer(explanation, Pen(sheet, reading, unknown), FULL)


def _aligned(pen: Pen, column: Column) -> Pen:
    """With decimals enough for the smallest term of a short sum: it adds up before one's eyes."""
    return replace(pen, decimals=column.decimals) if len(column.terms) <= SHORT else pen


@dataclass(frozen=True)
class _Writer:
    """Writes an explanation at a level of detail, with so many terms of a sum (None: all)."""

    explanation: Explanation
    pen: Pen
    level: int
    most: int | None = None

    @property
    def last(self) -> Definition:
        return self.explanation.definitions[-1]

    @property
    def column(self) -> Column | None:
        return column_of(self.last.expression)

    @property
    def on_the_way(self) -> list[Definition]:
        """The definitions before the last, but for its factors, which are told with it."""
        column = self.column
        factors = [e.name for _, e in column.then if isinstance(e, Symbol)] if column else []
        return [d for d in self.explanation.definitions[:-1] if d.symbol.name not in factors]

    def lines(self) -> list[Line]:
        column, palette = self.column, self.pen.sheet.palette
        lines: list[Line] = []
        if self.level < (PLAIN if self.on_the_way else BRIEF):
            how = "  term by term" if column else ""
            name = Span(self.pen.text(self.last.symbol), palette.hi, True)
            lines += [[name, Span(how, palette.low)], *self.blank]
        for definition in self.on_the_way:
            lines += [*self.worked(definition), *self.blank]
        if column:
            writer = replace(self, pen=_aligned(self.pen, column))
            lines += [*writer.summed(column), *self.rule, writer.result(self.last, lit=True)]
        else:
            lines += [*self.formula(self.last), *self.blank, self.result(self.last, lit=True)]
        return lines + self.check()

    def worked(self, definition: Definition) -> list[Line]:
        """A quantity on the way: its formula, its numbers, its value."""
        if self.level == BRIEF:
            names = f"{self.pen.text(definition.symbol)} = {self.pen.text(definition.expression)}"
            value = self.pen.value(definition.symbol.value)
            return [self.pen.spread([Span(names, self.pen.sheet.palette.mid)], value)]
        column = column_of(definition.expression)
        if column and len(column.terms) >= LONG:
            writer = replace(self, pen=_aligned(self.pen, column))
            return [*writer.summed(column), *self.rule, writer.result(definition)]
        *formula, last = self.formula(definition)
        value = self.pen.value(definition.symbol.value)
        if width_of(last) + 1 + width_of(value) > self.pen.sheet.width:
            return [*formula, last, self.pen.spread([], value)]
        return [*formula, self.pen.spread(last, value)]

    def formula(self, definition: Definition) -> list[Line]:
        """The symbol = names, and below = numbers."""
        pen, expression = self.pen, definition.expression
        name, ink = pen.text(definition.symbol), pen.sheet.palette.mid
        numbers = pen.numbers(expression, pen.sheet.width - len(EQUALS) - 1 - CELLS)
        note = f" ({definition.note})" if definition.note else ""
        names = pen.text(expression)
        sides = [f"{name} = {names}{note}"]
        if numbers not in (names, UNKNOWN):
            sides.append(EQUALS + numbers)
        return [line for side in sides for line in pen.broken(side, ink)]

    def summed(self, column: Column) -> list[Line]:
        """The terms, their sum, and what is done to it."""
        pen, palette = self.pen, self.pen.sheet.palette
        shown, rest = self.largest(column.terms)
        lines: list[Line] = []
        for term in shown:
            label, numbers = pen.label(term), pen.term(term)
            if width_of(label) + 2 + width_of(numbers) > pen.sheet.width and len(shown) <= SHORT:
                lines += [*pen.broken(pen.text(term), palette.low), *pen.ending(numbers)]
            else:
                lines.append(pen.spread(label, numbers))
        if rest:
            label = [Span(f"+ {len(rest)} more, together", palette.low)]
            lines.append(pen.spread(label, pen.value(Column(rest).total)))
        if column.then and len(column.terms) > 1:
            label = [Span("sum", palette.mid)]
            lines += [*self.rule, pen.spread(label, pen.value(column.total, True))]
        for sign, factor in column.then:
            lines += [[Span(sign, palette.low)]] if factor is None else self.then(sign, factor)
        return lines

    def largest(
        self, terms: Sequence[Expression]
    ) -> tuple[Sequence[Expression], Sequence[Expression]]:
        """The largest terms and what is lit, as many as are wanted, in their order; the others."""
        if self.most is None or len(terms) <= self.most + 1:
            return terms, ()
        sizes = np.abs([term.value for term in terms])
        if lit := self.pen.reading.chosen:
            sizes[[any(s.name == lit for s in symbols(term)) for term in terms]] = np.inf
        order = np.argsort(-np.nan_to_num(sizes, nan=np.inf), kind="stable")
        kept = set(order[: self.most].tolist())
        return (
            [term for i, term in enumerate(terms) if i in kept],
            [term for i, term in enumerate(terms) if i not in kept],
        )

    def then(self, sign: str, factor: Expression) -> list[Line]:
        """``× σ′(z)  z > 0  × 1.000``, below where its own formula is more than a number, that."""
        pen, palette = self.pen, self.pen.sheet.palette
        label = [Span(f"{sign} {pen.text(factor)}", palette.low)]
        value = [Span(f"{sign} {_plain(factor)}", palette.hi)]
        earlier = self.explanation.definitions[:-1]
        found = next(
            (d for d in earlier if isinstance(factor, Symbol) and d.symbol == factor), None
        )
        if found is None:
            return [pen.spread(label, value)]
        note = f"  {found.note}" if found.note else ""
        lines = [pen.spread([*label, Span(note, palette.low)], value)]
        formula = found.expression
        if self.level < PLAIN and not (isinstance(formula, Symbol) and formula.name is None):
            names, numbers = pen.text(formula), pen.text(formula, 4)
            whole = f"  = {names} = {numbers}"
            text = whole if len(whole) <= pen.sheet.width else f"  = {numbers}"
            lines += pen.broken(text, palette.low)
        return lines

    def result(self, definition: Definition, lit: bool = False) -> Line:
        label = Span(self.pen.text(definition.symbol), self.pen.sheet.palette.hi, lit)
        line = self.pen.spread([label], self.pen.value(definition.symbol.value, lit))
        return [Lit(span.text, span.ink, span.bold) for span in line] if lit else line

    def check(self) -> list[Line]:
        """The central difference, and how far off it is."""
        check, pen, palette = self.explanation.check, self.pen, self.pen.sheet.palette
        if check is None:
            return []
        glyphs = pen.sheet.glyphs
        mark = f" {glyphs.check}" if check.passed else "" if check.note else f" {glyphs.fail}"
        estimate, error = num(check.estimate), norm(check.error).strip() if check.error else "0"
        if pen.reading.hidden:
            estimate, error, mark = UNKNOWN, UNKNOWN, ""
        label = [Span("central difference", palette.low)]
        if self.level == BRIEF:
            return [pen.spread(label, [Span(estimate, palette.mid), Span(mark, palette.hi)])]
        lines = [*self.blank, pen.spread(label, [Span(estimate, palette.mid)])]
        label = [Span("relative error", palette.low)]
        lines.append(pen.spread(label, [Span(error + mark, palette.hi)]))
        if check.note and not pen.reading.hidden:
            lines += words(check.note, palette.low, pen.sheet.width)
        return lines

    @property
    def blank(self) -> list[Line]:
        return [[]] if self.level == FULL else []

    @property
    def rule(self) -> list[Line]:
        return [self.pen.rule()] if self.level < PLAIN else []


def _plain(factor: Expression) -> str:
    """The value of a factor: 10, 1.000, −0.123."""
    if isinstance(factor, Symbol) and factor.name is None and float(factor.value).is_integer():
        return f"{factor.value:.0f}".rjust(CELLS - 1)
    return num(factor.value).replace("+", "")
