"""Iteratively reweighted least squares: Fisher's scoring for a generalised linear model.

    η = Zγ + offset,  s = ∂ℓ/∂η,  W = expected −∂²ℓ/∂η²,  γ ← γ + (ZᵀWZ)⁻¹Zᵀs

(Nelder & Wedderburn 1972). Each step is the least-squares problem √W Z against s/√W, solved by QR
with columns scaled to length 1. With a canonical link it is Newton's step. A step that raises the
deviance, or leads to a μ outside the range of the family, is halved.
"""

from dataclasses import dataclass
from itertools import pairwise
from math import inf, isfinite

import numpy as np

from engine.arrays import Array
from engine.glm.families import Model

NEAR = 1e-7  # after a step this small, relative to γ and η, steps are no longer halved
SINGULAR = 1e-13  # smallest pivot of R for columns of length 1
R_EPSILON = 1e-8  # R's rule: |change of the deviance| < ε (|deviance| + 0.1)
ROUNDING = 2.0 * float(np.finfo(float).eps)
HALVINGS = 40


@dataclass(frozen=True)
class Regression:
    """The data of a fit: Z (n, r) of full rank, y, prior weights and offset, each (n,)."""

    model: Model
    Z: Array
    y: Array
    weights: Array
    offset: Array

    def eta(self, gamma: Array) -> Array:
        """Zγ + offset."""
        return self.Z @ gamma + self.offset

    def deviance(self, eta: Array) -> float:
        """The weighted sum of the examples' terms; inf if a μ is outside the range."""
        if not self.model.possible(self.model.mean(eta)):
            return inf
        total = float(self.weights @ self.model.deviances(eta, self.y))
        return total if isfinite(total) else inf

    def step(self, eta: Array, base: Array | float = 0.0) -> tuple[Array, Array]:
        """The step of γ at η, and R (r, r) with RᵀR = ZᵀWZ; LinAlgError if ZᵀWZ is singular.

        ``base`` is added to the working response: with η − offset, the result is the next γ
        instead of the step to it.
        """
        root = np.sqrt(self.weights * self.model.information(eta))
        informative = root > 0.0  # the other weights have underflowed
        residuals = self.weights * self.model.score(eta, self.y) / np.where(informative, root, 1.0)
        target = np.where(informative, residuals + root * base, 0.0)
        A = root[:, None] * self.Z
        lengths = np.sqrt((A * A).sum(axis=0))
        if not (np.isfinite(target).all() and np.isfinite(lengths).all() and lengths.all()):
            raise np.linalg.LinAlgError
        Q, R = np.linalg.qr(A / lengths)
        if np.abs(np.diag(R)).min(initial=1.0) <= SINGULAR:
            raise np.linalg.LinAlgError
        return np.linalg.solve(R, Q.T @ target) / lengths, R * lengths


@dataclass(frozen=True)
class Iterations:
    """The path of IRLS: γ (r,) and the deviance after each step, and R at the end.

    ``counted``: the number of steps after which R would stop; later steps settle the last digits.
    ``converged``: the steps became as small as rounding. ``singular``: the iteration stopped as
    the information became singular. ``blocked``: the path ended at an end of the range of μ, where
    the likelihood need not be stationary and standard errors have no meaning.
    """

    gammas: tuple[Array, ...]
    deviances: tuple[float, ...]
    R: Array | None
    counted: int
    converged: bool
    singular: bool
    blocked: bool


def irls(problem: Regression, start: Array, fallback: Array, max_steps: int) -> Iterations | None:
    """Iterate from the linear predictors ``start`` (n,).

    If the first step leads to means outside the range, go on from γ = ``fallback`` (r,). None if
    its means are outside the range as well.
    """
    try:
        gamma, R = problem.step(start, start - problem.offset)
    except np.linalg.LinAlgError:
        gamma, R = fallback, None
    if not isfinite(problem.deviance(problem.eta(gamma))):
        gamma = fallback
    eta = problem.eta(gamma)
    deviances = [problem.deviance(start), problem.deviance(eta)]
    if not isfinite(deviances[1]):
        return None
    gammas = [gamma]
    largest = float(np.abs(start).max())
    size, converged, singular = inf, False, False
    while len(gammas) < max_steps and not converged:
        try:
            step, R = problem.step(eta)
        except np.linalg.LinAlgError:
            singular = True
            break
        scale = max(largest, float(np.abs(eta).max()), float(np.abs(gamma).max()))
        previous_size, size = size, float(np.abs(step).max())
        near = size <= NEAR * scale
        # steps that no longer shrink consist of rounding errors
        converged = near and (size >= previous_size or size <= ROUNDING * scale)
        if not converged:
            gamma, eta, deviance = _take_step(problem, gamma, step, deviances[-1], near)
            gammas.append(gamma)
            deviances.append(deviance)
    blocked = _at_end_of_range(problem, eta)
    return Iterations(
        gammas=tuple(gammas),
        deviances=tuple(deviances[1:]),
        R=R,
        counted=_counted_by_r(deviances, len(gammas)),
        converged=converged and not blocked,
        singular=singular,
        blocked=blocked,
    )


def _take_step(
    problem: Regression, gamma: Array, step: Array, deviance: float, near: bool
) -> tuple[Array, Array, float]:
    """γ, η and the deviance after the step, halved until it does not raise the deviance.

    Near the maximum the deviance changes only by rounding, so the full step is taken.
    """
    for _ in range(HALVINGS):
        eta = problem.eta(gamma + step)
        after = problem.deviance(eta)
        if after <= deviance or (near and isfinite(after)):
            return gamma + step, eta, after
        step = step / 2.0
    return gamma, problem.eta(gamma), deviance


def _at_end_of_range(problem: Regression, eta: Array) -> bool:
    """Whether a μ, and its y, have reached an end of the range that a finite η reaches."""
    model, y = problem.model, problem.y
    near = NEAR * np.abs(y).mean()
    return any(
        np.isfinite(model.link.of_mean(np.array(end)))
        and bool((np.abs(model.mean(eta[y == end]) - end) <= near).any())
        for end in model.family.means
    )


def _counted_by_r(deviances: list[float], steps: int) -> int:
    """The number of steps after which R's rule holds; ``deviances`` begins with the start's."""
    for count, (before, after) in enumerate(pairwise(deviances), start=1):
        if abs(after - before) < R_EPSILON * (abs(after) + 0.1):
            return count
    return steps + 1  # R takes one more step, which changes nothing
