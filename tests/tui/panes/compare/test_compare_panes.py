"""Compare: lines that can be told apart, one legend, and a map of the difference."""

import re
from dataclasses import replace

import numpy as np
import pytest
from frames import drawn, framed
from screen import press, running, text

from engine import Experiment
from tui.drawing.canvas import Canvas
from tui.drawing.cells import padded
from tui.drawing.glyphs import UNICODE
from tui.drawing.numbers import num
from tui.drawing.palette import DARK
from tui.drawing.plot import Series, log_axis
from tui.model.activation_samples import raster_of
from tui.panes.base.look import Look
from tui.panes.base.pane import Pane
from tui.panes.compare.difference_map import DifferenceMapPane, difference, has_map
from tui.panes.compare.loss import ComparedLossPane, _dotted, _thick
from tui.panes.compare.output import ComparedOutput
from tui.panes.compare.runs import RunsPane, settings_text
from tui.screens.layout.compare import MAPS
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


def test_the_name_of_a_run_has_a_cell_for_each_that_it_takes():
    session = Session(Experiment())
    session.branch_off()
    session.runs.rename("学习率")
    frame = framed(session, "compare")
    head, *rows = map(padded, drawn(RunsPane(), frame, (52, 12))[:3])
    end = head.index("C test") + len("C test")
    assert all(re.fullmatch(r" *\d\.\d+", row[end - 7 : end]) for row in rows)
    assert "学习率 test" in "\n".join(drawn(ComparedLossPane(), frame, (60, 12)))


def test_lines_of_the_runs_that_have_no_test_data_are_not_promised(two):
    without = pair(dataset="mtcars", hidden=(4,), learning_rate=0.01)
    assert "test" not in "\n".join(drawn(ComparedLossPane(), without, (60, 12)))
    assert "no test data" in ComparedLossPane().titles(without)[1]
    assert "test" not in ComparedLossPane().titles(two)[1]
    one = two.comparison.pair[1]._replace(test_cost=None)
    comparison = two.comparison._replace(pair=(two.comparison.pair[0], one))
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


def test_the_map_of_the_difference_is_the_output_of_b_less_that_of_a(two):
    comparison = two.comparison
    a, b = (raster_of(frame).output(0, 16) for frame in comparison.frames)
    np.testing.assert_array_equal(difference(comparison, 16), b - a)
    assert np.abs(b - a).max() > 0.0
    first, second = (float(f.outputs(two.cursor[None, :])[0, 0]) for f in comparison.frames)
    for size in ((24, 11), (36, 19), (60, 20)):
        pane = DifferenceMapPane(id="difference")
        text = "\n".join(drawn(pane, two, size))
        assert num(second - first).strip() in text and "┼" in text and "x₂" in text
        assert pane.titles(two)[0] == "ŷ of B − ŷ of A"
        output = ComparedOutput(0, "first")
        drawn(output, two, size)
        assert pane._grid == output._grid, size  # as large as the outputs, with the same axes


def test_the_name_of_the_difference_is_that_of_the_runs_that_are_compared(two):
    names = "long one", "another 1"
    runs = tuple(
        run._replace(name=name) for run, name in zip(two.comparison.pair, names, strict=True)
    )
    frame = replace(two, comparison=two.comparison._replace(pair=runs))
    forms = []
    pane = DifferenceMapPane(id="difference")
    pane.fitting_title = lambda *texts: forms.extend(texts) or texts[-1]
    pane.titles(frame)
    assert "ŷ: another 1 − long one" in forms and not any("B" in form for form in forms)


def test_there_is_no_map_of_a_curve_or_of_one_run(two):
    curve = pair(dataset="sine", hidden=(4,))
    assert not has_map(curve.comparison)
    for frame in (curve, framed(Session(Experiment()), "compare")):
        assert not "".join(drawn(DifferenceMapPane(id="difference"), frame, (42, 14))).strip()


def test_runs_that_are_equal_have_no_scale_of_differences():
    session = Session(Experiment())
    session.time.step(5)
    session.branch_off()
    frame = framed(session, "compare")
    text = "\n".join(drawn(DifferenceMapPane(id="difference"), frame, (42, 12)))
    assert "0.000" in text and "−1" not in text


def test_a_run_has_its_step_and_its_costs_beside_its_name(two):
    for width, rows in ((36, 1), (54, 1), (35, 2)):
        head, *lines = drawn(RunsPane(), two, (width, 6))
        assert head.split() == ["run", "step", "C", "C", "test"]
        for i, run in enumerate(two.comparison.pair):
            line = lines[rows * i]
            assert re.search(rf"{run.name} +{run.step} +{run.cost:.4f} +{run.test_cost:.4f}", line)
            assert ("η 0.03", "η 0.12")[i] in lines[rows * i + rows - 1]
    without = pair(dataset="mtcars", hidden=(4,), learning_rate=0.01)
    assert "test" not in drawn(RunsPane(), without, (54, 6))[0]


def test_a_title_names_the_step_first_where_the_runs_are_at_different_ones(two):
    session = Session(Experiment())
    session.time.step(75)
    session.branch_off()
    session.time.step(50)
    session.time.compare(True)
    frame = framed(session, "compare")
    titles = [ComparedOutput(i, "output").titles(frame)[0] for i in (0, 1)]
    assert [title[: title.index(" · C")] for title in titles] == ["A · step 75", "▸B · step 125"]
    session.time.step(1)
    assert "step" not in ComparedOutput(0, "output").titles(framed(session, "compare"))[0]


async def test_differences_are_shown_once_there_are_some_and_all_maps_are_of_one_size():
    async with running(Experiment(), (160, 48)) as (app, pilot):
        app.end_demo()
        app.seek(20)
        await press(app, pilot, "vertical_line")
        shown = {pane.id for pane in app.screen.query(Pane) if pane.display}
        assert shown == {"first-output", "second-output", "loss"}  # one run
        await press(app, pilot, "B")
        assert app.screen.query_one("#difference").display
        assert not app.screen.query_one("#differences").display
        await press(app, pilot, "right_square_bracket", "right")
        assert app.screen.query_one("#differences").display
        maps = [app.screen.query_one(f"#{id}")._grid for id in MAPS]
        assert maps[0] == maps[1] == maps[2]


async def test_the_key_bar_says_that_a_step_on_trains_the_run_behind_too():
    async with running(Experiment(), (120, 40)) as (app, pilot):
        app.end_demo()
        app.seek(20)
        await press(app, pilot, "B", "right", "vertical_line")
        assert ", . train all" in text(app)
        await press(app, pilot, "right")
        assert ", . step" in text(app)
        assert [run.live.step_count for run in app.session.runs.live] == [22, 22]


def test_of_many_settings_as_many_are_written_as_fit(two):
    settings = {"learning_rate": 0.3, "l2": 0.01, "batch_size": 5}
    run = two.comparison.pair[0]
    rooms = {30: "η 0.3, l2 0.01, batch 5", 18: "η 0.3, l2 0.01 + 1", 11: "η 0.3 + 2"}
    for room, expected in rooms.items():
        assert settings_text(run, settings, UNICODE, room) == expected


def test_drawing_needs_no_colour(two):
    pane, canvas = DifferenceMapPane(id="map"), Canvas(42, 12, DARK, UNICODE, colour=False)
    pane.look = Look()
    pane.draw(canvas, two)
    assert "▀" not in "".join(canvas.text_lines())


@pytest.mark.parametrize("size", [(120, 40), (160, 50), (200, 60)])
async def test_the_marks_of_the_maps_are_explained_once(size):
    async with running(Experiment(), size) as (app, pilot):
        app.end_demo()
        app.seek(20)
        await press(app, pilot, "B", "right", "vertical_line")
        legends = re.findall(r"• (?:target )?\+1 .*?◦ (?:target )?−1|• target \+1", text(app))
        assert len(legends) == 1
        if size == (120, 40):
            assert "• +1  ◦ −1  × ⊠ wrong  ▪ ▫ test" in text(app)
