"""Curves that are built for a target: each method's, of a given width."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import inf

import numpy as np

from engine import Network
from engine.approximation.bumps import RELATIVE_STEEPNESS, Construction, bump_train, staircase
from engine.approximation.knot_search import max_knots
from engine.approximation.sweep import METHODS, Errors, errors, polynomial_curve
from engine.approximation.targets import Target
from engine.approximation.units import contributions, unit_positions
from engine.arrays import Array

BY_HAND = "by hand"
NETWORK = "network"
ROWS = ("polynomial", "interpolant", "even", "best", BY_HAND, "steps", "bumps", NETWORK)
"""The methods, in the order of the table: those of ``METHODS``, one by hand, and training."""


@dataclass(frozen=True, eq=False)
class Curve:
    """A curve with one hidden layer of units, or a polynomial, which has none.

    ``values`` is ŷ (m,) at x (m,). ``errors`` is None where the curve is of something else than the
    target, or not finite; ``note`` says why.
    """

    method: str
    parameters: int
    values: Callable[[Array], Array]
    errors: Errors | None
    bound: float = inf
    network: Network | None = None  # with one hidden layer, in the target's units
    is_moved: bool = False  # whether the user has placed or scaled a unit
    note: str = ""

    @property
    def units(self) -> int:
        """How many hidden units it has, 0 of a polynomial."""
        return self.network.sizes[1] if self.network else 0

    @property
    def places(self) -> Array:
        """Where each unit bends or steps, s = −b/w (units,)."""
        return unit_positions(self.network) if self.network else np.zeros(0)

    @property
    def base(self) -> float:
        """b⁽²⁾, to which the units add."""
        return float(self.network.biases[1][0]) if self.network else 0.0

    def added(self, x: Array) -> Array:
        """What each unit adds (m, units): v·σ(wx + b)."""
        if self.network is None:
            return np.zeros((len(x), 0))
        return contributions(self.network, x[:, None])


def least_width(method: str) -> int:
    """The smallest width of a method."""
    return METHODS[method].least_width if method in METHODS else 1


def largest_width(target: Target, method: str) -> float:
    """The largest width of a method that the target's sample allows; inf if any."""
    return max_knots(target.x) + 1 if method in ("polynomial", "best") else inf


def fitting_width(target: Target, method: str, width: int) -> int:
    """The width nearest to one, that a method can have."""
    return int(min(max(width, least_width(method)), largest_width(target, method)))


@lru_cache(maxsize=64)
def built(target: Target, method: str, width: int, steepness: float) -> Curve:
    """The curve of a method that needs no search; ``steepness`` is w times a piece's width."""
    width = fitting_width(target, method, width)
    if method == "polynomial":
        found = polynomial_curve(target, width)
        return Curve(method, width + 1, found.predict, found.errors)
    if method in ("steps", "bumps"):
        pieces = width + 1 if method == "steps" else width // 2
        low, high = target.interval
        make = staircase if method == "steps" else bump_train
        made = make(target, pieces, steepness / ((high - low) / pieces))
    else:
        build = METHODS[method].build
        assert build is not None
        made = build(target, width)
    return curve_of(target, method, made)


@lru_cache(maxsize=64)
def curve_of(target: Target, method: str, made: Construction, is_moved: bool = False) -> Curve:
    """The curve of a network with one input and one hidden layer."""
    network = made.network
    return Curve(
        method,
        network.parameter_count,
        lambda x: network.predict(x[:, None])[:, 0],
        errors(target, network),
        made.bound if target.is_formula else inf,
        network,
        is_moved,
    )


STEEPNESS = (5.0, 10.0, RELATIVE_STEEPNESS, 40.0, 80.0)
"""What w times a piece's width can be, in the order in which a key goes through them."""
