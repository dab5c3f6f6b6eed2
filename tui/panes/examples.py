"""The examples on the output pane's map or curve, and what their marks mean."""

import numpy as np
from numpy.typing import NDArray

from engine.activations import Array
from engine.dataset import IntArray
from tui.canvas import Canvas
from tui.frame import Frame
from tui.palette import mix
from tui.panes.grid import Grid, plain
from tui.panes.readout import MarkRow
from tui.target import Target, wrong

TEST_DIMNESS = 0.4

Bools = NDArray[np.bool_]


def positions(frame: Frame, target: Target) -> Array:
    """Where the examples (n, 2) lie on the grid; of more columns they are projected."""
    on_view = frame.view.coordinates(frame.data.columns)
    return on_view if frame.view.flat else np.column_stack([on_view, target.values])


def hidden_rows(frame: Frame) -> IntArray:
    """The rows of the examples that are not drawn."""
    rows = frame.data.test
    return rows[:0] if frame.shows_test else rows


def draw_examples(canvas: Canvas, grid: Grid, frame: Frame, target: Target) -> list[MarkRow]:
    """Mark the examples, the more telling over the less; returns what the marks mean."""
    data, palette, glyphs = frame.data, canvas.palette, canvas.glyphs
    points = positions(frame, target)
    positive, bad = target.values > target.centre, wrong(frame)
    test = np.zeros(len(points), dtype=np.bool_)
    test[data.test] = True
    # on the bare ground beside a curve, the pale inks made for maps would all look white
    flat = frame.view.flat
    signs = (
        (positive, glyphs.point_positive, palette.point_positive if flat else palette.positive),
        (~positive, glyphs.point_negative, palette.point_negative if flat else palette.negative),
    )
    parts = ((test & frame.shows_test, TEST_DIMNESS), (~test, 0.0))
    for part, dimness in parts:
        for chosen, mark, ink in (*signs, (bad, glyphs.wrong, palette.hi)):
            grid.mark(canvas, points[chosen & part], mark, int(mix(ink, palette.bg, dimness)))

    key = [
        (mark, ink, _meaning(frame, target, chosen), palette.low)
        for chosen, mark, ink in signs
        if chosen.any()
    ]
    if data.task != "regression":
        key.append((glyphs.wrong, palette.hi, f"{np.sum(bad & ~test)} wrong", palette.low))
        if test.any() and frame.shows_test:
            dim = int(mix(palette.hi, palette.bg, TEST_DIMNESS))
            key.append((glyphs.wrong, dim, f"{np.sum(bad & test)} in test", palette.low))
    key.append((glyphs.example, palette.hi, f"example {frame.example + 1}", palette.low))
    return key


def _meaning(frame: Frame, target: Target, chosen: Bools) -> str:
    """What the targets of the chosen examples have in common."""
    data, labels = frame.data, frame.data.target_names
    above = bool(target.values[chosen][0] > target.centre)
    if data.task == "regression":
        return f"y {'>' if above else '<'} {plain(target.centre)}"
    if data.Y.shape[1] > 1:
        if not above:
            return "others"
        return f"target {labels[target.unit] if labels else target.unit + 1}"
    value = float(data.Y[chosen, 0][0])
    return f"target {labels[int(value)] if labels else plain(value, data.Y.min() < 0.0)}"
