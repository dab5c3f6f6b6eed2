"""Claims: a measure compared with a bound, a number or another measure."""

from typing import NamedTuple

RELATIONS = ("below", "above", "equals")

Arguments = tuple[tuple[str, str | int], ...]


class Claim(NamedTuple):
    """That a measure is ``below`` or ``above`` a bound, or ``equals`` it.

    Attributes:
        measure: the name of a measure.
        relation: one of ``RELATIONS``.
        bound: a number, or the name of another measure, without arguments.
        within: by how much "equals" may be off.
        arguments: of the measure, by name.
    """

    measure: str
    relation: str
    bound: float | str
    within: float = 0.0
    arguments: Arguments = ()


class Checked(NamedTuple):
    """The value of a claim's measure and of its bound, and whether the claim holds."""

    value: float
    bound: float
    holds: bool
