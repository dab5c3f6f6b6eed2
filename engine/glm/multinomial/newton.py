"""Newton's method for the multinomial logit model, and separation of its classes.

The log-likelihood is concave (Agresti 2013, Categorical Data Analysis, 3rd ed., §8.1.4). Class 0 is
the reference, with linear predictor 0: γ is (k − 1, r) for k classes and r columns.
"""

from dataclasses import dataclass
from math import inf, isfinite

import numpy as np

from engine.arrays import Array, Ints
from engine.glm.irls import HALVINGS, NEAR, ROUNDING, SINGULAR
from engine.glm.separation import Separation, most_raised, null_space


@dataclass(frozen=True)
class ClassData:
    """Z (n, r) of full rank, the classes (n,) from 0 to k − 1, and weights (n,)."""

    Z: Array
    classes: Ints
    weights: Array
    k: int

    def log_probabilities(self, gamma: Array) -> Array:
        """log P (n, k)."""
        return log_softmax(self.Z @ gamma.T)

    def deviance(self, logs: Array) -> float:
        """−2Σw log P of the classes that were seen."""
        return float(2.0 * (self.weights @ -logs[np.arange(len(self.classes)), self.classes]))

    def gradient(self, P: Array) -> Array:
        """∂ℓ/∂γ (k − 1, r)."""
        left = -P
        left[np.arange(len(P)), self.classes] += 1.0
        result: Array = (self.weights[:, None] * left[:, 1:]).T @ self.Z
        return result

    def information(self, P: Array) -> Array:
        """−∂²ℓ/∂γ² ((k − 1)r, (k − 1)r), from the blocks ZᵀW diag(p_a(δ_ab − p_b))Z."""
        k, r = self.k - 1, self.Z.shape[1]
        blocks = np.empty((k, r, k, r))
        for a in range(k):
            for b in range(a + 1):
                spread = P[:, a + 1] * ((a == b) - P[:, b + 1])
                if a == b:  # 1 − p as the sum of the others, which does not cancel
                    spread = P[:, a + 1] * np.delete(P, a + 1, axis=1).sum(axis=1)
                block = self.Z.T @ ((self.weights * spread)[:, None] * self.Z)
                blocks[a, :, b, :] = block
                blocks[b, :, a, :] = block.T
        return blocks.reshape(k * r, k * r)


@dataclass(frozen=True)
class NewtonPath:
    """γ and the deviance after each step; the information at the end, None if singular."""

    gammas: tuple[Array, ...]
    deviances: tuple[float, ...]
    information: Array | None
    converged: bool


def log_softmax(eta: Array) -> Array:
    """log P (n, k) of linear predictors (n, k − 1), that of the reference being 0."""
    full = np.column_stack([np.zeros(len(eta)), eta])
    full -= full.max(axis=1, keepdims=True)
    result: Array = full - np.log(np.exp(full).sum(axis=1, keepdims=True))
    return result


def newton(data: ClassData, max_steps: int) -> NewtonPath:
    """Maximise the likelihood from γ = 0, with steps halved until the deviance does not rise."""
    gamma = np.zeros((data.k - 1, data.Z.shape[1]))
    logs = data.log_probabilities(gamma)
    deviances, gammas, size = [data.deviance(logs)], [gamma], inf
    H = _regular(data.information(np.exp(logs)))
    converged = False
    while len(gammas) <= max_steps and H is not None and not converged:
        ascent = np.linalg.solve(H, data.gradient(np.exp(logs)).ravel())
        step = np.asarray(ascent, dtype=np.float64).reshape(gamma.shape)
        scale = max(1.0, float(np.abs(gamma).max()), float(np.abs(data.Z @ gamma.T).max()))
        before, size = size, float(np.abs(step).max())
        near = size <= NEAR * scale
        converged = near and (size >= before or size <= ROUNDING * scale)
        if not converged:
            gamma, logs = _stepped(data, gamma, step, deviances[-1], near)
            gammas.append(gamma)
            deviances.append(data.deviance(logs))
            H = _regular(data.information(np.exp(logs)))
    return NewtonPath(tuple(gammas), tuple(deviances), H, converged)


def _stepped(
    data: ClassData, gamma: Array, step: Array, deviance: float, near: bool
) -> tuple[Array, Array]:
    """γ and log P after the step; near the maximum the deviance changes only by rounding."""
    for _ in range(HALVINGS):
        logs = data.log_probabilities(gamma + step)
        after = data.deviance(logs)
        if after <= deviance or (near and isfinite(after)):
            return gamma + step, logs
        step = step / 2.0
    return gamma, data.log_probabilities(gamma)


def _regular(H: Array) -> Array | None:
    """H, or None where it is singular up to rounding."""
    if not np.isfinite(H).all():
        return None
    scale = np.sqrt(H.diagonal())
    if not scale.all():
        return None
    return H if np.linalg.eigvalsh(H / scale / scale[:, None])[0] > SINGULAR else None


def class_separation(data: ClassData) -> Separation | None:
    """Separation: a direction along which no example's class becomes less likely, and some more.

    An example's does not if its linear predictor grows by no less than that of any other class
    (Albert & Anderson 1984, Biometrika 71, 1–10).
    """
    n, r = data.Z.shape
    k = data.k
    differences = np.eye(k)[data.classes][:, None, :] - np.eye(k)  # (n, k, k)
    others = np.ones((n, k), dtype=np.bool_)
    others[np.arange(n), data.classes] = False
    signs = differences[others][:, 1:]  # (n(k − 1), k − 1): the reference has no coefficients
    Z = np.repeat(data.Z, k - 1, axis=0)
    gains = (signs[:, :, None] * Z[:, None, :]).reshape(len(Z), (k - 1) * r)
    direction, raised = most_raised(gains, gains[:0])
    if not raised.any():
        return None
    space = null_space(gains[~raised])
    return Separation(bool(raised.all()), direction / np.abs(direction).max(), space)
