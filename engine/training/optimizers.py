"""Optimisers: update rules that change the parameters by the gradient of the cost.

The formulas are PyTorch's (torch.optim, v2): momentum without dampening, Nesterov as
Sutskever et al. 2013 in that form, RMSProp (Hinton 2012, α = 0.99), Adam (Kingma & Ba 2015,
algorithm 1).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

import numpy as np

from engine.arrays import Array
from engine.errors import ExperimentError

DECAY = 0.99  # RMSProp's α

Update = Callable[[Array, Array, Sequence[Array], int, float, Array], object]


@dataclass(frozen=True)
class Constants:
    """The constants of the update rules: momentum's μ, Adam's β₁ and β₂, and ε of both RMSProp
    and Adam."""

    momentum: float = 0.9
    betas: tuple[float, float] = (0.9, 0.999)
    epsilon: float = 1e-8


class Optimizer(NamedTuple):
    """An update rule whose state is ``slots`` vectors (P,), initially 0.

    ``rule(constants)`` is a function ``update(p, g, slots, count, rate, u)``, which changes the
    parameters p (P,) and the slots in place. g (P,) is the gradient, which may be overwritten;
    count = 1, 2, … is the number of updates since the optimiser was chosen; u (P,) is a scratch
    vector.

    Along a direction of curvature λ a constant η is stable while η·λ < ``stability(constants)``
    (Cohen et al. 2021, appendix B); None where steps do not grow with the gradient.
    ``gain(constants)`` is the step under a constant gradient g, divided by η·g. ``uses`` names the
    constants that the rule has.
    """

    name: str
    slots: int
    rule: Callable[[Constants], Update]
    stability: Callable[[Constants], float] | None = None
    gain: Callable[[Constants], float] = lambda constants: 1.0
    uses: tuple[str, ...] = ()


def _sgd(constants: Constants) -> Update:
    def update(
        p: Array, g: Array, slots: Sequence[Array], count: int, rate: float, u: Array
    ) -> None:
        np.multiply(g, rate, u)
        np.subtract(p, u, p)

    return update


def _momentum(constants: Constants) -> Update:
    (mu,) = _arrays(constants.momentum)

    def update(
        p: Array, g: Array, slots: Sequence[Array], count: int, rate: float, u: Array
    ) -> None:
        (v,) = slots
        np.multiply(v, mu, v)
        np.add(v, g, v)
        np.multiply(v, rate, u)
        np.subtract(p, u, p)

    return update


def _nesterov(constants: Constants) -> Update:
    (mu,) = _arrays(constants.momentum)

    def update(
        p: Array, g: Array, slots: Sequence[Array], count: int, rate: float, u: Array
    ) -> None:
        (v,) = slots
        np.multiply(v, mu, v)
        np.add(v, g, v)
        np.multiply(v, mu, u)
        np.add(u, g, u)
        np.multiply(u, rate, u)
        np.subtract(p, u, p)

    return update


def _rmsprop(constants: Constants) -> Update:
    decay, new, epsilon = _arrays(DECAY, 1.0 - DECAY, constants.epsilon)

    def update(
        p: Array, g: Array, slots: Sequence[Array], count: int, rate: float, u: Array
    ) -> None:
        (v,) = slots
        np.multiply(v, decay, v)
        np.multiply(g, g, u)
        np.multiply(u, new, u)
        np.add(v, u, v)
        np.sqrt(v, u)
        np.add(u, epsilon, u)
        np.divide(g, u, u)
        np.multiply(u, rate, u)
        np.subtract(p, u, p)

    return update


def _adam(constants: Constants) -> Update:
    beta_1, beta_2 = constants.betas
    old_1, new_1, old_2, new_2 = _arrays(beta_1, 1.0 - beta_1, beta_2, 1.0 - beta_2)
    epsilon = constants.epsilon

    def update(
        p: Array, g: Array, slots: Sequence[Array], count: int, rate: float, u: Array
    ) -> None:
        m, v = slots
        np.multiply(m, old_1, m)
        np.multiply(g, new_1, u)
        np.add(m, u, m)
        np.multiply(v, old_2, v)
        np.multiply(g, g, u)
        np.multiply(u, new_2, u)
        np.add(v, u, v)
        # rate·m̂ / (√v̂ + ε), with both bias corrections as scalar factors
        correction = sqrt(1.0 - beta_2**count)
        np.sqrt(v, u)
        np.add(u, epsilon * correction, u)
        np.divide(m, u, u)
        np.multiply(u, rate * correction / (1.0 - beta_1**count), u)
        np.subtract(p, u, p)

    return update


def _arrays(*values: float) -> list[Array]:
    """0-d arrays, with which NumPy is faster than with floats, as in ``activations``."""
    return [np.array(value) for value in values]


def _momentum_gain(constants: Constants) -> float:
    return 1.0 / (1.0 - constants.momentum)


def _momentum_stability(constants: Constants) -> float:
    return 2.0 * (1.0 + constants.momentum)


def _nesterov_stability(constants: Constants) -> float:
    return 2.0 * (1.0 + constants.momentum) / (1.0 + 2.0 * constants.momentum)


OPTIMIZERS = {
    optimizer.name: optimizer
    for optimizer in (
        Optimizer("sgd", 0, _sgd, lambda constants: 2.0),
        Optimizer("momentum", 1, _momentum, _momentum_stability, _momentum_gain, ("momentum",)),
        Optimizer("nesterov", 1, _nesterov, _nesterov_stability, _momentum_gain, ("momentum",)),
        Optimizer("rmsprop", 1, _rmsprop, uses=("epsilon",)),
        Optimizer("adam", 2, _adam, uses=("betas", "epsilon")),
    )
}


def stability_limit(name: str, constants: Constants) -> float | None:
    """The limit of η·λ below which steps of that optimiser are stable, if it has one."""
    limit = optimizer_named(name).stability
    return None if limit is None else limit(constants)


def optimizer_named(name: str) -> Optimizer:
    """The optimiser of that name; ExperimentError lists the valid names."""
    if name not in OPTIMIZERS:
        raise ExperimentError(f"unknown optimizer {name!r}; there are: {', '.join(OPTIMIZERS)}")
    return OPTIMIZERS[name]
