"""Explanation: how a number was computed, as data for screens, exports and tests."""

from dataclasses import dataclass

from engine.arrays import Array
from engine.explain.expression import Expression, Symbol
from engine.notation import Name


@dataclass(frozen=True, eq=False)
class Matrix:
    """A matrix (m, k) or a column (m, 1) of the equation, with its values.

    ``row`` and ``column`` (from 0; None: all) are those that the explained number depends on.
    ``slopes``: the entries are slopes σ′, of relu 0 or 1.
    """

    name: Name
    values: Array
    row: int | None = None
    column: int | None = None
    slopes: bool = False


Part = Matrix | Name | str
"""A part of an equation: a matrix, a name, or one of the signs ``=``, ``(``, ``)``, ``⊙``, ``+``,
``−``, ``·``. Adjacent matrices are multiplied."""


@dataclass(frozen=True)
class Definition:
    """``symbol`` = ``expression``; the symbol's value is the expression's."""

    symbol: Symbol
    expression: Expression
    note: str = ""  # such as "z > 0"


@dataclass(frozen=True)
class CentralDifference:
    """A derivative estimated from two costs: (C(· + h) − C(· − h)) / 2h."""

    estimate: float
    error: float  # relative: |result − estimate| / max(|result|, |estimate|), 0 if both are 0
    passed: bool
    note: str = ""  # why the estimate is of no use: a kink within ±h, or rounding


@dataclass(frozen=True, eq=False)
class Explanation:
    """How ``symbol``, with the value that the program computed, is computed.

    ``equation``: the general equation, from left to right. ``definitions``: the calculation of this
    number in steps; the last one defines the symbol. ``meaning``: prose, with names of quantities;
    ``short_meanings``: ever shorter forms of it, for where there is little room.
    ``code``: NumPy that computes all components at once, in arrays with one row for each example;
    layers count from 0, except that ``a[0]`` is X.
    """

    symbol: Symbol
    equation: tuple[Part, ...]
    definitions: tuple[Definition, ...]
    meaning: tuple[Name | str, ...]
    code: str
    check: CentralDifference | None = None
    short_meanings: tuple[str, ...] = ()
