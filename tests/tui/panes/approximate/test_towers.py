"""The map of towers: the numbers of the selected box, and of all of them."""

import re

import numpy as np
import pytest
from frames import drawn, framed, posted

from engine import Experiment
from tui.drawing.glyphs import ASCII
from tui.drawing.numbers import cost_text, num
from tui.panes.approximate.towers import TowersPane
from tui.session.session import Session

SIZES = ((76, 20), (118, 34), (60, 40))


def session_of(**experiment):
    experiment = {"dataset": "reg-gauss", "hidden": (4,), **experiment}
    return Session(Experiment(**experiment))


def value(lines, label):
    """The number behind a label."""
    (found,) = re.findall(rf"{re.escape(label)} +([+−]?[\d.e−]+)", "\n".join(lines))
    return found


@pytest.mark.parametrize("size", SIZES)
def test_the_selected_box_s_numbers_are_shown(size):
    session = session_of()
    session.approximation.boxes.box = 6
    frame = framed(session, "approximate")
    grid = frame.approximation.towers.grid
    lines = drawn(TowersPane(), frame, size)
    assert value(lines, "height h") == num(grid.heights[6], 8).strip()
    assert value(lines, "ŷ in it") == num(grid.tops[6], 8).strip()
    assert value(lines, "mean square") == cost_text(grid.mean_square)
    assert f"[{num(grid.heights[6]).strip()}]" in "".join(lines)
    if size == SIZES[1]:
        edges = [value(lines, f"x{i} {end}") for i in "₁₂" for end in ("from", "to")]
        assert edges == [num(edge, 8).strip() for edge in grid.boxes[6].tolist()]
        assert value(lines, "examples") == str(grid.counts[6])
        assert value(lines, "the network's") == cost_text(frame.cost)


def test_the_bound_says_where_it_holds():
    frame = framed(session_of(), "approximate")
    grid = frame.approximation.towers.grid
    shown = " ".join(" ".join(line[70:] for line in drawn(TowersPane(), frame, (118, 34))).split())
    exponent = f"{grid.bound:.0e}".replace("e-0", "e−")
    assert f"within {exponent} of the height" in shown
    assert "from all edge lines" in shown
    assert grid.distance * 4.0 == pytest.approx(grid.side)


def test_of_another_loss_there_is_no_mean_square_of_the_network_and_of_a_diverged_run_no_number():
    diverged = session_of(output="identity", learning_rate=1e6)
    diverged.time.step(200)
    lines = drawn(TowersPane(), framed(diverged, "approximate"), (118, 34))
    assert re.search("the network's +–", "\n".join(lines))


def test_arrows_and_clicks_select_the_box_they_point_at(monkeypatch):
    pane = TowersPane()
    frame = framed(session_of(), "approximate")
    drawn(pane, frame, (118, 34))
    sent = posted(pane, monkeypatch)
    pane.move(1, 0)
    pane.move(0, -1)  # up
    assert [(message.dx, message.dy) for message in sent] == [(1, 0), (0, 1)]


def test_in_ascii_and_without_colour_the_selected_box_has_its_height_in_brackets():
    frame = framed(session_of(), "approximate")
    height = num(frame.approximation.towers.grid.heights[0]).strip().replace("−", "-")
    lines = drawn(TowersPane(), frame, (118, 34), ASCII, False)
    assert f"[{height}]" in "".join(lines) and "".join(lines).isascii()


@pytest.mark.parametrize("size", [(1, 1), (6, 3), (20, 5), (200, 60)])
def test_any_size_is_drawn(size):
    for per_side in (1, 8):
        session = session_of()
        session.approximation.boxes.per_side = per_side
        drawn(TowersPane(), framed(session, "approximate"), size)


def test_inputs_on_a_line_and_a_single_example_are_drawn(tmp_path):
    for name, rows in (("line", "1,2,3\n2,4,4\n3,6,5"), ("one", "1,2,3")):
        path = tmp_path / f"{name}.csv"
        path.write_text(f"a,b,y\n{rows}\n", encoding="utf-8")
        frame = framed(session_of(dataset=str(path)), "approximate")
        assert np.isfinite(frame.approximation.towers.grid.largest)
        assert "largest error" in "".join(drawn(TowersPane(), frame, (76, 20)))


def test_data_with_classes_or_another_number_of_inputs_have_no_towers():
    for dataset in ("circle", "mtcars", "sine"):
        frame = framed(session_of(dataset=dataset), "approximate")
        assert frame.approximation.towers is None
        assert not "".join(drawn(TowersPane(), frame, (76, 20))).strip()


def test_enter_explains_the_height_of_the_selected_box():
    session = session_of()
    session.approximation.boxes.box = 9
    frame = framed(session, "approximate")
    grid = frame.approximation.towers.grid
    explainable = TowersPane().explainable(frame)
    assert explainable.explain().symbol.value == pytest.approx(grid.heights[9], rel=1e-12)
    assert explainable.position() == (9, 16)


async def test_towers_at_three_sizes(snapshot):
    def draw(nudge):
        session = session_of()
        session.approximation.boxes.select(5)
        frame = framed(session, "approximate")
        return "\n".join(line for size in SIZES for line in drawn(TowersPane(), frame, size)) + "\n"

    await snapshot("panes-towers", draw)
