"""What the panes about one component of a micro-step have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.drawing.text_lines import draw_words
from tui.explain.step import StepQuantity
from tui.panes.base.pane import Pane

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.drawing.canvas import Canvas
    from tui.explain.explainable import Explainable
    from tui.model.backprop.facts import BackpropFacts
    from tui.model.frame import Frame


class ComponentPane(Pane):
    """Draws the facts about the selected component; the arrow keys choose another."""

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        if frame.backprop is not None:
            self.draw_facts(canvas, frame, frame.backprop)
        elif frame.divergence:
            draw_words(canvas, "The network's numbers are no longer finite.")

    def draw_facts(self, canvas: Canvas, frame: Frame, facts: BackpropFacts) -> None:
        """Draw the pane where the micro-steps of this step are known."""
        raise NotImplementedError

    def explainable(self, frame: Frame) -> Explainable | None:
        return component_explainable(frame)

    def move(self, dx: int, dy: int) -> None:
        self.post_message(self.ComponentMoved(dx, dy))


def component_explainable(frame: Frame) -> Explainable | None:
    """The component of the current micro-step."""
    facts = frame.backprop
    if facts is None:
        return None
    microstep, (unit, of) = facts.microstep, facts.component
    fan_in = frame.network.sizes[microstep.layer - 1]
    of = fan_in if of is None else of
    return StepQuantity(frame, microstep.kind, microstep.layer, unit, of, frame.batch_mode)


def component_note(frame: Frame, keys: Mapping[str, str]) -> str:
    """``↑↓ component 3 of 4``, of a weight also its input: ``h l input 2 of 3``."""
    facts = frame.backprop
    if facts is None:
        return ""
    microstep, sizes = facts.microstep, facts.step.network.sizes
    if microstep.kind in ("example_cost", "cost"):
        return ""
    unit, input = facts.component
    units = sizes[microstep.layer]
    if microstep.kind in ("z", "a", "delta"):
        return f"↑↓ component {unit + 1} of {units}"
    inputs = sizes[microstep.layer - 1]
    of = "bias" if input is None else f"input {input + 1} of {inputs}"
    others = f"{keys['input_before']} {keys['input_after']}"
    return f"↑↓ unit {unit + 1} of {units}   {others} {of}"
