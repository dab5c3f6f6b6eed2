"""The fit pane of screen GLM: the model's mean and the network's output over the inputs."""

from dataclasses import replace
from typing import cast

import numpy as np
from numpy.typing import NDArray

from tui.drawing.braille import line_dots
from tui.drawing.canvas import Canvas
from tui.drawing.grid import Box, Grid, margin, short
from tui.drawing.numbers import WIDE, num
from tui.drawing.text_lines import Line, Span, draw_line, words
from tui.explain.explainable import Explainable
from tui.explain.glm import model_mean
from tui.model.activation_samples import raster_of
from tui.model.frame import Frame
from tui.model.glm.facts import GlmFacts
from tui.model.glm.formulas import spelt
from tui.model.regions.result import Regions
from tui.model.target_scale import Target, target_of
from tui.panes.base.grid_pane import GridPane
from tui.panes.base.map_examples import positions
from tui.panes.base.map_legend import MarkRow
from tui.panes.base.map_lines import decision_segments
from tui.panes.base.output_curve import curve_dots, draw_curve
from tui.panes.explore.output import draw_map
from tui.panes.regions.piece_curve import pieces_grid

FOOT = 2  # rows below the axis; one more if the cursor's place needs its own
BETWEEN = 2  # cells between the numbers at the cursor
SHORTEST = 4  # cells of a name beside the cursor's place
GAP = 2  # a dotted line has a dot in every so many columns
DOTTED_WIDTH = 2  # of the network's decision: see ``line_dots``


class GlmFitPane(GridPane):
    """The model's μ as a curve over one input or in colours over two; the network dotted."""

    HELP = """
Fit: the mean μ that the generalised linear model gives, as a curve over one input or in colours
over two, with the examples; × is on its wrong side. The bright line is where the model decides:
z = 0 for logit and probit. It is straight, whatever the link: that is all one layer can do.
Dotted: the network now, its curve or its decision; where it has arrived, one covers the other.
{left} {right} {up} {down} move the cursor, whose place, μ and ŷ stand below; {point_typed} types
its place, a click puts it, and selects an example.
"""

    def titles(self, frame: Frame) -> tuple[str, str]:
        inputs = ", ".join(frame.view.names)
        mu = spelt("{mu}", self.look.glyphs)
        return f"Fit {mu}({inputs})", "dotted: the network" if _has_network(frame) else ""

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        facts = frame.glm
        if facts is None or facts.model.network is None:
            note = facts.note if facts else ""
            for y, line in enumerate(words(note, canvas.palette.mid, canvas.width)):
                draw_line(canvas, y, line)
            return
        model = frame_of_model(frame, facts)
        target, flat = target_of(model), model.view.flat
        places, values = _places(canvas, frame), _values(canvas, frame, model)
        foot = FOOT + (not _in_one_row(canvas, frame, values))
        self._grid = grid = _grid(canvas, model, target, foot)
        key = (draw_map if flat else draw_curve)(canvas, grid, model, target)
        if _has_network(frame):
            (_dot_decision if flat else _dot_curve)(canvas, grid, frame)
        selected = positions(model, target)[[frame.example]]
        grid.mark(canvas, selected, canvas.glyphs.example, canvas.palette.hi)
        names = frame.view.names
        at = frame.cursor if flat else np.array([frame.cursor[0], _mean(model)])
        grid.draw_cursor(canvas, at)
        grid.draw_axes(canvas, names[0], names[1] if flat else spelt("{mu}", canvas.glyphs))
        rows = [[*places, Span(" " * BETWEEN, 0), *values]] if foot == FOOT else [places, values]
        for y, row in enumerate(rows, start=grid.height + 1):
            draw_line(canvas, y, row)
        _draw_key(canvas, grid.height + foot, key)

    def explainable(self, frame: Frame) -> Explainable:
        """The model's mean at the cursor."""
        return model_mean(frame)


def _grid(canvas: Canvas, model: Frame, target: Target, foot: int) -> Grid:
    """The canvas without the axes and the rows below."""
    rows = max(1, canvas.height - 1 - foot)
    if not model.view.flat:
        return replace(pieces_grid(canvas, model, target), height=rows)
    box = cast(Box, model.view.box)
    left = margin(box[1], model.view.names[1])
    size = max(2, min(2 * rows, canvas.width - left))
    return Grid(left, size - size % 2, size // 2, box)


def _mean(frame: Frame) -> float:
    """A frame's ŷ at the cursor; μ for the model's frame."""
    return float(frame.outputs(frame.cursor[None, :])[0, 0])


def _places(canvas: Canvas, frame: Frame) -> Line:
    """The cursor's place."""
    names, palette = frame.view.names, canvas.palette
    room = (canvas.width - 2) // len(names) - WIDE - 1 - BETWEEN
    line: Line = [Span(f"{canvas.glyphs.cursor} ", palette.hi)]
    for i, (name, value) in enumerate(zip(names, frame.cursor.tolist(), strict=True)):
        text = short(name, max(room, SHORTEST), names)
        line.append(Span(f"{' ' * BETWEEN * bool(i)}{text} ", palette.mid))
        line.append(Span(num(value, WIDE).strip(), palette.hi))
    return line


def _values(canvas: Canvas, frame: Frame, model: Frame) -> Line:
    """The model's mean there, and the network's output."""
    palette, glyphs = canvas.palette, canvas.glyphs
    line: Line = [Span(f"{spelt('{mu}', glyphs)} ", palette.hi)]
    line.append(Span(num(_mean(model), WIDE).strip(), palette.hi, True))
    if frame.network.sizes[-1] == 1:
        line.append(
            Span(f"  network {glyphs.y_hat} {num(_mean(frame), WIDE).strip()}", palette.mid)
        )
    return line


def _in_one_row(canvas: Canvas, frame: Frame, values: Line) -> bool:
    """Whether the place and the values fit into one row, however long their numbers become."""
    numbers = len(values) - 1  # μ, and ŷ unless there are several
    labels = len(values[0].text) + (len(f"  network {canvas.glyphs.y_hat} ") if numbers > 1 else 0)
    places = sum(len(name) + 1 + WIDE + BETWEEN for name in frame.view.names)
    return 2 + places + labels + numbers * WIDE <= canvas.width


def _draw_key(canvas: Canvas, y: int, key: list[MarkRow]) -> None:
    """What the marks mean, as far as there is room."""
    x = 0
    for mark, ink, text, text_ink in key:
        if x + 2 + len(text) <= canvas.width:
            canvas.text(x, y, mark, ink)
            canvas.text(x + 2, y, text, text_ink)
            x += len(text) + 4


def frame_of_model(frame: Frame, facts: GlmFacts) -> Frame:
    """The frame with the fitted model in place of the network."""
    assert facts.model.network is not None
    choice = facts.choice
    return replace(
        frame,
        experiment=replace(
            frame.experiment, output=choice.output, loss=choice.loss, weights=None, biases=None
        ),
        data=facts.model.data,
        network=facts.model.network,
        regions=Regions(step=-1),  # the network's regions are not the model's
        unit=(1, 0),
    )


def _has_network(frame: Frame) -> bool:
    """Whether the network's output means the same as the model's, so that both can be drawn."""
    facts = frame.glm
    if facts is None or facts.model.network is None or frame.network.sizes[-1] > 1:
        return False
    if not facts.finite:
        return False
    if frame.view.flat:  # only the decision is drawn
        return frame.data.task != "regression"
    return np.array_equal(target_of(frame).values, facts.model.data.Y[:, 0])


def _dot_curve(canvas: Canvas, grid: Grid, frame: Frame) -> None:
    low, high = grid.box[1]
    values = raster_of(frame).outputs[target_of(frame).unit]
    dots = curve_dots((high - values) / (high - low), 2 * grid.width, 4 * grid.height)
    _draw_free(canvas, grid, dots, {canvas.glyphs.dash, canvas.glyphs.rule, " "})


def _dot_decision(canvas: Canvas, grid: Grid, frame: Frame) -> None:
    segments = decision_segments(frame, target_of(frame), grid.box, grid.width)
    widths = np.full(len(segments), DOTTED_WIDTH)
    dots = line_dots(grid.width, grid.height, 2.0 * segments, widths) >= 0
    _draw_free(canvas, grid, dots, None)


def _draw_free(
    canvas: Canvas, grid: Grid, dots: NDArray[np.bool_], replaceable: set[str] | None
) -> None:
    """Draw a dotted line in cells with replaceable characters; None: all but those of examples."""
    rows, columns = grid.height, grid.width
    cells = canvas.chars[:rows, grid.left : grid.left + columns]
    glyphs = canvas.glyphs
    if replaceable is None:
        marks = [glyphs.point_positive, glyphs.point_negative, glyphs.wrong, glyphs.example]
        marks += [glyphs.test_positive, glyphs.test_negative, glyphs.test_wrong]
        free = ~np.isin(cells, [*marks, glyphs.cursor])
    else:
        free = np.isin(cells, [*replaceable])
    shown = np.zeros_like(dots)
    height, width = free.shape
    shown[: 4 * height, : 2 * width] = np.kron(free, np.ones((4, 2), dtype=np.bool_))
    place = np.add.outer(np.arange(len(dots)), np.arange(dots.shape[1]))
    canvas.dots(grid.left, 0, dots & shown & (place % GAP == 0), canvas.palette.mid)
