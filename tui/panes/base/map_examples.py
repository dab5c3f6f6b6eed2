"""The examples on the output pane's map or curve, and what their marks mean."""

import numpy as np

from engine.arrays import Array, Bools, Ints
from engine.data.metrics import classes_of
from tui.drawing.canvas import Canvas
from tui.drawing.cells import first_fitting
from tui.drawing.grid import Grid
from tui.drawing.numbers import NONE, tick
from tui.model.frame import Frame
from tui.model.target_scale import Target, class_names, predicts_class, wrong
from tui.panes.base.map_legend import GAP, LEAST, MOST, MarkRow

LETTERS = "abcdefghi"  # of the classes, capital for test examples; of more classes only the shown
# one is told apart
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
    shown_test = test & frame.shows_test
    groups = _groups(canvas, frame, target)
    for part, of_test in ((shown_test, True), (~test, False)):
        wrong_mark = glyphs.test_wrong if of_test else glyphs.wrong
        for chosen, marks, ink in (*groups, (bad, (wrong_mark, wrong_mark), palette.hi)):
            grid.mark(canvas, points[chosen & part], marks[of_test], ink)

    key = [
        (marks[0], ink, _meaning(frame, target, chosen), palette.low)
        for chosen, marks, ink in groups
        if chosen.any()
    ]
    classified, unknown = data.task != "regression", ~predicts_class(frame)

    def wrong_of(part: Bools) -> str:
        return f"{NONE if (unknown & part).any() else str(np.sum(bad & part))} wrong"

    if classified:
        key.append((glyphs.wrong, palette.hi, wrong_of(~test), palette.low))
    if shown_test.any():
        in_test = " ".join(marks[1] for chosen, marks, _ in groups if (chosen & test).any())
        key.append((in_test, palette.hi, "in test", palette.low))
        if classified:
            texts = f"{wrong_of(test)} in test", wrong_of(test)
            beside = canvas.width - grid.left - grid.width - GAP  # else the legend is below
            room = min(MOST, beside if beside >= LEAST else MOST) - 2
            key.append((glyphs.test_wrong, palette.hi, first_fitting(texts, room), palette.low))
    key.append((glyphs.example, palette.hi, f"example {frame.example + 1}", palette.low))
    return key


def _groups(
    canvas: Canvas, frame: Frame, target: Target
) -> list[tuple[Bools, tuple[str, str], int]]:
    """Which examples (n,) have which marks, in training and in test, and which ink: above and
    below the middle of the target, or of several classes a letter each."""
    palette, glyphs = canvas.palette, canvas.glyphs
    # on the bare ground beside a curve, the pale inks made for maps would all look white
    flat = frame.view.flat
    above = palette.point_positive if flat else palette.positive
    below = palette.point_negative if flat else palette.negative
    classes = 2 if frame.data.task == "regression" else frame.data.Y.shape[1]
    if 2 < classes <= len(LETTERS):
        of = classes_of(frame.data, frame.data.Y)
        inks = [above if unit == target.unit else below for unit in range(classes)]
        marks = [(letter, letter.upper()) for letter in LETTERS]
        return [(of == unit, marks[unit], ink) for unit, ink in enumerate(inks)]
    positive = target.values > target.centre
    return [
        (positive, (glyphs.point_positive, glyphs.test_positive), above),
        (~positive, (glyphs.point_negative, glyphs.test_negative), below),
    ]


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
