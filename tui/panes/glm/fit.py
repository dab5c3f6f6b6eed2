"""The fit pane of screen GLM: the model's mean and the network's output over the inputs."""

from dataclasses import replace

import numpy as np
from textual import events

from tui.drawing.canvas import Canvas
from tui.drawing.grid import Grid
from tui.drawing.numbers import num
from tui.explain.explainable import Explainable
from tui.explain.glm import model_mean
from tui.explain.network import cursor_output
from tui.model.frame import Frame
from tui.model.glm.facts import GlmFacts
from tui.model.glm.formulas import spelt
from tui.model.regions.result import Regions
from tui.model.target_scale import target_of
from tui.panes.base.maps.grid_pane import GridPane
from tui.panes.base.maps.output import draw_output, output_titles
from tui.panes.glm.cursor_lines import cursor_lines
from tui.panes.glm.fit_curve import Observed, draw_fit_curve
from tui.panes.glm.fit_map import draw_fit_map
from tui.panes.glm.fit_scatter import MAP_GAP, draw_fit_scatter, map_width


class GlmFitPane(GridPane):
    """The model's μ as a curve over one input, in colours over two, beside y for more; the network
    dotted."""

    HELP = """
Fit: the mean μ that the generalised linear model gives. Over one input it is a curve through what
was observed: of data with repeated inputs the proportions, larger marks for more trials;
{positive_colour} is above the fit, {negative_colour} below.
Where P is 0.5 is read off, on the axis and in the line below.
Over two inputs μ is in colours, with the examples; × is on its wrong side. The bright line is
where the model decides: it is straight, whatever the link: that is all one layer can do.
With more inputs what was observed stands against μ: on the dashed diagonal both are equal.
Classes are in tenths by μ, with the proportion in each.
Dotted: the network now, its curve or its decision; where it has arrived, one covers the other.
{cursor_left} {cursor_right} {up} {down} move the cursor, whose place, μ and ŷ stand below;
{point_typed} types its place, a click puts it, and selects an example.
"""

    _observed: Observed | None = None
    _scatter: Grid | None = None

    def titles(self, frame: Frame) -> tuple[str, str]:
        facts, inputs = frame.glm, ", ".join(frame.view.names)
        if facts is not None and facts.model.network is None:
            return self.fitting_title(*output_titles(frame, self.look.glyphs, "Network")), ""
        mu = spelt("{mu}", self.look.glyphs)
        if has_many_inputs(frame) and map_width(self.size.width, self.size.height) == 0:
            return self.fitting_title(f"Fit: {frame.data.target} against {mu}", f"Fit {mu}"), ""
        dotted = "dotted: the network" if has_network(frame) else ""
        if facts is not None and (place := self.pointed_place(frame)) is not None:
            mean = float(frame_of_model(frame, facts).outputs(place[None, :])[0, 0])
            dotted = self.pointed_text(frame, f"{mu} {num(mean).strip()}")
        return self.fitting_title(f"Fit {mu}({inputs})", f"Fit {mu}"), dotted

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        self._observed = self._scatter = None
        facts = frame.glm
        if facts is None:
            return
        if facts.model.network is None:
            self._grid = draw_output(canvas, frame)
            return
        model = frame_of_model(frame, facts)
        if not frame.view.flat:
            lines = cursor_lines(canvas, frame, model, canvas.width)
            self._grid, self._observed = draw_fit_curve(
                canvas, frame, model, lines, has_network(frame)
            )
            return
        left = canvas.width
        if has_many_inputs(frame):
            left = map_width(canvas.width, canvas.height)
            part = Canvas(
                canvas.width - left, canvas.height, canvas.palette, canvas.glyphs, canvas.colour
            )
            grid, self._observed = draw_fit_scatter(part, frame, model, has_network(frame))
            canvas.paste(part, left, 0)
            self._scatter = grid._replace(left=grid.left + left)
        if left:
            gap = MAP_GAP * (left < canvas.width)
            part = Canvas(left - gap, canvas.height, canvas.palette, canvas.glyphs, canvas.colour)
            self._grid = draw_fit_map(part, frame, model, has_network(frame))
            canvas.paste(part, 0, 0)

    def example_in(self, cell: tuple[int, int]) -> int | None:
        """The nearest example, or group of examples, drawn in a cell or beside it."""
        if self._observed is None or self._scatter is not None:
            return super().example_in(cell)
        return None if self._grid is None else self._nearest(self._grid, cell)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor there, and select the nearest example."""
        offset, scatter = event.get_content_offset(self), self._scatter
        if offset is not None and scatter is not None:
            column, row = offset.x - scatter.left, offset.y
            inside = 0 <= column < scatter.width and 0 <= row < scatter.height
            example = self._nearest(scatter, (column, row)) if inside else None
            if example is not None:
                self.post_message(self.ExampleSelected(example))

    def selects_at(self, x: int, y: int) -> bool:
        return self._scatter is not None or super().selects_at(x, y)

    def _nearest(self, grid: Grid, cell: tuple[int, int]) -> int | None:
        assert self._observed is not None
        nearest = grid.nearest(self._observed.points, cell)
        return None if nearest is None else int(self._observed.rows[nearest])

    def explainable(self, frame: Frame) -> Explainable:
        """The model's mean at the cursor, where no map shows this at the example; without a model
        the network's ŷ."""
        if frame.glm is not None and frame.glm.model.network is None:
            return cursor_output(frame)
        alone = self._scatter is not None and self._grid is None
        return model_mean(frame, frame.example if alone else None)


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


def has_many_inputs(frame: Frame) -> bool:
    """Whether a map shows no more than a slice through the inputs."""
    return frame.view.flat and frame.data.columns.shape[1] > 2


def has_network(frame: Frame) -> bool:
    """Whether the network's output means the same as the model's, so that both can be drawn."""
    facts = frame.glm
    if facts is None or facts.model.network is None or frame.network.sizes[-1] > 1:
        return False
    if not facts.finite:
        return False
    if frame.view.flat and not has_many_inputs(frame):  # only the decision is drawn
        return frame.data.task != "regression"
    return np.array_equal(target_of(frame).values, facts.model.data.Y[:, 0])
