"""Undo and redo by keys, and keys that train: what they say is what has happened."""

from dataclasses import replace

import pytest
from screen import press, running, settled

from tui.experiments.library import built_in
from tui.session.play.speed import MAX
from tui.session.session import Session
from tui.storage.saving import read_session, saved

CIRCLE = built_in("circle")
DOUBLE = "right_square_bracket"
LIMITED = replace(CIRCLE, stop_below=0.1)
"""C is below 0.1 at step 203 for the first time."""


def hears(app):
    said = []
    app.tell = lambda message, *shorter: said.append(message)
    return said


async def test_undo_says_what_it_takes_back_and_how_many_steps_and_redo_brings_them_back():
    """The case of the first user: 12 377 steps were gone without a word."""
    session = Session(CIRCLE)
    session.time.step(147)
    session.scale_learning_rate(0.5)
    session.time.seek(12_524)
    bits = session.trainer.network.parameters.tobytes()
    async with running(session) as (app, pilot):
        said = hears(app)
        await press(app, pilot, "u")
        assert said[-1] == (
            "undone: η 0.03 → 0.015 at step 147; 12 377 steps go, U brings them back"
        )
        history = session.trainer.history
        assert session.trainer.step_count == history.latest_step == 147
        await press(app, pilot, "U")
        assert said[-1] == ("redone: η 0.03 → 0.015 at step 147; 12 377 steps are back")
        assert session.trainer.step_count == session.trainer.history.latest_step == 12_524
        assert session.trainer.network.parameters.tobytes() == bits
        assert not session.runs.ghosts
        await press(app, pilot, "U")
        assert said[-1] == "there is nothing to redo"


@pytest.mark.parametrize(("steps", "undone", "redone"), [
    (0, "; U brings it back", ""),
    (1, "; 1 step goes, U brings it back", "; 1 step is back"),
    (2, "; 2 steps go, U brings them back", "; 2 steps are back"),
])  # fmt: skip
async def test_without_steps_or_with_one_they_say_so(steps, undone, redone):
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "right", "i", "f", *["right"] * steps)
        said = hears(app)
        await press(app, pilot, "u", "U", "u")
        event = "w⁽³⁾₁₁ frozen at step 1"
        assert said == [f"undone: {event}{undone}", f"redone: {event}{redone}",
                        f"undone: {event}{undone}"]  # fmt: skip


async def test_later_events_go_with_the_one_that_is_undone_and_come_back():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, DOUBLE, "n", DOUBLE, "right", "home")
        said = hears(app)
        events = [*app.session.trainer.history.events]
        await press(app, pilot, "u")
        assert said[-1] == (
            "undone: η 0.03 → 0.06 at step 0; 26 steps and 1 later event go, U brings them back"
        )
        await press(app, pilot, "U")
        assert said[-1].endswith("26 steps and 1 later event are back")
        assert app.session.trainer.history.events == events
        assert app.session.trainer.step_count == 0, "where u was pressed"


@pytest.mark.parametrize(("changes", "words"), [
    ({"batch_size": 5}, "batch size 10 → 5"), ({"l2": 0.1}, "L2 0 → 0.1"),
    ({"optimizer": "adam", "learning_rate": 0.1}, "optimiser sgd → adam, η 0.03 → 0.1"),
    ({"schedule_steps": 50, "warm_up": 3}, "schedule steps 1000 → 50, warm up 0 → 3"),
])  # fmt: skip
async def test_a_setting_is_called_as_in_the_settings_panel(changes, words):
    async with running(CIRCLE) as (app, pilot):
        app.session.change(**changes)
        said = hears(app)
        await press(app, pilot, "u")
        assert said == [f"undone: {words} at step 0; U brings it back"]


@pytest.mark.parametrize("key", ["right", DOUBLE, "f", "r"])
async def test_a_new_step_event_or_run_ends_what_can_be_redone(key):
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "i", DOUBLE, "n", "u")
        assert app.session.trainer.history.undone
        await press(app, pilot, key)
        said, step = hears(app), app.session.trainer.step_count
        await press(app, pilot, "U")
        assert said == ["there is nothing to redo"]
        assert app.session.trainer.step_count == step


async def test_a_saved_session_keeps_the_present_history_but_nothing_to_redo(tmp_path):
    session = Session(CIRCLE)
    session.scale_learning_rate(2.0)
    session.time.step(5)
    session.undo()
    path = tmp_path / "session.npz"
    path.write_bytes(saved(session, tmp_path).content())
    opened = read_session(path).session
    assert opened.redo() is None and opened.trainer.step_count == 0
    assert session.redo() is not None


# stop conditions


async def go(app, pilot, step):
    await press(app, pilot, "G")
    app.screen.focused.value = str(step)
    await press(app, pilot, "enter")


@pytest.mark.parametrize("speed", [60, MAX])
async def test_playing_stops_at_the_first_step_however_fast_and_space_goes_on(speed):
    async with running(LIMITED) as (app, pilot):
        said = hears(app)
        await press(app, pilot, "space")
        app.preferences.speed = speed
        for _ in range(100):
            app.tick()
            if not app.session.time.playing:
                break
        assert app.session.trainer.step_count == app.session.trainer.history.latest_step == 203
        assert said == ["stopped at step 203: C = 0.09998 is below 0.1"]
        await press(app, pilot, "space")
        for _ in range(3):
            app.tick()
        assert app.session.time.playing and app.session.trainer.step_count > 210
        await press(app, pilot, "space")
        assert len(said) == 1


async def test_g_beyond_the_latest_step_stops_there_too_and_says_so_and_again_goes_on():
    async with running(LIMITED) as (app, pilot):
        said = hears(app)
        await go(app, pilot, 150)
        assert not said
        await go(app, pilot, 3000)
        assert app.session.trainer.step_count == 203
        assert said == ["stopped at step 203: C = 0.09998 is below 0.1"]
        await go(app, pilot, 3000)
        assert app.session.trainer.step_count == 3000
        for known in (0, 100, 2500):  # steps that were made before
            await go(app, pilot, known)
            assert app.session.trainer.step_count == known
        assert len(said) == 1


async def test_ten_steps_and_an_epoch_stop_there_too_and_one_step_says_it():
    async with running(LIMITED) as (app, pilot):
        for keys in (("shift+right",), ("n",), ("right",)):
            app.session.restart(other_start=False)
            app.session.time.seek(202)
            said = hears(app)
            await press(app, pilot, *keys)
            assert app.session.trainer.step_count == 203
            assert said == ["stopped at step 203: C = 0.09998 is below 0.1"]
            await press(app, pilot, "right")
            assert app.session.trainer.step_count == 204 and len(said) == 1


async def test_backwards_nothing_stops_and_from_before_the_step_it_stops_there_again():
    session = Session(LIMITED)
    session.time.seek(400)
    async with running(session) as (app, pilot):
        said = hears(app)
        await press(app, pilot, "J")
        while session.time.playing:
            app.tick()
        assert session.trainer.step_count == 0 and not said
        await press(app, pilot, "space")
        for _ in range(500):
            app.tick()
        assert session.trainer.step_count == 203 and len(said) == 1
        await press(app, pilot, "left", "left", "space")
        for _ in range(20):
            app.tick()
        assert session.trainer.step_count == 203 and len(said) == 2


async def test_the_app_s_own_seek_goes_where_it_is_sent():
    """Pictures and scripts name a step and get it."""
    async with running(LIMITED) as (app, pilot):
        app.seek(1000)
        await settled(pilot)
        assert app.session.trainer.step_count == 1000


def test_an_opened_session_goes_on_from_where_it_stopped(tmp_path):
    session = Session(LIMITED)
    session.time.playing = True
    session.time.train_for(60.0, 1000)
    assert session.time.stopped and session.trainer.step_count == 203
    path = tmp_path / "session.npz"
    path.write_bytes(saved(session, tmp_path).content())
    opened = read_session(path).session
    assert opened.time.train_for(60.0, 50) == 50 and not opened.time.stopped


def test_a_branch_below_the_limit_does_not_stop_again():
    session = Session(LIMITED)
    session.time.train_for(60.0, 1000)
    session.branch_off()
    assert session.time.train_for(60.0, 100) == 100


def test_a_tick_is_not_longer_than_its_time_allows_where_c_is_of_many_examples():
    session = Session(replace(LIMITED, stop_below=1e-9))
    assert session.time.train_for(0.0, 1 << 40) == 1
