"""Differences between two live runs at one step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from engine import BackwardPass, Experiment, Network
from engine.arrays import Array, length
from engine.network.parameters import name_of_parameter
from engine.notation import Name
from tui.model.changes import LayerChange
from tui.model.value_change import ValueChange

MAX_MOVED = 12
STOPS = {"stop_steps", "stop_below", "stop_patience"}  # no step depends on them


@dataclass(frozen=True)
class LayerDifference:
    """The weight or bias and the δ of a layer that differ most, and the change of [W⁽ˡ⁾ b⁽ˡ⁾];
    each from the first run to the second."""

    weight: ValueChange
    delta: ValueChange
    change: LayerChange


def layer_differences(
    first: tuple[Network, BackwardPass], second: tuple[Network, BackwardPass]
) -> tuple[LayerDifference, ...]:
    """The differences in each layer between two networks with the same layer sizes; δ are means
    over the rows of the passes."""
    (old, old_pass), (new, new_pass) = first, second
    differences, start = [], 0
    for i, (M, N) in enumerate(zip(old.matrices, new.matrices, strict=True)):
        weight = _largest_difference(M.ravel(), N.ravel())
        before, after = (p.deltas[i].mean(axis=0) for p in (old_pass, new_pass))
        unit = _largest_difference(before, after)
        differences.append(
            LayerDifference(
                ValueChange(
                    name_of_parameter(old, start + weight),
                    float(M.flat[weight]),
                    float(N.flat[weight]),
                ),
                ValueChange(Name("δ", i + 1, (unit + 1,)), float(before[unit]), float(after[unit])),
                LayerChange(length(N - M), length(M)),
            )
        )
        start += M.size
    return tuple(differences)


def differing(experiments: Sequence[Experiment]) -> tuple[dict[str, Any], ...]:
    """For each experiment, the settings that are not equal in all of them."""
    names = [item.name for item in fields(Experiment) if item.name not in STOPS]
    first, *others = experiments
    different = [n for n in names if any(getattr(e, n) != getattr(first, n) for e in others)]
    return tuple({name: getattr(e, name) for name in different} for e in experiments)


def _largest_difference(before: Array, after: Array) -> int:
    """The index of the largest |Δ|; NaN counts as infinite."""
    distance = np.abs(after - before)
    return int(np.where(np.isnan(distance), np.inf, distance).argmax())
