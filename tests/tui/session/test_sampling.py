"""Repeated sampling on Linear: what is counted, what is said of it, and when it is not said."""

from dataclasses import replace
from threading import Event

import numpy as np
import pytest
from frames import drawn, framed, wait_for_samples
from screen import press, running, text

import engine
from engine import Experiment
from tui.experiments.library import built_in
from tui.model.linear.coverage import ENOUGH
from tui.panes.linear.assumptions import AssumptionsPane
from tui.session.sampling import job
from tui.session.session import Session

LINE = Experiment("line", hidden=(), train_fraction=1.0)


@pytest.fixture(autouse=True)
def few_trainings(monkeypatch):
    monkeypatch.setattr(job, "TRAININGS", 3)


def sampled(experiment, steps=0):
    session = Session(experiment)
    session.time.step(steps)
    session.linear.sampling.toggle()
    framed(session, "linear")
    wait_for_samples(session)
    return session, framed(session, "linear")


def rows_of(frame):
    return {case.case: case for case in frame.linear.coverage.cases}


@pytest.mark.parametrize("dataset", ["line", "cars", "stackloss", "heavy-tails", "collinear"])
def test_with_normal_errors_of_equal_variance_the_intervals_hold_what_they_promise(dataset):
    _, frame = sampled(replace(built_in(dataset), hidden=()))
    case = rows_of(frame)["normal"]
    assert case.holds is True
    assert case.error_ratio == pytest.approx(1.0, abs=1e-9)
    assert abs(case.share - 0.95) < 4.0 * case.error


@pytest.mark.parametrize("dataset", ["heteroskedastic", "autocorrelated"])
def test_where_theory_says_that_they_fail_they_fail(dataset):
    _, frame = sampled(Experiment(dataset, hidden=(), train_fraction=1.0))
    case = rows_of(frame)[dataset]
    assert frame.linear.coverage.cases[0] is case and frame.linear.coverage.own == dataset
    expected = float(case.ols.expected_coverage[case.term])
    assert expected < 0.9 and case.holds is False
    assert case.share == pytest.approx(expected, abs=0.03)


def test_the_share_is_the_one_that_the_engine_counts_and_one_layer_ends_at_ols():
    session, frame = sampled(replace(LINE, learning_rate=0.02, batch_size=100))
    data, case = frame.data, rows_of(frame)["heteroskedastic"]
    x = frame.prepared.inputs[data.train]
    whole = engine.ols_coverage(x, [0.0, 1.0], "heteroskedastic", repetitions=job.TOTAL)
    assert case.share == whole.coverage[1]
    assert case.network.repetitions == 3
    assert case.network_ratio == pytest.approx(1.0, abs=1e-3)
    assert session.linear.sampling.busy is False


def test_collinear_inputs_widen_the_interval_and_do_not_break_it():
    _, frame = sampled(Experiment("collinear", hidden=(), train_fraction=1.0))
    case = rows_of(frame)["collinear"]
    assert case.holds is True
    assert case.widening == pytest.approx(1.0 / np.sqrt(1.0 - 0.99**2), rel=1e-6)  # √VIF
    vif = frame.linear.diagnosis.vif[0]
    assert rows_of(frame)["normal"].widening == pytest.approx(np.sqrt(vif), rel=1e-6)
    assert "collinear" not in rows_of(sampled(LINE)[1])  # one input


def test_without_enough_samples_nothing_is_said(monkeypatch):
    monkeypatch.setattr(job, "TOTAL", ENOUGH - 1)
    _, frame = sampled(replace(LINE, dataset="autocorrelated"))
    assert all(case.holds is None for case in frame.linear.coverage.cases)
    lines = drawn(AssumptionsPane(), frame, (60, 20))
    assert not {"✓", "✗"} & {*"".join(lines)}


def test_a_stopped_job_says_how_far_it_came_and_begins_again_when_asked(monkeypatch):
    begun, go_on = Event(), Event()
    steps = engine.ols_coverage_steps

    def slow(*arguments):
        for result in steps(*arguments):
            yield result
            begun.set()
            go_on.wait(30.0)

    monkeypatch.setattr(job, "ols_coverage_steps", slow)
    session = Session(replace(LINE, dataset="autocorrelated"))
    tracker = session.linear.sampling
    tracker.toggle()
    framed(session, "linear")
    begun.wait(30.0)
    assert tracker.busy
    tracker.cancel()
    go_on.set()
    wait_for_samples(session)
    frame = framed(session, "linear")
    found = frame.linear.coverage
    assert found.progress is None and found.cases[0].ols.repetitions < ENOUGH
    assert all(case.holds is None for case in found.cases)
    framed(session, "linear")
    assert tracker._job.cancelled  # it does not begin by itself
    tracker.toggle()
    tracker.toggle()
    framed(session, "linear")
    wait_for_samples(session)
    assert framed(session, "linear").linear.coverage.cases[0].holds is False


def test_another_network_is_sampled_anew_and_the_same_one_is_not():
    session, _ = sampled(LINE)
    first = session.linear.sampling._job
    session.time.step(5)
    framed(session, "linear")
    assert session.linear.sampling._job is first
    session.scale_learning_rate(0.5)
    framed(session, "linear")
    assert session.linear.sampling._job is not first
    wait_for_samples(session)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"output": "tanh"}, "No network: its output is tanh"),
        ({"bias": False}, "No network: the network has no biases"),
        ({"learning_rate": 40.0}, "all diverged"),
    ],
)
def test_a_network_that_cannot_be_compared_says_why(changes, said):
    _, frame = sampled(replace(LINE, hidden=(2,), activation="identity", **changes))
    case = rows_of(frame)["normal"]
    assert np.isnan(case.network_ratio) and case.holds is True
    assert said in " ".join(" ".join(drawn(AssumptionsPane(), frame, (110, 20))).split())


def test_of_a_perfect_fit_there_is_nothing_to_sample_and_it_says_why():
    _, frame = sampled(Experiment("reg-plane", hidden=()))
    assert "a perfect fit" in frame.linear.coverage.note
    assert "a perfect fit" in "".join(drawn(AssumptionsPane(), frame, (60, 12)))
    with pytest.raises(engine.EngineError, match="a perfect fit"):
        AssumptionsPane().explainable(frame).explain()


def test_of_as_many_examples_as_coefficients_there_is_nothing_to_sample_either():
    _, frame = sampled(Experiment("xor01", hidden=(2,), train_fraction=0.75))
    found = frame.linear.coverage
    assert found.note or all(case.note for case in found.cases)
    drawn(AssumptionsPane(), frame, (40, 10))
    with pytest.raises(engine.EngineError):
        AssumptionsPane().explainable(frame).explain()


@pytest.mark.parametrize("size", [(22, 6), (26, 9), (33, 9), (40, 10), (60, 20), (118, 34)])
@pytest.mark.parametrize("dataset", ["collinear", "heteroskedastic"])
def test_every_row_of_the_table_has_its_share_and_nothing_is_cut(dataset, size):
    _, frame = sampled(Experiment(dataset, hidden=(3,)))
    cases = frame.linear.coverage.cases
    for chosen in range(len(cases)):
        pane = AssumptionsPane()
        pane._chosen = chosen
        lines = drawn(pane, frame, size)
        assert not any(line.endswith("…") for line in lines)
        assert f"{100.0 * cases[chosen].share:.1f} %" in "".join(lines)
    explanation = pane.explainable(replace(frame)).explain()
    assert explanation.symbol.value == cases[-1].share


async def test_c_shows_the_coverage_and_the_tests_again_and_esc_stops(monkeypatch):
    go_on = Event()
    steps = engine.ols_coverage_steps

    def slow(*arguments):
        for result in steps(*arguments):
            yield result
            go_on.wait(30.0)

    monkeypatch.setattr(job, "ols_coverage_steps", slow)
    async with running(replace(LINE, dataset="autocorrelated"), (80, 24)) as (app, pilot):
        await press(app, pilot, "4", "c")
        assert "Coverage" in text(app) and "autocorrelated" in text(app)
        assert app.focused.id == "assumptions"
        tracker = app.session.linear.sampling
        assert tracker.busy
        await press(app, pilot, "down", "right")  # keys are answered meanwhile
        assert app.session.trainer.step_count == 1
        await press(app, pilot, "escape")
        assert not tracker.busy and "4 000 samples each" not in text(app).split("Coverage")[0]
        go_on.set()
        await press(app, pilot, "c")
        assert "Jarque–Bera" in text(app) and "Coverage" not in text(app)
        await press(app, pilot, "c")
        wait_for_samples(app.session)
        app.screen.look_again()
        await pilot.pause()
        assert "48." in text(app) or "49." in text(app)
        await press(app, pilot, "1")
        assert not tracker.busy


async def test_without_a_fit_c_says_why(monkeypatch):
    async with running(built_in("iris")) as (app, pilot):
        await press(app, pilot, "4", "c")
        assert "outputs" in app.message
        assert not app.session.linear.sampling.shown
