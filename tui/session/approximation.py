"""The target of screen Approximate, and the curves that the user builds for it."""

from __future__ import annotations

from engine import EngineError
from engine.approximation.targets import TARGETS, Target
from engine.training.prepare import Prepared
from tui.model.approximation.compute_facts import number_of_inputs, target_of_data, trained_curve
from tui.model.approximation.curve import (
    BY_HAND,
    NETWORK,
    ROWS,
    STEEPNESS,
    Curve,
    built,
)
from tui.model.approximation.facts import DATA, ApproximationFacts
from tui.model.approximation.sweep import SweepFacts, point_of
from tui.model.approximation.towers import TowerChoice, tower_facts
from tui.model.frame import Frame
from tui.session.sweeps.tracker import SweepTracker

WIDTH, MOST = 8, 64  # units at first, and at most


class Approximation:
    """What the user has chosen: target, method, width, and what was placed by hand.

    ``advance`` takes what jobs have found and begins others; ``facts`` reads.
    """

    def __init__(self, prepared: Prepared) -> None:
        self.target = DATA if number_of_inputs(prepared.dataset) in (1, 2) else "sine"
        self.method, self.width = "even", WIDTH
        self.unit = 0
        self.stacked = False
        self.steepness = STEEPNESS[2]
        self.cursor = 0.0
        self.drawn: Target | None = None
        self.squared = False  # whether the plot of errors shows the mean square
        self.sweeps = SweepTracker()
        self.boxes = TowerChoice()
        self._of_data: tuple[Prepared, Target] | None = None  # the last data, as a target

    def target_now(self, prepared: Prepared) -> Target | None:
        """The target; None of data with two inputs. EngineError if the data are no curve."""
        if self.target != DATA:
            return TARGETS[self.target]
        if number_of_inputs(prepared.dataset) == 2:
            return None
        if self._of_data is None or self._of_data[0] is not prepared:
            self._of_data = prepared, target_of_data(prepared)
        return self._of_data[1]

    def advance(self, prepared: Prepared) -> None:
        """Take what has been found, and begin what is missing."""
        self.sweeps.advance(self._curve_to_follow(prepared))

    @property
    def state(self) -> object:
        """Differs from that of earlier facts if a computation has begun, gone on or ended."""
        return self.sweeps.state

    def _curve_to_follow(self, prepared: Prepared) -> Target | None:
        """The target, if it is a curve."""
        try:
            return self.target_now(prepared)
        except EngineError:
            return None

    def facts(self, frame: Frame) -> ApproximationFacts:
        """What there is to show of a moment."""
        note = ""
        try:
            target = self.target_now(frame.prepared)
        except EngineError as error:
            target, note = None, str(error)
        if target is None:
            return ApproximationFacts(
                self.target,
                None,
                self.method,
                self.width,
                {},
                is_plane=not note,
                note=note,
                towers=None if note else tower_facts(frame, self.boxes),
            )
        curves = {
            name: self._curve(frame, target, name) for name in ROWS if name not in (BY_HAND, "best")
        }
        chosen, trained = curves.get(self.method), curves.get(NETWORK)
        return ApproximationFacts(
            self.target,
            target,
            self.method,
            self.width,
            curves,
            unit=self.unit,
            cursor=self.cursor,
            stacked=self.stacked,
            sweep=SweepFacts(
                self.sweeps.computed(target),
                self.method,
                self.squared,
                point_of(chosen),
                point_of(trained),
            ),
            state=self.state,
        )

    def _curve(self, frame: Frame, target: Target, method: str) -> Curve:
        if method == NETWORK:
            return trained_curve(frame, self.target, target)
        return built(target, method, self.width, self.steepness)
