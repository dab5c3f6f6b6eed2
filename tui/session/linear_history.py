"""The closed form of a run's data, and the network's distance to it along the run."""

from dataclasses import replace

import numpy as np

from engine import Trainer
from engine.arrays import Array
from engine.training.record.series import CheckpointSeries
from tui.model.linear.closed_form import ClosedForm, closed_form
from tui.model.linear.facts import LinearFacts, affine_part, distance, linear_facts
from tui.session.counting.history import MAX_POINTS, network_at
from tui.session.sampling.tracker import SamplingTracker


class LinearHistory:
    """Keeps the fit until the data change, and distances until the run's past changes."""

    def __init__(self) -> None:
        self._closed: ClosedForm | None = None
        self._distances: CheckpointSeries[float] = CheckpointSeries()
        self.sampling = SamplingTracker()
        self.before_identity: tuple[tuple[str, ...], float] | None = None
        """The activations and the learning rate before a key made all layers linear."""

    def advance(self, trainer: Trainer, degree: int, max_count: int) -> None:
        """Fit the closed form, and compute at most ``max_count`` of the missing distances."""
        closed = self.closed_form(trainer, degree)
        if closed.fit is not None:
            self.sampling.advance(trainer, closed.columns)
        missing = self._distances.missing(trainer.history.at_round_steps(MAX_POINTS))
        inputs = closed.prepared.inputs[closed.prepared.dataset.train]
        with np.errstate(all="ignore"):  # on the way to divergence there is inf, and NaN
            for checkpoint in missing[:max_count]:
                affine = affine_part(network_at(trainer, checkpoint), inputs, closed)
                self._distances.add(checkpoint, distance(affine, closed))

    def facts(self, trainer: Trainer, degree: int, of_network: bool) -> LinearFacts:
        """The facts of this moment, with the distances that have been computed."""
        closed = self.closed_form(trainer, degree)
        with np.errstate(all="ignore"):
            distances = self._curve(trainer)
            facts = linear_facts(trainer, trainer.network, closed, distances, of_network)
        return replace(facts, coverage=self.sampling.facts())

    def closed_form(self, trainer: Trainer, degree: int) -> ClosedForm:
        """The closed form of an experiment's data."""
        prepared, closed = trainer.prepared, self._closed
        assert prepared is not None
        self._closed = (closed and closed.at(prepared, degree)) or closed_form(prepared, degree)
        return self._closed

    def _curve(self, trainer: Trainer) -> tuple[Array, Array]:
        """Steps and distances (m,) at checkpoints where they are computed and finite."""
        values = self._distances.values(trainer.history.at_round_steps(MAX_POINTS))
        steps, distances = np.array(values, dtype=np.float64).reshape(-1, 2).T
        finite = np.isfinite(distances)
        return steps[finite], distances[finite]
