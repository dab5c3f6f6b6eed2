"""The stack pane of screen GLM: where z is linear in the weights, and deviance residuals."""

from collections.abc import Callable

import numpy as np

from engine.regions.box import rounded_range
from tui.drawing.canvas import Canvas
from tui.drawing.cells import cell_count, first_fitting
from tui.drawing.glyphs import Glyphs
from tui.drawing.grid import Grid
from tui.drawing.numbers import CELLS, known, norm, num
from tui.drawing.text_lines import Line, Span, draw_line, flowed, width_of, words
from tui.explain.explainable import Explainable
from tui.explain.glm import second_differences
from tui.model.frame import Frame
from tui.model.glm.facts import GlmFacts
from tui.model.glm.stack import Bend, Stack, WeightPair
from tui.model.premises import finite
from tui.panes.base.pane import Pane
from tui.panes.base.scatter import lit_dots
from tui.panes.glm.axes import draw_x_ticks, draw_y_ticks, label_cells, y_axis

TITLES = "Stack: second difference of z", "Stack: is z linear?", "Stack"
MANY = 1.0  # residuals a column of cells, beyond which each is a dot
MIN_PLOT = 5  # rows, without its axis
MAX_ROUNDING = 1e-3  # above this, rounding could hide a second difference
LABEL = 11  # cells of the layers' names


class StackPane(Pane):
    """Second differences of z along directions in one layer or two, above a plot of residuals."""

    HELP = """
Stack: is z of the last layer linear in the weights? Moving them by ±h along a direction,
the second difference is 0 if it is, up to rounding. One layer is linear, as every GLM is.
A stack of identities is linear along each layer alone, and bends along two layers together:
their weights multiply. With relu or tanh in between, it bends along a lower layer alone too.
Directions are random, of length 1; the number is the largest over the first 200 training examples.
Where relu has a kink within ±h, here 1/64, there is no second derivative: the number is then as
large as that bend over h, and only says that z is not linear there.
most: the two weights whose product bends z most at the selected example, and ∂²z by both. Its
explanation has the factors; ↓ there shows a table of z with both weights moved.
{grow} adds a hidden layer, {shrink} takes it away, {activation} makes the hidden ones identity,
relu, tanh.
Below: the deviance residuals of the GLM by its z, {positive_colour} above 0 and {negative_colour}
below; their squares add up to its deviance.
"""

    _known: tuple[Frame, object, list[Line]] | None = None

    def titles(self, frame: Frame) -> tuple[str, str]:
        sketch = Canvas(*self.size, self.look.palette, self.look.glyphs)
        residuals = "deviance residuals below" if _plot_top(sketch, frame, self._lines) else ""
        return self.fitting_title(*TITLES), residuals

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        facts = frame.glm
        if facts is None:
            return
        for y, line in enumerate(self._lines(canvas, frame, facts)):
            draw_line(canvas, y, line)
        if top := _plot_top(canvas, frame, self._lines):
            _draw_residuals(canvas, frame, facts, top)

    def _lines(self, canvas: Canvas, frame: Frame, facts: GlmFacts) -> list[Line]:
        """The lines of a frame, which are made once for each size."""
        key = canvas.width, canvas.height, canvas.palette, canvas.glyphs
        known = self._known
        if known is None or known[0] is not frame or known[1] != key:
            self._known = known = frame, key, stack_lines(canvas, frame, facts.stack)
        return known[2]

    def explainable(self, frame: Frame) -> Explainable | None:
        """The second differences, the pair of weights that bends most (the first), its table."""
        return second_differences(frame)


def _plot_top(
    canvas: Canvas, frame: Frame, lines_of: Callable[[Canvas, Frame, GlmFacts], list[Line]]
) -> int:
    """The row of the plot of residuals below the lines; 0 where there are none, or no room."""
    facts = frame.glm
    if facts is None or facts.fit is None:
        return 0
    top = len(lines_of(canvas, frame, facts)) + 1
    return top if canvas.height - top - 1 >= MIN_PLOT else 0


def stack_lines(canvas: Canvas, frame: Frame, stack: Stack) -> list[Line]:
    """A line for each direction, then the pair of weights with the largest second derivative; what
    has no room as a whole is left out, the last first."""
    glyphs, palette = canvas.glyphs, canvas.palette
    bends = [_bend_line(bend, canvas) for bend in stack.bends]
    if stack.moved:
        bends = words(f"moving {stack.moved}", palette.mid, canvas.width) + bends
    blocks = [bends]
    if stack.largest is not None:
        blocks.append(_pair_lines(stack.largest, frame, canvas))
    if stack.note:
        blocks.append(words(stack.note, palette.mid, canvas.width))
    lines: list[Line] = []
    for block in blocks:
        if len(lines) + len(block) > canvas.height and lines:
            break
        lines += block
    if len(stack.bends) > 1 and canvas.height > len(lines) + 1:
        lines.insert(0, [Span(f"d{glyphs.squared}z/dt{glyphs.squared} moving", palette.low)])
    return lines[: canvas.height]


def _bend_line(bend: Bend, canvas: Canvas) -> Line:
    palette = canvas.palette
    name = "layer " if len(bend.layers) == 1 else "layers "
    name += ", ".join(map(str, bend.layers))
    bends = bend.straight is False
    ink = palette.hi if bends else palette.mid
    results = ("bends",) if bends else ("= 0, linear", "linear")
    if bend.straight is None:
        results = ("too large",)
    elif bend.straight and not bend.rounding < MAX_ROUNDING:
        results = "lost in rounding", "rounding"
    line = [
        Span(name.ljust(LABEL), palette.mid),
        Span(f" {known(finite(bend.size), norm):>{CELLS}}  ", ink, bends),
    ]
    room = canvas.width - width_of(line)
    result = first_fitting(results, room) or results[-1]
    return [*line, Span(result, ink)]


def _pair_lines(pair: WeightPair, frame: Frame, canvas: Canvas) -> list[Line]:
    """The two weights and ∂²z by both, on lines of their own if there is no room beside them."""
    glyphs, palette = canvas.glyphs, canvas.palette
    a, b = (
        weight_name(layer, at, glyphs)
        for layer, at in zip(pair.layers, (pair.first, pair.second), strict=True)
    )
    d, head = glyphs.partial, "most: "
    name, example = f"{d}{glyphs.squared}z/{d}{a}{d}{b} =", f"at example {frame.example + 1}"
    value = Span(num(pair.value).strip(), palette.ink(pair.value), True)
    if cell_count(head + name) <= canvas.width:
        first, indent = [Span(head + name, palette.mid)], cell_count(head)
    else:
        first, indent = [Span(name, palette.mid)], 1
    lines = flowed([first, [value]], canvas.width, indent=indent)
    if width_of(lines[-1]) + 1 + cell_count(example) <= canvas.width:
        lines[-1].append(Span(f" {example}", palette.low))
    return lines


def weight_name(layer: int, at: tuple[int, int], glyphs: Glyphs) -> str:
    """``w⁽¹⁾₂₁``; indices above 9 are separated by a comma."""
    comma = "," if max(at) > 9 or glyphs.ascii else ""
    return f"w{glyphs.layer(layer)}{glyphs.sub(at[0])}{comma}{glyphs.sub(at[1])}"


def _draw_residuals(canvas: Canvas, frame: Frame, facts: GlmFacts, top: int) -> None:
    """The deviance residuals by z in dots, in the inks of their signs, on rows from ``top``."""
    assert facts.fit is not None
    palette, glyphs = canvas.palette, canvas.glyphs
    fit = facts.model.grouped or facts.fit
    points = np.column_stack([fit.linear_predictor, fit.residuals("deviance")])
    finite = points[np.isfinite(points).all(axis=1)]
    if not len(finite):
        return
    reach = float(np.abs(finite[:, 1]).max()) or 1.0
    box = rounded_range(finite[:, 0]), rounded_range(np.array([-reach, reach]))
    rows = canvas.height - top - 1
    axis = y_axis(box[1], rows)
    left = label_cells(axis)
    grid = Grid(left, max(1, canvas.width - left - len("z") - 1), rows, box)
    # on a canvas of its own, because a grid begins at row 0
    part = Canvas(canvas.width, rows + 1, palette, glyphs, canvas.colour)
    part.text(left, grid.row(0.0), glyphs.dash * grid.width, palette.line)
    if len(finite) <= MANY * grid.width:
        above = finite[:, 1] >= 0.0
        grid.mark(part, finite[~above], glyphs.point_negative, palette.negative)
        grid.mark(part, finite[above], glyphs.point_positive, palette.positive)
    else:
        fine, above = Grid(0, 2 * grid.width, 4 * rows, box), finite[:, 1] >= 0.0
        lit = [lit_dots(fine, *finite[chosen].T) for chosen in (above, ~above)]
        owners = np.select(lit, [1, 0], -1)
        part.dots(left, 0, owners, [palette.negative, palette.positive])
    shown = points[frame.data.train == frame.example] if fit is facts.fit else points[:0]
    grid.mark(part, shown, glyphs.example, palette.hi)
    draw_y_ticks(part, grid, axis)
    draw_x_ticks(part, grid, "z", part.width)
    canvas.paste(part, 0, top)
