"""Usual slips in backpropagation, tried on the selected number of a micro-step."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from engine.network.parameters import parameter_name
from tui.model.backprop.facts import BackpropFacts

if TYPE_CHECKING:
    from engine import BackwardPass, TriedSlip
    from engine.arrays import Array
    from engine.training.microsteps import TrainingStep

Tried = dict[str, "TriedSlip"]


class SlipRow(NamedTuple):
    """What a slip makes of the selected number.

    ``value`` is None where the slip cannot be made; ``note`` says why, or what else there is to say
    of it here. ``is_wrong``: True if the central difference shows it, None where it does not tell,
    False if the number is the right one. ``elsewhere``: the parameter whose derivative it changes
    most, if this one stays right; "" if it changes none.
    """

    name: str
    sentence: str
    note: str
    value: float | None
    is_wrong: bool | None
    elsewhere: str = ""


class SlipFacts(NamedTuple):
    """The slips, and the right number with its central difference (NaN beside a kink of σ).

    ``agrees``: whether the two agree; None where they cannot be compared.
    """

    rows: tuple[SlipRow, ...]
    right: float
    estimate: float
    agrees: bool | None


def is_of_batch(facts: BackpropFacts) -> bool:
    """Whether the slips are tried on the whole batch; else on the example."""
    return facts.example is None or facts.microstep.kind not in ("delta", "example_gradient")


def tried_slips(facts: BackpropFacts) -> Tried:
    """Every slip, made on the batch or the example of the micro-step."""
    from engine import slips

    step, (backward, targets) = facts.step, _pass_of(facts)
    with np.errstate(all="ignore"):
        return slips(
            step.network,
            backward.forward.a[0],
            targets,
            step.loss,
            learning_rate=step.learning_rate,
            parameters=np.array([0]),
            backward=backward,
        )


def slip_facts(facts: BackpropFacts, tried: Tried) -> SlipFacts:
    """What the slips make of the selected number."""
    from engine.network.gradient_check import TOLERANCE, central_difference
    from engine.network.worked.slips import ROUNDING

    step, (backward, targets) = facts.step, _pass_of(facts)
    layer, (unit, input) = facts.microstep.layer, facts.component
    estimate, rounding, is_smooth = central_difference(
        *(step.network, backward, targets, step.loss, layer, unit, input),
        shared=facts.microstep.kind != "delta",
    )
    if not is_smooth:
        estimate = np.nan
    right, size = _number(facts, backward), _size(facts, backward)

    def is_near(value: float) -> bool | None:
        if not isfinite(estimate):
            return None
        difference = abs(value - estimate)
        return difference <= max(rounding, TOLERANCE * max(abs(value), abs(estimate)))

    agrees = is_near(right)
    rows = []
    for one in tried.values():
        value = _number(facts, one.backward) if one.possible else None
        is_wrong, elsewhere = None, ""
        if value is not None and (abs(value - right) <= ROUNDING * size or value == right):
            is_wrong = False
            elsewhere = _most_changed(step, one) if one.matters else ""
        elif value is not None and agrees and not is_near(value):
            is_wrong = True
        slip = one.slip
        rows.append(SlipRow(slip.name, slip.sentence, one.note, value, is_wrong, elsewhere))
    return SlipFacts(tuple(rows), right, estimate, agrees)


def _pass_of(facts: BackpropFacts) -> tuple[BackwardPass, Array]:
    if is_of_batch(facts) or facts.example is None:
        return facts.step.batch, facts.step.targets
    return facts.example.backward, facts.example.target[None, :]


def _number(facts: BackpropFacts, backward: BackwardPass) -> float:
    """The selected δ, the mean of the batch, or the selected ∂C/∂w."""
    unit, input = facts.component
    return float(_numbers(facts, backward)[unit, -1 if input is None else input])


def _size(facts: BackpropFacts, backward: BackwardPass) -> float:
    """The largest of all numbers of the layer."""
    return float(np.abs(_numbers(facts, backward)).max(initial=0.0))


def _numbers(facts: BackpropFacts, backward: BackwardPass) -> Array:
    from engine.explain.quantity import of_layer

    layer = facts.microstep.layer
    if facts.microstep.kind == "delta":
        means: Array = backward.deltas[layer - 1].mean(axis=0)[:, None]
        return means
    return of_layer(facts.step.network, backward.gradient, layer)


def _most_changed(step: TrainingStep, one: TriedSlip) -> str:
    change = np.nan_to_num(np.abs(one.backward.gradient - one.right.gradient))
    return parameter_name(step.network, int(change.argmax()))
