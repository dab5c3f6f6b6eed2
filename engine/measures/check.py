"""Checking a claim on a moment of a run."""

from math import isnan

from engine.measures.claim import Checked, Claim
from engine.measures.moment import Moment
from engine.measures.table import measured


def check(moment: Moment, claim: Claim) -> Checked:
    """Measure a claim at a moment of a run. One with a number that is not a number does not hold.

    Raises:
        EngineError: a measure is unknown, or cannot be measured on this run.

    Example:
        >>> import engine
        >>> from engine.measures.check import check
        >>> from engine.measures.claim import Claim
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
