"""One component term by term: products with numbers, the sum, operations on it, the check."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import product
from math import isnan

import numpy as np

from engine.explain import Definition, Explanation, Expression, Symbol, symbols
from engine.explain.rounding import is_count
from tui.drawing.numbers import CELLS, known, norm, num
from tui.drawing.sum_layout import SumColumn, sum_column
from tui.drawing.table import Sheet
from tui.drawing.text_lines import Line, Span, width_of, words
from tui.panes.explanation.column_digits import ColumnDigits, TermColumn, is_cost, spelled
from tui.panes.explanation.equation_layout import UNKNOWN, Lit
from tui.panes.explanation.expression_spans import DIGITS, EQUALS, FEW_LINES, MANY_LINES, SpanWriter
from tui.panes.explanation.view_state import ALL_VISIBLE, ViewState

FEWEST = 5  # terms of a long sum for which blank lines and rules are kept
SHORT = 4  # terms of a sum whose labels may take lines of their own
LONG = 3  # terms from which on an intermediate quantity is written as a column
TOGETHER = "more, together"

FULL, RULED, PLAIN, BRIEF = range(4)  # ever fewer lines for the same


def term_lines(
    explanation: Explanation, sheet: Sheet, state: ViewState = ALL_VISIBLE
) -> list[Line]:
    """The component worked out on at most ``sheet.height`` lines: blank lines, rules and names go
    first, then the smallest terms of long sums."""
    columns = [column for d in explanation.definitions if (column := sum_column(d.expression))]
    longest = max((len(column.terms) for column in columns), default=0)
    writer = _writer(explanation, sheet, state)
    # a short sum is whole before it has a head of its own: the pane's title names it too
    levels = (FULL, RULED, PLAIN, *(() if writer.intermediate else (BRIEF,)))
    ways = product((MANY_LINES, FEW_LINES), levels) if longest <= sheet.height else ()
    for formula_lines, level in ways:
        spans = replace(writer.spans, formula_lines=formula_lines)
        lines = replace(writer, spans=spans, level=level).fitting(sheet.height)
        if lines:
            return lines
    for level, fewest in ((RULED, FEWEST), (PLAIN, FEWEST), (PLAIN, 2), (BRIEF, 1)):
        least = replace(writer, level=level, most=1).height
        most = 1 + max(0, sheet.height - least) // max(1, len(columns))
        if most >= min(fewest, longest):
            lines = replace(writer, level=level, most=most).fitting(sheet.height)
            if lines:
                return lines
    return replace(writer, level=BRIEF, most=1).lines()[-sheet.height :]


def least_height(explanation: Explanation, sheet: Sheet, most: int = FEWEST) -> int:
    """The lines below which what matters of the component would be lost: its formulas, and the
    ``most`` largest terms of a long sum."""
    writer = _writer(explanation, sheet)
    return replace(writer, level=PLAIN if writer.intermediate else BRIEF, most=most).height


def natural_width(explanation: Explanation, sheet: Sheet, most: int, exact: bool = True) -> int:
    """The cells that the widest term or formula takes on one line, of those that take at most so
    many; with ``exact``, with the digits that make the result."""
    writer = _writer(explanation, sheet)
    formulas = [writer.spans.text(d.expression, DIGITS[-1]) for d in writer.intermediate]
    widths = [len(EQUALS) + len(formula) + 1 + CELLS for formula in formulas]
    column = writer.column
    if column is not None:
        spans = _aligned(writer.spans, column)
        if exact:
            spans = replace(writer, most=sheet.height).with_digits(column, writer.last).spans
        some = (*column.terms[: sheet.height], *column.terms[-1:])
        widths += [width_of(spans.label(term)) + 2 + width_of(spans.term(term)) for term in some]
    return max((width for width in widths if width <= most), default=0)


def _writer(explanation: Explanation, sheet: Sheet, state: ViewState = ALL_VISIBLE) -> "_Writer":
    unknown = [definition.symbol.name for definition in explanation.definitions[:-1]]
    return _Writer(explanation, SpanWriter(sheet, state, unknown), FULL)


def _aligned(spans: SpanWriter, column: SumColumn) -> SpanWriter:
    """With decimals enough for the smallest term of a short sum: it adds up before one's eyes."""
    if spans.state.steady or len(column.terms) > SHORT:
        return spans
    return replace(spans, decimals=column.decimals)


@dataclass(frozen=True)
class _Writer:
    """Writes an explanation at a level of detail, with so many terms of a sum (None: all)."""

    explanation: Explanation
    spans: SpanWriter
    level: int
    most: int | None = None
    found: dict[Hashable, SpanWriter] = field(default_factory=dict)  # by ``with_digits``

    @property
    def last(self) -> Definition:
        return self.explanation.definitions[-1]

    @property
    def column(self) -> SumColumn | None:
        return sum_column(self.last.expression)

    @property
    def intermediate(self) -> list[Definition]:
        """The definitions before the last, without its factors, which are written with it."""
        column = self.column
        factors = [e.name for _, e in column.operations if isinstance(e, Symbol)] if column else []
        return [d for d in self.explanation.definitions[:-1] if d.symbol.name not in factors]

    @property
    def height(self) -> int:
        """How many lines it takes: more digits need no more of them."""
        state = replace(self.spans.state, steady=True)
        return len(replace(self, spans=replace(self.spans, state=state)).lines())

    def fitting(self, height: int) -> list[Line]:
        """Its lines, if they are not more; else none."""
        lines = self.lines()
        return lines if len(lines) <= height else []

    def lines(self) -> list[Line]:
        column, palette = self.column, self.spans.sheet.palette
        lines: list[Line] = []
        if column and self.level < (PLAIN if self.intermediate else BRIEF):
            name = Span(self.spans.text(self.last.symbol), palette.hi, True)
            lines += [[name, Span("  term by term", palette.low)], *self.blank]
        for definition in self.intermediate:
            lines += [*self.worked(definition), *self.blank]
        if column:
            writer = self.with_digits(column, self.last)
            lines += [*writer.summed(column), *self.rule, writer.result(self.last, lit=True)]
        else:
            lines += [*self.formula(self.last), *self.blank, self.result(self.last, lit=True)]
        return lines + self.check()

    def with_digits(self, column: SumColumn, definition: Definition) -> "_Writer":
        """With the digits that the column needs to make its result, where there is room."""
        key = definition.symbol.name, self.most, self.spans.state.steady
        if key not in self.found:  # the same on all levels
            self.found[key] = self._spans_with_digits(column, definition)
        spans = replace(self.found[key], formula_lines=self.spans.formula_lines)
        return replace(self, spans=spans)

    def _spans_with_digits(self, column: SumColumn, definition: Definition) -> SpanWriter:
        spans = _aligned(self.spans, column)
        shown, others = self.largest(column.terms)
        of_shown = TermColumn(
            shown,
            SumColumn(others).total if others else 0.0,
            column.operations,
            definition.symbol.value,
            spans.decimals,
        )
        if spans.state.steady:
            return replace(spans, digits=of_shown.usual_digits())
        width = spans.sheet.width
        # a term that is too long for its line anyway has one for its numbers
        room = [
            width if len(shown) <= SHORT and beside < width_of(spans.term(term)) else beside
            for term in shown
            for beside in [width - 2 - width_of(spans.label(term))]
        ]

        @cache
        def fits(factors: int | None, terms: int | None) -> bool:
            wider = replace(spans, digits=ColumnDigits(factors, terms))
            return all(
                width_of(wider.term(term)) <= cells for term, cells in zip(shown, room, strict=True)
            )

        return replace(spans, digits=of_shown.digits(fits))

    def worked(self, definition: Definition) -> list[Line]:
        """An intermediate quantity: its formula, its numbers, its value."""
        if self.level == BRIEF:
            return self.arithmetic(definition)
        column = sum_column(definition.expression)
        if column and len(column.terms) >= LONG:
            writer = self.with_digits(column, definition)
            return [*writer.summed(column), *self.rule, writer.result(definition)]
        *formula, last = self.formula(definition)
        value = self.value(definition)
        if width_of(last) + 1 + width_of(value) > self.spans.sheet.width:
            return [*formula, last, self.spans.spread([], value)]
        return [*formula, self.spans.spread(last, value)]

    def arithmetic(self, definition: Definition) -> list[Line]:
        """The symbol = its numbers, and its value: on one line if there is room."""
        spans, ink = self.spans, self.spans.sheet.palette.mid
        value, name = self.value(definition), spans.text(definition.symbol)
        room = spans.sheet.width - len(name) - len(" = ") - 1 - width_of(value)
        numbers, exact = spans.numbers(definition.expression, room, definition.symbol.value)
        text = f"{name}{spans.equals(exact, ' = ')}{numbers}"
        if len(numbers) <= room:
            return [spans.spread([Span(text, ink)], value)]
        *lines, last = spans.broken(text, ink)
        if width_of(last) + 1 + width_of(value) > spans.sheet.width:
            return [*lines, last, spans.spread([], value)]
        return [*lines, spans.spread(last, value)]

    def formula(self, definition: Definition) -> list[Line]:
        """The symbol = names, and below = numbers."""
        spans, expression = self.spans, definition.expression
        name, ink = spans.text(definition.symbol), spans.sheet.palette.mid
        room = spans.sheet.width - len(EQUALS) - 1 - CELLS
        numbers, exact = spans.numbers(expression, room, definition.symbol.value)
        note = spans.sheet.glyphs.text(f" ({definition.note})" if definition.note else "")
        names = spans.text(expression)
        sides = [f"{name} = {names}{note}"]
        if numbers not in (names, UNKNOWN):
            sides.append(spans.equals(exact) + numbers)
        return [line for side in sides for line in spans.broken(side, ink)]

    def summed(self, column: SumColumn) -> list[Line]:
        """The terms, their sum, and the operations on it."""
        spans, palette = self.spans, self.spans.sheet.palette
        shown, others = self.largest(column.terms)
        lines: list[Line] = []
        for term in shown:
            label, numbers = spans.label(term), spans.term(term)
            if width_of(label) + 2 + width_of(numbers) > spans.sheet.width and len(shown) <= SHORT:
                lines += [*spans.broken(spans.text(term), palette.low), *spans.ending(numbers)]
            else:
                lines.append(spans.spread(label, numbers))
        if others:
            label = [Span(f"+ {len(others)} {TOGETHER}", palette.low)]
            total = spans.value(
                SumColumn(others).total, decimals=spans.digits.terms, cost=_are_costs(others)
            )
            lines.append(spans.spread(label, total))
        if column.operations and len(column.terms) > 1:
            label = [Span("sum", palette.mid)]
            cost = _are_costs(column.terms)
            total = spans.value(column.total, True, decimals=spans.digits.total, cost=cost)
            lines += [*self.rule, spans.spread(label, [*spans.nearly, *total])]
        for sign, factor in column.operations:
            lines += [[Span(sign, palette.low)]] if factor is None else self.operation(sign, factor)
        return lines

    def largest(
        self, terms: Sequence[Expression]
    ) -> tuple[Sequence[Expression], Sequence[Expression]]:
        """The largest terms and what is lit, as many as are wanted, in their order; the others."""
        if self.most is None or len(terms) <= self.most + 1:
            return terms, ()
        sizes = np.abs([term.value for term in terms])
        if lit := self.spans.state.chosen:
            sizes[[any(s.name == lit for s in symbols(term)) for term in terms]] = np.inf
        order = np.argsort(-np.nan_to_num(sizes, nan=np.inf), kind="stable")
        kept = set(order[: self.most].tolist())
        return (
            [term for i, term in enumerate(terms) if i in kept],
            [term for i, term in enumerate(terms) if i not in kept],
        )

    def operation(self, sign: str, factor: Expression) -> list[Line]:
        """``× σ′(z)  z > 0  × 1.000``, below where its own formula is more than a number, that."""
        spans, palette = self.spans, self.spans.sheet.palette
        is_number = isinstance(factor, Symbol) and is_count(factor)  # it is its own name
        label = [Span("" if is_number else f"{sign} {spans.text(factor)}", palette.low)]
        value = [Span(f"{sign} {_plain(factor, spans.digits.operations)}", palette.hi)]
        earlier = self.explanation.definitions[:-1]
        definition = next(
            (d for d in earlier if isinstance(factor, Symbol) and d.symbol == factor), None
        )
        if definition is None:
            return [spans.spread(label, value)]
        note = spans.sheet.glyphs.text(f"  {definition.note}" if definition.note else "")
        lines = [spans.spread([*label, Span(note, palette.low)], value)]
        formula = definition.expression
        if self.level < PLAIN and not (isinstance(formula, Symbol) and formula.name is None):
            names, width = spans.text(formula), spans.sheet.width
            room, decimals = width - len(EQUALS), spans.digits.operations
            numbers, exact = spans.numbers(formula, room, factor.value, decimals)
            whole = f"{EQUALS}{names}{spans.equals(exact, ' = ')}{numbers}"
            text = whole if len(whole) <= width else spans.equals(exact) + numbers
            lines += spans.broken(text, palette.low)
        return lines

    def value(self, definition: Definition, lit: bool = False) -> Line:
        """The value of what is defined."""
        symbol = definition.symbol
        return self.spans.value(symbol.value, lit, cost=is_cost(symbol.name))

    def result(self, definition: Definition, lit: bool = False) -> Line:
        label = Span(self.spans.text(definition.symbol), self.spans.sheet.palette.hi, lit)
        value = self.value(definition, lit)
        line = self.spans.spread([label], [*self.spans.nearly, *value])
        return [Lit(span.text, span.ink, span.bold) for span in line] if lit else line

    def check(self) -> list[Line]:
        """The central difference, and how far off it is."""
        check, spans, palette = self.explanation.check, self.spans, self.spans.sheet.palette
        if check is None:
            return []
        glyphs = spans.sheet.glyphs
        mark = "" if check.note and not check.passed else f" {glyphs.mark(check.passed)}"
        estimate, error = num(check.estimate), known(check.error, _error)
        if isnan(check.error):
            mark = ""
        if spans.state.hidden:
            estimate, error, mark = UNKNOWN, UNKNOWN, ""
        label = [Span("central difference", palette.low)]
        if self.level == BRIEF:
            return [spans.spread(label, [Span(estimate, palette.mid), Span(mark, palette.hi)])]
        lines = [*self.blank, spans.spread(label, [Span(estimate, palette.mid)])]
        label = [Span("relative error", palette.low)]
        lines.append(spans.spread(label, [Span(error + mark, palette.hi)]))
        if check.note and not spans.state.hidden:
            lines += words(check.note, palette.low, spans.sheet.width)
        return lines

    @property
    def blank(self) -> list[Line]:
        return [[]] if self.level == FULL else []

    @property
    def rule(self) -> list[Line]:
        return [self.spans.rule()] if self.level < PLAIN else []


def _are_costs(terms: Sequence[Expression]) -> bool:
    """Whether all terms of a sum are costs."""
    return all(isinstance(term, Symbol) and is_cost(term.name) for term in terms)


def _error(value: float) -> str:
    """A relative error: ``3e−9``, ``0``."""
    return norm(value).strip() if value else "0"


def _plain(factor: Expression, decimals: int | None) -> str:
    """The value of a factor: 10, 1.000, −0.123."""
    if isinstance(factor, Symbol) and is_count(factor):
        return f"{factor.value:.0f}".rjust(CELLS - 1)
    return spelled(factor.value, decimals).replace("+", "")
