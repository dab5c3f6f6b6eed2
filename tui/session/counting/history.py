"""CountHistory: how many regions there were at the checkpoints of a run."""

from dataclasses import dataclass
from math import inf

import numpy as np

from engine import Event, Network, State, Trainer
from tui.model.measured import CountCurve, Regions

POINTS = 96  # of the curve: more than there are columns of dots to show them


@dataclass(frozen=True, eq=False)
class Past:
    """A checkpoint of a run, with the edits of weights made there."""

    step: int
    state: State
    edits: tuple[Event, ...]

    def is_still(self, other: "Past") -> bool:
        """Whether it is the same moment: a branch puts other states in the place of the old."""
        return self.state is other.state and self.edits == other.edits

    @property
    def roundness(self) -> float:
        """The largest power of two that divides its step: any part of a run's moments, the
        roundest first, covers the whole of it."""
        return self.step & -self.step if self.step else inf


class CountHistory:
    """Counts of one structure in one view, kept until a branch or a restart changes the past."""

    def __init__(self) -> None:
        self._counted: dict[int, tuple[Past, float, float]] = {}

    def curve(self, trainer: Trainer) -> CountCurve:
        """The counts there are so far."""
        known = [self._counted[past.step] for past in pasts(trainer) if self._knows(past)]
        rows = np.array([(past.step, *counts) for past, *counts in known]).reshape(-1, 3)
        return CountCurve(*rows.T)

    def missing(self, trainer: Trainer) -> list[Past]:
        """What is to be counted; any part of it from the first on covers the whole run."""
        missing = [past for past in pasts(trainer) if not self._knows(past)]
        return sorted(missing, key=lambda past: past.roundness, reverse=True)

    def add(self, past: Past, regions: Regions) -> None:
        """Remember what was counted."""
        counts = np.nan, np.nan
        if regions.map is not None:
            counts = float(regions.map.activation_count), float(regions.map.linear_count)
        elif regions.knots is not None:
            counts = float(regions.knots.activation_count), len(regions.knots.x) + 1.0
        elif regions.count is not None:
            counts = float(regions.count), np.nan
        self._counted[past.step] = past, *counts

    def _knows(self, past: Past) -> bool:
        known = self._counted.get(past.step)
        return known is not None and known[0].is_still(past)


def pasts(trainer: Trainer) -> list[Past]:
    """The checkpoints that the curve shows: at round steps, so that they stay as the run grows."""
    history, spacing = trainer.history, 1
    while history.latest_step > POINTS * spacing:
        spacing *= 2
    steps = sorted(step for step in history.checkpoints if step % spacing == 0)
    return [Past(step, history.checkpoints[step], history.edits_at(step)) for step in steps]


def network_at(trainer: Trainer, past: Past) -> Network:
    """The network as it was then."""
    return trainer.network.with_parameters(trainer.parameters_at(past.step))
