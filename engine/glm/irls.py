"""Iteratively reweighted least squares: Fisher's scoring for a generalised linear model.

    η = Zγ + offset,  s = ∂ℓ/∂η,  W = expected −∂²ℓ/∂η²,  γ ← γ + (ZᵀWZ)⁻¹Zᵀs

(Nelder & Wedderburn 1972). Each step is a least-squares problem, √W Z against s/√W, solved by QR
of columns of length 1; with a canonical link it is Newton's. A step that raises the deviance, or
makes a mean impossible, is halved.
"""

from dataclasses import dataclass
from itertools import pairwise
from math import inf, isfinite

import numpy as np

from engine.arrays import Array
from engine.glm.families import Model

NEAR = 1e-7  # a step so small beside γ and η: the next ones are taken whole, until rounding rules
SINGULAR = 1e-13  # of a column of length 1, once the columns before it are taken out
R_EPSILON = 1e-8  # R's rule: |change of the deviance| < ε (|deviance| + 0.1)
ROUNDING = 2.0 * float(np.finfo(float).eps)
HALVINGS = 40


@dataclass(frozen=True)
class Regression:
    """What is fitted: Z (n, r) of full rank, y, prior weights and offset, each (n,)."""

    model: Model
    Z: Array
    y: Array
    weights: Array
    offset: Array

    def eta(self, gamma: Array) -> Array:
        """Zγ + offset."""
        return self.Z @ gamma + self.offset

    def deviance(self, eta: Array) -> float:
        """Σ of weight times share; inf where a mean is impossible."""
        if not self.model.possible(self.model.mean(eta)):
            return inf
        total = float(self.weights @ self.model.deviances(eta, self.y))
        return total if isfinite(total) else inf

    def step(self, eta: Array, base: Array | float = 0.0) -> tuple[Array, Array]:
        """The step of γ from η, and R (r, r) with RᵀR = ZᵀWZ.

        ``base`` is regressed with it: with η − offset the step is the next γ itself. LinAlgError
        where W leaves ZᵀWZ singular.
        """
        root = np.sqrt(self.weights * self.model.information(eta))
        told = root > 0.0  # elsewhere W has underflowed, and the example says nothing
        residuals = self.weights * self.model.score(eta, self.y) / np.where(told, root, 1.0)
        target = np.where(told, residuals + root * base, 0.0)
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
    """Where IRLS went: γ (r,) and the deviance after each step, and R at the end.

    ``counted`` steps lead to where R would have stopped: the later ones are for the last digits.
    ``converged``: the steps came down to rounding. ``singular``: they ended since the information
    had lost a direction. ``blocked``: a mean that the steps came to is at the end of those
    possible, where the likelihood need not be level, and standard errors mean nothing.
    """

    gammas: tuple[Array, ...]
    deviances: tuple[float, ...]
    R: Array | None
    counted: int
    converged: bool
    singular: bool
    blocked: bool


def irls(problem: Regression, start: Array, fallback: Array, most: int) -> Iterations | None:
    """Iterate from the linear predictors ``start`` (n,), at most so many steps.

    ``fallback`` (r,) is where to go on from if the first step leads to impossible means; None
    where that does as well.
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
    while len(gammas) < most and not converged:
        try:
            step, R = problem.step(eta)
        except np.linalg.LinAlgError:
            singular = True
            break
        scale = max(largest, float(np.abs(eta).max()), float(np.abs(gamma).max()))
        before, size = size, float(np.abs(step).max())
        near = size <= NEAR * scale
        converged = near and (size >= before or size <= ROUNDING * scale)
        if not converged:
            gamma, eta, deviance = _descended(problem, gamma, step, deviances[-1], near)
            gammas.append(gamma)
            deviances.append(deviance)
    blocked = _at_an_end(problem, eta)
    return Iterations(
        gammas=tuple(gammas),
        deviances=tuple(deviances[1:]),
        R=R,
        counted=_counted_by_r(deviances, len(gammas)),
        converged=converged and not blocked,
        singular=singular,
        blocked=blocked,
    )


def _descended(
    problem: Regression, gamma: Array, step: Array, deviance: float, near: bool
) -> tuple[Array, Array, float]:
    """γ, η and the deviance after the step, halved until it does not raise the deviance."""
    for _ in range(HALVINGS):
        eta = problem.eta(gamma + step)
        after = problem.deviance(eta)
        if after <= deviance or (near and isfinite(after)):
            return gamma + step, eta, after
        step = step / 2.0
    return gamma, problem.eta(gamma), deviance


def _at_an_end(problem: Regression, eta: Array) -> bool:
    """Whether a mean is as good as at an end of those possible, where its y is and η is finite."""
    model, y = problem.model, problem.y
    near = NEAR * np.abs(y).mean()
    return any(
        np.isfinite(model.link.of_mean(np.array(end)))
        and bool((np.abs(model.mean(eta[y == end]) - end) <= near).any())
        for end in model.family.means
    )


def _counted_by_r(deviances: list[float], steps: int) -> int:
    """The steps after which R's rule holds, from the deviances at the start and after each."""
    for count, (before, after) in enumerate(pairwise(deviances), start=1):
        if abs(after - before) < R_EPSILON * (abs(after) + 0.1):
            return count
    return steps + 1  # the step that would change nothing, which R takes
