"""The numbers under the units on screen Backprop, and arrows of the size of δ before them."""

import numpy as np

from engine import BackwardPass
from engine.arrays import Array
from engine.training.microsteps import PARAMETER_KINDS, Kind
from tui.drawing.canvas import Canvas
from tui.drawing.network_layout import CAPTION, Layout
from tui.model.backprop.facts import BackpropFacts

WITH_DELTA: tuple[Kind, ...] = ("delta", *PARAMETER_KINDS)  # the kinds at which δ is shown
UP, DOWN = ("▴", "▲", "▲▲"), ("▾", "▼", "▼▼")  # for small, larger and the largest |δ|
ARROW_SIZES = (1 / 8, 1 / 2)  # of the largest |δ| in sight, between them
ARROW_CELLS = 2


def _passed(facts: BackpropFacts) -> BackwardPass:
    """The pass whose z, a and δ are shown: the example's, or the batch's."""
    return facts.example.backward if facts.example else facts.step.batch


def numbers(facts: BackpropFacts, layer: int) -> Array | None:
    """The numbers under the units of a layer 0 … L, (n_l,); None if not computed yet."""
    passed, kind, now = _passed(facts), facts.microstep.kind, facts.microstep.layer
    z, a, delta = passed.forward.z, passed.forward.a, passed.deltas
    shown: Array | None = a[layer]
    if kind in ("z", "a") and layer >= now:
        shown = None if layer > now else z[now - 1] if kind == "z" else a[now]
    elif kind == "delta" and layer:
        shown = delta[layer - 1] if layer >= now else None
    elif kind in PARAMETER_KINDS and layer >= now:
        shown = delta[layer - 1]
    return None if shown is None else shown.mean(axis=0)


def draw_arrows(canvas: Canvas, layout: Layout, facts: BackpropFacts) -> None:
    """▲ before δ of a unit whose larger z would lower the cost (δ < 0), ▼ where it would raise it:
    the larger |δ|, the larger the arrow. None where δ is 0, hidden or not known yet."""
    if facts.microstep.kind not in WITH_DELTA:
        return
    shown = {}
    for column in layout.columns:
        deltas = numbers(facts, column.layer) if column.layer >= facts.microstep.layer else None
        if deltas is None or not column.numbers:
            continue
        for node in column.nodes:
            is_result = facts.microstep.kind == "delta" and column.layer == facts.microstep.layer
            if not (is_result and facts.hides((node.unit, None))):
                shown[column, node] = float(deltas[node.unit])
    sizes = [abs(delta) for delta in shown.values() if np.isfinite(delta)]
    largest, roomy = max(sizes, default=0.0), layout.pitch >= CAPTION + 2 * ARROW_CELLS
    for (column, node), delta in shown.items():
        if delta and np.isfinite(delta):
            size = int(np.searchsorted(ARROW_SIZES, abs(delta) / largest, side="right"))
            most = size if roomy and not column.beside else min(size, 1)
            arrow = (UP if delta < 0.0 else DOWN)[most]
            x = layout.caption_x(column, CAPTION)
            y = layout.number_y(column, node)
            if x >= len(arrow):
                canvas.right(x, y, arrow, canvas.palette.ink(delta))
