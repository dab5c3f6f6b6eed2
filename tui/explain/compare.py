"""The differences between two runs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from engine import EngineError
from tui.explain.explainable import ListedNumber
from tui.model.value_change import ValueChange

if TYPE_CHECKING:
    from engine.explain import Explanation
    from tui.model.frame import Comparison


def run_differences(comparison: Comparison) -> ListedNumber:
    """The differences of two runs, row by row: ‖Δ‖, Δw and Δδ of each layer, then ‖Δ‖ of all, and
    the weights that differ most. EngineError if the networks have other sizes."""
    from engine.explain.models.scalars import explain_layer_distance, explain_network_distance

    layers, moved = comparison.layers, comparison.moved
    if not layers:
        raise EngineError(comparison.note or "there is nothing to compare")
    old, new = (frame.network for frame in comparison.frames)
    runs = tuple(run.name for run in comparison.pair)

    def explain_layer(index: int) -> Explanation:
        l, column = divmod(index, 3)
        if column == 0:
            return explain_layer_distance(new.matrices[l] - old.matrices[l], l + 1, new.bias)
        return _difference(layers[l].weight if column == 1 else layers[l].delta, runs)

    def make(index: int) -> Explanation:
        with np.errstate(all="ignore"):  # of a run that has diverged
            if index < 3 * len(layers):
                return explain_layer(index)
            index -= 3 * len(layers)
            if index == 0:
                return explain_network_distance([layer.change.moved for layer in layers])
            return _difference(moved[index - 1], runs)

    first, second = comparison.pair
    steps = f"step {first.step}" if first.step == second.step else "each at its step"
    count = 3 * len(layers) + 1 + len(moved)
    return ListedNumber(make, count, owner=f"{second.name} − {first.name}, {steps}")


def _difference(change: ValueChange, runs: tuple[str, ...]) -> Explanation:
    """A weight, a bias or a δ of the second run less that of the first."""
    from engine.explain import Symbol
    from engine.explain.models.scalars import explain_difference

    name = change.symbol
    first, second = (
        Symbol(replace(name, function=run if run.isascii() and run.isalnum() else other), value)
        for run, other, value in zip(
            runs, ("first", "second"), (change.before, change.after), strict=True
        )
    )
    about = f"How much it is larger in run {runs[1]} than in run {runs[0]}."
    return explain_difference(replace(name, base=f"Δ{name.base}"), second, first, about)
