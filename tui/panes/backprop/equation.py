"""The equation pane: where the micro-step's number comes from, in matrices and term by term."""

from collections.abc import Mapping

from tui.drawing.canvas import Canvas
from tui.drawing.text_lines import draw_words
from tui.explain.explainable import Explainable
from tui.model.backprop.facts import BackpropFacts
from tui.model.frame import Frame
from tui.panes.backprop.microsteps import component_explainable
from tui.panes.base.pane import Pane
from tui.panes.explanation.view_state import ViewState

NOT_FINITE = "The network's numbers are no longer finite."


class EquationPane(Pane):
    """The general equation with its numbers, and one component of it worked out."""

    HELP = """
Equation: where the numbers of this micro-step come from. At the left the equation with its
matrices as they are now; what the selected component needs is lit. At the right that
component term by term: each product with its factors, the sum, what is done to it, the result.
Below: what it means, and the line of NumPy that computes all components at once. At the right,
where there is room, a picture: σ with the points of the units and the slope at the selected one,
the cost over the output, the move of each weight.
Central difference: the same number from two costs, (C(+h) − C(−h)) / 2h; ✓ where they agree.
[7] is example 7, one of the batch: {example_typed} goes to it.
≈ stands before a result whose last digit differs from what the printed numbers give.
Long sums show their largest terms and what the others come to together; matrices the part about
the component: ⋯ and ⋮ stand for the rest.
{unit_up} {unit_down} choose the component, {input_before} {input_after} the input of a weight;
{microstep_on} {microstep_back} go through the micro-steps.
"""

    def titles(self, frame: Frame) -> tuple[str, str]:
        facts = frame.backprop
        if facts is None:
            return "Equation", ""
        from tui.panes.explanation.layout import title_of

        return title_of(facts.explanation, self.look.glyphs), component_note(frame, self.look.keys)

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        facts = frame.backprop
        if facts is None:
            draw_words(canvas, NOT_FINITE if frame.divergence else "")
            return
        from tui.panes.backprop.pictures.placing import draw_with_picture

        draw_with_picture(canvas, facts, view_state(facts, frame.playing))

    def explainable(self, frame: Frame) -> Explainable | None:
        """The component."""
        return component_explainable(frame)

    def move(self, dx: int, dy: int) -> None:
        self.post_message(self.ComponentMoved(dx, dy))


def view_state(facts: BackpropFacts, playing: bool) -> ViewState:
    """The visible entries; for a bias, z, a and δ the matrix is one column, without inputs."""
    if facts.revealed is None:
        return ViewState(steady=playing)
    of_weights = facts.component[1] is not None
    revealed = {(j, k or 0) for j, k in facts.revealed if (k is not None) == of_weights}
    return ViewState(facts.hidden, revealed, steady=playing)


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
