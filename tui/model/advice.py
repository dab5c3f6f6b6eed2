"""One line of advice: a problem of the run, its cause, and the key that helps."""

import numpy as np

from engine import ForwardPass, Network
from engine.arrays import Array
from tui.drawing.glyphs import UNICODE

SATURATED_SLOPE = 0.02  # |σ′| below this on nearly every example: almost no gradient
NEARLY_ALL = 0.95
FLAT, FLAT_POINTS = 1e-3, 12  # the relative change of C over the last recorded points
RISEN = 2.0  # the rise above the lowest C, relative to it
EXPLODED = 1e6  # the ratio to the first C


def dead_units(network: Network, forward: ForwardPass) -> list[tuple[int, int]]:
    """Hidden units (layer, unit) of relu that are off on every example of a forward pass."""
    return [
        (layer, int(unit))
        for layer, sigma in enumerate(network.layer_activations[:-1], start=1)
        if sigma.slopes is not None and sigma.slopes[0] == 0.0  # relu
        for unit in np.flatnonzero((forward.a[layer] <= 0.0).all(axis=0))
    ]


def saturated_units(network: Network, forward: ForwardPass) -> list[tuple[int, int]]:
    """Hidden units whose activation saturates and whose slope is near 0 on nearly every example."""
    return [
        (layer, int(unit))
        for layer, sigma in enumerate(network.layer_activations[:-1], start=1)
        if sigma.saturates
        for unit in np.flatnonzero(_flat_share(sigma.slope(forward.z[layer - 1], forward.a[layer])))
    ]


def _flat_share(slopes: Array) -> Array:
    share: Array = (np.abs(slopes) < SATURATED_SLOPE).mean(axis=0) > NEARLY_ALL
    return share


def advise(network: Network, forward: ForwardPass, costs: Array) -> str:
    """Advice from a forward pass over training data and the costs recorded so far (m,).

    Keys are written as ``{id}`` of their action, because the user may have changed them."""
    if len(costs) > 1 and not abs(costs[-1]) <= EXPLODED * (1.0 + abs(costs[0])):
        return "C explodes: η is too large; {first}, then {rate_halve} halves it"
    dead, saturated = dead_units(network, forward), saturated_units(network, forward)
    if dead:
        return f"dead: {_names(dead)}, off everywhere: {{next_start}} draws new weights"
    if saturated:
        which = _names(saturated)
        return f"saturated: {which}, slope near 0: {{next_start}} draws new weights"
    recent = costs[-FLAT_POINTS:]
    if len(recent) == FLAT_POINTS and np.isfinite(recent).all():
        lowest = float(np.nanmin(costs))
        if recent[-1] - lowest > RISEN * abs(lowest) and recent[-1] > recent[0]:
            return "C is rising: steps overshoot, {rate_halve} halves η"
        if np.ptp(recent) < FLAT * abs(recent[-1]):
            if len(network.sizes) == 2:
                return "C is flat: descent has arrived"
            return "C is flat: a minimum, or a plateau: {rate_double} doubles η"
    return ""


def _names(units: list[tuple[int, int]], max_names: int = 2) -> str:
    """The units, or only their number if the advice would not fit in 60 cells."""
    if len(units) > max_names:
        return f"{len(units)} units"
    return ", ".join(f"a{UNICODE.layer(layer)}{UNICODE.sub(unit + 1)}" for layer, unit in units)
