"""The lines at the cursor or the example: its place, the model's μ and the network's ŷ there."""

from engine.arrays import Array
from tui.drawing.canvas import Canvas
from tui.drawing.cells import cell_count
from tui.drawing.grid import short
from tui.drawing.numbers import WIDE, num
from tui.drawing.text_lines import Line, Span
from tui.model.frame import Frame
from tui.model.glm.formulas import spelt

BETWEEN = 2  # cells between the numbers at the cursor
SHORTEST = 4  # cells of a name beside the cursor's place


def cursor_lines(canvas: Canvas, frame: Frame, model: Frame, width: int) -> list[Line]:
    """Place and values in one line, or in one each, or in as many as there are numbers: however
    long these become, they keep their places."""
    places, values = _places(canvas, frame, width), _values(canvas, frame, model)
    gap = Span(" " * BETWEEN, 0)
    in_all = sum(cell_count(name) + 1 + WIDE + BETWEEN for name in frame.view.names)
    lines = [_joined(canvas, places), _joined(canvas, values)]
    if 2 + in_all + _cells(values) <= width:
        return [[*lines[0], gap, *lines[1]]]
    if _cells(values) > width:
        values = [(label.replace("network", "net"), value) for label, value in values]
        lines[1] = _joined(canvas, values)
    if _cells(values) <= width:
        return lines
    return [lines[0], *(_joined(canvas, [value]) for value in values)]


def _cells(values: list[tuple[str, Span]]) -> int:
    """The cells that the values take at most."""
    return sum(cell_count(label) + 1 + WIDE + BETWEEN for label, _ in values) - BETWEEN


def mean_at_cursor(frame: Frame) -> float:
    """A frame's ŷ at the cursor; μ for the model's frame."""
    return float(frame.outputs(frame.cursor[None, :])[0, 0])


def value_names(canvas: Canvas, frame: Frame) -> list[str]:
    """The names of the model's mean and, if it has one output, of the network's."""
    names = [spelt("{mu}", canvas.glyphs)]
    if frame.network.sizes[-1] == 1:
        names.append(f"network {canvas.glyphs.y_hat}")
    return names


def _joined(canvas: Canvas, pairs: list[tuple[str, Span]]) -> Line:
    line: Line = []
    for label, value in pairs:
        if line:
            line.append(Span(" " * BETWEEN, 0))
        line += [Span(f"{label} ", canvas.palette.mid), value]
    return line


def _places(canvas: Canvas, frame: Frame, width: int) -> list[tuple[str, Span]]:
    """The cursor's place, its names cut where they have to be."""
    names, palette, cursor = frame.view.names, canvas.palette, canvas.glyphs.cursor
    room = (width - 2) // len(names) - WIDE - 1 - BETWEEN
    pairs = []
    for i, (name, value) in enumerate(zip(names, frame.cursor.tolist(), strict=True)):
        text = short(name, max(room, SHORTEST), names)
        label = f"{cursor} {text}" if i == 0 else text
        pairs.append((label, Span(num(value, WIDE).strip(), palette.hi)))
    return pairs


def _values(canvas: Canvas, frame: Frame, model: Frame) -> list[tuple[str, Span]]:
    means = mean_at_cursor(model), mean_at_cursor(frame)
    return labelled_values(canvas, frame, means)


def labelled_values(
    canvas: Canvas, frame: Frame, means: tuple[float, float] | Array
) -> list[tuple[str, Span]]:
    """The model's mean, and the network's output, with their names."""
    hi, mid = canvas.palette.hi, canvas.palette.mid
    looks = (hi, True), (mid, False)
    return [
        (name, Span(num(mean, WIDE).strip(), ink, bold))
        for name, mean, (ink, bold) in zip(value_names(canvas, frame), means, looks, strict=False)
    ]
