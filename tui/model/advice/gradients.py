"""Evidence: the gradient over the training data, and the states of the units."""

from functools import cached_property
from math import inf, nan

import numpy as np

from engine import BackwardPass, backpropagate
from engine.arrays import Array, length
from engine.network.backprop import gradient_variance
from engine.network.penalty import penalty_gradient, weight_mask
from engine.network.unit_states import Units, dead_units, identical_layers, saturated_units
from tui.model.advice.costs import CostEvidence

WORK = 20_000_000  # limit, about, for the multiplications of the pass over the training data
FEWEST_ROWS = 2000  # of them that are always used
CURVATURE_WORK = 200_000  # limit, about, for those of a pass of which curvatures take many
CURVATURE_ROWS = 50, 1000  # examples that they take, at least and at most


class GradientEvidence(CostEvidence):
    """What one pass over the training data tells, and in rare situations its curvature."""

    # the pass over the training data

    @cached_property
    def whole(self) -> bool:
        """Whether the backward pass is over all training examples, not the first ones alone."""
        return self.row_count == len(self.prepared.dataset.train)

    @property
    def row_count(self) -> int:
        """How many training examples the backward pass is over."""
        most = max(FEWEST_ROWS, WORK // self.network.parameters.size)
        return min(most, len(self.prepared.dataset.train))

    def data(self, most: int) -> tuple[Array, Array]:
        """Inputs and targets of the first training examples, at most so many."""
        rows = self.prepared.dataset.train[:most]
        return self.prepared.inputs[rows], self.prepared.targets[rows]

    @cached_property
    def backward(self) -> BackwardPass:
        with np.errstate(all="ignore"):
            return backpropagate(self.network, *self.data(self.row_count), self.loss)

    @cached_property
    def penalty_gradient(self) -> Array:
        """∇R (P,)."""
        e, network = self.experiment, self.network
        return penalty_gradient(network.parameters, weight_mask(network), e.l1, e.l2)

    @cached_property
    def gradient(self) -> Array:
        """∇(C + R) over the training data (P,), 0 for frozen parameters; of a shared parameter at
        its first place."""
        gradient: Array = (self.backward.gradient + self.penalty_gradient) * self.free
        return gradient

    @cached_property
    def slope(self) -> float:
        """‖∇(C + R)‖."""
        return length(self.gradient)

    @cached_property
    def noise(self) -> float:
        """The root mean square of ‖g − ∇C‖, g the gradient of a batch; NaN if some parameters are
        frozen."""
        n, batch = self.row_count, min(self.experiment.batch_size, self.row_count)
        if self.experiment.frozen or n < 2:
            return nan
        with np.errstate(all="ignore"):
            variance = gradient_variance(self.network, self.backward) / batch
            return float(np.sqrt(variance * (n - batch) / (n - 1)))

    @cached_property
    def pace(self) -> float:
        """By which share C + R falls in the next step, to first order and without noise."""
        if not self.now > 0.0:
            return 0.0
        with np.errstate(all="ignore"):
            size = self.slope * self.slope * self.optimizer.gain(self.constants)
            if self.stability is None:  # each parameter moves by about η
                size = float(np.abs(self.gradient).sum())
            return float(self.rate * size / self.now)

    # the units

    @cached_property
    def dead(self) -> Units:
        return dead_units(self.network, self.backward.forward) if self.whole else []

    @cached_property
    def saturated(self) -> Units:
        return saturated_units(self.network, self.backward.forward)

    @cached_property
    def identical(self) -> tuple[int, ...]:
        return () if self.experiment.frozen else identical_layers(self.network)

    def all_of(self, units: Units) -> int | None:
        """The first layer all of whose units are among these; None if there is none."""
        for layer, size in enumerate(self.network.sizes[1:], start=1):
            if sum(of == layer for of, _ in units) == size:
                return layer
        return None

    @cached_property
    def misses(self) -> float:
        """The share of examples whose ŷ is off by more than a quarter of the targets' range."""
        a, y = self.backward.forward.prediction, self.data(self.row_count)[1]
        far = np.abs(a - y) > 0.25 * np.ptp(y, axis=0)
        return float(far.any(axis=1).mean())

    @cached_property
    def spread(self) -> float:
        """The standard deviation of ŷ over that of y."""
        a, y = self.backward.forward.prediction, self.data(self.row_count)[1]
        with np.errstate(all="ignore"):
            return float(a.std(axis=0).max() / y.std(axis=0).max())

    # curvature

    @cached_property
    def _sample(self) -> tuple[Array, Array] | None:
        """The examples for curvatures; None if these take too long."""
        least, most = CURVATURE_ROWS
        rows = min(most, CURVATURE_WORK // self.network.parameters.size)
        return self.data(rows) if rows >= min(least, self.row_count) else None

    @cached_property
    def curvatures(self) -> tuple[float, float]:
        """λ_min and λ_max of C + ½·l2·Σw²; NaN if they take too long."""
        from engine.network.hessian import extreme_curvatures  # imported late: rarely needed

        if self._sample is None:
            return nan, nan
        return extreme_curvatures(self.network, *self._sample, self.loss, self.experiment.l2)

    def bend(self, direction: Array) -> float:
        """vᵀHv along a direction v (P,), H as in ``curvatures``; NaN if it takes too long."""
        from engine.network.hessian import hessian_product

        if self._sample is None:
            return nan
        product = hessian_product(self.network, *self._sample, self.loss)
        if sharing := self.network.sharing:
            direction = sharing.spread(self.network.once(direction))
        with np.errstate(all="ignore"):
            l2 = self.experiment.l2 * weight_mask(self.network)
            return float(direction @ (product(direction) + l2 * direction))

    @cached_property
    def rate_share(self) -> float:
        """η as a share of the largest stable one; NaN if λ_max is not above 0.

        Where the optimiser has no such limit: of the best step along its direction, ±1 for each
        parameter.
        """
        stability = self.stability
        if stability is not None:
            largest = self.curvatures[1]
            return self.rate * largest / stability if largest > 0.0 else nan
        bend = self.bend(np.sign(self.gradient))
        return self.rate * bend / float(np.abs(self.gradient).sum()) if bend > 0.0 else nan

    @cached_property
    def gain(self) -> float:
        """The share of C + R that the best step along the optimiser's direction takes away, to
        second order; inf if C + R does not curve upwards there."""
        adaptive = self.stability is None
        direction = np.sign(self.gradient) if adaptive else self.gradient
        slope, bend = float(direction @ self.gradient), self.bend(direction)
        if not self.now > 0.0 or np.isnan(bend):
            return nan
        return 0.5 * slope**2 / bend / self.now if bend > 0.0 else inf

    @cached_property
    def oscillates(self) -> bool:
        """Whether η is above its limit along the gradient: the next step overshoots there."""
        stability, slope = self.stability, self.slope
        if stability is None or not slope > 0.0:
            return False
        return self.rate * self.bend(self.gradient / slope) > stability
