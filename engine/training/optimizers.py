"""Optimisers: update rules that change the parameters by the gradient of the cost.

The formulas are PyTorch's (torch.optim, v2): momentum without dampening, Nesterov as
Sutskever et al. 2013 in that form, RMSProp (Hinton 2012, α = 0.99), Adam (Kingma & Ba 2015,
algorithm 1).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from engine.arrays import Array
from engine.errors import ExperimentError

MOMENTUM = 0.9
DECAY = 0.99  # RMSProp's α
BETA_1, BETA_2 = 0.9, 0.999
EPSILON = 1e-8

# 0-d arrays, as in ``activations``
_MOMENTUM, _DECAY, _NEW, _EPSILON = map(np.array, (MOMENTUM, DECAY, 1.0 - DECAY, EPSILON))
_BETA_1, _NEW_1, _BETA_2, _NEW_2 = map(np.array, (BETA_1, 1.0 - BETA_1, BETA_2, 1.0 - BETA_2))


@dataclass(frozen=True)
class Optimizer:
    """An update rule whose state is ``slots`` vectors (P,), initially 0.

    ``update(p, g, slots, count, rate, u)`` changes the parameters p (P,) and the slots in place. g
    (P,) is the gradient, which may be overwritten; count = 1, 2, … is the number of updates since
    the optimiser was chosen; u (P,) is a scratch vector.

    Along a direction of curvature λ a constant η is stable while η·λ < ``stability`` (Cohen et al.
    2021, appendix B); None where steps do not grow with the gradient. ``gain`` is the step under a
    constant gradient g, divided by η·g.
    """

    name: str
    slots: int
    update: Callable[[Array, Array, Sequence[Array], int, float, Array], object]
    stability: float | None = None
    gain: float = 1.0


def _sgd(p: Array, g: Array, slots: Sequence[Array], count: int, rate: float, u: Array) -> None:
    np.multiply(g, rate, u)
    np.subtract(p, u, p)


def _momentum(
    p: Array, g: Array, slots: Sequence[Array], count: int, rate: float, u: Array
) -> None:
    (v,) = slots
    np.multiply(v, _MOMENTUM, v)
    np.add(v, g, v)
    np.multiply(v, rate, u)
    np.subtract(p, u, p)


def _nesterov(
    p: Array, g: Array, slots: Sequence[Array], count: int, rate: float, u: Array
) -> None:
    (v,) = slots
    np.multiply(v, _MOMENTUM, v)
    np.add(v, g, v)
    np.multiply(v, _MOMENTUM, u)
    np.add(u, g, u)
    np.multiply(u, rate, u)
    np.subtract(p, u, p)


def _rmsprop(p: Array, g: Array, slots: Sequence[Array], count: int, rate: float, u: Array) -> None:
    (v,) = slots
    np.multiply(v, _DECAY, v)
    np.multiply(g, g, u)
    np.multiply(u, _NEW, u)
    np.add(v, u, v)
    np.sqrt(v, u)
    np.add(u, _EPSILON, u)
    np.divide(g, u, u)
    np.multiply(u, rate, u)
    np.subtract(p, u, p)


def _adam(p: Array, g: Array, slots: Sequence[Array], count: int, rate: float, u: Array) -> None:
    m, v = slots
    np.multiply(m, _BETA_1, m)
    np.multiply(g, _NEW_1, u)
    np.add(m, u, m)
    np.multiply(v, _BETA_2, v)
    np.multiply(g, g, u)
    np.multiply(u, _NEW_2, u)
    np.add(v, u, v)
    # rate·m̂ / (√v̂ + ε), with both bias corrections as scalar factors
    correction = sqrt(1.0 - BETA_2**count)
    np.sqrt(v, u)
    np.add(u, EPSILON * correction, u)
    np.divide(m, u, u)
    np.multiply(u, rate * correction / (1.0 - BETA_1**count), u)
    np.subtract(p, u, p)


OPTIMIZERS = {
    optimizer.name: optimizer
    for optimizer in (
        Optimizer("sgd", 0, _sgd, 2.0),
        Optimizer("momentum", 1, _momentum, 2.0 * (1.0 + MOMENTUM), 1.0 / (1.0 - MOMENTUM)),
        Optimizer(
            "nesterov",
            1,
            _nesterov,
            2.0 * (1.0 + MOMENTUM) / (1.0 + 2.0 * MOMENTUM),
            1.0 / (1.0 - MOMENTUM),
        ),
        Optimizer("rmsprop", 1, _rmsprop),
        Optimizer("adam", 2, _adam),
    )
}


def optimizer_named(name: str) -> Optimizer:
    """The optimiser of that name; ExperimentError lists the valid names."""
    if name not in OPTIMIZERS:
        raise ExperimentError(f"unknown optimizer {name!r}; there are: {', '.join(OPTIMIZERS)}")
    return OPTIMIZERS[name]
