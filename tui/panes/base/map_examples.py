"""The examples on the output pane's map or curve, and what their marks mean."""

import numpy as np

from engine.arrays import Array, Bools, Ints
from engine.data.metrics import classes_of
from tui.drawing.canvas import Canvas
from tui.drawing.grid import Grid
from tui.drawing.numbers import NONE, tick
from tui.drawing.palette import mix
from tui.model.frame import Frame
from tui.model.target_scale import Target, class_names, predicts_class, wrong
from tui.panes.base.map_legend import GAP, LEAST, MOST, MarkRow

TEST_DIMNESS = 0.4
LETTERS = "abcdefghi"  # of the classes; of more classes only the shown one is told apart
CENTRE_CELLS = 7  # of the middle of the scale in the legend


def positions(frame: Frame, target: Target) -> Array:
    """Where the examples (n, 2) lie on the grid; of more columns they are projected."""
    on_view = frame.view.coordinates(frame.data.columns)
    return on_view if frame.view.flat else np.column_stack([on_view, target.values])


def hidden_rows(frame: Frame) -> Ints:
    """The rows of the examples that are not drawn."""
    rows = frame.data.test
    return rows[:0] if frame.shows_test else rows


def draw_examples(canvas: Canvas, grid: Grid, frame: Frame, target: Target) -> list[MarkRow]:
    """Mark the examples, the more telling over the less; returns what the marks mean."""
    data, palette, glyphs = frame.data, canvas.palette, canvas.glyphs
    points, bad = positions(frame, target), wrong(frame)
    test = np.zeros(len(points), dtype=np.bool_)
    test[data.test] = True
    groups = _groups(canvas, frame, target)
    parts = ((test & frame.shows_test, TEST_DIMNESS), (~test, 0.0))
    for part, dimness in parts:
        for chosen, mark, ink in (*groups, (bad, glyphs.wrong, palette.hi)):
            grid.mark(canvas, points[chosen & part], mark, int(mix(ink, palette.bg, dimness)))

    key = [
        (mark, ink, _meaning(frame, target, chosen), palette.low)
        for chosen, mark, ink in groups
        if chosen.any()
    ]
    if data.task != "regression":
        unknown = ~predicts_class(frame)

        def wrong_of(part: Bools) -> str:
            return NONE if (unknown & part).any() else str(np.sum(bad & part))

        key.append((glyphs.wrong, palette.hi, f"{wrong_of(~test)} wrong", palette.low))
        if test.any() and frame.shows_test:
            dim = int(mix(palette.hi, palette.bg, TEST_DIMNESS))
            texts = f"{wrong_of(test)} wrong in test", f"{wrong_of(test)} in test"
            beside = canvas.width - grid.left - grid.width - GAP  # else the legend is below the map
            room = min(MOST, beside if beside >= LEAST else MOST) - 2
            text = next((text for text in texts if len(text) <= room), texts[-1])
            key.append((glyphs.wrong, dim, text, palette.low))
    key.append((glyphs.example, palette.hi, f"example {frame.example + 1}", palette.low))
    return key


def _groups(canvas: Canvas, frame: Frame, target: Target) -> list[tuple[Bools, str, int]]:
    """Which examples (n,) have which mark and ink: above and below the middle of the target, or
    of several classes a letter each."""
    palette, glyphs = canvas.palette, canvas.glyphs
    # on the bare ground beside a curve, the pale inks made for maps would all look white
    flat = frame.view.flat
    above = palette.point_positive if flat else palette.positive
    below = palette.point_negative if flat else palette.negative
    classes = 2 if frame.data.task == "regression" else frame.data.Y.shape[1]
    if 2 < classes <= len(LETTERS):
        of = classes_of(frame.data, frame.data.Y)
        inks = [above if unit == target.unit else below for unit in range(classes)]
        return [(of == unit, LETTERS[unit], ink) for unit, ink in enumerate(inks)]
    positive = target.values > target.centre
    return [(positive, glyphs.point_positive, above), (~positive, glyphs.point_negative, below)]


def _meaning(frame: Frame, target: Target, chosen: Bools) -> str:
    """What the targets of the chosen examples have in common."""
    data, labels = frame.data, frame.data.target_names
    above = bool(target.values[chosen][0] > target.centre)
    if data.task == "regression":
        # shorter where the legend would cut an exponent off
        texts = [tick(target.centre, signed=True, digits=digits) for digits in (4, 3, 2, 1)]
        centre = next((text for text in texts if len(text) <= CENTRE_CELLS), texts[-1])
        return f"y {'>' if above else '<'} {centre}"
    if not above and data.Y.shape[1] > len(LETTERS):
        return "others"
    if data.Y.shape[1] > 1:
        return class_names(frame)[int(classes_of(data, data.Y[chosen][:1])[0])]
    value = float(data.Y[chosen, 0][0])
    return f"target {labels[int(value)] if labels else tick(value, data.levels[0] < 0.0)}"
