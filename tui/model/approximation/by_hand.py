"""Constructed networks with one unit placed or scaled by hand."""

from __future__ import annotations

import numpy as np

from engine import EngineError, Network
from engine.approximation.knot_fit import fit_knots
from engine.approximation.relu import one_hidden_layer
from engine.approximation.targets import Target
from engine.approximation.units import unit_positions
from engine.arrays import Array, distinct


def knots_in(target: Target, network: Network) -> Array:
    """The knots (K,) of a relu network that lie within the target's interval, ascending."""
    low, high = target.interval
    places = distinct(unit_positions(network))
    inside: Array = places[(low < places) & (places < high)]
    return inside


def fitted(target: Target, knots: Array) -> Network:
    """The relu network with given knots that least squares fits to the target."""
    return fit_knots(target.x, target.y, knots, "fast").network


def with_knot(target: Target, knots: Array, place: float, instead: float = np.nan) -> Array:
    """The knots with one more, or one in place of another. EngineError if there is one already, or
    outside the target's interval."""
    low, high = target.interval
    if not low < place < high:
        raise EngineError(f"a knot must be between {low:.4g} and {high:.4g}, where the target is")
    others = knots[knots != instead]
    if (others == place).any():
        raise EngineError("another knot is there already")
    more: Array = np.sort(np.append(others, place))
    return more


def unit_at(network: Network, place: float) -> int:
    """The unit that bends or steps at a place, or nearest to it; of two the last."""
    places = unit_positions(network)[::-1]
    return len(places) - 1 - int(np.nanargmin(np.abs(places - place)))


def stepped(network: Network, unit: int, place: float) -> Network:
    """A network of steps with one step moved: its b is −w·s."""
    w, b, v, base = _parts(network)
    b[unit] = -w[unit] * place
    return one_hidden_layer(w, b, v, base, network.activations[0])


def weighted(network: Network, unit: int, weight: float, tied: bool = False) -> Network:
    """A network with another output weight v of one unit. ``tied``: the other side of its bump
    has −v."""
    w, b, v, base = _parts(network)
    v[unit] = weight
    if tied:
        v[unit ^ 1] = -weight
    return one_hidden_layer(w, b, v, base, network.activations[0])


def weight_of(network: Network, unit: int) -> float:
    """The output weight v of a unit."""
    return float(network.weights[1][0, unit])


def _parts(network: Network) -> tuple[Array, Array, Array, float]:
    (first, second), (b, base) = network.weights, network.biases
    return first[:, 0].copy(), b.copy(), second[0].copy(), float(base[0])
