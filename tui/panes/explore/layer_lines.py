"""The layers in brief: a line each with ‖δ‖ and ‖∂C/∂W‖, and the count of regions below."""

from engine.arrays import length
from engine.wording import plural
from tui.drawing.canvas import Canvas
from tui.drawing.cells import first_fitting
from tui.drawing.numbers import norm
from tui.model.frame import Frame
from tui.panes.base.bars import late, region_part
from tui.panes.explore.layer_numbers import numbers_of

HEADS = 1  # rows above the layers
COUNT_ROWS = 2  # the count of regions, and a row above it where there is room
NUMBER = 8  # cells of a norm, with a blank before it


def lines_wanted(layers: int) -> int:
    """The rows of a pane that shows all layers."""
    return HEADS + layers + COUNT_ROWS


def first_line(frame: Frame, height: int) -> int:
    """The first layer that is shown, from 0: no further down than the selected one needs it."""
    layers, shown = len(frame.network.sizes) - 1, lines_shown(height)
    selected = frame.unit[0] if frame.unit_lit else 0
    return max(0, min(selected - shown, layers - shown))


def lines_shown(height: int) -> int:
    """How many layers a pane of that height has room for."""
    return max(1, height - HEADS - 1)


def layer_at(frame: Frame, y: int, height: int) -> int | None:
    """The layer in a row of the pane, from 1; None if there is none."""
    layer = first_line(frame, height) + y - HEADS + 1
    layers = len(frame.network.sizes) - 1
    return layer if HEADS <= y < HEADS + lines_shown(height) and layer <= layers else None


def draw_layer_lines(canvas: Canvas, frame: Frame) -> None:
    """The layers from ``first_line`` on."""
    palette, glyphs = canvas.palette, canvas.glyphs
    norms = glyphs.norm(glyphs.delta), glyphs.norm(glyphs.derivative("C", "W"))
    ends = _ends(canvas.width, len(norms[1]))
    canvas.text(0, 0, "layer", palette.low)
    for name, end in zip(norms, ends, strict=True):
        canvas.right(end, 0, name, palette.low)
    numbers, first = numbers_of(frame), first_line(frame, canvas.height)
    layers = len(frame.network.sizes) - 1
    last = min(layers, first + lines_shown(canvas.height))
    for y, layer in enumerate(range(first + 1, last + 1), start=HEADS):
        selected = frame.unit_lit and frame.unit[0] == layer
        if selected:
            canvas.paint(0, y, canvas.width, 1, palette.sel)
        name = frame.network.layer_activations[layer - 1].name
        canvas.text(0, y, f"{layer} {name}", palette.hi if selected else palette.mid)
        for values, end in zip((numbers.delta, numbers.norms), ends, strict=True):
            canvas.right(end, y, norm(length(values[layer - 1])), palette.hi)
    below = canvas.height - 1
    if below > last - first:
        canvas.text(0, below, first_fitting(_count(frame), canvas.width), palette.mid)


def _count(frame: Frame) -> tuple[str, ...]:
    """Into how many pieces the network cuts its inputs: texts, the longest first."""
    regions, step = frame.regions, late(frame)
    if regions.map is not None and not regions.progress:
        pieces = plural(regions.map.linear_count, "linear region")
        return f"{pieces}: one formula in each{step}", f"{pieces}{step}", pieces
    if regions.knots is not None and not regions.progress:
        bends = plural(len(regions.knots.x), "knot")
        pieces = plural(len(regions.knots.x) + 1, "straight piece")
        return f"{bends}, {pieces}{step}", f"{pieces}{step}", pieces
    part = region_part(frame, wide=True)
    return f"{part.name} {part.value}", part.name


def _ends(width: int, name: int) -> tuple[int, int]:
    """Where the columns of both norms end."""
    second = min(width, 40)
    return second - max(NUMBER, name) - 3, second
