"""LinearHistory: the closed form of a run's data, and the network's distance to it over the run."""

import numpy as np

from engine import Network, Trainer
from engine.arrays import Array
from tui.model.linear.closed_form import ClosedForm, closed_form
from tui.model.linear.facts import LinearFacts, affine_part, distance, linear_facts
from tui.session.counting.history import Past, network_at, pasts


class LinearHistory:
    """Kept from frame to frame: fits until the data change, distances until the past does."""

    def __init__(self) -> None:
        self._closed: ClosedForm | None = None
        self._known: dict[int, tuple[Past, float]] = {}

    def facts(
        self, trainer: Trainer, network: Network, degree: int, of_network: bool, most: int
    ) -> LinearFacts:
        """The facts of this moment, with at most so many distances that were not known before.

        ``network`` is the snapshot of the trainer's present one.
        """
        closed = self.closed_form(trainer, degree)
        with np.errstate(all="ignore"):  # on the way to divergence there is inf, and NaN
            distances = self._distances(trainer, closed, most)
            return linear_facts(trainer, network, closed, distances, of_network)

    def closed_form(self, trainer: Trainer, degree: int) -> ClosedForm:
        """The closed form of an experiment's data."""
        prepared, known = trainer.prepared, self._closed
        assert prepared is not None
        if known is None or known.prepared is not prepared:
            self._known = {}
        found = known and known.at(prepared, degree)
        self._closed = found or closed_form(prepared, degree)
        return self._closed

    def _distances(self, trainer: Trainer, closed: ClosedForm, most: int) -> tuple[Array, Array]:
        """Steps and distances (m,), at the checkpoints where they are known, and finite."""
        past = pasts(trainer)
        missing = [moment for moment in past if not self._knows(moment)]
        missing.sort(key=lambda moment: moment.roundness, reverse=True)
        inputs = closed.prepared.inputs[closed.prepared.dataset.train]
        for moment in missing[:most]:
            affine = affine_part(network_at(trainer, moment), inputs, closed)
            self._known[moment.step] = moment, distance(affine, closed)
        known = [(p.step, self._known[p.step][1]) for p in past if self._knows(p)]
        steps, values = np.array(known, dtype=np.float64).reshape(-1, 2).T
        finite = np.isfinite(values)
        return steps[finite], values[finite]

    def _knows(self, past: Past) -> bool:
        known = self._known.get(past.step)
        return known is not None and known[0].is_still(past)
