"""Long replays are made in pieces, show what remains, and can be stopped."""

import re

import numpy as np
from screen import press, running, settled, text

from engine import Experiment
from engine.wording import count
from tui.commands import training
from tui.dialogs import replay
from tui.dialogs.replay import Replay
from tui.session.session import Session

CIRCLE = Experiment(dataset="circle", hidden=(4, 3))


def trained(steps: int) -> Session:
    session = Session(CIRCLE)
    session.time.step(steps)
    return session


def test_pieces_arrive_where_one_replay_does_to_the_last_bit() -> None:
    session, other = trained(6000), trained(6000)
    pieces = 0
    while session.time.approach(5800, 0.0 if pieces % 2 else 1e-4):
        pieces += 1
        assert session.time.now <= 6000
    other.time.seek(5800)
    assert pieces > 1
    assert session.time.now == 5800
    assert np.array_equal(session.trainer.network.parameters, other.trainer.network.parameters)


def test_after_a_replay_forwards_steps_back_need_no_replay() -> None:
    session = trained(6000)
    session.time.seek(5632)
    session.time.seek(5800)
    assert [session.trainer.steps_to(step) for step in (5799, 5790, 5780)] == [0, 0, 0]


def test_what_is_replayed_never_goes_beyond_the_latest_step() -> None:
    session = trained(600)
    session.time.seek(513)
    assert session.time.approach(5000, 10.0) == 0
    assert session.time.now == session.time.latest == 600


async def test_a_long_replay_shows_what_remains_and_arrives(monkeypatch) -> None:
    monkeypatch.setattr(training, "AT_ONCE", 0.0)
    monkeypatch.setattr(replay, "REPLAYING", 0.0)
    async with running(trained(6000)) as (app, pilot):
        app.seek(5800)
        await settled(pilot)
        assert isinstance(app.screen, Replay)
        app.seek(600)  # the mouse goes on along the seek bar
        assert len(app.screen_stack) == 3
        assert re.search(r"\d+ steps to replay", text(app))
        monkeypatch.setattr(replay, "REPLAYING", 60.0)
        app.screen.replay()
        await settled(pilot)
        assert app.screen is app.frame_screen
        assert app.session.trainer.step_count == 5800
        assert app.frame_screen.pane.view.step == 5800


async def test_esc_stops_a_long_replay_at_the_step_that_has_been_reached(monkeypatch) -> None:
    monkeypatch.setattr(training, "AT_ONCE", 0.0)
    monkeypatch.setattr(replay, "REPLAYING", 0.0)
    async with running(trained(6000)) as (app, pilot):
        app.session.time.seek(5640)
        await press(app, pilot, "end")
        assert isinstance(app.screen, Replay)
        await press(app, pilot, "escape")
        assert app.screen is app.frame_screen
        reached = app.session.trainer.step_count
        assert 5640 <= reached < 6000
        assert app.message == f"stopped at step {count(reached)}"
