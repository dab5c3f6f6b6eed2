"""Which picture stands beside the equation of a micro-step."""

from typing import Protocol

from engine.explain import Quantity
from engine.explain.quantity import is_joined, of_layer
from engine.explain.step.parameter_parts import parameter_name
from tui.drawing.canvas import Canvas
from tui.drawing.glyphs import Glyphs
from tui.model.backprop.facts import BackpropFacts
from tui.panes.backprop.pictures.moves import Moves
from tui.panes.backprop.pictures.of_activation import activation_picture
from tui.panes.backprop.pictures.of_cost import batch_costs, cost_picture, output_delta_picture

ROOM = (30, 7)  # cells that a picture needs


class Picture(Protocol):
    """What can be drawn over a whole canvas."""

    def draw(self, canvas: Canvas) -> None:
        """Draw it."""


def picture_of(facts: BackpropFacts, glyphs: Glyphs) -> Picture | None:
    """The picture of a micro-step; None where there is none, or its numbers are not finite."""
    kind, layer = facts.microstep.kind, facts.microstep.layer
    if kind == "a":
        return activation_picture(facts, glyphs)
    if kind == "delta" and layer < len(facts.step.network.weights):
        return activation_picture(facts, glyphs)
    if kind == "delta":
        return output_delta_picture(facts, glyphs)
    if kind == "example_cost" and facts.example is not None:
        return cost_picture(facts, glyphs)
    if kind in ("example_cost", "cost"):
        return batch_costs(facts)
    return _moves(facts, glyphs) if kind == "update" else None


def _moves(facts: BackpropFacts, glyphs: Glyphs) -> Moves:
    """The update of the weights of the selected unit, and of its bias."""
    step, layer, (unit, of) = facts.step, facts.microstep.layer, facts.component
    network, inputs = step.network, step.network.sizes[layer - 1]
    places = [k for k in range(inputs) if is_joined(network, layer, unit, k) or k == of]
    columns = [*places, *([inputs] if network.bias else [])]
    old = of_layer(network, network.parameters, layer)[unit]
    new = of_layer(network, step.parameters, layer)[unit]
    components = [None if k == inputs else k for k in columns]
    return Moves(
        labels=[
            glyphs.formula(parameter_name("", Quantity("update", layer, unit, k)).written())
            for k in components
        ],
        old=[float(old[k]) for k in columns],
        new=[
            None if facts.hides((unit, component)) else float(new[k])
            for k, component in zip(columns, components, strict=True)
        ],
        selected=components.index(of),
    )
