"""A key means one thing on a screen; one of another screen says where it lives."""

from collections import Counter

import numpy as np
import pytest
from frames import wait_for_surface
from screen import press, running, settled, text

from engine import Experiment
from tui.actions.action import action_of, actions_on
from tui.actions.other_screens import places_of
from tui.actions.screen_keys import BARS, TITLES
from tui.commands.keys import ACTIONS, BY_ID, SHOWN
from tui.config import load
from tui.panes.base.pane import Pane

SMALL = Experiment("xor", hidden=(3,), activation="relu", output="tanh", seed=1)
SCREEN_KEYS = {"explore": "1", "backprop": "2", "regions": "3", "linear": "4", "glm": "5",
               "compare": "vertical_line", "surface": "S"}  # fmt: skip
ARROWS = ("right", 0, 1), ("left", 0, -1), ("up", 1, 1), ("down", 1, -1)


@pytest.mark.parametrize("on_stage", [False, True])
@pytest.mark.parametrize("on_map", [False, True])
@pytest.mark.parametrize("screen", TITLES)
def test_no_key_has_two_meanings_on_a_screen_whatever_has_the_focus(screen, on_map, on_stage):
    """Of the actions with a key the most special one counts: of the scenes that are shown, of the
    map, else of the screen."""
    for key in {key for action in ACTIONS for key in action.keys}:
        having_it = [
            a
            for a in ACTIONS
            if key in a.keys
            and a.is_for(screen)
            and (a.on_map, a.on_stage) in {(False, False), (on_map, False), (False, on_stage)}
        ]
        ranks = Counter((a.on_stage, a.on_map, bool(a.screens)) for a in having_it)
        if ranks:
            assert ranks[max(ranks)] == 1, key
            assert action_of(key, screen, ACTIONS, on_map, on_stage) in having_it


@pytest.mark.parametrize("screen", TITLES)
def test_time_and_arrows_mean_the_same_on_every_screen(screen):
    def ids(on_map, *keys):
        return [action_of(key, screen, ACTIONS, on_map).id for key in keys]

    on, back = ("microstep_on", "microstep_back") if screen == "backprop" else ("on", "back")
    assert ids(False, "full_stop", "comma", "right", "left") == [on, back, on, back]
    assert ids(True, "full_stop", "comma") == [on, back]
    if screen != "backprop":  # there is no map
        assert ids(True, "right", "left", "up", "down") == [
            "cursor_right",
            "cursor_left",
            "up",
            "down",
        ]
    assert ids(True, "shift+right", "shift+left") == ids(False, "shift+right", "shift+left")
    assert ids(True, "pagedown", "pageup") == ["example_on", "example_back"]


async def test_each_screen_opens_with_the_focus_off_its_map_so_a_clicker_s_arrows_step():
    async with running(SMALL, (80, 24)) as (app, pilot):
        session = app.session
        for name, key in SCREEN_KEYS.items():
            await press(app, pilot, key)
            assert name == app.frame_screen.NAME and not app.frame_screen.is_on_map
            before = session.trainer.step_count, session.microscope.at
            await press(app, pilot, "right")
            assert (session.trainer.step_count, session.microscope.at) != before, name
            await press(app, pilot, "left")
            assert (session.trainer.step_count, session.microscope.at) == before
        assert app.focused is None  # on the loss surface, which is a map alone


async def test_on_a_map_all_four_arrows_move_the_cursor_and_comma_and_stop_step():
    async with running(SMALL, (80, 24)) as (app, pilot):
        for key, map_id in (("1", "output"), ("3", "region-map")):
            await press(app, pilot, key)
            app.screen.query_one(f"#{map_id}", Pane).focus()
            await settled(pilot)
            step = app.session.trainer.step_count
            for arrow, axis, sign in (
                ("right", 0, 1),
                ("left", 0, -1),
                ("up", 1, 1),
                ("down", 1, -1),
            ):
                before = app.session.selection.cursor
                await press(app, pilot, arrow)
                moved = np.sign(app.session.selection.cursor - before)
                assert moved[axis] == sign and moved[1 - axis] == 0, (map_id, arrow)
            assert app.session.trainer.step_count == step
            await press(app, pilot, "full_stop", "full_stop", "comma")
            assert app.session.trainer.step_count == step + 1
            await press(app, pilot, "shift+right")
            assert app.session.trainer.step_count == step + 11


async def test_esc_goes_one_level_up_the_innermost_first():
    async with running(SMALL, (80, 24)) as (app, pilot):
        await press(app, pilot, "3", "slash", *"data", "enter", "tab", "tab", "tab", "w", "z")
        screen, selection = app.frame_screen, app.session.selection
        while not screen.is_on_map:
            await press(app, pilot, "tab")
        state = [lambda: selection.is_walking, lambda: bool(selection.region_filter),
                 lambda: screen.is_zoomed, lambda: screen.is_on_map]  # fmt: skip
        for level in range(len(state) + 2):  # and at the end nothing more
            assert [on() for on in state] == [at >= level for at in range(len(state))]
            await press(app, pilot, "escape")
        assert app.focused.id == "region-table"
        await press(app, pilot, "vertical_line", "z")
        for on_it, zoomed in ((True, True), (True, False), (False, False)):
            assert (app.frame_screen.NAME == "compare") == on_it
            assert app.frame_screen.is_zoomed == zoomed
            await press(app, pilot, "escape")


async def test_the_focus_is_off_the_map_where_the_usual_pane_has_nothing_to_show():
    curved = Experiment("xor", hidden=(3,), activation="tanh")
    async with running(curved, (80, 24)) as (app, pilot):
        await press(app, pilot, "3")
        assert app.focused.id == "region-detail"


async def test_on_the_loss_surface_enter_explains_although_no_pane_has_the_focus(monkeypatch):
    monkeypatch.setattr("tui.session.loss_surface.tracker.PAUSE", 0.0)
    async with running(SMALL, (80, 24)) as (app, pilot):
        app.session.time.step(3)
        await press(app, pilot, "S")
        for _ in range(3):
            app.screen.look_again()
            wait_for_surface(app.session.surface)
            await settled(pilot)
        app.screen.look_again()
        await settled(pilot)
        await press(app, pilot, "enter")
        assert app.screen is not app.frame_screen
        await press(app, pilot, "escape", "tab")
        assert app.frame_screen.is_on_map
        await press(app, pilot, "escape")
        assert app.focused is None and app.frame_screen.NAME == "surface"


def test_a_key_of_another_screen_says_where_it_lives():
    assert places_of("L", ACTIONS)[0] == "L link is on 5 GLM"
    assert places_of("a", ACTIONS)[1] == "a is on 1 Explore, 4 Linear and 5 GLM"
    assert places_of("p", ACTIONS)[0] == "p plane is on S Surface"
    assert places_of("f12", ACTIONS) == places_of("space", ACTIONS) == ()
    assert all(action.brief for action in ACTIONS if action.screens)


@pytest.mark.parametrize("screen", TITLES)
def test_every_key_of_the_table_does_something_on_a_screen_or_says_where(screen):
    here = {key for action in actions_on(screen, ACTIONS) for key in action.keys}
    for key in {key for action in ACTIONS for key in action.keys} - here:
        assert all(" is on " in form for form in places_of(key, ACTIONS)), key


async def test_a_key_without_a_meaning_here_says_so_and_one_without_any_is_silent():
    async with running(SMALL, (80, 24)) as (app, pilot):
        await press(app, pilot, "L")
        assert text(app).splitlines()[-1].split("  ")[0] == " L link is on 5 GLM"
        await press(app, pilot, "f12")
        assert app.message == ""
        await press(app, pilot, "ctrl+z")
        assert app.message == "this terminal has no shell to go back to"


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
async def test_the_key_bar_ends_with_help_at_every_width_and_begins_with_what_matters(size):
    async with running(SMALL, size) as (app, pilot):
        await press(app, pilot, "tab")
        row = text(app).splitlines()[-1]
        assert row.startswith(" space play  ← ↑ ↓ → cursor  , . step") and row.endswith("? help")
        await press(app, pilot, "z")
        assert "zoomed: z or esc" in text(app)
        app.tell("word " * 30)
        await settled(pilot)
        assert text(app).splitlines()[-1].endswith(" ? help")
    assert all(ids.endswith(" keys") for ids in BARS.values())


async def test_the_largest_gradient_is_selected_and_enter_explains_it():
    async with running(SMALL, (80, 24)) as (app, pilot):
        await press(app, pilot, "n", "tab", "K")
        frame = app.session.frame("explore")
        (layer, unit), weight = frame.unit, app.session.selection.weight
        gradient = frame.batch.gradient
        index = int(np.argmax(np.abs(gradient)))
        matrix = np.zeros_like(gradient)
        matrix[index] = 1.0
        parts = frame.network.with_parameters(matrix).matrices
        assert np.argwhere(parts[layer - 1]).tolist() == [[unit, weight]]
        assert app.focused.id == "network" and "is the largest" in app.message
        await press(app, pilot, "enter")
        assert "∂C/∂" in text(app) and app.screen is not app.frame_screen


async def test_a_clicker_with_page_keys_can_be_given_the_steps(tmp_path):
    path = tmp_path / "config.toml"
    path.write_text('[keys]\non = ["right", ".", "pagedown"]\nback = ["left", ",", "pageup"]\n'
                    'example_on = "f4"\nexample_back = "f6"\n', encoding="utf-8")  # fmt: skip
    async with running(SMALL, keys=load(path).keys) as (app, pilot):
        await press(app, pilot, "pagedown", "pagedown", "pageup")
        assert app.session.trainer.step_count == 1


def test_keys_of_this_table_are_written_as_everywhere():
    assert (SHOWN["on"], SHOWN["back"], SHOWN["example_on"]) == ("→ .", "← ,", "PgDn")
    assert BY_ID["keys"].keys == ("question_mark",) and BY_ID["predict"].keys == ("Q",)
