"""Deviance: how far a cost is above that of the saturated model, which predicts every target.

McCullagh & Nelder, Generalized Linear Models, 2nd ed. 1989, §2.3.
"""

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.errors import ShapeError
from engine.network.losses import check_targets, loss_named


def saturated_cost(loss: str, Y: ArrayLike) -> float:
    """C where a = y for every target: the least that this loss can be. Y is (n, k), or (n,)."""
    y = _targets(Y)
    check_targets(loss_named(loss), y)
    costs = {
        "quadratic": lambda: np.zeros_like(y),
        "binary_cross_entropy": lambda: -_y_log_y(y) - _y_log_y(1.0 - y),
        "cross_entropy": lambda: -_y_log_y(y),
        "poisson": lambda: y - _y_log_y(y),
        "gamma": lambda: 1.0 + np.log(y),
    }[loss]()
    return float(costs.sum(axis=1).mean())


def deviance(cost: float, loss: str, Y: ArrayLike) -> float:
    """The deviance of a model with mean cost C on the targets Y (n, k), or (n,).

    2n(C − C of the saturated model); nC with the quadratic cost, which has no ½.
    """
    n = len(_targets(Y))
    return n * cost if loss == "quadratic" else 2.0 * n * (cost - saturated_cost(loss, Y))


def _targets(Y: ArrayLike) -> Array:
    y = np.asarray(Y, dtype=np.float64)
    y = y[:, None] if y.ndim == 1 else y
    if y.ndim != 2 or not y.size:
        raise ShapeError(f"targets are (n, k) or (n,); it got {y.shape}")
    return y


def _y_log_y(y: Array) -> Array:
    result: Array = y * np.log(np.where(y > 0.0, y, 1.0))
    return result
