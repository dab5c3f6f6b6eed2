"""The output pane on a bare canvas: map, curve, marks and read-out say what the network says."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from frames import framed
from textual.geometry import Offset

from engine import Experiment, Network, knots, linear_regions
from tui.drawing.canvas import Canvas
from tui.drawing.glyphs import ASCII, UNICODE, Glyphs
from tui.drawing.grid import short
from tui.drawing.palette import DARK
from tui.experiments.library import entry
from tui.model.frame import Frame
from tui.model.regions.result import Regions, Unknown
from tui.model.target_scale import decisions, target_of
from tui.panes.base.maps.lines import decision_segments
from tui.panes.base.maps.read_out import piece_at
from tui.panes.explore.output import OutputPane
from tui.session.session import Session

SIZE = (56, 19)  # the content of half a 120 × 40 screen; its map has 36 pixels
SPECIES = ("setosa", "versicolor", "virginica")
LEFT = 3  # columns before a map whose ticks are −6 … +6


def frame_of(steps: int = 0, **experiment: Any) -> Frame:
    session = Session(Experiment(**experiment))
    session.time.step(steps)
    return framed(session)


def with_network(frame: Frame, W: list[Any], b: list[Any], output: str = "identity") -> Frame:
    """The frame with a relu network of these weights, and its pieces."""
    network = Network.from_arrays(W, b, output=output)
    view, data = frame.view, frame.data
    if not view.flat:
        found = Regions(frame.step, knots=knots(network, view.interval(data)))
    else:
        found = Regions(frame.step, map=linear_regions(network, view.box, view.plane(data)))
    return replace(frame, network=network, regions=found)


def drawn(
    frame: Frame,
    size: tuple[int, int] = SIZE,
    glyphs: Glyphs = UNICODE,
    colour: bool = True,
) -> tuple[OutputPane, Canvas]:
    pane, canvas = OutputPane(), Canvas(*size, DARK, glyphs, colour)
    pane.view = frame
    pane.draw(canvas, frame)
    return pane, canvas


def posted(pane: OutputPane, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    messages: list[Any] = []
    monkeypatch.setattr(pane, "post_message", messages.append)
    return messages


@pytest.fixture(scope="module")
def circle() -> Frame:
    return frame_of(dataset="circle", hidden=(4, 3), steps=400)


@pytest.fixture(scope="module")
def cars() -> Frame:
    return frame_of(dataset="mtcars", hidden=(6,), steps=100, learning_rate=0.01)


def test_a_pixel_has_the_colour_of_the_output_there(circle: Frame) -> None:
    frame = with_network(circle, [[[0.2, 0.1]]], [[0.05]])
    _, canvas = drawn(replace(frame, regions=Regions(frame.step)))
    scale = 1.25  # targets are ±1
    compared = 0
    for row in range(18):
        for column in range(36):
            if canvas.chars[row, LEFT + column] != "▀":
                continue
            for half, found in ((0, canvas.ink), (1, canvas.ground)):
                x1 = -6.0 + 12.0 * (column + 0.5) / 36
                x2 = 6.0 - 12.0 * (2 * row + half + 0.5) / 36
                y_hat = 0.2 * x1 + 0.1 * x2 + 0.05
                if abs(y_hat) > 0.2:  # no part of the line at 0
                    assert found[row, LEFT + column] == DARK.fill(y_hat / scale)
                    compared += 1
    assert compared > 500


def test_the_line_at_zero_is_the_brightest_thing_on_the_map(circle: Frame) -> None:
    middle = -6.0 + 12.0 * 21.5 / 36  # of the 22nd pixel
    _, canvas = drawn(with_network(circle, [[[1.0, 0.0]]], [[-middle]]))
    greens = canvas.ink[:18, LEFT:39] >> 8 & 255
    lines = canvas.text_lines()
    for row in (0, 17):  # no examples there
        assert lines[row][LEFT:39] == "▀" * 36
        assert np.flatnonzero(greens[row] > 200).tolist() == [21]


def test_borders_are_drawn_where_units_switch_and_only_of_this_step(circle: Frame) -> None:
    # one unit, off for x₁ < 2: left of its border the output is 0.6, and nothing else is there
    frame = with_network(circle, [[[1.0, 0.0]], [[1.0]]], [[-2.1], [0.6]])
    column = LEFT + int((2.1 + 6.0) / 12.0 * 36)
    _, with_border = drawn(frame)
    _, without = drawn(replace(frame, regions=replace(frame.regions, step=frame.step + 1)))
    differs = (with_border.ink[:18, :39] != without.ink[:18, :39]).any(axis=0)
    assert set(np.flatnonzero(differs)) <= {column - 1, column, column + 1}
    assert differs[column]
    _, small = drawn(frame, (46, 15))
    _, small_without = drawn(replace(frame, regions=Regions(frame.step)), (46, 15))
    np.testing.assert_array_equal(small.ink[:14, :31], small_without.ink[:14, :31])


@pytest.mark.parametrize("dataset", ["circle", "mtcars", "sine"])
def test_slopes_and_offset_of_the_piece_give_the_output_at_the_cursor(dataset: str) -> None:
    frame = frame_of(60, dataset=dataset, hidden=(5, 4), learning_rate=0.01, output="identity")
    low, high = np.array(frame.view.box).T
    numbers = set()
    for part in np.random.default_rng(2).uniform(0.01, 0.99, (20, len(low))):
        position = low + part * (high - low)
        piece = piece_at(frame, position, 0)
        assert piece is not None
        assert piece.of_output
        y_hat = float(frame.outputs(position[None, :])[0, 0])
        assert piece.offset + piece.slopes @ position == pytest.approx(y_hat, rel=1e-9, abs=1e-9)
        assert 1 <= piece.number <= piece.count
        numbers.add(piece.number)
    assert len(numbers) > 1


def test_of_a_curved_output_the_piece_is_that_of_z(circle: Frame) -> None:
    position = np.array([1.3, -2.2])
    piece = piece_at(circle, position, 0)
    assert piece is not None
    assert not piece.of_output
    z = np.arctanh(circle.outputs(position[None, :])[0, 0])
    assert piece.offset + piece.slopes @ position == pytest.approx(z, rel=1e-9)
    text = "\n".join(drawn(replace(circle, cursor=position))[1].text_lines())
    assert "∂z/∂x₁" in text
    assert f"{piece.number}/{piece.count}" in text


def test_without_the_pieces_of_this_step_no_slope_is_claimed(circle: Frame) -> None:
    stale = replace(circle, regions=replace(circle.regions, step=circle.step + 1))
    assert piece_at(stale, circle.cursor, 0) is None
    assert "∂" not in "".join(drawn(stale)[1].text_lines())


def test_every_example_of_the_wrong_class_is_counted_and_crossed(circle: Frame) -> None:
    frame = with_network(circle, [[[0.0, 0.0]]], [[-0.7]], output="tanh")  # always no
    lines = drawn(frame)[1].text_lines()
    inside = circle.data.Y[:, 0] > 0
    training, test = (inside[rows].sum() for rows in (circle.data.train, circle.data.test))
    assert f"× ⊠ {training + test} wrong" in "\n".join(lines)  # for both numbers there is no room
    rows = np.floor((6.0 - circle.data.X[:, 1]) / 12.0 * 18).astype(int)
    columns = LEFT + np.floor((circle.data.X[:, 0] + 6.0) / 12.0 * 36).astype(int)
    marks = {(r, c) for r in range(18) for c in range(39) if lines[r][c] in "×⊠"}
    crossed = set(zip(rows[inside], columns[inside], strict=True))
    assert marks <= crossed
    assert len(crossed - marks) <= 2  # under the cursor and the selected example
    row = circle.example
    assert lines[rows[row]][columns[row]] == "◉"


def test_colours_belong_to_the_data_and_do_not_move_in_training(cars: Frame) -> None:
    before = target_of(frame_of(dataset="mtcars", hidden=(6,), learning_rate=0.01))
    after = target_of(cars)
    assert (before.centre, before.half) == (after.centre, after.half)
    mpg = cars.data.Y[:, 0]
    assert after.centre == pytest.approx(mpg.mean())
    assert after.fraction(mpg).max() == pytest.approx(1 / 1.25)


def test_targets_follow_the_coding_of_the_loss() -> None:
    frame = frame_of(dataset="xor", hidden=(3,), output="sigmoid")
    target = target_of(frame)
    assert (target.centre, target.half) == (0.5, 0.625)
    np.testing.assert_array_equal(target.values, frame.data.Y[:, 0] > 0)


def test_of_several_classes_the_selected_one_is_shown_and_named(tmp_path: Path) -> None:
    path = tmp_path / "flowers.csv"
    rows = [f"{i},{i * i % 7},{'abc'[i % 3]}" for i in range(30)]
    path.write_text("u,v,kind\n" + "\n".join(rows), encoding="utf-8")
    frame = frame_of(dataset=str(path), hidden=(4,))
    assert OutputPane().titles(replace(frame, unit=(2, 2)))[0] == "Output P(c | u, v)"
    assert OutputPane().titles(replace(frame, unit=(1, 2)))[0] == "Output P(a | u, v)"
    text = "\n".join(drawn(replace(frame, unit=(2, 2)))[1].text_lines())
    assert "c c" in text
    probability = frame.outputs(frame.cursor[None, :])[0, 2]
    assert f"{probability:+.3f}" in text


@pytest.mark.parametrize(("name", "inputs"), [("mazur", "i1, i2"), ("adam", "x")])
def test_of_several_numbers_each_is_an_output_and_none_a_class(name: str, inputs: str) -> None:
    frame, pane = framed(Session(entry(name).experiment)), OutputPane()
    assert pane.titles(frame)[0] == f"Output ŷ₁({inputs})"
    second = replace(frame, unit=(len(frame.network.weights), 1))
    assert pane.titles(second)[0] == f"Output ŷ₂({inputs})"
    assert [label for label, _ in pane.numbers(frame)][-2:] == ["ŷ₁", "ŷ₂"]
    pixels = [np.array([2.0, -1.0]), np.array([3.0, -4.0])]
    for one in (frame, second):  # no boundary where one output is above the other
        target = target_of(one)
        assert decisions(one, target._replace(centre=0.5), pixels) == []
        (margin,) = decisions(one, target._replace(centre=0.0), pixels)
        np.testing.assert_array_equal(margin, pixels[target.unit])


@pytest.mark.parametrize("name", ["nielsen", "nielsen-slow", "adam"])
@pytest.mark.parametrize("steps", [0, 20, 300])
def test_over_a_single_row_the_curve_is_in_the_plot(name: str, steps: int) -> None:
    session = Session(entry(name).experiment)
    frame = framed(session)
    boxes = set()
    for _ in range(2):
        pane, canvas = drawn(frame)
        grid = pane._grid
        assert grid is not None
        boxes.add(grid.box)
        cells = np.array([[*line] for line in canvas.text_lines()])[: grid.height, grid.left :]
        curve = (cells >= "\u2801") & (cells <= "\u28ff")
        assert curve[:, : grid.width].any(axis=0).mean() > 0.5
        session.time.step(steps)
        frame = framed(session)
    assert len(boxes) == 1 or name == "adam"  # a bounded output's plot stays as it is


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e300])
def test_over_a_single_row_no_output_is_too_large_for_the_plot(value: float) -> None:
    frame = framed(Session(entry("adam").experiment))
    network = frame.network.with_parameters(np.full(2, value))
    pane, _ = drawn(replace(frame, network=network, regions=Regions(frame.step)))
    assert pane._grid is not None
    assert np.isfinite(pane._grid.box).all()


def test_more_than_two_inputs_are_held_and_said_to_be(cars: Frame) -> None:
    names = ", ".join(cars.data.feature_names[axis] for axis in cars.view.axes)
    assert OutputPane().titles(cars) == (f"Output ŷ({names})", "others at mean")


def test_a_curve_runs_where_the_output_is_and_its_knot_is_marked() -> None:
    frame = frame_of(dataset="sine", hidden=(3,))
    # −0.8 until x = 1, then rising with slope ½
    frame = with_network(frame, [[[1.0]], [[0.5]]], [[-1.0], [-0.8]])
    frame = replace(frame, cursor=np.array([7.9]))
    pane, canvas = drawn(frame)
    grid = pane._grid
    assert grid is not None
    lines = canvas.text_lines()
    (x_low, x_high), (y_low, y_high) = grid.box
    found = 0
    for row in range(grid.height):
        for column in range(grid.width):
            if 0x2800 < ord(lines[row][grid.left + column]) < 0x2900:
                x = x_low + (np.array([0, 1]) + column) / grid.width * (x_high - x_low)
                y = -0.8 + 0.5 * np.maximum(x - 1.0, 0.0)
                bottom, top = (y_high - y) / (y_high - y_low) * grid.height
                assert top - 0.25 <= row + 1  # to a dot
                assert row <= bottom + 0.25
                found += 1
    assert found > 0.4 * grid.width
    knot = int((1.0 - x_low) / (x_high - x_low) * grid.width)
    assert lines[int((y_high + 0.8) / (y_high - y_low) * grid.height)][grid.left + knot] == "◇"
    assert "2/2" in "\n".join(lines)


def test_the_cursor_moves_by_a_cell_to_its_middle_along_one_axis_only(
    circle: Frame, monkeypatch: pytest.MonkeyPatch
) -> None:
    pane, canvas = drawn(replace(circle, cursor=np.array([1.5, -2.5])))
    rows = [y for y, line in enumerate(canvas.text_lines()) if "┼" in line[LEFT:39]]
    assert rows == [int((6.0 + 2.5) / 12.0 * 18)]
    messages = posted(pane, monkeypatch)
    pane.move(1, 0)
    pane.move(0, -1)
    column, row = int((1.5 + 6.0) / 12.0 * 36), rows[0]
    x, y = 12.0 / 36 * (column + 0.5) - 6.0, 6.0 - 12.0 / 18 * (row + 0.5)
    np.testing.assert_allclose(messages[0].position, [x + 12 / 36, -2.5])
    np.testing.assert_allclose(messages[1].position, [1.5, y + 12 / 18])


def test_a_click_moves_the_cursor_there_and_selects_the_example(
    circle: Frame, monkeypatch: pytest.MonkeyPatch
) -> None:
    pane, _ = drawn(circle)
    messages = posted(pane, monkeypatch)
    x1, x2 = circle.data.X[77]
    cell = Offset(LEFT + int((x1 + 6.0) / 12.0 * 36), int((6.0 - x2) / 12.0 * 18))
    click: Any = SimpleNamespace(get_content_offset=lambda widget: cell)
    pane.on_click(click)
    cursor, example = messages
    assert np.abs(cursor.position - [x1, x2]).max() < 12 / 18
    assert np.abs(circle.data.X[example.row] - cursor.position).max() <= 12 / 18
    messages.clear()
    corner: Any = SimpleNamespace(get_content_offset=lambda widget: Offset(LEFT, 0))
    pane.on_click(corner)  # no example is near
    assert [type(message).__name__ for message in messages] == ["CursorMoved"]


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
@pytest.mark.parametrize("colour", [True, False])
@pytest.mark.parametrize("dataset", ["circle", "mtcars", "sine"])
def test_every_size_and_look_can_be_drawn(dataset: str, glyphs: Glyphs, colour: bool) -> None:
    frame = frame_of(5, dataset=dataset, hidden=(4,), learning_rate=0.01)
    for size in ((1, 1), (5, 3), (20, 8), (24, 30), (39, 10), (80, 9), SIZE):
        _, canvas = drawn(frame, size, glyphs, colour)
        if glyphs is ASCII:
            assert all(" " <= char <= "~" for line in canvas.text_lines() for char in line)


@pytest.mark.parametrize("weight", [np.nan, np.inf, 1e200])
@pytest.mark.parametrize("dataset", ["circle", "sine"])
def test_a_diverged_network_is_drawn_blank_and_read_out_as_it_is(
    dataset: str, weight: float
) -> None:
    frame = frame_of(dataset=dataset, hidden=(2, 2), output="identity")
    network = frame.network.copy()
    network.parameters[:] = weight
    frame = replace(frame, network=network, regions=Regions(frame.step, reason=Unknown.DIVERGED))
    _, canvas = drawn(frame)
    y_hat = frame.outputs(frame.cursor[None, :])[0, 0]
    line = next(line for line in canvas.text_lines() if line.rstrip().endswith(f"{y_hat:+g}"[1:]))
    assert "ŷ" in line


def test_equal_targets_and_a_constant_output_leave_a_finite_scale(cars: Frame) -> None:
    data = replace(cars.data, Y=np.full_like(cars.data.Y, 7.0))
    network = cars.network.with_parameters(np.zeros_like(cars.network.parameters))
    frame = replace(cars, data=data, network=network, regions=Regions(cars.step))
    target = target_of(frame)
    assert (target.centre, target.half) == (7.0, 1.0)
    drawn(frame)


def test_of_several_classes_each_example_shows_its_own_letter() -> None:
    frame = frame_of(300, dataset="iris", hidden=())
    _, canvas = drawn(frame, (60, 19))
    lines = canvas.text_lines()
    key = [line.split()[-2:] for line in lines if line.split()[-1:] and line.split()[-1] in SPECIES]
    assert key == [["a", "setosa"], ["b", "versicolor"], ["c", "virginica"]]
    grid = drawn(frame)[0]._grid
    assert grid is not None
    columns, rows = grid.cells(frame.view.coordinates(frame.data.columns)).T
    of = np.argmax(frame.data.Y, axis=1)
    for letter, unit in (("a", 0), ("b", 1), ("c", 2)):
        cells = {(x, y) for x, y in zip(columns[of == unit], rows[of == unit], strict=True)}
        shown = {
            (x, y)
            for y in range(grid.height)
            for x in range(grid.width)
            if lines[y][grid.left + x] == letter
        }
        assert shown
        assert shown <= cells


@pytest.mark.parametrize("unit", [0, 1, 2])
def test_lines_run_between_every_two_classes_whichever_output_is_shown(unit: int) -> None:
    frame = replace(frame_of(300, dataset="iris", hidden=()), unit=(1, unit))
    box, size = frame.view.box, 36
    segments = decision_segments(frame, target_of(frame), box, size)
    (x_low, x_high), (y_low, y_high) = box
    x = x_low + segments[:, [0, 2]].mean(axis=1) / size * (x_high - x_low)
    y = y_high - segments[:, [1, 3]].mean(axis=1) / size * (y_high - y_low)
    outputs = np.sort(frame.outputs(np.column_stack([x, y])), axis=1)
    assert len(segments) > 2 * size
    assert np.abs(outputs[:, 2] - outputs[:, 1]).max() < 0.02  # the two most likely tie there


@pytest.mark.parametrize("width", range(1, 14))
def test_names_that_begin_alike_are_told_apart_by_their_ends(width: int) -> None:
    names = ("petal_length", "petal_width", "sepal")
    cuts = [short(name, width, names) for name in names]
    assert all(len(text) <= width for text in cuts)
    assert width < 6 or len(set(cuts)) == 3
    assert width < 5 or cuts[2] == "sepal"


@pytest.mark.parametrize(
    ("output", "ends"), [("tanh", "−1   0   +1"), ("identity", "−1.25 0 +1.25")]
)
def test_the_scale_of_a_probability_ends_where_that_does(
    circle: Frame, output: str, ends: str
) -> None:
    frame = with_network(circle, [[[1.0, 0.0]]], [[0.0]], output=output)
    lines = [" ".join(line.split()) for line in drawn(frame)[1].text_lines()]
    assert any(line.endswith(" ".join(ends.split())) for line in lines)
