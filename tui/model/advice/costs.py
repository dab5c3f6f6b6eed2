"""Evidence: the settings and the costs of a run up to the present step."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import isfinite, nan

import numpy as np

from engine import Divergence, Event, Experiment, Network, State
from engine.arrays import Array
from engine.network.losses import loss_named
from engine.training.optimizers import Constants, Optimizer, optimizer_named, stability_limit
from engine.training.prepare import Prepared
from engine.training.record.objective import Objective, least_cost, objective
from engine.training.schedules import learning_rate_at
from tui.model.run_curves import CostCurve


@dataclass(frozen=True, eq=False)
class CostEvidence:
    """A run at one moment; the fields are those of a frame. Numbers are in the network's units."""

    prepared: Prepared
    experiment: Experiment  # with the settings in force now
    network: Network
    step: int
    divergence: Divergence | None
    cost: float  # C over the training data
    curve: CostCurve  # in the data's own units
    events: tuple[Event, ...]
    states: Mapping[int, State]  # the checkpoints by step

    # settings

    @property
    def optimizer(self) -> Optimizer:
        return optimizer_named(self.experiment.optimizer)

    @cached_property
    def constants(self) -> Constants:
        """The constants of the optimiser."""
        return self.experiment.settings.constants

    @cached_property
    def stability(self) -> float | None:
        """The limit of η·λ below which steps are stable, if the optimiser has one."""
        return stability_limit(self.experiment.optimizer, self.constants)

    @property
    def rate(self) -> float:
        """η of the next update, as scheduled."""
        return learning_rate_at(self.experiment, self.step)

    @property
    def loss(self) -> str:
        return str(self.experiment.loss)

    @property
    def squares(self) -> bool:
        """Whether C is a multiple of the sum of squares."""
        return loss_named(self.loss).squares is not None

    @property
    def penalised(self) -> bool:
        return self.experiment.l1 > 0.0 or self.experiment.l2 > 0.0

    @cached_property
    def free(self) -> Array:
        """1 for parameters that learn; 0 for frozen ones, and for all places but the first of those
        of a convolution (P,)."""
        size = self.network.parameters.size
        free = np.zeros(size)
        free[self.network.once(np.arange(size))] = 1.0
        free[list(self.experiment.frozen)] = 0.0
        return free

    @property
    def all_frozen(self) -> bool:
        return not self.free.any()

    # costs

    @cached_property
    def costs(self) -> dict[int, float]:
        """C by step, up to the present one."""
        scale, curve = self.prepared.cost_scale, self.curve
        pairs = zip(curve.steps.tolist(), (curve.train / scale).tolist(), strict=True)
        return {int(step): cost for step, cost in pairs if step < self.step} | {
            self.step: self.cost
        }

    @cached_property
    def least(self) -> float:
        """The least possible C: that of a = y."""
        return least_cost(self.loss, self.prepared.targets[self.prepared.dataset.train])

    @cached_property
    def objective(self) -> Objective:
        """C + R since it can be compared."""
        return objective(
            self.network,
            (self.prepared.experiment.settings, self.experiment.settings),
            self.events,
            self.states,
            self.costs,
            self.least,
        )

    @property
    def now(self) -> float:
        """C + R now, C above its least possible value."""
        return float(self.objective.values[-1])

    @cached_property
    def above(self) -> Array:
        """C of all steps up to the present one, above its least possible value."""
        return np.array([self.costs[step] for step in sorted(self.costs)]) - self.least

    @property
    def lowest_step(self) -> int:
        """The step of the lowest C."""
        finite = {step: cost for step, cost in self.costs.items() if isfinite(cost)}
        return min(finite, key=lambda step: (finite[step], step), default=0)

    @cached_property
    def remaining(self) -> float:
        """C as a share of its first value, both above the least possible C."""
        first = float(self.above[0])
        return float(self.above[-1]) / first if first > 0.0 else nan
