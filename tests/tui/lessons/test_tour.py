"""The built-in lessons from the first step to the last, by keys."""

import pytest

from engine.measures.check import check
from engine.measures.moment import Moment
from engine.network.network import Network
from tests.screen import running
from tui.commands.keys import ACTIONS, BY_ID
from tui.commands.lessons.steps import known, open_lesson
from tui.lessons import library
from tui.lessons.lesson import CHOICES

KNOWN = known(ACTIONS)
LESSONS = {name: library.built_in(name, KNOWN) for name in library.NAMES}


@pytest.fixture(autouse=True)
def state_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    # what panes compute in the background is no part of a claim
    monkeypatch.setattr("tui.session.sweeps.job.WIDTHS", (4, 8))
    monkeypatch.setattr("tui.session.approximation.tracker.KnotJob.start", lambda job: None)


def panel_text(app) -> str:
    panel = app.screen.query_one("#lesson")
    rows = ["".join(row).rstrip() for row in panel._canvas.chars.tolist()]
    return " ".join(" ".join(rows).split())


async def settle(app, pilot) -> None:
    """Measure the claim of the present moment, and draw it."""
    await pilot.pause()
    app.tick()
    app.course.wait()
    app.tick()
    app.course.wait()
    app.show()
    await pilot.pause()


async def do_what_is_asked(app, pilot, step) -> None:
    """Press the keys that the step asks for."""
    if step.prediction:
        truth = step.prediction.answer
        letter = CHOICES[step.prediction.choices.index(truth)] if truth else "4"
        await pilot.press("t", letter, "enter")
    if step.until is not None:
        app.action_act(step.ask)
        await pilot.pause()
        await pilot.press("G", *str(step.until), "enter")
    elif step.ask:
        await pilot.press(BY_ID[step.ask].keys[0])


@pytest.mark.trained
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("name", LESSONS)
async def test_every_claim_of_a_lesson_holds_when_its_keys_are_pressed(name, size):
    lesson = LESSONS[name]
    async with running(size=size) as (app, pilot):
        open_lesson(app, lesson)
        await pilot.pause()
        for number, step in enumerate(lesson.steps):
            assert (app.course.step, app.course.number) == (step, number)
            if step.ask or step.prediction:
                await settle(app, pilot)
                assert "✓" not in panel_text(app), step.title
            await do_what_is_asked(app, pilot, step)
            await settle(app, pilot)
            shown = panel_text(app)
            assert step.title in shown and "↓ more" not in shown, (step.title, shown)
            assert "✗" not in shown and "–" not in shown.split("✓")[-1][:2], (step.title, shown)
            assert app.course.checked.holds, (step.title, shown)
            assert not step.screen or step.screen == app.frame_screen.NAME
            if step.pane:
                assert app.screen.query_one(f"#{step.pane}").display, step.title
            if number < len(lesson.steps) - 1:
                await pilot.press("t")
                await pilot.pause()


def test_the_lessons_have_some_thirty_steps_and_each_has_a_claim():
    steps = [step for lesson in LESSONS.values() for step in lesson.steps]
    assert 30 <= len(steps) <= 45
    assert all(step.claim for step in steps)


def test_at_least_ten_claims_fail_for_a_network_that_is_broken():
    """Its weights are other ones than training has reached: bent, and far away."""
    from engine import Trainer
    from tui.commands.lessons.steps import _experiment

    failed = set()
    for lesson in LESSONS.values():
        for step in lesson.steps:
            if step.experiment:
                trainer = Trainer(_experiment(step, lesson))
            now = Moment.of(trainer)
            # as far as convolutions allow: they share entries, and have zeros
            network = now.network.with_parameters(now.network.parameters * -1.7)
            activations = ["relu"] * len(network.activations)
            broken = Network.from_arrays(
                network.weights,
                network.biases if network.bias else None,
                activations,
                network.output,
                network.skips,
                network.convolutions,
            )
            moment = Moment(now.prepared, broken, now.settings, now.step, None)
            try:
                holds = check(moment, step.claim.claim).holds
            except Exception:  # it cannot be measured any more
                holds = False
            if not holds:
                failed.add(step.title)
    assert len(failed) >= 10, failed


async def test_a_claim_that_fails_is_shown_as_failed():
    async with running(size=(120, 40)) as (app, pilot):
        open_lesson(app, LESSONS["regression"], 0)
        await pilot.press("space")  # as asked, but for no time
        await pilot.press("space")
        app.course._reached = True
        await settle(app, pilot)
        assert "✗ C is 41" in panel_text(app)


async def test_a_lesson_can_be_left_and_resumed_where_it_was():
    async with running(size=(120, 40)) as (app, pilot):
        await pilot.press("t")
        await pilot.press("t")
        await pilot.pause()
        assert app.course.number == 1 and app.frame_screen.shown_panel == "lesson"
        await pilot.press("escape")
        assert app.frame_screen.shown_panel == ""
        await pilot.press("t")
        assert app.frame_screen.shown_panel == "lesson" and app.course.number == 1
    async with running(size=(120, 40)) as (app, pilot):
        await pilot.press("t")
        await pilot.pause()
        assert app.course.lesson.name == "regression" and app.course.number == 1
        await pilot.press("ctrl+t")
        await pilot.pause()
        assert app.course.number == 0
        await pilot.press("ctrl+t")
        assert app.message == "this is the first step of the lesson"


NUMBER = """
title = "Mine"
about = "A teacher's file."

[[step]]
title = "Regions"
text = "Count them."
experiment = "two-relu"
at = 300
screen = "explore"
predict = { question = "How many?", measure = "regions", within = 1 }

[step.claim]
says = "{value} regions."
measure = "regions"
equals = 4
"""


async def test_a_wrong_number_is_told_with_the_right_one(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(NUMBER, encoding="utf-8")
    lesson = library.lesson_at(path, KNOWN)
    async with running(size=(120, 40)) as (app, pilot):
        open_lesson(app, lesson)
        await pilot.pause()
        assert "regions." not in panel_text(app)  # the claim would give the answer away
        await pilot.press("t", "7", "enter")
        await settle(app, pilot)
        assert "✗ You said 7; it is 4." in panel_text(app)
        assert "✓ 4 regions." in panel_text(app)
        app.course.answer = ""
        await pilot.press("t", "5", "enter")
        await settle(app, pilot)
        assert "✓ You said 5: right." in panel_text(app)
