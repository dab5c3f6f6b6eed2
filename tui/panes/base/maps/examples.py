"""The examples on the output pane's map or curve, and what their marks mean."""

import numpy as np

from engine.arrays import Array, Bools, Ints
from engine.data.metrics import classes_of
from engine.wording import count
from tui.drawing.canvas import Canvas
from tui.drawing.cells import first_fitting
from tui.drawing.grid import Grid
from tui.drawing.numbers import NONE, tick
from tui.model.frame import Frame
from tui.model.target_scale import Target, class_names, predicts_class, wrong
from tui.panes.base.maps.legend import MarkRow, room_of_key

# of the classes, capital for test examples; of more classes only the shown one has its own mark
LETTERS = "abcdefghi"
CENTRE_CELLS = 7  # of the middle of the scale in the legend

Group = tuple[Bools, tuple[str, str], int]
"""Which examples (n,) have which marks, in training and in test, and which ink."""


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
    palette, glyphs = canvas.palette, canvas.glyphs
    points, bad = positions(frame, target), wrong(frame)
    test = np.zeros(len(points), dtype=np.bool_)
    test[frame.data.test] = True
    shown_test = test & frame.shows_test
    groups = _groups(canvas, frame, target)
    marked = [*groups, (bad, (glyphs.wrong, glyphs.test_wrong), palette.hi)]
    parts = (shown_test, True), (~test, False)
    grid.mark_all(
        canvas,
        points,
        [
            (chosen & part, marks[of_test], ink)
            for part, of_test in parts
            for chosen, marks, ink in marked
        ],
    )
    return _key(canvas, grid, frame, target, groups, test)


def _key(
    canvas: Canvas, grid: Grid, frame: Frame, target: Target, groups: list[Group], test: Bools
) -> list[MarkRow]:
    """What the marks of the groups mean, and of which examples are in the ``test`` (n,)."""
    data, palette, glyphs = frame.data, canvas.palette, canvas.glyphs
    shown_test = test & frame.shows_test
    key = [
        (marks[0], ink, _meaning(frame, target, chosen), palette.low)
        for chosen, marks, ink in groups
        if chosen.any()
    ]
    if shown_test.any():
        in_test = " ".join(marks[1] for chosen, marks, _ in groups if (chosen & test).any())
        key.append((in_test, palette.hi, "in test", palette.low))
    if data.task != "regression":
        texts = [f"{_wrong(frame, ~test)} wrong"]
        if shown_test.any():
            sign, all_rows = glyphs.test_wrong, test | ~test
            texts = [
                f"{_wrong(frame, ~test)} {sign} {_wrong(frame, test)} wrong",
                f"{sign} {_wrong(frame, all_rows)} wrong",
                f"{sign} wrong",
            ]
        text = first_fitting(texts, room_of_key(canvas, grid) - 2)
        key.append((glyphs.wrong, palette.hi, text, palette.low))
    key.append((glyphs.example, palette.hi, f"example {frame.example + 1}", palette.low))
    return key


def brief_key(canvas: Canvas, frame: Frame, target: Target) -> list[MarkRow]:
    """The same in few words: for one row."""
    data, glyphs, low = frame.data, canvas.glyphs, canvas.palette.low
    groups = [group for group in _groups(canvas, frame, target) if group[0].any()]
    key = [
        (marks[0], ink, _meaning(frame, target, chosen).removeprefix("target "), low)
        for chosen, marks, ink in groups
    ]
    shows_test = frame.shows_test and len(data.test) > 0
    if data.task != "regression":
        mark = f"{glyphs.wrong} {glyphs.test_wrong}" if shows_test else glyphs.wrong
        key.append((mark, canvas.palette.hi, "wrong", low))
    if shows_test:
        key.append((" ".join(marks[1] for _, marks, _ in groups), canvas.palette.hi, "test", low))
    return key


def mark_example(canvas: Canvas, grid: Grid, frame: Frame, target: Target) -> None:
    """Mark the selected example."""
    selected = positions(frame, target)[[frame.example]]
    grid.mark(canvas, selected, canvas.glyphs.example, canvas.palette.hi)


def draw_cursor_and_example(
    canvas: Canvas, grid: Grid, frame: Frame, target: Target, y_name: str
) -> None:
    """On a map or a curve: the selected example, the cursor (of a curve at ŷ), and the axes."""
    x, flat = frame.cursor[0], frame.view.flat
    mark_example(canvas, grid, frame, target)
    point = frame.cursor if flat else np.array([x, frame.output_at_cursor(target.unit)])
    grid.draw_cursor(canvas, point)
    grid.draw_axes(canvas, frame.view.names[0], frame.view.names[1] if flat else y_name)


def _wrong(frame: Frame, part: Bools) -> str:
    """How many examples of a part are in the wrong class; not known if one is in none."""
    unknown = (~predicts_class(frame) & part).any()
    return NONE if unknown else count(int(np.sum(wrong(frame) & part)))


def _groups(canvas: Canvas, frame: Frame, target: Target) -> list[Group]:
    """The examples above and below the middle of the target, or of several classes those of each,
    with a letter."""
    palette, glyphs = canvas.palette, canvas.glyphs
    # on the bare ground beside a curve, the pale inks made for maps would all look white
    flat = frame.view.flat
    above = palette.point_positive if flat else palette.positive
    below = palette.point_negative if flat else palette.negative
    classes = 2 if frame.data.task == "regression" else frame.data.Y.shape[1]
    if 2 < classes <= len(LETTERS):
        classes_of_rows = classes_of(frame.data, frame.data.Y)
        inks = [above if unit == target.unit else below for unit in range(classes)]
        marks = [(letter, letter.upper()) for letter in LETTERS]
        return [(classes_of_rows == unit, marks[unit], ink) for unit, ink in enumerate(inks)]
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
    return labels[int(value)] if labels else f"target {tick(value, data.levels[0] < 0.0)}"
