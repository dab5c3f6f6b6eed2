"""Compare: lines that can be told apart, one legend, and a map of the difference."""

import re
from dataclasses import replace

import numpy as np
import pytest
from frames import drawn, framed

from engine import Experiment
from tui.drawing.canvas import Canvas
from tui.drawing.glyphs import UNICODE
from tui.drawing.palette import DARK
from tui.drawing.plot import Series, log_axis
from tui.model.activation_samples import raster_of
from tui.panes.base.pane import Look
from tui.panes.compare.difference_map import difference, has_map
from tui.panes.compare.loss import ComparedLossPane, _dotted, _thick
from tui.panes.compare.output import ComparedOutput
from tui.panes.compare.runs import RunsPane, settings_text
from tui.session.session import Session


def pair(**experiment):
    session = Session(Experiment(**experiment))
    session.time.step(100)
    session.branch_off()
    session.change(learning_rate=0.12)
    session.time.step(40)
    return framed(session, "compare")


@pytest.fixture(scope="module")
def two():
    return pair()


@pytest.mark.parametrize("width", [25, 34, 47, 60])
def test_every_line_has_its_name_and_a_sample_at_its_end_at_60_80_and_120_columns(two, width):
    lines = drawn(ComparedLossPane(), two, (width, 12))
    ends = [line[-16:].strip() for line in lines]
    for sample in ("─ A", "━ B", "· A test", "• B test", "· OLS"):
        assert sum(bool(re.search(f"{sample}(?! test)", end)) for end in ends) == 1


def test_with_room_the_present_values_stand_beside_the_names(two):
    text = "\n".join(drawn(ComparedLossPane(), two, (60, 12)))
    for run in two.comparison.pair:
        assert re.search(rf"{run.name} +{run.cost:.4f}", text)
        assert re.search(rf"{run.name} test +{run.test_cost:.4f}", text)


def test_lines_of_the_runs_that_have_no_test_data_are_not_promised(two):
    without = pair(dataset="mtcars", hidden=(4,), learning_rate=0.01)
    assert "test" not in "\n".join(drawn(ComparedLossPane(), without, (60, 12)))
    assert "no test data" in ComparedLossPane().titles(without)[1]
    assert "test" not in ComparedLossPane().titles(two)[1]
    one = replace(two.comparison.pair[1], test_cost=None)
    comparison = replace(two.comparison, pair=(two.comparison.pair[0], one))
    frame = replace(two, comparison=comparison)
    assert "test of A only" in ComparedLossPane().titles(frame)[1]


def test_a_thick_line_is_two_dots_high_and_a_dotted_one_has_gaps():
    x, axis = np.linspace(0.0, 10.0, 50), log_axis(0.01, 1.0)
    line = Series(x, np.full(50, 0.1), 0)
    thick = _thick(line, axis, 0.05)
    np.testing.assert_allclose(np.unique(np.log10(thick.y).round(9)), [-1.0, -0.95])
    dots = _dotted(line, np.linspace(0.0, 10.0, 31))
    assert dots.dotted and len(dots.x) == 11


def test_the_legend_stands_once(two):
    first, second = (
        "\n".join(drawn(ComparedOutput(i, f"output-{i}"), two, (56, 22))) for i in (0, 1)
    )
    assert "• target +1" in first and "−1    0    +1" in first
    assert "target" not in second and "−1    0    +1" not in second
    assert "cursor" in first and "cursor" in second


def test_the_map_beside_the_runs_is_the_output_of_b_less_that_of_a(two):
    comparison = two.comparison
    a, b = (raster_of(frame).output(0, 16) for frame in comparison.frames)
    np.testing.assert_array_equal(difference(comparison, 16), b - a)
    assert np.abs(b - a).max() > 0.0
    for size in ((25, 14), (42, 9), (90, 30)):
        lines = drawn(RunsPane(), two, size)
        assert "ŷ" in "\n".join(lines) and "▀" in "\n".join(lines)
        assert all(f"{run.cost:.4f}" in "\n".join(lines) for run in comparison.pair)
    small = "\n".join(drawn(RunsPane(), two, (30, 5)))
    assert "▀" not in small


def test_there_is_no_map_of_a_curve_or_of_one_run(two):
    curve = pair(dataset="sine", hidden=(4,))
    assert not has_map(curve.comparison)
    assert "▀" not in "\n".join(drawn(RunsPane(), curve, (42, 14)))
    alone = framed(Session(Experiment()), "compare")
    text = " ".join(" ".join(drawn(RunsPane(), alone, (25, 6))).split())
    assert text == "There is one run. B begins another."


def test_runs_that_are_equal_have_no_difference():
    session = Session(Experiment())
    session.time.step(5)
    session.branch_off()
    frame = framed(session, "compare")
    assert "no difference" in "\n".join(drawn(RunsPane(), frame, (42, 12)))


def test_of_many_settings_as_many_are_written_as_fit(two):
    settings = {"learning_rate": 0.3, "l2": 0.01, "batch_size": 5}
    run = two.comparison.pair[0]
    rooms = {30: "η 0.3, l2 0.01, batch 5", 18: "η 0.3, l2 0.01 + 1", 11: "η 0.3 + 2"}
    for room, text in rooms.items():
        assert settings_text(run, settings, UNICODE, room) == text


def test_drawing_needs_no_colour(two):
    pane, canvas = RunsPane(), Canvas(42, 12, DARK, UNICODE, colour=False)
    pane.look = Look()
    pane.draw(canvas, two)
    assert "▀" not in "".join(canvas.text_lines())
