"""The differences between two compared runs: of weights and δ, by layer and one by one."""

from math import inf

from tui.drawing.canvas import Canvas
from tui.drawing.numbers import count, norm, num
from tui.drawing.table import Column, fitting, head_of, row_of
from tui.drawing.text_lines import Line, Span, draw_line, words
from tui.explain.explainable import Asked
from tui.explain.surface_and_runs import of_differences
from tui.model.frame import Comparison, Frame
from tui.model.run_comparison import LayerDifference
from tui.model.value_change import Moved
from tui.panes.base.pane import Pane


class DifferencesPane(Pane):
    """Weights and δ of the second run less those of the first, at the same step."""

    HELP = """
Differences: the second run less the first, at this step.
‖Δ‖ is how far the weights and biases of a layer are apart, % of their norm in the first run.
Δw is the largest difference of a weight or bias of the layer, Δδ the largest of a δ:
of the selected example, or by {batch} means over the batch that the current run takes next.
Below are the weights of all layers that are farthest apart, with their values in both runs.
{explain} explains them, one after the other.
"""

    def titles(self, frame: Frame) -> tuple[str, str]:
        found = frame.comparison
        if found is None:
            return "Differences", ""
        first, second = found.pair
        return f"Differences {second.name} − {first.name}", _shared(found)

    def asked(self, frame: Frame) -> Asked | None:
        """The differences, row by row."""
        return of_differences(frame.comparison) if frame.comparison else None

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        found = frame.comparison
        if found is None:
            return
        for y, line in enumerate(_lines(canvas, found)[: canvas.height]):
            draw_line(canvas, y, line)


def _shared(found: Comparison) -> str:
    """Since when the runs differ."""
    first, second = found.pair
    if first.step != second.step:
        return f"steps {count(first.step)} and {count(second.step)}"
    if found.same_until is None:
        return "other starts"
    if found.same_until == inf or first.step <= found.same_until:
        return "the same so far"
    return f"the same up to step {count(int(found.same_until))}"


def _lines(canvas: Canvas, found: Comparison) -> list[Line]:
    palette = canvas.palette
    if found.note:
        return words(found.note, palette.mid, canvas.width)
    layers, moved = found.layers, found.moved
    columns = fitting(_layer_columns(canvas, layers), canvas.width)
    while len(columns) > 1 and not columns[-1].head:  # a name without its number
        columns.pop()
    lines = [head_of(columns, palette), *(row_of(columns, i) for i in range(len(layers)))]
    lines.append([Span("all ", palette.low), Span(norm(found.distance), palette.hi)])
    if not moved:
        return [*lines, [], [Span("every weight and bias has the same bits", palette.mid)]]
    columns = fitting(_weight_columns(canvas, found), canvas.width)
    return [*lines, [], head_of(columns, palette), *(row_of(columns, i) for i in range(len(moved)))]


def _layer_columns(canvas: Canvas, layers: tuple[LayerDifference, ...]) -> list[Column]:
    palette = canvas.palette

    def of(moved: Moved) -> Span:
        return Span(num(moved.by), palette.ink(moved.by), bold=True)

    def name(moved: Moved) -> Span:
        return Span(moved.name if moved.by else "", palette.mid)

    def share(i: int) -> Span:
        change = layers[i].change
        part = f"{100.0 * change.moved / change.before:.0f} %" if change.before else ""
        return Span(part, palette.mid)

    weight = max((len(layer.weight.name) for layer in layers), default=0)
    return [
        Column("l", 3, lambda i: Span(str(i + 1), palette.mid), left=True),
        Column("‖Δ‖", 7, lambda i: Span(norm(layers[i].change.moved), palette.hi)),
        Column("", 2 + weight, lambda i: name(layers[i].weight)),
        Column("Δw", 7, lambda i: of(layers[i].weight)),
        Column("", 8, lambda i: name(layers[i].delta)),
        Column("Δδ", 7, lambda i: of(layers[i].delta)),
        Column("%", 8, share),
    ]


def _weight_columns(canvas: Canvas, found: Comparison) -> list[Column]:
    palette, moved = canvas.palette, found.moved
    first, second = (run.name[:6] for run in found.pair)
    name = max(len(m.name) for m in moved)
    furthest = max(abs(m.by) for m in moved)

    def value(x: float) -> Span:
        return Span(num(x), palette.ink(x))

    return [
        Column("", 1 + name, lambda i: Span(moved[i].name, palette.hi), left=True),
        Column(first, 8, lambda i: value(moved[i].before)),
        Column(second, 8, lambda i: value(moved[i].after)),
        Column("Δw", 8, lambda i: Span(num(moved[i].by), palette.ink(moved[i].by, furthest), True)),
    ]
