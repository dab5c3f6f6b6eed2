"""The network on screen Backprop: the numbers computed so far, and what the current one is
computed from, lit."""

from dataclasses import dataclass

import numpy as np
from textual import events

from engine.network.parameters import Place
from engine.training.microsteps import PARAMETER_KINDS
from engine.wording import count
from tui.drawing.canvas import Canvas
from tui.drawing.network_layout import MARGIN, Column, Layer, Layout, laid_out
from tui.drawing.numbers import num
from tui.drawing.palette import Palette
from tui.drawing.text_lines import draw_line
from tui.explain.explainable import Explainable
from tui.model.backprop.facts import BackpropFacts
from tui.model.frame import Frame
from tui.panes.backprop.component_pane import component_explainable
from tui.panes.backprop.network_legend import legend_line
from tui.panes.backprop.unit_numbers import draw_arrows, numbers
from tui.panes.base.pane import Pane
from tui.panes.explore.network import draw_network, has_place, ranked_inputs, weight_text
from tui.panes.explore.unit_thumbnails import (
    Caption,
    draw_brackets,
    draw_captions,
    draw_heads,
    draw_pictures,
    fade,
)
from tui.panes.explore.weight_edges import (
    Edges,
    draw_edges,
    draw_frozen,
    draw_value,
    has_room,
    light_edge,
    value_text,
    weight_at,
)

NOT_YET, ASKED = "·", "?"
ARROW_GAP = 2  # columns between an output and its δ: a bracket, and the arrow
FORWARD, BACK = "▸", "◂"


class BackpropNetworkPane(Pane):
    """The network with the path of the current component lit."""

    WHEEL_MOVES = True
    HELP = """
Network: the numbers under the units are those computed so far; a dot is still to come.
What the current component is made of is lit: the weights on its edges, the numbers at their ends.
Forward each unit shows z, then a; backward δ; at a gradient a before the edge and δ behind it.
▲ before a δ: a larger z of that unit would lower the cost (δ < 0); ▼: it would raise it. ▴, ▲ and
▲▲ are small, larger and the largest δ in sight.
The numbers are of the selected example ({batch}: means over the batch), as the network sees it:
inputs and ŷ are scaled where the data are. A * marks what is frozen. Where the edges are too short
for their numbers, {zoom} zooms the pane. Of more units than fit, those of the largest terms are
shown.
{unit_up} {unit_down} choose the unit, {input_before} {input_after} the input of a weight; a click
chooses either. With the mouse on a weight its value and ∂C/∂w stand at the lower right.
"""

    def titles(self, frame: Frame) -> tuple[str, str]:
        facts, weight = frame.backprop, ""
        if facts is not None and self.pointed:
            weight = weight_text(frame, self.pointed, has_gradient=not facts.hidden)
        if frame.batch_mode:
            rows = len(facts.step.rows) if facts else len(frame.batch.deltas[0])
            return f"Network · mean over the batch of {count(rows)}", weight
        return f"Network · example {count(frame.example + 1)} of {count(len(frame.data.X))}", weight

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        if frame.backprop is None:
            draw_network(canvas, frame, focused=False)
        else:
            draw_backprop(canvas, frame, frame.backprop)
            if self.pointed and has_place(frame.network.sizes, self.pointed):
                layout = layout_of(frame, frame.backprop, canvas.width, canvas.height)
                light_edge(canvas, layout, self.pointed)

    def thing_at(self, x: int, y: int) -> Place | None:
        """The weight at a cell."""
        frame = self.view
        if frame is None or frame.backprop is None:
            return None
        layout = layout_of(frame, frame.backprop, *self.size)
        return None if layout.at(x, y) else weight_at(frame.network, layout, x, y)

    def draw_pointed(self) -> None:
        if self.view is not None:
            self.show(self.view, self.look)

    def selects_at(self, x: int, y: int) -> bool:
        frame = self.view
        if frame is None or frame.backprop is None:
            return False
        return layout_of(frame, frame.backprop, *self.size).at(x, y) is not None

    def explainable(self, frame: Frame) -> Explainable | None:
        return component_explainable(frame)

    def move(self, dx: int, dy: int) -> None:
        self.post_message(self.ComponentMoved(dx, dy))

    def on_click(self, event: events.Click) -> None:
        """A unit of the layer in question is chosen; one of the layer before, as the input."""
        offset, frame = event.get_content_offset(self), self.view
        if frame is None or frame.backprop is None or offset is None:
            return
        facts = frame.backprop
        clicked = layout_of(frame, facts, *self.size).at(*offset)
        unit, of = facts.component
        layer = facts.microstep.layer
        if clicked and clicked[0] == layer:
            self.move(0, clicked[1] - unit)
        elif clicked and clicked[0] == layer - 1:
            here = frame.network.sizes[layer - 1] if of is None else of
            self.move(clicked[1] - here, 0)


@dataclass(frozen=True)
class ComponentPath:
    """What the component is computed from: edges, and the units (layer, unit) at their ends.

    ``own``: the units that the component belongs to.
    """

    edges: tuple[Edges, ...]
    units: frozenset[tuple[int, int]]
    own: frozenset[tuple[int, int]]


def path_of(facts: BackpropFacts) -> ComponentPath:
    """The path of the current component."""
    network, microstep, (unit, of) = facts.step.network, facts.microstep, facts.component
    kind, layer, sizes = microstep.kind, microstep.layer, network.sizes
    own = {(layer, unit)}
    edges: tuple[Edges, ...] = ()
    others: set[tuple[int, int]] = set()
    if kind == "z":
        edges = (Edges(layer, to=unit),)
        others = {(layer - 1, k) for k in range(sizes[layer - 1])}
        others |= {(s, unit) for s in network.skips_into(layer)}
    elif kind == "delta" and layer + 1 < len(sizes):
        edges = (Edges(layer + 1, of=unit),)
        others = {(layer + 1, j) for j in range(sizes[layer + 1])}
        others |= {(t, unit) for t in network.skips_from(layer)}
    elif kind in ("example_cost", "cost"):
        own = {(layer, j) for j in range(sizes[layer])}
    elif kind in PARAMETER_KINDS and of is not None:
        edges, own = (Edges(layer, unit, of),), own | {(layer - 1, of)}
    return ComponentPath(edges, frozenset(own | others), frozenset(own))


def layout_of(frame: Frame, facts: BackpropFacts, width: int, height: int) -> Layout:
    """The layout of the units in a pane of that size; those of the component are always shown."""
    sizes, data = facts.step.network.sizes, frame.data
    last, (unit, of) = len(sizes) - 1, facts.component
    kind, layer = facts.microstep.kind, facts.microstep.layer
    # a window of two layers holds the second and the one before: δ comes from the layer after
    second = layer + 1 if kind == "delta" and layer < last else layer
    ranked = {0: ranked_inputs(frame)}
    if second > layer:
        ranked[second] = ranked_terms(facts, second)
    elif kind == "z" or layer == 1:
        ranked[layer - 1] = ranked_terms(facts, layer - 1)
    around = {l: units[0] for l, units in ranked.items()} | {layer: unit}
    if of is not None:
        around[layer - 1] = of
    names = {0: data.feature_names}
    if len(data.target_names) == sizes[last]:
        names[last] = data.target_names
    layers = [
        Layer(
            size,
            named=l in names,
            longest=max(map(len, names.get(l, ())), default=0),
            gap=ARROW_GAP if l == last else MARGIN,
            around=around.get(l, 0),
            ranked=ranked.get(l, ()),
        )
        for l, size in enumerate(sizes)
    ]
    return laid_out(
        layers, (second, around.get(second, 0)), width, height, curves=not frame.view.flat
    )


def ranked_terms(facts: BackpropFacts, layer: int) -> tuple[int, ...]:
    """The units of a neighbouring layer in the order of their terms, weight times number, in z or
    δ of the component: the largest have room in the picture as they have beside it."""
    unit, own = facts.component[0], facts.microstep.layer
    weights = facts.step.network.weights
    of_unit = weights[own - 1][unit] if layer < own else weights[own][:, unit]
    values = numbers(facts, layer)
    assert values is not None  # it is computed before
    sizes = np.nan_to_num(np.abs(of_unit * values))
    return tuple(np.argsort(-sizes, kind="stable").tolist())


def draw_backprop(canvas: Canvas, frame: Frame, facts: BackpropFacts) -> None:
    """Draw the network at a micro-step."""
    layout, path = layout_of(frame, facts, canvas.width, canvas.height), path_of(facts)
    palette, bracketed = canvas.palette, canvas.signs
    draw_edges(canvas, facts.step.network, layout, path.edges)
    draw_heads(canvas, frame, layout)
    draw_pictures(canvas, frame, layout)
    for column in layout.columns:
        for node in column.nodes:
            if (column.layer, node.unit) not in path.units:
                fade(canvas, layout, node)
            elif (column.layer, node.unit) in path.own and bracketed:
                draw_brackets(canvas, layout, node, palette.hi)
        captions = _captions(palette, facts, path, column)
        draw_captions(canvas, frame, layout, column, [captions])
    draw_arrows(canvas, layout, facts)
    _draw_values(canvas, layout, facts)
    if layout.legend:
        numbered = any(c.numbers for c in layout.columns if c.layer == facts.microstep.layer)
        line = legend_line(palette, facts, numbered, has_room(layout), layout.width - 1)
        draw_line(canvas, layout.height - 1, line, x=1)


# numbers


def _captions(
    palette: Palette, facts: BackpropFacts, path: ComponentPath, column: Column
) -> list[Caption]:
    values, microstep = numbers(facts, column.layer), facts.microstep
    result = column.layer == microstep.layer and microstep.kind in ("z", "a", "delta")

    def caption(unit: int) -> Caption:
        own = (column.layer, unit) in path.own
        if values is None:
            return Caption(NOT_YET, palette.low)
        if result and facts.hides((unit, None)):
            return Caption(ASKED, palette.hi if own else palette.low, own)
        lit = (column.layer, unit) in path.units
        bright = palette.ink(values[unit]) if values[unit] or not own else palette.hi
        return Caption(num(values[unit]), bright if lit else palette.low, own)

    return [caption(node.unit) for node in column.nodes]


def _draw_values(canvas: Canvas, layout: Layout, facts: BackpropFacts) -> None:
    """The numbers on lit edges, and an arrow for the direction of the computation."""
    network, frozen = facts.step.network, facts.step.settings.frozen
    kind, layer, (unit, of) = facts.microstep.kind, facts.microstep.layer, facts.component
    draw_frozen(canvas, network, layout, frozen)
    node = layout.node(layer, unit)
    assert node is not None  # the layout is about it
    middle, ink = node.y + (layout.rows - 1) // 2, canvas.palette.hi
    place: Place
    if kind == "z":
        for k in layout.units(layer - 1):
            place = layer, "weight", (unit, k)
            draw_value(canvas, layout, place, value_text(network, place, frozen), at_end=False)
        canvas.text(node.x - 1, middle, FORWARD, ink, bold=True)
    elif kind == "delta" and layer + 1 < len(network.sizes):
        for j in layout.units(layer + 1):
            place = layer + 1, "weight", (j, unit)
            draw_value(canvas, layout, place, value_text(network, place, frozen))
        canvas.text(node.x + layout.size, middle, BACK, ink, bold=True)
    elif kind in PARAMETER_KINDS:
        place = (layer, "bias", unit) if of is None else (layer, "weight", (unit, of))
        value = ASKED if facts.hidden else num(facts.explanation.symbol.value)
        draw_value(canvas, layout, place, value)
