"""The weights of a network as braille edges between its units, and their legend."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from engine.arrays import Array
from engine.network.network import Network, layer_views
from engine.network.parameters import Place, parameter_index, parameter_place
from engine.wording import noun_for, plural
from tui.drawing.braille import Ints, curve_dots, edge_widths, risen_at
from tui.drawing.canvas import Canvas
from tui.drawing.network_layout import CAPTION, Layout
from tui.drawing.numbers import CELLS, num
from tui.drawing.palette import RGB, Palette

FAINTEST = 0.35  # of the colour scale: the weakest edge is still visible
LIT_WIDTH = 2  # dots, at the least
LEGEND_CELLS = 13
NEAR_DOTS = 2.5  # from an edge to the middle of the cell under the mouse
FROZEN = "*"

Index = int | slice


class Edges(NamedTuple):
    """Weights of layer 1 … L: into unit ``to``, from unit ``of`` of the layer before (None: all).

    Empty for a layer that does not exist.
    """

    layer: int
    to: int | None = None
    of: int | None = None

    @property
    def cells(self) -> tuple[Index, Index]:
        """Where they are in W⁽ˡ⁾."""
        rows, columns = (slice(None) if i is None else i for i in (self.to, self.of))
        return rows, columns


def edges_of(parameter: Place) -> tuple[Edges, ...]:
    """The edge that a weight is; a bias is none."""
    layer, _, index = parameter
    return (Edges(layer, *index),) if isinstance(index, tuple) else ()


def draw_edges(
    canvas: Canvas, network: Network, layout: Layout, lit: tuple[Edges, ...] | None
) -> None:
    """Draw all weights between shown units; with ``lit`` all but those are dimmed.

    Skip connections are dotted, and pass behind the units between.
    """
    owners, inks, first_lit = _edges(
        layout,
        network.parameters.tobytes(),
        network.sizes,
        network.bias,
        network.skips,
        lit,
        canvas.palette,
        canvas.signs,
    )
    canvas.dots(0, 0, owners, inks, clearing=first_lit)


def weight_at(network: Network, layout: Layout, x: int, y: int) -> Place | None:
    """The weight whose edge goes through a cell, or right beside it; of several the largest of
    those that are as near."""
    for before, after in layout.gaps:
        first, last = before.x + layout.size, after.x
        if not first <= x < last:
            continue
        from_points, to_points = layout.ends(before, after)
        starts, ends = from_points[:, 1], to_points[:, 1]
        sides = risen_at((np.array([x, x + 1]) - first) / (last - first))
        heights = np.sort(starts + np.outer(sides, ends - starts), axis=0)
        middle = 4 * y + 1.5  # in dots, as the heights at both sides of the cell
        away = np.maximum(np.maximum(heights[0] - middle, middle - heights[1]), 0.0)
        near = np.flatnonzero((away <= NEAR_DOTS) & (away <= away.min() + 1.0))
        if len(near):
            shown = np.ix_(after.units, before.units)
            strengths = np.nan_to_num(np.abs(network.weights[after.layer - 1][shown])).ravel()
            i, j = divmod(int(near[strengths[near].argmax()]), len(before.units))
            return after.layer, "weight", (after.units[i], before.units[j])
    return None


def light_edge(canvas: Canvas, layout: Layout, weight: Place) -> None:
    """Draw the edge of a weight over all others."""
    layer, _, index = weight
    for before, after in layout.gaps:
        if after.layer != layer or not isinstance(index, tuple):
            continue
        to, of = index[0], index[-1]
        if to in after.units and of in before.units:
            at = after.units.index(to) * len(before.units) + before.units.index(of)
            starts, ends = layout.ends(before, after)
            size = layout.width, layout.height
            owners = curve_dots(*size, starts[[at]], ends[[at]], [LIT_WIDTH])
            canvas.dots(0, 0, owners, canvas.palette.hi)


def has_room(layout: Layout, cells: int = CELLS) -> bool:
    """Whether an edge is long enough for a number of so many cells and a part of the line."""
    return layout.pitch - layout.size >= cells + 2


def draw_value(
    canvas: Canvas, layout: Layout, parameter: Place, text: str, at_end: bool = True
) -> None:
    """A bold number at the end of an edge, or at its start, a column from the unit; that of a bias
    before its unit.

    Nothing where it is not shown, or where there is no room for it.
    """
    layer, _, index = parameter
    if not has_room(layout, len(text)):
        return
    if isinstance(index, tuple):
        edge = layout.edge(layer, *index)
        if edge is None:
            return
        (x, y), (x_last, y_last) = edge
        text = text.removeprefix(FROZEN) if at_end else text  # ``draw_frozen`` marks the end
        x, y = (x_last - len(text), y_last) if at_end else (x + 1, y)
    else:
        node = layout.node(layer, index)
        if node is None:
            return
        x, y = node.x - 1 - len(text), node.y + (layout.rows - 1) // 2
    canvas.text(x, y, text, canvas.palette.hi, bold=True)


def value_text(network: Network, parameter: Place, frozen: Sequence[int]) -> str:
    """The value of a weight or bias, with a mark if it is frozen."""
    at = parameter_index(network, *parameter)
    return FROZEN * (at in frozen) + num(network.parameters[at])


def draw_frozen(canvas: Canvas, network: Network, layout: Layout, frozen: Sequence[int]) -> None:
    """Mark frozen parameters: weights at the ends of their edges, biases after the numbers of their
    units."""
    for layer, _, index in (parameter_place(network, at) for at in frozen):
        x = y = -1
        if isinstance(index, tuple):
            edge = layout.edge(layer, *index)
            if edge:
                x, y = edge[1]
        elif node := layout.node(layer, index):
            column = next(column for column in layout.columns if column.layer == layer)
            x, y = node.x + layout.size - 1, node.y + layout.rows - 1
            if column.numbers:
                x = layout.caption_x(column, CAPTION) + CAPTION
                y = layout.number_y(column, node)
        canvas.text(x, y, FROZEN, canvas.palette.hi, bold=True)


def draw_legend(canvas: Canvas, network: Network, y: int) -> None:
    """The scale of widths and colours, or how many weights are not finite."""
    palette, weights = canvas.palette, network.weights
    not_finite = sum(int((~np.isfinite(W)).sum()) for W in weights)
    if not_finite:
        verb = noun_for(not_finite, "is", "are")
        text = f"not drawn: {plural(not_finite, 'weight')} that {verb} not finite"
        canvas.text((canvas.width - len(text)) // 2, y, text, palette.mid)
        return
    label, low, high = "weight ", f"{num(-largest(weights))} ", f" {num(largest(weights))}"
    x = (canvas.width - len(label) - len(low) - LEGEND_CELLS - len(high)) // 2
    canvas.text(x, y, label, palette.low)
    x += len(label)
    canvas.text(x, y, low, palette.mid)
    x += len(low)
    canvas.text(x + LEGEND_CELLS, y, high, palette.mid)

    strengths = np.linspace(-1.0, 1.0, 2 * LEGEND_CELLS)
    points = np.stack([np.arange(len(strengths)), np.ones(len(strengths))], axis=1)
    widths = edge_widths(np.abs(strengths))
    shown = (widths > 0) | (np.arange(len(strengths)) % 3 == 0)
    points, strengths, widths = points[shown], strengths[shown], widths[shown]
    owners = curve_dots(LEGEND_CELLS, 1, points, points, widths)
    if canvas.signs:
        owners = dashed(owners, strengths)
    canvas.dots(x, y, owners, edge_inks(palette, strengths))


def largest(arrays: Sequence[Array]) -> float:
    """The largest finite |value| of all, 0 where there is none."""
    return max(float(np.abs(a[np.isfinite(a)]).max(initial=0.0)) for a in arrays)


def edge_inks(palette: Palette, strengths: Array) -> RGB:
    """Colours for w/max in −1 … 1, none of them as dark as the ground; of 16 colours those of
    numbers."""
    if palette.few:
        inks = np.array([palette.negative, palette.line, palette.positive], dtype=np.int32)
        return inks[np.sign(strengths).astype(np.int64) + 1]
    visible = np.sign(strengths) * (FAINTEST + (1.0 - FAINTEST) * np.abs(strengths))
    return np.where(visible == 0.0, palette.line, palette.fill(visible)).astype(np.int32)


@lru_cache(maxsize=4)
def _edges(
    layout: Layout,
    parameters: bytes,
    sizes: tuple[int, ...],
    bias: bool,
    skips: tuple[tuple[int, int], ...],
    lit: tuple[Edges, ...] | None,
    palette: Palette,
    dashes: bool,
) -> tuple[Ints, RGB, int | None]:
    """Owners and inks for ``Canvas.dots``, the strongest on top, and the first that is lit."""
    matrices = layer_views(np.frombuffer(parameters), sizes, bias)
    weights = [M[:, :m] for M, m in zip(matrices, sizes[:-1], strict=True)]
    parts = []
    for before, after in layout.gaps:
        W = weights[before.layer]
        is_lit = np.zeros(W.shape, dtype=np.bool_)
        for edges in lit or ():
            if edges.layer == after.layer:
                is_lit[edges.cells] = True
        shown = np.ix_(after.units, before.units)
        parts.append((*layout.ends(before, after), W[shown].ravel(), is_lit[shown].ravel()))
    start, end, strength, bright = (np.concatenate(part) for part in zip(*parts, strict=True))

    strength = strength / (largest(weights) or 1.0)
    order = np.lexsort((np.abs(strength), bright))
    order = order[np.isfinite(strength[order])]
    start, end, strength, bright = start[order], end[order], strength[order], bright[order]
    widths, inks, first_lit = edge_widths(np.abs(strength)), edge_inks(palette, strength), None
    if lit is not None:
        sign_inks = np.array([palette.negative, palette.low, palette.positive], dtype=np.int32)
        inks = np.where(bright, sign_inks[np.sign(strength).astype(int) + 1], palette.line)
        widths = np.where(bright, np.maximum(widths, LIT_WIDTH), np.minimum(widths, 1))
        first_lit = int(np.count_nonzero(~bright))
    # skip connections below all others: they have no weights
    skip_start, skip_end = layout.skip_ends(skips)
    start, end = np.concatenate([skip_start, start]), np.concatenate([skip_end, end])
    widths = np.concatenate([np.zeros(len(skip_start), dtype=np.int64), widths])
    strength = np.concatenate([np.ones(len(skip_start)), strength])
    inks = np.concatenate([np.full(len(skip_start), palette.low, dtype=np.int32), inks])
    if first_lit is not None:
        first_lit += len(skip_start)
    owners = curve_dots(layout.width, layout.height, start, end, widths)
    return dashed(owners, strength) if dashes else owners, inks, first_lit


def dashed(owners: Ints, strengths: Array) -> Ints:
    """Dashes for negative weights, where colour alone cannot tell them."""
    gaps = np.arange(owners.shape[1]) % 6 >= 4
    negative = np.append(strengths < 0.0, False)[owners]  # −1: no owner
    return np.where(negative & gaps, -1, owners)
