"""Counting beside the screen: of which step a count is, what it would take, and how it ends."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from math import inf
from time import perf_counter

import numpy as np
import pytest
from frames import finish_counting, framed, wait_for_count

import tui.session.counting.counter
import tui.session.counting.job
from engine import (
    Experiment,
    Network,
    Trainer,
    count_regions,
    linear_regions,
    region_bounds,
)
from engine.network.size import shape
from engine.regions.counting import RegionCount
from tui.experiments.library import built_in
from tui.explain.region_texts import brief_reason, duration, progress_text, reason_text
from tui.model.regions.result import (
    CountProgress,
    Failed,
    Reason,
    TooMany,
    TooSlow,
    Unknown,
    WasSlow,
)
from tui.model.regions.source import Moment, applicable_bounds
from tui.model.view import view_of
from tui.session.counting.history import MAX_POINTS
from tui.session.counting.job import too_slow
from tui.session.session import Session

CIRCLE = built_in("circle")
WIDE = Experiment(dataset="circle", hidden=(40, 40))  # whose bound is above what is drawn


class Gate:
    """Stands in for ``engine.counting``: it tells what it is told to, step by step."""

    def __init__(self, told: list[RegionCount]) -> None:
        self.told, self.opened, self.running, self.most = told, threading.Event(), 0, 0

    def __call__(self, *_: object) -> Iterator[RegionCount]:
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            for count in self.told:
                yield count
                self.opened.wait(5.0)
        finally:
            self.running -= 1


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Gate]]:
    gates = []

    def put(*told: tuple[int, float]) -> Gate:
        gates.append(Gate([RegionCount(*count, 0) for count in told]))
        monkeypatch.setattr(tui.session.counting.job, "counting", gates[-1])
        return gates[-1]

    yield put
    for gate in gates:
        gate.opened.set()
    for thread in threading.enumerate():
        if thread.name == "regions":
            thread.join()


def until(condition: Callable[[], bool]) -> None:
    end = perf_counter() + 5.0
    while not condition() and perf_counter() < end:
        threading.Event().wait(0.001)
    assert condition()


def estimated_step(session: Session) -> int:
    reason = framed(session).regions.reason
    assert isinstance(reason, TooSlow)
    return reason.step


def test_a_small_network_is_counted_at_once_at_every_step_it_is_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tui.session.counting.counter, "QUICK_SECONDS", inf)  # on a slow machine too
    session = Session(CIRCLE)
    for step in (0, 1, 40, 3):
        session.time.seek(step)
        session.time.playing = step == 40
        frame = framed(session)
        expected = linear_regions(frame.network, session.selection.view.box)
        assert frame.regions.step == step
        assert frame.regions.map is not None
        assert frame.regions.map.activation_count == expected.activation_count


def test_an_edited_weight_is_counted_anew_at_the_same_step() -> None:
    session = Session(CIRCLE)
    session.time.seek(100)
    before = framed(session).regions.map
    session.trainer.edit(1, "weight", (0, 0), 5.0)
    assert framed(session).regions.map is not before


def test_a_wide_network_is_counted_beside_and_the_step_is_said(gate: Callable[..., Gate]) -> None:
    session = Session(WIDE)
    framed(session)
    wait_for_count(session)
    assert framed(session).regions.step == 0
    held = gate((100, 0.5), (200, 1.0))
    session.counter._seconds = 1.0  # as if the last count had been slow
    session.time.seek(5)
    frame = framed(session)
    assert (frame.step, frame.regions.step) == (5, 0)
    assert frame.regions.map is not None
    session.time.seek(7)
    assert framed(session).regions.step == 0
    held.opened.set()
    wait_for_count(session)
    assert session.counter.news
    assert framed(session).regions.step == 5  # and another count begins
    wait_for_count(session)
    assert framed(session).regions.step == 7


def test_never_two_counts_run_at_once(gate: Callable[..., Gate]) -> None:
    session = Session(WIDE)
    held = gate((100, 0.5), (200, 1.0))
    framed(session)
    until(lambda: held.running == 1)
    for step in range(1, 6):
        session.time.seek(step)
        session.count_once()
        framed(session)
    held.opened.set()
    finish_counting(session)
    assert held.most == 1


def test_a_count_that_takes_too_long_says_what_it_would_take_and_is_closed_alone(
    gate: Callable[..., Gate], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tui.session.counting.counter, "AUTOMATIC_SECONDS", 1e-9)
    session = Session(WIDE)
    gate((5000, 0.01), (10_000, 1.0)).opened.set()
    framed(session)
    wait_for_count(session)
    reason = framed(session).regions.reason
    assert isinstance(reason, TooSlow)
    assert (reason.step, reason.sizes, reason.regions) == (0, (2, 40, 40, 1), 500_000)
    note = reason_text(reason)
    assert note.startswith("at step 0: 2-40-40-1: 80 hidden units · about 500 000 regions · about ")
    assert note.endswith(" s · C counts once")
    assert brief_reason(reason) == "C counts once"
    session.time.seek(3)
    session.time.playing = True
    assert framed(session).regions.reason == reason
    assert not wait_for_count(session)
    session.time.playing = False
    assert framed(session).regions.reason == reason  # until there is a new estimate
    wait_for_count(session)
    assert estimated_step(session) == 3
    assert not wait_for_count(session)
    session.restart(False)
    framed(session)
    assert wait_for_count(session)
    assert estimated_step(session) == 0
    framed(session)
    finish_counting(session)
    assert not session.counter.news
    session.selection.look_at(replace(session.selection.view))  # another view may be another matter
    framed(session)
    assert wait_for_count(session)


def test_c_counts_once_tells_how_far_it_is_and_keeps_the_result_with_its_step(
    gate: Callable[..., Gate], monkeypatch: pytest.MonkeyPatch
) -> None:
    session = Session(WIDE)
    monkeypatch.setattr(tui.session.counting.counter, "AUTOMATIC_SECONDS", 1e-9)
    held = gate((25_000, 0.25), (100_000, 1.0))
    held.opened.set()
    framed(session)
    wait_for_count(session)
    framed(session)
    held.opened.clear()
    session.count_once()
    until(lambda: session.counter.news and held.running == 1)
    assert framed(session).regions.progress == CountProgress(25_000, 0.25)
    session.time.seek(9)
    assert framed(session).regions.progress == CountProgress(25_000, 0.25)
    held.opened.set()
    wait_for_count(session)
    for step in (9, 12):
        session.time.seek(step)
        regions = framed(session).regions
        assert (regions.step, regions.count, regions.map) == (0, 100_000, None)


def test_a_count_can_be_cancelled_and_its_thread_ends(gate: Callable[..., Gate]) -> None:
    session = Session(WIDE)
    held = gate((25_000, 0.25), (30_000, 0.3), (100_000, 1.0))
    session.count_once()
    until(lambda: held.running == 1)
    session.counter.cancel()
    held.opened.set()
    until(lambda: held.running == 0)
    assert not session.counter.news


def test_what_goes_wrong_in_a_count_becomes_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise MemoryError("no more")

    monkeypatch.setattr(tui.session.counting.job, "counting", broken)
    session = Session(WIDE)
    framed(session)
    wait_for_count(session)
    assert framed(session).regions.reason == Failed("not counted: there is not enough memory")


@pytest.mark.parametrize(
    ("experiment", "reason"),
    [
        (replace(CIRCLE, activation="tanh"), Unknown.CURVED),
        (
            replace(built_in("reg-plane"), output="identity", learning_rate=1000.0),
            Unknown.DIVERGED,
        ),
    ],
)
def test_curved_and_diverged_networks_have_none(experiment: Experiment, reason: Unknown) -> None:
    session = Session(experiment)
    session.time.seek(500)
    session.count_once()
    frame = framed(session)
    assert frame.regions.reason is reason
    assert not session.look_back(inf)
    assert (frame.bounds == {}) == (reason is Unknown.CURVED)


# the count over training


def recounted(session: Session, steps: np.ndarray) -> list[int]:
    """The counts at these steps of a fresh run with the same history of events."""
    trainer = Trainer(session.runs.all[0].trainer.prepared.experiment)
    for event in session.trainer.history.events:
        trainer.seek(event.step)
        if event.settings:
            trainer.change(learning_rate=event.settings.learning_rate)
    return [count_regions(trainer.seek(int(s)).network, session.selection.view.box) for s in steps]


def test_the_count_over_training_is_what_a_fresh_run_counts_at_these_steps() -> None:
    session = Session(CIRCLE)
    session.time.seek(300)
    finish_counting(session)
    curve = framed(session).counts
    assert curve.steps[0] == 0
    assert curve.steps[-1] > 250
    assert curve.activation.tolist() == recounted(session, curve.steps)
    assert (curve.linear <= curve.activation).all()


def test_a_branch_changes_only_the_counts_after_it() -> None:
    session = Session(CIRCLE)
    session.time.seek(300)
    finish_counting(session)
    before = framed(session).counts
    session.time.seek(150)
    session.change(learning_rate=0.3)
    kept = framed(session).counts
    past = before.steps <= 150
    assert kept.steps.tolist() == before.steps[past].tolist()
    assert kept.activation.tolist() == before.activation[past].tolist()
    session.time.seek(300)
    finish_counting(session)
    curve = framed(session).counts
    assert curve.activation.tolist() == recounted(session, curve.steps)


def test_the_curve_has_few_steps_which_stay_as_the_run_grows() -> None:
    trainer = Trainer(CIRCLE)
    earlier: set[int] = set()
    for length in (10, 97, 200, 3000, 20_000):
        trainer.seek(length)
        steps = [past.step for past in trainer.history.at_round_steps(MAX_POINTS)]
        assert len(steps) <= MAX_POINTS + 1
        spacing = steps[1]
        assert {step for step in earlier if step % spacing == 0} <= set(steps)
        earlier = set(steps)


def test_counting_at_earlier_steps_stops_when_its_time_is_over() -> None:
    session = Session(CIRCLE)
    session.time.seek(300)
    framed(session)
    assert session.look_back(0.0)
    assert len(framed(session).counts.steps) == 1


# what is known without counting


def test_bounds_are_those_that_hold_for_the_network() -> None:
    plain = Trainer(Experiment(hidden=(6, 5))).network
    assert applicable_bounds(plain, 2) == region_bounds((2, 6, 5, 1))
    leaky = Trainer(Experiment(hidden=(6, 5), activation="leaky_relu")).network
    assert set(applicable_bounds(leaky, 2)) < set(region_bounds((2, 6, 5, 1)))
    unbiased = Trainer(Experiment(hidden=(6, 5), bias=False)).network
    assert applicable_bounds(unbiased, 2) == region_bounds((2, 6, 5, 1), bias=False)
    identity = Trainer(Experiment(hidden=(6, 5), activation="identity")).network
    assert set(applicable_bounds(identity, 2).values()) == {1}
    curved = Trainer(Experiment(hidden=(6, 5), activation="tanh")).network
    assert applicable_bounds(curved, 2) == {}


@pytest.mark.parametrize(
    ("sizes", "text"),
    [
        ((2, 16, 16, 1), "2-16-16-1"),
        ((2, 256, 256, 256, 256, 1), "2-256×4-1"),
        ((3, 3, 3, 8, 8, 8, 1), "3×3-8×3-1"),
        ((1, 1), "1-1"),
    ],
)
def test_equal_layers_in_a_row_are_named_together(sizes: tuple[int, ...], text: str) -> None:
    assert shape(sizes) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.2, "1 s"),
        (5.4, "5 s"),
        (89.0, "89 s"),
        (180.0, "3 min"),
        (7200.0, "2 h"),
        (200_000.0, "2 days"),
        (4e9, "130 years"),
    ],
)
def test_times_are_in_the_unit_that_suits_them(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_an_estimate_is_the_whole_of_which_a_share_is_known() -> None:
    network, data = Network([2, 256, 256, 256, 256, 1]), Session(CIRCLE).prepared.dataset
    moment = Moment(network, data, view_of(data), 1000)
    assert reason_text(too_slow(moment, RegionCount(46_000, 0.2, 0), 1.0)) == (
        "at step 1 000: 2-256×4-1: 1 024 hidden units · about 230 000 regions · about 5 s"
        " · C counts once"
    )
    nothing_yet = too_slow(moment._replace(step=0), RegionCount(0, 0.0, 0), 1.0)
    assert reason_text(nothing_yet) == ("at step 0: 2-256×4-1: 1 024 hidden units · C counts once")


@pytest.mark.parametrize(
    ("reason", "text", "brief"),
    [
        (None, "", ""),
        (Unknown.CURVED_FEATURES, "curved features", "curved features"),
        (
            WasSlow(1200, (2, 40, 40, 1), 200.0),
            "at step 1 200: 2-40-40-1: counting took 3 min · C counts once",
            "C counts once",
        ),
        (
            TooMany(20_000, 3),
            "3 close calls: not certain · more than 20 000 regions · too many to draw",
            "too many to draw",
        ),
        (Failed("not counted: OSError()"), "not counted: OSError()", "not counted: OSError()"),
    ],
)
def test_each_reason_has_a_text_and_a_brief_one(
    reason: Reason | None, text: str, brief: str
) -> None:
    assert (reason_text(reason), brief_reason(reason)) == (text, brief)


def test_every_code_has_a_text() -> None:
    assert all(reason_text(code) for code in Unknown)


def test_progress_is_a_number_and_a_percentage() -> None:
    assert progress_text(CountProgress()) == "…"
    assert progress_text(CountProgress(446_557, 0.1384)) == "446 557, 13.8 %"
