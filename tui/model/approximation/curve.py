"""Curves that are built for a target: each method's, of a given width."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
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

BEST, BY_HAND, NETWORK = "best", "by hand", "network"
RELU, SIGMOID = ("interpolant", "even", BEST, BY_HAND), ("steps", "bumps")
ROWS = ("polynomial", *RELU, *SIGMOID, NETWORK)
"""The methods, in the order of the table: those of ``METHODS``, one by hand, and training."""
LARGEST_WIDTH = 64
STEEPNESS = (5.0, 10.0, RELATIVE_STEEPNESS, 40.0, 80.0)
"""What w times a piece's width can be, in the order in which a key goes through them."""


@dataclass(frozen=True, eq=False)
class Curve:
    """A curve with hidden units that add up to it, or a polynomial, which has none.

    ``values`` is ŷ (m,) at x (m,), ``added`` what each unit adds to ``base`` (m, units), which is
    v·σ(wx + b). ``places`` (units,) are where they bend or step, s = −b/w; NaN where there is no
    such place. ``errors`` is None where the curve follows something else, or is not finite;
    ``note`` says why.
    """

    method: str
    parameters: int
    values: Callable[[Array], Array]
    errors: Errors | None
    bound: float = inf
    places: Array = field(default_factory=lambda: np.zeros(0))
    added: Callable[[Array], Array] = lambda x: np.zeros((len(x), 0))
    base: float = 0.0
    network: Network | None = None  # constructed, with one hidden layer
    is_moved: bool = False  # whether the user has placed or scaled a unit
    coefficients: Array = field(default_factory=lambda: np.zeros(0))  # of a polynomial
    note: str = ""

    def worst(self, target: Target) -> tuple[float, float]:
        """ŷ and the target where the error is largest: of several targets there, the one that is
        so far away."""
        assert self.errors is not None
        x, error = self.errors.at, self.errors.largest
        y = float(self.values(np.array([x]))[0])
        beside = np.array([np.nextafter(x, -inf), x, np.nextafter(x, inf)])
        known = np.concatenate([target.y[target.x == x], target.function(beside)])
        ends = y + error, y - error
        away = [float(np.abs(known - end).min()) for end in ends]
        return y, ends[int(away[1] < away[0])]

    @property
    def units(self) -> int:
        """How many hidden units add up to it."""
        return len(self.places)


def least_width(method: str) -> int:
    """The smallest width of a method."""
    return METHODS[method].least_width if method in METHODS else 1


def largest_width(target: Target, method: str) -> int:
    """The largest width of a method that the target's sample allows."""
    is_limited = method in ("polynomial", BEST)
    return min(max_knots(target.x) + 1, LARGEST_WIDTH) if is_limited else LARGEST_WIDTH


def fitting_width(target: Target, method: str, width: int) -> int:
    """The width nearest to one, that a method can have."""
    return max(min(width, largest_width(target, method)), least_width(method))


@lru_cache(maxsize=64)
def built(target: Target, method: str, width: int, steepness: float) -> Curve:
    """The curve of a method that needs no search; ``steepness`` is w times a piece's width."""
    width = fitting_width(target, method, width)
    if method == "polynomial":
        found = polynomial_curve(target, width)
        return Curve(
            method, width + 1, found.predict, found.errors, coefficients=found.coefficients
        )
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
        unit_positions(network),
        lambda x: contributions(network, x[:, None]),
        float(network.biases[1][0]),
        network,
        is_moved,
    )
