"""The target of screen Approximate, and the curves that the user builds for it."""

from __future__ import annotations

from math import inf

import numpy as np

from engine import EngineError, Network
from engine.approximation.bumps import Construction
from engine.approximation.knot_fit import KnotFit
from engine.approximation.knot_search import max_knots
from engine.approximation.targets import Target
from engine.approximation.units import unit_positions
from engine.training.prepare import Prepared
from tui.model.approximation import by_hand
from tui.model.approximation.compute_facts import trained_curve
from tui.model.approximation.curve import (
    BEST,
    BY_HAND,
    LARGEST_WIDTH,
    NETWORK,
    ROWS,
    SIGMOID,
    STEEPNESS,
    Curve,
    built,
    curve_of,
    fitting_width,
    least_width,
)
from tui.model.approximation.facts import ApproximationFacts
from tui.model.approximation.sweep import SweepFacts, point_of
from tui.model.approximation.towers import TowerFacts, tower_grid
from tui.model.frame import Frame
from tui.session.approximation.job import KnotJob
from tui.session.approximation.target import TargetChoice
from tui.session.approximation.towers import TowerChoice
from tui.session.sweeps.tracker import SweepTracker

WIDTH = 8  # units at first


class Approximation(TargetChoice):
    """What the user has chosen: target, method, width, and what was placed by hand.

    ``advance`` takes what a search has found and begins another; ``facts`` reads.
    """

    def __init__(self, prepared: Prepared) -> None:
        super().__init__(prepared)
        self.method, self.width = "even", WIDTH
        self.unit, self.stacked, self.steepness = WIDTH // 2, False, STEEPNESS[2]
        self._hand: dict[str, Network] = {}  # of methods whose units were moved
        self.squared = False  # whether the plot of errors shows the mean square
        self.sweeps = SweepTracker()
        self.boxes = TowerChoice()
        self._job: KnotJob | None = None

    def next_target(self) -> None:
        """Go on to the next target; what was placed by hand for the last one goes."""
        super().next_target()
        self._hand, self.unit = {}, WIDTH // 2

    # the curve

    def choose(self, method: str) -> None:
        """Choose the method whose curve is drawn."""
        self.method = method

    def widen(self, prepared: Prepared, by: int) -> None:
        """A unit more or less, of a polynomial a degree. Of knots by hand: one more where the error
        is largest, or if there is one in the widest gap; or without the selected one."""
        if self.is_plane(prepared):
            self.boxes.grow(by)
            return
        width, target, method = self.width + by, self._target(prepared), self.method
        if method == BY_HAND and BY_HAND in self._hand:
            self._change_knots(target, by)
            return
        if fitting_width(target, method, width) != width:
            what = "degree" if method == "polynomial" else "width"
            raise EngineError(f"{self.width} is the {_extreme(by)} {what} of this curve here")
        self.width = width
        self._hand.pop(method, None)

    def _change_knots(self, target: Target, by: int) -> None:
        network = self._hand[BY_HAND]
        knots = by_hand.knots_in(target, network)
        if by < 0:
            place = float(unit_positions(network)[self._unit(network)])
            knots = knots[knots != place]
        else:
            found = curve_of(target, BY_HAND, Construction(network, inf)).errors
            ends = np.array([target.interval[0], *knots, target.interval[1]])
            gap = int(np.diff(ends).argmax())
            place = float(ends[gap] + ends[gap + 1]) / 2.0
            if found and found.at not in ends:
                place = found.at
            knots = by_hand.with_knot(target, knots, place)
        if len(knots) >= LARGEST_WIDTH:
            raise EngineError(f"{LARGEST_WIDTH} is the largest width of this curve here")
        self._hand[BY_HAND] = network = by_hand.fitted(target, knots)
        self.width = max(len(knots) + 1, least_width("even"))
        self.unit = by_hand.unit_at(network, place) if len(knots) else 0

    def next_unit(self, prepared: Prepared, by: int) -> None:
        """Select the next unit, after the last one the first."""
        if self.is_plane(prepared):
            self.boxes.select(by)
            return
        units = self._units(prepared)
        self.unit = (min(self.unit, units - 1) + by) % units

    def place_unit(self, prepared: Prepared, place: float) -> None:
        """Let the selected unit bend or step at another place; knots are fitted anew."""
        target, network = self._target(prepared), self._constructed(prepared)
        unit = self._unit(network)
        if self.method in SIGMOID:
            self._hand[self.method] = by_hand.stepped(network, unit, place)
            return
        present = float(unit_positions(network)[unit])
        knots = by_hand.with_knot(target, by_hand.knots_in(target, network), place, present)
        self._hand[BY_HAND] = network = by_hand.fitted(target, knots)
        self.method, self.unit = BY_HAND, by_hand.unit_at(network, place)

    def nudge_unit(self, prepared: Prepared, by: float) -> None:
        """Move the selected unit by a share of the target's interval."""
        (low, high), network = self._target(prepared).interval, self._constructed(prepared)
        place = float(unit_positions(network)[self._unit(network)])
        self.place_unit(prepared, place + by * (high - low))

    def scale_unit(self, prepared: Prepared, factor: float) -> None:
        """Multiply v of the selected unit, of both sides of a bump."""
        network = self._constructed(prepared)
        unit = self._unit(network)
        self.weight_unit(prepared, factor * by_hand.weight_of(network, unit))

    def weight_unit(self, prepared: Prepared, weight: float) -> None:
        """Set v of the selected unit, and −v of the other side of its bump."""
        network = self._constructed(prepared)
        changed = by_hand.weighted(network, self._unit(network), weight, self.method == "bumps")
        if self.method not in SIGMOID:
            self.method = BY_HAND
        self._hand[self.method] = changed

    def toggle_stacked(self) -> None:
        """Stack what the units add, or show each alone."""
        self.stacked = not self.stacked

    def next_steepness(self) -> None:
        """The next steepness of steps and bumps; those moved by hand are built anew."""
        if self.method not in SIGMOID:
            raise EngineError("steps and bumps have a steepness w: choose one of them")
        at = STEEPNESS.index(self.steepness) + 1
        self.steepness = STEEPNESS[at % len(STEEPNESS)]
        self._hand.pop(self.method, None)

    def build_anew(self) -> None:
        """Forget what was moved by hand in the chosen curve."""
        if self._hand.pop(self.method, None) is None:
            raise EngineError("nothing of this curve has been moved by hand")

    def place_of(self, prepared: Prepared) -> tuple[float, float]:
        """Where the selected unit bends or steps, and its v."""
        network = self._constructed(prepared)
        unit = self._unit(network)
        return float(unit_positions(network)[unit]), by_hand.weight_of(network, unit)

    def _units(self, prepared: Prepared) -> int:
        """How many units the chosen curve has. EngineError if none."""
        if self.method == NETWORK:
            return max(prepared.network.sizes[-2], 1)
        return self._constructed(prepared).sizes[1]

    def _unit(self, network: Network) -> int:
        return min(self.unit, network.sizes[1] - 1)

    def _constructed(self, prepared: Prepared) -> Network:
        """The network of the chosen curve. EngineError if it is not built from units."""
        if self.method == NETWORK:
            raise EngineError("the trained network is shown as it is: choose another method")
        curve = self._curve(self._target(prepared), self.method)
        if curve.network is None:
            raise EngineError("a polynomial has no units: choose another method")
        return curve.network

    def _curve(self, target: Target, method: str) -> Curve:
        """The curve of a method other than training."""
        if method in self._hand:
            return curve_of(target, method, Construction(self._hand[method], inf), True)
        if method == BEST:
            found, wanted = self._found(target), self._best_count(target)
            if found:
                fit = found[min(wanted, len(found) - 1)]
                return curve_of(target, BEST, Construction(fit.network, inf))
            method = "even"  # until there is one
        if method == BY_HAND:
            even = built(target, "even", self.width, self.steepness)
            assert even.network is not None
            return curve_of(target, BY_HAND, Construction(even.network, inf))
        return built(target, method, self.width, self.steepness)

    # the search for the best knots

    def advance(self, prepared: Prepared) -> None:
        """Begin the search for the best knots and the sweep, if they have not been made."""
        try:
            target = self.target_now(prepared)
        except EngineError:
            target = None
        self.sweeps.advance(target)
        job = self._job
        if target is None:
            self._stop_search()
            return
        wanted = self._best_count(target)
        if job is None or job.cancelled or job.target is not target or job.count < wanted:
            self._stop_search()
            count = min(2 * wanted + 1, max_knots(target.x))
            self._job = KnotJob(target, count, job)
            self._job.start()

    def _best_count(self, target: Target) -> int:
        return fitting_width(target, BEST, self.width) - 1

    def _found(self, target: Target) -> list[KnotFit]:
        return self._job.found if self._job and self._job.target is target else []

    def cancel(self) -> None:
        """Stop computing; what has been found remains."""
        self.sweeps.leave()
        self._stop_search()

    def _stop_search(self) -> None:
        if self._job:
            self._job.cancel()

    @property
    def state(self) -> object:
        """Differs from that of earlier facts if a computation has begun, gone on or ended."""
        job = self._job
        return job and (id(job), len(job.found), job.is_alive()), self.sweeps.state

    # what there is to show

    def facts(self, frame: Frame) -> ApproximationFacts:
        """What there is to show of a moment."""
        state, note, target = self.state, "", None
        try:
            target = self.target_now(frame.prepared)
        except EngineError as error:
            note = str(error)
        if target is None:
            return ApproximationFacts(
                self.target,
                None,
                self.method,
                self.width,
                {},
                is_plane=not note,
                note=note,
                towers=None if note else self._towers(frame.prepared),
            )
        curves = {name: self._curve(target, name) for name in ROWS if name != NETWORK}
        curves[NETWORK] = trained_curve(frame, self.target, target)
        found, wanted = len(self._found(target)), self._best_count(target) + 1
        chosen = curves[self.method]
        return ApproximationFacts(
            self.target,
            target,
            self.method,
            self.width,
            curves,
            unit=max(min(self.unit, curves[self.method].units - 1), 0),
            cursor=self.cursor_on(target),
            stacked=self.stacked,
            steepness=self.steepness,
            searched=found / wanted if found < wanted else None,
            sweep=SweepFacts(
                self.sweeps.computed(target),
                self.method,
                self.squared,
                point_of(chosen),
                point_of(curves[NETWORK]),
            ),
            state=state,
        )

    def _towers(self, prepared: Prepared) -> TowerFacts:
        """The towers for data with two inputs and one numeric target."""
        return TowerFacts(tower_grid(prepared.dataset, self.boxes.per_side), self.boxes.box)


def _extreme(by: int) -> str:
    return "largest" if by > 0 else "smallest"
