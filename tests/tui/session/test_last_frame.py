"""While training plays, a key shows the last frame again with what it selects: the same as a frame
made anew at that moment would show."""

from collections.abc import Callable

import numpy as np
import pytest
from frames import drawn
from screen import StoppedClock, press, running, settled, text

from engine import Experiment
from tui.actions.screen_keys import SCREENS, VISITED
from tui.model.frame import Frame
from tui.panes.base.pane import FrameWidget, Pane
from tui.session.frames.last_frame import kept
from tui.session.session import Session

CIRCLE = Experiment(dataset="circle", hidden=(3, 2))
ALL_SCREENS = (*SCREENS, *VISITED)
SELECTING: dict[str, Callable[[Session], object]] = {
    "example": lambda session: session.selection.select_example(7),
    "batch": lambda session: session.selection.toggle_batch_mode(),
    "unit": lambda session: session.select_unit(1, 1),
    "weight": lambda session: session.select_weight(2, 0, 1),
    "cursor": lambda session: session.selection.move_cursor(np.array([0.5, -1.5])),
    "walk": lambda session: session.selection.toggle_walk(),
    "colour": lambda session: setattr(session.selection, "colour_by", "slope"),
}


def playing(experiment: Experiment = CIRCLE, steps: int = 40) -> Session:
    session = Session(experiment)
    session.time.step(steps)
    session.branch_off()
    session.time.playing = True
    return session


def frame_of(session: Session, screen: str) -> Frame:
    session.advance(screen)
    return session.frame(screen)


async def shown(screen: str, session: Session, frame: Frame) -> dict[str, list[str]]:
    """What the panes of a screen draw of a frame."""
    async with running(session) as (app, pilot):
        app.show_screen(screen)
        await settled(pilot)
        return {
            pane.id: drawn(pane, frame, (70, 24))
            for pane in app.screen.query(Pane)
            if pane.id != "settings"
        }


@pytest.mark.parametrize("screen", ALL_SCREENS)
async def test_it_shows_what_a_new_frame_of_that_moment_would_show(
    screen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.session.sweeps.tracker.SweepTracker.compute", lambda *_: None)
    monkeypatch.setattr("tui.session.approximation.tracker.KnotJob.start", lambda job: None)
    session, other = playing(), playing()
    last = kept(session, screen, frame_of(session, screen))
    assert last is not None
    session.time.train_for(60.0, 25)
    for select in SELECTING.values():
        select(session)
        select(other)
    again = last.again(session, screen)
    assert again is not None and again.step == 40 < session.trainer.step_count
    new = frame_of(other, screen)
    assert await shown(screen, other, again) == await shown(screen, other, new)


CHANGING: dict[str, Callable[[Session], object]] = {
    "a weight": lambda session: session.edit(1, "weight", (0, 0), 0.5),
    "a setting": lambda session: session.scale_learning_rate(2.0),
    "the plane": lambda session: session.selection.look_at_plane(0),
    "the run": lambda session: session.switch_to(0),
    "a new run": lambda session: session.restart(True),
    "the speed": lambda session: setattr(session.preferences, "speed", 30.0),
    "the test examples": lambda session: setattr(session.preferences, "shows_test", False),
    "the shades": lambda session: setattr(session.preferences, "discretised", True),
    "the details": lambda session: setattr(session.preferences, "details", False),
    "the degree": lambda session: setattr(session.selection, "degree", 2),
    "a pause": lambda session: setattr(session.time, "playing", False),
    "a guess": lambda session: setattr(session.preferences, "predicting", True),
}


@pytest.mark.parametrize("change", CHANGING)
def test_it_is_not_shown_again_once_anything_else_has_changed(change: str) -> None:
    session = playing()
    last = kept(session, "linear", frame_of(session, "linear"))
    assert last is not None and last.again(session, "linear") is not None
    assert last.again(session, "explore") is None
    CHANGING[change](session)
    assert last.again(session, "linear") is None


def test_while_nothing_plays_or_a_result_is_guessed_each_frame_is_new() -> None:
    for change in ("a pause", "a guess"):
        session = playing()
        CHANGING[change](session)
        assert kept(session, "backprop", frame_of(session, "backprop")) is None


@pytest.mark.parametrize("screen", ALL_SCREENS)
async def test_panes_that_show_nothing_selected_are_the_same_whatever_is_selected(
    screen: str,
) -> None:
    session = playing()
    async with running(session) as (app, pilot):
        app.show_screen(screen)
        await settled(pilot)
        frame = frame_of(session, screen)
        for select in SELECTING.values():
            select(session)
        other = frame_of(session, screen)
        for widget in app.screen.query(FrameWidget):
            if not widget.SHOWS_SELECTION:
                assert drawn(widget, frame, (120, 8)) == drawn(widget, other, (120, 8))


async def test_while_keys_are_pressed_training_is_seen_to_go_on() -> None:
    async with running(CIRCLE, size=(120, 40)) as (app, pilot):
        await press(app, pilot, "space")
        steps = []
        for _ in range(6):
            app.tick()
            await press(app, pilot, "pagedown")
            steps.append(app.screen.query_one("#layers", Pane).view.step)
        assert steps == sorted(steps) and steps[-1] > steps[0]


class SetClock(StoppedClock):
    """A clock that a test sets."""

    seconds = 1.0

    def now(self) -> float:
        return self.seconds


@pytest.mark.parametrize(("later", "is_new"), [(0.1, False), (1.0, True)])
async def test_a_key_while_panes_draw_a_frame_shows_the_one_before_unless_that_is_long_ago(
    later: float, is_new: bool
) -> None:
    clock = SetClock()
    async with running(CIRCLE, clock=clock) as (app, pilot):
        await press(app, pilot, "space")
        clock.seconds += 1.0
        app.tick()
        await settled(pilot)
        before, loss = text(app), app.screen.query_one("#loss", Pane)
        step, shown = loss.view.step, loss._canvas.text_lines()
        clock.seconds += later
        app.session.time.train_for(60.0, 10)
        app.show(at_once=False)
        assert app.screen.busy
        frame = app.session.frame("explore")
        while len(app.screen._waiting) > 1:
            app.screen._waiting.popleft().show(frame, app.look)
        app.show()
        views = {widget.view.step for widget in app.screen.query(FrameWidget)}
        assert not app.screen.busy
        assert (views == {app.session.trainer.step_count}) is is_new
        assert (views == {step}) is not is_new
        app.session.time.train_for(60.0, 10)
        app.show(at_once=False)  # another one, and another key
        clock.seconds += 0.1
        app.show()
        assert {widget.view.step for widget in app.screen.query(FrameWidget)} == views
        if not is_new:
            await settled(pilot)
            assert text(app) == before and loss._canvas.text_lines() == shown
