"""Costs and region counts over the steps of a run, and the present state of each live run."""

from typing import NamedTuple

import numpy as np

from engine import Divergence
from engine.arrays import Array


class CostCurve(NamedTuple):
    """Costs over a run, in the data's own units: ``steps`` ascending, each array (m,)."""

    label: str
    steps: Array
    train: Array
    test: Array  # NaN without test data


class LiveRun(NamedTuple):
    """The present state of a live run: its name ``padded``, its costs in the data's own units."""

    name: str
    label: str
    current: bool
    step: int
    latest_step: int
    cost: float
    test_cost: float | None
    curve: CostCurve | None  # None if its costs cannot be compared with the current run's
    divergence: Divergence | None


class CountCurve(NamedTuple):
    """Numbers of regions over a run: ``steps`` ascending, each array (m,)."""

    steps: Array
    activation: Array
    linear: Array  # NaN where only the activation regions were counted


NO_COUNTS = CountCurve(*np.empty((3, 0)))
