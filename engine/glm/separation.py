"""Separation: data on which a likelihood has no maximum, since it rises along some direction.

A direction γ along which no example loses and some gain: Zγ ≥ 0 where only η → ∞ fits the
example, ≤ 0 where only η → −∞ does, and 0 for the others. (Albert & Anderson 1984; found by a
linear program, Konis 2007; for counts Correia, Guimarães & Zylkin 2019.)
"""

from typing import NamedTuple

import numpy as np

from engine.arrays import Array
from engine.glm.irls import Regression

TOLERANCE = 1e-6  # the linear program's own is 1e-7, for columns of mean square 1


class Separation(NamedTuple):
    """``complete`` where every example gains; ``direction`` (r,), 0 where a column has no part."""

    complete: bool
    direction: Array


def separation(problem: Regression) -> Separation | None:
    """The separation of the data by the ends of the family's means, which no η reaches."""
    family, link, y = problem.model.family, problem.model.link.name, problem.y
    low, high = family.means
    falls = (y == low) & (link in ("logit", "probit", "cloglog", "log"))
    rises = (y == high) & (link in ("logit", "probit", "cloglog"))
    if family.dispersion or not (falls | rises).any():
        return None
    fixed = problem.Z[~(falls | rises)]
    gains = np.concatenate([problem.Z[rises], -problem.Z[falls]])
    if not len(fixed):
        direction = _most(np.append(np.zeros(gains.shape[1]), 1.0), fixed, gains, least=True)
        if direction is not None:
            return Separation(True, direction)
    direction = _most(gains.mean(axis=0), fixed, gains)
    return None if direction is None else Separation(False, direction)


def _most(objective: Array, fixed: Array, gains: Array, least: bool = False) -> Array | None:
    """The γ in a box that makes the objective largest; None where it cannot be above 0.

    With ``least`` there is one variable more: the least of the gains.
    """
    from scipy.optimize import linprog  # lazy: only a fit that does not converge asks

    r = gains.shape[1]
    rows = np.column_stack([-gains, np.ones(len(gains))]) if least else -gains
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
