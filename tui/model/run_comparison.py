"""Comparison: two live runs side by side at one step, and what is different between them."""

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
from tui.model.value_change import Moved

MOST_MOVED = 12
UNSEEN = {"stop_steps", "stop_below", "stop_patience"}  # no step depends on these


@dataclass(frozen=True)
class LayerDifference:
    """Of a layer, the weight or bias and the δ that differ most, and how far [W⁽ˡ⁾ b⁽ˡ⁾] are
    apart; each from the first run to the second."""

    weight: Moved
    delta: Moved
    change: LayerChange


def layer_differences(
    first: tuple[Network, BackwardPass], second: tuple[Network, BackwardPass]
) -> tuple[LayerDifference, ...]:
    """What differs, layer by layer, between two networks of the same layer sizes; δ are means
    over the rows of the passes."""
    (old, old_pass), (new, new_pass) = first, second
    found, start = [], 0
    for i, (M, N) in enumerate(zip(old.matrices, new.matrices, strict=True)):
        weight = _furthest(M.ravel(), N.ravel())
        before, after = (p.deltas[i].mean(axis=0) for p in (old_pass, new_pass))
        unit = _furthest(before, after)
        found.append(
            LayerDifference(
                Moved(
                    name_of_parameter(old, start + weight),
                    float(M.flat[weight]),
                    float(N.flat[weight]),
                ),
                Moved(Name("δ", i + 1, (unit + 1,)), float(before[unit]), float(after[unit])),
                LayerChange(length(N - M), length(M)),
            )
        )
        start += M.size
    return tuple(found)


def differing(experiments: Sequence[Experiment]) -> tuple[dict[str, Any], ...]:
    """The settings of each experiment that not all of them have alike."""
    names = [item.name for item in fields(Experiment) if item.name not in UNSEEN]
    first, *others = experiments
    apart = [n for n in names if any(getattr(e, n) != getattr(first, n) for e in others)]
    return tuple({name: getattr(e, name) for name in apart} for e in experiments)


def _furthest(before: Array, after: Array) -> int:
    """The index of the largest |Δ|; one that is not finite goes before all."""
    distance = np.abs(after - before)
    return int(np.where(np.isnan(distance), np.inf, distance).argmax())
