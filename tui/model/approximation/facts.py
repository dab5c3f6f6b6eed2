"""What screen Approximate shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.approximation.bumps import RELATIVE_STEEPNESS
from engine.approximation.targets import Target
from engine.arrays import Array
from tui.model.approximation.curve import Curve
from tui.model.approximation.sweep import SweepFacts
from tui.model.approximation.towers import TowerFacts

DATA, DRAWN = "data", "drawn"
"""Targets besides the formulas: the run's training data, and what the user has drawn."""


@dataclass(frozen=True, eq=False)
class ApproximationFacts:
    """The target with the curves that follow it.

    ``target`` is None where there is no curve to follow: of data with two inputs (``is_plane``), or
    of data that ``note`` tells of. Everything is in the target's own units.
    """

    name: str  # of the target: ``DATA``, ``DRAWN`` or one of engine.approximation.targets.TARGETS
    target: Target | None
    method: str  # whose curve is drawn
    width: int  # hidden units, of a polynomial the degree
    curves: Mapping[str, Curve]  # of each method; none without a target
    unit: int = 0  # selected
    cursor: float = 0.0
    stacked: bool = False
    steepness: float = RELATIVE_STEEPNESS  # w times the width of a piece
    searched: float | None = None  # the share of the search for the best knots that is done
    sweep: SweepFacts | None = None  # of the target
    is_plane: bool = False
    towers: TowerFacts | None = None  # of a plane
    note: str = ""
    state: object = None  # of what is computed meanwhile: see ``Approximation.state``

    @property
    def chosen(self) -> Curve | None:
        """The curve that is drawn."""
        return self.curves.get(self.method)

    @property
    def trained(self) -> Curve | None:
        """The trained network, where it follows the target."""
        curve = self.curves.get("network")
        return curve if curve and curve.errors else None

    @property
    def place(self) -> float:
        """Where the selected unit bends or steps; NaN without one."""
        chosen = self.chosen
        places: Array = chosen.places if chosen else np.zeros(0)
        return float(places[self.unit]) if self.unit < len(places) else np.nan
