"""Play pauses by itself at the step of a stop condition, says why, and goes on when asked to."""

from dataclasses import replace

from screen import press, running, settled

from tui.experiments.library import built_in
from tui.session.session import Session

SET = replace(built_in("circle"), stop_steps=150)


def test_training_ends_at_the_step_of_a_stop_condition() -> None:
    session = Session(SET)
    session.time.playing = True
    assert session.time.train_for(60.0, 10_000) == 150
    assert "step 150" in session.time.stopped
    assert not session.time.playing
    assert session.time.train_for(60.0, 100) == 100
    assert session.time.stopped == ""


async def test_the_app_says_why_it_has_paused() -> None:
    async with running(SET) as (app, pilot):
        await press(app, pilot, "space")
        for _ in range(200):
            app.tick()
        await settled(pilot)
        assert app.session.trainer.step_count == 150
        assert "stopped at step 150" in app.message
        await press(app, pilot, "space")
        app.tick()
        assert app.session.trainer.step_count > 150
