"""The layers table: an example's block and the batch's, never to be mixed up, and the weights."""

import re
from dataclasses import replace

import numpy as np
import pytest
from frames import drawn, frame_of
from hypothesis import given
from hypothesis import strategies as st

from engine import Network
from tui.drawing.canvas import Canvas
from tui.drawing.glyphs import ASCII, UNICODE
from tui.drawing.numbers import cost_text, norm, num
from tui.drawing.palette import DARK
from tui.experiments import library
from tui.model.frame import Frame
from tui.panes.base.look import Look
from tui.panes.explore.layer_columns import MAX_BAR, PITCH, columns_of
from tui.panes.explore.layer_numbers import VISIBLE, bar_end, without_rounding
from tui.panes.explore.layers import LayersPane
from tui.session.session import Session

NUMBER = re.compile(r"(?<![\w.])[+−]?\d+(?:\.\d*)?(?:e−?\d+)?(?![\w.])")


@pytest.fixture(scope="module")
def circle() -> Frame:
    return frame_of(20)


def published(name: str) -> Frame:
    session = Session(library.built_in(name))
    session.time.step(20)
    return session.frame()


def canvas_of(frame: Frame, width: int, height: int) -> Canvas:
    canvas, pane = Canvas(width, height, DARK), LayersPane()
    pane.view, pane.look = frame, Look(DARK)
    pane.draw(canvas, frame)
    return canvas


@pytest.mark.parametrize(("glyphs", "by"), [(UNICODE, 1), (ASCII, 9)], ids=["unicode", "ascii"])
def test_two_heads_stand_at_every_width_and_each_over_its_own_numbers(circle, glyphs, by) -> None:
    rule = glyphs.rule
    for width in range(28, 241, by):
        blocks, heads, *rows = drawn(LayersPane(), circle, (width, 6), glyphs)
        (middle, *_) = [x for x, char in enumerate(blocks) if char == rule]
        assert blocks[:middle].startswith("example 1")
        assert "batch" in blocks[middle:]
        assert glyphs.delta in heads[:middle] and glyphs.dC_db in heads[middle:]
        assert glyphs.dC_db not in heads[:middle]
        assert all(row[middle] == rule for row in rows), "the rule runs through all rows"


def test_a_layer_with_a_long_name_has_its_norm_too() -> None:
    """In ASCII ‖δ‖ of an identity layer had no room before the bars."""
    frame = published("mtcars")
    line = next(row for row in drawn(LayersPane(), frame, (45, 20), ASCII) if "identity" in row)
    assert re.search(r"^- 3 identity \|delta\| \d\.\d{4} -\|", line)


def test_no_number_is_cut_at_any_width(circle) -> None:
    frame = circle
    values = [*frame.single.forward.z, *frame.single.forward.a, *frame.single.deltas]
    texts = {num(v).strip() for array in values for v in array.ravel()}
    texts |= {num(v).strip() for g in frame.batch.bias_gradients for v in g}
    for g in frame.batch.weight_gradients:
        texts |= {norm(np.linalg.norm(row)).strip() for row in g}
        texts.add(norm(np.linalg.norm(g)).strip())
    texts |= {norm(np.linalg.norm(d)).strip() for d in frame.single.deltas}
    texts |= {num(v).strip() for v in frame.network.parameters} | {"0.000", "0.0000"}
    for width in [*range(30, 100), *range(100, 241, 7)]:
        for line in drawn(LayersPane(), frame, (width, 13))[2:]:
            line = re.sub("⁽[¹²³]⁾", "", line)
            for text in NUMBER.findall(line[3:]):
                assert text in texts or text in {"1", "2", "3", "4"}, f"{text} at {width}"


def test_the_head_of_the_example_says_which_and_that_of_the_batch_how_many(circle) -> None:
    row = int(circle.data.test[0])
    head = drawn(LayersPane(), replace(circle, example=row), (96, 14))[0]
    assert f"example {row + 1} of 500 (test)" in head and "next batch of 10" in head
    assert "mean of" not in head.split("│")[0]
    assert "(test)" not in drawn(LayersPane(), circle, (96, 14))[0]


@pytest.mark.parametrize(
    "kind", [{}, {"dataset": "sine", "hidden": (8,)}, {"dataset": "mtcars", "learning_rate": 1e-3}]
)
def test_in_batch_mode_the_mean_of_delta_is_the_gradient_of_the_bias_as_printed(kind) -> None:
    frame = replace(frame_of(20, **kind), batch_mode=True)
    head, columns, *rows = drawn(LayersPane(), frame, (90, 30))
    assert head.startswith("mean of the next batch") and "example" not in head
    delta, gradient = (columns.index(name) + len(name) for name in ("δ", "∂C/∂b"))
    shown = 0
    for row in rows:
        if row.startswith("┄ w"):
            break
        if re.match(r"[ \d] +\d ", row):
            numbers = row[:delta][-6:], row[:gradient][-6:]
            values = [float(text.replace("−", "-")) for text in numbers]
            assert values[0] == pytest.approx(values[1], rel=2e-3)
            shown += 1
    assert shown >= sum(frame.network.sizes[1:])


# bars


@given(st.integers(20, 400), st.integers(1, 999), st.integers(1, 60))
def test_columns_stand_apart_and_bars_are_alike_and_not_too_long(width, units, weights) -> None:
    columns = columns_of(width, units, weights)
    assert len({*columns.bars.values()}) <= 1
    assert max(columns.bars.values(), default=0) <= MAX_BAR
    ends, free = [*columns.ends.items()], columns.unit
    for name, end in ends:
        size = 7 if name == "‖∂C/∂w‖" else 6
        assert end - size > free, "a gap"
        if name == "∂C/∂b":
            assert free < columns.rule < end - size - 1 + 1
        free = end + (1 + columns.bars[name] if name in columns.bars else 0)
    if columns.weights is not None:
        assert columns.weights > free
        free = columns.weights + 1 + PITCH * weights
    assert free <= max(width, columns.unit + 2 * PITCH + 3)


@given(st.lists(st.floats(-1e300, 1e300), min_size=1, max_size=5))
def test_a_whole_bar_is_a_power_of_2_at_or_above_the_largest_number(numbers) -> None:
    end = bar_end([np.array(numbers)])
    largest = max(map(abs, numbers))
    assert np.frexp(end)[0] == 0.5
    assert largest <= end or end == 2.0**1000
    assert end >= VISIBLE
    assert end < 2.0 * max(largest, VISIBLE) * (1 + 1e-12)


@pytest.mark.parametrize(("bias", "shown"), [(2e-16, "0.000"), (3e-14, "+3e−14")])
def test_a_bias_of_rounding_is_0_and_one_that_is_small_is_not(bias: float, shown: str) -> None:
    frame = frame_of(dataset="cars", hidden=())
    network = Network.from_arrays([[[0.8]]], [[bias]], (), "identity")
    lines = drawn(LayersPane(), replace(frame, network=network), (54, 12))
    (row,) = [line.split() for line in lines if line.strip().startswith("b ")]
    assert row[1] == shown


def test_a_gradient_of_rounding_is_0_and_one_that_is_merely_small_is_not() -> None:
    noise = np.array([[0.3], [-0.1], [-0.2]])
    assert without_rounding(np.array([2.8e-17]), noise) == 0.0
    assert without_rounding(np.array([-6e-17]), np.array([[1.0], [-1.0]])) == 0.0
    small = np.array([[3e-17], [3e-17]])
    assert without_rounding(small.mean(axis=0), small) == 3e-17
    assert without_rounding(np.array([1e-12]), noise) == 1e-12
    assert without_rounding(np.array([-6e-17]), np.array([[-6e-17]])) == -6e-17, "one example"
    assert np.isnan(without_rounding(np.array([np.nan]), noise * np.nan)).all()


@pytest.mark.parametrize(("scale", "grey"), [(1.0, False), (1e-9, True)])
def test_bars_of_next_to_nothing_are_short_and_grey(circle, scale, grey) -> None:
    single, batch = circle.single, circle.batch
    frame = replace(circle)
    passes = {
        name: replace(one, deltas=tuple(d * scale for d in one.deltas),
                      weight_gradients=tuple(g * scale for g in one.weight_gradients),
                      bias_gradients=tuple(g * scale for g in one.bias_gradients))
        for name, one in (("single", single), ("batch", batch))
    }  # fmt: skip
    frame.__dict__.update(passes)
    canvas, lengths = canvas_of(frame, 56, 14), []
    for inks, line in zip(canvas.ink, canvas.text_lines(), strict=True):
        for bar in re.finditer("[━╸]+", line):
            lengths.append(bar.end() - bar.start())
            assert ({*inks[bar.start() : bar.end()].tolist()} == {DARK.low}) == grey
    assert (max(lengths) == 1) == grey


# weights


def listed(lines: list[str]) -> str:
    """What the table says from its weights on."""
    at = next((i for i, line in enumerate(lines) if re.match("┄ w", line)), len(lines))
    return "\n".join(lines[at:])


@pytest.mark.parametrize("name", ["longley", "challenger", "beetles", "iris", "cars"])
def test_the_weights_of_a_network_without_hidden_layers_are_listed_with_their_names(name) -> None:
    frame = published(name)
    assert len(frame.network.sizes) == 2
    for size in ((56, 14), (46, 14), (76, 18)):
        shown = listed(drawn(LayersPane(), frame, size))
        for value in frame.network.parameters:
            assert (num(value).strip() if abs(value) > 1e-14 else "0.000") in shown
        whole = size != (46, 14)
        for feature in frame.data.feature_names:
            assert (feature if whole else feature[:2]) in shown


def test_weights_have_a_block_of_their_own_where_there_is_room_and_none_where_not(circle) -> None:
    wide = drawn(LayersPane(), circle, (96, 14))
    assert wide[0].count("│") == 2 and "weights" in wide[0]
    rows = (line.split("│") for line in wide[2:])
    block = "\n".join(row[2] for row in rows if len(row) == 3)
    texts = [num(v).strip() for W in circle.network.weights for v in W.ravel()]
    texts += [num(v).strip() for b in circle.network.biases for v in b]
    assert sorted(block.replace("┄", "").split()) == sorted(texts)
    for size in ((56, 14), (52, 9)):
        lines = drawn(LayersPane(), circle, size)
        assert "weights" not in lines[0] and not listed(lines)
    assert listed(drawn(LayersPane(), circle, (56, 30))), "below, where rows are free"


def test_the_selected_weight_is_bold(circle) -> None:
    frame = replace(circle, unit=(2, 1), unit_lit=True, weight=3)
    canvas = canvas_of(frame, 96, 14)
    bold = ["".join(row[b]) for row, b in zip(canvas.chars, canvas.bold, strict=True) if b.any()]
    assert any(num(frame.network.weights[1][1, 3]).strip() in text for text in bold)
    rows = np.flatnonzero((canvas.ground == DARK.sel).all(axis=1))
    assert len(rows) == 1


def test_the_cost_of_the_example_is_whole_below_the_table(circle) -> None:
    for width in range(37, 100):
        last = drawn(LayersPane(), circle, (width, 24))[-1]
        assert last.endswith(f"= {cost_text(circle.example_cost)}")


def test_while_training_plays_y_hat_keeps_its_digits_and_the_numbers_after_it_their_places() -> (
    None
):
    session = Session(library.built_in("circle"))
    starts = set()
    for _ in range(8):
        session.time.step(7)
        frame = replace(session.frame(), playing=True)
        line = canvas_of(frame, 56, 17).text_lines()[-1]
        assert line.split()[:2] == ["ŷ", num(float(frame.prediction[0]), 8).strip()]
        starts.add((line.index("y +"), line.index("C_x")))
    assert len(starts) == 1
