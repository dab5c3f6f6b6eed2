"""Separation: data for which the likelihood has no maximum, as it rises along some direction.

Along such a direction γ the likelihood of no example falls and that of some rises: Zγ ≥ 0 for
examples that are fitted only as η → ∞, Zγ ≤ 0 for those fitted only as η → −∞, and Zγ = 0 for the
others (Albert & Anderson 1984; for counts Correia, Guimarães & Zylkin 2019). A linear program
finds it (Konis 2007).
"""

from typing import NamedTuple

import numpy as np

from engine.arrays import Array
from engine.glm.irls import Regression

TOLERANCE = 1e-6  # for columns of mean square 1; that of the linear program is 1e-7


class Separation(NamedTuple):
    """``complete``: every likelihood rises along ``direction`` (r,), 0 for columns not involved."""

    complete: bool
    direction: Array


def separation(problem: Regression) -> Separation | None:
    """Separation by targets at the ends of the range of μ, which no finite η reaches."""
    family, link, y = problem.model.family, problem.model.link.name, problem.y
    low, high = family.means
    falls = (y == low) & (link in ("logit", "probit", "cloglog", "log"))
    rises = (y == high) & (link in ("logit", "probit", "cloglog"))
    if family.dispersion or not (falls | rises).any():
        return None
    fixed = problem.Z[~(falls | rises)]
    gains = np.concatenate([problem.Z[rises], -problem.Z[falls]])
    if not len(fixed):
        smallest_gain = np.append(np.zeros(gains.shape[1]), 1.0)
        direction = _maximiser(smallest_gain, fixed, gains, with_smallest=True)
        if direction is not None:
            return Separation(True, direction)
    direction = _maximiser(gains.mean(axis=0), fixed, gains)
    return None if direction is None else Separation(False, direction)


def _maximiser(
    objective: Array, fixed: Array, gains: Array, with_smallest: bool = False
) -> Array | None:
    """The γ in [−1, 1]ʳ that maximises the objective; None if the maximum is 0.

    Subject to fixed·γ = 0 and gains·γ ≥ 0. ``with_smallest`` adds a variable, the smallest gain.
    """
    from scipy.optimize import linprog  # imported late: only fits that do not converge need it

    r = gains.shape[1]
    rows = np.column_stack([-gains, np.ones(len(gains))]) if with_smallest else -gains
    result = linprog(
        -objective,
        A_ub=rows,
        b_ub=np.zeros(len(rows)),
        A_eq=fixed if len(fixed) else None,
        b_eq=np.zeros(len(fixed)) if len(fixed) else None,
        bounds=[(-1.0, 1.0)] * len(objective),
    )
    if result.x is None or -result.fun <= TOLERANCE:
        return None
    direction: Array = np.where(np.abs(result.x[:r]) > TOLERANCE, result.x[:r], 0.0)
    return direction
