"""The search for the best knots of a target, in a separate thread."""

from __future__ import annotations

from threading import Thread

from engine.approximation.knot_fit import KnotFit
from engine.approximation.knot_search import searching_knots
from engine.approximation.targets import Target
from tui.system.job import Job


class KnotJob(Job):
    """Finds the best fits with 0, 1, …, ``count`` knots: ``found``, as far as it has come."""

    FAILED = "not found"

    def __init__(self, target: Target, count: int, after: Thread | None = None) -> None:
        super().__init__("knots", after)
        self.target, self.count = target, count
        self.found: list[KnotFit] = []

    def work(self) -> None:
        for search in searching_knots(self.target.x, self.target.y, self.count):
            if search.knot_count == len(self.found):
                self.found.append(search.fit)
            if self.cancelled:
                return
            self.pause_briefly()
