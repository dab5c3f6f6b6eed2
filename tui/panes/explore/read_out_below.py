"""The read-out below a map that is as wide as its pane: the cursor's numbers, and the marks."""

from __future__ import annotations

from itertools import islice

from tui.drawing.canvas import Canvas
from tui.drawing.grid import cut, short
from tui.model.frame import Frame
from tui.model.target_scale import Target
from tui.panes.base.map_legend import CursorLine, MarkRow, cursor_lines
from tui.panes.explore.map_place import Area

COLUMN, GAP = 13, 2  # cells of a label with its number, at least, and between two of them


def draw_below(
    canvas: Canvas, frame: Frame, target: Target, marks: list[MarkRow], area: Area
) -> None:
    """As much as there is room for, in columns."""
    if area.height == 1:
        _draw_line(canvas, cursor_lines(canvas, frame, target, area.width), area)
        return
    across = max(1, (area.width + GAP) // (COLUMN + GAP))
    width = (area.width + GAP) // across - GAP
    places = [
        (area.x + column * (width + GAP), area.y + row)
        for row in range(area.height)
        for column in range(across)
    ]
    lines = [line for line in cursor_lines(canvas, frame, target, width) if line[0]]
    labels = [label for label, _, _ in lines]
    for (x, y), (label, value, ink) in zip(places, lines, strict=False):
        canvas.text(x, y, short(label, width - len(value) - 1, labels), canvas.palette.low)
        canvas.right(x + width, y, value, ink)
    first = -(-len(lines) // across) * across  # the marks begin a row of their own
    if len(places) - first >= len(marks):
        for (x, y), (mark, ink, text, text_ink) in zip(
            islice(places, first, None), marks, strict=False
        ):
            canvas.text(x, y, mark, ink)
            canvas.text(x + 2, y, cut(text, width - 2), text_ink)


def _draw_line(canvas: Canvas, lines: list[CursorLine], area: Area) -> None:
    """ŷ and the region, and what else there is room for in one line."""
    at = [line[0] for line in lines].index(canvas.glyphs.y_hat)
    first, others = lines[at : at + 2], lines[:at]
    needed = sum(len(label) + 1 + len(value) for label, value, _ in first) + GAP
    x = area.x if needed <= area.width else 0  # below the labels of the y axis, too
    for label, value, ink in (*first, *others):
        if x + len(label) + 1 + len(value) > area.x + area.width:
            break
        canvas.text(x, area.y, label, canvas.palette.low)
        canvas.text(x + len(label) + 1, area.y, value, ink)
        x += len(label) + len(value) + 1 + GAP
