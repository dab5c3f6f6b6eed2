"""Several live runs: each has the bits that it would have alone, however time goes."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from frames import framed
from hypothesis import given, settings
from hypothesis import strategies as st
from screen import press, running, settled, text

from engine import EngineError, Experiment, Trainer
from tui.commands.training import step
from tui.drawing.canvas import Canvas
from tui.drawing.palette import DARK
from tui.panes.base.seek_bar import SeekBar
from tui.panes.explore.loss import LossPane
from tui.session.runs import MAX_GHOSTS, MAX_RUNS
from tui.session.session import Session
from tui.session.time_travel import REWIND_FRAMES

pytestmark = pytest.mark.trained

CIRCLE = Experiment(dataset="circle", hidden=(3,))
DIVERGES = Experiment(
    dataset="reg-gauss", hidden=(4, 3), activation="identity", learning_rate=0.001
)
LEARNT = st.sampled_from(
    [{"learning_rate": 0.3}, {"optimizer": "adam"}, {"l2": 0.1}, {"batch_size": 1}]
)


def bits(trainer: Trainer) -> bytes:
    return trainer.network.parameters.tobytes()


def all_bits(session: Session) -> list[bytes]:
    return [bits(run.live) for run in session.runs.live]


def two(experiment: Experiment = CIRCLE, at: int = 40, **changes: Any) -> Session:
    """A run and a branch of it with these changes, compared."""
    session = Session(experiment)
    session.time.step(at)
    session.branch_off()
    session.change(**changes)
    session.time.compare(True)
    return session


# bits


@given(at=st.integers(0, 300), steps=st.lists(st.integers(-90, 150), max_size=8))
@settings(max_examples=20)
def test_runs_with_equal_settings_have_the_same_bits_at_every_step(at, steps):
    session = two(at=at)
    for n in steps:
        session.time.step(n)
        one, other = all_bits(session)
        assert one == other == bits(Trainer(CIRCLE).seek(session.trainer.step_count))
        found = framed(session, "compare").comparison
        assert found.distance == 0.0 and not found.moved and found.same_until == np.inf
        assert all(
            layer.weight.difference == layer.delta.difference == 0.0 for layer in found.layers
        )


@given(at=st.integers(0, 200), changes=LEARNT, steps=st.lists(st.integers(-90, 150), max_size=6))
@settings(max_examples=20)
def test_each_run_has_the_bits_it_has_alone_back_and_on(at, changes, steps):
    session = two(at=at, **changes)
    alone = Trainer(CIRCLE), Trainer(CIRCLE).seek(at).change(**changes)
    for n in steps:
        session.time.step(n)
        now = session.trainer.step_count
        assert all_bits(session) == [bits(trainer.seek(now)) for trainer in alone]


def test_what_is_done_to_a_branch_leaves_the_run_it_came_from_as_it_was():
    session = Session(CIRCLE)
    session.time.step(500)
    session.change(learning_rate=0.01)
    session.time.step(-200)
    run = session.runs.current
    before, history = bits(run.live), run.live.history
    kept = [*history.events], [*history.checkpoints], history.latest_step
    branch = session.branch_off()
    assert (bits(branch.live), branch.live.history.latest_step) == (before, 300)
    assert branch.live.history.events == []  # the rate is changed later, in a future it has not
    session.change(optimizer="adam")
    session.trainer.edit(1, "weight", (0, 0), 5.0)
    session.time.step(50)
    session.undo()
    session.restart(other_start=True)
    assert session.runs.current.name == branch.name
    assert session.runs.live[0] is run and bits(run.live) == before
    assert ([*history.events], [*history.checkpoints], history.latest_step) == kept
    run.live.seek(500)
    assert bits(run.live) == bits(Trainer(CIRCLE).seek(500))


# time


def test_only_the_current_run_moves_until_they_are_compared():
    session = Session(CIRCLE)
    session.time.step(30)
    session.branch_off()
    session.time.step(20)
    assert [run.live.step_count for run in session.runs.live] == [30, 50]
    session.time.compare(True)
    session.time.step_epoch(1)
    session.time.step(-3)
    assert len({run.live.step_count for run in session.runs.live}) == 1
    session.time.compare(False)
    session.time.seek(5)
    assert session.runs.live[0].live.step_count != session.trainer.step_count == 5


def steps(session):
    return [run.live.step_count for run in session.runs.live]


@pytest.mark.parametrize("current", [0, 1])
def test_compared_runs_are_shown_where_each_ends_and_a_step_on_trains_the_one_behind(current):
    session = Session(CIRCLE)
    session.time.step(30)
    session.branch_off()
    session.change(learning_rate=0.3)
    session.time.step(20)
    session.switch_to(current)
    session.time.compare(True)
    assert steps(session) == [30, 50]
    session.time.step(-1)  # back trains none
    assert steps(session) == [30, 49]
    session.time.step(-30)
    assert steps(session) == [19, 19]
    session.time.seek_end()
    assert steps(session) == [30, 50]
    session.time.step(1)
    assert steps(session) == [51, 51]
    assert bits(session.runs.live[0].live) == bits(Trainer(CIRCLE).seek(51))


def test_compared_runs_are_shown_at_the_step_of_the_current_one_where_it_has_gone_back():
    session = Session(CIRCLE)
    session.time.step(90)
    session.time.seek(30)
    session.branch_off()
    session.time.step(20)
    session.time.compare(True)
    assert steps(session) == [50, 50]  # the first has it, too
    session.time.compare(False)
    session.time.seek(10)
    session.time.compare(True)
    assert steps(session) == [10, 10]


def test_play_lets_the_runs_behind_catch_up_first_and_then_trains_all():
    session = Session(CIRCLE)
    session.time.step(30)
    session.branch_off()
    session.time.step(20)
    session.time.compare(True)
    session.time.playing = True
    session.time.play_on(60.0, 8)
    assert steps(session) == [38, 50]
    session.time.play_on(60.0, 20)
    assert steps(session) == [58, 58]
    session.time.play_back(3)
    assert len({*steps(session)}) == 1 and steps(session)[0] < 58


def test_a_condition_that_a_run_meets_while_it_catches_up_pauses_it_there():
    alone = Trainer(CIRCLE)
    assert alone.stop_when(stop_below=0.1).play(1000)
    session = Session(replace(CIRCLE, stop_below=0.1))
    session.time.step(30)
    session.branch_off()
    session.change(learning_rate=0.001)
    session.time.step(alone.step_count)
    session.time.compare(True)
    ahead = session.trainer.step_count
    session.time.step(1)
    assert steps(session) == [alone.step_count, ahead] and session.time.stopped.startswith("A: ")


def test_play_trains_all_compared_runs_for_equally_many_steps():
    session = two(at=0, batch_size=50)
    session.branch_off()
    session.change(optimizer="adam")
    session.time.playing = True
    for seconds, most in ((60.0, 1), (60.0, 7), (60.0, 64), (0.01, 1 << 40)):
        session.time.play_on(seconds, most)
        assert len({run.live.step_count for run in session.runs.live}) == 1
    assert session.time.playing
    assert session.trainer.step_count >= 1 + 7 + 64


def test_a_run_that_diverges_waits_and_the_others_go_on():
    session = two(DIVERGES, at=0, learning_rate=3.0)
    session.switch_to(0)
    session.time.playing = True
    for _ in range(20):
        session.time.play_on(1.0, 50)
    still, gone = (run.live for run in session.runs.live)
    assert session.time.playing and still.step_count == 1000
    assert gone.divergence and gone.step_count == gone.divergence.step < 1000
    assert framed(session, "compare").comparison.pair[1].divergence
    session.switch_to(1)
    session.time.step(-1000 + gone.divergence.step - 1)  # on from where the others are
    assert still.step_count == gone.step_count == session.trainer.step_count


def test_redo_takes_the_place_of_the_ghost_that_undo_left():
    session = Session(CIRCLE)
    session.time.step(100)
    session.change(learning_rate=0.3)
    session.time.step(50)
    session.restart(other_start=False)
    session.time.step(20)
    session.edit(1, "weight", (0, 0), 0.5)
    session.time.step(30)
    shown = [run.label for run in session.runs.all], bits(session.trainer)
    undone = session.undo()
    assert (undone.steps, session.trainer.step_count) == (30, 20)
    assert [run.label for run in session.runs.ghosts] == ["undone", "init 0"]
    assert session.redo() is undone
    assert ([run.label for run in session.runs.all], bits(session.trainer)) == shown
    assert session.redo() is None


def test_together_undo_and_redo_move_all_runs():
    session = two(CIRCLE, at=40, learning_rate=0.3)
    session.change(l2=0.1)
    session.time.step(25)
    session.undo()
    assert [run.live.step_count for run in session.runs.live] == [40, 40]
    session.redo()
    assert [run.live.step_count for run in session.runs.live] == [65, 65]
    assert session.experiment.l2 == 0.1


@pytest.mark.parametrize(("frame", "current"), [(1, 0), (7, 1), (10_000, 1)])
def test_together_the_first_condition_pauses_all_at_its_step_and_the_next_one_at_its_own(
    frame, current
):
    limited = replace(CIRCLE, stop_below=0.1)
    alone = [Trainer(limited), Trainer(replace(limited, learning_rate=0.06))]
    assert all(trainer.play(1000) for trainer in alone)
    first = {trainer.step_count: name for trainer, name in zip(alone, "AB", strict=True)}
    assert len(first) == 2
    session = two(limited, at=0, learning_rate=0.06)
    session.switch_to(current)
    pauses = []
    for _ in range(2):
        session.time.playing = True
        while session.time.playing:
            session.time.play_on(10.0, frame)
        steps = {run.live.step_count for run in session.runs.live}
        pauses.append((*steps, session.time.stopped[0]))
    assert pauses == sorted(first.items())
    step = session.trainer.step_count
    assert all_bits(session) == [bits(trainer.seek(step)) for trainer in alone]


def test_a_stop_condition_of_any_compared_run_pauses_all_and_names_it():
    session = two(replace(CIRCLE, stop_steps=150))
    session.time.playing = True
    session.time.play_on(10.0, 1000)
    assert [run.live.step_count for run in session.runs.live] == [150, 150]
    assert not session.time.playing
    assert session.time.stopped.startswith("A: ") and "; B: " in session.time.stopped


@pytest.mark.parametrize("length", [0, 1, 77, 2 * REWIND_FRAMES + 5])
def test_playing_backwards_visits_exact_states_and_pauses_at_the_start(length):
    session, alone = two(at=length), Trainer(CIRCLE).seek(length)
    session.time.playing = session.time.backwards = True
    steps = [length]
    while session.time.playing:
        session.time.play_on(0.01, 1 << 40)
        steps.append(session.trainer.step_count)
        if len(steps) % 50 == 2:
            assert all_bits(session) == [bits(alone.seek(steps[-1]))] * 2
    assert steps[-1] == 0
    assert all(0 < a - b <= max(1, length // REWIND_FRAMES) for a, b in pairwise(steps) if length)


def test_a_long_run_is_played_backwards_in_seconds():
    session = Session(replace(CIRCLE, hidden=()))
    session.time.step(40 * REWIND_FRAMES)
    session.time.playing = session.time.backwards = True
    frames = 0
    while session.time.playing:
        session.time.play_on(0.01, 1 << 40)
        frames += 1
        assert session.trainer.step_count in session.trainer.history.checkpoints
    assert frames <= REWIND_FRAMES


# the runs


def test_there_are_six_runs_at_the_most():
    session = Session(CIRCLE)
    for _ in range(MAX_RUNS - 1):
        session.branch_off()
    live = session.runs.live
    assert [run.name for run in live] == [*"ABCDEF"]
    with pytest.raises(EngineError, match="there are 6 runs, and no more are kept"):
        session.branch_off()
    assert session.runs.live == live
    session.switch_to(1)
    session.delete_run()
    assert [run.name for run in session.runs.live] == [*"ACDEF"]
    assert session.branch_off().name == "B"


@pytest.mark.parametrize(("size", "hidden"), [((80, 24), 0), ((60, 20), 3)])
async def test_the_current_run_is_always_in_the_list(size, hidden):
    async with running(CIRCLE, size) as (app, pilot):
        for _ in range(MAX_RUNS - 1):
            app.session.branch_off()
        await press(app, pilot, "vertical_line")
        seen = []
        for _ in range(MAX_RUNS):
            name = app.session.runs.current.name
            assert any(line.startswith(f"  ▸{name} ") for line in text(app).splitlines())
            seen.append(name)
            await press(app, pilot, "less_than_sign")
        assert seen == [*"FEDCBA"]
        assert app.session.runs.current.name == "F"
        assert (f"↑↓ {hidden} more" in text(app)) == (hidden > 0)
        await pilot.click("#runs", offset=(3, 2))  # under the title and the heads: the first shown
        await settled(pilot)
        assert app.session.runs.current.name == "ABCDEF"[hidden]


def test_the_other_run_is_the_one_that_was_current_before_or_the_chosen_one():
    session = Session(CIRCLE)
    assert session.runs.other is None
    session.runs.compare_with_next()
    for _ in range(3):
        session.branch_off()
    a, b, c, d = session.runs.live
    assert (session.runs.current, session.runs.other) == (d, c)
    session.switch_to(0)
    assert (session.runs.current, session.runs.other) == (a, d)
    session.runs.compare_with_next()
    assert (session.runs.current, session.runs.other) == (a, b)
    session.delete_run()
    assert session.runs.current is b and session.runs.other in (c, d)


def test_names_are_short_and_each_has_its_own():
    session = two()
    session.runs.rename("fast")
    assert [run.name for run in session.runs.live] == ["A", "fast"]
    for name in ("", "A", "123456789", "a\nb"):
        with pytest.raises(ValueError, match=r"character|called"):
            session.runs.rename(name)
    session.runs.rename("fast")
    session.switch_to(0)
    session.delete_run()
    assert session.runs.current.name == "fast"
    with pytest.raises(EngineError, match="the only run"):
        session.delete_run()


def test_another_run_with_other_layers_is_seen_as_it_is():
    session = two(at=100)
    session.begin(replace(CIRCLE, hidden=(5, 2), loss="binary_cross_entropy", output="sigmoid"))
    assert [run.live.network.sizes for run in session.runs.live] == [(2, 3, 1), (2, 5, 2, 1)]
    assert [run.live.step_count for run in session.runs.live] == [0, 0]
    frame = framed(session, "compare")
    assert frame.baseline is None and session.selection.unit == (3, 0)
    assert frame.runs[0].curve is None  # its cost is another
    assert "2-3-1" in frame.comparison.note and not frame.comparison.layers
    session.switch_to(0)
    assert session.selection.unit == (2, 0) and framed(session, "compare").baseline[0] == "OLS"


def test_ghosts_are_kept_beside_the_live_runs():
    session = two(at=20)
    for i in range(MAX_GHOSTS + 2):
        session.restart(other_start=False)
        session.time.train_to(10 + i)
    assert len(session.runs.live) == 2
    assert len(session.runs.ghosts) == MAX_GHOSTS
    assert session.runs.ghosts[0].curve.steps[-1] == 10 + MAX_GHOSTS


def curve_of(session: Session) -> tuple[np.ndarray, ...]:
    curve = session.runs.current.costs("", None)
    return curve.steps, curve.train, curve.test


def test_undo_and_an_event_in_the_past_leave_the_future_they_replace_as_a_ghost():
    session = Session(CIRCLE)
    session.time.step(100)
    session.change(learning_rate=0.3)
    assert not session.runs.ghosts, "at the end of a run nothing is replaced"
    session.time.step(100)
    session.change(learning_rate=0.1)
    assert session.undo().event.label == "learning_rate 0.3 → 0.1" and not session.runs.ghosts
    replaced = []
    session.time.seek(150)
    replaced.append(curve_of(session))
    assert session.undo().event.label == "learning_rate 0.03 → 0.3"
    assert (session.trainer.step_count, session.trainer.history.latest_step) == (100, 100)
    assert session.experiment.learning_rate == 0.03
    session.time.step(60)
    session.time.seek(40)
    replaced.append(curve_of(session))
    session.change(l2=0.1)
    session.time.step(60)
    session.time.seek(40)  # where the event is
    replaced.append(curve_of(session))
    assert session.undo().event.label == "l2 0 → 0.1"
    assert session.undo() is None, "there is no more to take back"
    assert [ghost.label for ghost in session.runs.ghosts] == ["undone", "before step 40", "undone"]
    assert [int(steps[-1]) for steps, *_ in replaced] == [200, 160, 100]
    for ghost, curve in zip(session.runs.ghosts[::-1], replaced, strict=True):
        found = ghost.curve.steps, ghost.curve.train, ghost.curve.test
        assert all((a == b).all() for a, b in zip(found, curve, strict=True))


def test_a_change_to_the_same_replaces_nothing():
    session = Session(CIRCLE)
    session.time.step(100)
    session.time.seek(50)
    session.change(learning_rate=session.experiment.learning_rate)
    assert not session.runs.ghosts and session.trainer.history.latest_step == 100


# keys and the seek bar


@given(last=st.integers(400, 10**7), width=st.integers(2, 200), part=st.floats(0, 1))
def test_a_click_on_the_bar_goes_to_what_is_drawn_there(last, width, part):
    bar = SeekBar(5, width, 3, float(last))
    latest = round(part * last)
    assert bar.step_at(bar.column(latest), latest) == latest
    for x in range(bar.left, bar.column(latest)):
        step = bar.step_at(x, latest)
        assert 0 <= step <= latest and bar.column(step) == x
        assert bar.holds(x, 3) and not bar.holds(x, 2)
    assert bar.step_at(bar.left - 3, latest) == 0
    assert bar.step_at(bar.left + width, latest) == latest
    assert not bar.holds(bar.left - 1, 3) and not bar.holds(bar.left + width, 3)


def test_the_plot_shows_dimly_both_costs_that_lie_ahead():
    session = Session(replace(CIRCLE, train_fraction=0.5))
    session.time.step(300)
    session.time.seek(100)
    frame = framed(session)

    def cells_ahead(shown: Any) -> int:
        canvas = Canvas(80, 20, DARK)
        LossPane().draw(canvas, shown)
        curve = canvas.ink[:18, 40:60]
        return int((curve == DARK.line).sum())

    curve = frame.curve
    without = replace(frame, curve=curve._replace(test=np.full(len(curve.test), np.nan)))
    alone = replace(frame, test_cost=None)
    assert cells_ahead(frame) > cells_ahead(without) == cells_ahead(alone) > 0


def test_the_bar_shows_now_the_events_and_how_far_the_history_goes():
    session = Session(CIRCLE)
    session.time.step(400)
    session.change(learning_rate=0.1)
    session.time.step(400)
    session.time.seek(200)
    canvas = Canvas(41, 1, DARK)
    SeekBar(0, 41, 0, 1600.0).draw(canvas, framed(session))
    (row,) = canvas.text_lines()
    assert (row.index("●"), row.index("▾"), len(row.rstrip())) == (5, 10, 21)
    assert row[:5] == "━━━━━"
    assert {*row[6:10], *row[11:21]} == {"─"}
    assert {*canvas.ink[0, 6:10].tolist()} == {DARK.low}


async def test_a_click_on_the_bar_seeks():
    async with running(CIRCLE) as (app, pilot):
        app.seek(640)
        await settled(pilot)
        loss = app.screen.query_one(LossPane)
        bar = loss._bar
        await pilot.click(loss, offset=(bar.column(320) + 2, bar.row + 1))
        step = app.session.trainer.step_count
        assert abs(step - 320) < 640 / bar.width
        await pilot.click(loss, offset=(bar.column(640) + 2, bar.row + 1))
        assert app.session.trainer.step_count == 640
        assert app.session.trainer.history.latest_step == 640
        await pilot.mouse_down(loss, offset=(bar.column(100) + 2, bar.row + 1))
        await pilot.hover(loss, offset=(bar.column(200) + 2, bar.row - 3))
        assert abs(app.session.trainer.step_count - 200) < 640 / bar.width
        await pilot.mouse_up(loss, offset=(bar.column(200) + 2, bar.row - 3))
        await pilot.hover(loss, offset=(bar.column(400) + 2, bar.row + 1))
        assert abs(app.session.trainer.step_count - 200) < 640 / bar.width


async def test_runs_are_branched_compared_named_and_deleted_by_keys():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "greater_than_sign")
        assert "B begins another" in app.message
        app.seek(30)
        await press(app, pilot, "B", "right_square_bracket", "vertical_line")
        rates = [run.live.settings.learning_rate for run in app.session.runs.live]
        assert rates == [0.03, 0.06]
        await press(app, pilot, "right", "shift+right", "left")
        assert [run.live.step_count for run in app.session.runs.live] == [40, 40]
        shown = text(app)
        assert "Differences B − A" in shown and "the same up to step 30" in shown
        await press(app, pilot, "e", *["backspace"], *"wild", "enter")
        assert "▸wild · C" in text(app)
        await press(app, pilot, "less_than_sign")
        assert "▸A · C" in text(app)
        await press(app, pilot, "space")
        app.tick()
        assert app.session.time.playing
        await press(app, pilot, "J")
        assert app.session.time.playing and app.session.time.backwards
        while app.session.time.playing:
            app.tick()
        assert not app.session.time.playing
        assert [run.live.step_count for run in app.session.runs.live] == [0, 0]
        await press(app, pilot, "escape")
        assert app.frame_screen.NAME == "explore"
        await press(app, pilot, "right", "vertical_line", "delete", "A", "enter")
        assert [run.name for run in app.session.runs.live] == ["wild"]


@pytest.mark.parametrize("dataset", ["circle", "sine"])
async def test_compare_is_drawn_in_every_size_with_one_run_and_with_six(dataset):
    sizes = ((60, 20), (80, 24), (120, 40), (200, 60))
    async with running(Experiment(dataset=dataset, hidden=(3, 2))) as (app, pilot):
        await press(app, pilot, "vertical_line")
        for size in sizes:
            await pilot.resize_terminal(*size)
            await settled(pilot)
            assert "There is one run only" in text(app)
        for _ in range(MAX_RUNS - 2):
            app.session.branch_off()
            app.session.change(learning_rate=2.0 * app.session.experiment.learning_rate)
        for _ in range(2):  # the last is refused
            await press(app, pilot, "B", "right_square_bracket")
        step(app, 50)
        for size in sizes:
            await pilot.resize_terminal(*size)
            app.show_screen("compare")
            await press(app, pilot, *["tab"] * 5, "z", "z", "V", "up", "enter")
            assert len(framed(app.session, "compare").runs) == MAX_RUNS
