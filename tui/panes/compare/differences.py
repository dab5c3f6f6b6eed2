"""The differences pane of screen Compare: weights and δ of two runs, by layer and one by one."""

from math import inf

from engine.wording import count
from tui.drawing.canvas import Canvas
from tui.drawing.numbers import known, norm, num, percent
from tui.drawing.table import Column, fitting, head_of, row_of
from tui.drawing.text_lines import Line, Span, draw_line, words
from tui.explain.compare import run_differences
from tui.explain.explainable import Explainable
from tui.model.frame import Comparison, Frame
from tui.model.run_comparison import LayerDifference
from tui.model.value_change import ValueChange
from tui.panes.base.pane import Pane


class DifferencesPane(Pane):
    """Weights and δ of the second run minus those of the first, at the same step."""

    HELP = """
Differences: the second run less the first, at this step.
‖Δ‖ is how far the weights and biases of a layer are apart, % of their norm in the first run.
Δw is the largest difference of a weight or bias of the layer, Δδ the largest of a δ:
of the selected example, or by {batch} means over the batch that the current run takes next.
Below are the weights of all layers that are farthest apart, with their values in both runs.
{explain} explains them, one after the other.
"""

    def titles(self, frame: Frame) -> tuple[str, str]:
        comparison = frame.comparison
        if comparison is None:
            return "Differences", ""
        first, second = comparison.pair
        pair = f"{second.name} − {first.name}"
        title = self.fitting_title(f"Differences {pair}", pair)
        return title, self.fitting_title(_shared_text(comparison), "")

    def explainable(self, frame: Frame) -> Explainable | None:
        """The differences, row by row."""
        return run_differences(frame.comparison) if frame.comparison else None

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        comparison = frame.comparison
        if comparison is None:
            return
        lines = _lines(canvas, comparison)
        if len(lines) > canvas.height:  # no row to spare for the blank one
            lines = [line for line in lines if line]
        for y, line in enumerate(lines[: canvas.height]):
            draw_line(canvas, y, line)


def _shared_text(comparison: Comparison) -> str:
    """Up to which step the runs are the same."""
    first, second = comparison.pair
    if first.step != second.step:
        return f"steps {count(first.step)} and {count(second.step)}"
    if comparison.same_until is None:
        return "other starts"
    if comparison.same_until == inf or first.step <= comparison.same_until:
        return "the same so far"
    return f"the same up to step {count(int(comparison.same_until))}"


def _lines(canvas: Canvas, comparison: Comparison) -> list[Line]:
    palette = canvas.palette
    if comparison.note:
        return words(comparison.note, palette.mid, canvas.width)
    layers, moved = comparison.layers, comparison.moved
    columns = fitting(_layer_columns(canvas, layers), canvas.width)
    while len(columns) > 1 and not columns[-1].head:  # a name whose number does not fit
        columns.pop()
    lines = [head_of(columns, palette), *(row_of(columns, i) for i in range(len(layers)))]
    lines.append([Span("all ", palette.low), Span(norm(comparison.distance), palette.hi)])
    if not moved:
        return [*lines, [], [Span("every weight and bias has the same bits", palette.mid)]]
    columns = fitting(_weight_columns(canvas, comparison), canvas.width)
    return [*lines, [], head_of(columns, palette), *(row_of(columns, i) for i in range(len(moved)))]


def _layer_columns(canvas: Canvas, layers: tuple[LayerDifference, ...]) -> list[Column]:
    palette = canvas.palette

    def change(moved: ValueChange) -> Span:
        return Span(num(moved.difference), palette.ink(moved.difference), bold=True)

    def name(moved: ValueChange) -> Span:
        return Span(moved.name if moved.difference else "", palette.mid)

    def share(i: int) -> Span:
        layer = layers[i].change
        text = known(layer.share, lambda s: percent(s, 0)) if layer.before else ""
        return Span(text, palette.mid)

    weight = max((len(layer.weight.name) for layer in layers), default=0)
    return [
        Column("l", 3, lambda i: Span(str(i + 1), palette.mid), left=True),
        Column("‖Δ‖", 7, lambda i: Span(norm(layers[i].change.moved), palette.hi)),
        Column("", 2 + weight, lambda i: name(layers[i].weight)),
        Column("Δw", 7, lambda i: change(layers[i].weight)),
        Column("", 8, lambda i: name(layers[i].delta)),
        Column("Δδ", 7, lambda i: change(layers[i].delta)),
        Column("%", 8, share),
    ]


def _weight_columns(canvas: Canvas, comparison: Comparison) -> list[Column]:
    palette, moved = canvas.palette, comparison.moved
    first, second = (run.name[:6] for run in comparison.pair)
    name_cells = max(len(m.name) for m in moved)
    largest = max(abs(m.difference) for m in moved)

    def value(x: float) -> Span:
        return Span(num(x), palette.ink(x))

    return [
        Column("", 1 + name_cells, lambda i: Span(moved[i].name, palette.hi), left=True),
        Column(first, 8, lambda i: value(moved[i].before)),
        Column(second, 8, lambda i: value(moved[i].after)),
        Column(
            "Δw",
            8,
            lambda i: Span(
                num(moved[i].difference), palette.ink(moved[i].difference, largest), True
            ),
        ),
    ]
