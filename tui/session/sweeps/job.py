"""Computation of the errors of constructed curves in a separate thread."""

from __future__ import annotations

from threading import Thread

import numpy as np

from engine.approximation.sweep import METHODS, Sweep, width_sweep
from engine.approximation.targets import Target
from engine.arrays import distinct
from tui.system.job import Job

WIDTHS = (1, 2, 3, 4, 5, 6, 8, 11, 16, 23, 32, 45, 64, 91, 128, 181, 256)
MOST = {"polynomial": 64, "best": 32}  # of widths that are computed in a few seconds
POINTS_A_PIECE = 4  # of data, that least squares with even knots should have
SLOW = "best"  # the method that takes longest: it is the last
SLOW_SHARE = 0.6  # of the time


class SweepJob(Job):
    """Computes one sweep: ``sweep`` as far as it has come."""

    FAILED = "not computed"

    def __init__(self, target: Target, after: Thread | None = None) -> None:
        super().__init__("sweep", after)
        self.target = target
        self.sweep = Sweep((), 0.0)

    def work(self) -> None:
        methods = [name for name in METHODS if name != SLOW] + [SLOW]
        shares = [(1.0 - SLOW_SHARE) / (len(methods) - 1)] * (len(methods) - 1) + [SLOW_SHARE]
        done = self.sweep
        with np.errstate(all="ignore"):  # what does not fit float64 is inf
            for method, share in zip(methods, shares, strict=True):
                for part in width_sweep(self.target, widths(self.target, method), [method]):
                    if self.cancelled:
                        return
                    points = (*done.points, *part.points)
                    self.sweep = Sweep(points, min(done.done + share * part.done, 1.0))
                    self.pause_briefly()
                done = self.sweep
        self.sweep = Sweep(self.sweep.points, 1.0)


def widths(target: Target, method: str) -> list[int]:
    """The widths of a method: those that a sweep takes, as far as the target has points for them
    and they are quickly computed."""
    most = MOST.get(method, WIDTHS[-1])
    if method == "even":
        most = max(len(distinct(target.x)) // POINTS_A_PIECE, 2)
    return [width for width in WIDTHS if width <= most]
