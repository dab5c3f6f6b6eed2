"""The distance pane: what it foretells of descent comes true."""

from dataclasses import replace

import numpy as np
import pytest
from frames import drawn, framed

from engine import Experiment
from tui.drawing.glyphs import ASCII
from tui.drawing.numbers import norm
from tui.panes.linear.distance import DistancePane
from tui.session.session import Session

FULL = {"dataset": "line", "hidden": (), "batch_size": 1000}


def frame_of(steps=0, **experiment):
    session = Session(Experiment(**experiment))
    session.time.step(steps)
    return framed(session, "linear")


def value(lines, name):
    """The number at the end of the line that begins so."""
    (line,) = [line for line in lines if line.startswith(name)]
    return float(line.split()[-1])


def test_descent_leaves_of_the_distance_what_the_slowest_rate_says():
    before, after = (frame_of(n, learning_rate=0.02, **FULL) for n in (150, 151))
    lines = drawn(DistancePane(), before, (40, 12))
    shrunk = after.linear.distance / before.linear.distance
    assert value(lines, "slowest") == pytest.approx(shrunk, abs=1e-3)
    assert lines[0].split() == ["now", norm(before.linear.distance).strip()]


@pytest.mark.parametrize(("share", "arrives"), [(0.99, True), (1.01, False)])
def test_eta_max_is_where_descent_no_longer_arrives(share, arrives):
    largest = value(drawn(DistancePane(), frame_of(learning_rate=0.01, **FULL), (40, 12)), "η max")
    frames = [frame_of(n, learning_rate=share * largest, **FULL) for n in (10, 400)]
    assert (frames[1].linear.distance < frames[0].linear.distance) == arrives
    lines = drawn(DistancePane(), frames[0], (40, 12))
    assert any("η max = 2/λ_max < η" in line for line in lines) != arrives


def test_a_tall_pane_lists_every_eigenvalue():
    frame = frame_of(learning_rate=0.02, **FULL)
    lines = drawn(DistancePane(), frame, (40, 30))
    at = next(i for i, line in enumerate(lines) if line.split()[:1] == ["λ"])
    for line, eigenvalue in zip(lines[at + 1 :], frame.linear.rates.eigenvalues, strict=True):
        factor = abs(1.0 - 0.02 * eigenvalue)
        halves = np.log(0.5) / np.log(factor)
        assert line.split() == [norm(eigenvalue).strip(), norm(factor), f"{halves:.1f}"]


def test_many_steps_are_whole_and_have_their_thousands_set_apart():
    frame = frame_of(learning_rate=0.02, **FULL)
    factors = np.array([0.9995, 0.99999, 1.0 - 1e-12])
    rates = replace(frame.linear.rates, eigenvalues=np.ones(3), factors=factors)
    frame = replace(frame, linear=replace(frame.linear, rates=rates))
    lines = drawn(DistancePane(), frame, (40, 30))
    at = next(i for i, line in enumerate(lines) if line.split()[:1] == ["λ"])
    shown = [line[20:].strip() for line in lines[at + 1 :]]
    halves = np.log(0.5) / np.log(factors)
    assert shown[:2] == [f"{round(steps):,}".replace(",", " ") for steps in halves[:2]]
    assert float(shown[2]) == pytest.approx(halves[2], rel=1e-2)


@pytest.mark.parametrize("width", [14, 18, 24, 34, 60])
@pytest.mark.parametrize(
    ("experiment", "obstacle"),
    [
        ({"dataset": "line"}, "several layers"),
        ({**FULL, "optimizer": "adam"}, "adam"),
        ({**FULL, "l2": 0.1}, "a penalty"),
        ({**FULL, "batch_size": 2}, "mini-batches"),
        ({"dataset": "challenger", "hidden": ()}, "another cost"),
    ],
)
def test_why_there_are_no_rates_is_said_whole_in_every_width(experiment, obstacle, width):
    frame = frame_of(**experiment)
    lines = drawn(DistancePane(), frame, (width, 9))
    at = next(i for i, line in enumerate(lines) if line.startswith("no rate"))
    text = " ".join(" ".join(lines[at:]).split())
    long, short = frame.linear.rates_note, f"no rate of convergence: {obstacle}"
    assert text in (
        f"no rate of convergence: that is known {long}",
        *(short, f"no rate: {obstacle}", "no rate"),
    )


def test_where_there_are_no_rates_it_is_said_why():
    text = " ".join(" ".join(drawn(DistancePane(), frame_of(dataset="line"), (60, 12))).split())
    assert "no rate of convergence: that is known for one layer: a stack is not quadratic" in text


def test_the_plot_shows_the_run_and_dimly_what_lies_ahead():
    frame = frame_of(learning_rate=0.02, **FULL)
    steps = np.arange(0.0, 101.0)
    run = replace(frame.linear, distances=(steps, 10.0 ** (-steps / 20.0)), distance=10.0**-2.5)
    frame = replace(frame, linear=run, step=50, latest_step=100)
    lines = drawn(DistancePane(), frame, (40, 14))
    plot = [line[6:] for line in lines[1:-4]]
    columns = [x for row in plot for x, mark in enumerate(row) if "⠀" < mark <= "⣿"]
    assert min(columns) <= 1 and max(columns) >= 30
    assert lines[0].endswith("now 0.0032")


@pytest.mark.parametrize("distance", [0.0, np.nan, np.inf, 1e-300])
def test_any_distance_can_be_drawn(distance):
    frame = frame_of(learning_rate=0.02, **FULL)
    frame = replace(frame, linear=replace(frame.linear, distance=distance))
    for size in ((18, 9), (40, 12), (5, 2), (18, 4)):
        assert drawn(DistancePane(), frame, size)
    assert "".join(drawn(DistancePane(), frame, (40, 12), ASCII)).isascii()
    assert not any(drawn(DistancePane(), replace(frame, linear=None)))
