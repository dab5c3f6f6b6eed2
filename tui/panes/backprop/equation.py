"""The equation pane: where the micro-step's number comes from, in matrices and term by term."""

from tui.drawing.canvas import Canvas
from tui.model.backprop.facts import BackpropFacts
from tui.model.frame import Frame
from tui.panes.backprop.component_pane import ComponentPane, component_note
from tui.panes.explanation.view_state import ViewState


class EquationPane(ComponentPane):
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

    def draw_facts(self, canvas: Canvas, frame: Frame, facts: BackpropFacts) -> None:
        from tui.panes.backprop.pictures.placing import draw_with_picture

        draw_with_picture(canvas, facts, view_state(facts, frame.playing))


def view_state(facts: BackpropFacts, playing: bool) -> ViewState:
    """The visible entries; for a bias, z, a and δ the matrix is one column, without inputs."""
    if facts.revealed is None:
        return ViewState(steady=playing)
    of_weights = facts.component[1] is not None
    revealed = {(j, k or 0) for j, k in facts.revealed if (k is not None) == of_weights}
    return ViewState(facts.hidden, revealed, steady=playing)
