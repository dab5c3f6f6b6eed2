"""A key means one thing on a screen: time, space, one level up; elsewhere it says where it lives."""

from collections import Counter

import numpy as np
import pytest
from screen import press, running, settled, text

from engine import Experiment
from tui.actions.action import action_of, actions_on
from tui.actions.other_screens import places_of
from tui.actions.screen_keys import BARS, TITLES
from tui.commands.keys import ACTIONS, BY_ID, SHOWN
from tui.config import load
from tui.experiments.library import built_in
from tui.panes.base.pane import Pane

CIRCLE = built_in("circle")
SCREEN_KEYS = {"explore": "1", "backprop": "2", "regions": "3", "linear": "4", "glm": "5",
               "compare": "vertical_line", "surface": "S"}  # fmt: skip
RELU = Experiment("circle", hidden=(4,), activation="relu")


@pytest.mark.parametrize("on_map", [False, True])
@pytest.mark.parametrize("screen", TITLES)
def test_no_key_has_two_meanings_on_a_screen_whatever_has_the_focus(screen, on_map):
    """Of the actions with a key the most special one counts: of the map, else of the screen."""
    for key in {key for action in ACTIONS for key in action.keys}:
        having_it = [a for a in ACTIONS if key in a.keys and a.is_for(screen)]
        ranks = Counter((a.on_map, bool(a.screens)) for a in having_it if a.on_map <= on_map)
        if ranks:
            assert ranks[max(ranks)] == 1, key
            assert action_of(key, screen, ACTIONS, on_map) in having_it


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


async def test_a_clicker_s_arrows_step_on_every_screen_as_it_opens():
    async with running(CIRCLE) as (app, pilot):
        for name, key in SCREEN_KEYS.items():
            await press(app, pilot, key)
            assert name == app.frame_screen.NAME
            before = app.session.trainer.step_count, app.session.microscope.at
            await press(app, pilot, "right")
            there = app.session.trainer.step_count, app.session.microscope.at
            assert there != before, name
            await press(app, pilot, "left")
            assert (app.session.trainer.step_count, app.session.microscope.at) == before
            if name in ("compare", "surface"):
                await press(app, pilot, "escape")


async def test_on_a_map_all_four_arrows_move_the_cursor_and_comma_and_stop_step():
    async with running(CIRCLE) as (app, pilot):
        for key, map_id in (("1", "output"), ("3", "region-map"), ("5", "glm-fit")):
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
    async with running(RELU) as (app, pilot):
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


async def test_the_focus_opens_off_the_map_also_where_the_usual_pane_has_nothing_to_show():
    for experiment, size in ((CIRCLE, (120, 40)), (CIRCLE, (80, 24)), (built_in("iris"), (80, 24)),
                             (Experiment("circle", activation="tanh"), (60, 20))):  # fmt: skip
        async with running(experiment, size) as (app, pilot):
            for key in SCREEN_KEYS.values():
                await press(app, pilot, key)
                assert not app.frame_screen.is_on_map, (experiment.dataset, size, key)


async def test_on_the_loss_surface_enter_explains_before_and_after_the_map_has_the_focus():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "shift+right", "S")
        assert app.focused is None
        app.session.surface._job.join()
        app.screen.look_again()
        await press(app, pilot, "enter")
        assert app.screen is not app.frame_screen
        await press(app, pilot, "escape", "tab")
        assert app.focused.id == "surface"


def test_a_key_of_another_screen_says_where_it_lives():
    assert places_of("s", ACTIONS)[0] == "s solve is on 4 Linear"
    assert places_of("a", ACTIONS)[1] == "a is on 1 Explore, 4 Linear and 5 GLM"
    assert places_of("p", ACTIONS)[0] == "p plane is on S Surface"
    assert places_of("f12", ACTIONS) == places_of("space", ACTIONS) == ()
    assert all(action.brief for action in ACTIONS if action.screens)


async def test_a_key_without_a_meaning_here_says_so_and_one_without_any_is_silent():
    async with running(CIRCLE, (80, 24)) as (app, pilot):
        await press(app, pilot, "s")
        assert app.message == "s solve is on 4 Linear"
        await press(app, pilot, "f12")
        assert app.message == ""
        for screen in TITLES:
            app.show_screen(screen)
            await settled(pilot)
            here = {key for action in actions_on(screen, ACTIONS) for key in action.keys}
            for key in {key for a in ACTIONS for key in a.keys} - here:
                await press(app, pilot, key)
                shown = text(app).splitlines()[-1]
                assert " is on " in shown and shown.endswith("? help"), (screen, key)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (100, 30), (120, 40)])
async def test_the_key_bar_ends_with_help_at_every_width_and_begins_with_what_matters(size):
    async with running(CIRCLE, size) as (app, pilot):
        for screen, ids in BARS.items():
            app.show_screen(screen)
            app.end_tour()
            app.show_message()
            await settled(pilot)
            row = text(app).splitlines()[-1]
            assert row.endswith("? help"), row
            assert ids.endswith(" keys")
        await press(app, pilot, "1", "tab")
        assert "← ↑ ↓ → cursor" in text(app).splitlines()[-1]
        await press(app, pilot, "z")
        assert "zoomed: z or esc" in text(app)


async def test_help_and_the_palette_have_a_row_for_every_action_of_a_screen():
    async with running(CIRCLE) as (app, pilot):
        for screen in TITLES:
            app.show_screen(screen)
            await settled(pilot)
            titles = [command.title for command in app.get_system_commands(app.screen)]
            await press(app, pilot, "question_mark")
            page = app.screen.text
            await press(app, pilot, "escape")
            for action in actions_on(screen, ACTIONS):
                assert any(action.help in title for title in titles) or action.id == "commands"
                assert f"{action.shown} " in page and action.help in page, action.id


async def test_the_largest_gradient_is_selected_and_enter_explains_it():
    async with running(CIRCLE) as (app, pilot):
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
                    'example_on = "f4"\nexample_back = "f3"\n', encoding="utf-8")  # fmt: skip
    async with running(CIRCLE, keys=load(path).keys) as (app, pilot):
        await press(app, pilot, "pagedown", "pagedown", "pageup")
        assert app.session.trainer.step_count == 1


async def test_without_a_shell_ctrl_z_says_so():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "ctrl+z")
        assert app.message == "this terminal has no shell to go back to"


def test_keys_of_this_table_are_written_as_everywhere():
    assert (SHOWN["on"], SHOWN["back"], SHOWN["example_on"]) == ("→ .", "← ,", "PgDn")
    assert BY_ID["keys"].keys == ("question_mark",) and BY_ID["predict"].keys == ("Q",)
