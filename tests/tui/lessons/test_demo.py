"""The demo: a lesson that plays by itself until a key ends it."""

import re
from pathlib import Path

import pytest
from screen import press, running, settled, text
from stored_runs import stored

import engine
from tui.commands.keys import ACTIONS
from tui.commands.lessons.scenes import go_on
from tui.commands.lessons.steps import known
from tui.lessons import library
from tui.lessons.stage import SCENE
from tui.screens.callout import CalloutBox

DEMO = library.built_in(library.DEMO, known(ACTIONS))
STEPS = DEMO.steps
BACKPROP = [number for number, step in enumerate(STEPS) if step.screen == "backprop"]


@pytest.fixture(autouse=True)
def state_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def captions(app) -> list[str]:
    return [box.callout.title for box in app.frame_screen.query(CalloutBox) if box.display]


async def ticks(app, pilot, most: int) -> None:
    """So many quarters of a second, or to the end of the scene."""
    scene = app.course.number
    for _ in range(most):
        app.tick()
        await pilot.pause(0)
        if app.course.number != scene:
            break
    await settled(pilot)


def test_it_lasts_a_minute_and_its_captions_are_short():
    assert 50 <= sum(step.seconds or SCENE for step in STEPS) <= 66
    assert all(len(step.text.split()) <= 25 for step in STEPS)
    assert len(BACKPROP) == 6
    assert library.DEMO not in library.NAMES


@pytest.mark.trained
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_it_plays_to_its_last_scene_and_every_claim_holds(size, monkeypatch):
    monkeypatch.setattr("tui.ticker.WORK_PER_TICK", 1.0)  # on a busy machine too, all due steps
    async with running(size=size, demo=True) as (app, pilot):
        for number, step in enumerate(STEPS):
            assert app.course.number == number
            start, before = app.session.time.now, app.course
            passed, microsteps = [], []
            for _ in range(300):
                app.tick()
                await pilot.pause(0)
                if app.course.stage.is_due(step, 0.9) or app.course.number != number:
                    break
                passed.append(app.session.time.now)
                microsteps.append(app.session.microscope.at)
            await settled(pilot)
            assert (app.course, app.course.number) == (before, number)
            assert captions(app) == [step.title] and app.message == "" == app.caption
            assert (step.screen or "explore") == app.frame_screen.NAME
            assert app.screen.query_one(f"#{step.pane}").display
            if step.train:
                assert passed[-1] == start + step.train and len({*passed}) > 10
            if len(step.actions) > 1:
                assert len({*microsteps}) == 1 + len(step.actions) + bool(step.ask)
            if step.claim:
                app.course.wait()
                app.course.look(app.session.trainer, app.clock.now())
                app.course.wait()
                assert app.course.checked.holds and app.course.is_done, step.title
            while app.course.number == number and not app.course.is_last:
                await ticks(app, pilot, 20)
        assert captions(app) == [STEPS[-1].title]
        await ticks(app, pilot, 100)
        assert captions(app) == [STEPS[-1].title], "the last scene stays"
        await press(app, pilot, "t")
        assert captions(app) == [] and app.course.lesson.name == "regression"


async def test_backwards_and_on_again_it_is_at_the_same_numbers():
    async with running(size=(80, 24), demo=True) as (app, pilot):
        weights = []
        for number in range(4):
            await ticks(app, pilot, 100)
            assert app.course.number == number + 1
            weights.append(app.session.trainer.network.parameters.copy())
        assert (weights[0] == weights[2]).all() and (weights[1] == weights[3]).all()
        assert (weights[0] != weights[1]).any()


async def test_space_pauses_it_and_lets_it_go_on():
    async with running(size=(80, 24), demo=True) as (app, pilot):
        go_on(app)
        await settled(pilot)
        await ticks(app, pilot, 10)
        await press(app, pilot, "space")
        at = app.session.time.now
        assert 0 < at < 400 and "go on" in text(app)
        await ticks(app, pilot, 100)
        assert app.course.number == 1 and app.session.time.now == at
        await press(app, pilot, "space")
        await ticks(app, pilot, 100)
        assert app.course.number == 2


async def test_arrows_change_the_scene_as_if_all_before_had_been_seen():
    async with running(size=(120, 40), demo=True) as (app, pilot):
        for _ in range(BACKPROP[2]):
            await press(app, pilot, "right")
        await ticks(app, pilot, 12)
        assert app.course.number == BACKPROP[2] and captions(app) == ["C_x"]
        assert (app.session.time.now, app.session.microscope.at) == (400, 6)
        await press(app, pilot, "right", "left", "left")
        assert captions(app) == [STEPS[BACKPROP[1]].title]
        await ticks(app, pilot, 20)
        assert (app.session.time.now, app.session.microscope.at) == (400, 1)


@pytest.mark.parametrize("key", ["full_stop", "3", "escape", "h"])
async def test_any_other_key_ends_it_and_does_what_it_does(key):
    async with running(size=(120, 40), demo=True) as (app, pilot):
        await press(app, pilot, "right")
        await ticks(app, pilot, 5)
        at = app.session.time.now
        await press(app, pilot, key)
        assert app.course.stage is None and captions(app) == []
        assert not app.session.time.playing
        assert app.session.time.now == at + (key == "full_stop")
        assert ("regions" if key == "3" else "explore") == app.frame_screen.NAME
        await ticks(app, pilot, 100)
        assert captions(app) == [] and app.session.time.now == at + (key == "full_stop")
        await press(app, pilot, "1", "right")
        assert app.session.time.now == at + 1 + (key == "full_stop"), "→ is a step again"


async def test_a_click_ends_it_and_no_screen_keeps_a_caption():
    async with running(size=(120, 40), demo=True) as (app, pilot):
        for _ in range(BACKPROP[0] + 1):
            await press(app, pilot, "right")
        await ticks(app, pilot, 2)
        await pilot.click(offset=(5, 5))
        await settled(pilot)
        assert app.course.stage is None
        for screen in "12":
            await press(app, pilot, screen)
            assert not app.frame_screen.query(CalloutBox)


def test_the_file_of_the_last_scene_has_the_column_it_names():
    file, target = re.findall(r"nn-explore (\S+) --target (\w+)", STEPS[-1].text)[0]
    table = Path(engine.__file__).parent / "data" / "csv" / file
    assert target in table.read_text(encoding="utf-8").splitlines()[0].split(",")


@pytest.mark.drawn
async def test_a_scene_of_the_demo(snapshot):
    async def draw(nudge):
        async with running(size=(100, 30), demo=True) as (app, pilot):
            app.session = stored("circle-start", nudge)
            app.show()
            await settled(pilot)
            return text(app)

    await snapshot("scene-demo", draw)
