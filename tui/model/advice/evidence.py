"""Evidence: all the numbers of a run, at one moment, by which advice is given."""

from dataclasses import replace
from functools import cached_property
from math import inf, nan
from typing import Any

import numpy as np

from engine import Experiment, Network, collapse
from engine.arrays import length
from engine.network.penalty import weight_mask
from engine.training.prepare import Prepared, first_network
from engine.training.record.series import Checkpoint
from tui.model.advice.gradients import GradientEvidence
from tui.model.run_curves import CostCurve

CONVEX = {
    ("identity", "quadratic"),
    ("identity", "half_quadratic"),
    ("sigmoid", "binary_cross_entropy"),
    ("probit", "binary_cross_entropy"),
    ("cloglog", "binary_cross_entropy"),
    ("softmax", "cross_entropy"),
    ("exp", "poisson"),
    ("reciprocal", "gamma"),
    ("exp", "gamma"),
}
"""Outputs and losses with which C is a convex function of z⁽ᴸ⁾."""
CONVEX_WORK = 5_000_000  # limit, about, for the multiplications of the distance to the minimum


class Evidence(GradientEvidence):
    """What advice depends on. Everything is computed when a rule asks for it: what costs more than
    a backward pass is asked for in rare situations alone."""

    # the known minimum

    @property
    def is_convex(self) -> bool:
        """Whether C is a convex function of the parameters: one layer, and a loss that is."""
        return not self.network.activations and (self.network.output, self.loss) in CONVEX

    @property
    def is_linear(self) -> bool:
        """Whether z⁽ᴸ⁾ is an affine function of the inputs, without skip connections and
        convolutions: of a layer any one."""
        if self.network.skips or self.network.convolutions:
            return False
        return not {*self.network.activations} - {"identity"}

    @cached_property
    def excess(self) -> float:
        """C + R less its minimum over all parameters, if the network is one linear layer or a stack
        of them, and with its loss convex; else NaN. Exact for the quadratic cost."""
        e, network = self.experiment, self.network
        if (network.output, self.loss) not in CONVEX or e.l1 or e.frozen or not self.is_linear:
            return nan
        if network.activations:
            if e.l2 or min(network.sizes[1:-1]) < min(network.sizes[0], network.sizes[-1]):
                return nan  # the minimum is not that of one layer
            affine = collapse(network, of_z=True)
            biases = [affine.b] if network.bias else None
            network = Network.from_arrays([affine.W], biases, output=network.output)
        if not self.whole or network.parameters.size**2 * self.row_count > CONVEX_WORK:
            return nan
        from engine.network.hessian import newton_decrease  # imported late: rarely needed

        return newton_decrease(network, *self.data(self.row_count), self.loss, e.l2)

    @cached_property
    def separates(self) -> bool:
        """Whether one layer of logistic units puts every training example on its side: then its
        likelihood has no maximum (Albert & Anderson 1984)."""
        if self.penalised or not self.whole or not self.is_linear:
            return False
        z, y = self.backward.forward.z[-1], self.data(self.row_count)[1]
        if self.loss == "binary_cross_entropy" and self.network.output != "identity":
            return bool((((y == 1.0) & (z > 0.0)) | ((y == 0.0) & (z < 0.0))).all())
        if self.loss == "cross_entropy":
            right = np.where(y == 1.0, z, inf).min(axis=1)
            return bool((np.where(y == 1.0, -inf, z).max(axis=1) < right).all())
        return False

    # the last edit

    @cached_property
    def edit_costs(self) -> tuple[float, float] | None:
        """C just before and just after the last event, if that is an edit and its state is kept."""
        event = self.events[-1] if self.events else None
        if event is None or not event.is_edit or event.step > self.step or not self.whole:
            return None
        if event.step not in self.states:
            return None
        edits = tuple(e for e in self.events if e.is_edit and e.step == event.step)
        state = self.states[event.step]
        before, after = (
            replace(self, network=self.network.with_parameters(there.parameters)).backward.loss
            for there in (
                Checkpoint(event.step, state, edits[:-1]),
                Checkpoint(event.step, state, edits),
            )
        )
        return before, after

    # other starts

    @cached_property
    def shrinkage(self) -> float:
        """‖w‖ of all weights, not the biases, over that of the run's first weights."""
        mask = np.sign(weight_mask(self.network))
        first, now = (
            length(network.once(network.parameters * mask))
            for network in (self.prepared.network, self.network)
        )
        return now / first if first > 0.0 else nan

    @cached_property
    def starts_finite(self) -> bool:
        """Whether the gradient of the run's first weights is finite."""
        return bool(np.isfinite(self.first().backward.gradient).all())

    def first(self, **changes: Any) -> "Evidence":
        """The evidence at the run's first weights with changed settings."""
        return self._at_step_0(self.prepared.network, replace(self.experiment, **changes))

    def at_start(self, **changes: Any) -> "Evidence":
        """The evidence at the first weights of a new run with changed settings."""
        experiment = replace(self.experiment, **changes)
        network = first_network(experiment, self.network.sizes[0], self.network.sizes[-1])
        return self._at_step_0(network, experiment)

    def with_prepared(self, prepared: Prepared) -> "Evidence":
        """The evidence of a start with other data."""
        start = replace(self, prepared=prepared)
        return replace(start, cost=start.backward.loss)

    def _at_step_0(self, network: Network, experiment: Experiment) -> "Evidence":
        start = replace(
            self,
            prepared=replace(self.prepared, experiment=experiment),
            experiment=experiment,
            network=network,
            step=0,
            curve=CostCurve("", *np.empty((3, 0))),
            events=(),
            states={},
        )
        return replace(start, cost=start.backward.loss)
