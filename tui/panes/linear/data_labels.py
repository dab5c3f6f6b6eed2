"""The labels of the picture of screen Linear: each model at the end of its line, with its C."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite, isnan, nan

from tui.drawing.canvas import Canvas
from tui.drawing.cells import cell_count, first_fitting
from tui.drawing.glyphs import Glyphs
from tui.drawing.numbers import cost_text
from tui.drawing.plot import linear_axis
from tui.drawing.series_plot import EndLabel, draw_end_labels
from tui.drawing.text_lines import Span
from tui.model.frame import Frame
from tui.model.linear.predictions import fit_cost
from tui.panes.base.scatter import LEAST_HEIGHT
from tui.panes.linear.data_picture import DataPicture, marks_of

SHARE = 3  # labels of one row take at most one part in so many of the width
ROWS_FOR_TWO = 4  # of the plot, from which a label may take two
COST = len("C ") + 7  # cells; always so many, so that the plot keeps its place
NOT_FINITE = "no C"


@dataclass(frozen=True)
class ModelLabel:
    """The sign of a line or of marks, what it is, and its C: "" where there is none."""

    sign: str
    names: tuple[str, ...]  # the longest first
    cost: str
    height: float  # on the y axis; NaN: none, it stands at the top
    bright: bool = False


@dataclass(frozen=True)
class ModelLabels:
    """The labels that stand in a margin of so many cells at the right of the plot."""

    labels: tuple[ModelLabel, ...]
    rows: int  # that each takes
    name_cells: int
    width: int
    x_name: str

    def draw(self, canvas: Canvas, picture: DataPicture) -> None:
        """Write each near the end of its line, and the name of the x axis at the axis."""
        left, height, palette = canvas.width - self.width + 1, canvas.height - 1, canvas.palette
        placed, free = [], height - 2 * self.rows
        for label in self.labels:
            ink = palette.hi if label.bright else palette.mid
            name = f"{label.sign} {first_fitting(label.names, self.name_cells - 2)}"
            lines = [(Span(name, ink), Span(label.cost, ink))]
            if self.rows > 1:
                lines = [(Span(name, ink), Span("", ink)), (Span("", ink), Span(label.cost, ink))]
            if not label.cost and free < 1:
                continue  # the diagonal explains itself
            shown = lines if label.cost else [(Span(name, ink), Span("", ink))]
            placed += [EndLabel(label.height, *line) for line in shown]
        axis = linear_axis(*picture.y_range, 2)
        draw_end_labels(canvas, placed, axis, left, canvas.width, range(height))
        if cell_count(self.x_name) < self.width:
            canvas.right(canvas.width, height, self.x_name, palette.low)

    def summary(self, width: int) -> str:
        """All in one line, where there is no room for a plot."""
        models = [label for label in self.labels if label.cost]
        forms = (
            " · ".join(f"{label.names[form]} {label.cost}" for label in models) for form in (0, -1)
        )
        return first_fitting(forms, width)


DIAGONAL = "ŷ = y"


def labels_of(canvas: Canvas, frame: Frame, picture: DataPicture) -> ModelLabels:
    """The labels of a picture in the form that fits."""
    models, x_name = _models(frame, picture, canvas.glyphs), _x_name(frame, picture)
    width, rows = canvas.width, canvas.height - 1

    def name_cells(form: int) -> int:
        return 2 + max(cell_count(label.names[form]) for label in models)

    one_row = [1 + name_cells(form) + 1 + COST for form in (0, -1)]
    two_rows = [1 + max(name_cells(form), COST) for form in (0, -1)]
    if one_row[0] * SHARE <= width:
        return ModelLabels(models, 1, name_cells(0), one_row[0], x_name)
    for form in (0, -1):
        if rows >= ROWS_FOR_TWO and two_rows[form] * SHARE <= width:
            return ModelLabels(models, 2, two_rows[form] - 1, two_rows[form], x_name)
    if rows >= LEAST_HEIGHT and one_row[-1] * 2 <= width:
        return ModelLabels(models, 1, name_cells(-1), one_row[-1], x_name)
    return ModelLabels(models, 1, 0, 0, "")


def _models(frame: Frame, picture: DataPicture, glyphs: Glyphs) -> tuple[ModelLabel, ...]:
    facts = frame.linear
    degree = 1 if facts is None else facts.degree
    fit_names = ("OLS",) if degree == 1 else (f"OLS, degree {degree}", f"degree {degree}")
    costs = fit_cost(frame), frame.cost if frame.is_sound else nan
    fit_text, network_text = ("" if isnan(cost) else f"C {cost_text(cost)}" for cost in costs)
    network_text = network_text if frame.is_sound else NOT_FINITE
    if picture.diagonal:
        fit, network = marks_of(glyphs, diagonal=True)
        heights = inf, inf
    else:
        heights = picture.ends()
        fit, network = glyphs.dash, glyphs.bar
        fit, network = (
            _beyond(height, picture) or sign
            for height, sign in zip(heights, (fit, network), strict=True)
        )
    labels = [
        ModelLabel(fit, fit_names, fit_text, heights[0]),
        ModelLabel(network, ("network", "net"), network_text, heights[1], bright=True),
    ]
    if picture.diagonal:
        labels.insert(0, ModelLabel(glyphs.dot, (glyphs.words(DIAGONAL),), "", inf))
    return tuple(labels)


def _beyond(height: float, picture: DataPicture) -> str:
    """An arrow towards a line that ends above or below the box."""
    low, high = picture.y_range
    if not isfinite(height) or low <= height <= high:
        return ""
    return "↑" if height > high else "↓"


def _x_name(frame: Frame, picture: DataPicture) -> str:
    return frame.data.target if picture.diagonal else frame.data.column_names[0]
