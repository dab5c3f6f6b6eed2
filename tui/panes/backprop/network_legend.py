"""The legend below the network on screen Backprop."""

from dataclasses import dataclass

from engine.training.microsteps import PARAMETER_KINDS, Kind
from tui.drawing.palette import Palette
from tui.drawing.text_lines import Line, Span, width_of
from tui.model.backprop.facts import BackpropFacts
from tui.panes.backprop.unit_numbers import UP, WITH_DELTA

GAP = "   "  # between the parts of the legend


@dataclass(frozen=True)
class Legend:
    """What can be seen at a kind of micro-step.

    ``nodes`` says under which nodes the values stand; of two values, the first is that of earlier
    layers. In ``edge_value``, ``{}`` stands for the parameter, w or b.
    """

    event: str
    nodes: str
    node_values: tuple[str, ...]
    edge_value: str = ""
    edge_note: str = ""


LEGENDS: dict[Kind, Legend] = {
    "z": Legend("▸ a flows forward", "the nodes", ("a", "z"), "{}"),
    "a": Legend("each unit applies σ to its own z", "the nodes", ("a",)),
    "example_cost": Legend("ŷ meets the target", "each node", ("a",)),
    "cost": Legend("the mean over the batch", "each node", ("a",)),
    "delta": Legend("◂ δ flows back", "each node", ("δ",), "{}"),
    "example_gradient": Legend("", "the nodes", ("a", "δ"), "∂C_x/∂{}"),
    "gradient": Legend("", "the nodes", ("a", "δ"), "∂C/∂{}"),
    "penalty": Legend("", "the nodes", ("a", "δ"), "∂C/∂{}", " with the penalty"),
    "update": Legend("", "the nodes", ("a", "δ"), "{}", " after the update"),
}


def legend_line(
    palette: Palette, facts: BackpropFacts, numbered: bool, wide: bool, room: int
) -> Line:
    """What can be seen, as much as there is room for: ``numbered`` if there are numbers under the
    units, ``wide`` if edges have room for theirs."""
    line: Line = []
    parts = _legend_parts(palette, facts, numbered, wide)
    order = sorted(range(len(parts)), key=lambda i: parts[i][0])  # the most needed first
    kept: set[int] = set()
    cells = -len(GAP)
    for i in order:
        part_cells = len(GAP) + width_of(parts[i][1])
        if cells + part_cells <= room:
            cells, kept = cells + part_cells, kept | {i}
    for i in sorted(kept):
        line += [Span(GAP, palette.low), *parts[i][1]] if line else parts[i][1]
    return line


def _legend_parts(
    palette: Palette, facts: BackpropFacts, numbered: bool, wide: bool
) -> list[tuple[int, Line]]:
    """The parts of the legend from left to right, each with its rank: 0 is needed most."""
    legend = LEGENDS[facts.microstep.kind]
    parts: list[tuple[int, Line]] = []
    if legend.event:
        parts.append((3, [Span(legend.event, palette.low)]))
    if numbered:
        first, *others = (Span(value, palette.mid) for value in legend.node_values)
        part = [Span(f"under {legend.nodes} ", palette.low), first]
        for other in others:
            part += [Span(", then ", palette.low), other]
        parts.append((2, part))
    if legend.edge_value and wide:
        of_parameter = facts.microstep.kind in PARAMETER_KINDS
        is_bias = of_parameter and facts.component[1] is None
        place = "on the lit edge" if of_parameter else "on lit edges"
        if is_bias:
            place = "before the unit"
        value = legend.edge_value.format("b" if is_bias else "w")
        part = [Span(f"{place} ", palette.low), Span(value, palette.mid)]
        parts.append((1, [*part, Span(legend.edge_note, palette.low)]))
    if numbered and facts.microstep.kind in WITH_DELTA:
        cost = "C" if facts.example is None else "C_x"
        arrow = Span(UP[1], palette.mid)
        parts.append((0, [arrow, Span(f" a larger z would lower {cost}", palette.low)]))
    return parts
