"""The network pane: every unit as a small picture of what it computes, every weight as an edge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from textual import events
from textual.message import Message

from engine import EngineError
from engine.arrays import Array
from engine.network.parameters import Place, parameter_index, parameter_name
from engine.notation import Name
from engine.wording import plural
from tui.drawing.canvas import Canvas
from tui.drawing.network_layout import Column, Layer, Layout, laid_out
from tui.drawing.numbers import CELLS, TOO_LARGE, WIDE, num
from tui.model.frame import Frame
from tui.panes.base.messages import FrameMessage, SelectionMessage
from tui.panes.base.pane import NamedNumbers, Pane
from tui.panes.explore.bias_node import draw_bias_nodes
from tui.panes.explore.unit_thumbnails import (
    Caption,
    draw_brackets,
    draw_captions,
    draw_heads,
    draw_pictures,
)
from tui.panes.explore.weight_edges import (
    Edges,
    draw_edges,
    draw_frozen,
    draw_legend,
    draw_value,
    edges_of,
    light_edge,
    value_text,
    weight_at,
)

if TYPE_CHECKING:
    from tui.explain.explainable import Explainable


class NetworkPane(Pane):
    """Layers from left to right; the selected unit is in brackets."""

    WHEEL_MOVES = True
    HELP = """
Network: inputs on the left, then a⁽¹⁾ to ŷ; each picture is a unit's value all over the map.
Of one input it is a curve over a dotted 0, on a scale of its own: as high as the picture.
The number at a unit is its value for the selected example ({batch}: mean over the next batch).
Inputs and ŷ are in the data's own units; a dim second number is the input as the network sees it.
Edges are weights: {negative_edge} −, {positive_edge} +, thicker where larger,
dotted where near 0.
{up} {down} select a unit, {left} {right} a layer; while this pane has the focus, that unit's
weights alone are lit.
{weight} {weight_before} go through the unit's weights and its bias: {edit} edits the one that is
lit, {increase} {decrease} nudge it, {freeze} freezes it. A * marks what is frozen: it does not
learn. {bias_node} adds a node that is always 1 below each layer that has a free row there: its
weights are the biases. {matrix_typed} types or pastes W and b of the unit's layer.
With the mouse on a unit its picture is large in the Output; on a weight, its value and ∂C/∂w stand
at the lower right. A click selects either, a double click explains it, as {explain} does.
"""

    @dataclass
    class UnitPointed(Message):
        """The mouse is on a unit (layer, unit) now, or on none."""

        unit: tuple[int, int] | None

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, NetworkPane.UnitPointed)

    @dataclass
    class WeightSelected(FrameMessage, SelectionMessage):
        """A weight was selected: its layer, its unit and its input."""

        REFERS_TO = ("network",)
        weight: tuple[int, int, int]

    def titles(self, frame: Frame) -> tuple[str, str]:
        if isinstance(self.pointed, tuple) and len(self.pointed) == 3:
            return "Network", weight_text(frame, self.pointed)
        return "Network", _about_weight(frame, self.look.keys)

    def take(self, frame: Frame) -> None:
        """After something else was selected, that is shown until the mouse moves."""
        before, selected = self.view, (frame.unit, frame.weight)
        changed = before is not None and (before.unit, before.weight) != selected
        if self.pointed and changed and self.pointed != frame.unit:
            self.pointed = None
            self.post_message(self.UnitPointed(None))
        super().take(frame)

    _ranked: tuple[int, ...] = ()  # the inputs; while training plays they stay in their places

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        if not frame.playing or len(self._ranked) != frame.network.sizes[0]:
            self._ranked = ranked_inputs(frame)
        draw_network(canvas, frame, self.has_focus, self._ranked)
        if self.pointed:
            layout = layout_of(frame, canvas.width, canvas.height, self._ranked)
            _draw_pointed(canvas, frame, layout, self.pointed)

    def watch_has_focus(self, has_focus: bool) -> None:
        super().watch_has_focus(has_focus)
        self.redraw()

    def explainable(self, frame: Frame) -> Explainable | None:
        """The selected weight after the next step; without one, the selected unit's value."""
        from tui.explain.step import StepQuantity

        layer, unit = frame.unit
        if not frame.unit_lit:
            return None
        if layer == 0:
            raise EngineError("an input comes from the data, not from the network")
        if selected_weight(frame):
            return StepQuantity(frame, "update", layer, unit, frame.weight or 0, frame.batch_mode)
        return StepQuantity(frame, "a", layer, unit, batch_mode=frame.batch_mode)

    def numbers(self, frame: Frame) -> NamedNumbers:
        """The selected weight as it is now, or what the selected unit shows of the example."""
        layer, unit = frame.unit
        if weight := selected_weight(frame):
            at = parameter_index(frame.network, *weight)
            return [(parameter_name(frame.network, at), float(frame.network.parameters[at]))]
        if not frame.unit_lit:
            return []
        last = layer == len(frame.network.sizes) - 1
        name = "ŷ" if last else frame.data.feature_names[unit] if layer == 0 else "a"
        name = Name(name, layer, (unit + 1,)).written() if layer > 0 else name
        rows = len(frame.shown.example_losses)
        mean = f"mean of {plural(rows, 'example')}"
        of = mean if frame.batch_mode else f"example {frame.example + 1}"
        return [(f"{name} ({of})", float(shown_numbers(frame, layer)[0][unit]))]

    def move(self, dx: int, dy: int) -> None:
        if self.view is None:
            return
        layer, unit = self.view.unit
        sizes = self.view.network.sizes
        to = min(max(layer + dx, 0), len(sizes) - 1)
        # layers are centred: the nearest unit is as far from the middle
        unit += dy + round((sizes[to] - sizes[layer]) / 2)
        self.post_message(self.UnitSelected(to, min(max(unit, 0), sizes[to] - 1)))

    def on_click(self, event: events.Click) -> None:
        """Select the unit or the weight."""
        offset = event.get_content_offset(self)
        clicked = None if offset is None else self.thing_at(*offset)
        if clicked is not None and len(clicked) == 2:
            self.post_message(self.UnitSelected(*clicked))
        elif clicked is not None:
            layer, _, index = clicked
            assert isinstance(index, tuple)
            self.post_message(self.WeightSelected((layer, index[0], index[-1])))

    def _unit_at(self, x: int, y: int) -> tuple[int, int] | None:
        """The layer and unit at a cell."""
        if self.view is None:
            return None
        return layout_of(self.view, *self.size, self._ranked or None).at(x, y)

    def selects_at(self, x: int, y: int) -> bool:
        return self.thing_at(x, y) is not None

    def thing_at(self, x: int, y: int) -> tuple[int, int] | Place | None:
        """The unit (layer, unit) at a cell, or the weight."""
        frame = self.view
        if frame is None or (unit := self._unit_at(x, y)):
            return unit if frame else None
        layout = layout_of(frame, *self.size, self._ranked or None)
        return weight_at(frame.network, layout, x, y)

    def draw_pointed(self) -> None:
        """Light it here; the picture of a unit is shown large elsewhere."""
        if self.view is not None:
            self.show(self.view, self.look)
        is_unit = self.pointed is not None and len(self.pointed) == 2
        self.post_message(self.UnitPointed(self.pointed if is_unit else None))


def layout_of(
    frame: Frame, width: int, height: int, ranked: tuple[int, ...] | None = None
) -> Layout:
    """Where a frame's units stand in a pane of that size. If not all inputs fit, the first of
    ``ranked`` are shown. Where no unit is lit, the layers begin with the inputs."""
    sizes, data = frame.network.sizes, frame.data
    scaled = (data.x_scale.sd != 1.0).any() or (data.x_scale.mean != 0.0).any()
    ranked = ranked_inputs(frame) if ranked is None else ranked
    names, labels = data.feature_names, data.target_names
    inputs = Layer(
        sizes[0],
        named=True,
        longest=max(map(len, names)),
        numbers=2 if scaled else 1,
        around=ranked[0],
        ranked=ranked,
    )
    outputs = Layer(
        sizes[-1], named=len(labels) == sizes[-1], longest=max(map(len, labels), default=0)
    )
    layers, (layer, unit) = [inputs, *map(Layer, sizes[1:-1]), outputs], frame.unit
    curves = not frame.view.flat
    if not frame.unit_lit:
        layers[-1] = outputs._replace(around=unit if layer == len(sizes) - 1 else 0)
        return laid_out(layers, (0, ranked[0]), width, height, curves)
    if layer and frame.weight is not None:  # the unit that the weight comes from is shown too
        layers[layer - 1] = layers[layer - 1]._replace(around=frame.weight)
    return laid_out(layers, frame.unit, width, height, curves)


def ranked_inputs(frame: Frame) -> tuple[int, ...]:
    """The inputs in the order of their largest weights."""
    strengths = np.nan_to_num(np.abs(frame.network.weights[0]).max(axis=0))
    return tuple(np.argsort(-strengths, kind="stable").tolist())


def draw_network(
    canvas: Canvas, frame: Frame, focused: bool, ranked: tuple[int, ...] | None = None
) -> None:
    """Draw a frame's network; with the focus only what is selected is lit: a unit's weights, or
    the one weight."""
    palette, network, weight = canvas.palette, frame.network, selected_weight(frame)
    layout = layout_of(frame, canvas.width, canvas.height, ranked)
    layer, unit = frame.unit
    lit: tuple[Edges, ...] | None = None
    if focused and frame.unit_lit:
        lit = Edges(layer, to=unit), Edges(layer + 1, of=unit)
        lit = edges_of(weight) if weight else lit
    draw_edges(canvas, network, layout, lit)
    if frame.shows_bias:
        draw_bias_nodes(canvas, frame, layout)
    draw_heads(canvas, frame, layout)
    draw_pictures(canvas, frame, layout)
    node = layout.node(layer, unit) if frame.unit_lit else None
    if node:
        draw_brackets(canvas, layout, node, palette.hi if focused else palette.mid)
    for column in layout.columns:
        draw_captions(canvas, frame, layout, column, _captions(canvas, frame, column))
    frozen = frame.experiment.frozen
    draw_frozen(canvas, network, layout, frozen)
    if weight and focused:
        draw_value(canvas, layout, weight, value_text(network, weight, frozen))
    if layout.legend:
        draw_legend(canvas, network, layout.height - 1)


def selected_weight(frame: Frame) -> Place | None:
    """The weight into the selected unit, or its bias, where one is selected."""
    layer, unit = frame.unit
    if frame.weight is None or layer == 0:
        return None
    if frame.weight == frame.network.sizes[layer - 1]:
        return (layer, "bias", unit) if frame.network.bias else None
    return layer, "weight", (unit, frame.weight)


def _about_weight(frame: Frame, keys: Mapping[str, str]) -> str:
    """The selected weight, and the keys that change it."""
    weight = selected_weight(frame)
    if weight is None:
        return f"{keys['weight']} selects a weight" if frame.unit_lit and frame.unit[0] else ""
    at = parameter_index(frame.network, *weight)
    value = f"{parameter_name(frame.network, at)} = {num(frame.network.parameters[at])}"
    edits = f"{keys['edit']} edits"
    if frame.network.is_outside_kernel(at):
        return f"{value} · outside the kernel"
    if at in frame.experiment.frozen:
        return f"{value} * frozen · {edits} · {keys['freeze']} lets it learn"
    return f"{value} · {edits} · {keys['freeze']} freezes"


def weight_text(frame: Frame, weight: Place, has_gradient: bool = True) -> str:
    """The weight under the mouse, and its derivative."""
    network, (layer, _, index) = frame.network, weight
    if not has_place(network.sizes, weight):
        return ""
    at = parameter_index(network, layer, "weight", index)
    name, frozen = parameter_name(network, at), " * frozen" * (at in frame.experiment.frozen)
    value = f"{name} = {num(network.parameters[at])}{frozen}"
    if not has_gradient:
        return value
    return f"{value} · ∂C/∂{name} = {num(float(frame.batch.gradient[at]))} · next batch"


def has_place(sizes: tuple[int, ...], pointed: tuple[int, int] | Place) -> bool:
    """Whether a network of these sizes has the unit or the weight; it may be another one now."""
    layer, *_, index = pointed
    units = index if isinstance(index, tuple) else (index,)
    return layer < len(sizes) and all(
        unit < size for unit, size in zip(units, (sizes[layer], sizes[layer - 1]), strict=False)
    )


def _draw_pointed(
    canvas: Canvas, frame: Frame, layout: Layout, pointed: tuple[int, int] | Place
) -> None:
    """Light the edge or the unit under the mouse."""
    if not has_place(frame.network.sizes, pointed):
        return
    if len(pointed) == 3:
        light_edge(canvas, layout, pointed)
    elif (node := layout.node(*pointed)) and not (frame.unit_lit and pointed == frame.unit):
        draw_brackets(canvas, layout, node, canvas.palette.mid)


def _captions(canvas: Canvas, frame: Frame, column: Column) -> list[list[Caption]]:
    """The numbers of a column's units."""

    def caption(row: int, unit: int, value: float) -> Caption:
        ink = canvas.palette.low if row else canvas.palette.ink(value)
        selected = frame.unit_lit and (column.layer, unit) == frame.unit
        cells = CELLS if abs(value) < TOO_LARGE else WIDE  # there is room beside ŷ
        return Caption(num(value, cells).strip().rjust(CELLS), ink, selected)

    return [
        [caption(row, node.unit, float(values[node.unit])) for node in column.nodes]
        for row, values in enumerate(shown_numbers(frame, column.layer))
    ]


def shown_numbers(frame: Frame, layer: int) -> list[Array]:
    """a⁽ˡ⁾ of the units; of inputs and ŷ in the data's own units first."""
    a, data = frame.shown.forward.a[layer], frame.data
    if layer == 0:
        # an example's own numbers, not undone ones: 0 would come back as 1e−17
        raw = data.x_scale.undo(a) if frame.batch_mode else data.X[[frame.example]]
        return [frame.shown_row(raw), frame.shown_row(a)]
    if layer == len(frame.network.sizes) - 1:
        a = data.y_scale.undo(a)
    return [frame.shown_row(a)]
