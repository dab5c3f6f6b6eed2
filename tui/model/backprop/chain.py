"""The chain rule at a micro-step: the factors of the selected number, of one example."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from engine.training.microsteps import PARAMETER_KINDS, Kind, MicroStep
from tui.model.backprop.facts import BackpropFacts
from tui.model.frame import Frame

if TYPE_CHECKING:
    from engine import BackwardPass, Network
    from engine.arrays import Array
    from engine.explain import Example, Explanation

BACKWARD_KINDS: tuple[Kind, ...] = ("delta", *PARAMETER_KINDS)
"""The kinds at which there is a δ, so that factors can be named."""


class ThreeWays(NamedTuple):
    """How C_x changes with what z of a unit is made of: a weight from ``input``, the bias (None:
    the network has none), and the number that the weight carries, a⁽ˡ⁻¹⁾ or x."""

    input: int
    by_weight: float
    by_bias: float | None
    by_input: float


def selected_example(frame: Frame, facts: BackpropFacts) -> Example:
    """The selected example, in batch mode too."""
    from engine.explain import Example

    if facts.example is not None:
        return facts.example
    return Example(frame.example + 1, frame.single, frame.prepared.targets[frame.example])


def chain_explanation(frame: Frame, facts: BackpropFacts) -> Explanation:
    """δ, or ∂C_x/∂w of the selected weight or bias, of the selected example, by its factors."""
    from engine.explain import Quantity, explain

    kind: Kind = "delta" if facts.microstep.kind == "delta" else "example_gradient"
    quantity = Quantity(kind, facts.microstep.layer, *facts.component)
    example = selected_example(frame, facts)
    with np.errstate(all="ignore"):
        return explain(facts.step, quantity, example, by_factors=True)


def passed_back(network: Network, backward: BackwardPass, layer: int) -> Array:
    """∂C_x/∂a⁽ˡ⁾ (n_l,) of the one example of a pass, for a layer 0 … L − 1: what the units that
    it leads to pass back, W⁽ˡ⁺¹⁾ᵀδ⁽ˡ⁺¹⁾ and δ of skip connections."""
    deltas = backward.deltas
    with np.errstate(all="ignore"):
        back: Array = deltas[layer][0] @ network.weights[layer]
        for t in network.skips_from(layer):
            back = back + deltas[t - 1][0]
    return back


def three_ways(frame: Frame, facts: BackpropFacts) -> ThreeWays:
    """Those of the selected unit at a micro-step of parameters; of a bias, with input 1."""
    from engine.explain import values_of

    network, layer, (unit, input) = facts.step.network, facts.microstep.layer, facts.component
    example, k = selected_example(frame, facts), input or 0
    gradient = values_of(facts.step, MicroStep("example_gradient", layer), example)
    return ThreeWays(
        input=k,
        by_weight=float(gradient[unit, k]),
        by_bias=float(gradient[unit, -1]) if network.bias else None,
        by_input=float(passed_back(network, example.backward, layer - 1)[k]),
    )


def penalty_of(frame: Frame) -> float | None:
    """R in the units of the micro-steps; None without a penalty."""
    return None if frame.penalty is None else frame.penalty / frame.prepared.cost_scale
