"""The weights of a network as braille edges between its units, and their legend."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from engine.activations import Array
from engine.network import layer_views
from tui.canvas import Canvas
from tui.frame import Frame
from tui.layout import Layout
from tui.numbers import num
from tui.palette import RGB, Palette
from tui.strokes import Ints, curve_dots, edge_widths

FAINTEST = 0.35  # of the colour scale: an edge however weak is seen
LIT_WIDTH = 2  # dots, at the least
LEGEND_CELLS = 13


def draw_edges(canvas: Canvas, frame: Frame, layout: Layout, lit: tuple[int, int] | None) -> None:
    """Draw all weights between shown units; with ``lit``, a unit, all but its own are dimmed."""
    network = frame.network
    owners, inks, first_lit = _edges(
        layout,
        network.parameters.tobytes(),
        network.sizes,
        network.bias,
        lit,
        canvas.palette,
        _needs_dashes(canvas),
    )
    canvas.dots(0, 0, owners, inks, clearing=first_lit)


def draw_legend(canvas: Canvas, frame: Frame, y: int) -> None:
    """How widths and colours tell weights; or how many weights are not numbers any more."""
    palette, weights = canvas.palette, frame.network.weights
    lost = sum(int((~np.isfinite(W)).sum()) for W in weights)
    if lost:
        text = f"not drawn: {lost} weights that are not finite"
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
    if _needs_dashes(canvas):
        owners = _dashed(owners, strengths)
    canvas.dots(x, y, owners, edge_inks(palette, strengths))


def largest(arrays: Sequence[Array]) -> float:
    """The largest finite |value| of all, 0 where there is none."""
    return max(float(np.abs(a[np.isfinite(a)]).max(initial=0.0)) for a in arrays)


def edge_inks(palette: Palette, strengths: Array) -> RGB:
    """Colours for w/max in −1 … 1, none of them as dark as the ground."""
    visible = np.sign(strengths) * (FAINTEST + (1.0 - FAINTEST) * np.abs(strengths))
    return palette.fill(visible, zero=palette.line)


@lru_cache(maxsize=4)
def _edges(
    layout: Layout,
    parameters: bytes,
    sizes: tuple[int, ...],
    bias: bool,
    selected: tuple[int, int] | None,
    palette: Palette,
    dashes: bool,
) -> tuple[Ints, RGB, int | None]:
    """Owners and inks for ``Canvas.dots``, the strongest on top, and the first that is lit."""
    matrices = layer_views(np.frombuffer(parameters), sizes, bias)
    weights = [M[:, :m] for M, m in zip(matrices, sizes[:-1], strict=True)]
    parts = []
    for before, after in layout.gaps:
        W = weights[before.layer]
        lit = np.zeros(W.shape, dtype=np.bool_)
        if selected and selected[0] == before.layer:
            lit[:, selected[1]] = True
        if selected and selected[0] == after.layer:
            lit[selected[1]] = True
        shown = (after.units, before.units)
        parts.append((*layout.ends(before, after), W[shown].ravel(), lit[shown].ravel()))
    start, end, strength, lit = (np.concatenate(part) for part in zip(*parts, strict=True))

    strength = strength / (largest(weights) or 1.0)
    order = np.lexsort((np.abs(strength), lit))
    order = order[np.isfinite(strength[order])]
    start, end, strength, lit = start[order], end[order], strength[order], lit[order]
    widths, inks, first_lit = edge_widths(np.abs(strength)), edge_inks(palette, strength), None
    if selected:
        sign_inks = np.array([palette.negative, palette.low, palette.positive], dtype=np.int32)
        inks = np.where(lit, sign_inks[np.sign(strength).astype(int) + 1], palette.line)
        widths = np.where(lit, np.maximum(widths, LIT_WIDTH), np.minimum(widths, 1))
        first_lit = int(np.count_nonzero(~lit))
    owners = curve_dots(layout.width, layout.height, start, end, widths)
    return _dashed(owners, strength) if dashes else owners, inks, first_lit


def _needs_dashes(canvas: Canvas) -> bool:
    return canvas.glyphs.ascii or not canvas.colour


def _dashed(owners: Ints, strengths: Array) -> Ints:
    """Dashes for negative weights, where colour alone cannot tell them."""
    gaps = np.arange(owners.shape[1]) % 6 >= 4
    negative = np.append(strengths < 0.0, False)[owners]  # the owner −1 is nobody
    return np.where(negative & gaps, -1, owners)
