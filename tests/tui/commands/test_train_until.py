"""Train until: the prompt, how it ends, and how it is given up."""

from dataclasses import replace

from screen import press, running, text

from engine.wording import count
from tui.experiments.library import built_in

CIRCLE = built_in("circle")


async def typed(app, pilot, goal: str) -> None:
    await press(app, pilot, "T")
    app.screen.focused.value = goal
    await press(app, pilot, "enter")


async def test_train_until_plays_to_the_step_and_says_which_it_is():
    async with running(CIRCLE, size=(100, 30), speed=1) as (app, pilot):
        await press(app, pilot, "T")
        assert "such as C < 0.1, accuracy 99 %, test C < 0.2, 500 steps" in text(app)
        await press(app, pilot, *"soon", "enter")
        assert "soon: type such as" in text(app)
        app.screen.focused.value = "c<.1"
        await press(app, pilot, "enter")
        assert app.message == "training until C < 0.1: space or esc stops"
        assert app.session.time.playing
        for _ in range(200):
            app.tick()
        assert not app.session.time.playing
        assert app.session.trainer.step_count == 203
        assert app.message == "C < 0.1 at step 203"
        await press(app, pilot, "T")
        assert app.screen.focused.value == "C < 0.1", "what was typed last"
        await press(app, pilot, "enter")
        assert app.message.startswith("C < 0.1 holds already: C is 0.09998")
        assert app.preferences.speed == 1, "the speed of play stays"


async def test_space_and_esc_give_it_up_and_say_where_and_esc_does_not_leave_the_screen():
    async with running(CIRCLE, size=(80, 24)) as (app, pilot):
        for screen, key in (("S", "escape"), ("1", "escape"), ("1", "space")):
            await press(app, pilot, screen)
            shown = app.screen.NAME
            await typed(app, pilot, "C < 0.001")
            app.tick()
            assert app.session.time.playing
            await press(app, pilot, key)
            step = app.session.trainer.step_count
            assert not app.session.time.playing and app.session.time.goal is None
            said = f"stopped at step {count(step)}: C < 0.001 is not reached"
            assert app.message == said and shown == app.screen.NAME
            app.tick()
            assert app.session.trainer.step_count == step
        await press(app, pilot, "space")
        app.tick()
        assert app.session.time.playing and app.session.time.goal is None, "plays without an end"


async def test_what_cannot_be_gone_to_leaves_the_run_paused_with_a_message():
    async with running(replace(CIRCLE, train_fraction=1.0), size=(80, 24)) as (app, pilot):
        await typed(app, pilot, "test C < 1")
        assert app.message == "there are no test examples: leave out test"
        assert not app.session.time.playing
