"""The read-out below a map that is as wide as its pane: the cursor's numbers, and the marks."""

from __future__ import annotations

from tui.drawing.canvas import Canvas
from tui.drawing.grid import short
from tui.model.frame import Frame
from tui.model.target_scale import Target
from tui.panes.base.map_legend import CursorLine, MarkRow, cursor_lines
from tui.panes.base.maps.legend_rows import draw_key_rows
from tui.panes.explore.map_place import Area

COLUMN, GAP = 13, 2  # cells of a label with its number, at least, and between two of them


def draw_below(
    canvas: Canvas,
    frame: Frame,
    target: Target,
    marks: list[MarkRow],
    scale: Target | None,
    area: Area,
) -> None:
    """As much as there is room for: the numbers in columns, below them the marks, and the scale of
    colours if there is one."""
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
    used = -(-len(lines) // across)
    below = range(area.y + used, area.y + area.height)
    draw_key_rows(canvas, marks, scale, area.x, below)


def _draw_line(canvas: Canvas, lines: list[CursorLine], area: Area) -> None:
    """ŷ and the region, and before them the cursor's place if there is room, in one line; it may
    begin below the labels of the y axis."""
    at = [line[0] for line in lines].index(canvas.glyphs.y_hat)
    room = area.x + area.width
    for chosen in (lines[: at + 2], lines[at : at + 2], lines[at : at + 1]):
        needed = sum(len(label) + 1 + len(value) + GAP for label, value, _ in chosen) - GAP
        if needed <= room:
            break
    x = area.x if needed <= area.width else 0
    for label, value, ink in chosen:
        canvas.text(x, area.y, label, canvas.palette.low)
        canvas.text(x + len(label) + 1, area.y, value, ink)
        x += len(label) + len(value) + 1 + GAP
