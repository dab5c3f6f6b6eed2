"""The numbers of screen Approximate: ŷ, what a unit adds, and the errors."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from engine import EngineError
from engine.notation import Name
from tui.drawing.numbers import num
from tui.explain.explainable import ListedNumber
from tui.model.approximation.curve import NETWORK, Curve
from tui.model.approximation.facts import ApproximationFacts
from tui.model.frame import Frame

if TYPE_CHECKING:
    from engine.explain import Explanation


def output_at_cursor(frame: Frame) -> ListedNumber:
    """ŷ of the chosen curve at the cursor; of the trained network with its affine map there."""
    facts, chosen = _facts(frame)
    x = facts.cursor
    if chosen.method == NETWORK:
        from tui.explain.network import cursor_output

        if chosen.errors is None:
            raise EngineError(chosen.note)
        return cursor_output(replace(frame, cursor=np.array([x])))

    def make(_: int) -> Explanation:
        from engine.explain.models.built_curves import (
            explain_built_output,
            explain_polynomial_output,
        )

        if chosen.network is not None:
            return explain_built_output(chosen.network, x)
        assert facts.target is not None
        return explain_polynomial_output(chosen.coefficients, x, facts.target.interval)

    return ListedNumber(make, owner=f"{chosen.method}, at x {num(x).strip()}")


def unit_at_cursor(frame: Frame) -> ListedNumber:
    """What the selected unit adds at the cursor, then its place s = −b/w."""
    facts, chosen = _facts(frame)
    network, unit, x = chosen.network, facts.unit, facts.cursor
    if network is None:
        is_trained = chosen.method == NETWORK
        where = "{explore} and {backprop} explain the trained units" if is_trained else ""
        raise EngineError(where or "a polynomial has no units")

    def make(index: int) -> Explanation:
        from engine.explain.models.built_curves import explain_built_unit, explain_place

        return explain_place(network, unit) if index else explain_built_unit(network, x, unit)

    return ListedNumber(make, 2, owner=f"unit {unit + 1}, at x {num(x).strip()}")


def method_errors(frame: Frame) -> ListedNumber:
    """The largest error of the chosen curve, then the mean square."""
    facts, chosen = _facts(frame)
    found, target = chosen.errors, facts.target
    if found is None or target is None:
        raise EngineError(chosen.note)

    def make(index: int) -> Explanation:
        from engine.explain.models.built_curves import explain_distance_at
        from engine.explain.models.scalars import explain_in_words

        over = "the data" if not target.is_formula else f"{len(target.x)} points of the target"
        if index:
            meaning = f"The mean of (ŷ − f)² over {over}."
            return explain_in_words(Name("mean square"), found.mean_square, meaning)
        value, wanted = chosen.worst(target)
        meaning = f"The largest |ŷ − f| over {over}, at x = {num(found.at).strip()}."
        if target.is_formula:
            meaning = meaning[:-1] + "; also looked for between them, and where units bend."
        return explain_distance_at(found.at, value, wanted, meaning)

    return ListedNumber(make, 2, owner=chosen.method)


def _facts(frame: Frame) -> tuple[ApproximationFacts, Curve]:
    facts = frame.approximation
    if facts is None or facts.chosen is None:
        raise EngineError((facts.note if facts else "") or "there is no curve here")
    return facts, facts.chosen
