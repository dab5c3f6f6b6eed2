"""The micro-steps pane: one training step as a list, forwards, the cost, backwards, the update."""

from textual import events

from engine.arrays import length
from engine.training.microsteps import COST_KINDS, PARAMETER_KINDS, MicroStep, TrainingStep
from tui.drawing.canvas import Canvas
from tui.drawing.cells import first_fitting
from tui.drawing.glyphs import Glyphs
from tui.drawing.numbers import CELLS, cells_of, cost_text, norm, num, total_text
from tui.drawing.text_lines import draw_words
from tui.explain.explainable import Explainable
from tui.model.backprop.chain import penalty_of
from tui.model.backprop.facts import BackpropFacts
from tui.model.frame import Frame
from tui.panes.backprop.component_pane import component_explainable
from tui.panes.base.pane import Pane

PHASE = 9  # cells that the phase takes
WITH_PHASE = 44  # from this width on it is shown
NAME = 2  # where the name begins, after the mark
VALUES = 8  # cells from there to the values, at the least
AHEAD = 2  # micro-steps that stay in sight after the current one


class MicroStepsPane(Pane):
    """Micro-steps with their results; the current one is lit, those to come have none yet."""

    HELP = """
Micro-steps: the next training step taken apart, as the program carries it out.
✓ is done, ▸ has just been carried out, · is still to come. {microstep_on} {microstep_back} go on
and back; after the last one the step is taken and the next one begins. A click goes to a
micro-step.
z, a, C_x and δ are of the selected example ({batch}: means over the batch). Of a gradient the norm
‖∂C/∂W‖ is shown, of the weights without the biases; of an update how far it moves both. ∂C and the
update are always of the whole batch. With a penalty R stands behind C, and C + R, which the step
is to make smaller.
"""

    _first = 0

    def titles(self, frame: Frame) -> tuple[str, str]:
        facts = frame.backprop
        if facts is None:
            return "Micro-steps", ""
        here, n = f"{facts.at + 1} of {len(facts.step.microsteps)}", len(facts.step.rows)
        if _standardised(frame):
            here = f"standardised · {here}"
        if frame.batch_mode:
            return f"Micro-steps · means over the batch of {n}", here
        if facts.in_batch:
            return "Micro-steps", here
        of = frame.example + 1
        title = self.fitting_title(
            f"Micro-steps · example {of} is not in this batch of {n}",
            f"Example {of} is not in this batch of {n}",
            f"Example {of}: not in this batch",
        )
        return title, here

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        facts = frame.backprop
        if facts is None:
            text = f"{frame.divergence}: there is no next step to take apart. "
            text += f"{self.look.keys['microstep_back']} goes back."
            draw_words(canvas, text)
            return
        steps = facts.step.microsteps
        self._first = first_row(self._first, facts.at, len(steps), canvas.height)
        left = PHASE if canvas.width >= WITH_PHASE else 0
        phase = ""
        for y, at in enumerate(range(self._first, min(len(steps), self._first + canvas.height))):
            if left and steps[at].phase != phase:
                phase = steps[at].phase
                canvas.text(0, y, phase, canvas.palette.low)
            _draw_row(canvas, left, y, frame, facts, at)

    def move(self, dx: int, dy: int) -> None:
        self.post_message(self.ComponentMoved(dx, dy))

    def explainable(self, frame: Frame) -> Explainable | None:
        return component_explainable(frame)

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is not None:
            self._go_to(self._first + offset.y)

    def on_mouse_scroll_down(self) -> None:
        self._go_on(1)

    def on_mouse_scroll_up(self) -> None:
        self._go_on(-1)

    def _go_on(self, by: int) -> None:
        if self.view is not None and self.view.backprop is not None:
            self._go_to(self.view.backprop.at + by)

    def _go_to(self, at: int) -> None:
        facts = self.view.backprop if self.view is not None else None
        if facts is not None and 0 <= at < len(facts.step.microsteps):
            self.post_message(self.MicroStepSelected(at))


def first_row(before: int, at: int, count: int, height: int) -> int:
    """The first row in sight: moved no further than needed for the current one and its next."""
    ahead = min(AHEAD, max(0, (height - 1) // 2), count - 1 - at)
    behind = min(AHEAD, max(0, (height - 1) // 2), at)
    first = max(0, min(before, count - height))
    return min(max(first, at + ahead + 1 - height), at - behind)


def microstep_name(microstep: MicroStep, step: TrainingStep, frame: Frame, glyphs: Glyphs) -> str:
    """``δ⁽¹⁾``, ``∂C_x/∂W⁽³⁾, b⁽³⁾``: the quantity that a micro-step works out."""
    network = step.network
    layer = glyphs.layer(microstep.layer)
    parameters = f"W{layer}, b{layer}" if network.bias else f"W{layer}"
    match microstep.kind:
        case "z":
            return f"z{layer}"
        case "a":
            last = microstep.layer == len(network.weights)  # ŷ is in the data's own units
            return glyphs.y_hat if last and not _standardised(frame) else f"a{layer}"
        case "example_cost":
            return "C_x"
        case "cost":
            return "C"
        case "delta":
            return f"{glyphs.delta}{layer}"
        case "example_gradient":
            return glyphs.derivative("C_x", parameters)
        case "gradient":
            return glyphs.derivative("C", parameters)
        case "penalty":
            return glyphs.derivative("(C + R)", parameters)
        case "update":
            optimizer = step.settings.optimizer
            if optimizer == "sgd":
                return f"{parameters} {glyphs.minus} {glyphs.eta} {glyphs.nabla}"
            return f"{parameters} {optimizer}"


def _standardised(frame: Frame) -> bool:
    """Whether the network's targets are in other units than the data's."""
    scale = frame.data.y_scale
    return bool((scale.mean != 0.0).any() or (scale.sd != 1.0).any())


def _draw_row(canvas: Canvas, x: int, y: int, frame: Frame, facts: BackpropFacts, at: int) -> None:
    """A micro-step's mark, name and result; the current one on its own ground."""
    palette, microstep = canvas.palette, facts.step.microsteps[at]
    here = at == facts.at
    if here:
        canvas.paint(0, y, canvas.width, 1, palette.sel)
    mark = "▸" if here else "✓" if at < facts.at else "·"
    canvas.text(x, y, mark, palette.hi if here else palette.mid if at < facts.at else palette.low)
    name = microstep_name(microstep, facts.step, frame, canvas.glyphs)
    ink = palette.hi if here else palette.mid if at < facts.at else palette.low
    canvas.text(x + NAME, y, name, ink, bold=here)
    if at > facts.at:
        return
    if microstep.kind in PARAMETER_KINDS:
        _draw_length(canvas, x + NAME + len(name) + 2, y, facts, microstep, here and facts.hidden)
    else:
        of_layer = microstep.layer == facts.microstep.layer
        lit = facts.component[0] if of_layer else None
        start = x + NAME + max(VALUES, len(name) + 1)
        _draw_values(canvas, start, y, facts, microstep, here, lit, x + NAME + len(name))
        if microstep.kind == "cost":
            _draw_penalty(canvas, start + CELLS + 2, y, frame, facts, here)


def _draw_penalty(
    canvas: Canvas, x: int, y: int, frame: Frame, facts: BackpropFacts, here: bool
) -> None:
    """R and C + R behind C, where there is a penalty."""
    R = penalty_of(frame)
    if R is None or (here and facts.hidden):
        return
    C, written = cost_text(facts.step.batch.loss), cost_text(R)
    total = total_text(C, written, facts.step.batch.loss + R)
    forms = f"R {written}   C + R {total}", f"R {written}, C + R {total}", f"R {written}"
    text = first_fitting(forms, canvas.width - x)
    canvas.text(x, y, text, canvas.palette.hi if here else canvas.palette.mid)


def _draw_length(
    canvas: Canvas, x: int, y: int, facts: BackpropFacts, microstep: MicroStep, hidden: bool
) -> None:
    """The norm of a gradient, of its weights alone as on all screens, or of an update."""
    from engine.explain import values_of

    glyphs = canvas.glyphs
    values = values_of(facts.step, microstep, facts.example)
    if microstep.kind == "update":
        values = values - facts.step.network.matrices[microstep.layer - 1]
        words = ["moved"]
    else:
        of = {"example_gradient": "C_x", "penalty": "(C + R)"}.get(microstep.kind, "C")
        words = [glyphs.norm(glyphs.derivative(of, "W")), "of W"]
        values = values[:, : facts.step.network.sizes[microstep.layer - 1]]
    word = first_fitting(words, canvas.width - x - 1 - CELLS)
    canvas.right(canvas.width - CELLS - 1, y, word, canvas.palette.low)
    text = "?".rjust(CELLS) if hidden else norm(length(values))
    canvas.right(canvas.width, y, text, canvas.palette.hi if hidden else canvas.palette.mid)


def _draw_values(
    canvas: Canvas,
    x: int,
    y: int,
    facts: BackpropFacts,
    microstep: MicroStep,
    here: bool,
    lit: int | None,
    name_end: int,
) -> None:
    """The entries of a vector; of a long one those around the current unit."""
    from engine.explain import values_of

    values = values_of(facts.step, microstep, facts.example)
    palette, cells = canvas.palette, cells_of(values)
    width = cells + 1
    room = max(1, (canvas.width - x + 1) // width)
    first, more = 0, len(values) > room
    if more:  # with … before and behind
        x = max(x, name_end + 3)
        room = max(1, (canvas.width - x - 1) // width)
        first = min(max(0, (lit or 0) - room // 2), len(values) - room)
        if first:
            canvas.text(x - 2, y, "…", palette.low)
        if first + room < len(values):
            canvas.text(x + room * width, y, "…", palette.low)
    cost = microstep.kind in COST_KINDS
    for column, j in enumerate(range(first, min(len(values), first + room))):
        value, left = float(values[j]), x + column * width
        if here and facts.hides((j, None)):
            canvas.right(left + cells, y, "?", palette.hi, bold=True)
        elif cost:
            canvas.text(
                left, y, norm(value).rjust(cells), palette.hi if here else palette.mid, bold=here
            )
        else:
            canvas.text(
                left, y, num(value).rjust(cells), palette.ink(value), bold=here and j == lit
            )
