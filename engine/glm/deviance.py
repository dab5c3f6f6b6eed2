"""The deviance of a cost, and the cost of the saturated model, which predicts every target.

McCullagh & Nelder, Generalized Linear Models, 2nd ed. 1989, §2.3.
"""

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Array
from engine.errors import ShapeError
from engine.network.losses import check_targets, loss_named


def saturated_cost(loss: str, Y: ArrayLike) -> float:
    """The mean cost C of the saturated model, where a = y for every target.

    It is the minimum of the loss over all predictions (McCullagh & Nelder 1989, §2.3).

    Arguments:
        loss: a name in ``engine.network.losses.LOSSES``.
        Y: targets, (n, k) or (n,).

    Returns:
        The mean over the n examples. It is 0 for targets 0 and 1 with a cross-entropy.

    Raises:
        ShapeError: if Y has another number of dimensions, or is empty.
        DataError: if the loss is not defined for these targets.

    Example:
        >>> import engine
        >>> engine.saturated_cost("poisson", [1.0, 1.0, 1.0])
        1.0
    """
    y = _targets(Y)
    rule = loss_named(loss)
    check_targets(rule, y)
    return float(rule.saturated(y).sum(axis=1).mean())


def deviance(cost: float, loss: str, Y: ArrayLike) -> float:
    """The deviance of a model with mean cost C: 2n(C − C of the saturated model).

    For a cost that is a multiple of Σ(a − y)² it is the residual sum of squares: nC with the
    quadratic cost, which has no ½ (McCullagh & Nelder 1989, §2.3).

    Arguments:
        cost: the mean cost C over the n examples, without penalties.
        loss: the loss that C is the mean of, as in ``saturated_cost``.
        Y: the targets, (n, k) or (n,).

    Returns:
        The deviance, without dispersion.

    Raises:
        ShapeError, DataError: as ``saturated_cost``.

    Example:
        >>> import engine
        >>> engine.deviance(0.25, "quadratic", [1.0, 2.0, 3.0, 4.0])
        1.0
    """
    n = len(_targets(Y))
    squares = loss_named(loss).squares
    return n * cost / squares if squares else 2.0 * n * (cost - saturated_cost(loss, Y))


def _targets(Y: ArrayLike) -> Array:
    y = np.asarray(Y, dtype=np.float64)
    y = y[:, None] if y.ndim == 1 else y
    if y.ndim != 2 or not y.size:
        raise ShapeError(f"targets are (n, k) or (n,); it got {y.shape}")
    return y
