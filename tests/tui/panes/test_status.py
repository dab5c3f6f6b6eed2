"""The status line: what matters most stays, numbers keep their places, and the penalty is shown."""

import re
from dataclasses import replace

import numpy as np
import pytest
from frames import finish_counting, frame_of, framed, with_network

from engine import Experiment, Network, Trainer, backpropagate
from engine.network.penalty import penalty, penalty_gradient, weight_mask
from tui.drawing.canvas import Canvas
from tui.drawing.glyphs import ASCII, UNICODE
from tui.drawing.palette import DARK
from tui.experiments.library import built_in
from tui.model.regions.result import CountProgress, Regions, TooMany
from tui.panes.base import bars
from tui.panes.base.bars import StatusBar, shape_text, shown_file, summary
from tui.panes.base.status_bars import (
    BackpropStatusBar,
    GlmStatusBar,
    LinearStatusBar,
    RegionsStatusBar,
)
from tui.panes.base.status_help import MEANINGS, OTHER_NAMES, status_help
from tui.session.session import Session


def status(frame, width, bar=StatusBar):
    canvas = Canvas(width, 1, DARK, UNICODE)
    bar().draw(canvas, frame)
    return canvas.text_lines()[0]


@pytest.fixture(scope="module")
def circle():
    return frame_of(300)


@pytest.mark.parametrize("width", [80, 100, 120])
def test_the_accuracy_stays_however_large_the_numbers_grow(circle, width):
    for step, latest in ((0, 75), (225, 95_975), (9_999_999, 9_999_999)):
        frame = replace(circle, step=step, latest_step=latest, epoch=step // 25)
        assert re.search(r"acc\w* 100\.0 / 100\.0 %", status(frame, width)), step
    assert "C 0.0716" in status(circle, width)


def test_numbers_keep_their_places_when_a_cost_needs_a_cell_more(circle):
    small, large = (status(replace(circle, cost=cost), 120) for cost in (0.0716, 1.9047e9))
    assert "C 1.905e9" in large
    assert small.index("regions") == large.index("regions")


def test_the_excess_over_least_squares_stands_in_a_small_terminal_too():
    session = Session(built_in("cars"))
    session.time.step(10)
    line = status(framed(session, "linear"), 80, LinearStatusBar)
    assert "OLS" in line and "excess" in line


@pytest.mark.parametrize("penalties", [{"l2": 0.1}, {"l1": 0.01}, {"l1": 0.02, "l2": 0.3}])
@pytest.mark.parametrize("dataset", ["circle", "mtcars"])
def test_the_penalty_stands_beside_the_cost_and_they_add_up(dataset, penalties):
    frame = frame_of(50, dataset=dataset, **penalties)
    weights = np.concatenate([W.ravel() for W in frame.network.weights])
    l1, l2 = penalties.get("l1", 0.0), penalties.get("l2", 0.0)
    R = l1 * np.abs(weights).sum() + 0.5 * l2 * (weights**2).sum()
    assert frame.penalty == pytest.approx(R * frame.prepared.cost_scale, rel=1e-12)
    cost, shown, total = re.search(r"C (\S+) +\+ R (\S+) +=\s(\S+)", status(frame, 200)).groups()
    assert float(shown) == pytest.approx(frame.penalty, rel=0.05)
    decimals = len(total.partition(".")[2])
    assert round(float(cost) + float(shown), decimals) == float(total)
    assert float(total) == pytest.approx(frame.cost + frame.penalty, abs=0.51 * 10.0**-decimals)
    without = replace(frame, experiment=replace(frame.experiment, l1=0.0, l2=0.0))
    assert "+ R" in status(frame, 100) and "+ R" not in status(without, 200)


def test_the_cost_and_the_penalty_are_what_the_optimiser_minimises():
    """The central difference of C + R over the batch is the gradient that a step takes."""
    trainer = Trainer(replace(built_in("circle"), l1=0.02, l2=0.3, activation="tanh"))
    trainer.step(5)
    step = trainer.take_apart()
    network, mask = step.network, weight_mask(step.network)

    def minimised(parameters):
        inputs = step.batch.forward.a[0]
        batch = backpropagate(network.with_parameters(parameters), inputs, step.targets, step.loss)
        return batch.loss + penalty(parameters, mask, 0.02, 0.3)

    p, h = network.parameters, 1e-6
    estimate = [(minimised(p + d) - minimised(p - d)) / (2.0 * h) for d in h * np.eye(len(p))]
    assert np.allclose(estimate, step.penalised, atol=1e-8)
    added = step.penalised - step.batch.gradient
    assert np.allclose(added, penalty_gradient(p, mask, 0.02, 0.3), atol=1e-12)


BY_SCREEN = {
    "explore": StatusBar,
    "backprop": BackpropStatusBar,
    "regions": RegionsStatusBar,
    "linear": LinearStatusBar,
    "glm": GlmStatusBar,
}


def _situations():
    """Screens and frames in which all parts of all status lines occur."""
    experiments = (
        Experiment(l2=0.1),
        Experiment("line", hidden=(), train_fraction=0.8),
        Experiment("sine"),
        Experiment(hidden=(4,), activation="tanh"),
        built_in("challenger"),
        built_in("iris"),
    )
    for experiment in experiments:
        session = Session(experiment)
        session.time.step(9)
        session.time.step(-3)
        session.selection.degree = 2 if experiment.dataset == "line" else 1
        session.preferences = replace(session.preferences, predicting=True)
        session.selection.batch_mode = experiment.activation == "tanh"
        for screen in BY_SCREEN:
            session.advance(screen)
            finish_counting(session)
            yield screen, framed(session, screen)
    almost_meet = Network.from_arrays(
        [[[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]], [[1.0] * 3]], [[0.0, 0.0, 1e-13], [0.0]]
    )
    frame = with_network(frame_of(9), almost_meet)
    uncertain = frame.regions
    for regions in (
        uncertain,
        replace(uncertain, progress=CountProgress(12, 0.5)),
        replace(uncertain, reason=TooMany(10)),
        Regions(9, count=12),
        Regions(9, progress=CountProgress()),
    ):
        for screen in ("explore", "regions"):
            yield screen, replace(frame, regions=regions)


def test_the_help_says_what_every_part_of_a_status_line_means():
    seen = set()
    for screen, frame in _situations():
        for wide in (False, True):
            canvas = Canvas(120, 1, DARK, UNICODE)
            names = [part.name for part in BY_SCREEN[screen]().parts(frame, canvas, wide)]
            assert all(name in status_help(names) for name in names)
            seen.update(names)
    assert seen == MEANINGS.keys() | OTHER_NAMES.keys()


# the top bar


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
def test_the_top_bar_drops_whole_parts_and_cuts_none(circle, glyphs):
    dot, eta = glyphs.dot, glyphs.eta
    penalized = replace(circle, experiment=replace(circle.experiment, l2=0.1))
    whole = f"circle {dot} 2-4-3-1 relu {dot} SGD {eta} 0.03 L2 0.1"
    forms = {summary(penalized, glyphs, room) for room in range(4, 60)}
    allowed = {whole, whole[:-7], f"circle {dot} 2-4-3-1 relu", f"circle {dot} 2-4-3-1", "circle"}
    assert forms - {"cir…", "circ…"} == allowed
    for room in range(6, 60):
        assert len(summary(penalized, glyphs, room)) <= room
    assert summary(circle, UNICODE, 25) == "circle · 2-4-3-1 relu"


@pytest.mark.parametrize(
    ("hidden", "brief"),
    [
        ((8,) * 8, "2-8×8-1"),
        ((16, 4, 4, 4), "2-16-3×4-1"),
        ((4, 3), "2-4-3-1"),
        (tuple(range(2, 12)), "2-…-1"),
        ((), "2-1"),
    ],
)
def test_layers_of_the_same_size_are_counted_and_written_out_where_there_is_room(hidden, brief):
    sizes = (2, *hidden, 1)
    whole = "-".join(map(str, sizes))
    assert shape_text(sizes, UNICODE) == (whole, brief)
    assert shape_text(sizes, ASCII)[1] == brief.replace("×", "x").replace("…", "...")
    frame = frame_of(0, dataset="circle", hidden=hidden, activation="tanh")
    assert whole in summary(frame, UNICODE, 80)


def test_a_file_that_ascii_cannot_spell_is_named_by_its_kind():
    assert shown_file("面积.csv", UNICODE) == "面积.csv"
    assert shown_file("面积.csv", ASCII) == "csv file"
    assert shown_file("Häuser.csv", ASCII) == "Häuser.csv"


def test_at_60_columns_the_top_bar_has_room_for_the_name_of_the_data():
    for dataset in ("circle", "longley", "challenger"):
        frame = frame_of(0, dataset=dataset)
        (*_, (_, x, label)) = bars.tabs(60)
        assert summary(frame, UNICODE, 60 - 2 - x - len(label)).startswith(dataset)


def test_that_rounding_hides_the_check_is_said_in_words_and_touches_no_number(circle):
    frame = replace(circle)
    frame.__dict__["check"] = replace(circle.check, error=1.0, passed=True)
    assert re.search(r"∇ check hidden by rounding  accuracy 100\.0", status(frame, 140))
    assert re.search(r"∇ rounding  acc 100\.0", status(frame, 90))
