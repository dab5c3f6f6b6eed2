"""The numbers of screen Linear: the least-squares fit, its residuals, and the product of the
weight matrices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from engine import EngineError, Network
from engine.arrays import length
from engine.network.collapse import not_affine
from engine.notation import Name
from tui.explain.explainable import ListedNumber, refuse_diverged, standardised_note
from tui.model.frame import Frame

if TYPE_CHECKING:
    from engine.explain import Explanation
    from engine.explain.models.residuals import Kind
    from tui.model.linear.residuals import Residuals

Prose = tuple[Name | str, ...]

MAX_PARTS = 3  # layers up to which a product is written out
NO_FIT = "nothing is fitted yet"


def fit_coefficients(frame: Frame, index: int) -> ListedNumber:
    """The coefficients of the least-squares fit."""
    from engine.explain.models.coefficients import explain_coefficient

    facts, numbers = frame.linear, (frame.data.train + 1).tolist()
    if facts is None or facts.fit is None:
        raise EngineError(facts.note if facts else NO_FIT)
    fit = facts.fit
    return ListedNumber(
        lambda i: explain_coefficient(fit, i, numbers), len(fit.names), index, "least squares"
    )


def product_entries(frame: Frame) -> ListedNumber:
    """The entries of W_z, row by row, and of b_z: the map of the same matrices with identity
    activations."""
    from engine.explain.models.linear_pieces import MapOperands, explain_collapsed
    from engine.network.collapse import all_identity

    refuse_diverged(frame.divergence)
    linear = all_identity(frame.network)
    d, row_size = linear.sizes[0], linear.sizes[0] + linear.bias

    def make(index: int) -> Explanation:
        output, i = divmod(index, row_size)
        explanation = explain_collapsed(linear, output, i if i < d else None)
        meaning = _about_product(frame.network, explanation.meaning, of_weight=i < d)
        return replace(explanation, meaning=meaning)

    broken = bool(not_affine(frame.network))
    owner = "the matrices alone" if broken else "the product"
    owner += standardised_note(frame.data)
    operands = MapOperands(linear, np.zeros(d))  # the map is the same at every x

    def follow(name: Name) -> Callable[[], Explanation] | None:
        explain = operands(name)
        return partial(_of_matrices_alone, explain) if explain and broken else explain

    return ListedNumber(make, linear.sizes[-1] * row_size, owner=owner, follow=follow)


def _of_matrices_alone(explain: Callable[[], Explanation]) -> Explanation:
    """An explanation, and that the numbers are not those of the network."""
    explanation = explain()
    first = "Of the matrices alone, without the activations of the network: "
    return replace(explanation, meaning=(first, *explanation.meaning))


def _map_before(network: Network, of_weight: bool) -> Prose:
    """What A of the layer before is in the terms of an entry of W_z of the matrices alone."""
    before = len(network.weights) - 1
    if not of_weight or before < 2:
        return ()
    product = "".join(Name("W", l).written() for l in range(before, 0, -1))
    if network.skips or before > MAX_PARTS:
        product = "the product of the matrices before"
    return (" Here ", Name("A", before), f" is {product}, without the activations.")


def _about_product(network: Network, meaning: Prose, of_weight: bool) -> Prose:
    """What W_z x + b_z is of the network itself: nothing, its z or its ŷ."""
    if broken := not_affine(network):
        return (
            f"What the matrices alone would make: {broken}, so the network's ",
            *(Name("z"), " is not ", Name("W_z x + b_z"), "."),
            *_map_before(network, of_weight),
        )
    if network.output == "identity":
        return meaning
    z = Name("z", len(network.weights))
    return (
        *meaning,
        *(" It is ", z, ", before the output activation: "),
        *(Name("ŷ"), f" = {network.output}(", z, ")."),
    )


def coefficient_distance(frame: Frame) -> ListedNumber:
    """‖β_net − β̂‖ now, in the network's units."""

    def make(_: int) -> Explanation:
        from engine.explain.models.scalars import explain_distance

        refuse_diverged(frame.divergence)
        facts = frame.linear
        if facts is None or facts.affine is None:
            raise EngineError(NO_FIT)
        network, fit = (np.vstack([b, W.T]) for W, b in (facts.affine, facts.solution))
        return explain_distance(network, fit)

    return ListedNumber(make, owner=f"step {frame.step}{standardised_note(frame.data)}")


def residual_values(frame: Frame, residuals: Residuals, kind: Kind) -> ListedNumber:
    """What the diagnostic plots show of the selected example, starting with this kind."""
    from engine.explain.models.residuals import KINDS, Case, explain_residual

    places = np.flatnonzero(frame.data.train == frame.example)
    if not len(places):
        raise EngineError(
            f"example {frame.example + 1} was held out: the fit has no residual of it"
        )
    i, e = int(places[0]), residuals.residuals
    df = len(e) - residuals.rank
    case = Case(
        number=frame.example + 1,
        y=float(residuals.fitted[i] + e[i]),
        fitted=float(residuals.fitted[i]),
        leverage=float(residuals.leverage[i]),
        sd=length(e) / float(np.sqrt(df)) if df > 0 else float("nan"),
        rank=residuals.rank,
    )
    owner = "the network's fit" if residuals.of_network else "least squares"
    return ListedNumber(
        lambda i: explain_residual(case, KINDS[i]), len(KINDS), KINDS.index(kind), owner
    )
