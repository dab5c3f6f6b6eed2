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
from tui.model.frame import Frame

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

    @property
    def state(self) -> object:
        """Differs from that of earlier facts if a computation has begun, gone on or ended."""
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
                self.target, None, self.method, self.width, {}, is_plane=not note, note=note
            )
        curves = {
            name: self._curve(frame, target, name) for name in ROWS if name not in (BY_HAND, "best")
        }
        return ApproximationFacts(
            self.target,
            target,
            self.method,
            self.width,
            curves,
            unit=self.unit,
            cursor=self.cursor,
            stacked=self.stacked,
        )

    def _curve(self, frame: Frame, target: Target, method: str) -> Curve:
        if method == NETWORK:
            return trained_curve(frame, self.target, target)
        return built(target, method, self.width, self.steepness)
