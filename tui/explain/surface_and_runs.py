"""Where numbers come from that are not of the current run as it is: those on the loss surface, and
the differences of two runs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from engine import EngineError, backpropagate
from tui.drawing.numbers import num
from tui.explain.explainable import Listed
from tui.model.value_change import Moved

if TYPE_CHECKING:
    from engine.explain import Explanation
    from tui.model.frame import Comparison
    from tui.model.surface import Surface


def of_surface(surface: Surface, cursor: tuple[float, float]) -> Listed:
    """C over the training data, and over the test data, with the parameters at s, t."""
    from engine.explain.models.scalars import explain_cost

    trainer, plane = surface.trainer, surface.landscape.plane
    prepared = trainer.prepared
    assert prepared is not None
    data = prepared.dataset
    parts = {"training": data.train, **({"test": data.test} if len(data.test) else {})}
    names = list(parts)

    def explained(at: int) -> Explanation:
        rows = parts[names[at]]
        with np.errstate(all="ignore"):  # far from the run, costs may overflow
            there = trainer.network.with_parameters(plane.parameters(*cursor))
            passed = backpropagate(
                there, prepared.inputs[rows], prepared.targets[rows], trainer.loss
            )
            costs = passed.example_losses * prepared.cost_scale
            if not np.isfinite(costs.sum()):
                raise EngineError("C is not finite at the cursor: it is too far from the run")
            found = explain_cost(costs, names[at], (rows + 1).tolist())
        weights = " With the weights and biases there: origin + s·u + t·v."
        return replace(found, meaning=(*found.meaning, weights))

    s, t = (num(x).strip() for x in cursor)
    return Listed(explained, len(parts), of=f"at s {s}, t {t} of the plane")


def of_differences(found: Comparison) -> Listed:
    """The differences of two runs, row by row: ‖Δ‖, Δw and Δδ of each layer, then ‖Δ‖ of all, and
    the weights that are farthest apart. EngineError where the networks have other sizes."""
    from engine.explain.models.scalars import explain_layer_distance, explain_network_distance

    if not found.layers:
        raise EngineError(found.note or "there is nothing to compare")
    old, new = (frame.network for frame in found.frames)
    runs = tuple(run.name for run in found.pair)

    def of_layer(at: int) -> Explanation:
        l, column = divmod(at, 3)
        if column == 0:
            return explain_layer_distance(new.matrices[l] - old.matrices[l], l + 1, new.bias)
        difference = found.layers[l]
        return _difference(difference.weight if column == 1 else difference.delta, runs)

    def explained(at: int) -> Explanation:
        with np.errstate(all="ignore"):  # of a run that has diverged
            if at < 3 * len(found.layers):
                return of_layer(at)
            at -= 3 * len(found.layers)
            if at == 0:
                lengths = [layer.change.moved for layer in found.layers]
                return explain_network_distance(lengths)
            return _difference(found.moved[at - 1], runs)

    first, second = found.pair
    steps = f"step {first.step}" if first.step == second.step else "each at its step"
    count = 3 * len(found.layers) + 1 + len(found.moved)
    return Listed(explained, count, of=f"{second.name} − {first.name}, {steps}")


def _difference(moved: Moved, runs: tuple[str, ...]) -> Explanation:
    """A weight, a bias or a δ of the second run less that of the first."""
    from engine.explain import Symbol
    from engine.explain.models.scalars import explain_difference

    name = moved.of
    first, second = (
        Symbol(replace(name, function=run if run.isascii() and run.isalnum() else other), value)
        for run, other, value in zip(
            runs, ("first", "second"), (moved.before, moved.after), strict=True
        )
    )
    about = f"How much it is larger in run {runs[1]} than in run {runs[0]}."
    return explain_difference(replace(name, base=f"Δ{name.base}"), second, first, about)
