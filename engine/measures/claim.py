"""Claims: a measure compared with a bound, a number or another measure."""

from math import isnan
from typing import NamedTuple

from engine.measures.moment import Moment
from engine.measures.table import measured

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


def check(moment: Moment, claim: Claim) -> Checked:
    """Measure a claim at a moment of a run. One with a number that is not a number does not hold.

    Raises:
        EngineError: a measure is unknown, or cannot be measured on this run.

    Example:
        >>> import engine
        >>> from engine.measures.claim import Claim, check
        >>> from engine.measures.moment import Moment
        >>> trainer = engine.Trainer(engine.Experiment(dataset="line", hidden=())).step(1000)
        >>> check(Moment.of(trainer), Claim("ols_gap", "below", 0.1)).holds
        True
    """
    value = measured(moment, claim.measure, dict(claim.arguments))
    bound = measured(moment, claim.bound) if isinstance(claim.bound, str) else claim.bound
    if isnan(value) or isnan(bound):
        return Checked(value, bound, False)
    holds = {
        "below": value < bound,
        "above": value > bound,
        "equals": abs(value - bound) <= claim.within,
    }[claim.relation]
    return Checked(value, bound, holds)
