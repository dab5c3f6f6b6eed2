"""The target of screen Approximate, and the cursor on it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine import EngineError
from engine.approximation.targets import TARGETS, Target, data_target
from engine.arrays import Array
from engine.training.prepare import Prepared
from tui.model.approximation.compute_facts import number_of_inputs, target_of_data
from tui.model.approximation.facts import DATA, DRAWN
from tui.model.key_hint_error import KeyHintError

CursorAxis = tuple[tuple[str], tuple[tuple[float, float]], Array, Callable[[Array], None]]
DRAWN_POINTS = 33  # of a target that is drawn


class TargetChoice:
    """Which target is followed: the data, a formula, or what the user has drawn."""

    def __init__(self, prepared: Prepared) -> None:
        is_target = number_of_inputs(prepared.dataset) in (1, 2)
        self.targets = (*((DATA,) if is_target else ()), *TARGETS, DRAWN)
        self.target = self.targets[0]
        self.cursor: float | None = None  # None: in the middle
        self._drawn: Target | None = None
        self._of_data: tuple[Prepared, Target] | None = None  # the last data, as a target

    def is_plane(self, prepared: Prepared) -> bool:
        """Whether the target is data over two inputs."""
        return self.target == DATA and number_of_inputs(prepared.dataset) == 2

    def target_now(self, prepared: Prepared) -> Target | None:
        """The target; None of data with two inputs. EngineError if the data are no curve."""
        if self.target == DRAWN:
            if self._drawn is None:
                self._drawn = self._as_drawn(self._first_target(prepared))
            return self._drawn
        if self.target != DATA:
            return TARGETS[self.target]
        if self.is_plane(prepared):
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
        """Go on to the next target."""
        at = self.targets.index(self.target) + 1
        self.target = self.targets[at % len(self.targets)]
        self.cursor = None

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
