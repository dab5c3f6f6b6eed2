"""The numbers of regions at the checkpoints of a run."""

import numpy as np

from engine import History, Network, Trainer
from engine.training.record.series import Checkpoint, CheckpointSeries
from tui.model.regions.result import Regions
from tui.model.run_curves import CountCurve

MAX_POINTS = 96  # of a curve, at round steps


class CountHistory:
    """The counts of one structure in one view, until a branch or a restart changes the past."""

    def __init__(self) -> None:
        self._counts: CheckpointSeries[tuple[float, float]] = CheckpointSeries()

    def curve(self, history: History) -> CountCurve:
        """The counts so far."""
        counts = self._counts.values(history.at_round_steps(MAX_POINTS))
        return CountCurve(*np.array([(step, *both) for step, both in counts]).reshape(-1, 3).T)

    def missing(self, history: History) -> list[Checkpoint]:
        """The checkpoints without a count, in such an order that the first ones cover the run."""
        return self._counts.missing(history.at_round_steps(MAX_POINTS))

    def add(self, checkpoint: Checkpoint, regions: Regions) -> None:
        """Keep what was counted: activation regions and linear ones (NaN where not counted)."""
        counts = np.nan, np.nan
        if regions.map is not None:
            counts = float(regions.map.activation_count), float(regions.map.linear_count)
        elif regions.knots is not None:
            counts = float(regions.knots.activation_count), len(regions.knots.x) + 1.0
        elif regions.count is not None:
            counts = float(regions.count), np.nan
        self._counts.add(checkpoint, counts)


def network_at(trainer: Trainer, checkpoint: Checkpoint) -> Network:
    """The network at a checkpoint of its run."""
    return trainer.network.with_parameters(checkpoint.parameters)
