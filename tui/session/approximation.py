"""The target of screen Approximate, and the curves that the user builds for it."""

from __future__ import annotations

from collections.abc import Callable
from math import inf

import numpy as np

from engine import EngineError, Network
from engine.approximation.bumps import Construction
from engine.approximation.knot_fit import KnotFit
from engine.approximation.knot_search import max_knots
from engine.approximation.targets import TARGETS, Target, data_target
from engine.approximation.units import unit_positions
from engine.arrays import Array
from engine.training.prepare import Prepared
from tui.model.approximation import by_hand
from tui.model.approximation.compute_facts import (
    number_of_inputs,
    target_of_data,
    trained_curve,
)
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
from tui.model.approximation.facts import DATA, DRAWN, ApproximationFacts
from tui.model.frame import Frame
from tui.model.key_hint_error import KeyHintError
from tui.session.knot_job import KnotJob

CursorAxis = tuple[tuple[str], tuple[tuple[float, float]], Array, Callable[[Array], None]]
WIDTH = 8  # units at first
DRAWN_POINTS = 33  # of a target that is drawn


class Approximation:
    """What the user has chosen: target, method, width, and what was placed by hand.

    ``advance`` takes what a search has found and begins another; ``facts`` reads.
    """

    def __init__(self, prepared: Prepared) -> None:
        inputs = number_of_inputs(prepared.dataset)
        self.targets = (*((DATA,) if inputs in (1, 2) else ()), *TARGETS, DRAWN)
        self.target, self.method, self.width = self.targets[0], "even", WIDTH
        self.unit, self.stacked, self.steepness = WIDTH // 2, False, STEEPNESS[2]
        self.cursor: float | None = None  # None: in the middle
        self._hand: dict[str, Network] = {}  # of methods whose units were moved
        self._drawn: Target | None = None
        self._of_data: tuple[Prepared, Target] | None = None  # the last data, as a target
        self._job: KnotJob | None = None

    # the target

    def target_now(self, prepared: Prepared) -> Target | None:
        """The target; None of data with two inputs. EngineError if the data are no curve."""
        if self.target == DRAWN:
            if self._drawn is None:
                self._drawn = self._as_drawn(self._first_target(prepared))
            return self._drawn
        if self.target != DATA:
            return TARGETS[self.target]
        if number_of_inputs(prepared.dataset) == 2:
            return None
        if self._of_data is None or self._of_data[0] is not prepared:
            self._of_data = prepared, target_of_data(prepared)
        return self._of_data[1]

    def _first_target(self, prepared: Prepared) -> Target:
        """What a drawn target begins as: the data, or else sine."""
        is_curve = DATA in self.targets and number_of_inputs(prepared.dataset) == 1
        try:
            return target_of_data(prepared) if is_curve else TARGETS["sine"]
        except EngineError:
            return TARGETS["sine"]

    def _as_drawn(self, target: Target) -> Target:
        x = np.linspace(*target.interval, DRAWN_POINTS)
        return data_target(x, target.function(x))

    def next_target(self) -> None:
        """Go on to the next target; what was placed by hand for the last one goes."""
        at = self.targets.index(self.target) + 1
        self.target = self.targets[at % len(self.targets)]
        self._hand, self.cursor, self.unit = {}, None, 0

    def raise_target(self, prepared: Prepared, by: float) -> None:
        """Raise the drawn target at the point nearest to the cursor. KeyHintError if it is none."""
        target = self._target(prepared)
        if self.target != DRAWN:
            raise KeyHintError("this target is given: {next_target} goes on to one that is drawn")
        y = target.y.copy()
        y[self._nearest(target)] += by
        self._drawn = data_target(target.x, y)

    def draw_at(self, prepared: Prepared, x: float, y: float) -> None:
        """Put the cursor at x, and the drawn target there at y."""
        self.cursor = x
        target = self._target(prepared)
        self.raise_target(prepared, y - float(target.y[self._nearest(target)]))

    def cursor_axis(self, prepared: Prepared) -> CursorAxis:
        """The name of the axis, its range, the cursor on it, and what puts it elsewhere."""
        target = self._target(prepared)
        at = np.array([self.cursor_on(target)])
        return ("x",), (target.interval,), at, lambda point: self.put_cursor(float(point[0]))

    def put_cursor(self, x: float) -> None:
        """Put the cursor at x."""
        self.cursor = x

    def _nearest(self, target: Target) -> int:
        return int(np.abs(target.x - self.cursor_on(target)).argmin())

    def cursor_on(self, target: Target) -> float:
        """The cursor, in the middle of the target until it has been put somewhere."""
        low, high = target.interval
        return (low + high) / 2.0 if self.cursor is None else self.cursor

    def _target(self, prepared: Prepared) -> Target:
        target = self.target_now(prepared)
        if target is None:
            raise KeyHintError("data with two inputs: {next_target} goes on to a target of one")
        return target

    # the curve

    def choose(self, method: str) -> None:
        """Choose the method whose curve is drawn."""
        self.method = method

    def widen(self, prepared: Prepared, by: int) -> None:
        """A unit more or less, of a polynomial a degree. Of knots by hand: one more where the error
        is largest, or without the selected one."""
        width = self.width + by
        if self.target == DATA and number_of_inputs(prepared.dataset) == 2:
            self.width = min(max(width, 1), LARGEST_WIDTH)
            return
        target, method = self._target(prepared), self.method
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
        units = self._constructed(prepared).sizes[1]
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
        """Begin the search for the best knots, if they have not been found."""
        try:
            target = self.target_now(prepared)
        except EngineError:
            target = None
        job = self._job
        if target is None:
            self.cancel()
        elif job is None or job.target is not target or job.count < self._best_count(target):
            self.cancel()
            count = min(2 * self._best_count(target) + 1, max_knots(target.x))
            self._job = KnotJob(target, count, job)
            self._job.start()

    def _best_count(self, target: Target) -> int:
        return fitting_width(target, BEST, self.width) - 1

    def _found(self, target: Target) -> list[KnotFit]:
        return self._job.found if self._job and self._job.target is target else []

    def cancel(self) -> None:
        """Stop searching; what has been found remains."""
        if self._job:
            self._job.cancel()

    @property
    def state(self) -> object:
        """Differs from that of earlier facts if a search has begun, gone on or ended."""
        job = self._job
        return job and (id(job), len(job.found), job.is_alive())

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
                self.target, None, self.method, self.width, {}, is_plane=not note, note=note
            )
        curves = {name: self._curve(target, name) for name in ROWS if name != NETWORK}
        curves[NETWORK] = trained_curve(frame, self.target, target)
        found, wanted = len(self._found(target)), self._best_count(target) + 1
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
            state=state,
        )


def _extreme(by: int) -> str:
    return "largest" if by > 0 else "smallest"
