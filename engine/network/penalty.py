"""The penalty R = l1·Σ|w| + ½·l2·Σw² over the weights, not the biases, that is added to C.

A weight of a convolution counts once, not at each of its places.
"""

import numpy as np

from engine.arrays import Array
from engine.network.network import Network


def weight_mask(network: Network) -> Array:
    """How much each entry of ``Network.parameters`` counts (P,): weights 1, biases 0, and each of
    the m places of a weight of a convolution 1/m."""
    mask = network.with_parameters(np.ones(network.parameters.size))
    if network.sharing:
        counts = network.sharing.counts
        mask.parameters[...] = np.where(counts > 0.0, 1.0 / np.maximum(counts, 1.0), 0.0)
    if network.bias:
        for b in mask.biases:
            b[...] = 0.0
    return mask.parameters


def penalties(parameters: Array, mask: Array, l1: float, l2: float) -> Array:
    """R of each row of parameters (m, P), with ``mask`` by ``weight_mask``; inf if it is too large
    a number."""
    with np.errstate(over="ignore"):
        w = parameters * np.sign(mask)
        result = np.zeros(len(w))
        if l1:
            result += l1 * (np.abs(w) * mask).sum(axis=1)
        if l2:
            result += 0.5 * l2 * (np.square(w) * mask).sum(axis=1)
    return result


def penalty(parameters: Array, mask: Array, l1: float, l2: float) -> float:
    """R of parameters (P,): see ``penalties``."""
    return float(penalties(parameters[None], mask, l1, l2)[0])


def penalty_gradient(parameters: Array, mask: Array, l1: float, l2: float) -> Array:
    """∇R (P,), at each place of a shared weight; the derivative of |w| at 0 is taken as 0, as in
    training."""
    w = parameters * np.sign(mask)
    gradient: Array = l1 * np.sign(w) + l2 * w
    return gradient
