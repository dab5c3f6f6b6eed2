"""A moment of a run, on which numbers are measured."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.arrays import Array
from engine.errors import EngineError
from engine.network.backprop import BackwardPass, backpropagate
from engine.network.network import Network
from engine.training.experiment import Settings
from engine.training.prepare import Prepared
from engine.training.record.state import Divergence
from engine.training.trainer import Trainer


@dataclass(frozen=True, eq=False)
class Moment:
    """A run of an experiment at one step. It does not change while the run goes on.

    Attributes:
        prepared: the data, and the network at step 0.
        network: the network at this step.
        settings: those in force.
        step: how many steps were made.
        divergence: the first number that was not finite, if the run has made one up to here.
    """

    prepared: Prepared
    network: Network
    settings: Settings
    step: int
    divergence: Divergence | None

    @classmethod
    def of(cls, trainer: Trainer) -> Moment:
        """The present moment of a run; EngineError for a run of bare arrays."""
        if trainer.prepared is None:
            raise EngineError("measures are of a run of an experiment; this one is of arrays")
        return cls(
            trainer.prepared,
            trainer.network,
            trainer.settings,
            trainer.step_count,
            trainer.divergence,
        )

    @property
    def loss(self) -> str:
        """The name of the loss."""
        return str(self.prepared.experiment.loss)

    @property
    def inputs(self) -> Array:
        """The network's inputs (n, d) of the training examples."""
        return self.prepared.inputs[self.prepared.dataset.train]

    @property
    def targets(self) -> Array:
        """Their targets (n, k), in the network's units."""
        return self.prepared.targets[self.prepared.dataset.train]

    @cached_property
    def backward(self) -> BackwardPass:
        """The forward and backward pass over all training examples."""
        with np.errstate(all="ignore"):  # shortly before a divergence
            return backpropagate(self.network, self.inputs, self.targets, self.loss)

    def cost(self, of_test: bool = False) -> float:
        """C over the training or the test examples, in the data's units; NaN without examples."""
        data = self.prepared.dataset
        if not of_test:
            return self.backward.loss * self.prepared.cost_scale
        if not len(data.test):
            return float("nan")
        x, y = self.prepared.inputs[data.test], self.prepared.targets[data.test]
        with np.errstate(all="ignore"):
            return backpropagate(self.network, x, y, self.loss).loss * self.prepared.cost_scale

    def check_test(self) -> None:
        """EngineError if there are no test examples."""
        if not len(self.prepared.dataset.test):
            raise EngineError("there are no test examples: give the run a train fraction below 1")

    def predicted(self) -> Array:
        """ŷ (n, k) of all examples, in the data's own units."""
        with np.errstate(all="ignore"):
            raw = self.network.predict(self.prepared.inputs)
            predicted: Array = self.prepared.dataset.y_scale.undo(raw)
        return predicted
