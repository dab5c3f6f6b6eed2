"""An app that is ending, or a screen that is not there yet: nothing acts on it or draws it."""

import asyncio

import pytest
from screen import running, settled
from textual import events
from textual.widget import Widget

from tui.app import NNExplore
from tui.dialogs.offers.palette import Palette

NAMES = {"|": "vertical_line", " ": "space", "?": "question_mark", "O": "ctrl+o"}
TYPED_ON = "12345|SoO?Bxsg Crc"
BURSTS = ("34", "oo4", "4S", "oS", "43S2")


def type_all(app: NNExplore, keys: str) -> None:
    for key in keys:
        app.simulate_key({**NAMES, "\t": "tab"}.get(key, key))


@pytest.mark.parametrize("screen", ["1", "3", "4"])
async def test_no_key_does_anything_after_q(screen: str) -> None:
    async with running() as (app, pilot):
        type_all(app, screen)
        await settled(pilot)
        here = app.frame_screen
        type_all(app, "q" + TYPED_ON)
        await until(lambda: app.leaving)
        await settled(pilot)
        assert app.frame_screen is here
        assert app.return_code == 0


async def test_once_the_app_ends_keys_clicks_and_pastes_are_lost_and_nothing_is_done_or_drawn() -> (
    None
):
    async with running() as (app, pilot):
        app.session.time.playing = True
        app.exit()
        step, drawn = app.session.trainer.step_count, []
        app.frame_screen.show = lambda *arguments: drawn.append(arguments)
        app.tick()
        app.show()
        app.do(lambda: app.session.time.step(1))
        app.attempt(lambda: app.session.time.step(1))
        app.action_act("on")
        assert await app.run_action("press('right')")
        app.post_message(events.Paste("4"))
        app.post_message(events.MouseDown(None, 20, 0, 0, 0, 1, False, False, False))
        await settled(pilot)
        assert app.session.trainer.step_count == step
        assert drawn == []


@pytest.mark.parametrize("keys", BURSTS)
async def test_keys_typed_in_one_burst_all_do_what_they_do_one_by_one(keys: str) -> None:
    found = []
    for burst in (True, False):
        async with running() as (app, pilot):
            for part in [keys] if burst else keys:
                type_all(app, part)
                for _ in range(3):
                    await settled(pilot)
            assert app.frame_screen.composed
            found.append((app.frame_screen.NAME, app.draft.shown, len(app.screen_stack)))
    assert found[0] == found[1]


async def test_a_screen_that_is_not_composed_is_not_drawn_and_acts_when_it_is() -> None:
    for name in ("explore", "linear", "surface"):
        async with running() as (app, pilot):
            app.action_act(name)
            app.show()
            app.action_act("zoom")
            app.frame_screen.show_settings(True)
            was_there = app.frame_screen.composed
            await settled(pilot)
            await settled(pilot)
            assert app.draft.shown
            assert was_there == (name == "explore")
            assert app.frame_screen.place["zoomed"] or name == "surface"  # no pane has the focus


async def test_a_click_below_the_last_command_and_keys_of_a_closed_palette_do_nothing() -> None:
    async with running(size=(80, 24)) as (app, pilot):
        for key in ("ctrl+p", *"theme", "up"):
            app.simulate_key(key)
        await settled(pilot)
        palette = app.screen
        assert isinstance(palette, Palette)
        before = app.theme_name
        palette.view.post_message(click_on(palette.view, 19))
        await settled(pilot)
        assert app.screen is palette
        type_all(app, "zz")
        await settled(pilot)
        palette.view.post_message(click_on(palette.view, 3))  # there is none now
        for key in ("escape", "escape", "escape", "enter"):
            app.simulate_key(key)
        await settled(pilot)
        assert app.screen is not palette and app.theme_name == before


def click_on(widget: Widget, y: int) -> events.Click:
    x, top = widget.region.x + 10, widget.region.y
    return events.Click(widget, 10, y, 0, 0, 1, False, False, False, x, top + y)


async def until(there) -> None:
    while not there():
        await asyncio.sleep(0.0)
