"""Where the numbers of the panes come from, but for those of a training step (see ``asked``).

Each function is what a pane asks about; explanations are made when they are wanted.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from engine import Divergence, EngineError, backpropagate
from engine.arrays import Array, length
from engine.notation import Name
from tui.explain.explainable import Asked, Listed, standardised
from tui.model.regions.source import CURVED, why_curved
from tui.model.target_scale import target_of

if TYPE_CHECKING:
    from engine.explain import Explanation
    from engine.explain.models.residuals import Kind
    from tui.model.frame import Frame
    from tui.model.glm.facts import GlmFacts
    from tui.model.linear.facts import LinearFacts
    from tui.model.linear.residuals import Residuals
    from tui.session.session import Session


NO_FIT = "nothing is fitted yet"

# the network at a place


@dataclass(frozen=True)
class AtCursor(Asked):
    """ŷ at the cursor, and beside it the map in force there: its slopes, then its offset."""

    frame: Frame = field(compare=False)
    at: int = 0

    def explain(self, session: Session) -> Explanation:
        from engine.explain import Example, Quantity, explain

        if self.at:
            return self._map().explain(session)
        network, unit = self.frame.network, target_of(self.frame).unit
        step = session.microscope.taken_apart(session.trainer)
        x, y = _inputs(self.frame, self.frame.cursor), step.targets[0]  # what y is does not tell
        passed = backpropagate(network, x[None], y[None], session.trainer.loss)
        layer = len(network.weights)
        return explain(step, Quantity("a", layer, unit), Example(0, passed, y))

    def place(self, session: Session) -> tuple[int, int]:
        return self.at, 1 + self._map().count

    def beside(self, session: Session, by: int) -> AtCursor:
        at, count = self.place(session)
        return replace(self, at=min(max(at + by, 0), count - 1))

    def context(self, session: Session) -> str:
        return "at the cursor" + standardised(self.frame.data)

    def _map(self) -> Listed:
        return replace(of_piece(self.frame, self.frame.cursor), at=max(0, self.at - 1))


def of_piece(frame: Frame, position: Array) -> Listed:
    """The entries of the affine map of z⁽ᴸ⁾ in force at a position (k,) of the view."""
    from engine.explain.models.linear_pieces import explain_piece

    network, unit, x = frame.network, target_of(frame).unit, _inputs(frame, position)
    _refuse(frame.divergence)
    d = network.sizes[0]
    return Listed(
        lambda i: explain_piece(network, x, unit, i if i < d else None),
        count=d + network.bias,
        at=frame.view.axes[0] if frame.view.axes and not frame.data.features else 0,
        of="the piece at the cursor" + standardised(frame.data),
    )


@dataclass(frozen=True)
class Cost(Asked):
    """C over the training data at this step, in the data's own units."""

    def explain(self, session: Session) -> Explanation:
        from engine.explain.models.scalars import explain_cost

        _refuse(session.trainer.divergence)
        trainer, prepared = session.trainer, session.prepared
        rows = prepared.dataset.train
        passed = backpropagate(
            trainer.network, prepared.inputs[rows], prepared.targets[rows], trainer.loss
        )
        numbers = (rows + 1).tolist()
        return explain_cost(passed.example_losses * prepared.cost_scale, numbers=numbers)

    def context(self, session: Session) -> str:
        return f"training data, step {session.trainer.step_count}"


def of_count(frame: Frame) -> Listed:
    """The number of activation regions, then that of linear ones; EngineError where no map says
    how they come about."""
    from engine.explain.models.region_counts import explain_count

    regions, network = frame.regions, frame.network
    known = regions.map or regions.knots
    _refuse(frame.divergence)
    if curved := why_curved(network, frame.data):
        what = "a curved network" if curved == CURVED else "a network of curved features"
        raise EngineError(f"{what} has no linear regions to count")
    if known is None:
        raise EngineError(f"no map says how the regions come about: {regions.note or 'wait'}")
    if regions.step != frame.step:
        raise EngineError(f"the regions of step {frame.step} are not counted yet")
    return Listed(
        lambda i: explain_count(network, known, linear=bool(i)), 2, of=f"step {frame.step}"
    )


# least squares


def of_coefficient(facts: LinearFacts | None, at: int) -> Listed:
    """A coefficient of the least-squares fit."""
    from engine.explain.models.coefficients import explain_coefficient

    if facts is None or facts.fit is None:
        raise EngineError(facts.note if facts else NO_FIT)
    fit = facts.fit
    return Listed(lambda i: explain_coefficient(fit, i), len(fit.names), at, "least squares")


def of_collapsed(frame: Frame) -> Listed:
    """The entries of W_z, row by row, and of b_z, that the matrices alone would make."""
    from engine.explain.models.linear_pieces import explain_collapsed
    from tui.model.linear.facts import all_identity

    _refuse(frame.divergence)
    linear = all_identity(frame.network)
    d, each = linear.sizes[0], linear.sizes[0] + linear.bias

    def explained(at: int) -> Explanation:
        output, i = divmod(at, each)
        return explain_collapsed(linear, output, i if i < d else None)

    return Listed(explained, linear.sizes[-1] * each, of="the product" + standardised(frame.data))


@dataclass(frozen=True)
class Distance(Asked):
    """‖β_net − β̂‖ now, in the network's units."""

    def explain(self, session: Session) -> Explanation:
        from engine.explain.models.scalars import explain_distance
        from tui.model.linear.facts import affine_part

        _refuse(session.trainer.divergence)
        prepared = session.prepared
        closed = session.linear.closed_form(session.trainer, session.selection.degree)
        inputs = prepared.inputs[prepared.dataset.train]
        affine = affine_part(session.trainer.network, inputs, closed)
        return explain_distance(*(np.vstack([b, W.T]) for W, b in (affine, closed.solution)))

    def context(self, session: Session) -> str:
        return f"step {session.trainer.step_count}{standardised(session.prepared.dataset)}"


def of_residual(frame: Frame, residuals: Residuals, first: Kind) -> Listed:
    """What the diagnostic plots show of the selected example, beginning with one of the kinds."""
    from engine.explain.models.residuals import KINDS, Case, explain_residual

    places = np.flatnonzero(frame.data.train == frame.example)
    if not len(places):
        raise EngineError(
            f"example {frame.example + 1} was held out: the fit has no residual of it"
        )
    i, e = int(places[0]), residuals.residuals
    freedom = len(e) - residuals.rank
    case = Case(
        number=frame.example + 1,
        y=float(residuals.fitted[i] + e[i]),
        fitted=float(residuals.fitted[i]),
        leverage=float(residuals.leverage[i]),
        sd=length(e) / float(np.sqrt(freedom)) if freedom > 0 else float("nan"),
        rank=residuals.rank,
    )
    whose = "the network's fit" if residuals.of_network else "least squares"
    at = KINDS.index(first)
    return Listed(lambda k: explain_residual(case, KINDS[k]), len(KINDS), at, whose)


# generalised linear models


def of_glm_coefficient(facts: GlmFacts | None, at: int) -> Listed:
    """A coefficient of the generalised linear model."""
    from engine.explain.models.coefficients import explain_glm_coefficient

    if facts is None or facts.fit is None:
        raise EngineError(facts.note if facts else NO_FIT)
    fit = facts.fit
    return Listed(lambda i: explain_glm_coefficient(fit, i), len(fit.names), at, "the model's fit")


def of_model_mean(frame: Frame) -> Listed:
    """The model's μ at the cursor."""
    from engine.explain.models.scalars import explain_mean

    facts = frame.glm
    if facts is None or facts.fit is None:
        raise EngineError(facts.note if facts else NO_FIT)
    beta, output = facts.fit.coefficients, facts.choice.output
    x = frame.data.inputs(frame.view.inputs(frame.cursor[None]))[0, list(facts.model.columns)]
    return Listed(lambda _: explain_mean(beta, x, output), of="the model, at the cursor")


def of_deviance(frame: Frame) -> Listed:
    """The network's deviance, the model's, and how far the one is above the other."""
    from engine.explain import Symbol
    from engine.explain.models.scalars import explain_deviance, explain_difference, explain_in_words

    facts = frame.glm
    if facts is None or facts.fit is None:
        raise EngineError(facts.note if facts else NO_FIT)
    fit, n = facts.fit, len(facts.model.y)
    saturated = None if facts.choice.loss == "quadratic" else facts.model.saturated
    of_model, now = (
        Symbol(Name("D_GLM"), float(fit.deviance)),
        None if frame.divergence else facts.deviance,
    )

    def explained(at: int) -> Explanation:
        if at == 0 and now is not None:
            return explain_deviance(frame.cost, n, saturated)
        if at == 1 and now is not None:
            about = "How far the network is from the best that this model can do."
            of_network = Symbol(Name("D"), float(now))
            return explain_difference(Name("excess"), of_network, of_model, about)
        about = (
            f"The smallest that the model can have: {fit.iterations} iterations of IRLS found it."
        )
        return explain_in_words(Name("D_GLM"), of_model.value, about, "fit.deviance")

    return Listed(explained, 1 if now is None else 3, of="training data")


def of_bends(frame: Frame) -> Listed | None:
    """The second differences of η along each direction, then by the two weights that bend it
    most."""
    from engine.explain.models.scalars import explain_bend, explain_in_words

    if frame.glm is None:
        return None
    stack, network = frame.glm.stack, frame.network
    inputs, count = frame.glm.model.inputs[: stack.rows], len(stack.bends)
    if not count and stack.largest is None:
        raise EngineError(stack.note)

    def explained(at: int) -> Explanation:
        if at < count:
            return explain_bend(network, inputs, stack.bends[at].layers)
        assert stack.largest is not None
        (a, b), pair = stack.largest.layers, stack.largest
        about = (
            f"How much η's slope by weight {pair.second} of layer {b} changes with weight "
            f"{pair.first} of layer {a} (unit, input), at example {frame.example + 1}: they "
            "multiply, so η is not linear in both. 0 would mean that it is."
        )
        return explain_in_words(
            Name("∂²η"), pair.value, about, f"engine.mixed_derivatives(network, x, {a}, {b})"
        )

    return Listed(explained, count + (stack.largest is not None), of="the stack")


# what is asked of the network


def _inputs(frame: Frame, position: Array) -> Array:
    """A position (k,) of the view as the network sees it (d,)."""
    rows = frame.data.encode(frame.view.inputs(position[None]))
    x: Array = rows[0]
    return x


def _refuse(divergence: Divergence | None) -> None:
    if divergence:
        raise EngineError(f"{divergence}: go back to ask where a number comes from")
