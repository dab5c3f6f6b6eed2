"""The numbers of the network: its output, its affine map, its cost and its regions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from engine import EngineError, backpropagate
from engine.arrays import Array
from engine.notation import Name
from tui.explain.explainable import ListedNumber, refuse_diverged, standardised_note
from tui.explain.region_texts import reason_text
from tui.explain.step import training_step
from tui.model.frame import Frame
from tui.model.regions.result import Unknown
from tui.model.regions.source import why_curved
from tui.model.target_scale import target_of

if TYPE_CHECKING:
    from engine.explain import Explanation


def cursor_output(frame: Frame) -> ListedNumber:
    """ŷ at the cursor, then the affine map in force there: its slopes and its offset."""

    def make(index: int) -> Explanation:
        from engine.explain import Example, Quantity, explain

        if index:
            return affine_map_entries(frame, frame.cursor).make(index - 1)
        step = training_step(frame)
        x, y = _network_inputs(frame, frame.cursor), step.targets[0]  # a does not depend on y
        backward = backpropagate(frame.network, x[None], y[None], step.loss)
        quantity = Quantity("a", len(frame.network.weights), target_of(frame).unit)
        return explain(step, quantity, Example(0, backward, y))

    def follow(name: Name) -> Callable[[], Explanation] | None:
        from engine.explain.models.linear_pieces import MapOperands

        return MapOperands(frame.network, _network_inputs(frame, frame.cursor))(name)

    count = 1 + frame.network.sizes[0] + frame.network.bias
    owner = "at the cursor" + standardised_note(frame.data)
    return ListedNumber(make, count, owner=owner, follow=follow)


def affine_map_entries(frame: Frame, position: Array) -> ListedNumber:
    """The entries of the affine map of z⁽ᴸ⁾ in force at a position (k,) of the view."""
    from engine.explain.models.linear_pieces import MapOperands, explain_piece

    network, unit, x = frame.network, target_of(frame).unit, _network_inputs(frame, position)
    refuse_diverged(frame.divergence)
    d = network.sizes[0]
    return ListedNumber(
        lambda i: explain_piece(network, x, unit, i if i < d else None),
        count=d + network.bias,
        index=frame.view.axes[0] if frame.view.axes and not frame.data.features else 0,
        owner="the piece at the cursor" + standardised_note(frame.data),
        follow=MapOperands(network, x),
    )


def training_cost(frame: Frame) -> ListedNumber:
    """C over the training data at this step, in the data's own units."""

    def make(_: int) -> Explanation:
        from engine.explain.models.scalars import explain_cost

        refuse_diverged(frame.divergence)
        rows = frame.data.train
        costs = frame.passed(rows).example_losses * frame.prepared.cost_scale
        return explain_cost(costs, numbers=(rows + 1).tolist())

    return ListedNumber(make, owner=f"training data, step {frame.step}")


def region_counts(frame: Frame) -> ListedNumber:
    """The number of activation regions, then that of linear regions; EngineError without a map or
    knots of this step."""
    from engine.explain.models.region_counts import explain_count

    regions, network = frame.regions, frame.network
    counted = regions.map or regions.knots
    refuse_diverged(frame.divergence)
    if curved := why_curved(network, frame.data):
        what = "a curved network" if curved is Unknown.CURVED else "a network of curved features"
        raise EngineError(f"{what} has no linear regions to count")
    if counted is None:
        why = reason_text(regions.reason) or "wait"
        raise EngineError(f"no map says how the regions come about: {why}")
    if regions.step != frame.step:
        raise EngineError(f"the regions of step {frame.step} are not counted yet")
    return ListedNumber(
        lambda i: explain_count(network, counted, linear=bool(i)), 2, owner=f"step {frame.step}"
    )


def _network_inputs(frame: Frame, position: Array) -> Array:
    """A position (k,) of the view as the network sees it (d,)."""
    rows = frame.data.encode(frame.view.inputs(position[None]))
    x: Array = rows[0]
    return x
