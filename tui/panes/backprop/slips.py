"""The slips pane: usual slips in backpropagation, each tried on the selected number."""

from __future__ import annotations

from math import isnan

from tui.drawing.canvas import Canvas
from tui.drawing.cells import first_fitting
from tui.drawing.glyphs import Glyphs
from tui.drawing.numbers import NONE, num
from tui.drawing.text_lines import (
    Line,
    Span,
    draw_line,
    truncated_text,
    width_of,
    words,
)
from tui.explain.explainable import Explainable
from tui.explain.step import StepQuantity
from tui.model.backprop.chain import BACKWARD_KINDS
from tui.model.backprop.facts import BackpropFacts
from tui.model.backprop.slips import (
    SlipFacts,
    SlipRow,
    Tried,
    is_of_batch,
    slip_facts,
    tried_slips,
)
from tui.model.frame import Frame
from tui.panes.backprop.component_pane import ComponentPane, component_explainable, component_note

HEADS = ("with the slip", "right", "central difference"), ("slip", "right", "centr."), ("", "", "")
CELLS = 7  # of a number with the gap before it, at least
GAP = 2
NOTE = 40  # cells from which on a note stands in the row of its slip
MOST_PLAYING = 50_000  # numbers, weights times examples, up to which they follow a run that plays


class SlipsPane(ComponentPane):
    """A line for each slip: what it makes of the number, beside the right one."""

    HELP = """
Slips: mistakes that are often made in backpropagation, each tried here on the selected δ or ∂C.
Each line has the number with the slip, the right one, and the central difference of the cost,
which knows nothing of backpropagation. ✗ where the central difference shows that the slip is wrong.
No ✗ where the slip makes no difference to this number, or cannot be made in this network: then the
text says why. – where central differences cannot tell, as beside a kink of σ.
A slip changes δ of its layer and of all before it.
{explain} explains the right number. {unit_up} {unit_down} choose the component, {input_before}
{input_after} the input of a weight; {microstep_on} {microstep_back} go through the micro-steps.
"""

    _tried: tuple[tuple[object, int], Tried] | None = None

    def titles(self, frame: Frame) -> tuple[str, str]:
        facts = frame.backprop
        if facts is None or facts.microstep.kind not in BACKWARD_KINDS or facts.hidden:
            return "Slips", ""
        whose = f"example {frame.example + 1}"
        if is_of_batch(facts):
            whose = f"the batch of {len(facts.step.rows)}"
        name = _name_of(frame, facts, self.look.glyphs)
        title = self.fitting_title(
            f"Slips · usual ones, tried on {name} of {whose}", f"Slips · {name} of {whose}"
        )
        return title, component_note(frame, self.look.keys)

    def draw_facts(self, canvas: Canvas, frame: Frame, facts: BackpropFacts) -> None:
        text, keys = "", self.look.keys
        if facts.microstep.kind not in BACKWARD_KINDS:
            text = f"Slips are made on the way back. {keys['microstep_on']} goes on to δ and ∂C/∂W."
        elif facts.hidden:
            text = f"{keys['explain']}: guess the result first. Then the slips are tried on it."
        elif frame.playing and _size(facts) > MOST_PLAYING:
            text = f"{keys['play']} pauses: the slips are tried then."
        if text:
            lines = words(text, canvas.palette.mid, canvas.width)
        else:
            lines = _lines(canvas, slip_facts(facts, self._slips(facts)))
        for y, line in enumerate(lines[: canvas.height]):
            draw_line(canvas, y, line)

    def explainable(self, frame: Frame) -> Explainable | None:
        """The right number: of ∂(C + R) and of an update ∂C."""
        whole = component_explainable(frame)
        if isinstance(whole, StepQuantity) and whole.kind in ("penalty", "update"):
            return StepQuantity(
                frame, "gradient", whole.layer, whole.unit, whole.input, whole.batch_mode
            )
        return whole

    def _slips(self, facts: BackpropFacts) -> Tried:
        """Those of a pass, made once."""
        number = -1 if is_of_batch(facts) or facts.example is None else facts.example.number
        if self._tried is None or self._tried[0] != (facts.step, number):
            self._tried = (facts.step, number), tried_slips(facts)
        return self._tried[1]


def _name_of(frame: Frame, facts: BackpropFacts, glyphs: Glyphs) -> str:
    """The selected δ or ∂C/∂w by name."""
    from engine.explain import Quantity
    from engine.explain.step.parameter_parts import parameter_name
    from engine.notation import Name

    (unit, input), layer, kind = facts.component, facts.microstep.layer, facts.microstep.kind
    if kind == "delta":
        name = Name("δ", layer, (unit + 1,))
    else:
        of = "∂C/∂" if is_of_batch(facts) else "∂C_x/∂"
        name = parameter_name(of, Quantity("gradient", layer, unit, input))
    return glyphs.formula(name.written())


def _size(facts: BackpropFacts) -> int:
    rows = len(facts.step.rows) if is_of_batch(facts) else 1
    return facts.step.network.parameters.size * rows


def _lines(canvas: Canvas, found: SlipFacts) -> list[Line]:
    """The table, then what there is to say of the slips, as much as there is room for."""
    palette, width = canvas.palette, canvas.width
    names = max(len(row.name) for row in found.rows)
    for heads in HEADS:
        columns = [max(CELLS, len(head) + GAP) for head in heads]
        if names + sum(columns) + GAP + 1 <= width:
            break
    head = "".join(f"{text:>{cells}}" for text, cells in zip(heads, columns, strict=True))
    lines: list[Line] = [[Span(" " * names + head, palette.low)]]
    notes: list[str] = []
    for row in found.rows:
        line = _row(canvas, found, row, names, columns)
        forms = [form for form in _notes(row) if form]
        room = width - width_of(line) - GAP
        note = first_fitting(forms, room) if room >= NOTE else ""
        if note:
            line.append(Span(" " * GAP + note, palette.mid))
        if forms and note != forms[0]:
            notes.append(f"{row.name}: {forms[0]}")
        lines.append(line)
    sentences = [f"{row.name}: {row.sentence}" for row in found.rows]
    room = canvas.height - len(lines)
    texts = [canvas.glyphs.prose(text) for text in (*notes, *sentences)]
    below = truncated_text(texts, palette.mid, width, max(0, room))
    return [*lines, *below]


def _row(canvas: Canvas, found: SlipFacts, row: SlipRow, names: int, columns: list[int]) -> Line:
    """The name, the three numbers and the mark."""
    palette = canvas.palette
    line: Line = [Span(f"{row.name:<{names}}", palette.hi if row.is_wrong else palette.mid)]
    values = [row.value, found.right, found.estimate]
    for value, cells in zip(values, columns, strict=True):
        text, ink = NONE, palette.low
        if value is not None and not isnan(value):
            text, ink = num(value), palette.ink(value)
        line.append(Span(text.rjust(cells), ink))
    mark = canvas.glyphs.fail if row.is_wrong else ""
    if row.value is not None and row.is_wrong is None:
        mark = NONE
    return [*line, Span(f" {mark:<1}", palette.hi, True)]


def _notes(row: SlipRow) -> list[str]:
    """What there is to say of a slip here, the longest form first."""
    if row.value is None:
        return [f"Not here. {row.note}", "not in this network"]
    if row.is_wrong is False and row.elsewhere:
        other = f"The same here; it changes ∂C/∂{row.elsewhere} most."
        return [f"{other} {row.note}".strip(), "the same here"]
    if row.is_wrong is False:
        return [f"No difference here. {row.note}".strip(), "no difference here"]
    return [row.note]
