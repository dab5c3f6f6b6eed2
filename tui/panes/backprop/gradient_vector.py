"""The gradient pane: ∇C as one vector, with its length and what the layers add to it."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from engine.training.microsteps import PARAMETER_KINDS, MicroStep
from engine.wording import count, plural
from tui.drawing.canvas import Canvas
from tui.drawing.cells import first_fitting
from tui.drawing.numbers import cells_of, norm, num
from tui.drawing.text_lines import Line, Span, draw_line, flowed, width_of
from tui.explain.explainable import Explainable
from tui.explain.step import WholeGradient
from tui.model.backprop.facts import BackpropFacts
from tui.model.frame import Frame
from tui.panes.backprop.component_pane import ComponentPane, component_explainable, component_note
from tui.panes.backprop.microsteps import first_row

if TYPE_CHECKING:
    from engine import GradientVector, Network

NOT_YET, HIDDEN = "·", "?"
LEAST_ROWS = 3  # of the vector, that its length leaves


class Rows(NamedTuple):
    """The vector in rows: those of [W b] of each layer; a convolution has one, its kernel.

    ``starts`` has the index of the first entry of each row, and the number of all at its end;
    ``layers`` and ``units`` (from 0; None: a kernel) what the rows belong to.
    """

    starts: list[int]
    layers: list[int]
    units: list[int | None]


class GradientPane(ComponentPane):
    """∇C row by row, the selected entry lit, and ‖∇C‖."""

    HELP = """
Gradient: ∇C, all ∂C/∂w and ∂C/∂b of the batch as one vector. A step downhill goes against it.
It is written in rows: the weights into the first unit of layer 1 and its bias, those of the
second unit, and so on. At the left is which entries of the vector a row has. The selected entry is
lit.
‖∇C‖ is its length, how steep C is. ‖∇C‖² is the sum of the squares of the norms of all ∂C/∂W and
∂C/∂b. Layers whose ∂C is still to come have dots.
{explain} explains ‖∇C‖. {unit_up} {unit_down} choose the unit, {input_before} {input_after} the
input of a weight; {microstep_on} {microstep_back} go through the micro-steps.
"""

    WHEEL_MOVES = True
    _first = 0
    _known: tuple[object, GradientVector, Rows] | None = None

    def titles(self, frame: Frame) -> tuple[str, str]:
        facts = frame.backprop
        if facts is None:
            return "Gradient", ""
        network, nabla = facts.step.network, self.look.glyphs.nabla
        start = f"Gradient {nabla}C"
        title = self.fitting_title(
            f"{start} of the batch of {len(facts.step.rows)}: one vector of "
            f"{plural(network.parameter_count, 'number')}",
            f"{start}: {plural(network.parameter_count, 'number')}",
            start,
        )
        if facts.microstep.kind not in PARAMETER_KINDS:
            return title, ""
        at = self._selected(facts)
        place = "" if at is None else f"entry {count(at + 1)}   "
        return title, place + component_note(frame, self.look.keys)

    def draw_facts(self, canvas: Canvas, frame: Frame, facts: BackpropFacts) -> None:
        vector, rows = self._vector(facts)
        head = _length_lines(canvas, facts, vector)
        head = head[: max(1, canvas.height - LEAST_ROWS)]
        for y, line in enumerate(head):
            draw_line(canvas, y, line)
        selected = self._selected(facts)
        at = 0 if selected is None else bisect_right(rows.starts, selected) - 1
        room = canvas.height - len(head)
        self._first = first_row(self._first, at, len(rows.layers), room)
        last = min(len(rows.layers), self._first + room)
        cells = max(len(_entries(rows, i)) for i in (self._first, last - 1))
        for y, i in enumerate(range(self._first, last), start=len(head)):
            here = selected if i == at else None
            _draw_row(canvas, y, facts, (vector, rows, i), here, cells)

    def explainable(self, frame: Frame) -> Explainable | None:
        """‖∇C‖; before it is known the component."""
        facts = frame.backprop
        known = facts is not None and all(_is_known(facts, l) for l in _layers(facts))
        return WholeGradient(frame) if known else component_explainable(frame)

    def _vector(self, facts: BackpropFacts) -> tuple[GradientVector, Rows]:
        """The vector of a step and its rows, computed once."""
        from engine import gradient_vector

        if self._known is None or self._known[0] is not facts.step:
            network = facts.step.network
            vector = gradient_vector(network, facts.step.gradient)
            self._known = facts.step, vector, _rows_of(network, vector)
        return self._known[1:]

    def _selected(self, facts: BackpropFacts) -> int | None:
        """The index in the vector of the selected weight or bias; None if it has none, as outside
        the kernel of a convolution, or none is selected."""
        if facts.microstep.kind not in PARAMETER_KINDS:
            return None
        network, layer, (unit, input) = facts.step.network, facts.microstep.layer, facts.component
        from engine.network.parameters import parameter_index

        where = ("bias", unit) if input is None else ("weight", (unit, input))
        index = parameter_index(network, layer, *where)
        if network.sharing is None:
            return index
        numbers = network.sharing.numbers
        found = np.flatnonzero(numbers[network.sharing.first] == numbers[index])
        return int(found[0]) if numbers[index] and found.size else None


def _rows_of(network: Network, vector: GradientVector) -> Rows:
    starts: list[int] = []
    layers: list[int] = []
    units: list[int | None] = []
    for part in vector.layers:
        columns = network.sizes[part.layer - 1] + network.bias
        own = [part.start] if network.kernel_length(part.layer) else None
        own = own or [*range(part.start, part.stop, columns)]
        starts += own
        layers += [part.layer] * len(own)
        units += [None] if network.kernel_length(part.layer) else [*range(len(own))]
    return Rows([*starts, vector.values.size], layers, units)


def _layers(facts: BackpropFacts) -> range:
    return range(1, len(facts.step.network.sizes))


def _is_known(facts: BackpropFacts, layer: int) -> bool:
    """Whether ∂C of a layer has been computed, and need not be guessed."""
    now = facts.step.microsteps.index(MicroStep("gradient", layer))
    return now < facts.at or (now == facts.at and facts.revealed is None)


def _length_lines(canvas: Canvas, facts: BackpropFacts, vector: GradientVector) -> list[Line]:
    """‖∇C‖, and ‖∇C‖² as a sum; of layers still to come dots."""
    glyphs, palette = canvas.glyphs, canvas.palette
    length, bias = glyphs.norm(f"{glyphs.nabla}C"), facts.step.network.bias
    whole = all(_is_known(facts, l) for l in _layers(facts))

    def shown(value: float, known: bool) -> str:
        return norm(value).strip() if known else NOT_YET

    squared = vector.norm**2
    head = f"{length} {shown(vector.norm, whole)}   {length}{glyphs.squared} "
    terms: list[Line] = [
        [Span(head, palette.mid), Span(f"{shown(squared, whole)} =", palette.mid)],
    ]
    for part in vector.layers:
        known = _is_known(facts, part.layer)
        for letter, value in (("W", part.of_weights), ("b", part.of_biases))[: 1 + bias]:
            by = glyphs.norm(glyphs.derivative("C", f"{letter}{glyphs.layer(part.layer)}"))
            plus = "+ " if len(terms) > 1 else ""
            name = Span(f"{plus}{by}{glyphs.squared} ", palette.low)
            terms.append([name, Span(shown(value**2, known), palette.mid)])
    return flowed(terms, canvas.width, indent=2)


def _entries(rows: Rows, i: int) -> str:
    first, last = rows.starts[i] + 1, rows.starts[i + 1]
    return count(first) if first == last else f"{count(first)} – {count(last)}"


def _draw_row(
    canvas: Canvas,
    y: int,
    facts: BackpropFacts,
    row: tuple[GradientVector, Rows, int],
    selected: int | None,
    cells: int,
) -> None:
    """Which entries, whose they are, and the numbers, of many those around the selected one."""
    (vector, rows, i), glyphs, palette = row, canvas.glyphs, canvas.palette
    layer, unit = rows.layers[i], rows.units[i]
    W = f"W{glyphs.layer(layer)}"
    forms = (f"{W} kernel",) if unit is None else (f"{W} row {unit + 1}", f"{W}{unit + 1}")
    name = first_fitting(forms, canvas.width // 3) or forms[-1]
    label = [Span(f"{_entries(rows, i):>{cells}}  ", palette.low), Span(f"{name}  ", palette.mid)]
    draw_line(canvas, y, label)
    start, stop = rows.starts[i], rows.starts[i + 1]
    bias = facts.step.network.bias
    values, known = vector.values[start:stop], _is_known(facts, layer)
    width, x = cells_of(values) + 1, width_of(label)
    room = max(1, (canvas.width - x - 4 - 2 * bias) // width)
    at = 0 if selected is None else selected - start
    first = min(max(0, at - room // 2), max(0, len(values) - room))
    if first:
        canvas.text(x, y, "…", palette.low)
    x += 2
    for k in range(first, min(len(values), first + room)):
        if bias and k == len(values) - 1:
            canvas.text(x, y, "b", palette.low)
            x += 2
        lit = selected is not None and k == at
        text = num(values[k]) if known else _unknown(facts, layer, unit, k, len(values))
        if lit:
            canvas.paint(x, y, width - 1, 1, palette.sel)
        ink = palette.ink(values[k]) if known else palette.low
        canvas.text(x, y, text.rjust(width - 1), palette.hi if lit and not known else ink, bold=lit)
        x += width
    if first + room < len(values):
        canvas.text(x, y, "…", palette.low)


def _unknown(facts: BackpropFacts, layer: int, unit: int | None, k: int, columns: int) -> str:
    """A number that is still to come, or to be guessed; or the number once it was."""
    here = facts.microstep
    if here.kind != "gradient" or here.layer != layer:
        return NOT_YET
    is_bias = facts.step.network.bias and k == columns - 1
    component = unit or 0, None if is_bias else k
    if unit is None or facts.hides(component):
        return HIDDEN
    from engine.explain import values_of

    return num(values_of(facts.step, here)[component[0], -1 if is_bias else k])
