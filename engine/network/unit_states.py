"""Units that cannot learn: dead, saturated, and identical ones."""

import numpy as np

from engine.arrays import Array
from engine.network.network import ForwardPass, Network

SATURATED_SLOPE = 0.02  # |σ′| below this: almost no gradient
NEARLY_ALL = 0.95  # of the examples

Units = list[tuple[int, int]]
"""Layer 1 … L and unit, which counts from 0."""


def dead_units(network: Network, forward: ForwardPass) -> Units:
    """The units of relu that are off on every example of a forward pass: σ′ is 0 on all."""
    return [
        (layer, int(unit))
        for layer, sigma in enumerate(network.layer_activations, start=1)
        if sigma.slopes is not None and sigma.slopes[0] == 0.0  # relu
        for unit in np.flatnonzero((forward.a[layer] <= 0.0).all(axis=0))
    ]


def saturated_units(network: Network, forward: ForwardPass) -> Units:
    """The units whose activation saturates and whose slope is near 0 on nearly every example."""
    return [
        (layer, int(unit))
        for layer, sigma in enumerate(network.layer_activations, start=1)
        if sigma.saturates
        for unit in np.flatnonzero(_flat(sigma.slope(forward.z[layer - 1], forward.a[layer])))
    ]


def _flat(slopes: Array) -> Array:
    flat: Array = (np.abs(slopes) < SATURATED_SLOPE).mean(axis=0) > NEARLY_ALL
    return flat


def identical_layers(network: Network) -> tuple[int, ...]:
    """The hidden layers, of two units or more, whose units are all the same function and are used
    in the same way. Their gradients are equal too, so that training never makes them different."""
    joined = {layer for skip in network.skips for layer in skip}
    joined |= {near for layer, _ in network.convolutions for near in (layer - 1, layer)}
    return tuple(
        layer
        for layer, (M, W) in enumerate(
            zip(network.matrices[:-1], network.weights[1:], strict=True), start=1
        )
        if len(M) > 1 and layer not in joined and (M[0] == M).all() and (W.T[0] == W.T).all()
    )
