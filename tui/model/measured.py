"""What is measured of runs over their steps: costs, regions, and how each run stands."""

from dataclasses import dataclass

import numpy as np

from engine import Divergence, Knots, RegionMap
from engine.arrays import Array


@dataclass(frozen=True)
class Curve:
    """Costs over a run, in the data's own units: ``steps`` ascending, each array (m,)."""

    label: str
    steps: Array
    train: Array
    test: Array  # NaN without test data


@dataclass(frozen=True)
class LiveRun:
    """One of the live runs as it stands. Costs are in the data's own units."""

    name: str
    label: str
    current: bool
    step: int
    latest_step: int
    cost: float
    test_cost: float | None
    curve: Curve | None  # None: it is measured otherwise than that of the current run
    divergence: Divergence | None


@dataclass(frozen=True)
class Regions:
    """What is known of the pieces the network cuts its input into, and of which step."""

    step: int
    map: RegionMap | None = None  # two dimensions shown
    knots: Knots | None = None  # one dimension
    count: int | None = None  # activation regions, where the map itself is too large to draw
    note: str = ""  # why there is no map, or no count
    counting: str = ""  # how far a count has come that runs on

    @property
    def brief(self) -> str:
        """The end of the note: what it comes to."""
        return self.note.rpartition(" · ")[2]


@dataclass(frozen=True)
class CountCurve:
    """Regions over a run: ``steps`` ascending, activation and linear regions (m,)."""

    steps: Array
    activation: Array
    linear: Array  # NaN where only the activation regions were counted


NO_COUNTS = CountCurve(*np.empty((3, 0)))
