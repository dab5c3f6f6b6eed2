"""The app driven by its keys: every key of the table does what the table says."""

import re
from dataclasses import replace

import numpy as np
import pytest
from frames import framed
from screen import press, running, settled, text
from textual.widgets import Input

from engine import Experiment, Trainer, backpropagate
from engine.training.batches import BatchState
from tui.actions.action import action_of, actions_on
from tui.actions.screen_keys import BARS, SCREENS
from tui.commands.keys import ACTIONS, BY_ID
from tui.commands.offers.settings import settings as offered_settings
from tui.experiments.library import built_in
from tui.panes.explore.layers import LayersPane

CIRCLE = built_in("circle")
SMALL = Experiment(dataset="xor", hidden=(3,), activation="tanh", seed=1)


async def test_time_keys_step_both_ways_and_the_numbers_are_the_engine_s():
    reference = Trainer(CIRCLE)
    async with running(CIRCLE) as (app, pilot):
        for keys, step in [
            (["right"], 1),
            (["shift+right"], 11),
            (["n"], 25),
            (["right", "n"], 50),
            (["left"], 49),
            (["N"], 25),
            (["N"], 0),
            (["left"], 0),
            (["end"], 50),
            (["shift+left"], 40),
            (["home"], 0),
        ]:
            await press(app, pilot, *keys)
            assert app.session.trainer.step_count == step
            expected = reference.seek(step).network.parameters
            assert np.array_equal(framed(app.session).network.parameters, expected)


async def test_epoch_keys_land_where_an_epoch_begins_whatever_the_batch_sizes_were():
    async with running(CIRCLE) as (app, pilot):
        app.seek(22)
        app.change(batch_size=100)
        await press(app, pilot, "n")
        assert app.session.trainer.state.batches == BatchState(1, 0)
        await press(app, pilot, "n", "right", "N")
        assert app.session.trainer.state.batches == BatchState(2, 0)
        await press(app, pilot, "N", "N")
        assert app.session.trainer.step_count == 0


async def test_space_plays_and_pauses_and_ticks_train_only_while_playing():
    async with running(CIRCLE) as (app, pilot):
        app.tick()
        assert app.session.trainer.step_count == 0
        await press(app, pilot, "space")
        for _ in range(9):
            app.tick()
        assert "► max" in text(app)
        assert app.session.trainer.step_count > 50
        await press(app, pilot, "space")
        step = app.session.trainer.step_count
        app.tick()
        assert app.session.trainer.step_count == step
        assert "paused" in text(app)


async def test_keys_work_while_training_plays():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "space", "pagedown", "tab", "down")
        assert app.session.time.playing
        assert app.session.selection.example == app.session.prepared.dataset.train[0] + 1
        await press(app, pilot, "comma")
        assert not app.session.time.playing


async def test_the_learning_rate_is_an_event_that_applies_at_once_and_can_be_undone():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "shift+right", "left_square_bracket")
        assert app.session.experiment.learning_rate == 0.015
        assert "η 0.015" in text(app)
        await press(app, pilot, "right_square_bracket", "u")
        assert app.session.experiment.learning_rate == 0.015
        await press(app, pilot, "right", "u")
        assert app.session.experiment.learning_rate == 0.03
        assert app.session.trainer.step_count == 10
        await press(app, pilot, "u")
        assert app.session.trainer.step_count == 10


async def test_an_event_in_the_past_keeps_the_old_future_as_a_ghost():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "n", "n", "N", "right_square_bracket", "n")
        (ghost,) = framed(app.session).ghosts
        assert ghost.steps[-1] > 25
        assert re.search("before (step )?25 ", text(app))


async def test_restart_repeats_the_start_and_shift_r_draws_another():
    async with running(CIRCLE) as (app, pilot):
        start = app.session.trainer.network.parameters
        await press(app, pilot, "n", "r")
        assert app.session.trainer.step_count == 0
        assert np.array_equal(app.session.trainer.network.parameters, start)
        data = app.session.prepared.dataset.X
        await press(app, pilot, "n", "R")
        assert not np.array_equal(app.session.trainer.network.parameters, start)
        assert np.array_equal(app.session.prepared.dataset.X, data)
        assert len(framed(app.session).ghosts) == 2


async def test_the_layers_table_shows_the_selected_example_and_the_next_batch():
    async with running(SMALL, (120, 40)) as (app, pilot):
        await press(app, pilot, "n", "g", "1", "7", "enter")
        assert "example 17 of 500" in text(app)
        frame = framed(app.session)
        prepared = app.session.prepared
        one = backpropagate(
            frame.network, prepared.inputs[[16]], prepared.targets[[16]], "quadratic"
        )
        np.testing.assert_allclose(frame.shown.deltas[0], one.deltas[0], rtol=1e-13)
        rows = prepared.dataset.train[app.session.trainer.next_rows()]
        batch = backpropagate(
            frame.network, prepared.inputs[rows], prepared.targets[rows], "quadratic"
        )
        np.testing.assert_allclose(frame.batch.gradient, batch.gradient, rtol=1e-13)
        step = frame.network.parameters - 0.03 * batch.gradient
        await press(app, pilot, "right")
        after = app.session.trainer.network.parameters
        assert np.abs(after - step).max() < 1e-15


@pytest.mark.parametrize(
    ("keys", "typed", "says"),
    [
        ("g", "0", "0: type 1 to 500"),
        ("g", "501", "501: type 1 to 500"),
        ("g", "", "nothing: type 1 to 500"),
        ("G", "20026", "20026: type 0 to 20 025"),
    ],
)
async def test_a_wrong_number_is_explained_and_nothing_moves(keys, typed, says):
    async with running(SMALL) as (app, pilot):
        await press(app, pilot, "n", keys)
        app.screen.query_one(Input).value = typed
        await press(app, pilot, "enter")
        assert says in text(app)
        await press(app, pilot, "escape")
        assert app.session.trainer.step_count == 25


async def test_keys_typed_into_a_field_do_nothing_else():
    async with running(SMALL) as (app, pilot):
        await press(app, pilot, "n", "G", "r", "space", "n", "1", "2", "enter")
        assert app.session.trainer.step_count == 12


async def test_a_diverging_run_stops_says_where_and_goes_back():
    experiment = replace(built_in("reg-plane"), output="identity", learning_rate=1000.0)
    async with running(experiment) as (app, pilot):
        await press(app, pilot, "space")
        for _ in range(200):
            app.tick()
        found = app.session.trainer.divergence
        assert found is not None
        assert not app.session.time.playing
        await settled(pilot)
        assert "not finite: η is too large" in text(app)
        assert f" step {found.step} " in text(app)
        await press(app, pilot, "left")
        assert app.session.trainer.step_count == found.step - 1
        assert np.isfinite(framed(app.session).cost)
        assert "diverged" not in text(app)
        for _ in range(30):
            await press(app, pilot, "left_square_bracket")
        await press(app, pilot, "shift+right")
        assert app.session.trainer.step_count == found.step + 9


async def test_no_setting_of_the_palette_changes_a_run_that_has_diverged_and_each_says_why():
    experiment = replace(built_in("reg-plane"), output="identity", learning_rate=1000.0)
    async with running(experiment) as (app, pilot):
        app.session.time.step(200)
        assert app.session.trainer.divergence is not None
        names = ("optimizer", "batch size", "L1", "L2")
        settings = [
            one
            for one in offered_settings(app)
            if one.title.split(":")[0] in names
            and "as it is now" not in one.note
            and not one.title.endswith("type it")
        ]
        assert len(settings) > len(names)
        said = 0
        for one in settings:
            app.message = ""
            one.run()
            await settled(pilot)
            said += "go back before" in app.message
        assert said == len(settings)
        assert app.session.trainer.history.events == []


async def test_dead_and_saturated_units_are_named():
    dead = Trainer(Experiment(hidden=(3,))).network
    dead.parameters.flags.writeable = True
    dead.biases[0].flags.writeable = True
    dead.biases[0][1] = -1e3
    for weights, activation, says in (
        (dead, "relu", "dead: a⁽¹⁾₂"),
        (dead, "tanh", "saturated: a⁽¹⁾₂"),
    ):
        experiment = Experiment(
            hidden=(3,),
            activation=activation,
            weights=[w.tolist() for w in weights.weights],
            biases=[b.tolist() for b in weights.biases],
        )
        async with running(experiment) as (app, pilot):
            await press(app, pilot, "pagedown")
            assert says in text(app)


async def test_zoom_fills_the_screen_and_comes_back():
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "tab", "tab")
        assert isinstance(app.focused, LayersPane)
        before = text(app)
        await press(app, pilot, "z")
        assert app.screen.query_one(LayersPane).size.height > 30
        assert "Network" not in text(app)
        await press(app, pilot, "z")
        assert text(app) == before


async def test_a_click_on_the_map_moves_the_cursor_there():
    async with running(CIRCLE) as (app, pilot):
        cursor = app.session.selection.cursor
        await pilot.click("#output", offset=(12, 5))
        await settled(pilot)
        assert not np.array_equal(app.session.selection.cursor, cursor)


@pytest.mark.parametrize("width", [80, 120])
async def test_a_click_on_the_name_of_a_screen_goes_there(width):
    async with running(CIRCLE, (width, 30)) as (app, pilot):
        for name, title in [("regions", "3 Regions"), ("glm", "5 GLM"), ("explore", "1 Explore")]:
            x = text(app).splitlines()[0].index(title)
            await pilot.click(offset=(x, 0))
            await settled(pilot)
            assert app.frame_screen.name == name


async def test_a_screenshot_never_overwrites_another(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    async with running(CIRCLE) as (app, pilot):
        await press(app, pilot, "right", "f2", "enter", "f2", "enter")
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["nn-explore-circle-step-1-2.svg", "nn-explore-circle-step-1.svg"]


async def test_more_inputs_than_two_offer_other_planes():
    async with running(built_in("mtcars")) as (app, pilot):
        assert "Output ŷ(wt, cyl)" in text(app)
        await press(app, pilot, "p")
        assert "Output ŷ(wt, disp)" in text(app)


async def test_the_terminal_may_change_its_size_at_any_time():
    async with running(CIRCLE) as (app, pilot):
        for size in ((80, 24), (50, 10), (200, 60), (60, 20), (120, 40)):
            await pilot.resize_terminal(*size)
            await settled(pilot)
            assert ("needs 60×20" in text(app)) == (size == (50, 10))


@pytest.mark.parametrize("screen", [*SCREENS])
def test_on_no_screen_do_two_actions_share_a_key_and_each_has_help(screen):
    actions = actions_on(screen, ACTIONS)
    keys = [key for action in actions for key in action.keys if not action.on_map]
    assert len(keys) == len(set(keys))
    assert all(action.help and action.shown for action in actions)
    assert all(action_of(key, screen, ACTIONS) in actions for key in keys)


def test_an_action_of_one_screen_takes_its_keys_from_those_of_all_and_loses_no_other():
    for screen in SCREENS:
        for action in set(ACTIONS) - set(actions_on(screen, ACTIONS)):
            if action.is_for(screen) and not action.on_stage:
                assert all(action_of(key, screen, ACTIONS).screens for key in action.keys)
    assert action_of("right", "explore", ACTIONS).id == "on"
    assert action_of("right", "backprop", ACTIONS).id == "microstep_on"
    assert action_of("right", "backprop", ACTIONS, on_map=True, on_stage=True).id == "scene_on"
    assert action_of("f", "glm", ACTIONS).id == "family"
    assert action_of("f", "explore", ACTIONS).id == "freeze"
    assert action_of("f", "linear", ACTIONS) is None


@pytest.mark.parametrize("screen", ["explore", "backprop", "regions", "glm", "compare", "surface"])
async def test_every_action_finds_what_it_does(screen, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    own = [
        a
        for a in actions_on(screen, ACTIONS)
        if a.id not in ("quit", "suspend") and (screen == "explore" or a.screens)
    ]
    async with running(SMALL, (80, 24)) as (app, pilot):
        app.show_screen(screen)
        await settled(pilot)
        for action in own:
            app.draft.shown = False
            app.open(SMALL)
            app.show_screen(screen)
            if app.frame_screen.place["zoomed"]:
                app.frame_screen.toggle_zoom()
            app.frame_screen.focus_home()  # each finds the screen as it is at first
            await settled(pilot)
            app.action_act(action.id)  # what raises but an EngineError fails here
            await settled(pilot)
            assert app.is_running, action.id
            while app.screen is not app.frame_screen:
                app.pop_screen()


def test_the_key_bars_name_actions_of_their_screens_with_a_word():
    for screen, ids in BARS.items():
        assert all(
            BY_ID[id] in actions_on(screen, ACTIONS) and BY_ID[id].brief
            for id in ids.replace("/", " ").split()
        )
