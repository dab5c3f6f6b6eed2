"""Errors by width in the background: progress, an early end, another target, failure."""

from itertools import pairwise
from threading import Event

import numpy as np
import pytest

import engine
from engine.approximation.sweep import METHODS, width_sweep
from engine.approximation.targets import TARGETS, data_target
from tui.session.sweeps.job import SweepJob, widths
from tui.session.sweeps.tracker import STOPPED, SweepTracker, same

SINE, STEP = TARGETS["sine"], TARGETS["step"]


@pytest.fixture(autouse=True)
def few_widths_at_once(monkeypatch):
    monkeypatch.setattr("tui.session.sweeps.job.WIDTHS", (2, 4, 8))
    monkeypatch.setattr("tui.session.sweeps.tracker.PAUSE", 0.0)


def drawn_target(height):
    return data_target(np.arange(9.0), [*np.zeros(8), height])


def finished(tracker, target):
    tracker.advance(target)
    if tracker._job:
        tracker._job.join()
    tracker.advance(target)
    return tracker.computed(target)


class Halted(SweepJob):
    """A job that waits after its first points, until it may go on."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.reached, self.may_go_on = Event(), Event()

    def pause_briefly(self):
        if self.sweep.points and not self.reached.is_set():
            self.reached.set()
            self.may_go_on.wait()


@pytest.fixture
def halting(monkeypatch):
    monkeypatch.setattr("tui.session.sweeps.tracker.SweepJob", Halted)


def test_its_points_are_the_engine_s_and_its_progress_rises_to_the_end(monkeypatch):
    seen = []
    job = SweepJob(SINE)
    monkeypatch.setattr(job, "pause_briefly", lambda: seen.append(job.sweep))
    job.run()
    done = [sweep.done for sweep in seen]
    assert done == sorted(done) and 0.0 < done[0] < done[-1] <= 1.0 == job.sweep.done
    assert all(b.points[: len(a.points)] == a.points for a, b in pairwise(seen))
    for method in METHODS:
        *_, sweep = width_sweep(SINE, widths(SINE, method), [method])
        assert [p for p in job.sweep.points if p.method == method] == [*sweep.points]


def test_least_squares_with_even_knots_has_data_for_each_piece():
    for n in (5, 40, 4000):
        target = data_target(np.arange(float(n)), np.sin(np.arange(float(n))))
        assert max(widths(target, "even")) * 4 <= max(n, 8)


def test_a_target_s_sweep_is_computed_once_and_kept_while_others_are():
    tracker = SweepTracker()
    first = finished(tracker, SINE)
    assert first.progress is None and first.note == "" and first.points
    other = finished(tracker, STEP)
    assert {point.method for point in other.points} == {*METHODS} and other.points != first.points
    tracker.advance(SINE)
    assert not tracker.busy and tracker.computed(SINE).points is first.points


def test_a_target_drawn_anew_with_the_same_values_is_the_same():
    tracker = SweepTracker()
    points = finished(tracker, drawn_target(1.0)).points
    assert tracker.computed(drawn_target(1.0)).points is points
    assert tracker.computed(drawn_target(2.0)).points == ()
    assert same(SINE, SINE) and not same(SINE, STEP) and not same(SINE, drawn_target(1.0))


def test_stopping_keeps_what_is_done_and_computing_again_completes_it(halting):
    tracker = SweepTracker()
    tracker.advance(SINE)
    job = tracker._job
    job.reached.wait()
    state = tracker.computed(SINE)
    assert tracker.busy and 0.0 < state.progress < 1.0 and state.points
    tracker.stop()
    job.may_go_on.set()
    job.join()
    tracker.advance(SINE)
    stopped = tracker.computed(SINE)
    assert not tracker.busy and stopped.note == STOPPED and stopped.progress is None
    assert stopped.points == state.points
    tracker.advance(SINE)
    assert not tracker.busy  # it stays stopped until it is asked for
    tracker.compute(SINE)
    tracker._job.may_go_on.set()
    whole = finished(tracker, SINE)
    assert whole.note == "" and len(whole.points) > len(stopped.points)


def test_another_target_ends_the_computation_of_the_one_before(halting):
    tracker = SweepTracker()
    tracker.advance(SINE)
    first = tracker._job
    first.reached.wait()
    tracker.advance(STEP)
    assert first.cancelled and tracker.computed(STEP).points == ()
    first.may_go_on.set()
    tracker.advance(STEP)
    tracker._job.may_go_on.set()
    assert finished(tracker, STEP).note == ""
    assert tracker.computed(SINE).points == ()  # it begins anew


def test_what_fails_says_why_and_is_not_tried_again(monkeypatch):
    def fail(*arguments):
        raise engine.DataError("the widths are wrong")

    monkeypatch.setattr("tui.session.sweeps.job.width_sweep", fail)
    tracker = SweepTracker()
    state = finished(tracker, SINE)
    assert state.note == "the widths are wrong" and state.points == ()
    tracker.advance(SINE)
    assert not tracker.busy

    monkeypatch.setattr("tui.session.sweeps.job.width_sweep", lambda *_: 1 / 0)
    assert finished(tracker, STEP).note.startswith("not computed: ZeroDivisionError")


def test_after_leaving_the_screen_the_sweep_begins_anew(halting):
    tracker = SweepTracker()
    tracker.advance(SINE)
    job = tracker._job
    job.reached.wait()
    tracker.leave()
    assert not tracker.busy and tracker.computed(SINE).note == ""
    job.may_go_on.set()
    tracker.advance(SINE)
    assert tracker.busy and tracker._job is not job
    tracker._job.may_go_on.set()
    assert finished(tracker, SINE).is_whole


def test_without_a_curve_to_follow_nothing_is_computed(halting):
    tracker = SweepTracker()
    tracker.advance(None)
    assert tracker._job is None
    tracker.advance(SINE)
    job = tracker._job
    tracker.advance(None)
    assert job.cancelled and not tracker.busy
    job.may_go_on.set()
