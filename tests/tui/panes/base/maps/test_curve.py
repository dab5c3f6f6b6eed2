"""The curve of one input and the read-out: one ink, labels in their rows, names told apart."""

import pytest
from frames import drawn, frame_of, with_network
from hypothesis import given
from hypothesis import strategies as st

from engine import Network
from tui.drawing.canvas import Canvas
from tui.drawing.grid import Grid, margin
from tui.drawing.numbers import WIDE, num, tick
from tui.drawing.palette import DARK
from tui.experiments import library
from tui.model.target_scale import target_of
from tui.panes.base.look import Look
from tui.panes.base.maps.place import MAX_WIDTH, MIN_WIDTH
from tui.panes.base.maps.read_out import draw_cursor, piece_at
from tui.panes.explore.output import OutputPane
from tui.session.session import Session

ROOMY = 9  # rows that the whole block of the cursor takes


def published(name, steps=20):
    session = Session(library.built_in(name))
    session.time.step(steps)
    session.advance()
    return session.frame()


@pytest.mark.parametrize("name", ["challenger", "cars", "beetles"])
def test_a_curve_has_one_ink_also_where_it_runs_over_examples(name):
    frame, pane = published(name, 300), OutputPane()
    for size in ((36, 11), (56, 18), (90, 30)):
        canvas = Canvas(*size, DARK)
        pane.view, pane.look = frame, Look(DARK)
        pane.draw(canvas, frame)
        curve = (canvas.chars > "\u2800") & (canvas.chars <= "\u28ff")
        assert curve.sum() > 5
        assert {*canvas.ink[curve].tolist()} == {DARK.hi}


@given(
    st.floats(-5.0, 5.0), st.floats(0.1, 10.0), st.integers(2, 40), st.integers(4, 60),
)  # fmt: skip
def test_every_label_of_the_y_axis_stands_in_the_row_of_its_number(low, size, height, width):
    box = (0.0, 1.0), (low, low + size)
    left = margin(box[1], "ŷ")
    grid = Grid(left, width, height, box)
    canvas = Canvas(left + width, height + 1, DARK)
    grid.draw_axes(canvas, "x", "ŷ")
    step, seen = size / 10.0, {}
    for row, line in enumerate(canvas.text_lines()[:height]):
        if (text := line[:left].strip()) not in ("", "ŷ"):
            seen[text] = row
            value = float(text.replace("−", "-"))
            assert abs(grid.row(value) - row) <= 1 - (text == "0")
    if low < 0.0 < low + size:
        assert seen["0"] == grid.row(0.0), "0 is never left out, and nothing stands in its row"
    assert {tick(low, low < 0.0, step), tick(low + size, low < 0.0, step)} & {*seen}


def test_the_label_of_0_stands_in_its_row_also_next_to_the_end():
    lines = drawn(OutputPane(), published("challenger"), (37, 11))
    (row,) = [line for line in lines if line.split()[:1] == ["0"]]
    assert "┄" in row or "◦" in row
    assert not any("−0.1" in line for line in lines)


@pytest.mark.parametrize("name", ["longley", "stackloss", "iris"])
def test_numbers_of_the_read_out_are_whole_and_slopes_say_by_which_input(name):
    frame = published(name)
    target = target_of(frame)
    piece = piece_at(frame, frame.cursor, target.unit)
    numbers = [*frame.cursor, *piece.slopes, piece.offset]
    texts = {num(value, WIDE).strip() for value in numbers}
    for width in range(MIN_WIDTH, MAX_WIDTH + 1):
        for rows in (ROOMY - 1, ROOMY):
            canvas = Canvas(width, rows, DARK)
            draw_cursor(canvas, frame, target, 0, width, rows)
            lines = [line.split() for line in canvas.text_lines()]
            lines = [words for words in lines if words[:1] != ["flip"]]  # below the map
            assert texts <= {words[-1] for words in lines if words}
            places, slopes = lines[1:3], lines[-3:-1]
            if rows == ROOMY and slopes[0][0] in frame.view.names:  # without a ∂ of their own
                assert lines[-4] == ["slopes", "of", "ŷ" if piece.of_output else "z"]
            for found in (places, slopes):
                labels = [words[0] for words in found]
                assert len({*labels}) == len(labels)
                for label, feature in zip(labels, frame.view.names, strict=True):
                    assert label.lstrip("∂ŷz/")[:1] == feature[:1]


@pytest.mark.parametrize(("hidden", "weight", "said"), [((1,), 0.0, False), ((1,), 1.0, True)])
def test_a_knot_is_named_where_there_is_one(hidden, weight, said):
    frame = frame_of(dataset="line", hidden=hidden)
    network = Network.from_arrays([[[weight]], [[1.0]]], [[0.1], [0.0]], activation="relu")
    lines = drawn(OutputPane(), with_network(frame, network), (70, 20))
    assert any("knot" in line for line in lines) == said
