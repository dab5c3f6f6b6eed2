"""Separation: data for which the likelihood has no maximum, as it rises along some direction.

Along such a direction γ the likelihood of no example falls and that of some rises: Zγ ≥ 0 for
examples that are fitted only as η → ∞, Zγ ≤ 0 for those fitted only as η → −∞, and Zγ = 0 for the
others (Albert & Anderson 1984; for counts Correia, Guimarães & Zylkin 2019). A linear program
finds the direction along which as many as possible rise (Konis 2007). The examples that no
direction raises determine the coefficients that have finite estimates.
"""

from dataclasses import dataclass

import numpy as np

from engine.arrays import Array, Bools
from engine.glm.families import NEGATIVE_BINOMIAL
from engine.glm.irls import Regression

TOLERANCE = 1e-6  # for columns of mean square 1; that of the linear program is 1e-7
ROUNDING = 1e-10  # of singular values, relative to the largest
NOISE = 1e-8  # of a coefficient, relative to the terms that make it


@dataclass(frozen=True)
class Separation:
    """The directions along which the likelihood rises.

    ``complete``: every example's rises. ``direction`` (r,): one along which that of as many
    examples as possible rises. ``space`` (r, k): an orthonormal basis of all such directions.
    """

    complete: bool
    direction: Array
    space: Array

    @property
    def kind(self) -> str:
        """What it is called: "complete" or "quasi-complete"."""
        return "complete" if self.complete else "quasi-complete"

    def diverging(self, back: Array) -> Bools:
        """Which coefficients (p,), β = back·γ, have no finite estimate."""
        space = np.where(np.abs(self.space) > NOISE, self.space, 0.0)
        moved = np.abs(back @ space) > NOISE * (np.abs(back) @ np.abs(space))
        return np.asarray(moved.any(axis=1), dtype=np.bool_)

    def direction_of(self, back: Array) -> Array:
        """The direction (p,) of the coefficients, exactly 0 for those with finite estimates."""
        beta = back @ self.direction
        return np.where(self.diverging(back), beta / np.abs(beta).max(), 0.0)


def separation(problem: Regression) -> Separation | None:
    """Separation by targets at the ends of the range of μ, which no finite η reaches."""
    family, link, y = problem.model.family, problem.model.link.name, problem.y
    low, high = family.means
    falls = (y == low) & (link in ("logit", "probit", "cloglog", "log"))
    rises = (y == high) & (link in ("logit", "probit", "cloglog"))
    counts = family.variance in ("binomial", "poisson", NEGATIVE_BINOMIAL)
    if not counts or not (falls | rises).any():
        return None
    signs = np.where(rises, 1.0, -1.0)
    gains = (signs[:, None] * problem.Z)[falls | rises]
    fixed = problem.Z[~(falls | rises)]
    direction, raised = most_raised(gains, fixed)
    if not raised.any():
        return None
    space = null_space(np.concatenate([fixed, gains[~raised]]))
    direction = space @ (space.T @ direction)  # exactly 0 for the others
    size = np.abs(direction).max(initial=0.0)
    if not size:
        return None
    return Separation(bool(raised.all() and not len(fixed)), direction / size, space)


def most_raised(gains: Array, fixed: Array) -> tuple[Array, Bools]:
    """A γ (r,) with gains·γ ≥ 0 and fixed·γ = 0 that makes most gains positive; which these are.

    It is a sum of directions, each of which raises examples that the ones before do not.
    """
    total, raised = np.zeros(gains.shape[1]), np.zeros(len(gains), dtype=np.bool_)
    while not raised.all():
        direction = _maximiser(gains[~raised].mean(axis=0), gains, fixed)
        if direction is None:
            break
        more = ~raised & (gains @ direction > TOLERANCE)
        if not more.any():
            break
        total, raised = total + direction, raised | more
    return total, raised


def _maximiser(objective: Array, gains: Array, fixed: Array) -> Array | None:
    """The γ in [−1, 1]ʳ that maximises the objective; None if the maximum is 0."""
    from scipy.optimize import linprog  # imported late: only fits that do not converge need it

    result = linprog(
        -objective,
        A_ub=-gains,
        b_ub=np.zeros(len(gains)),
        A_eq=fixed if len(fixed) else None,
        b_eq=np.zeros(len(fixed)) if len(fixed) else None,
        bounds=[(-1.0, 1.0)] * len(objective),
    )
    if result.x is None or -result.fun <= TOLERANCE:
        return None
    return np.asarray(result.x, dtype=np.float64)


def null_space(rows: Array) -> Array:
    """An orthonormal basis (r, k) of the γ with rows·γ = 0."""
    r = rows.shape[1]
    if not len(rows):
        return np.eye(r)
    _, sizes, V = np.linalg.svd(np.linalg.qr(rows, mode="r"))
    rank = int((sizes > ROUNDING * sizes[0]).sum()) if sizes[0] else 0
    return np.asarray(V[rank:].T, dtype=np.float64)
