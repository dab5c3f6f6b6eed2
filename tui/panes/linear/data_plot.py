"""The data pane of screen Linear: the data with the line of least squares and the network."""

from __future__ import annotations

from functools import partial

import numpy as np

from engine import EngineError, OlsFit
from engine.arrays import Array
from engine.regions.box import rounded_range
from engine.wording import noun_for, plural
from tui.drawing.canvas import Canvas
from tui.drawing.text_lines import draw_line, fitting_lines
from tui.explain.explainable import Explainable, refuse_diverged
from tui.explain.linear import NO_FIT
from tui.explain.step import StepQuantity
from tui.model.frame import Frame
from tui.model.linear.facts import LinearFacts
from tui.model.linear.predictions import (
    examples_of_one_input,
    fit_at,
    has_one_input,
    network_at,
    network_outputs,
)
from tui.panes.base.pane import NamedNumbers
from tui.panes.base.scatter import LEAST_HEIGHT, LEAST_WIDTH, draw_axes
from tui.panes.linear.data_labels import labels_of
from tui.panes.linear.data_picture import (
    MAX_RESIDUALS,
    DataPicture,
    Residual,
    draw_picture,
    shown_residuals,
)
from tui.panes.linear.example_plot import ExamplePlot, Examples

BEYOND = 0.15  # of the range of the data, that the axis goes on beside a polynomial


class DataPlotPane(ExamplePlot):
    """One input: the data, the line and the curve over it. Several: ŷ of both by y."""

    HELP = """
Data: the training examples with what least squares and the network make of them, in the data's
own units; beside each stands its C on the training data.
With one input • are the examples and ◦ the test examples ({test_data} hides them); the dashed
line is least squares, also a polynomial ({degree}: degree 1 to 12), the solid one the network.
Beside a polynomial the axis goes on beyond the data: there it is seen to leave the picture.
With several inputs each example has its ŷ above its y: ● of least squares, ◇ of the network. On the
dotted diagonal ŷ is y. An arrow at the edge: ŷ lies beyond the plot.
Thin vertical lines are the residuals, of OLS or of the network ({residuals}), where there are at
most 30 examples; else only that of the selected example ◉, which has its number.
{down} {up} select the example with the next smaller or larger residual, {cursor_left}
{cursor_right} the neighbours; so does a click. {explain} says where the network's ŷ of it comes
from.
"""

    def titles(self, frame: Frame) -> tuple[str, str]:
        facts, data = frame.linear, frame.data
        if facts is None or facts.fit is None:
            return "No line of least squares", ""
        y_hat = self.look.glyphs.y_hat
        by = f"{data.target} by {data.column_names[0]}"
        if not has_one_input(data):
            by = f"{y_hat} by {data.target}"
        whose = "network" if facts.of_network else "OLS"
        noun = noun_for(2 if len(data.train) <= MAX_RESIDUALS else 1, "residual")
        return self.fitting_title(f"Data · {by}", "Data"), f"{noun} of {whose}"

    def draw(self, canvas: Canvas, frame: Frame) -> None:
        self._grid = None
        facts = frame.linear
        if facts is None or facts.fit is None:
            self._write(canvas, frame)
            return
        picture = picture_of(frame, facts)
        labels = labels_of(canvas, frame, picture)
        width = canvas.width - labels.width
        if width < LEAST_WIDTH or canvas.height < LEAST_HEIGHT:
            canvas.text(0, 0, labels.summary(canvas.width), canvas.palette.mid)
            return
        inner = Canvas(width, canvas.height, canvas.palette, canvas.glyphs, canvas.colour)
        grid = draw_axes(inner, picture.x_range, picture.y_range)
        draw_picture(inner, grid, picture)
        canvas.paste(inner, 0, 0)
        labels.draw(canvas, picture)
        self._grid = grid

    def _write(self, canvas: Canvas, frame: Frame) -> None:
        """Why there is no line, and which keys show what there is."""
        forms = [canvas.glyphs.prose(text) for text in no_line(frame)]
        forms = [text.format_map(self.look.keys) for text in forms]
        lines = fitting_lines(forms, canvas.palette.mid, canvas.width, canvas.height)
        for y, line in enumerate(lines):
            draw_line(canvas, y, line)

    def examples(self, frame: Frame) -> Examples | None:
        """Where the training examples lie, that with the largest residual first."""
        facts = frame.linear
        if facts is None or facts.fit is None:
            return None
        fit, rows = facts.fit, frame.data.train
        if has_one_input(frame.data):
            points = examples_of_one_input(frame, rows)
            x, y = points.x, points.y
        else:
            x, fitted = fit.y, network_outputs(frame)
            y = fit.fitted if fitted is None else fitted[rows]
        residuals = facts.network_residuals if facts.of_network else fit.residuals
        residuals = fit.residuals if residuals is None else residuals
        order = np.argsort(-np.abs(residuals), kind="stable")
        return Examples(x[order], y[order], rows[order])

    def explainable(self, frame: Frame) -> Explainable:
        """The network's ŷ of the selected example."""
        _fit_or_refuse(frame)
        return StepQuantity(frame, "a", len(frame.network.weights), row=frame.example)

    def numbers(self, frame: Frame) -> NamedNumbers:
        """The selected example: its input or none, y, and ŷ of both, in the data's own units."""
        facts, fit = _fit_or_refuse(frame)
        data, row = frame.data, frame.example
        named: NamedNumbers = []
        if has_one_input(data):
            x = data.columns[row]
            named.append((data.column_names[0], float(x[0])))
            named.append((data.target, float(frame.target[0])))
            named.append(("ŷ of OLS", float(fit_at(facts, data, x)[0])))
        else:
            named.append((data.target, float(frame.target[0])))
            at = np.flatnonzero(data.train == row)
            named += [("ŷ of OLS", float(fit.fitted[i])) for i in at]
        return [*named, ("ŷ of the network", float(frame.prediction[0]))]


def _fit_or_refuse(frame: Frame) -> tuple[LinearFacts, OlsFit]:
    """The facts with their fit; EngineError without one, and after a divergence."""
    refuse_diverged(frame.divergence)
    facts = frame.linear
    if facts is None or facts.fit is None:
        raise EngineError(facts.note if facts else NO_FIT)
    return facts, facts.fit


def picture_of(frame: Frame, facts: LinearFacts) -> DataPicture:
    """The picture of a fit and the network. Its box depends on the data and the fit alone, so that
    it keeps its place while the network learns."""
    return _over_one_input(frame, facts) if has_one_input(frame.data) else _by_target(frame, facts)


def _over_one_input(frame: Frame, facts: LinearFacts) -> DataPicture:
    fit, data, row = facts.fit, frame.data, frame.example
    assert fit is not None
    train = examples_of_one_input(frame, data.train)
    test = examples_of_one_input(frame, data.test if frame.shows_test else data.test[:0])
    fitted = facts.network_fitted if facts.of_network else fit.fitted
    fitted = train.y if fitted is None else fitted
    selected = examples_of_one_input(frame, np.array([row]))
    is_shown = frame.shows_test or row in data.train
    return DataPicture(
        x_range=rounded_range(_with_tails(data.columns[:, 0], facts.degree)),
        y_range=rounded_range(np.concatenate([train.y, test.y, fit.fitted])),
        filled=(train.x, train.y),
        hollow=(test.x, test.y),
        residuals=shown_residuals(Residual(train.x, train.y, fitted), data.train, row),
        selected=(float(selected.x[0]), float(selected.y[0]), row + 1) if is_shown else None,
        fit=partial(fit_at, facts, data),
        network=partial(network_at, frame),
    )


def _with_tails(x: Array, degree: int) -> Array:
    """The ends of the x axis: beside a polynomial beyond the data, where it leaves the picture."""
    low, high = float(x.min()), float(x.max())
    reach = BEYOND * (high - low) if degree > 1 else 0.0
    return np.array([low - reach, high + reach])


def _by_target(frame: Frame, facts: LinearFacts) -> DataPicture:
    fit, rows, example = facts.fit, frame.data.train, frame.example
    assert fit is not None
    outputs = network_outputs(frame)
    by_network = (fit.y[:0], fit.y[:0]) if outputs is None else (fit.y, outputs[rows])
    fitted = facts.network_fitted if facts.of_network else fit.fitted
    fitted = fit.y if fitted is None else fitted
    both = rounded_range(np.concatenate([fit.y, fit.fitted]))
    selected = None
    if example in rows:
        place = int(np.flatnonzero(rows == example)[0])
        y_hat = fit.fitted if outputs is None else outputs[rows]
        selected = float(fit.y[place]), float(y_hat[place]), example + 1
    return DataPicture(
        x_range=both,
        y_range=both,
        filled=(fit.y, fit.fitted),
        hollow=by_network,
        residuals=shown_residuals(Residual(fit.y, fit.y, fitted), rows, example),
        selected=selected,
        diagonal=True,
    )


def no_line(frame: Frame) -> tuple[str, ...]:
    """Why there is no line of least squares, and which keys show what there is."""
    facts, k = frame.linear, frame.data.Y.shape[1]
    if frame.data.task == "classes":
        classes = plural(k, "class", "classes")
        none = f"{classes}: the line of least squares is for one number."
        return (
            f"{none} {{confusion}} shows which class is taken for which, {{explore}} the map of "
            "each class.",
            f"{none} {{confusion}} shows which class is taken for which.",
            f"{classes}, no line: {{confusion}} shows the confusion matrix",
            f"{classes}: no line",
        )
    if k > 1:
        outputs = plural(k, "output")
        none = f"{outputs}: the line of least squares and its tests are for one."
        return (
            f"{none} {{explore}} shows each output.",
            f"{outputs}, no one line: {{explore}} shows each",
            f"{outputs}: no line",
        )
    note = facts.note if facts else ""
    return tuple(dict.fromkeys((note, "no fit: zoom says why")))
