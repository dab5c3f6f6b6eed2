"""C + R along the steps of a run: what its steps minimise, where there is a penalty R."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isfinite

import numpy as np

from engine.arrays import Array
from engine.network.losses import loss_named
from engine.network.network import Network
from engine.network.penalty import penalties, weight_mask
from engine.training.experiment import Settings
from engine.training.record.series import Checkpoint
from engine.training.record.state import Event, State

EXPLODED = 1e3  # C + R this many times its first value
ROUNDING = 1e-24  # C + R up to this is 0 but for rounding
RISEN = {4: 3.0, 12: 1.5}  # at so many last points, C + R this many times its lowest value,
SHARE = 0.05  # and above it by this share of its first value,
LASTING = 50  # for so many steps: momentum swings about a minimum for a while


@dataclass(frozen=True, eq=False)
class Objective:
    """``values`` (m,) of C + R at ``steps`` (m,), ascending, in the network's units.

    C is that above its least possible value, so that no value is negative. R is by the last
    settings. The steps are those since the penalty was changed or a parameter was edited: values
    before cannot be compared.
    """

    steps: Array
    values: Array

    @cached_property
    def lowest(self) -> int:
        """The index of the lowest value, the first one of several; 0 if none is finite."""
        finite = np.where(np.isfinite(self.values), self.values, np.inf)
        return int(finite.argmin())

    @property
    def lowest_step(self) -> int:
        return int(self.steps[self.lowest])

    @cached_property
    def has_risen(self) -> bool:
        """Whether it is far above its lowest value, and has stayed there or explodes.

        A value that is high at few points alone may come from small batches.
        """
        values, lowest = self.values, float(self.values[self.lowest])
        if not isfinite(lowest) or self.lowest == len(values) - 1:
            return False
        first, now = float(values[0]), float(values[-1])
        if now <= ROUNDING:
            return False
        if not now < EXPLODED * max(first, lowest):
            return True
        if self.steps[-1] - self.lowest_step < LASTING:
            return False
        return any(
            (recent := float(values[-points:].min())) > times * lowest
            and recent - lowest > SHARE * first
            for points, times in RISEN.items()
        )


def objective(
    network: Network,
    settings: tuple[Settings, Settings],
    events: Sequence[Event],
    states: Mapping[int, State],
    costs: Mapping[int, float],
    floor: float,
) -> Objective:
    """C + R at the steps of ``costs`` (C by step; the last one is the present).

    ``settings`` are the first and the present ones. ``states`` are the checkpoints; those of steps
    without one are the ``network``'s. ``floor`` is the least possible C.
    """
    first, now = settings
    present = max(costs)
    start = _comparable_from(first, [e for e in events if e.step <= present], sorted(costs))
    steps = sorted(step for step in costs if step >= start)
    values = np.array([costs[step] for step in steps], dtype=np.float64) - floor
    if now.l1 or now.l2:
        parameters = np.empty((len(steps), network.parameters.size))
        edited = {event.step for event in events if event.is_edit}
        for row, step in zip(parameters, steps, strict=True):
            if step == present or step not in states:
                row[...] = network.parameters
            elif step in edited:
                made_here = tuple(e for e in events if e.is_edit and e.step == step)
                row[...] = Checkpoint(step, states[step], made_here).parameters
            else:
                row[...] = states[step].vectors[0]
        values += penalties(parameters, weight_mask(network), now.l1, now.l2)
    return Objective(np.array(steps, dtype=np.float64), values)


def least_cost(loss: str, targets: Array) -> float:
    """The least possible C with these targets (n, k): that of a = y."""
    return float(loss_named(loss).saturated(targets).sum(axis=1).mean())


def _comparable_from(first: Settings, events: Sequence[Event], steps: Sequence[int]) -> int:
    """The first step whose parameters are followed, without edits, by the present ones under the
    present penalty; or the last of ``steps`` before the penalty was changed."""
    edited = changed = 0
    current = first
    for event in events:
        if event.is_edit:
            edited = event.step
        if event.settings is not None:
            if (event.settings.l1, event.settings.l2) != (current.l1, current.l2):
                changed = event.step
            current = event.settings
    before = max((step for step in steps if step <= changed), default=0)
    return max(edited, before)
