"""Presentations: a lesson on a projector, from scene to scene by keys."""

import asyncio
import re

import pytest
from screen import press, running, settled, text
from textual.events import Key

from tui.cli import lesson as lesson_command
from tui.cli import present as command
from tui.commands.keys import ACTIONS
from tui.commands.lessons.scenes import go_on, present
from tui.commands.lessons.steps import known
from tui.lessons import library
from tui.screens.scene_band import SceneBand

KNOWN = known(ACTIONS)
LESSONS = {name: library.built_in(name, KNOWN) for name in library.NAMES}
LONG = 200  # ticks in which any movement is at its end: twenty seconds

MOVING = """
title = "Mine"
about = "A teacher's file."

[[step]]
title = "On"
text = "It trains."
experiment = "circle"
screen = "explore"
at = 20
train = 40
seconds = 2

[[step]]
title = "Back"
text = "It goes back."
train = -30
seconds = 1.5

[[step]]
title = "Far back"
text = "To the start, and no further."
screen = "backprop"
train = -300

[[step]]
title = "How many?"
text = "Count them."
experiment = "two-relu"
at = 0
screen = "explore"
predict = { question = "How many regions?", measure = "regions" }

[step.claim]
says = "There are {value}."
measure = "regions"
below = 0
"""


@pytest.fixture(autouse=True)
def state_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    # what panes compute in the background is no part of a claim
    monkeypatch.setattr("tui.session.sweeps.job.WIDTHS", (4, 8))
    monkeypatch.setattr("tui.session.approximation.tracker.KnotJob.start", lambda job: None)


@pytest.fixture
def moving(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(MOVING, encoding="utf-8")
    return library.lesson_at(path, KNOWN)


async def ticks(app, pilot, most=LONG) -> list[int]:
    """Ticks until nothing moves; the steps of training that were passed."""
    passed = []
    for _ in range(most):
        app.tick()
        await pilot.pause(0)
        passed.append(app.session.time.now)
        if app.course.stage.way is None:
            break
    return passed


async def measured(app, pilot) -> str:
    """What the band says when the claim of the present moment has been measured."""
    await settled(pilot)
    for _ in range(2):
        app.tick()
        app.course.wait()
    app.frame_screen.draw_lesson(app.look)  # as at news
    await settled(pilot)
    band = app.screen.query_one(SceneBand)
    return "\n".join("".join(span.text for span in line) for line in band._lines)


@pytest.mark.trained
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("name", LESSONS)
async def test_every_claim_is_reached_by_the_key_for_the_next_scene(name, size):
    async with running(size=size) as (app, pilot):
        app.end_demo()
        present(app, LESSONS[name])
        await settled(pilot)
        for number, step in enumerate(LESSONS[name].steps):
            assert (app.course.number, app.course.step.title) == (number, step.title)
            says = await measured(app, pilot)
            assert step.title in says and f"scene {number + 1} of" in text(app)
            if step.ask or step.prediction:
                assert "✓" not in says, step.title
                await press(app, pilot, "right")
                if app.course.stage.way is not None and name != "regression":
                    await press(app, pilot, "right")  # to the end of the movement
            await ticks(app, pilot)
            says = await measured(app, pilot)
            assert app.course.checked.holds and "✓" in says and "✗" not in says, (step.title, says)
            assert not step.prediction or step.prediction.answer in says
            pane = app.screen.focused
            assert app.screen.is_zoomed and pane.display and pane.id in (step.pane or pane.id,)
            assert pane.size.height >= 8, "it stays of use"
            if number < len(LESSONS[name].steps) - 1:
                await press(app, pilot, "right")


async def test_a_movement_reaches_exactly_the_promised_step_on_and_back(moving):
    async with running(size=(80, 24)) as (app, pilot):
        present(app, moving)
        await settled(pilot)
        passed = await ticks(app, pilot)
        assert passed == sorted(passed) and len({*passed}) >= 5, "it is seen"
        assert app.session.time.now == 60
        weights = app.session.trainer.network.parameters.copy()
        await press(app, pilot, "right")
        passed = await ticks(app, pilot)
        assert passed == sorted(passed, reverse=True) and len({*passed}) >= 5
        assert app.session.time.now == 30 and not app.session.time.playing
        await press(app, pilot, "right")
        assert app.frame_screen.NAME == "backprop"
        await ticks(app, pilot)
        assert app.session.time.now == 0
        app.seek(60)
        assert (app.session.trainer.network.parameters == weights).all()


async def test_space_stops_a_movement_and_lets_it_go_on_to_its_end(moving):
    async with running(size=(80, 24)) as (app, pilot):
        present(app, moving)
        await settled(pilot)
        await ticks(app, pilot, 5)
        await press(app, pilot, "space")
        at = app.session.time.now
        assert 20 < at < 60 and not app.session.time.playing
        assert "go on" in text(app)
        await ticks(app, pilot, 5)
        assert app.session.time.now == at
        await press(app, pilot, "space")
        await ticks(app, pilot)
        assert app.session.time.now == 60
        await press(app, pilot, "space")  # nothing moves: it plays, as anywhere
        assert app.session.time.playing and app.session.time.way is None


async def test_another_key_does_what_it_does_anywhere_and_ends_the_movement(moving):
    async with running(size=(120, 40)) as (app, pilot):
        present(app, moving)
        await settled(pilot)
        await ticks(app, pilot, 5)
        at = app.session.time.now
        await press(app, pilot, "full_stop")
        assert app.session.time.now == at + 1
        assert app.course.stage is not None
        await ticks(app, pilot, 3)
        assert app.course.stage.way is None and app.session.time.now == at + 1
        await press(app, pilot, "z")
        assert not app.screen.is_zoomed and "scene 1 of 4" in text(app)
        await press(app, pilot, "right", "left")
        assert app.course.number == 0 and app.session.time.now == 20 and app.screen.is_zoomed


async def test_the_answer_is_measured_and_a_claim_that_fails_is_shown_as_failed(moving):
    async with running(size=(120, 40)) as (app, pilot):
        present(app, moving, 3)
        await settled(pilot)
        says = await measured(app, pilot)
        assert "? How many regions?" in says and "There are" not in says
        rows = app.screen.query_one(SceneBand).rows
        await press(app, pilot, "right")
        says = await measured(app, pilot)
        regions = app.course.truth
        assert f"▸ {regions}" in says and f"✗ There are {regions}." in says
        assert app.screen.query_one(SceneBand).rows == rows, "nothing moves"
        await press(app, pilot, "right")
        assert app.message == "this was the last scene; esc ends the presentation"


async def test_escape_ends_it_and_leaves_the_app_as_it_is(moving):
    async with running(size=(120, 40)) as (app, pilot):
        present(app, moving)
        await settled(pilot)
        await ticks(app, pilot, 5)
        at = app.session.time.now
        assert "zoomed: z ─" in text(app)
        await press(app, pilot, "escape")
        assert app.course.stage is None and app.session.time.now == at
        assert app.screen.is_zoomed and app.frame_screen.shown_panel == ""
        assert "zoomed: z or esc" in text(app)
        assert app.screen.query_one(SceneBand).rows == 0 and "scene 1" not in text(app)
        cursor = app.session.selection.cursor.tolist()
        await press(app, pilot, "right")
        assert app.session.selection.cursor.tolist() != cursor, "the keys are the screen's again"
        await press(app, pilot, "t")
        assert "Lesson · 1 of 4 · Mine" in text(app)


async def test_the_key_of_lessons_makes_it_a_panel_in_which_training_is_done_at_once(moving):
    async with running(size=(120, 40)) as (app, pilot):
        present(app, moving)
        await settled(pilot)
        await press(app, pilot, "t")
        assert app.course.stage is None and "Lesson · 1 of 4 · Mine" in text(app)
        app.seek(60)
        await press(app, pilot, "t")
        assert app.course.number == 1 and app.session.time.now == 30


async def test_settings_that_were_open_can_be_typed_into_on_the_screen_of_the_next_scene(moving):
    async with running(size=(120, 40)) as (app, pilot):
        present(app, moving)
        await settled(pilot)
        await press(app, pilot, "o", "tab")
        for _ in range(4):  # two movements to their ends, and two scenes on
            go_on(app)
        # nothing is drawn so far on the screen of this one
        while not app.frame_screen.composed:
            await asyncio.sleep(0)
        app.frame_screen.toggle_settings()
        app.frame_screen.focused.on_key(Key("b", "b"))
        await settled(pilot)
        assert app.frame_screen.NAME == "backprop" and app.draft.shown


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (200, 60)])
async def test_the_longest_scene_has_room_in_every_size_and_in_ascii(size):
    async with running(size=size, ascii=True) as (app, pilot):
        present(app, LESSONS["regression"], 6)
        await settled(pilot)
        says = await measured(app, pilot)
        assert "One bend ends it" in says and "affine map?" in says
        assert text(app).isascii()
        band, pane = app.screen.query_one(SceneBand), app.screen.focused
        assert band.region.bottom == pane.region.y and band.rows <= (size[1] - 3) // 2
        assert pane.region.bottom == size[1] - 2, "the bars below are seen"


@pytest.mark.drawn
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_scene(size, snapshot):
    async def draw(nudge):
        async with running(size=size) as (app, pilot):
            app.end_demo()
            present(app, LESSONS["regression"], 6)  # of whole numbers: no last bits
            await settled(pilot)
            await press(app, pilot, "right")
            await measured(app, pilot)
            return re.sub(r"OLS C \S+ +", "OLS C ~0 ", text(app))  # what rounding alone has made

    await snapshot(f"scene-{size[0]}x{size[1]}", draw)


def test_the_command_tells_every_mistake_and_knows_its_steps(tmp_path, capsys, monkeypatch):
    begun = []
    monkeypatch.setattr(command, "open_with", lambda options, begin: begun.append(options.step))
    command.main(["relu", "--step", "3"])
    assert begun == [3]
    path = tmp_path / "mine.toml"
    path.write_text(MOVING.replace("regions", "religions"), encoding="utf-8")
    for arguments, says in (
        (["relu", "--step", "70"], "--step 70: this lesson has steps 1 to"),
        (["nothing"], "no lesson 'nothing'; there are: regression"),
        ([str(path)], "unknown measure 'religions'; did you mean regions?"),
        ([library.DEMO], "no lesson 'demo'"),
    ):
        with pytest.raises(SystemExit) as ended:
            command.main(arguments)
        assert ended.value.code == 2 and says in capsys.readouterr().err
    lesson_command.main(["--list"])
    assert library.DEMO not in capsys.readouterr().out
