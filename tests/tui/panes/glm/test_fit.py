"""What was observed, both curves and where P = 0.5 are drawn on the GLM's fit where they are."""

import csv
import json
import re
from collections import defaultdict
from dataclasses import replace
from math import log
from pathlib import Path

import numpy as np
import pytest
from frames import drawn, frame_of, framed

import engine
from engine import Experiment
from tui.drawing.braille import BRAILLE
from tui.drawing.canvas import Canvas
from tui.drawing.glyphs import ASCII, UNICODE
from tui.drawing.grid import Grid
from tui.drawing.palette import DARK
from tui.model.frame import Frame
from tui.model.glm.choice import GlmChoice
from tui.model.glm.compute_facts import glm_facts
from tui.model.glm.model import glm_experiment
from tui.model.glm.observed import half_input, shares_of, tenths_of
from tui.panes.glm.axes import dotted, mark_of
from tui.panes.glm.fit import GlmFitPane
from tui.panes.glm.fit_curve import TEST
from tui.session.session import Session

CSV = Path(engine.__file__).parent / "data/csv"
REFERENCE = Path(__file__).parents[3] / "reference/glm.json"
SIZES = [(38, 15), (60, 20), (90, 31), (141, 24)]


def glm_frame(dataset: str, steps: int = 0, choice: GlmChoice | None = None, **changes) -> Frame:
    """The frame of the one-layer network that is the GLM, after so many steps."""
    start = Session(Experiment(dataset=dataset, hidden=()))
    choice = choice or glm_facts(framed(start)).choice
    experiment = glm_experiment(start.experiment, start.prepared.dataset, choice)
    session = Session(replace(experiment, **changes))
    session.time.step(steps)
    frame = framed(session)
    return replace(frame, glm=glm_facts(frame, choice))


def plotted(frame: Frame, size=(60, 20), glyphs=UNICODE) -> tuple[Canvas, GlmFitPane]:
    """The canvas of the pane, and the pane."""
    canvas, pane = Canvas(*size, DARK, glyphs, True), GlmFitPane()
    pane.draw(canvas, frame)
    return canvas, pane


def table(name: str) -> list[dict[str, str]]:
    with (CSV / f"{name}.csv").open(encoding="utf-8") as file:
        return [*csv.DictReader(file)]


def published(name: str) -> dict[float, tuple[int, int]]:
    """Events and trials by the input, as the file has them."""
    counts: dict[float, list[int]] = defaultdict(lambda: [0, 0])
    for row in table(name):
        if name == "beetles":
            counts[float(row["dose"])] = [int(row["died"]), int(row["exposed"])]
        else:
            counts[float(row["temperature"])][0] += row["distress"] == "yes"
            counts[float(row["temperature"])][1] += 1
    return {x: (events, trials) for x, (events, trials) in counts.items()}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["beetles", "challenger"])
def test_observed_proportions_stand_in_their_cells_the_larger_for_more_trials(name, size):
    """The cells are worked out from the file and the ticks: 0 and 1 are the middles of rows."""
    frame = glm_frame(name, 3)
    canvas, pane = plotted(frame, size)
    lines, groups = canvas.text_lines(), published(name)
    bottom, top = (next(i for i, s in enumerate(lines) if s.split()[:1] == [t]) for t in "01")
    low, high = frame.view.box[0]
    left, width = pane._grid.left, pane._grid.width
    most = max(trials for _, trials in groups.values())
    cells = defaultdict(list)
    for x, (events, trials) in groups.items():
        column = left + int((x - low) / (high - low) * width)
        row = bottom - (bottom - top) * events / trials
        cells[column, int(row + 0.5)].append(trials)
        if abs(row % 1.0 - 0.5) < 1e-9:  # on the edge of two
            cells.pop((column, int(row + 0.5)))
    cursor = left + pane._grid.column(frame.cursor[0])
    checked = 0
    for (column, row), trials in cells.items():
        mark = lines[row][column]
        if mark in "◉┼" or column == cursor:
            continue
        assert mark == ("●" if max(trials) > most / 2 else "•"), (column, row, lines)
        checked += 1
    assert checked >= len(groups) / 2


def test_a_group_counts_the_trials_and_events_of_the_published_table():
    for name in ("beetles", "challenger"):
        frame, groups = glm_frame(name), published(name)
        shares = shares_of(frame.glm.model)
        found = {
            float(frame.data.X[row, 0]): (int(k), int(n))
            for row, k, n in zip(shares.rows, shares.successes, shares.trials, strict=True)
        }
        assert found == groups
    assert shares_of(glm_frame("dobson").glm.model) is None  # counts are no proportions


def test_marks_grow_with_the_number_of_trials_and_equal_numbers_have_equal_marks():
    generator = np.random.default_rng(3)
    for _ in range(50):
        trials = np.sort(generator.integers(1, 200, 12)).astype(float)
        for glyphs, signs in ((UNICODE, "•●"), (ASCII, "oO")):
            sizes = [signs.index(mark) for mark in mark_of(glyphs, trials)]
            assert sizes == sorted(sizes) and sizes[-1] == 1
            by_trials = defaultdict(set)
            for size, n in zip(sizes, trials, strict=True):
                by_trials[n].add(size)
            assert all(len(sizes) == 1 for sizes in by_trials.values())


def test_the_key_says_how_many_trials_a_mark_stands_for():
    lines = " ".join(drawn(GlmFitPane(), glm_frame("challenger"), (60, 20)))
    assert "• n 1 to 2  ● n 3 to 4" in lines and "example 1: 1 of 1 yes" in lines
    lines = " ".join(drawn(GlmFitPane(), glm_frame("beetles"), (60, 20)))
    assert "● n 56 to 63" in lines and "example 1: 6 of 59 died" in lines
    assert "wrong" not in lines


def test_p_is_a_half_at_minus_b_over_w_and_says_so_on_the_axis_and_in_words():
    """The coefficients of R's glm for the O-rings of Dalal, Fowlkes and Hoadley (1989)."""
    case = json.loads(REFERENCE.read_text(encoding="utf-8"))["challenger_logit"]
    b, w = map(float, case["result"]["coef"])
    frame = glm_frame("challenger", 3)
    assert half_input(frame.glm) == pytest.approx(-b / w, rel=1e-9)
    value = f"{-b / w:.2f}"
    assert value == "64.79"
    for size in SIZES:
        canvas, pane = plotted(frame, size)
        lines = canvas.text_lines()
        axis = lines[pane._grid.height]
        assert re.search(rf"(?<!\S){value}(?!\d)", axis)
        place = pane._grid.left + pane._grid.column(-b / w)
        assert axis.index(value) - 1 <= place <= axis.index(value) + len(value)
        named = "(temperature )" + "?" * (size[1] < 16)  # the title has it too
        assert re.search(rf"= 0\.5 at {named}{value}", " ".join(lines))
    assert "P(yes) = 0.5 at temperature 64.79" in " ".join(drawn(GlmFitPane(), frame, (60, 20)))


@pytest.mark.parametrize("link", ["logit", "probit", "cloglog"])
def test_at_that_place_the_model_says_a_half_whatever_the_link(link):
    facts = glm_frame("beetles", 0, GlmChoice("binomial", link)).glm
    x = half_input(facts)
    assert facts.fit.predict([[x]])[0] == pytest.approx(0.5, abs=1e-12)
    if link == "cloglog":
        b, w = facts.fit.coefficients
        assert x == pytest.approx((log(log(2.0)) - b) / w, rel=1e-12)


def written(tmp_path, rows: str, **choice) -> Frame:
    path = tmp_path / "made.csv"
    path.write_text("x,hit\n" + rows, encoding="utf-8")
    frame = frame_of(dataset=str(path), hidden=())
    return replace(frame, glm=glm_facts(frame, **choice))


def hits(*events: int) -> str:
    """Ten rows for each x = 1, 2, …, so many of them hits."""
    lines = [f"{x},{'yes' if i < k else 'no'}" for x, k in enumerate(events, 1) for i in range(10)]
    return "\n".join(lines) + "\n"


def text_of(frame: Frame, size=(80, 20)) -> str:
    return " ".join(" ".join(drawn(GlmFitPane(), frame, size)).split())


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ((0, 1, 1, 2, 2, 3, 4), "= 0.5 at x {x}, outside the plot"),
        ((1, 1, 2, 1, 1, 2, 1), "P(yes) < 0.5 all over the plot"),
        ((9, 9, 8, 9, 9, 8, 9), "P(yes) > 0.5 all over the plot"),
    ],
)
def test_a_half_outside_the_plot_is_said_to_be_there(events, said, tmp_path):
    frame = written(tmp_path, hits(*events))
    text, x = text_of(frame), half_input(frame.glm)
    low, high = frame.view.box[0]
    assert not low <= x <= high
    assert said.format(x=f"{x:.4g}") in text
    canvas, pane = plotted(frame, (80, 20))
    assert f"{x:.4g}" not in canvas.text_lines()[pane._grid.height]


def test_no_half_is_claimed_where_there_is_none_to_read_off(tmp_path):
    separated = written(tmp_path, hits(0, 0, 0, 10, 10, 10))
    assert separated.glm.fit.separation
    two_values = written(tmp_path, hits(2, 8))
    two_inputs = glm_frame("xor")
    counts = glm_frame("dobson")
    squares = glm_frame("challenger", 0, GlmChoice("gaussian", "identity"))
    for frame in (separated, two_values, two_inputs, counts, squares):
        assert half_input(frame.glm) is None
        assert "0.5 at" not in text_of(frame) and "all over the plot" not in text_of(frame)


def test_the_network_is_dotted_the_glm_is_not_and_both_are_named_at_their_ends():
    """Without colour: the GLM has dots in each column of its cells, the network gaps."""
    frame = glm_frame("beetles", 4)
    canvas, pane = plotted(frame, (90, 31))
    grid, lines = pane._grid, canvas.text_lines()
    dots = {"GLM": 0, "network": 0}
    for row in range(grid.height):
        for column in range(grid.left, grid.left + grid.width):
            if BRAILLE < (code := ord(lines[row][column])) <= BRAILLE + 255:
                ink = canvas.ink[row, column]
                name = "GLM" if ink == DARK.hi else "network"
                dots[name] += bin(code - BRAILLE).count("1")
    assert dots["GLM"] > 1.5 * grid.width
    assert 0 < dots["network"] < 0.7 * grid.width
    right = frame.view.box[0][1]
    step = (grid.box[0][1] - grid.box[0][0]) / 512
    for name, shown in (("GLM", frame.glm.model.network), ("network", frame.network)):
        x = frame.data.x_scale.apply(np.array([[right - step / 2]]))
        end = grid.row(float(shown.predict(x)[0, 0]))
        at = next(i for i, line in enumerate(lines) if re.search(rf"{name}$", line.rstrip()))
        assert abs(at - end) <= 1


def test_a_test_example_does_not_hide_one_of_the_fit():
    """Where examples are many, the curves hide both."""
    frame = glm_frame("sine")
    canvas, pane = plotted(frame, (60, 20))
    grid, lines = pane._grid, canvas.text_lines()
    train = frame.data.train
    points = np.column_stack([frame.data.columns[train, 0], frame.data.Y[train, 0]])
    signs = [lines[row][grid.left + column] for column, row in grid.cells(points)]
    assert len(train) > grid.width and TEST in "".join(lines[: grid.height])
    assert TEST not in signs


@pytest.mark.parametrize("slope", [0.0, 0.3, 1.0, -1.0, 3.0, -7.0])
def test_a_dotted_line_has_every_fourth_dot_of_its_curve_whatever_its_slope(slope):
    heights = 0.5 - slope * (np.linspace(0.0, 1.0, 512) - 0.5) * 80 / 240
    dots = Grid(0, 40, 60, ((0.0, 1.0), (0.0, 1.0))).curve_dots(np.clip(heights, 0.0, 1.0))
    assert dotted(dots).sum() == pytest.approx(dots.sum() / 4.0, abs=1.0)
    assert not (dotted(dots) & ~dots).any()


@pytest.mark.parametrize("size", [(38, 17), (77, 30)])
def test_of_many_inputs_each_example_stands_at_its_mu_and_target(size):
    frame = glm_frame("dobson", 4)
    canvas, pane = plotted(frame, size)
    grid, lines = pane._scatter, canvas.text_lines()
    fit = frame.glm.fit
    (x_low, x_high), (y_low, y_high) = grid.box
    assert (x_low, x_high) == (y_low, y_high)
    y = np.array([float(row["count"]) for row in table("dobson")])
    for i, (mu, target) in enumerate(zip(fit.fitted, y, strict=True)):
        column = grid.left + int((mu - x_low) / (x_high - x_low) * grid.width)
        row = int((y_high - target) / (y_high - y_low) * grid.height)
        expected = "◉" if i == frame.example else "•" if target > mu else "◦"
        assert lines[row][column] in {expected, "◉"}


def test_examples_that_the_model_predicts_lie_on_the_diagonal_and_others_do_not(tmp_path):
    rows = "\n".join(f"{a},{b},{c},{a + 2 * b - c + 1}" for a, b, c in np.eye(3, dtype=int)[::1])
    more = "\n".join(f"{a},{a * a % 7},{a % 3},{a + 2 * (a * a % 7) - a % 3 + 1}" for a in range(9))
    path = tmp_path / "plane.csv"
    path.write_text(f"a,b,c,y\n{rows}\n{more}\n", encoding="utf-8")
    frame = frame_of(dataset=str(path), hidden=())
    frame = replace(frame, glm=glm_facts(frame, GlmChoice("gaussian", "identity")))
    _, pane = plotted(frame, (50, 20))
    points = pane._observed.points
    assert points[:, 0] == pytest.approx(points[:, 1], abs=1e-9)
    _, pane = plotted(glm_frame("dobson"), (50, 20))
    assert (np.abs(np.diff(pane._observed.points, axis=1)) > 0.1).all()


def test_classes_of_many_inputs_are_in_tenths_with_the_proportion_in_each(tmp_path):
    generator = np.random.default_rng(5)
    X = generator.normal(size=(200, 3))
    y = generator.random(200) < 1.0 / (1.0 + np.exp(-X @ [1.0, -0.5, 0.3]))
    path = tmp_path / "many.csv"
    lines = [",".join([*map(str, x), "yes" if hit else "no"]) for x, hit in zip(X, y, strict=True)]
    path.write_text("a,b,c,y\n" + "\n".join(lines) + "\n", encoding="utf-8")
    frame = frame_of(dataset=str(path), hidden=())
    frame = replace(frame, glm=glm_facts(frame))
    tenths = tenths_of(frame.glm.model)
    assert tenths.trials.tolist() == [20.0] * 10
    order = np.argsort(frame.glm.fit.fitted)
    by_tenth = frame.glm.model.y[order].reshape(10, 20).sum(axis=1)
    assert tenths.successes.tolist() == by_tenth.tolist()
    assert (tenths.trials * tenths.fitted).sum() == pytest.approx(tenths.successes.sum())
    assert "in tenths" in text_of(frame, (50, 20)) or "in each tenth" in text_of(frame, (50, 20))
