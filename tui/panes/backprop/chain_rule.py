"""The chain-rule pane: the factors of δ and of ∂C_x/∂w by name, and what the cost depends on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.notation import Name
from engine.training.microsteps import COST_KINDS, PARAMETER_KINDS, Kind, MicroStep
from engine.wording import plural
from tui.drawing.canvas import Canvas
from tui.drawing.cells import first_fitting
from tui.drawing.numbers import cells_of, cost_text, num, total_text
from tui.drawing.sum_layout import sum_column
from tui.drawing.table import Sheet
from tui.drawing.text_lines import (
    Line,
    Span,
    draw_line,
    flowed,
    most_cells_of,
    number,
    words,
)
from tui.explain.explainable import Explainable
from tui.explain.step import StepQuantity
from tui.model.backprop.chain import (
    BACKWARD_KINDS,
    chain_explanation,
    passed_back,
    penalty_of,
    selected_example,
    three_ways,
)
from tui.model.backprop.facts import BackpropFacts, Component
from tui.model.frame import Frame
from tui.panes.backprop.component_pane import ComponentPane, component_explainable, component_note
from tui.panes.backprop.equation import view_state

if TYPE_CHECKING:
    from engine.explain import Definition, Explanation
    from tui.panes.explanation.view_state import ViewState

FEW_TERMS = 12  # of a sum, up to which they are written
FACTORS = 8  # rows of the factors that the lines above them leave
HIDDEN = "?"
GAP = "   "  # between numbers side by side
NAMED_LAYERS = 3  # of a path from the weights to the cost


class ChainRulePane(ComponentPane):
    """The factors ∂C_x/∂a, ∂a/∂z and ∂z/∂w of the selected number, and their product."""

    HELP = """
Chain rule: the selected δ or ∂C_x/∂w as a product of rates, each with its name and its number.
∂C_x/∂a is how C_x changes with the unit's output: in the last layer known from the cost, before it
W⁽ˡ⁺¹⁾ᵀδ⁽ˡ⁺¹⁾. ∂a/∂z is σ′(z). The two make δ. ∂z/∂w is the number that the weight carries, and 1
for a bias. The product is confirmed by a central difference.
Above: z of a unit, and so the output, can be changed in three ways: by the weight, by the bias, by
the number that the weight carries.
At the cost: the two assumptions of backpropagation. C is a mean over examples, so gradients are
means too; and C_x depends on the weights through the outputs alone.
All is of the selected example, which in {batch} mode is one of many. A weight of a convolution has
many places, whose terms are added up.
{explain} explains the product. {unit_up} {unit_down} choose the component, {input_before}
{input_after} the input of a weight; {microstep_on} {microstep_back} go through the micro-steps.
"""

    _known: tuple[Frame, Explanation] | None = None

    def titles(self, frame: Frame) -> tuple[str, str]:
        facts, name = frame.backprop, "Chain rule"
        if facts is None:
            return name, ""
        example = f"{name} · example {frame.example + 1}"
        if facts.microstep.kind in COST_KINDS:
            return self.fitting_title(f"{example} · two assumptions", example), ""
        if facts.microstep.kind not in BACKWARD_KINDS:
            return name, ""
        from tui.panes.explanation.layout import title_of

        formula = title_of(self._explanation(frame, facts), self.look.glyphs)
        title = self.fitting_title(f"{example} · {formula}", f"{name} · {formula}", example, name)
        return title, component_note(frame, self.look.keys)

    def draw_facts(self, canvas: Canvas, frame: Frame, facts: BackpropFacts) -> None:
        kind = facts.microstep.kind
        if kind not in BACKWARD_KINDS:
            to_come = kind not in COST_KINDS
            lines = _forward(canvas, facts) if to_come else _assumptions(canvas, frame, facts)
            for y, line in enumerate(lines[: canvas.height]):
                draw_line(canvas, y, line)
            return
        state = view_state(facts, frame.playing)
        if not _asks_for_product(frame, facts):
            state = replace(state, hidden=False, revealed=None)  # another number is asked for
        _draw(canvas, _head(canvas, frame, facts), self._explanation(frame, facts), state)

    def explainable(self, frame: Frame) -> Explainable | None:
        """The product; before δ the component."""
        facts, whole = frame.backprop, component_explainable(frame)
        is_backward = facts is not None and facts.microstep.kind in BACKWARD_KINDS
        if not (isinstance(whole, StepQuantity) and is_backward):
            return whole
        kind: Kind = "delta" if whole.kind == "delta" else "example_gradient"
        return replace(whole, kind=kind, batch_mode=False, by_factors=True)

    def _explanation(self, frame: Frame, facts: BackpropFacts) -> Explanation:
        """That of a frame, computed once."""
        if self._known is None or self._known[0] is not frame:
            self._known = frame, _shortened(chain_explanation(frame, facts))
        return self._known[1]


def _shortened(explanation: Explanation) -> Explanation:
    """Without the terms of long sums on the way: the line W⁽ˡ⁺¹⁾ᵀδ⁽ˡ⁺¹⁾ above has their result."""
    from engine.explain import number as constant

    *before, last = explanation.definitions
    definitions = [
        replace(d, expression=constant(d.symbol.value)) if _terms(d) > FEW_TERMS else d
        for d in before
    ]
    return replace(explanation, definitions=(*definitions, last))


def _terms(definition: Definition) -> int:
    """The terms of a sum."""
    column = sum_column(definition.expression)
    return len(column.terms) if column else 0


def _draw(canvas: Canvas, head: list[Line], explanation: Explanation, state: ViewState) -> None:
    """As many lines of the head as leave all factors their room; the factors alone over the full
    width where they have none beside the prose."""
    from tui.panes.explanation.layout import draw_explanation, draw_lines
    from tui.panes.explanation.worked_terms import term_lines

    width, height = canvas.width, canvas.height
    names = [definition.symbol.name for definition in explanation.definitions]
    written = [canvas.glyphs.text(canvas.glyphs.formula(n.written())) for n in names if n]

    def factors(lines: int, with_prose: bool) -> Canvas:
        rows = height - lines
        below = Canvas(width, rows, canvas.palette, canvas.glyphs, canvas.colour)
        if with_prose:
            draw_explanation(below, explanation, state)
        else:
            sheet = Sheet(canvas.palette, canvas.glyphs, canvas.colour, width, rows)
            draw_lines(below, term_lines(explanation, sheet, state))
        return below

    most = min(len(head), max(0, height - FACTORS))
    ways = [(n, prose) for n in range(most, -1, -1) for prose in (True, False)]
    if _terms(explanation.definitions[-1]) > FEW_TERMS:
        ways = []  # it is shortened in any case, and slow to try
    drawn = ((n, factors(n, prose)) for n, prose in ways)
    whole = ((n, below) for n, below in drawn if _has_all(below, written))
    lines, below = next(whole, (0, None))
    if below is None:  # of many terms the largest
        lines = min(most, 1)
        below = factors(lines, with_prose=True)
    for y, line in enumerate(head[:lines]):
        draw_line(canvas, y, line)
    canvas.paste(below, 0, lines)


def _has_all(canvas: Canvas, names: list[str]) -> bool:
    """Whether every quantity is defined on a canvas, or written as a sum that ends with it."""
    lines = [line.strip() for line in canvas.text_lines()]
    parts = [line.rpartition(canvas.glyphs.rule)[2].strip() for line in lines]
    return all(any(part.startswith(name) for part in parts) for name in names)


def _head(canvas: Canvas, frame: Frame, facts: BackpropFacts) -> list[Line]:
    """Lines above the factors, the most needed first."""
    layer = facts.microstep.layer
    lines = []
    if facts.microstep.kind in PARAMETER_KINDS:
        lines.append(_three_ways(canvas, frame, facts))
    if layer < len(facts.step.network.weights):
        lines.append(_passed_back(canvas, frame, facts))
    if not _asks_for_product(frame, facts):
        lines += _mean(canvas, frame, facts)
    return lines


def _three_ways(canvas: Canvas, frame: Frame, facts: BackpropFacts) -> Line:
    """∂C_x/∂w, ∂C_x/∂b and ∂C_x/∂a of the layer before, side by side."""
    palette, layer, (unit, input) = canvas.palette, facts.microstep.layer, facts.component
    ways, asks = three_ways(frame, facts), _asks_for_product(frame, facts)
    j, k = unit + 1, ways.input + 1
    before = Name("∂C_x/∂a", layer - 1, (k,)) if layer > 1 else Name("∂C_x/∂x", None, (k,))
    values: list[tuple[Name, float | None, Component | None]] = [
        (Name("∂C_x/∂w", layer, (j, k)), ways.by_weight, (unit, ways.input)),
        (Name("∂C_x/∂b", layer, (j,)), ways.by_bias, (unit, None)),
        (before, ways.by_input, None),
    ]
    parts: list[Line] = []
    for name, value, component in values:
        if value is None:
            continue
        lit, hidden = component == (unit, input), component and asks and facts.hides(component)
        shown = Span(HIDDEN.rjust(6), palette.hi) if hidden else number(value, palette)
        label = canvas.glyphs.formula(name.written())
        ink = palette.hi if lit else palette.mid
        parts.append([Span(f"{label} ", ink, lit), Span(shown.text, shown.ink, lit)])
    many = "three" if ways.by_bias is not None else "two"
    z = canvas.glyphs.unit("z", layer, j)
    cells = sum(most_cells_of(part) + len(GAP) for part in parts)
    forms = f"{many} ways to change {z}:{GAP}", f"{many} ways:{GAP}", ""
    line: Line = [Span(first_fitting(forms, canvas.width - cells), palette.low)]
    for part in parts:
        line += [*part, Span(GAP, palette.low)]
    return line[:-1]


def _asks_for_product(frame: Frame, facts: BackpropFacts) -> bool:
    """Whether the product is the number of the micro-step, which may have to be guessed."""
    return facts.microstep.kind in ("delta", "example_gradient") and not frame.batch_mode


def _passed_back(canvas: Canvas, frame: Frame, facts: BackpropFacts) -> Line:
    """∂C_x/∂a⁽¹⁾ = W⁽²⁾ᵀ δ⁽²⁾ with its numbers, those about the selected unit."""
    glyphs, palette, layer = canvas.glyphs, canvas.palette, facts.microstep.layer
    network, example = facts.step.network, selected_example(frame, facts)
    values, unit = passed_back(network, example.backward, layer), facts.component[0]
    after, delta = glyphs.layer(layer + 1), glyphs.delta
    back = f"W{after}ᵀ {delta}{after}"
    back += "".join(f" + {delta}{glyphs.layer(t)}" for t in network.skips_from(layer))
    name = f"{glyphs.derivative('C_x', 'a' + glyphs.layer(layer))} = {back} = "
    if facts.microstep.kind == "delta" and facts.hidden and not frame.batch_mode:
        return [Span(f"{name}{HIDDEN}", palette.mid)]
    cells = cells_of(values) + 1
    room = max(1, (canvas.width - len(name) - 4) // cells)
    first = min(max(0, unit - room // 2), max(0, len(values) - room))
    line = [Span(name, palette.mid), Span("… " * bool(first), palette.low)]
    for j in range(first, min(len(values), first + room)):
        text = num(values[j]).rjust(cells - 1)
        line += [Span(text, palette.ink(values[j]), j == unit), Span(" ", palette.low)]
    if first + room < len(values):
        line.append(Span("…", palette.low))
    return line


def _mean(canvas: Canvas, frame: Frame, facts: BackpropFacts) -> list[Line]:
    """The number of the batch, the mean of such products."""
    from engine.explain import values_of

    kind, layer, (unit, input) = facts.microstep.kind, facts.microstep.layer, facts.component
    of: Kind = "delta" if kind == "delta" else "gradient"
    means = values_of(facts.step, MicroStep(of, layer))
    mean = means[unit] if kind == "delta" else means[unit, -1 if input is None else input]
    hidden = facts.hidden and kind in ("delta", "example_gradient", "gradient")
    shown = HIDDEN if hidden else num(mean).strip()
    name = "δ" if kind == "delta" else "∂C_x/∂b" if input is None else "∂C_x/∂w"
    n = plural(len(facts.step.rows), "example")
    text = f"The mean of {name} over the {n} of the batch: {shown}"
    return words(text, canvas.palette.low, canvas.width)


def _forward(canvas: Canvas, facts: BackpropFacts) -> list[Line]:
    """What leads from the weights of the layer to the cost, and when the factors come."""
    glyphs, layer = canvas.glyphs, facts.microstep.layer
    last = len(facts.step.network.weights)
    path = [f"W{glyphs.layer(layer)}"]
    for l in range(layer, last + 1):
        if layer + NAMED_LAYERS <= l < last:
            path.append("…") if path[-1] != "…" else None
        else:
            path += [f"z{glyphs.layer(l)}", f"a{glyphs.layer(l)}"]
    text = f" {glyphs.right} ".join([*path, "C_x"])
    lines = words(text, canvas.palette.hi, canvas.width)
    why = "The chain rule multiplies the rates along this way, from the cost back. The factors are "
    why += "here from the micro-step δ on."
    return [*lines, [], *words(why, canvas.palette.mid, canvas.width)]


def _assumptions(canvas: Canvas, frame: Frame, facts: BackpropFacts) -> list[Line]:
    """C is a mean over the examples; C_x is a function of the outputs; the penalty beside them."""
    glyphs, palette, width = canvas.glyphs, canvas.palette, canvas.width
    step, example = facts.step, selected_example(frame, facts)
    a, last = example.backward.forward.a[-1][0], len(step.network.weights)
    asks = facts.hidden and facts.microstep.kind == "example_cost" and facts.example is not None
    C_x = HIDDEN if asks else cost_text(float(example.backward.example_losses[0]))
    texts = f"C_x is a function of the outputs a{glyphs.layer(last)} and the target y alone."
    lines = words(texts, palette.mid, width)
    pairs: list[Line] = []
    for j in range(len(a)):
        label = f"{glyphs.unit('a', last, j + 1)} {num(a[j])}, y{glyphs.sub(j + 1)} "
        pairs.append([Span(f"{label}{num(example.target[j])}", palette.mid)])
    shown = pairs if len(pairs) <= 6 else [*pairs[:5], [Span("…", palette.low)]]
    result = [Span(f"{glyphs.right} C_x {C_x}", palette.hi, True)]
    lines += [*flowed([*shown, result], width, gap=3), []]
    lines += words("C is a mean over the examples, here those of the batch.", palette.mid, width)
    if facts.microstep.kind == "example_cost":
        return lines
    asks = facts.hidden
    C = HIDDEN if asks else cost_text(step.batch.loss)
    costs = [cost_text(float(c)) for c in step.batch.example_losses]
    n = len(costs)
    room = max(1, (width - 24) // 9)
    terms = " + ".join(costs if n <= room else [*costs[:room], "…"])
    lines += flowed([[Span(f"C = 1/{n} ({terms})", palette.mid)]], width)
    lines.append([Span(f"  = {C}", palette.hi, True)])
    R = penalty_of(frame)
    if R is not None:
        written = cost_text(R)
        total = HIDDEN if asks else total_text(C, written, step.batch.loss + R)
        text = f"With the penalty R {written}, C + R {total} is what the step is to make smaller."
        lines += [[], *words(text, palette.mid, width)]
    return lines
