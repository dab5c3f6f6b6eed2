"""The design matrix of a model that is written as terms."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.arrays import Array, read_only
from engine.errors import DataError
from engine.quoting import shown
from engine.terms.arithmetic import read_expression
from engine.terms.coding import (
    MAX_LISTED,
    CodedCategory,
    CodedTerm,
    coded,
    levels_of,
    ordered,
    values_of,
    with_categories,
)
from engine.terms.expressions import Category, Expression, Variable, text_of, variables_of
from engine.terms.formula import Formula, read_formula
from engine.terms.limits import MAX_COLUMNS
from engine.terms.model_term import ModelTerm
from engine.terms.table import read_columns
from engine.terms.values import Columns, Texts, checked, cut, exact_values, has_level, is_text
from engine.wording import count, listed, plural


@dataclass(frozen=True, eq=False)
class Design:
    """The columns of a model's terms.

    Attributes:
        X: (n, p), without the column of ones; a fit adds it if ``intercept``.
        names: of the p columns: ``wt``, ``log(disp)``, ``wool=B``, ``wt:cyl=6``.
        terms: the terms, in the order of their columns.
        intercept: whether the model has one.
        notes: which terms were named twice, and what each category is compared with.
        levels: of each category, by column; the reference is the first.
        coding: how the columns are computed.

    Example:
        >>> import engine
        >>> fitted = engine.design("wool", {"wool": ["A", "B", "B"]})
        >>> fitted.names, fitted.apply({"wool": ["B", "A"]}).tolist()
        (('wool=B',), [[1.0], [0.0]])
    """

    X: Array
    names: tuple[str, ...]
    terms: tuple[ModelTerm, ...]
    intercept: bool
    notes: tuple[str, ...]
    levels: Mapping[str, tuple[str, ...]]
    coding: tuple[CodedTerm, ...]

    @property
    def variables(self) -> tuple[str, ...]:
        """The columns of the data that the terms use."""
        return _used(self.coding)

    def apply(self, columns: Mapping[str, ArrayLike | Sequence[str]]) -> Array:
        """The columns (m, p) of the same terms for m new rows, with the levels of the first data.

        DataError where a column is missing, a text has a level that those data do not have, or a
        value is not finite.
        """
        table = read_columns(columns, self.variables)
        if not table:
            return np.ones((_rows(columns), 0))
        for name, levels in self.levels.items():
            _check_levels(name, table[name], levels)
        return values_of(self.coding, table, len(next(iter(table.values()))))

    def exact(self, digits: Mapping[str, Sequence[str]]) -> list[NDArray[np.object_] | Array]:
        """The p columns (n,), those that are polynomials or quotients of columns as Fractions.

        Arguments:
            digits: the n numbers of columns, as they are written; columns that are not given are
                taken from ``X`` where they are terms, which are rounded to float64.

        Returns:
            A list of the columns; ``X`` where a function, such as log, has no exact value. Their
            cells may be given to ``engine.ols`` one beside the other.
        """
        fractions = {
            name: np.array([Fraction(cell) for cell in cells], dtype=object)
            for name, cells in digits.items()
        }
        parts = [part for term in self.coding for part in term.parts]
        return [self._exact(j, part, fractions) for j, part in enumerate(parts)]

    def _exact(
        self,
        j: int,
        part: tuple[Expression | tuple[str, str], ...],
        fractions: Mapping[str, NDArray[np.object_]],
    ) -> NDArray[np.object_] | Array:
        expressions = [factor for factor in part if not isinstance(factor, tuple)]
        used = {name for factor in expressions for name in variables_of(factor)}
        if not used or not used <= fractions.keys():
            return self.X[:, j]
        # a category's level switches the product off; elsewhere it is a factor of 1
        total: NDArray[np.object_] = np.full(len(self.X), Fraction(1), dtype=object)
        for factor in expressions:
            values = exact_values(factor, fractions)
            if values is None:
                return self.X[:, j]
            total = total * values
        if len(expressions) < len(part):
            total[self.X[:, j] == 0.0] = Fraction(0)
        return total


def design(
    terms: str,
    columns: Mapping[str, ArrayLike | Sequence[str]],
    intercept: bool = True,
    exclude: Collection[str] = (),
) -> Design:
    """The design matrix of terms such as ``wt*hp + log(disp) + C(cyl) + wt^2``.

    Arguments:
        terms: names of columns, in backticks where they are not plain; + and − take terms in and
            out; a:b is a product, a*b is a + b + a:b; x^2 is the square of x; log, exp, sqrt, sin
            and cos; I(…) is arithmetic with + − * / ^; C(x) takes each number of x as a level, and
            C(x, ref=4) compares with 4; 0 or −1 leaves the intercept out; . is all columns.
        columns: (n,) numbers, or n texts, by name. A column of texts is a category.
        intercept: whether the model has an intercept where ``terms`` does not say.
        exclude: columns that ``.`` does not stand for, such as the target.

    Returns:
        The design, with the columns of R's ``model.matrix``: treatment coding, and all levels of a
        category where the model lacks what they are compared within (``coding.coded``).

    Raises:
        DataError: the text is no model, or has more than 200 terms or 2 000 columns; a level is
            unknown, or a value is not finite.
        ShapeError: the columns differ in length.

    Example:
        >>> import engine
        >>> table = {"wt": [2.0, 3.0, 4.0], "cyl": [4, 6, 6]}
        >>> fitted = engine.design("wt*C(cyl)", table)
        >>> fitted.names, fitted.X.tolist()[2]
        (('wt', 'cyl=6', 'wt:cyl=6'), [4.0, 1.0, 4.0])
        >>> [(term.name, term.columns) for term in fitted.terms]
        [('wt', (0,)), ('C(cyl)', (1,)), ('wt:C(cyl)', (2,))]
    """
    names = [*columns]
    formula = read_formula(terms, names, [name for name in names if name not in exclude])
    table = read_columns(columns, columns_of(formula))
    has_intercept = intercept if formula.intercept is None else formula.intercept
    coding, levels = _coded(formula, table, has_intercept)
    total = sum(term.column_count for term in coding)
    if total > MAX_COLUMNS:
        raise DataError(
            f"{shown(terms)} makes {plural(total, 'column')}, more than {count(MAX_COLUMNS)}: "
            "take products of categories out"
        )
    X = values_of(coding, table, len(next(iter(table.values()))) if table else _rows(columns))
    check_range(X, coding)
    return Design(
        X=read_only(X),
        names=tuple(name for term in coding for name in term.column_names),
        terms=_model_terms(coding),
        intercept=has_intercept,
        notes=(*formula.notes, *_references(coding, levels)),
        levels=levels,
        coding=tuple(coding),
    )


def columns_of(formula: Formula) -> tuple[str, ...]:
    """The names of the columns that a formula uses."""
    names: dict[str, None] = {}
    for factor in (factor for term in formula.terms for factor in term):
        own = (factor.column,) if isinstance(factor, Category) else variables_of(factor)
        names |= dict.fromkeys(own)
    return tuple(names)


def _coded(
    formula: Formula, table: Columns, intercept: bool
) -> tuple[list[CodedTerm], dict[str, tuple[str, ...]]]:
    """How the terms become columns, and the levels of each category."""
    terms, references = with_categories(formula.terms, table)
    factors = dict.fromkeys(factor for term in terms for factor in term)
    levels = {
        factor.column: levels_of(factor.column, table, references.get(factor.column))
        for factor in factors
        if isinstance(factor, Category)
    }
    texts = [name for name, column in table.items() if is_text(column)]
    return coded(ordered(terms), levels, intercept, texts), levels


def computed(
    text: str, columns: Mapping[str, ArrayLike | Sequence[str]], use: str = "the target"
) -> tuple[str, Array]:
    """A target or an offset that is computed from columns, such as ``log(mpg)``.

    Arguments:
        text: one expression: a column, a function of it, or arithmetic such as deaths/years; a
            sum is written I(a + b).
        columns: (n,) numbers by name; those that the text does not name may hold anything.
        use: what messages call it.

    Returns:
        Its name as it is shown, and its values (n,).

    Raises:
        DataError: the text is no such expression, or a value is not finite.

    Example:
        >>> import engine
        >>> name, values = engine.computed("log(time)", {"time": [1.0, 10.0]}, "the offset")
        >>> name, values.round(4).tolist()
        ('log(time)', [0.0, 2.3026])
    """
    expression = read_expression(text, [*columns], use)
    table = read_columns(columns, variables_of(expression))
    name = expression.name if isinstance(expression, Variable) else text_of(expression)
    return name, checked(expression, table)


def check_range(X: Array, coding: Sequence[CodedTerm]) -> None:
    """DataError where a product of finite factors is not finite."""
    finite = np.isfinite(X).all(axis=0)
    if not finite.all():
        names = [name for term in coding for name in term.column_names]
        row = int((~np.isfinite(X)).any(axis=1).argmax())
        name = names[int((~finite).argmax())]
        raise DataError(f"{cut(name)}, row {row + 1}: the product is beyond the range of float64")


def _rows(columns: Mapping[str, ArrayLike | Sequence[str]]) -> int:
    return max((len(np.asarray(values)) for values in columns.values()), default=0)


def _used(coding: Sequence[CodedTerm]) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for term in coding:
        for factor in term.factors:
            own = (factor.column,) if isinstance(factor, CodedCategory) else variables_of(factor)
            names |= dict.fromkeys(own)
    return tuple(names)


def _model_terms(coding: Sequence[CodedTerm]) -> tuple[ModelTerm, ...]:
    terms, start = [], 0
    for term in coding:
        stop = start + term.column_count
        terms.append(ModelTerm(term.name, term.variables, tuple(range(start, stop))))
        start = stop
    return tuple(terms)


def _references(coding: Sequence[CodedTerm], levels: Mapping[str, tuple[str, ...]]) -> list[str]:
    """What each category is compared with that has no column for its reference."""
    coded_factors = [f for term in coding for f in term.factors if isinstance(f, CodedCategory)]
    return [
        f"{name}: compared with {own[0]!r}"
        for name, own in levels.items()
        if any(f.column == name and len(f.levels) < len(own) for f in coded_factors)
    ]


def _check_levels(name: str, column: Array | Texts, levels: Sequence[str]) -> None:
    known = np.zeros(len(column), dtype=bool)
    for level in levels:
        known |= has_level(column, level)
    if not known.all():
        row = int((~known).argmax())
        value = column[row] if is_text(column) else f"{float(column[row]):.15g}"
        raise DataError(
            f"{name}, row {row + 1}: {shown(str(value))} is no level of the data; "
            f"there are: {listed(levels, MAX_LISTED)}"
        )
