"""The numbers of the loss surface."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from engine import EngineError, Network, backpropagate
from engine.training.prepare import Prepared
from tui.drawing.numbers import num
from tui.explain.explainable import ListedNumber

if TYPE_CHECKING:
    from engine.explain import Explanation
    from engine.training.landscape import Slice


def surface_costs(
    prepared: Prepared, network: Network, plane: Slice, cursor: tuple[float, float]
) -> ListedNumber:
    """C over the training data, and over the test data, of the network with the parameters at
    s, t of a plane."""
    data = prepared.dataset
    parts = {"training": data.train, **({"test": data.test} if len(data.test) else {})}
    names = list(parts)

    def make(index: int) -> Explanation:
        from engine.explain.models.scalars import explain_cost

        rows = parts[names[index]]
        inputs, targets = prepared.inputs[rows], prepared.targets[rows]
        with np.errstate(all="ignore"):  # far from the run, costs may overflow
            network_at_cursor = network.with_parameters(plane.parameters(*cursor))
            backward = backpropagate(
                network_at_cursor, inputs, targets, str(prepared.experiment.loss)
            )
            costs = backward.example_losses * prepared.cost_scale
            if not np.isfinite(costs.sum()):
                raise EngineError("C is not finite at the cursor: it is too far from the run")
            explanation = explain_cost(costs, names[index], (rows + 1).tolist())
        weights = " With the weights and biases there: origin + s·u + t·v."
        return replace(explanation, meaning=(*explanation.meaning, weights))

    s, t = (num(x).strip() for x in cursor)
    return ListedNumber(make, len(parts), owner=f"at s {s}, t {t} of the plane")
