"""Explanation: where a number comes from, as data. Screens, exports and tests draw on it alone."""

from dataclasses import dataclass

from engine.arrays import Array
from engine.explain.expression import Expression, Symbol
from engine.notation import Name


@dataclass(frozen=True, eq=False)
class Matrix:
    """A matrix (m, k) or a column (m, 1) of the equation, as it is now.

    ``row`` and ``column`` (from 0; None: all) are what the component in question needs of it.
    """

    name: Name
    values: Array
    row: int | None = None
    column: int | None = None


Part = Matrix | Name | str
"""Of an equation: a matrix, a name, or one of the signs ``=``, ``(``, ``)``, ``⊙``, ``+``, ``−``,
``·``. Two matrices side by side are multiplied."""


@dataclass(frozen=True)
class Definition:
    """``symbol`` = ``expression``; the symbol's value is the expression's."""

    symbol: Symbol
    expression: Expression
    note: str = ""  # such as "z > 0"


@dataclass(frozen=True)
class CentralDifference:
    """The same number from two costs: (C(· + h) − C(· − h)) / 2h."""

    estimate: float
    error: float  # relative: |result − estimate| / max(|result|, |estimate|), 0 where both are 0
    passed: bool
    note: str = ""  # why it says nothing: a kink within ±h, or rounding


@dataclass(frozen=True, eq=False)
class Explanation:
    """Where ``symbol``, whose value is what the program computed, comes from.

    ``equation`` is the general equation, read from left to right. ``definitions`` work out the
    one component, the last of them is the symbol itself. ``meaning`` is plain prose, in it the
    names of quantities; ``code`` is the NumPy that computes all components at once, in arrays
    with a row for each example, layers counted from 0 but for ``a[0]``, which is X.
    """

    symbol: Symbol
    equation: tuple[Part, ...]
    definitions: tuple[Definition, ...]
    meaning: tuple[Name | str, ...]
    code: str
    check: CentralDifference | None = None
